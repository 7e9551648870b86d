//! Goal: each way to say no is told from the others, and none is taken for finding nothing.

use scout_podcastindex::PodcastIndex;
use scout_sdk::testing::{answer_with, query, refused};
use scout_sdk::{Fault, Platform};

#[test]
fn a_signature_that_is_not_accepted_is_unauthorized() {
    let body = include_str!("../fixtures/error-401.txt");
    assert_eq!(
        refused::<PodcastIndex>(401, body),
        Fault::Unauthorized("HTTP 401: Authorization header value either not set or blank.".into())
    );
    assert_eq!(refused::<PodcastIndex>(401, ""), Fault::Unauthorized("HTTP 401".into()));
}

#[test]
fn the_description_says_what_was_wrong() {
    let body = include_str!("../fixtures/error-400.json");
    assert_eq!(refused::<PodcastIndex>(400, body), Fault::Other("HTTP 400: The q parameter is missing.".into()));
    assert_eq!(refused::<PodcastIndex>(403, body), Fault::Blocked("HTTP 403: The q parameter is missing.".into()));
}

#[test]
fn a_success_whose_body_says_otherwise_is_none() {
    for status in ["\"false\"", "false", "0"] {
        let body = format!(r#"{{"status":{status},"feeds":[],"description":"The search is being rebuilt."}}"#);
        assert_eq!(refused::<PodcastIndex>(200, body), Fault::Other("HTTP 200: The search is being rebuilt.".into()));
    }
    assert_eq!(refused::<PodcastIndex>(200, r#"{"status":"false"}"#), Fault::Other("HTTP 200".into()));
}

#[test]
fn other_refusals_are_told_by_their_status() {
    let limited = PodcastIndex::read_search(&query("kitchen"), None, &answer_with(429, &[("retry-after", "7")], ""));
    assert_eq!(limited, Err(Fault::RateLimited(Some(7))));
    assert_eq!(refused::<PodcastIndex>(402, ""), Fault::OutOfCredit("HTTP 402".into()));
    assert_eq!(refused::<PodcastIndex>(404, ""), Fault::NotFound);
    assert_eq!(refused::<PodcastIndex>(502, "<html><title>Bad Gateway</title></html>"), Fault::Unavailable("HTTP 502: Bad Gateway".into()));
}

#[test]
fn a_page_in_place_of_an_answer_is_malformed() {
    let read = refused::<PodcastIndex>(200, "<html><title>Just a moment</title></html>");
    assert!(matches!(read, Fault::Malformed(text) if text.contains("Just a moment")));
}
