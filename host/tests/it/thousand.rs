//! A full search of 1 000 on every platform there is, and one of whoever can be reached by its keywords alone.
//!
//! Platforms are those that `scout adapter list` lists. Each line of output says what a search cost (`--nocapture`).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::scene::{Scene, ended, text};

const TARGET: usize = 1_000;

/// The names of all installed platforms.
fn platforms(scene: &Scene) -> Vec<String> {
    let output = scene.run("adapter list");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let names = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let platforms: Vec<_> = text(&output.stdout).lines().skip(1).filter_map(names).collect();
    assert!(platforms.len() >= 12, "{platforms:?}");
    platforms
}

/// A search that ends by itself, as JSON.
fn searched(scene: &Scene, arguments: &str) -> Value {
    let output = scene.run(&format!("search --upstream UPSTREAM --format json {arguments}"));
    let (code, said) = ended(&output);
    assert!([0, 3].contains(&code), "{arguments}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Nothing is missing but profiles of creators whom the platform finds and does not know any more.
fn check_profiles(platform: &str, status: &Value) {
    let failed = creators(status).iter().map(|creator| &creator["enrichment"]).filter(|enrichment| enrichment["outcome"] == "failed");
    let reasons: Vec<_> = failed.map(|enrichment| &enrichment["reason"]).collect();
    assert!(reasons.iter().all(|reason| *reason == "not_found"), "{platform}: {reasons:?}");
    let expected = if reasons.is_empty() { "completed" } else { "partial" };
    assert_eq!(status["status"], expected, "{platform}: {}", status["message"]);
}

fn creators(status: &Value) -> &[Value] {
    status["results"][0]["creators"].as_array().unwrap()
}

fn keys(status: &Value) -> BTreeSet<&str> {
    creators(status).iter().map(|creator| creator["mergeKey"].as_str().unwrap()).collect()
}

#[test]
fn every_platform_gives_exactly_a_thousand_and_makes_no_call_twice() {
    let scene = Scene::new();
    for platform in platforms(&scene) {
        let before = scene.upstream().counters();
        let status = searched(&scene, &format!("--platform {platform} --target {TARGET} fitness yoga"));
        let after = scene.upstream().counters();
        check_profiles(&platform, &status);
        assert_eq!(status["progress"]["creatorsFound"], TARGET, "{platform}");
        assert_eq!((creators(&status).len(), keys(&status).len()), (TARGET, TARGET), "{platform}");
        assert_eq!(after.duplicates_after_success, before.duplicates_after_success, "{platform} asked for the same twice");
        let calls = &after.platforms[&platform].endpoints;
        println!("wasmtime: 1000 creators of {platform}: {} calls {calls:?}", status["benchmark"]["apiCalls"]);
    }
}

#[test]
fn without_further_keywords_a_platform_gives_everybody_whom_the_given_ones_reach() {
    let scene = Scene::new();
    for platform in platforms(&scene) {
        let status = searched(&scene, &format!("--platform {platform} --target {TARGET} --min-views 0 --expand off fitness yoga"));
        let reached = |keyword| scene.upstream().reach(&platform, keyword).unwrap();
        let there: BTreeSet<_> = [reached("fitness"), reached("yoga")].concat().into_iter().map(|known| known.identity).collect();
        let found = keys(&status).len();
        println!("{platform}: {found} of {} whom two keywords reach: {} {}", there.len(), status["status"], status["shortfall"]);
        assert_eq!(status["progress"]["creatorsFound"], found, "{platform}");
        assert!(found <= there.len(), "{platform}: {found} of {}", there.len());
        if status["status"] == "completed" {
            assert_eq!(found, there.len(), "{platform} read every keyword to its end");
        }
    }
}
