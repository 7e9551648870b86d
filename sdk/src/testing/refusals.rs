//! Answers that say no.

use crate::contract::{Absence, Fault, Outcome, Response};
use crate::platform::Platform;

use super::{answer, answer_with, outcome, query, typed};

/// Refusals that come with their own status or with 200.
const NO_KEY: &str = r#"{"success":false,"message":"apiKey is required"}"#;
const NO_CREDIT: &str = r#"{"success":false,"message":"Looks like you're out of credits :("}"#;
const FORBIDDEN: &str = r#"{"success":false,"error":"forbidden","errorStatus":403,"message":"This is not for everybody"}"#;
const NOBODY: &str = r#"{"success":false,"error":"not_found","errorStatus":404,"message":"No such account"}"#;

/// The fault of an answer, which is the same for a search and for the profile of whom `key` names.
///
/// # Panics
/// When the two readers differ.
#[track_caller]
pub fn refusal<P: Platform>(key: &str, response: &Response) -> Option<Fault> {
    let search = P::read_search(&query("yoga"), None, response).err();
    assert_eq!(search, P::read_profiles(&[typed(key)], response).err(), "a search and a profile are refused alike");
    search
}

/// The fault of a search's answer, for platforms whose profiles are not asked for.
///
/// # Panics
/// When the answer is a page.
#[track_caller]
pub fn refused<P: Platform>(status: u16, body: impl AsRef<[u8]>) -> Fault {
    P::read_search(&query("yoga"), None, &answer(status, body)).expect_err("it is refused")
}

/// A whole test of an adapter that asks a provider as [`crate::provider`] knows them: each refusal is told apart from finding
/// nothing and from every other refusal, in searches as well as in the profile of whom `key` names.
///
/// # Panics
/// When one is taken for something else.
pub fn provider_refusals<P: Platform>(key: &str) {
    let cases = [
        (402, NO_CREDIT, Fault::OutOfCredit("HTTP 402: Looks like you're out of credits :(".into())),
        (402, "", Fault::OutOfCredit("HTTP 402".into())),
        // A missing key is not the provider's failure.
        (500, NO_KEY, Fault::Unauthorized("HTTP 500: apiKey is required".into())),
        (401, r#"{"success":false,"message":"nope"}"#, Fault::Unauthorized("HTTP 401: nope".into())),
        (403, r#"{"message":"Invalid API key"}"#, Fault::Unauthorized("HTTP 403: Invalid API key".into())),
        (403, FORBIDDEN, Fault::Blocked("HTTP 403: This is not for everybody".into())),
        // Its server's page for a route that there is not, where nobody was looked for.
        (404, "<pre>Cannot GET /x</pre>", Fault::NotFound),
        (429, "Too many requests", Fault::RateLimited(None)),
        (429, r#"{"message":"Too many requests for this API key"}"#, Fault::RateLimited(None)),
        (500, r#"{"success":false,"message":"Something went wrong"}"#, Fault::Unavailable("HTTP 500: Something went wrong".into())),
        (502, "<html><head><title>502 Bad Gateway</title></head></html>", Fault::Unavailable("HTTP 502: 502 Bad Gateway".into())),
        (503, "", Fault::Unavailable("HTTP 503".into())),
        (400, r#"{"message":"You must provide a query"}"#, Fault::Other("HTTP 400: You must provide a query".into())),
        (200, "", Fault::Malformed("the body is empty".into())),
        (200, "<title>Just a moment</title>", Fault::Malformed("the body is not JSON but HTML: Just a moment".into())),
        (200, r#"{"a":{"id":"1"#, Fault::Malformed("the JSON is cut off after 13 bytes".into())),
    ];
    for (status, body, expected) in cases {
        assert_eq!(refusal::<P>(key, &answer(status, body)), Some(expected), "{status} {body}");
    }
    assert_eq!(refusal::<P>(key, &answer_with(429, &[("retry-after", "12")], "")), Some(Fault::RateLimited(Some(12))));

    // A search that is refused with 200 is not an empty page.
    let search = |status, body| P::read_search(&query("yoga"), None, &answer(status, body)).err();
    assert_eq!(search(200, NO_KEY), Some(Fault::Unauthorized("HTTP 200: apiKey is required".into())));
    assert_eq!(search(200, NO_CREDIT), Some(Fault::OutOfCredit("HTTP 200: Looks like you're out of credits :(".into())));
    assert_eq!(search(200, FORBIDDEN), Some(Fault::Blocked("HTTP 403: This is not for everybody".into())));

    // Whom a search found a moment ago and nobody knows any more is missing, which is no failure.
    for status in [200, 404] {
        assert_eq!(search(status, NOBODY), Some(Fault::NotFound), "{status}");
    }
    assert_eq!(outcome::<P>(typed(key), NOBODY), Outcome::Empty(Absence::Missing));
    let profiles = P::read_profiles(&[typed(key)], &answer(404, NOBODY));
    assert_eq!(profiles.map(|read| read[0].outcome.clone()), Ok(Outcome::Empty(Absence::Missing)));
}
