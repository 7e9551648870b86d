//! A panic is an error and never a hang, and what comes after it works.

use scout_upstream::{Options, start};

use crate::api::{Api, check_completed, creators};
use crate::worker::Worker;

/// Panics at a place while a job is under way, and checks that only the panicking call is lost.
async fn survives_a_panic_in(place: &str, status: u16) {
    let upstream = start(Options { latency_ms: 200, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let before = api.search("tiktok", &["yoga"], 30).await;
    api.status_when(&before, |status| !creators(status).is_empty()).await;
    let answer = api.post(&format!("/api/v2/_fault/panic/{place}")).await;
    assert_eq!(answer.status, status, "{answer:?}");
    if status == 500 {
        assert_eq!(answer.problem()["code"], "internal");
    } else {
        worker.wait_for_log("on purpose", crate::api::JOB_MAX);
    }
    assert_eq!(api.get("/api/v2/platforms").await.status, 200, "the next call works");
    let after = api.search("bluesky", &["fitness"], 20).await;
    check_completed(&api.ended(&after).await, 20);
    check_completed(&api.ended(&before).await, 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_handler_is_an_error_and_jobs_go_on() {
    survives_a_panic_in("handler", 500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_an_object_is_an_error_and_jobs_go_on() {
    survives_a_panic_in("object", 500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_consumer_is_an_error_and_jobs_go_on() {
    survives_a_panic_in("consumer", 202).await;
}
