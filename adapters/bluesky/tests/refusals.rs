//! Goal: nothing found, not now, not allowed, not paid and a changed shape are told apart, and none looks like another.

use scout_bluesky::Bluesky;
use scout_sdk::testing::{answer, answer_with, query, refused};
use scout_sdk::{Fault, Page, Platform};

const SEARCH: &str = include_str!("../fixtures/search.json");

fn read(body: &str) -> Result<Page, Fault> {
    Bluesky::read_search(&query("yoga"), None, &answer(200, body))
}

#[test]
fn an_answer_without_actors_names_what_is_missing() {
    for body in ["{}", r#"{"actors":null}"#, r#"{"feed":[],"cursor":"x"}"#, "[]", r#"[{"did":"did:plc:a"}]"#] {
        assert_eq!(read(body), Err(Fault::Malformed("`actors` is missing".into())), "{body}");
    }
}

#[test]
fn rows_that_all_lack_an_id_are_a_changed_shape_and_not_an_empty_page() {
    let body = r#"{"actors":[{"handle":"a.test"},{"handle":"b.test"}]}"#;
    assert_eq!(read(body), Err(Fault::Malformed("`actors[].did` is missing".into())));
}

#[test]
fn a_rate_limit_tells_how_long_to_wait_by_the_answer_s_own_date() {
    let headers = [("date", "Tue, 07 Jan 2025 18:23:09 GMT"), ("ratelimit-reset", "1736274249")];
    let body = include_str!("../fixtures/error-rate-limited.json");
    let limited = |headers: &[_]| Bluesky::read_search(&query("yoga"), None, &answer_with(429, headers, body));
    assert_eq!(limited(&headers), Err(Fault::RateLimited(Some(60))));
    assert_eq!(limited(&headers[1..]), Err(Fault::RateLimited(None)), "without a date the moment says nothing");
    assert_eq!(limited(&[("retry-after", "7")]), Err(Fault::RateLimited(Some(7))));
}

#[test]
fn an_error_is_told_by_its_name() {
    let fault = |name: &str| refused::<Bluesky>(400, &format!(r#"{{"error":"{name}","message":"why"}}"#));
    let text = || "HTTP 400: why".to_owned();
    assert_eq!(fault("RateLimitExceeded"), Fault::RateLimited(None));
    assert_eq!(fault("ExpiredToken"), Fault::Unauthorized(text()));
    assert_eq!(fault("UpstreamFailure"), Fault::Unavailable(text()));
    assert_eq!(fault("MethodNotImplemented"), Fault::Unsupported(text()));
    assert_eq!(fault("AccountDeactivated"), Fault::NotFound);
    assert_eq!(fault("InvalidRequest"), Fault::Other(text()));
    assert_eq!(fault("SomethingNew"), Fault::Other(text()));
}

#[test]
fn an_error_that_says_that_all_is_well_is_still_an_error() {
    assert_eq!(read(include_str!("../fixtures/error-rate-limited.json")), Err(Fault::RateLimited(None)));
    assert_eq!(read(r#"{"error":"SomethingNew","message":"why"}"#), Err(Fault::Other("HTTP 200: why".into())));
}

#[test]
fn an_error_without_a_known_name_is_told_by_its_status() {
    assert_eq!(refused::<Bluesky>(401, ""), Fault::Unauthorized("HTTP 401".into()));
    assert_eq!(
        refused::<Bluesky>(402, r#"{"error":"PaymentRequired","message":"Out of credit"}"#),
        Fault::OutOfCredit("HTTP 402: Out of credit".into())
    );
    assert_eq!(refused::<Bluesky>(403, "<html><title>403 Forbidden</title></html>"), Fault::Blocked("HTTP 403: 403 Forbidden".into()));
    assert_eq!(refused::<Bluesky>(404, r#"{"error":"XRPC","message":"no"}"#), Fault::NotFound);
    assert_eq!(refused::<Bluesky>(502, "<html><title>Bad Gateway</title></html>"), Fault::Unavailable("HTTP 502: Bad Gateway".into()));
}

#[test]
fn a_body_that_is_no_json_is_malformed() {
    assert_eq!(read(""), Err(Fault::Malformed("the body is empty".into())));
    assert!(matches!(read("<html><title>Just a moment</title></html>"), Err(Fault::Malformed(text)) if text.contains("Just a moment")));
    assert!(matches!(read(&SEARCH[..900]), Err(Fault::Malformed(text)) if text.contains("cut off after 900 bytes")));
}
