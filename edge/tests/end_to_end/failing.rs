//! Platforms that fail: what was found stays, what is missing is said, and nobody is asked more than allowed.

use std::collections::BTreeSet;

use scout_upstream::{Counters, FaultRule, Faults, Options, start};
use serde_json::{Value, json};

use crate::api::{Api, check_completed, check_ended, check_outcomes, creators, reasons, without_creators};
use crate::worker::Worker;

/// Keywords of one job that are searched at the same time.
const WINDOW: usize = 16;

/// A job that is over, and what the platform saw of it.
struct Run {
    status: Value,
    job: Value,
    counters: Counters,
}

impl Run {
    /// Runs a search while these things go wrong, and checks what holds of every job that is over.
    async fn under(faults: &[&str], options: Options, wish: Value) -> Run {
        let faults = faults.iter().map(|rule| rule.parse::<FaultRule>().unwrap()).collect();
        let upstream = start(Options { faults, ..options }).await.unwrap();
        let worker = Worker::over(&upstream);
        let api = Api::at(&worker.url);
        let id = api.begin(wish).await;
        let status = api.ended(&id).await;
        let job = api.job(&id).await;
        check_ended(&status);
        check_outcomes(&job);
        let counters = upstream.counters();
        assert!(calls(&status) <= counters.calls, "{counters:?}");
        Run { status, job, counters }
    }

    async fn search(faults: &[&str], platform: &str, target: u32) -> Run {
        let wish = json!({ "platform": platform, "keywords": ["fitness", "yoga"], "targetResults": target });
        Run::under(faults, Options::default(), wish).await
    }

    fn word(&self) -> &str {
        self.status["status"].as_str().unwrap()
    }

    /// Why the job has nothing, by the reason of its error.
    fn error(&self) -> Option<&str> {
        self.status["error"]["reason"].as_str()
    }

    /// Checks that the job has nothing, that every keyword failed for this reason, and that none is called empty.
    fn check_failed_by(&self, reason: &str) {
        assert_eq!((self.word(), self.error()), ("error", Some(reason)), "{}", self.job);
        let failed = reasons(&self.job);
        assert_eq!(failed, vec![reason; self.keywords()], "{}", self.job);
        assert_eq!(self.status["shortfall"]["missing"], self.status["targetResults"]);
    }

    fn keywords(&self) -> usize {
        self.job["keywords"].as_array().unwrap().len()
    }

    fn happened(&self, fault: &str) -> u64 {
        self.counters.faults.get(fault).copied().unwrap_or_default()
    }
}

