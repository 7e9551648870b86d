//! Platforms that fail in every way, and what a search makes of each: never an empty result, never one too many,
//! and no call after there is no use in it.

use scout_upstream::Options;
use serde_json::Value;

use crate::scene::{Scene, distinct, ended, faults};

/// What a search came to.
struct Outcome {
    code: i32,
    /// Status, and the reason for what is missing, if anything is.
    status: String,
    shortfall: String,
    creators: Vec<Value>,
    said: String,
}

fn search(scene: &Scene, arguments: &str) -> Outcome {
    let output = scene.run(&format!("search --upstream UPSTREAM --expand off --format json {arguments}"));
    let (code, said) = ended(&output);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let creators = json["results"][0]["creators"].as_array().unwrap().clone();
    Outcome { code, status: word(&json["status"]), shortfall: word(&json["shortfall"]["reason"]), creators, said }
}

/// Faults that no second attempt makes good, and the reason that each is known by.
const FINAL: [(&str, &str); 8] = [
    ("out-of-credit", "out_of_credit"),
    ("unauthorized", "unauthorized"),
    ("blocked", "blocked"),
    ("redirect", "other"),
    ("html", "malformed"),
    ("malformed", "malformed"),
    ("truncated", "malformed"),
    ("oversized", "malformed"),
];

#[test]
fn a_search_that_fails_for_good_is_an_error_with_its_reason_after_one_call_a_keyword() {
    for platform in ["bluesky", "tiktok"] {
        for (fault, reason) in FINAL {
            let scene = Scene::failing(&[&format!("{fault}=1")]);
            let outcome = search(&scene, &format!("--platform {platform} --target 20 yoga fitness"));
            let ended = (outcome.code, outcome.status.as_str(), outcome.shortfall.as_str(), outcome.creators.len());
            assert_eq!(ended, (1, "error", reason, 0), "{platform}, {fault}: {}", outcome.said);
            let counters = scene.upstream().counters();
            assert!((1..=2).contains(&counters.calls) && counters.duplicates == 0, "{platform}, {fault}: {counters:?}");
            assert_eq!(counters.elsewhere, 0, "nobody is followed to another host");
        }
    }
}

#[test]
fn profiles_that_fail_for_good_leave_all_creators_without_an_address_and_the_search_partial() {
    for platform in ["bluesky", "tiktok"] {
        for (fault, reason) in FINAL {
            let scene = Scene::failing(&[&format!("profiles:{fault}=1")]);
            let outcome = search(&scene, &format!("--platform {platform} --target 20 yoga fitness"));
            let ended = (outcome.code, outcome.status.as_str(), outcome.shortfall.as_str(), distinct(&outcome.creators));
            assert_eq!(ended, (3, "partial", "", 20), "{platform}, {fault}: {}", outcome.said);
            assert!(outcome.said.contains(&format!("20 profiles failed: {reason}")), "{platform}, {fault}: {}", outcome.said);
            for creator in &outcome.creators {
                assert_eq!(creator["enrichment"]["outcome"], "failed");
                assert_eq!(creator["creator"]["emails"], serde_json::json!([]), "addresses come from profiles alone");
            }
            assert_eq!((scene.upstream().counters().duplicates, scene.upstream().counters().elsewhere), (0, 0), "{platform}, {fault}");
        }
    }
}

#[test]
fn a_platform_that_recovers_from_anything_passing_gives_everything_once() {
    for fault in ["rate-limited", "unavailable", "disconnect"] {
        // So rarely that five failures in a row do not happen to any of the profiles.
        for (platform, rates) in [("bluesky", format!("search:{fault}=0.4")), ("tiktok", format!("profiles:{fault}=0.1"))] {
            let scene = Scene::failing(&[&rates]);
            let outcome = search(&scene, &format!("--platform {platform} --target 80 yoga fitness cooking"));
            let ended = (outcome.code, outcome.status.as_str(), outcome.creators.len(), distinct(&outcome.creators));
            assert_eq!(ended, (0, "completed", 80, 80), "{platform}, {fault}: {}", outcome.said);
            let counters = scene.upstream().counters();
            assert!(!counters.faults.is_empty() && counters.duplicates_after_success == 0, "{platform}, {fault}: {counters:?}");
        }
    }
}

#[test]
fn nobody_comes_back_before_the_time_that_the_platform_named() {
    let scene = Scene::with(Options { faults: faults(&["search:rate-limited=0.4"]), retry_after_s: 3, ..Options::default() });
    let outcome = search(&scene, "--platform bluesky --target 80 yoga fitness cooking");
    assert_eq!((outcome.code, outcome.creators.len()), (0, 80), "{}", outcome.said);
    let counters = scene.upstream().counters();
    assert!(counters.faults.contains_key("rate-limited"));
    assert_eq!(counters.too_early, 0);
}

#[test]
fn a_platform_that_allows_nothing_any_more_is_given_up_after_five_attempts() {
    let scene = Scene::failing(&["rate-limited=1"]);
    let outcome = search(&scene, "--platform bluesky --target 20 yoga");
    assert_eq!((outcome.code, outcome.status.as_str(), outcome.shortfall.as_str()), (1, "error", "rate_limited"), "{}", outcome.said);
    assert_eq!((scene.upstream().counters().calls, scene.upstream().counters().too_early), (5, 0));
}

#[test]
fn a_platform_that_hangs_is_asked_again_after_a_while() {
    let scene = Scene::failing(&["search:hang=0.5"]);
    let outcome = search(&scene, "--platform bluesky --target 30 yoga fitness cooking");
    assert_eq!((outcome.code, outcome.creators.len(), distinct(&outcome.creators)), (0, 30, 30), "{}", outcome.said);
    assert!(scene.upstream().counters().faults.contains_key("hang"));
}

#[test]
fn a_platform_that_takes_its_time_is_waited_for() {
    let scene = Scene::with(Options { faults: faults(&["slow=1"]), slow_ms: 1_500, ..Options::default() });
    let outcome = search(&scene, "--platform bluesky --target 30 yoga");
    assert_eq!((outcome.code, outcome.creators.len()), (0, 30), "{}", outcome.said);
    assert_eq!(scene.upstream().counters().duplicates, 0);
}
