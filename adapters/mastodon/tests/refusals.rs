//! Goal: an instance's refusals are told apart, in whatever language they are written.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_mastodon::Mastodon;
use scout_sdk::testing::{answer_with, query, refused};
use scout_sdk::{Fault, Platform};

fn limited(headers: &[(&str, &str)]) -> Fault {
    let body = r#"{"error":"Too many requests"}"#;
    Mastodon::read_search(&query("yoga"), None, &answer_with(429, headers, body)).expect_err("it is refused")
}

const DATE: (&str, &str) = ("date", "Tue, 07 Jan 2025 18:23:09 GMT");

#[test]
fn a_rate_limit_says_when_it_ends_and_the_answer_s_own_date_how_long_that_is() {
    assert_eq!(limited(&[DATE, ("x-ratelimit-reset", "2025-01-07T18:25:00.123456Z")]), Fault::RateLimited(Some(111)));
    assert_eq!(limited(&[DATE, ("x-ratelimit-reset", "2025-01-07T18:23:00.000000Z")]), Fault::RateLimited(Some(0)));
}

#[test]
fn without_a_date_the_end_of_a_rate_limit_says_nothing() {
    assert_eq!(limited(&[("x-ratelimit-reset", "2025-01-07T18:25:00.000000Z")]), Fault::RateLimited(None));
    assert_eq!(limited(&[DATE]), Fault::RateLimited(None));
    assert_eq!(limited(&[DATE, ("x-ratelimit-reset", "soon")]), Fault::RateLimited(None));
    assert_eq!(limited(&[("retry-after", "7"), ("x-ratelimit-reset", "2025-01-07T18:25:00.000000Z")]), Fault::RateLimited(Some(7)));
}

#[test]
fn an_instance_that_wants_a_login_says_so_by_any_of_several_statuses() {
    for status in [400, 401, 403, 422] {
        let fault = refused::<Mastodon>(status, r#"{"error":"This method requires an authenticated user"}"#);
        assert_eq!(fault, Fault::Unauthorized(format!("HTTP {status}: This method requires an authenticated user")));
    }
    assert!(matches!(refused::<Mastodon>(401, r#"{"error":"The access token is invalid"}"#), Fault::Unauthorized(_)));
    assert!(matches!(refused::<Mastodon>(401, ""), Fault::Unauthorized(_)));
    assert!(matches!(refused::<Mastodon>(403, r#"{"error":"Invalid credentials."}"#), Fault::Unauthorized(_)));
}

#[test]
fn a_keyword_that_an_instance_can_t_validate_is_no_matter_of_a_login() {
    assert_eq!(refused::<Mastodon>(422, r#"{"error":"検証に失敗しました"}"#), Fault::Other("HTTP 422: 検証に失敗しました".into()));
    assert_eq!(refused::<Mastodon>(400, r#"{"error":"param is missing"}"#), Fault::Other("HTTP 400: param is missing".into()));
}

#[test]
fn an_endpoint_that_an_instance_does_not_have_is_unsupported_and_not_an_empty_page() {
    for body in [r#"{"error":"Record not found"}"#, r#"{"error":"Nicht gefunden"}"#, "<html><title>404</title></html>", ""] {
        assert!(
            matches!(refused::<Mastodon>(404, body), Fault::Unsupported(text) if text.contains("does not offer the endpoint")),
            "{body}"
        );
    }
    assert!(matches!(refused::<Mastodon>(410, ""), Fault::Unsupported(_)));
}

#[test]
fn a_block_and_an_outage_are_told_by_their_status() {
    assert_eq!(refused::<Mastodon>(403, "<html><title>Forbidden</title></html>"), Fault::Blocked("HTTP 403: Forbidden".into()));
    assert_eq!(refused::<Mastodon>(402, r#"{"error":"Pay first"}"#), Fault::OutOfCredit("HTTP 402: Pay first".into()));
    assert_eq!(
        refused::<Mastodon>(503, r#"{"error":"Remote data could not be fetched"}"#),
        Fault::Unavailable("HTTP 503: Remote data could not be fetched".into())
    );
    assert_eq!(refused::<Mastodon>(500, "<html><title>Oops</title></html>"), Fault::Unavailable("HTTP 500: Oops".into()));
}

#[test]
fn an_error_that_says_that_all_is_well_is_still_an_error() {
    assert_eq!(refused::<Mastodon>(200, r#"{"error":"Later"}"#), Fault::Other("HTTP 200: Later".into()));
    assert!(matches!(refused::<Mastodon>(200, r#"{"error":"The access token is invalid"}"#), Fault::Unauthorized(_)));
}
