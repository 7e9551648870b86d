//! Goal: the several meanings of GitHub's 403 are told apart, and from finding nobody.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_github::Github;
use scout_sdk::testing::{answer_with, query, typed};
use scout_sdk::{Fault, Platform};

const LIMITED: &str = include_str!("../fixtures/error-rate-limited.json");
const SECONDARY: &str = include_str!("../fixtures/error-secondary.json");
const DATE: (&str, &str) = ("date", "Tue, 07 Jan 2025 18:23:09 GMT");
const RESET: (&str, &str) = ("x-ratelimit-reset", "1736274249");

/// The fault that both calls give.
fn refused(status: u16, headers: &[(&str, &str)], body: &str) -> Fault {
    let response = answer_with(status, headers, body);
    let fault = Github::read_search(&query("kiln"), None, &response).expect_err("it is refused");
    if status != 404 {
        assert_eq!(Github::read_profiles(&[typed("ana")], &response), Err(fault.clone()));
    }
    fault
}

#[test]
fn a_limit_that_is_used_up_tells_when_it_is_reset_by_the_answer_s_own_date() {
    let used_up = [DATE, RESET, ("x-ratelimit-remaining", "0")];
    assert_eq!(refused(403, &used_up, LIMITED), Fault::RateLimited(Some(60)));
    assert_eq!(refused(429, &used_up, ""), Fault::RateLimited(Some(60)));
    assert_eq!(refused(403, &used_up[1..], LIMITED), Fault::RateLimited(None), "without a date the moment says nothing");
}

#[test]
fn a_secondary_limit_says_how_long_to_wait_or_means_a_minute() {
    let left = [DATE, ("x-ratelimit-reset", "1736277849"), ("x-ratelimit-remaining", "57")];
    assert_eq!(refused(403, &left, SECONDARY), Fault::RateLimited(Some(60)), "the moment is that of another limit");
    assert_eq!(refused(403, &[&left[..], &[("retry-after", "17")]].concat(), SECONDARY), Fault::RateLimited(Some(17)));
    assert_eq!(refused(403, &[], r#"{"message":"You have triggered an abuse detection mechanism."}"#), Fault::RateLimited(Some(60)));
}

#[test]
fn a_limit_without_headers_is_told_by_its_words() {
    assert_eq!(refused(403, &[], LIMITED), Fault::RateLimited(None));
    assert_eq!(refused(429, &[], ""), Fault::RateLimited(None));
}

#[test]
fn a_missing_user_agent_is_blocked_and_not_waited_for() {
    let body = r#"{"message":"Missing or invalid User Agent string."}"#;
    assert_eq!(
        refused(403, &[("x-ratelimit-remaining", "59")], body),
        Fault::Blocked("HTTP 403: Missing or invalid User Agent string.".into())
    );
    let forbidden = "\r\nRequest forbidden by administrative rules. Please send a User-Agent header.\r\n";
    assert!(matches!(refused(403, &[], forbidden), Fault::Blocked(text) if text.contains("administrative rules")));
}

#[test]
fn a_token_that_is_wrong_or_may_not_do_this_is_unauthorised() {
    assert_eq!(refused(401, &[], r#"{"message":"Bad credentials"}"#), Fault::Unauthorized("HTTP 401: Bad credentials".into()));
    let scope = refused(403, &[], r#"{"message":"Resource not accessible by personal access token"}"#);
    assert!(matches!(scope, Fault::Unauthorized(_)), "{scope:?}");
}

#[test]
fn a_query_that_can_not_be_searched_for_is_unsupported() {
    let fault = refused(422, &[], include_str!("../fixtures/error-query.json"));
    assert_eq!(fault, Fault::Unsupported("HTTP 422: Validation Failed".into()));
}

#[test]
fn other_refusals_are_told_by_their_status() {
    assert_eq!(refused(402, &[], ""), Fault::OutOfCredit("HTTP 402".into()));
    assert_eq!(refused(403, &[], ""), Fault::Blocked("HTTP 403".into()));
    assert_eq!(refused(404, &[], r#"{"message":"Not Found"}"#), Fault::NotFound);
    let down = "<html><body><h1>503 Service Unavailable</h1>No server is available.</body></html>";
    assert_eq!(refused(503, &[], down), Fault::Unavailable("HTTP 503: 503 Service Unavailable".into()));
}

#[test]
fn an_answer_of_another_shape_names_what_is_missing() {
    let malformed = |body: &str| Github::read_search(&query("kiln"), None, &answer_with(200, &[], body)).expect_err("it is no page");
    for body in ["{}", r#"{"items":null}"#, r#"{"total_count":0}"#, r#"{"users":[{"login":"ana"}]}"#] {
        assert_eq!(malformed(body), Fault::Malformed("`items` is missing".into()), "{body}");
    }
    assert_eq!(malformed(r#"{"items":[{"login":"ana"},{"id":"user-1"}]}"#), Fault::Malformed("`items[].id` is missing".into()));
    assert_eq!(malformed(r#"{"items":[{"id":1}]}"#), Fault::Malformed("`items[].login` is missing".into()));
    assert_eq!(malformed(r#"{"message":"Something else"}"#), Fault::Other("HTTP 200: Something else".into()));
    assert_eq!(malformed(""), Fault::Malformed("the body is empty".into()));
}
