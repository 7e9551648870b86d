//! Platforms that fail: what was found stays, what is missing is said.

use scout_upstream::{FaultRule, Options, start};
use serde_json::Value;

use crate::api::{Api, check_ended, creators};
use crate::worker::Worker;

async fn search_under(faults: &[&str], platform: &str, target: u32) -> Value {
    let faults = faults.iter().map(|rule| rule.parse::<FaultRule>().unwrap()).collect();
    let upstream = start(Options { faults, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search(platform, &["fitness", "yoga"], target).await;
    let mut status = api.ended(&id).await;
    check_ended(&status);
    status["job"] = api.get(&format!("/api/v2/jobs/{id}")).await.json();
    status
}

/// Why keywords failed, by reason.
fn reasons(status: &Value) -> Vec<&str> {
    let outcomes = status["job"]["keywords"].as_array().unwrap().iter().map(|keyword| &keyword["outcome"]);
    outcomes.filter(|outcome| outcome["kind"] == "failed").map(|outcome| outcome["reason"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_cut_off_fail_their_keywords_and_are_not_taken_for_nothing_found() {
    let status = search_under(&["search:truncated=1"], "bluesky", 30).await;
    assert_eq!(status["status"], "error");
    assert!(!reasons(&status).is_empty() && reasons(&status).iter().all(|reason| *reason == "malformed"), "{status}");
    assert_eq!(status["error"]["reason"], "malformed");
    assert_eq!(status["shortfall"]["missing"], 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn some_answers_that_are_cut_off_leave_a_job_complete_or_honestly_partial() {
    let status = search_under(&["truncated=0.3"], "tiktok", 40).await;
    let failed = status["progress"]["keywordsFailed"].as_u64().unwrap();
    let lost = creators(&status).iter().filter(|creator| creator["enrichment"]["outcome"] == "failed").count();
    assert_eq!(status["status"] == "partial", failed > 0 || lost > 0, "{}", crate::api::without_creators(status));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_is_down_now_and_then_is_asked_again_until_all_is_there() {
    let status = search_under(&["unavailable=0.3"], "bluesky", 60).await;
    assert_eq!((status["status"].as_str(), creators(&status).len()), (Some("completed"), 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_limits_its_callers_is_asked_again_later() {
    let status = search_under(&["search:rate-limited=0.5"], "bluesky", 60).await;
    assert_eq!((status["status"].as_str(), creators(&status).len()), (Some("completed"), 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_purse_stops_the_job_at_once_and_is_named() {
    let status = search_under(&["out-of-credit=1"], "tiktok", 40).await;
    assert_eq!((status["status"].as_str(), status["error"]["reason"].as_str()), (Some("error"), Some("out_of_credit")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let status = search_under(&["search:oversized=1"], "bluesky", 30).await;
    assert_eq!(status["status"], "error");
    assert!(status["error"]["detail"].as_str().unwrap().contains("longer than"), "{}", status["error"]);
}
