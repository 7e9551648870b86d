//! Many jobs over one upstream: what one has read nobody asks again, and nobody asks more than is allowed.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::future::join_all;
use scout_upstream::{Counters, Faults, Options, Running, start};
use serde_json::{Value, json};

use crate::api::{Api, JOB_MAX, check_completed, check_ended, check_outcomes, creators, reasons, without_creators};
use crate::authorizing::deployment;
use crate::issuer::{By, good};
use crate::worker::{Worker, local};

/// More than any keyword reaches: all pages are read, whatever comes first.
const ALL: u32 = 5_000;

async fn platforms(faults: &[&str], options: Options) -> Running {
    start(Options { faults: faults.iter().map(|rule| rule.parse().unwrap()).collect(), ..options }).await.unwrap()
}

/// A search for one keyword and nothing further.
fn wish(platform: &str, keyword: &str, target: u32) -> Value {
    json!({ "platform": platform, "keywords": [keyword], "targetResults": target, "enableExpansion": false, "minViews": 0 })
}

async fn search(api: &Api, wish: Value) -> Value {
    let id = api.begin(wish).await;
    let status = api.ended(&id).await;
    check_ended(&status);
    check_outcomes(&api.job(&id).await);
    status
}

fn keys(status: &Value) -> BTreeSet<&str> {
    creators(status).iter().map(|creator| creator["mergeKey"].as_str().unwrap()).collect()
}

fn served(counters: &Counters, status: u16) -> u64 {
    counters.platforms.values().filter_map(|platform| platform.statuses.get(&status)).sum()
}

