//! Goal: refusals, outages and changed shapes are told apart, and none of them is an empty page.

use scout_peertube::Peertube;
use scout_sdk::testing::{answer, answer_with, query, query_with, refused};
use scout_sdk::{Fault, Platform};

#[test]
fn an_answer_of_another_shape_names_what_is_missing() {
    for body in ["{}", r#"{"total":3}"#, r#"{"data":null}"#, r#"{"data":{}}"#, "[]", r#"[{"name":"a","host":"v.test"}]"#] {
        assert_eq!(refused::<Peertube>(200, body), Fault::Malformed("`data` is missing".into()), "{body}");
    }
    assert_eq!(
        refused::<Peertube>(200, r#"{"total":1,"data":[{"displayName":"a"}]}"#),
        Fault::Malformed("`data[].name` is missing".into())
    );
    let videos = query_with("yoga", &[("source", "videos")]);
    let nameless = answer(200, r#"{"total":1,"data":[{"uuid":"u"}]}"#);
    assert_eq!(Peertube::read_search(&videos, None, &nameless), Err(Fault::Malformed("`data[].channel.name` is missing".into())));
}

#[test]
fn a_body_that_is_no_json_is_malformed() {
    assert_eq!(refused::<Peertube>(200, ""), Fault::Malformed("the body is empty".into()));
    assert!(
        matches!(refused::<Peertube>(200, "<html><title>SepiaSearch</title></html>"), Fault::Malformed(text) if text.contains("SepiaSearch"))
    );
    assert!(matches!(refused::<Peertube>(200, r#"{"total":1,"data":["#), Fault::Malformed(text) if text.contains("cut off")));
}

#[test]
fn a_rate_limit_says_how_long_to_wait() {
    let limited = |headers: &[_]| Peertube::read_search(&query("yoga"), None, &answer_with(429, headers, ""));
    assert_eq!(limited(&[("retry-after", "7")]), Err(Fault::RateLimited(Some(7))));
    assert_eq!(limited(&[("ratelimit-reset", "30")]), Err(Fault::RateLimited(Some(30))));
    assert_eq!(limited(&[]), Err(Fault::RateLimited(None)));
}

#[test]
fn a_parameter_that_is_refused_is_told_in_the_index_s_own_words() {
    let by_list = r#"{"errors":[{"msg":"Should have a valid sort","param":"sort","location":"query"}]}"#;
    assert_eq!(refused::<Peertube>(400, by_list), Fault::Other("HTTP 400: Should have a valid sort".into()));
    let by_detail = r#"{"type":"about:blank","title":"Bad Request","detail":"Incorrect request parameters: sort","status":400}"#;
    assert_eq!(refused::<Peertube>(400, by_detail), Fault::Other("HTTP 400: Incorrect request parameters: sort".into()));
    assert_eq!(refused::<Peertube>(400, ""), Fault::Other("HTTP 400".into()));
    assert_eq!(refused::<Peertube>(200, by_list), Fault::Other("HTTP 200: Should have a valid sort".into()));
}

#[test]
fn an_address_without_this_search_is_unsupported_and_not_an_empty_page() {
    for body in ["", "<html><title>Not Found</title></html>", r#"{"error":"Not found"}"#] {
        assert!(matches!(refused::<Peertube>(404, body), Fault::Unsupported(text) if text.contains("no such search")), "{body}");
    }
    assert!(matches!(refused::<Peertube>(410, ""), Fault::Unsupported(_)));
}

#[test]
fn other_refusals_are_told_by_their_status() {
    assert_eq!(refused::<Peertube>(401, ""), Fault::Unauthorized("HTTP 401".into()));
    assert_eq!(refused::<Peertube>(402, ""), Fault::OutOfCredit("HTTP 402".into()));
    assert_eq!(refused::<Peertube>(403, "<html><title>403 Forbidden</title></html>"), Fault::Blocked("HTTP 403: 403 Forbidden".into()));
    assert_eq!(
        refused::<Peertube>(502, "<html><title>502 Bad Gateway</title></html>"),
        Fault::Unavailable("HTTP 502: 502 Bad Gateway".into())
    );
}
