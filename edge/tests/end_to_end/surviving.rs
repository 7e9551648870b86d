//! What a job goes through: kill -9, an object that goes out of memory, messages that come twice, and messages
//! that nobody can process.

use std::collections::BTreeSet;

use scout_upstream::{Options, Running, start};
use serde_json::{Value, json};

use crate::api::{Api, JOB_MAX, check_completed, check_ended, check_outcomes, creators, is_final};
use crate::worker::{Worker, local, with_faults};

/// A moment of a job: what its status is at the earliest.
struct Moment {
    target: u64,
    counter: &'static str,
    least: u64,
}

const fn moment(target: u64, counter: &'static str, least: u64) -> Moment {
    Moment { target, counter, least }
}

/// Ten moments, from the answer to the dispatch to the last profiles.
const MOMENTS: [Moment; 10] = [
    moment(30, "creatorsFound", 0),
    moment(90, "keywordsDispatched", 3),
    moment(30, "creatorsFound", 1),
    moment(90, "creatorsFound", 30),
    moment(90, "creatorsFound", 60),
    moment(60, "keywordsCompleted", 1),
    moment(60, "creatorsFound", 60),
    moment(120, "creatorsEnriched", 1),
    moment(120, "creatorsEnriched", 40),
    moment(150, "creatorsEnriched", 80),
];

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_are_killed_at_ten_moments_end_exact_with_nobody_asking() {
    let upstream = start(Options { latency_ms: 300, jitter_ms: 500, ..Options::default() }).await.unwrap();
    let url = upstream.url();
    let mut worker = Worker::start(&local(&url));
    let mut jobs = Vec::new();
    for (number, moment) in MOMENTS.iter().enumerate() {
        let api = Api::at(&worker.url);
        // One job for each moment; those of the moments before go through this one as well, wherever they are.
        let first = format!("fitness {number}");
        let id = api.search("tiktok", &[&first, "yoga"], moment.target as u32).await;
        let cut = api.status_when(&id, |status| status["progress"][moment.counter].as_u64() >= Some(moment.least)).await;
        assert!(!is_final(&cut), "it is killed in the middle: {}", cut["progress"]);
        jobs.push((id, moment.target as usize));
        worker = worker.restart(&local(&url));
    }
    let api = Api::at(&worker.url);
    let (last, _) = jobs.last().unwrap();
    // The object says in the log that its job is over; no request is made before that.
    assert_eq!(worker.wait_for_log(&format!("the job {last} ended: "), JOB_MAX), "Completed");
    for (id, target) in &jobs {
        check_completed(&api.ended(id).await, *target);
        check_outcomes(&api.job(id).await);
    }
    assert_eq!(upstream.counters().in_flight, 0, "nobody asks for a job that is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_object_goes_out_of_memory_again_and_again_ends_exact() {
    let upstream = start(Options { latency_ms: 300, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.search("tiktok", &["fitness", "yoga"], 80).await;
    let mut lives = BTreeSet::new();
    for (counter, least) in [("keywordsDispatched", 2), ("creatorsFound", 1), ("creatorsFound", 60), ("creatorsEnriched", 1)] {
        let status = api.status_when(&id, |status| status["progress"][counter].as_u64() >= Some(least)).await;
        assert!(!is_final(&status), "{}", status["progress"]);
        let answer = api.post(&format!("/api/v2/_fault/evict/{id}")).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        lives.insert(answer.json()["inMemorySince"].as_u64().unwrap());
    }
    assert_eq!(lives.len(), 4, "it has been another one each time");
    check_completed(&api.ended(&id).await, 80);
    check_outcomes(&api.job(&id).await);
}

/// Runs a search over a Worker in which something goes wrong.
async fn search_with(faults: &str, upstream: &Running, wish: Value) -> (Worker, String, Value) {
    let worker = Worker::start(&with_faults(&upstream.url(), faults));
    let api = Api::at(&worker.url);
    let id = api.begin(wish).await;
    let status = api.ended(&id).await;
    check_ended(&status);
    check_outcomes(&api.job(&id).await);
    (worker, id, status)
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_twice_cost_no_call_and_no_creator() {
    for (platform, target) in [("tiktok", 80), ("bluesky", 200)] {
        let upstream = start(Options { latency_ms: 50, ..Options::default() }).await.unwrap();
        let wish = json!({ "platform": platform, "keywords": ["fitness", "yoga"], "targetResults": target });
        let (_worker, _, status) = search_with("send-twice", &upstream, wish).await;
        check_completed(&status, target);
        let counters = upstream.counters();
        assert_eq!((counters.duplicates, &status["benchmark"]["apiCalls"]), (0, &json!(counters.calls)), "{counters:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyword_whose_message_nobody_survives_ends_as_lost_and_takes_no_other_with_it() {
    let upstream = start(Options::default()).await.unwrap();
    let wish = json!({ "platform": "bluesky", "keywords": ["fitness", "yoga", "chess"], "targetResults": 400, "enableExpansion": false });
    let (worker, id, status) = search_with("panic-task=1", &upstream, wish).await;
    let job = Api::at(&worker.url).job(&id).await;
    assert_eq!((status["status"].as_str(), status["shortfall"]["reason"].as_str()), (Some("partial"), Some("lost")), "{job}");
    let outcome = |place: usize| &job["keywords"][place]["outcome"];
    let lost = json!({ "kind": "failed", "reason": "lost", "detail": "the message of this keyword could not be processed" });
    assert_eq!(outcome(1), &lost);
    assert_eq!((&outcome(0)["kind"], &outcome(2)["kind"]), (&json!("ok"), &json!("ok")), "{job}");
    assert!(upstream.served().iter().all(|call| call.query.iter().all(|(_, value)| value != "yoga")));
    // What is wrong is put right, and the job goes on.
    let worker = worker.restart(&local(&upstream.url()));
    let api = Api::at(&worker.url);
    assert_eq!(api.post(&format!("/api/v2/jobs/{id}/retry")).await.status, 202);
    let status = api.ended(&id).await;
    assert_eq!(status["status"], "completed");
    let found = creators(&status).iter().filter(|creator| creator["keyword"] == "yoga").count();
    assert!(found > 0, "the keyword that was lost has been searched");
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_whose_message_nobody_survives_end_as_lost_and_the_creators_stay() {
    let upstream = start(Options::default()).await.unwrap();
    // The keyword is task 0, the only batch of profiles task 1.
    let wish = json!({ "platform": "tiktok", "keywords": ["yoga"], "targetResults": 8, "enableExpansion": false });
    let (_worker, _, status) = search_with("panic-task=1", &upstream, wish).await;
    assert_eq!((status["status"].as_str(), creators(&status).len()), (Some("partial"), 8));
    for creator in creators(&status) {
        assert_eq!((&creator["enrichment"]["outcome"], &creator["enrichment"]["reason"]), (&json!("failed"), &json!("lost")));
    }
    assert_eq!(upstream.counters().calls, 1, "nobody was asked about a profile");
}
