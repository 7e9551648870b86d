//! A full search of 1 000 on every platform there is. Platforms are those that the API lists; each line of output says what a
//! search cost (`--nocapture`).

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use scout_upstream::{Options, Running, start};
use serde_json::Value;

use crate::api::{Api, JOB_MAX, check_outcomes, creators, is_final};
use crate::worker::Worker;

const TARGET: u32 = 1_000;

/// How many creators the API gives on a page.
const PAGE: usize = 500;

/// Searches that are under way at the same time.
const AT_ONCE: usize = 3;

/// How often a job is asked how it stands.
const AGAIN: Duration = Duration::from_millis(200);

async fn platforms(api: &Api) -> Vec<String> {
    let listed = api.get("/api/v2/platforms").await.json();
    let ready = |platform: &Value| {
        assert_eq!(platform["ready"], true, "{platform}");
        platform["platform"].as_str().unwrap().to_owned()
    };
    let platforms: Vec<_> = listed["platforms"].as_array().unwrap().iter().map(ready).collect();
    assert!(platforms.len() >= 12, "{platforms:?}");
    platforms
}

/// The status of a job that is over, without its creators: a thousand of them, again and again, would measure only themselves.
async fn ended(api: &Api, job: &str) -> Value {
    let began = Instant::now();
    loop {
        let status = api.get(&format!("/api/v2/status?jobId={job}&limit=0")).await.json();
        if is_final(&status) {
            return status;
        }
        assert!(began.elapsed() < JOB_MAX, "the job is not over after {JOB_MAX:?}: {status}");
        tokio::time::sleep(AGAIN).await;
    }
}

/// All creators of a job, page by page.
async fn found(api: &Api, job: &str) -> Vec<Value> {
    let mut found = Vec::new();
    loop {
        let page = api.get(&format!("/api/v2/status?jobId={job}&limit={PAGE}&offset={}", found.len())).await.json();
        match creators(&page) {
            [] => return found,
            creators => found.extend_from_slice(creators),
        }
    }
}

/// Every profile was read, or the platform says that there is none any more.
fn check_profiles(platform: &str, status: &Value, found: &[Value]) {
    let failed = found.iter().map(|creator| &creator["enrichment"]).filter(|enrichment| enrichment["outcome"] == "failed");
    assert_eq!(failed.collect::<Vec<_>>(), Vec::<&Value>::new(), "{platform}");
    assert_eq!(status["status"], "completed", "{platform}: {status}");
}

async fn search(api: &Api, upstream: &Running, platform: &str) {
    let job = api.search(platform, &["fitness", "yoga"], TARGET).await;
    let status = ended(api, &job).await;
    let found = found(api, &job).await;
    check_profiles(platform, &status, &found);
    assert_eq!(status["progress"]["creatorsFound"], TARGET, "{platform}");
    assert_eq!((&status["totalCreators"], found.len()), (&TARGET.into(), TARGET as usize), "{platform}");
    let keys: BTreeSet<_> = found.iter().map(|creator| creator["mergeKey"].as_str()).collect();
    assert_eq!(keys.len(), TARGET as usize, "{platform}: no creator comes twice");
    check_outcomes(&api.job(&job).await);
    let calls = &upstream.counters().platforms[platform].endpoints;
    println!("workerd: {TARGET} creators of {platform}: {} calls {calls:?}", status["benchmark"]["apiCalls"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_platform_gives_exactly_a_thousand_and_makes_no_call_twice() {
    let upstream = start(Options::default()).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let platforms = platforms(&api).await;
    let searches = platforms.iter().map(|platform| search(&api, &upstream, platform));
    futures::stream::iter(searches).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    assert_eq!(upstream.counters().duplicates_after_success, 0, "no call that was answered was made again");
}
