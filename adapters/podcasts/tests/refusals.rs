//! Goal: what went wrong is told apart from finding nothing, and by its reason.

use scout_podcasts::Podcasts;
use scout_sdk::testing::{answer_with, query, refused};
use scout_sdk::{Fault, Platform};

#[test]
fn a_403_without_words_is_the_limit_of_calls_a_minute() {
    for body in ["", "\n", r#"{"resultCount":0,"results":[]}"#, "<html><head><title>403 Forbidden</title></head></html>", "Forbidden"] {
        assert_eq!(refused::<Podcasts>(403, body), Fault::RateLimited(None), "{body}");
    }
    let headers = [("retry-after", "60")];
    let limited = Podcasts::read_search(&query("bread"), None, &answer_with(403, &headers, ""));
    assert_eq!(limited, Err(Fault::RateLimited(Some(60))));
    assert_eq!(refused::<Podcasts>(429, ""), Fault::RateLimited(None));
}

#[test]
fn a_403_with_words_is_what_it_says() {
    let denied = "<html><head><title>Access Denied</title></head></html>";
    assert_eq!(refused::<Podcasts>(403, denied), Fault::Blocked("HTTP 403: Access Denied".into()));
}

#[test]
fn a_country_without_a_store_can_not_be_searched() {
    let text = "HTTP 400: Invalid value(s) for key(s): [country]";
    assert_eq!(refused::<Podcasts>(400, include_str!("../fixtures/error-country.json")), Fault::Unsupported(text.into()));
}

#[test]
fn other_refusals_are_told_by_their_status() {
    assert_eq!(refused::<Podcasts>(401, ""), Fault::Unauthorized("HTTP 401".into()));
    assert_eq!(refused::<Podcasts>(402, ""), Fault::OutOfCredit("HTTP 402".into()));
    assert_eq!(refused::<Podcasts>(404, ""), Fault::NotFound);
    assert_eq!(refused::<Podcasts>(502, "<title>502 Bad Gateway</title>"), Fault::Unavailable("HTTP 502: 502 Bad Gateway".into()));
}

#[test]
fn an_answer_of_another_shape_names_what_is_missing() {
    for body in ["{}", r#"{"resultCount":0}"#, r#"{"resultCount":0,"results":null}"#, r#"{"feed":{"results":[]}}"#] {
        assert_eq!(refused::<Podcasts>(200, body), Fault::Malformed("`results` is missing".into()), "{body}");
    }
    let nameless = r#"{"resultCount":1,"results":[{"trackId":5}]}"#;
    assert_eq!(refused::<Podcasts>(200, nameless), Fault::Malformed("`results[].collectionId` is missing".into()));
    assert!(matches!(refused::<Podcasts>(200, "[]"), Fault::Malformed(_)));
}

#[test]
fn no_rows_where_some_were_counted_is_not_finding_nothing() {
    assert_eq!(refused::<Podcasts>(200, r#"{"resultCount":5,"results":[]}"#), Fault::Malformed("`results[]` is missing".into()));
}

#[test]
fn an_error_that_says_that_all_is_well_is_still_an_error() {
    let body = r#"{"errorMessage":"Invalid value(s) for key(s): [term]"}"#;
    assert_eq!(refused::<Podcasts>(200, body), Fault::Other("HTTP 200: Invalid value(s) for key(s): [term]".into()));
}

#[test]
fn a_body_that_is_no_json_is_malformed() {
    assert_eq!(refused::<Podcasts>(200, ""), Fault::Malformed("the body is empty".into()));
    assert!(
        matches!(refused::<Podcasts>(200, "callback({\"resultCount\":0,\"results\":[]});"), Fault::Malformed(text) if text.contains("not JSON"))
    );
    assert!(
        matches!(refused::<Podcasts>(200, "<html><title>Just a moment</title></html>"), Fault::Malformed(text) if text.contains("Just a moment"))
    );
}
