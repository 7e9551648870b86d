//! One behaviour each; every limit on both sides.

use serde_json::json;

use super::*;

fn offers() -> Vec<Offer> {
    vec![Offer { platform: "video".into(), reports_views: true }, Offer { platform: "short-text".into(), reports_views: false }]
}

/// Sends a body and gives what became of it.
fn sent(body: &serde_json::Value) -> Result<Accepted, Refusal> {
    accept(body.to_string().as_bytes(), &offers())
}

/// Pointer and code of each error in a body of JSON text.
fn errors(body: &str) -> Vec<(String, String)> {
    match accept(body.as_bytes(), &offers()) {
        Err(Refusal::Fields(errors)) => errors.into_iter().map(|error| (error.pointer, code(error.code))).collect(),
        other => panic!("no field errors but {other:?}"),
    }
}

fn code(code: FieldCode) -> String {
    serde_json::to_value(code).unwrap().as_str().unwrap().to_owned()
}

/// The one error of a sound request in which one field was replaced by JSON text.
fn error_of(field: &str, value: &str) -> FieldError {
    match accept(request_with(field, value).as_bytes(), &offers()) {
        Err(Refusal::Fields(errors)) if errors.len() == 1 => errors[0].clone(),
        other => panic!("not one field error but {other:?}"),
    }
}

fn accepted_with(field: &str, value: &str) -> Accepted {
    accept(request_with(field, value).as_bytes(), &offers()).unwrap()
}

