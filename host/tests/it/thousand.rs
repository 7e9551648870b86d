//! A full search of 1 000 on every platform there is, and one of whoever can be reached by its keywords alone.
//!
//! Platforms are those that `scout adapter list` lists. Each line of output says what a search cost (`--nocapture`).

use std::collections::BTreeSet;

use scout_upstream::{Options, Quirks};
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

/// Every profile was read, or the platform says that there is none any more.
fn check_profiles(platform: &str, status: &Value) {
    let failed = creators(status).iter().map(|creator| &creator["enrichment"]).filter(|enrichment| enrichment["outcome"] == "failed");
    assert_eq!(failed.collect::<Vec<_>>(), Vec::<&Value>::new(), "{platform}");
    assert_eq!(status["status"], "completed", "{platform}: {}", status["message"]);
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

/// What 1 000 creators cost in the system that Scout replaces.
const REPLACED_CALLS: u64 = 1_054;

#[test]
fn searches_cost_less_than_before_wherever_platforms_give_many_profiles_at_once() {
    let scene = Scene::new();
    for search in ["bluesky", "twitch", "youtube-data", "youtube", "youtube --set type=channel", "instagram --set search=profiles"] {
        let status = searched(&scene, &format!("--platform {search} --target {TARGET} fitness yoga"));
        let calls = status["benchmark"]["apiCalls"].as_u64().unwrap();
        println!("wasmtime: 1000 creators of {search}: {calls} calls");
        assert_eq!(status["progress"]["creatorsFound"], TARGET, "{search}");
        assert!(calls < REPLACED_CALLS, "{search} takes {calls} calls");
    }
}

#[test]
fn whoever_a_search_gives_whole_costs_no_profile_call() {
    let scene = Scene::new();
    let status = searched(&scene, &format!("--platform instagram --set search=profiles --target {TARGET} fitness yoga"));
    check_profiles("instagram", &status);
    let endpoints = &scene.upstream().counters().platforms["instagram"].endpoints;
    assert_eq!((creators(&status).len(), endpoints.get("profiles")), (TARGET, None));
}

/// Pages of one keyword that are read at most.
fn pages_max(scene: &Scene, platform: &str) -> u64 {
    let inspected = text(&scene.run(&format!("adapter inspect {platform}")).stdout);
    let (before, _) = inspected.split_once(" pages a keyword").unwrap();
    before.rsplit(' ').next().unwrap().parse().unwrap()
}

/// Platforms on which everybody may be shown: who is hidden, automated or closed is reached and left out.
fn everybody_shown() -> Options {
    let shown = ["hidden=0", "automated=0", "deactivated=0"].map(|rule| rule.parse().unwrap());
    Options { quirks: shown.into_iter().fold(Quirks::usual(), Quirks::with), ..Options::default() }
}

#[test]
fn keywords_that_are_read_to_their_end_give_everybody_whom_they_reach() {
    let scene = Scene::with(everybody_shown());
    let mut exact = Vec::new();
    for platform in platforms(&scene) {
        let status = searched(&scene, &format!("--platform {platform} --target {TARGET} --min-views 0 --expand off fitness yoga"));
        let reached = |keyword| scene.upstream().reach(&platform, keyword).unwrap();
        let there: BTreeSet<_> = [reached("fitness"), reached("yoga")].concat().into_iter().map(|known| known.identity).collect();
        let found = keys(&status).len();
        assert_eq!(status["progress"]["creatorsFound"], found, "{platform}");
        assert_eq!(status["shortfall"]["missing"], TARGET - found, "{platform}");
        assert!((1..=there.len()).contains(&found), "{platform}: {found} of {}", there.len());
        // With as many pages as are read at most, others may have followed.
        let pages = scene.upstream().counters().platforms[&platform].endpoints["search"];
        if pages < 2 * pages_max(&scene, &platform) {
            assert_eq!(found, there.len(), "{platform}");
            exact.push(platform);
        }
    }
    assert!(exact.len() >= 9, "only {exact:?} were read to their end");
}
