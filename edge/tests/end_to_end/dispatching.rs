//! Beginning a job.

use scout_upstream::{Options, start};
use serde_json::json;

use crate::api::{Api, check_completed, creators};
use crate::worker::Worker;

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_waits_for_no_upstream_call_and_says_where_to_look() {
    let upstream = start(Options { latency_ms: 20_000, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let body = json!({ "platform": "bluesky", "keywords": ["  hot   yoga", "Hot Yoga", "pilates"], "targetResults": 100 });
    let answer = api.dispatch(body.to_string()).await;
    // Upstream calls of this job may have begun by now, but none can have been answered yet.
    let counters = upstream.counters();
    assert_eq!(counters.calls, counters.in_flight);
    assert_eq!(answer.status, 202, "{answer:?}");
    let json = answer.json();
    let id = json["jobId"].as_str().unwrap();
    assert_eq!(answer.headers["location"], format!("/api/v2/jobs/{id}"));
    assert_eq!(json["links"]["status"], format!("/api/v2/status?jobId={id}"));
    assert_eq!(json["keywords"], json!(["hot yoga", "pilates"]));
    assert_eq!((&json["status"], &json["platform"], &json["targetResults"]), (&json!("pending"), &json!("bluesky"), &json!(100)));
    assert!(json["estimate"]["upstreamCalls"].as_u64().unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_job_can_be_asked_about_at_once() {
    let upstream = start(Options { latency_ms: 20_000, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search("bluesky", &["yoga"], 50).await;
    let status = api.status(&id).await;
    assert_eq!((&status["jobId"], &status["targetResults"]), (&json!(id), &json!(50)));
    assert!(creators(&status).is_empty());
    let job = api.get(&format!("/api/v2/jobs/{id}")).await.json();
    assert_eq!(job["keywords"][0]["keyword"], "yoga");
    assert_eq!(job["keywords"][0]["origin"], json!({ "kind": "given" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_cancelled_keeps_what_it_found_and_calls_nobody_any_more() {
    let upstream = start(Options { latency_ms: 300, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search("tiktok", &["yoga", "pilates"], 2_000).await;
    api.status_when(&id, |status| !creators(status).is_empty()).await;
    let cancelled = api.post(&format!("/api/v2/jobs/{id}/cancel")).await;
    assert_eq!((cancelled.status, &cancelled.json()["status"]), (200, &json!("cancelled")));
    let status = api.status(&id).await;
    assert_eq!(status["status"], "cancelled");
    assert!(!creators(&status).is_empty());
    let again = api.post(&format!("/api/v2/jobs/{id}/cancel")).await;
    assert_eq!((again.status, &again.json()["version"]), (200, &status["version"]), "cancelling twice changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_that_are_installed_are_listed_with_what_they_need() {
    // The secret is set to nothing, whatever the machine's own environment says.
    let worker = Worker::start(&[("SCOUT_ENV", "local"), ("SCRAPECREATORS_API_KEY", "")]);
    let api = Api::at(&worker.url);
    let json = api.get("/api/v2/platforms").await.json();
    let platforms = json["platforms"].as_array().unwrap();
    let of = |name: &str| platforms.iter().find(|platform| platform["platform"] == name).unwrap();
    assert_eq!((&of("bluesky")["label"], &of("bluesky")["ready"]), (&json!("Bluesky"), &json!(true)));
    assert_eq!((&of("tiktok")["ready"], &of("tiktok")["missingSecrets"]), (&json!(false), &json!(["SCRAPECREATORS_API_KEY"])));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unexpanded_search_keeps_to_the_given_keywords() {
    let upstream = start(Options::default()).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.begin(json!({ "platform": "bluesky", "keywords": ["hot yoga"], "targetResults": 20, "enableExpansion": false })).await;
    let status = api.ended(&id).await;
    check_completed(&status, 20);
    assert_eq!(status["progress"]["keywordsDispatched"], 1);
}
