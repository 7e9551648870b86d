//! Goal: each way to say no is told from the others, and none is taken for finding nobody.

#![allow(clippy::expect_used, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, answer_with, refusal};
use scout_sdk::{Fault, Response};
use scout_twitch::Twitch;

fn fault(response: Response) -> Fault {
    refusal::<Twitch>("1", &response).expect("it is refused")
}

#[test]
fn a_token_or_an_id_that_is_not_accepted_is_unauthorized() {
    let body = include_str!("../fixtures/error-unauthorized.json");
    assert_eq!(fault(answer(401, body)), Fault::Unauthorized("HTTP 401: Invalid OAuth token".into()));
    assert_eq!(fault(answer(401, "")), Fault::Unauthorized("HTTP 401".into()));
}

#[test]
fn a_missing_scope_is_about_credentials_and_a_page_that_forbids_is_not() {
    let body = include_str!("../fixtures/error-forbidden.json");
    assert_eq!(fault(answer(403, body)), Fault::Unauthorized("HTTP 403: Missing scope".into()));
    assert_eq!(fault(answer(403, "<html><title>Access denied</title></html>")), Fault::Blocked("HTTP 403: Access denied".into()));
}

#[test]
fn a_rate_limit_tells_how_long_to_wait_by_the_answer_s_own_date() {
    let headers = [("date", "Tue, 07 Jan 2025 18:23:09 GMT"), ("ratelimit-limit", "800"), ("ratelimit-reset", "1736274249")];
    let body = include_str!("../fixtures/error-rate-limited.json");
    assert_eq!(fault(answer_with(429, &headers, body)), Fault::RateLimited(Some(60)));
    assert_eq!(fault(answer_with(429, &headers[1..], body)), Fault::RateLimited(None), "without a date the moment says nothing");
}

#[test]
fn an_error_below_a_success_is_an_error_all_the_same() {
    let said = |status: &str| fault(answer(200, format!(r#"{{"error":"It failed","status":{status},"message":"why","data":null}}"#)));
    assert!(matches!(said("401"), Fault::Unauthorized(_)));
    assert!(matches!(said("403"), Fault::Unauthorized(_)));
    assert_eq!(said("429"), Fault::RateLimited(None));
    assert!(matches!(said("500"), Fault::Unavailable(_)));
    assert!(matches!(said("null"), Fault::Other(text) if text.ends_with("why")));
}

#[test]
fn other_refusals_are_told_by_their_status() {
    let bad = r#"{"error":"Bad Request","status":400,"message":"The parameter \"first\" was malformed"}"#;
    assert_eq!(fault(answer(400, bad)), Fault::Other("HTTP 400: The parameter \"first\" was malformed".into()));
    assert_eq!(fault(answer(404, "")), Fault::NotFound);
    assert_eq!(fault(answer(402, "")), Fault::OutOfCredit("HTTP 402".into()));
    assert_eq!(fault(answer(503, "<html><title>Down</title></html>")), Fault::Unavailable("HTTP 503: Down".into()));
}