/// The budget of the upstream of a platform.
async fn budget(api: &Api, platform: &str) -> Value {
    let answer = Api::of_operator(&api.url).get("/api/v2/operator/upstreams").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let json = answer.json();
    let upstreams = json["upstreams"].as_array().unwrap();
    let one = upstreams.iter().find(|upstream| upstream["platforms"] == json!([platform]));
    one.unwrap_or_else(|| panic!("{json}"))["budget"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_another_account_made_before_makes_no_call_and_finds_the_same() {
    const SECRET: &str = "a secret of the tests of 32 bytes or more";
    let upstream = platforms(&[], Options::default()).await;
    let url = upstream.url();
    let worker = Worker::start(&deployment(&url, ("SCOUT_JWT_SECRET", SECRET)));
    let [ana, berta] = ["ana", "berta"].map(|name| Api::as_bearer(&worker.url, Some(&good(By::Secret(SECRET), name))));
    let first = search(&ana, wish("tiktok", "yoga", ALL)).await;
    let calls = upstream.counters().calls;
    let second = search(&berta, wish("tiktok", "yoga", ALL)).await;
    assert_eq!(upstream.counters().calls, calls);
    assert_eq!((&second["benchmark"]["apiCalls"], &first["benchmark"]["apiCalls"]), (&json!(0), &json!(calls)));
    assert_eq!(second["benchmark"]["cachedAnswers"], calls, "{}", second["benchmark"]);
    assert_eq!((keys(&first), &first["status"]), (keys(&second), &second["status"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_it_fresh_makes_every_call_again() {
    let upstream = platforms(&[], Options::default()).await;
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    search(&api, wish("tiktok", "yoga", ALL)).await;
    let calls = upstream.counters().calls;
    let mut fresh = wish("tiktok", "yoga", ALL);
    fresh["maxAge"] = json!(0);
    let status = search(&api, fresh).await;
    assert_eq!((upstream.counters().calls, &status["benchmark"]["apiCalls"]), (2 * calls, &json!(calls)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_searches_for_the_same_at_the_same_time_make_as_many_calls_as_one() {
    let alone = platforms(&[], Options::default()).await;
    let worker = Worker::over(&alone);
    search(&Api::at(&worker.url), wish("dailymotion", "yoga", ALL)).await;
    let upstream = platforms(&[], Options { latency_ms: 200, ..Options::default() }).await;
    let worker = worker.restart(&local(&upstream.url()));
    let api = Api::at(&worker.url);
    let found = join_all((0..100).map(|_| search(&api, wish("dailymotion", "yoga", ALL)))).await;
    let calls = alone.counters().calls;
    assert!(calls > 1, "a search of several pages, made by whoever comes first to each");
    assert_eq!(upstream.counters().calls, calls);
    assert!(found.iter().all(|status| keys(status) == keys(&found[0]) && status["status"] == "completed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_that_several_want_at_the_same_time_are_called_for_once() {
    let upstream = platforms(&[], Options { latency_ms: 100, ..Options::default() }).await;
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let found = join_all((0..6).map(|_| search(&api, wish("tiktok", "chess", ALL)))).await;
    let counters = upstream.counters();
    assert_eq!(counters.duplicates, 0, "{counters:?}");
    let told: u64 = found.iter().map(|status| status["benchmark"]["apiCalls"].as_u64().unwrap()).sum();
    assert_eq!(told, counters.calls);
    assert!(found.iter().all(|status| keys(status) == keys(&found[0]) && status["status"] == found[0]["status"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_says_to_wait_makes_all_jobs_wait_and_fails_none() {
    let upstream = platforms(&["rate-limited=1"], Options { retry_after_s: 3, ..Options::default() }).await;
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let first = api.begin(wish("mastodon", "yoga", ALL)).await;
    api.status_when(&first, |_| upstream.counters().faults.contains_key("rate-limited")).await;
    upstream.set_faults(Faults::none());
    let words = ["chess", "baking", "sewing", "hiking", "drums", "pottery"];
    let found = join_all(words.map(|word| search(&api, wish("mastodon", word, ALL)))).await;
    assert!(found.iter().all(|status| status["status"] == "completed"));
    assert_eq!(api.ended(&first).await["status"], "completed");
    let counters = upstream.counters();
    assert_eq!((served(&counters, 429), counters.too_early), (1, 0), "{counters:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_is_down_is_not_called_until_one_call_finds_that_it_works_again() {
    let upstream = platforms(&["unavailable=1"], Options::default()).await;
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    // One keyword is tried five times, which is as often as it takes.
    let id = api.begin(wish("mastodon", "yoga", ALL)).await;
    let down = api.ended(&id).await;
    assert_eq!((&down["status"], reasons(&api.job(&id).await)), (&json!("error"), vec!["unavailable"]));
    assert_eq!((upstream.counters().calls, &budget(&api, "mastodon").await["gate"]["state"]), (5, &json!("closed")));
    let id = api.begin(wish("mastodon", "chess", ALL)).await;
    api.status_when(&id, |status| status["status"] == "searching" || status["status"] == "error").await;
    assert_eq!(upstream.counters().calls, 5, "nobody calls while the gate is closed");
    upstream.set_faults(Faults::none());
    let began = Instant::now();
    while budget(&api, "mastodon").await["gate"]["state"] == "closed" {
        assert!(began.elapsed() < JOB_MAX, "the gate stays closed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let found = join_all(["baking", "sewing", "drums"].map(|word| search(&api, wish("mastodon", word, ALL)))).await;
    assert!(
        found.iter().all(|status| status["status"] == "completed"),
        "{:?}",
        found.into_iter().map(without_creators).collect::<Vec<_>>()
    );
    assert_eq!(budget(&api, "mastodon").await["gate"]["state"], "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_used_up_ends_jobs_with_that_reason_and_stays_used_up_over_a_restart() {
    let upstream = platforms(&[], Options::default()).await;
    let url = upstream.url();
    let variables: Vec<_> = local(&url).into_iter().chain([("SCOUT_BUDGET_TIKTOK_API", "daily=2")]).collect();
    let worker = Worker::start(&variables);
    let api = Api::at(&worker.url);
    let first = search(&api, wish("tiktok", "yoga", ALL)).await;
    assert_eq!(
        (&first["status"], &first["error"]["reason"]),
        (&json!("partial"), &json!("out_of_credit")),
        "{}",
        without_creators(first.clone())
    );
    assert!(first["error"]["detail"].as_str().unwrap().contains("the 2 calls that a day has are used until"), "{}", first["error"]);
    assert!(!creators(&first).is_empty(), "what was found stays");
    let worker = worker.restart(&variables);
    let api = Api::at(&worker.url);
    let second = search(&api, wish("tiktok", "chess", ALL)).await;
    assert_eq!((&second["status"], &second["error"]["reason"]), (&json!("error"), &json!("out_of_credit")));
    assert_eq!((upstream.counters().calls, &budget(&api, "tiktok").await["callsToday"]), (2, &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_calls_are_under_way_than_an_upstream_allows() {
    let upstream = platforms(&[], Options { latency_ms: 100, ..Options::default() }).await;
    let url = upstream.url();
    let variables: Vec<_> = local(&url).into_iter().chain([("SCOUT_BUDGET_TIKTOK_API", "concurrent=3")]).collect();
    let worker = Worker::start(&variables);
    let api = Api::at(&worker.url);
    let found = join_all(["yoga", "chess"].map(|word| search(&api, wish("tiktok", word, 25)))).await;
    found.iter().for_each(|status| check_completed(status, 25));
    assert!(upstream.counters().in_flight_max <= 3, "{:?}", upstream.counters());
}