/// Upstream calls that a job knows of.
fn calls(status: &Value) -> u64 {
    status["benchmark"]["apiCalls"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_cut_off_fail_their_keywords_and_are_not_taken_for_nothing_found() {
    let run = Run::search(&["search:truncated=1"], "bluesky", 30).await;
    run.check_failed_by("malformed");
    assert_eq!(run.counters.calls, run.keywords() as u64, "an answer of another shape is not asked for again");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_html_fail_their_keywords_and_are_not_taken_for_nothing_found() {
    let run = Run::search(&["search:html=1"], "tiktok", 30).await;
    assert_eq!(run.word(), "error");
    assert_eq!(reasons(&run.job).len(), run.keywords(), "{}", run.job);
    assert_eq!(reasons(&run.job).into_iter().collect::<BTreeSet<_>>().len(), 1, "{}", run.job);
    assert!(calls(&run.status) == run.counters.calls && run.counters.duplicates_after_success == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn some_answers_that_are_cut_off_leave_a_job_complete_or_honestly_partial() {
    let run = Run::search(&["truncated=0.3"], "tiktok", 40).await;
    let failed = run.status["progress"]["keywordsFailed"].as_u64().unwrap();
    let lost = creators(&run.status).iter().filter(|creator| creator["enrichment"]["outcome"] == "failed").count();
    assert_eq!(run.word() == "partial", failed > 0 || lost > 0, "{}", without_creators(run.status));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_is_down_now_and_then_is_asked_again_until_all_is_there() {
    let run = Run::search(&["unavailable=0.3"], "bluesky", 60).await;
    check_completed(&run.status, 60);
    assert!(run.happened("unavailable") > 0);
    assert_eq!((calls(&run.status), run.counters.duplicates_after_success), (run.counters.calls, 0), "no right answer is asked for twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_stays_down_is_soon_not_asked_any_more_and_never_said_to_have_nothing() {
    let wish = json!({ "platform": "bluesky", "keywords": ["fitness", "yoga"], "targetResults": 30, "enableExpansion": false });
    let run = Run::under(&["search:unavailable=1"], Options::default(), wish).await;
    run.check_failed_by("unavailable");
    // Five failures in a row end it. Of two keywords, one may be under way just then, and one more finds out later whether
    // it works again.
    assert!((5..=8).contains(&run.counters.calls), "{:?}", run.counters);
    assert_eq!(calls(&run.status), run.counters.calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_limits_its_callers_is_asked_again_when_it_said_so_and_not_before() {
    for platform in ["tiktok", "bluesky"] {
        let wish = json!({ "platform": platform, "keywords": ["fitness", "yoga"], "targetResults": 30 });
        let run = Run::under(&["rate-limited=0.3"], Options { retry_after_s: 3, ..Options::default() }, wish).await;
        check_completed(&run.status, 30);
        assert!(run.happened("rate-limited") > 0);
        assert_eq!((run.counters.too_early, calls(&run.status)), (0, run.counters.calls), "{platform}: {:?}", run.counters);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_refused_stop_the_job_at_once_and_are_named() {
    let run = Run::search(&["unauthorized=1"], "tiktok", 1_000).await;
    run.check_failed_by("unauthorized");
    assert!(run.keywords() > WINDOW && run.counters.calls <= WINDOW as u64, "only what was under way already: {:?}", run.counters);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_purse_stops_the_job_at_once_and_is_named() {
    let run = Run::search(&["out-of-credit=1"], "tiktok", 1_000).await;
    run.check_failed_by("out_of_credit");
    assert!(run.keywords() > WINDOW && run.counters.calls <= WINDOW as u64, "only what was under way already: {:?}", run.counters);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purse_that_empties_between_search_and_profiles_keeps_what_was_found() {
    let run = Run::search(&["profiles:out-of-credit=1"], "tiktok", 20).await;
    assert_eq!((run.word(), run.error()), ("partial", Some("out_of_credit")), "{}", run.job);
    assert!(!creators(&run.status).is_empty());
    for creator in creators(&run.status) {
        assert_eq!((&creator["enrichment"]["outcome"], &creator["enrichment"]["reason"]), (&json!("failed"), &json!("out_of_credit")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let run = Run::search(&["search:oversized=1"], "bluesky", 30).await;
    run.check_failed_by("malformed");
    assert!(run.status["error"]["detail"].as_str().unwrap().contains("longer than"), "{}", run.status["error"]);
    assert_eq!(run.counters.calls, run.keywords() as u64, "it is not asked for again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_another_host_is_not_followed() {
    let run = Run::search(&["search:redirect=1"], "tiktok", 30).await;
    run.check_failed_by("other");
    assert_eq!(run.counters.elsewhere, 0, "nobody asked there");
    assert_eq!(run.counters.calls, run.keywords() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_of_profiles_are_not_followed_either_and_each_creator_says_so() {
    let run = Run::search(&["profiles:redirect=1"], "bluesky", 30).await;
    assert_eq!((run.word(), creators(&run.status).len(), run.counters.elsewhere), ("partial", 30, 0));
    assert!(creators(&run.status).iter().all(|creator| creator["enrichment"]["reason"] == "other"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_hangs_is_hung_up_and_the_call_made_again() {
    let upstream = start(Options { faults: ["hang=1".parse().unwrap()].into_iter().collect(), ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let api = Api::at(&worker.url);
    let id = api.begin(json!({ "platform": "bluesky", "keywords": ["yoga"], "targetResults": 30, "enableExpansion": false })).await;
    api.status_when(&id, |_| upstream.counters().faults.contains_key("hang")).await;
    upstream.set_faults(Faults::none());
    let status = api.ended(&id).await;
    check_completed(&status, 30);
    check_outcomes(&api.job(&id).await);
    let counters = upstream.counters();
    assert_eq!((counters.faults["hang"], counters.duplicates, counters.in_flight), (1, 1, 0), "nothing is left open: {counters:?}");
    assert_eq!(calls(&status), counters.calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_whose_connections_hang_are_read_by_another_call() {
    let run = Run::search(&["profiles:hang=0.1"], "tiktok", 30).await;
    check_completed(&run.status, 30);
    assert!(run.happened("hang") > 0);
    assert_eq!((run.counters.in_flight, calls(&run.status)), (0, run.counters.calls), "{:?}", run.counters);
    assert_eq!(run.counters.duplicates, run.happened("hang"), "only what hung is asked for again");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_are_tried_again_until_all_is_there() {
    let run = Run::search(&["disconnect=0.15"], "tiktok", 30).await;
    check_completed(&run.status, 30);
    assert!(run.happened("disconnect") > 0);
    assert_eq!(calls(&run.status), run.counters.calls);
}
