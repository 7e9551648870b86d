//! Searches from their dispatch to their end.

use std::time::Instant;

use scout_upstream::{Options, start};

use crate::api::{Api, check_completed, creators, is_final};
use crate::worker::Worker;

#[tokio::test(flavor = "multi_thread")]
async fn a_search_whose_profiles_come_in_batches_ends_with_exactly_its_target() {
    let upstream = start(Options::default()).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let began = Instant::now();
    let id = api.search("bluesky", &["fitness", "yoga"], 100).await;
    let answered = began.elapsed();
    let status = api.ended(&id).await;
    eprintln!("answered after {answered:?}, over after {:?}: {}", began.elapsed(), status["benchmark"]);
    check_completed(&status, 100);
    assert_eq!(upstream.counters().duplicates, 0, "no call was made twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_whose_profiles_come_one_by_one_ends_with_exactly_its_target() {
    let upstream = start(Options::default()).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search("tiktok", &["fitness", "yoga"], 150).await;
    let status = api.ended(&id).await;
    check_completed(&status, 150);
    assert_eq!(status["benchmark"]["apiCalls"], upstream.counters().calls, "every call is counted, and nothing else");
    let with_content = creators(&status).iter().filter(|creator| creator["content"]["statistics"]["views"].as_u64() >= Some(1_000)).count();
    assert_eq!(with_content, 150, "fewer views than asked for were left out");
}

#[tokio::test(flavor = "multi_thread")]
async fn creators_are_shown_before_the_job_is_over() {
    let upstream = start(Options { latency_ms: 400, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search("tiktok", &["yoga"], 40).await;
    let first = api.status_when(&id, |status| !creators(status).is_empty()).await;
    assert!(!is_final(&first));
    check_completed(&api.ended(&id).await, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_jobs_at_once_both_end_with_exactly_their_targets() {
    let upstream = start(Options { latency_ms: 50, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let one = api.search("bluesky", &["fitness", "yoga"], 120).await;
    let two = api.search("tiktok", &["fitness", "yoga"], 60).await;
    check_completed(&api.ended(&one).await, 120);
    check_completed(&api.ended(&two).await, 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_by_offset_and_by_cursor_hold_every_creator_once_in_order() {
    let upstream = start(Options::default()).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search("bluesky", &["fitness", "yoga"], 50).await;
    let all = api.ended(&id).await;
    let mut seen = Vec::new();
    let mut next = Some("0".to_owned());
    while let Some(cursor) = next {
        let page = api.get(&format!("/api/v2/status?jobId={id}&limit=20&cursor={cursor}")).await.json();
        let by_offset = api.get(&format!("/api/v2/status?jobId={id}&limit=20&offset={}", seen.len())).await.json();
        assert_eq!(creators(&page), creators(&by_offset));
        seen.extend_from_slice(creators(&page));
        next = page["pagination"]["nextCursor"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, creators(&all));
    let counts = api.get(&format!("/api/v2/status?jobId={id}&limit=0")).await.json();
    assert!(creators(&counts).is_empty());
    assert_eq!(counts["totalCreators"], 50);
}