fn request_with(field: &str, value: &str) -> String {
    let sound = [("platform", r#""video""#), ("keywords", r#"["hot yoga"]"#), ("targetResults", "100")];
    let kept = sound.iter().filter(|(name, _)| *name != field).map(|(name, value)| format!("\"{name}\": {value}"));
    let all: Vec<String> = kept.chain([format!("\"{field}\": {value}")]).collect();
    format!("{{{}}}", all.join(", "))
}

fn words(count: usize) -> String {
    serde_json::to_string(&(0..count).map(|n| format!("word {n}")).collect::<Vec<_>>()).unwrap()
}

#[test]
fn a_small_request_gets_every_default() {
    let accepted = sent(&json!({"platform": "video", "keywords": ["hot yoga"], "targetResults": 100})).unwrap();
    let expected = json!({
        "platform": "video", "keywords": ["hot yoga"], "target": 100, "expand": true,
        "campaignId": null, "minViews": 1000, "maxUpstreamCalls": null, "maxAge": null,
    });
    assert_eq!(serde_json::to_value(&accepted).unwrap(), expected);
    assert_eq!(serde_json::from_value::<Accepted>(expected).unwrap(), accepted);
}

#[test]
fn a_full_request_is_taken_as_it_is() {
    let accepted = sent(&json!({
        "platform": "video", "keywords": ["hot yoga", "pilates"], "targetResults": 5000, "enableExpansion": false,
        "campaignId": "0192F3C1-7A00-7000-8000-000000000001", "minViews": 0, "maxUpstreamCalls": 1, "maxAge": 0,
    }))
    .unwrap();
    assert_eq!(accepted.campaign_id.as_deref(), Some("0192f3c1-7a00-7000-8000-000000000001"));
    assert_eq!((accepted.target, accepted.expand, accepted.min_views, accepted.max_upstream_calls), (5_000, false, Some(0), Some(1)));
    assert_eq!(accepted.max_age, Some(0));
}

#[test]
fn the_least_number_of_views_has_a_default_only_where_views_are_reported() {
    assert_eq!(accepted_with("platform", "\"short-text\"").min_views, None);
    let asked = sent(&json!({"platform": "short-text", "keywords": ["hot yoga"], "targetResults": 1, "minViews": 5})).unwrap();
    assert_eq!(asked.min_views, Some(5));
}

#[test]
fn null_is_the_same_as_left_out() {
    assert_eq!(accepted_with("campaignId", "null").campaign_id, None);
    assert!(accepted_with("enableExpansion", "null").expand);
    assert_eq!(error_of("platform", "null").code, FieldCode::Missing);
}

#[test]
fn every_error_is_found_at_once() {
    let found = errors(
        r#"{"platfrom": "x", "keywords": ["a", 5, "ok go"], "targetResults": 0, "enableExpansion": "yes",
            "campaignId": "abc", "minViews": -1, "maxUpstreamCalls": 0, "targetResults": 5}"#,
    );
    let expected = [
        ("/platform", "missing"),
        ("/keywords/0", "too_short"),
        ("/keywords/1", "wrong_type"),
        ("/targetResults", "too_small"),
        ("/enableExpansion", "wrong_type"),
        ("/campaignId", "not_a_uuid"),
        ("/minViews", "too_small"),
        ("/maxUpstreamCalls", "too_small"),
        ("/platfrom", "unknown_field"),
        ("/targetResults", "duplicate_field"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
}

#[test]
fn an_empty_object_misses_the_required_fields_only() {
    let missing = ["/platform", "/keywords", "/targetResults"].map(|pointer| (pointer.to_owned(), "missing".to_owned()));
    assert_eq!(errors("{}"), missing);
}

#[test]
fn the_target_ends_at_1_and_5000() {
    assert_eq!(accepted_with("targetResults", "1").target, 1);
    assert_eq!(accepted_with("targetResults", "5000").target, 5_000);
    assert_eq!(error_of("targetResults", "0").code, FieldCode::TooSmall);
    assert_eq!(error_of("targetResults", "5001").code, FieldCode::TooLarge);
}

#[test]
fn numbers_of_every_form_are_judged_and_never_panic() {
    for (value, code) in [
        ("-1", FieldCode::TooSmall),
        ("-1e999", FieldCode::TooSmall),
        ("-0.5", FieldCode::TooSmall),
        ("1.5", FieldCode::NotWhole),
        ("1e-999999", FieldCode::TooSmall),
        ("1e999", FieldCode::TooLarge),
        ("18446744073709551616", FieldCode::TooLarge),
        ("99999999999999999999999999999999999999999999999999999999999999999999999999", FieldCode::TooLarge),
        ("\"100\"", FieldCode::WrongType),
        ("true", FieldCode::WrongType),
        ("[100]", FieldCode::WrongType),
    ] {
        assert_eq!(error_of("targetResults", value).code, code, "{value}");
    }
}

#[test]
fn a_whole_number_may_be_written_with_a_point_or_an_exponent() {
    assert_eq!(accepted_with("targetResults", "100.0").target, 100);
    assert_eq!(accepted_with("targetResults", "1e2").target, 100);
}

#[test]
fn least_views_and_call_cap_have_limits_on_both_sides() {
    assert_eq!(accepted_with("minViews", "9007199254740991").min_views, Some(MIN_VIEWS_MAX));
    assert_eq!(error_of("minViews", "9007199254740992").code, FieldCode::TooLarge);
    assert_eq!(accepted_with("maxUpstreamCalls", "1000000").max_upstream_calls, Some(UPSTREAM_CALLS_MAX));
    assert_eq!(error_of("maxUpstreamCalls", "1000001").code, FieldCode::TooLarge);
    assert_eq!(accepted_with("maxAge", "604800").max_age, Some(MAX_AGE_S_MAX));
    assert_eq!(error_of("maxAge", "604801").code, FieldCode::TooLarge);
    assert_eq!(error_of("maxAge", "-1").code, FieldCode::TooSmall);
}

#[test]
fn there_are_1_to_50_keywords() {
    assert_eq!(accepted_with("keywords", &words(50)).keywords.len(), 50);
    let over = error_of("keywords", &words(51));
    assert_eq!((over.pointer.as_str(), over.code), ("/keywords", FieldCode::TooMany));
    assert_eq!(over.detail, "there are 51 keywords, and 50 are allowed");
    assert_eq!(error_of("keywords", "[]").code, FieldCode::TooFew);
}

#[test]
fn twins_count_towards_the_limit_and_are_merged_after_it() {
    let twins = serde_json::to_string(&vec!["Yoga"; 50]).unwrap();
    assert_eq!(accepted_with("keywords", &twins).keywords.len(), 1);
    let too_many = serde_json::to_string(&vec!["Yoga"; 51]).unwrap();
    assert_eq!(error_of("keywords", &too_many).code, FieldCode::TooMany);
}

#[test]
fn the_first_spelling_of_twins_stays_in_its_place() {
    let accepted = accepted_with("keywords", r#"["Hot  Yoga", "pilates", "hot yoga", "PILATES"]"#);
    let kept: Vec<&str> = accepted.keywords.iter().map(Keyword::as_str).collect();
    assert_eq!(kept, ["Hot Yoga", "pilates"]);
}

#[test]
fn a_wrong_keyword_is_named_by_its_place() {
    let short = error_of("keywords", r#"["fine", "good", "x"]"#);
    assert_eq!((short.pointer.as_str(), short.code), ("/keywords/2", FieldCode::TooShort));
    assert_eq!(error_of("keywords", &format!("[\"{}\"]", "x".repeat(101))).code, FieldCode::TooLong);
    assert_eq!(error_of("keywords", r#"["a\u0000b"]"#).code, FieldCode::ControlCharacter);
    assert_eq!(error_of("keywords", r#"["\ud800"]"#).code, FieldCode::BrokenText);
    assert_eq!(error_of("keywords", r#"[["yoga"]]"#).code, FieldCode::WrongType);
}

#[test]
fn keywords_must_be_a_list() {
    let error = error_of("keywords", "\"yoga\"");
    assert_eq!((error.code, error.detail.as_str()), (FieldCode::WrongType, "this is a text, not a list"));
}

#[test]
fn an_unknown_platform_names_those_there_are() {
    let error = error_of("platform", "\"Video\"");
    assert_eq!(error.detail, "there is no platform \"Video\"");
    assert_eq!(error.hint, "did you mean \"video\"? Installed: video, short-text");
    assert_eq!(error_of("platform", "\"zzz\"").hint, "choose one of video, short-text");
}

#[test]
fn without_adapters_the_hint_says_so() {
    let Err(Refusal::Fields(errors)) = accept(request_with("minViews", "1").as_bytes(), &[]) else { panic!("accepted without adapters") };
    assert_eq!(errors[0].hint, "no adapter is installed; install one first");
}

#[test]
fn an_unknown_field_suggests_the_one_that_was_meant() {
    for (given, meant) in
        [("target_results", "targetResults"), ("target", "targetResults"), ("keyword", "keywords"), ("campaignID", "campaignId")]
    {
        assert_eq!(error_of(given, "1").hint, format!("did you mean \"{meant}\"?"), "{given}");
    }
    assert!(error_of("zzz", "1").hint.starts_with("leave it out"));
}

#[test]
fn pointers_are_escaped() {
    assert_eq!(error_of("a/b~c", "1").pointer, "/a~1b~0c");
}

#[test]
fn a_field_that_repeats_is_reported_once() {
    assert_eq!(errors(&request_with("x", r#"1, "x": 2, "x": 3"#)), [("/x", "unknown_field"), ("/x", "duplicate_field")].map(own));
    // A name is what it says, not how it is escaped.
    assert_eq!(errors(&request_with("minViews", r#"1, "minV\u0069ews": 2"#)), [("/minViews", "duplicate_field")].map(own));
}

fn own((pointer, code): (&str, &str)) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

#[test]
fn a_campaign_is_a_uuid() {
    for wrong in [
        "\"\"",
        "\"0192f3c17a0070008000000000000001\"",
        "\"0192f3c1-7a00-7000-8000-00000000000g\"",
        "\"é192f3c1-7a00-7000-8000-00000000001\"",
    ] {
        assert_eq!(error_of("campaignId", wrong).code, FieldCode::NotAUuid, "{wrong}");
    }
    assert_eq!(error_of("campaignId", "7").code, FieldCode::WrongType);
}

#[test]
fn what_is_no_object_is_malformed() {
    for body in ["", "  ", "[]", "\"x\"", "null", "1", "{", "{\"a\": }", "{} {}", "{\"a\": 1,}", "{'a': 1}", "nul", "\u{feff}{}"] {
        let Err(Refusal::Malformed { detail, hint }) = accept(body.as_bytes(), &offers()) else { panic!("{body} is not malformed") };
        assert!(!detail.is_empty() && hint.contains("keywords"), "{body}: {detail}");
    }
    assert!(matches!(accept(b"{\"a\": \"\xff\"}", &offers()), Err(Refusal::Malformed { .. })));
}

#[test]
fn a_malformed_body_says_where_it_breaks() {
    let refusal = accept(b"{\"platform\": \"video\",\n oops}", &offers()).unwrap_err();
    assert!(refusal.to_string().contains("line 2"), "{refusal}");
}

#[test]
fn a_body_may_have_64_kib_and_not_one_byte_more() {
    let sound = request_with("targetResults", "7");
    let padded = |length: usize| format!("{sound}{}", " ".repeat(length - sound.len()));
    assert_eq!(accept(padded(REQUEST_BYTES_MAX).as_bytes(), &offers()).unwrap().target, 7);
    assert_eq!(accept(padded(REQUEST_BYTES_MAX + 1).as_bytes(), &offers()), Err(Refusal::TooLarge { limit: REQUEST_BYTES_MAX }));
}

#[test]
fn nesting_without_end_is_no_danger() {
    for open in ["[", "{\"a\":"] {
        let deep = open.repeat(REQUEST_BYTES_MAX / open.len());
        assert!(matches!(accept(deep.as_bytes(), &offers()), Err(Refusal::Malformed { .. })));
    }
    let nested = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    assert_eq!(error_of("minViews", &nested).code, FieldCode::WrongType);
    assert_eq!(error_of("keywords", &format!("[{nested}]")).code, FieldCode::WrongType);
}

#[test]
fn a_body_of_nothing_but_mistakes_gets_a_bounded_answer() {
    let many = format!("[{}]", vec!["1"; 20_000].join(","));
    let found = errors(&request_with("keywords", &many));
    assert_eq!(found.len(), crate::limits::FIELD_ERRORS_MAX + 1);
    assert_eq!(found[0], own(("/keywords", "too_many")));
    assert_eq!(found[found.len() - 1], own(("", "more_errors")));
}

#[test]
fn long_texts_are_not_repeated_in_full() {
    let long = format!("\"{}\"", "é".repeat(10_000));
    assert!(error_of("platform", &long).detail.chars().count() < 100);
    assert!(error_of("minViews", &"9".repeat(10_000)).detail.len() < 100);
}

#[test]
fn refusals_have_stable_codes_and_hints() {
    let fields = accept(b"{}", &offers()).unwrap_err();
    assert_eq!((fields.code(), fields.to_string().as_str()), ("invalid_fields", "/platform: the field is missing, and 2 more"));
    assert_eq!(accept(b"[", &offers()).unwrap_err().code(), "malformed_body");
    let large = Refusal::TooLarge { limit: 5 };
    assert_eq!((large.code(), large.hint()), ("body_too_large", "send a shorter body, with fewer or shorter texts"));
}
