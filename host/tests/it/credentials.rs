//! Searches of platforms that want more than a key: a token that is traded for first, or a signature on every call.

use crate::scene::{Scene, distinct, ended, records};

/// How often an endpoint of a platform was called.
fn calls(scene: &Scene, platform: &str, endpoint: &str) -> u64 {
    let counters = scene.upstream().counters();
    counters.platforms.get(platform).and_then(|platform| platform.endpoints.get(endpoint)).copied().unwrap_or_default()
}

#[test]
fn a_token_is_traded_for_once_in_a_whole_search() {
    let scene = Scene::new();
    let output = scene.run("search --platform twitch --upstream UPSTREAM --target 300 --format ndjson fitness yoga");
    let (code, said) = ended(&output);
    assert_eq!(code, 0, "{said}");
    let records = records(&output.stdout);
    assert_eq!((records.len(), distinct(&records)), (300, 300));
    assert_eq!(calls(&scene, "twitch", "token"), 1);
    let statuses = &scene.upstream().counters().platforms["twitch"].statuses;
    assert_eq!(statuses.keys().collect::<Vec<_>>(), [&200]);
}

#[test]
fn without_a_token_the_platform_is_not_asked_and_the_reason_is_told() {
    let scene = Scene::failing(&["token:unauthorized=1"]);
    let output = scene.run("search --platform twitch --upstream UPSTREAM --target 50 --format ndjson fitness yoga");
    let (code, said) = ended(&output);
    assert_ne!(code, 0, "{said}");
    assert!(said.contains("the token endpoint refuses the id or the secret: HTTP 401"), "{said}");
    assert_eq!((calls(&scene, "twitch", "token"), calls(&scene, "twitch", "search")), (1, 0));
}

#[test]
fn a_token_endpoint_that_is_down_for_a_moment_is_asked_again() {
    let scene = Scene::failing(&["token:unavailable=0.6"]);
    let output = scene.run("search --platform twitch --upstream UPSTREAM --expand off --target 50 --format ndjson fitness yoga");
    let (code, said) = ended(&output);
    assert_eq!((code, distinct(&records(&output.stdout))), (0, 50), "{said}");
    assert!(calls(&scene, "twitch", "token") > 1, "it was never down");
}

#[test]
fn every_call_is_signed_so_that_the_platform_accepts_it() {
    let scene = Scene::new();
    let output = scene.run("search --platform podcastindex --upstream UPSTREAM --target 300 --format ndjson fitness yoga");
    let (code, said) = ended(&output);
    assert_eq!(code, 0, "{said}");
    let records = records(&output.stdout);
    assert_eq!((records.len(), distinct(&records)), (300, 300));
    let statuses = &scene.upstream().counters().platforms["podcastindex"].statuses;
    assert_eq!(statuses.keys().collect::<Vec<_>>(), [&200]);
}
