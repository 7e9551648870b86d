//! Goal: what went wrong is told apart from finding nobody, and by its reason.

use scout_dailymotion::Dailymotion;
use scout_sdk::testing::{answer, answer_with, query, query_with, refused};
use scout_sdk::{Fault, Platform};

const RATE_LIMITED: &str = include_str!("../fixtures/error-rate-limited.json");

fn typed(status: u16, kind: &str) -> Fault {
    refused::<Dailymotion>(status, &format!(r#"{{"error":{{"code":{status},"message":"why","type":"{kind}"}}}}"#))
}

#[test]
fn an_error_is_told_by_its_type() {
    let text = |status: u16| format!("HTTP {status}: why");
    assert_eq!(typed(400, "invalid_token"), Fault::Unauthorized(text(400)));
    assert_eq!(typed(403, "insufficient_scope"), Fault::Unauthorized(text(403)));
    assert_eq!(typed(403, "access_forbidden"), Fault::Blocked(text(403)));
    assert_eq!(typed(400, "not_found"), Fault::NotFound);
    assert_eq!(typed(403, "something_new"), Fault::Blocked(text(403)), "the status tells what the type does not");
    assert_eq!(typed(500, "something_new"), Fault::Unavailable(text(500)));
}

#[test]
fn a_limit_is_one_also_where_the_status_says_forbidden() {
    assert_eq!(refused::<Dailymotion>(403, RATE_LIMITED), Fault::RateLimited(None));
    let limited = Dailymotion::read_search(&query("pottery"), None, &answer_with(403, &[("retry-after", "9")], RATE_LIMITED));
    assert_eq!(limited, Err(Fault::RateLimited(Some(9))));
    assert_eq!(refused::<Dailymotion>(429, ""), Fault::RateLimited(None));
}

#[test]
fn a_field_that_is_no_longer_known_is_unsupported_and_named() {
    let fault = refused::<Dailymotion>(400, include_str!("../fixtures/error-field.json"));
    assert!(matches!(&fault, Fault::Unsupported(text) if text.contains("owner.shoe_size")), "{fault:?}");
}

#[test]
fn an_error_that_says_that_all_is_well_is_still_an_error() {
    assert_eq!(refused::<Dailymotion>(200, RATE_LIMITED), Fault::RateLimited(None));
    assert_eq!(typed(200, "something_new"), Fault::Other("HTTP 200: why".into()));
}

#[test]
fn an_error_without_words_is_told_by_its_status() {
    assert_eq!(refused::<Dailymotion>(401, ""), Fault::Unauthorized("HTTP 401".into()));
    assert_eq!(refused::<Dailymotion>(402, "{}"), Fault::OutOfCredit("HTTP 402".into()));
    assert_eq!(refused::<Dailymotion>(403, "<title>Access Denied</title>"), Fault::Blocked("HTTP 403: Access Denied".into()));
    assert_eq!(refused::<Dailymotion>(503, r#"{"error":"down"}"#), Fault::Unavailable("HTTP 503: down".into()));
}

#[test]
fn an_answer_of_another_shape_names_what_is_missing() {
    for body in ["{}", r#"{"list":null}"#, r#"{"page":1,"has_more":false}"#, r#"{"list":{"id":"x"}}"#] {
        assert_eq!(refused::<Dailymotion>(200, body), Fault::Malformed("`list` is missing".into()), "{body}");
    }
    let body = r#"{"list":[{"title":"t"},{"owner.username":"ana"}]}"#;
    assert_eq!(refused::<Dailymotion>(200, body), Fault::Malformed("`list[].owner.id` is missing".into()));
    let users =
        Dailymotion::read_search(&query_with("pottery", &[("find", "users")]), None, &answer(200, r#"{"list":[{"owner.id":"x"}]}"#));
    assert_eq!(users, Err(Fault::Malformed("`list[].id` is missing".into())));
}

#[test]
fn a_body_that_is_no_json_is_malformed() {
    assert_eq!(refused::<Dailymotion>(200, ""), Fault::Malformed("the body is empty".into()));
    assert!(
        matches!(refused::<Dailymotion>(200, "<html><title>Just a moment</title></html>"), Fault::Malformed(text) if text.contains("Just a moment"))
    );
}
