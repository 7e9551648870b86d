//! Jobs that wait for their account, and tasks that wait for a permit or for somebody else's answer.

use super::*;
use crate::limits::{ATTEMPTS_MAX, CALLS_AGAIN_MS, CREATE_MS_MAX, DEFER_MS_MIN, HELD_MS_MAX, JOB_MS_MAX, RETRY_AFTER_MS_MAX};
use crate::trouble::Reason;

const HELD: Wish = Wish {
    keywords: &["yoga", "fitness"],
    target: 100,
    expand: false,
    enrichment: Enrichment::Required(1),
    min_views: None,
    calls: None,
    pages: 5,
    account: Some("ana"),
    waits: true,
};

fn queued_at(stage: &Stage, task: TaskId) -> Time {
    match stage.job.tasks()[task as usize].state {
        State::Queued { at, sends: 0 } => at,
        ref other => panic!("the task does not wait: {other:?}"),
    }
}

#[test]
fn a_job_that_waits_for_its_account_sends_nothing_and_gives_out_nothing() {
    let mut stage = Stage::dispatched(&HELD);
    stage.event(Event::Alarm);
    assert_eq!((stage.job.status(), stage.sent.len(), stage.plans), (Status::Pending, 0, 0));
    assert_eq!(stage.tell(Report::Lease { task: 0 }), Reply::Busy);
    assert_eq!(stage.job.alarm(), Some(stage.now.plus(HELD_MS_MAX)));
}

#[test]
fn it_says_that_it_waits() {
    let view = |stage: &Stage| stage.job.status_view(0, 0, stage.now).message;
    let mut stage = Stage::dispatched(&HELD);
    assert!(view(&stage).contains("waits"), "{}", view(&stage));
    stage.event(Event::Admitted);
    assert!(!view(&stage).contains("waits"), "{}", view(&stage));
}

#[test]
fn once_it_is_admitted_its_alarm_begins_it_and_its_time_counts_from_there() {
    let mut stage = Stage::dispatched(&HELD);
    stage.now = stage.now.plus(HELD_MS_MAX - 1);
    stage.event(Event::Admitted);
    assert_eq!((stage.sent.len(), stage.job.alarm()), (0, Some(stage.now)), "the account is answered first");
    let admitted = stage.now;
    stage.alarm();
    assert_eq!((stage.job.status(), stage.sent.len()), (Status::Searching, 2));
    stage.now = admitted.plus(JOB_MS_MAX - 1);
    stage.event(Event::Alarm);
    assert_eq!(stage.job.status(), Status::Searching);
    stage.now = admitted.plus(JOB_MS_MAX);
    stage.event(Event::Alarm);
    assert_eq!(stage.job.status(), Status::Partial);
}

#[test]
fn being_admitted_twice_changes_nothing() {
    let mut stage = Stage::dispatched(&HELD);
    stage.event(Event::Admitted);
    stage.alarm();
    let (writes, sent) = (stage.writes.len(), stage.sent.len());
    stage.now = stage.now.plus(1_000);
    stage.event(Event::Admitted);
    assert_eq!((stage.writes.len(), stage.sent.len()), (writes, sent));
}

#[test]
fn one_that_waits_too_long_ends_and_says_so() {
    let mut stage = Stage::dispatched(&HELD);
    stage.now = stage.now.plus(HELD_MS_MAX - 1);
    stage.event(Event::Alarm);
    assert_eq!(stage.job.status(), Status::Pending);
    stage.alarm();
    assert_eq!(stage.job.status(), Status::Partial);
    let stopped = stage.job.progress().stopped.clone().unwrap();
    assert_eq!(stopped.reason, Reason::TimeBudget);
    assert!(stopped.detail.contains("waited"), "{}", stopped.detail);
}

