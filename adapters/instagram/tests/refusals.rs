//! Goal: a refusal is told apart from finding nothing, and from every other refusal, by both readers.

use scout_instagram::Instagram;
use scout_sdk::testing::{answer, answer_with, query, typed};
use scout_sdk::{Fault, Platform, Response};

fn fault(response: &Response) -> Option<Fault> {
    let search = Instagram::read_search(&query("yoga"), None, response).err();
    let profiles = Instagram::read_profiles(&[typed("ana.example")], response).err();
    assert_eq!(search, profiles);
    search
}

fn check(status: u16, body: &str, expected: Fault) {
    assert_eq!(fault(&answer(status, body)), Some(expected), "{status} {body}");
}

#[test]
fn the_provider_s_refusals_have_their_fault() {
    check(
        402,
        r#"{"success":false,"message":"Looks like you're out of credits"}"#,
        Fault::OutOfCredit("HTTP 402: Looks like you're out of credits".into()),
    );
    check(500, include_str!("../fixtures/error-no-key.json"), Fault::Unauthorized("HTTP 500: apiKey is required".into()));
    check(401, "", Fault::Unauthorized("HTTP 401".into()));
    check(403, r#"{"success":false,"error":"forbidden","message":"No"}"#, Fault::Blocked("HTTP 403: No".into()));
    check(404, "<pre>Cannot GET /x</pre>", Fault::NotFound);
    check(500, include_str!("../fixtures/error-failed.json"), Fault::Unavailable("HTTP 500: Something went wrong".into()));
    check(400, r#"{"message":"page must be at most 11"}"#, Fault::Other("HTTP 400: page must be at most 11".into()));
}

#[test]
fn a_rate_limit_says_how_long_to_wait_where_it_does() {
    check(429, "Too many requests", Fault::RateLimited(None));
    assert_eq!(fault(&answer_with(429, &[("retry-after", "12")], "")), Some(Fault::RateLimited(Some(12))));
}

#[test]
fn a_success_without_json_is_malformed() {
    check(200, "", Fault::Malformed("the body is empty".into()));
    check(200, r#"{"data":{"user":{"id":"1"#, Fault::Malformed("the JSON is cut off after 24 bytes".into()));
}

#[test]
fn a_search_that_is_refused_with_200_is_not_an_empty_page() {
    let search = |body: &str| Instagram::read_search(&query("yoga"), None, &answer(200, body)).err();
    assert_eq!(search(include_str!("../fixtures/error-no-key.json")), Some(Fault::Unauthorized("HTTP 200: apiKey is required".into())));
    assert_eq!(search(include_str!("../fixtures/husk-not-found.json")), Some(Fault::NotFound));
    assert_eq!(search(include_str!("../fixtures/error-failed.json")), Some(Fault::Other("HTTP 200: Something went wrong".into())));
}
