//! Running again what failed, and nothing else.

use std::collections::BTreeSet;

use scout_upstream::{Faults, Options, Running, start};
use serde_json::{Value, json};

use crate::api::{Answer, Api, check_completed, check_ended, check_outcomes, creators};
use crate::worker::Worker;

async fn failing(fault: &str) -> Running {
    start(Options { faults: [fault.parse().unwrap()].into_iter().collect(), ..Options::default() }).await.unwrap()
}

async fn retry(api: &Api, job: &str) -> Answer {
    api.post(&format!("/api/v2/jobs/{job}/retry")).await
}

/// Keywords that failed, as they are written.
fn failed(job: &Value) -> BTreeSet<String> {
    let keywords = job["keywords"].as_array().unwrap().iter().filter(|keyword| keyword["outcome"]["kind"] == "failed");
    keywords.map(|keyword| keyword["keyword"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_that_failed_are_read_again_each_with_one_call_and_nothing_else_is() {
    let upstream = failing("profiles:malformed=0.3").await;
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search("tiktok", &["fitness", "yoga"], 60).await;
    let first = api.ended(&id).await;
    check_ended(&first);
    let missing: BTreeSet<&str> = creators(&first)
        .iter()
        .filter(|creator| creator["enrichment"]["outcome"] == "failed")
        .map(|creator| creator["creator"]["username"].as_str().unwrap())
        .collect();
    assert_eq!((first["status"].as_str(), missing.is_empty()), (Some("partial"), false));
    upstream.set_faults(Faults::none());
    upstream.reset();
    let answer = retry(&api, &id).await;
    assert_eq!((answer.status, &answer.json()["jobId"]), (202, &json!(id)));
    let second = api.ended(&id).await;
    check_completed(&second, 60);
    let served = upstream.served();
    let asked: BTreeSet<&str> = served.iter().map(|call| call.query[0].1.as_str()).collect();
    assert!(served.iter().all(|call| call.endpoint == "profiles"), "{served:?}");
    assert_eq!((served.len(), asked), (missing.len(), missing));
    let unchanged = |status: &Value| creators(status).iter().map(|creator| creator["mergeKey"].clone()).collect::<Vec<_>>();
    assert_eq!(unchanged(&first), unchanged(&second));
}

#[tokio::test(flavor = "multi_thread")]
async fn keywords_that_failed_are_searched_again_and_no_other() {
    let upstream = failing("search:truncated=0.5").await;
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let keywords = ["fitness", "yoga", "chess", "pilates", "baking", "sewing"];
    let wish = json!({ "platform": "bluesky", "keywords": keywords, "targetResults": 5_000, "enableExpansion": false });
    let id = api.begin(wish).await;
    check_ended(&api.ended(&id).await);
    let before = failed(&api.job(&id).await);
    assert!(!before.is_empty() && before.len() < keywords.len(), "{before:?}");
    upstream.set_faults(Faults::none());
    upstream.reset();
    assert_eq!(retry(&api, &id).await.status, 202);
    let status = api.ended(&id).await;
    let job = api.job(&id).await;
    check_outcomes(&job);
    assert_eq!((status["status"].as_str(), failed(&job).is_empty()), (Some("completed"), true), "{job}");
    let served = upstream.served();
    let searched = served.iter().filter(|call| call.endpoint == "search").map(|call| call.query.iter().find(|(name, _)| name == "q"));
    assert_eq!(searched.map(|pair| pair.unwrap().1.clone()).collect::<BTreeSet<_>>(), before);
    let reached: BTreeSet<String> =
        keywords.iter().flat_map(|keyword| upstream.reach("bluesky", keyword).unwrap()).map(|known| known.identity).collect();
    let found =
        creators(&status).iter().filter(|creator| reached.contains(creator["mergeKey"].as_str().unwrap().trim_start_matches("bluesky:")));
    assert_eq!(found.count(), creators(&status).len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_runs_one_that_is_complete_and_one_without_calls_are_not_begun_again() {
    let upstream = start(Options::default()).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let complete = api.search("bluesky", &["yoga"], 10).await;
    api.ended(&complete).await;
    check_refused(&retry(&api, &complete).await, "larger target");
    // What is known from before would cost no call.
    let spent = json!({
        "platform": "bluesky", "keywords": ["yoga", "chess"], "targetResults": 5_000, "maxUpstreamCalls": 1, "maxAge": 0,
    });
    let spent = api.begin(spent).await;
    assert_eq!(api.ended(&spent).await["shortfall"]["reason"], "call_budget");
    check_refused(&retry(&api, &spent).await, "maxUpstreamCalls");
    upstream.set_faults(["hang=1".parse().unwrap()].into_iter().collect());
    let running = api.search("bluesky", &["baking"], 10).await;
    check_refused(&retry(&api, &running).await, "/cancel");
    let unknown = retry(&api, "01890a5d-ac96-774b-bcce-b302099a8057").await;
    assert_eq!((unknown.status, unknown.problem()["code"].as_str()), (404, Some("no_such_job")));
}

fn check_refused(answer: &Answer, hint: &str) {
    let problem = answer.problem();
    assert_eq!((answer.status, problem["code"].as_str()), (409, Some("not_retryable")));
    assert!(problem["hint"].as_str().unwrap().contains(hint), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_cancelled_can_go_on() {
    let upstream = start(Options { latency_ms: 300, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search("bluesky", &["yoga", "fitness"], 100).await;
    api.status_when(&id, |status| !creators(status).is_empty()).await;
    assert_eq!(api.post(&format!("/api/v2/jobs/{id}/cancel")).await.json()["status"], "cancelled");
    assert_eq!(retry(&api, &id).await.status, 202);
    check_completed(&api.ended(&id).await, 100);
}