#[test]
fn one_that_is_cancelled_while_it_waits_ends_and_frees_what_was_reserved() {
    let mut stage = Stage::dispatched(&HELD);
    stage.event(Event::Cancelled);
    assert_eq!(stage.job.status(), Status::Cancelled);
    let charge = stage.charges.last().unwrap();
    assert_eq!((charge.delivered, charge.closes), (0, true));
    stage.event(Event::Admitted);
    assert_eq!((stage.job.status(), stage.sent.len()), (Status::Cancelled, 0));
}

#[test]
fn another_run_can_wait_too_and_goes_on_where_it_was() {
    let mut stage = Stage::started(&Wish { waits: false, keywords: &["yoga"], ..HELD });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 2), Some("2"));
    let batch = stage.lease(1);
    stage.event(Event::Cancelled);
    stage.sent.clear();
    stage.event(Event::Retried { waits: true });
    assert_eq!((stage.job.status(), stage.sent.len()), (Status::Pending, 0));
    assert_eq!(stage.tell(Report::Lease { task: 2 }), Reply::Busy, "nobody reads profiles before");
    assert_eq!(stage.profiles(&batch, enriched), Reply::Stop);
    stage.event(Event::Admitted);
    assert_eq!((stage.job.status(), stage.sent.len()), (Status::Searching, 2));
    let Work::Search { cursor, page, .. } = stage.lease(0).work else { panic!("it is the keyword") };
    assert_eq!((cursor.as_deref(), page), (Some("2"), 1));
}

#[test]
fn a_job_can_be_made_within_a_minute_of_its_dispatch_and_not_later() {
    let dispatch = Stage::dispatched(&HELD).job.dispatch().clone();
    assert!(!dispatch.is_too_late(dispatch.at.plus(CREATE_MS_MAX)));
    assert!(dispatch.is_too_late(dispatch.at.plus(CREATE_MS_MAX + 1)));
}

#[test]
fn a_task_that_has_to_wait_is_sent_when_the_time_has_come_and_has_lost_no_attempt() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    for _ in 0..2 * ATTEMPTS_MAX {
        let lease = stage.lease(0);
        let until = stage.now.plus(5_000);
        assert_eq!(stage.deferred(&lease, until), Reply::Stop);
        assert_eq!(queued_at(&stage, 0), until);
        assert_eq!(stage.tell(Report::Lease { task: 0 }), Reply::Busy);
        stage.alarm();
        assert_eq!(stage.now, until);
    }
    assert_eq!(stage.job.tasks()[0].attempts, 0);
    stage.run(|_| creators("a", 3));
    assert_eq!(stage.job.status(), Status::Completed);
}

#[test]
fn a_wait_is_believed_within_bounds() {
    for (named, believed) in [(0, DEFER_MS_MIN), (DEFER_MS_MIN, DEFER_MS_MIN), (u64::MAX / 2, RETRY_AFTER_MS_MAX)] {
        let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
        let lease = stage.lease(0);
        let until = Time(stage.now.0.saturating_add(named));
        stage.deferred(&lease, until);
        assert_eq!(queued_at(&stage, 0), stage.now.plus(believed), "{named}");
    }
}

#[test]
fn a_wait_that_comes_under_an_older_lease_changes_nothing() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let lease = stage.lease(0);
    let old = Lease { fence: lease.fence - 1, ..lease };
    assert_eq!(stage.deferred(&old, stage.now.plus(5_000)), Reply::Stop);
    assert!(matches!(stage.job.tasks()[0].state, State::Leased { .. }));
}

#[test]
fn calls_that_were_not_needed_are_there_for_others() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], calls: Some(1), ..Wish::default() });
    let lease = stage.lease(0);
    assert_eq!(stage.job.progress().calls_granted, 1);
    stage.deferred(&lease, stage.now);
    assert_eq!(stage.job.progress().calls_granted, 0);
    stage.alarm();
    stage.lease(0);
    assert_eq!(stage.job.progress().calls_granted, 1);
}

