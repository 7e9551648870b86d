//! Goal: a refusal is told apart from finding nothing, and from every other refusal.

use scout_sdk::testing::{answer, answer_with, query, typed};
use scout_sdk::{Absence, Fault, Outcome, Platform, Response};
use scout_youtube::Youtube;

/// The fault of an answer, which must be the same for both readers.
fn fault(response: &Response) -> Option<Fault> {
    let search = Youtube::read_search(&query("yoga"), None, response).err();
    let profiles = Youtube::read_profiles(&[typed("anamoves")], response).err();
    assert_eq!(search, profiles);
    search
}

fn check(status: u16, body: &str, expected: Fault) {
    assert_eq!(fault(&answer(status, body)), Some(expected), "{status} {body}");
}

#[test]
fn no_credit_is_told_by_402() {
    let body = include_str!("../fixtures/error-out-of-credits.json");
    check(402, body, Fault::OutOfCredit("HTTP 402: Looks like you're out of credits :(".into()));
    check(402, "", Fault::OutOfCredit("HTTP 402".into()));
}

#[test]
fn a_missing_key_is_not_the_provider_s_failure() {
    check(500, include_str!("../fixtures/error-no-key.json"), Fault::Unauthorized("HTTP 500: apiKey is required".into()));
}

#[test]
fn a_wrong_key_is_told_by_401_or_by_the_message() {
    check(401, r#"{"success":false,"message":"nope"}"#, Fault::Unauthorized("HTTP 401: nope".into()));
    check(403, r#"{"message":"Invalid API key"}"#, Fault::Unauthorized("HTTP 403: Invalid API key".into()));
}

#[test]
fn a_refusal_for_other_reasons_is_a_block() {
    check(403, include_str!("../fixtures/error-forbidden.json"), Fault::Blocked("HTTP 403: This is not for everybody".into()));
}

#[test]
fn an_unknown_route_is_not_found_and_an_unknown_channel_is_missing() {
    check(404, include_str!("../fixtures/error-unknown-route.html"), Fault::NotFound);
    let nobody = answer(404, r#"{"success":false,"error":"not_found","errorStatus":404}"#);
    assert_eq!(Youtube::read_search(&query("yoga"), None, &nobody), Err(Fault::NotFound));
    let profiles = Youtube::read_profiles(&[typed("anamoves")], &nobody);
    assert_eq!(profiles.map(|read| read[0].outcome.clone()), Ok(Outcome::Empty(Absence::Missing)));
}

#[test]
fn a_rate_limit_says_how_long_to_wait_where_it_does() {
    check(429, "Too many requests", Fault::RateLimited(None));
    assert_eq!(fault(&answer_with(429, &[("retry-after", "12")], "")), Some(Fault::RateLimited(Some(12))));
    check(429, r#"{"message":"Too many requests for this API key"}"#, Fault::RateLimited(None));
}

#[test]
fn the_provider_s_failures_may_pass() {
    check(500, r#"{"success":false,"message":"Something went wrong"}"#, Fault::Unavailable("HTTP 500: Something went wrong".into()));
    check(502, "<html><head><title>502 Bad Gateway</title></head></html>", Fault::Unavailable("HTTP 502: 502 Bad Gateway".into()));
    check(503, "", Fault::Unavailable("HTTP 503".into()));
}

#[test]
fn a_bad_request_carries_the_provider_s_message() {
    check(400, r#"{"message":"You must provide a query"}"#, Fault::Other("HTTP 400: You must provide a query".into()));
}

#[test]
fn a_success_without_json_is_malformed() {
    check(200, "", Fault::Malformed("the body is empty".into()));
    check(200, "<html><title>Just a moment</title></html>", Fault::Malformed("the body is not JSON but HTML: Just a moment".into()));
    check(200, r#"{"channelId":"1"#, Fault::Malformed("the JSON is cut off after 15 bytes".into()));
    check(200, "[]", Fault::Malformed("the JSON is no object".into()));
}

#[test]
fn a_search_that_is_refused_with_200_is_not_an_empty_page() {
    let search = |body: &str| Youtube::read_search(&query("yoga"), None, &answer(200, body)).err();
    let key = search(include_str!("../fixtures/error-no-key.json"));
    assert_eq!(key, Some(Fault::Unauthorized("HTTP 200: apiKey is required".into())));
    assert!(matches!(search(include_str!("../fixtures/error-out-of-credits.json")), Some(Fault::OutOfCredit(_))));
    assert!(matches!(search(include_str!("../fixtures/error-forbidden.json")), Some(Fault::Blocked(_))));
}
