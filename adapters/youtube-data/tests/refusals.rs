//! Goal: a refusal is told apart from finding nothing, and from every other refusal.

use scout_sdk::Fault;
use scout_sdk::testing::{answer, answer_with, refusal};
use scout_youtube_data::YoutubeData;

#[track_caller]
fn check(status: u16, body: &str, expected: Fault) {
    assert_eq!(refusal::<YoutubeData>("ana.example", &answer(status, body)), Some(expected), "{status} {body}");
}

/// A refusal with a reason in the first error.
fn reason(reason: &str, message: &str) -> String {
    format!(r#"{{"error":{{"message":"{message}","errors":[{{"reason":"{reason}"}}]}}}}"#)
}

#[test]
fn an_empty_quota_is_out_of_credit_and_its_message_has_no_markup() {
    let text = "HTTP 403: The request cannot be completed because you have exceeded your quota.";
    check(403, include_str!("../fixtures/error-quota.json"), Fault::OutOfCredit(text.into()));
    check(403, &reason("dailyLimitExceeded", "Over"), Fault::OutOfCredit("HTTP 403: Over".into()));
}

#[test]
fn the_calls_of_a_day_are_a_quota_and_those_of_a_minute_a_rate_limit() {
    assert!(matches!(
        refusal::<YoutubeData>("ana.example", &answer(429, include_str!("../fixtures/error-per-day.json"))),
        Some(Fault::OutOfCredit(_))
    ));
    check(403, &reason("rateLimitExceeded", "Queries per minute"), Fault::RateLimited(None));
    check(403, &reason("userRateLimitExceeded", "Slow down"), Fault::RateLimited(None));
    check(429, "", Fault::RateLimited(None));
    let told = answer_with(403, &[("retry-after", "12")], reason("rateLimitExceeded", "Slow down"));
    assert_eq!(refusal::<YoutubeData>("ana.example", &told), Some(Fault::RateLimited(Some(12))));
}

#[test]
fn a_wrong_key_is_unauthorized_in_its_old_and_its_new_form() {
    check(400, include_str!("../fixtures/error-key-old.json"), Fault::Unauthorized("HTTP 400: Bad Request".into()));
    let text = "HTTP 400: API key not valid. Please pass a valid API key.";
    check(400, include_str!("../fixtures/error-key.json"), Fault::Unauthorized(text.into()));
    check(400, &reason("badRequest", "API key expired."), Fault::Unauthorized("HTTP 400: API key expired.".into()));
    check(401, "", Fault::Unauthorized("HTTP 401".into()));
}

#[test]
fn a_key_that_is_missing_or_may_not_do_this_is_unauthorized() {
    let unregistered = "Method doesn't allow unregistered callers";
    check(403, &reason("forbidden", unregistered), Fault::Unauthorized(format!("HTTP 403: {unregistered}")));
    for name in ["accessNotConfigured", "ipRefererBlocked", "SERVICE_DISABLED", "API_KEY_SERVICE_BLOCKED"] {
        check(403, &reason(name, "No"), Fault::Unauthorized("HTTP 403: No".into()));
    }
}

#[test]
fn a_refusal_for_other_reasons_is_a_block() {
    check(403, &reason("forbidden", "Access forbidden"), Fault::Blocked("HTTP 403: Access forbidden".into()));
    check(403, &reason("SERVICE_UNAVAILABLE", "Denied"), Fault::Blocked("HTTP 403: Denied".into()));
    check(403, "", Fault::Blocked("HTTP 403".into()));
}

#[test]
fn a_bad_request_carries_the_platform_s_message() {
    check(400, include_str!("../fixtures/error-parameter.json"), Fault::Other("HTTP 400: Invalid value 'views'.".into()));
    check(400, &reason("invalidPageToken", "Bad token"), Fault::Other("HTTP 400: Bad token".into()));
    check(400, include_str!("../fixtures/error-text.json"), Fault::Other("HTTP 400: error message".into()));
}

#[test]
fn an_unknown_channel_or_route_is_not_found_and_a_failure_may_pass() {
    check(404, &reason("channelNotFound", "No such channel"), Fault::NotFound);
    check(500, &reason("backendError", "Backend Error"), Fault::Unavailable("HTTP 500: Backend Error".into()));
    check(503, "<html><title>Error 503</title></html>", Fault::Unavailable("HTTP 503: Error 503".into()));
}

#[test]
fn a_refusal_with_200_is_not_an_empty_page() {
    assert!(matches!(
        refusal::<YoutubeData>("ana.example", &answer(200, include_str!("../fixtures/error-quota.json"))),
        Some(Fault::OutOfCredit(_))
    ));
    assert!(matches!(
        refusal::<YoutubeData>("ana.example", &answer(200, include_str!("../fixtures/error-key.json"))),
        Some(Fault::Unauthorized(_))
    ));
    check(200, r#"{"error":{"code":503,"message":"Later"},"items":[]}"#, Fault::Unavailable("HTTP 503: Later".into()));
    check(200, r#"{"error":{"message":"No"}}"#, Fault::Other("HTTP 200: No".into()));
}

#[test]
fn a_success_without_json_is_malformed() {
    check(200, "", Fault::Malformed("the body is empty".into()));
    check(200, "<html><title>Sorry</title></html>", Fault::Malformed("the body is not JSON but HTML: Sorry".into()));
    check(200, r#"{"items":[{"id"#, Fault::Malformed("the JSON is cut off after 14 bytes".into()));
    check(200, "[]", Fault::Malformed("the JSON is no object".into()));
}