#[test]
fn an_answer_from_the_cache_costs_no_call_and_is_counted() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], calls: Some(1), enrichment: Enrichment::None, ..Wish::default() });
    let lease = stage.lease(0);
    let calls = Calls { unused: 1, cached: 1, ..Calls::default() };
    let report = PageReport { task: 0, fence: lease.fence, page: 0, creators: creators("a", 3), next: None, calls };
    stage.tell(Report::Page(report));
    let benchmark = stage.job.benchmark(stage.now);
    assert_eq!((benchmark.api_calls, benchmark.cached_answers, stage.job.progress().calls_granted), (0, 1, 0));
}

#[test]
fn profiles_that_have_to_wait_are_asked_for_again_and_have_lost_no_attempt() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 3), None);
    let batch = stage.lease(1);
    let until = stage.now.plus(2_000);
    let results = vec![ProfileResult { identity: "a-0".into(), answer: ProfileAnswer::Read(enriched("a-0")) }];
    let calls = Calls { made: 1, unused: 2, ..Calls::default() };
    stage.tell(Report::Profiles(ProfilesReport { task: 1, fence: batch.fence, results, until: Some(until), calls }));
    assert_eq!(queued_at(&stage, 1), until);
    assert_eq!(stage.job.progress().calls_granted, 2, "one for the page and one for the profile");
    let profiles: Vec<_> = stage.job.creators().iter().map(|found| found.profile.clone()).collect();
    assert!(matches!(profiles[0], ProfileState::Enriched { .. }));
    assert_eq!(profiles[1..], [ProfileState::untouched(), ProfileState::untouched()]);
    stage.alarm();
    let batch = stage.lease(1);
    let Work::Profiles { creators, .. } = &batch.work else { panic!("it is the batch") };
    assert_eq!(creators.len(), 2);
    stage.profiles(&batch, enriched);
    assert_eq!(stage.job.status(), Status::Completed);
}

#[test]
fn a_lease_says_whose_it_is_and_how_old_an_answer_may_be() {
    let mut stage = Stage::started(&Wish { waits: false, ..HELD });
    let lease = stage.lease(0);
    assert_eq!((lease.account.as_deref(), lease.max_age), (Some("ana"), None));
}

#[test]
fn a_task_for_which_no_call_is_left_waits_for_others_that_may_give_one_back() {
    let mut stage = Stage::started(&Wish { calls: Some(1), enrichment: Enrichment::None, ..Wish::default() });
    let first = stage.lease(0);
    assert_eq!(stage.tell(Report::Lease { task: 1 }), Reply::Busy);
    assert_eq!((queued_at(&stage, 1), stage.job.status()), (stage.now.plus(CALLS_AGAIN_MS), Status::Searching));
    // The cache had the answer.
    let calls = Calls { unused: 1, cached: 1, ..Calls::default() };
    let report = PageReport { task: 0, fence: first.fence, page: 0, creators: creators("a", 3), next: None, calls };
    stage.tell(Report::Page(report));
    stage.alarm();
    let second = stage.lease(1);
    stage.page(&second, 0, creators("b", 3), None);
    assert_eq!((stage.job.status(), stage.job.progress().calls.made), (Status::Completed, 1));
}

#[test]
fn a_keyword_waits_between_two_pages_while_a_call_may_come_back_and_not_longer() {
    let mut stage = Stage::started(&Wish { calls: Some(2), enrichment: Enrichment::None, ..Wish::default() });
    let (first, second) = (stage.lease(0), stage.lease(1));
    assert_eq!(stage.page(&first, 0, creators("a", 3), Some("2")), Reply::Stop);
    assert_eq!((queued_at(&stage, 0), stage.job.status()), (stage.now.plus(CALLS_AGAIN_MS), Status::Searching));
    stage.page(&second, 0, creators("b", 3), None);
    assert_eq!(stage.job.status(), Status::Partial, "nobody is out who could give one back");
    assert_eq!(stage.outcome(0), &TaskOutcome::Skipped { reason: Reason::CallBudget });
}
