//! kill -9 in the middle of a job.

use scout_upstream::{Options, start};

use crate::api::{Api, JOB_MAX, check_completed, creators, is_final};
use crate::worker::{Worker, local};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_worker_is_killed_ends_exact_after_a_restart_with_nobody_asking() {
    let upstream = start(Options { latency_ms: 500, ..Options::default() }).await.unwrap();
    let url = upstream.url();
    let worker = Worker::start(&local(&url));
    let api = Api::at(&worker.url);
    let id = api.search("tiktok", &["fitness", "yoga"], 80).await;
    let cut = api.status_when(&id, |status| !creators(status).is_empty()).await;
    assert!(!is_final(&cut), "it is killed in the middle");
    let worker = worker.restart(&local(&url));
    // The object says in the log that its job is over; no request is made before that.
    let ended = worker.wait_for_log(&format!("the job {id} ended: "), JOB_MAX);
    assert_eq!(ended, "Completed");
    check_completed(&Api::at(&worker.url).ended(&id).await, 80);
}
