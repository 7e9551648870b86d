//! Messages may come twice, late or never, and consumers may die or come back: laws L7 and L10.

use super::*;
use crate::limits::{ATTEMPTS_MAX, PAGE_LEASE_MS, RESEND_MS_MIN};

#[test]
fn a_second_message_for_a_task_that_is_being_worked_on_is_dropped() {
    let mut stage = Stage::started(&Wish::default());
    stage.lease(0);
    assert_eq!(stage.tell(Report::Lease { task: 0 }), Reply::Busy);
}

#[test]
fn a_message_for_a_task_that_is_done_or_unknown_is_dropped() {
    let mut stage = Stage::started(&Wish::default());
    let lease = stage.lease(0);
    stage.page(&lease, 0, vec![], None);
    assert_eq!(stage.tell(Report::Lease { task: 0 }), Reply::Gone);
    assert_eq!(stage.tell(Report::Lease { task: 99 }), Reply::Gone);
}

#[test]
fn a_consumer_that_dies_is_followed_by_another_that_begins_at_the_checkpoint() {
    let mut stage = Stage::started(&Wish::default());
    let first = stage.lease(0);
    stage.page(&first, 0, creators("a", 3), Some("page-2"));
    stage.now = stage.now.plus(PAGE_LEASE_MS);
    stage.event(Event::Alarm);
    let second = stage.lease(0);
    assert!(second.fence > first.fence);
    assert!(matches!(&second.work, Work::Search { cursor: Some(cursor), page: 1, .. } if cursor == "page-2"));
}

#[test]
fn a_zombie_changes_nothing() {
    let mut stage = Stage::started(&Wish::default());
    let zombie = stage.lease(0);
    stage.now = stage.now.plus(PAGE_LEASE_MS);
    stage.event(Event::Alarm);
    let before = stage.job.progress().version;
    assert_eq!(stage.page(&zombie, 0, creators("a", 3), None), Reply::Stop);
    assert_eq!(stage.failed(&zombie, Fault::Blocked("no".into())), Reply::Stop);
    assert!(stage.job.creators().is_empty());
    assert_eq!(stage.job.progress().version, before);
}

#[test]
fn a_report_that_is_made_again_is_counted_once_and_answered_again() {
    let mut stage = Stage::started(&Wish::default());
    let lease = stage.lease(0);
    let answer = stage.page(&lease, 0, creators("a", 3), Some("page-2"));
    assert_eq!(stage.page(&lease, 0, creators("a", 3), Some("page-2")), answer);
    assert_eq!(stage.job.progress().calls.made, 1);
    assert_eq!(stage.job.tasks()[0].search().unwrap().pages, 1);
}

#[test]
fn a_message_that_nobody_takes_is_sent_again_ever_more_rarely() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    assert_eq!(stage.sent.len(), 1);
    let mut waits = vec![];
    for _ in 0..4 {
        let before = stage.now;
        stage.alarm();
        waits.push(stage.now.since(before));
    }
    assert_eq!(waits, [RESEND_MS_MIN, 2 * RESEND_MS_MIN, 4 * RESEND_MS_MIN, 8 * RESEND_MS_MIN]);
    assert_eq!(stage.sent.len(), 5);
}

#[test]
fn a_task_whose_consumers_all_die_is_given_up_visibly() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    for _ in 0..ATTEMPTS_MAX {
        stage.lease(0);
        stage.alarm();
    }
    assert!(matches!(stage.outcome(0), TaskOutcome::Failed(failure) if failure.reason == Reason::Lost));
    assert_eq!(stage.job.status(), Status::Error);
}

#[test]
fn a_dead_letter_fails_its_task_so_that_the_job_still_ends() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    stage.tell(Report::DeadLettered { task: 0, fence: 0, detail: "the queue gave it up".into() });
    assert_eq!(stage.job.status(), Status::Error);
    assert_eq!(stage.finished, [Status::Error]);
}

#[test]
fn a_dead_letter_of_a_task_that_was_done_by_another_message_changes_nothing() {
    let mut stage = Stage::started(&Wish::default());
    let lease = stage.lease(0);
    stage.page(&lease, 0, vec![], None);
    stage.tell(Report::DeadLettered { task: 0, fence: 0, detail: "too late".into() });
    assert_eq!(stage.outcome(0), &TaskOutcome::Empty);
}

#[test]
fn a_task_that_waits_after_a_failure_is_not_given_out_before_its_time() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let lease = stage.lease(0);
    stage.failed(&lease, Fault::RateLimited(Some(30)));
    assert_eq!(stage.tell(Report::Lease { task: 0 }), Reply::Busy);
    stage.alarm();
    assert!(stage.now.since(Time(1_000_000)) >= 30_000);
    stage.lease(0);
}

#[test]
fn a_job_whose_runtime_was_started_again_goes_on_at_once() {
    let mut stage = Stage::started(&Wish::default());
    let lost = stage.lease(0);
    stage.sent.clear();
    stage.job = stage.reloaded();
    stage.event(Event::Orphaned);
    assert_eq!(stage.sent.iter().map(|message| message.task).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(stage.page(&lost, 0, creators("a", 1), None), Reply::Stop, "the old lease is worth nothing");
    assert_eq!(stage.job.tasks()[0].attempts, 0);
    stage.lease(0);
    assert_eq!(stage.page(&lost, 0, creators("a", 1), None), Reply::Stop, "also beside the one that follows");
    assert!(stage.job.creators().is_empty());
}

#[test]
fn a_report_that_is_made_again_after_the_target_was_met_begins_no_further_call() {
    let mut stage = Stage::started(&Wish { target: 8, enrichment: Enrichment::None, ..Wish::default() });
    let (first, second) = (stage.lease(0), stage.lease(1));
    assert!(matches!(stage.page(&first, 0, creators("a", 3), Some("2")), Reply::Continue { .. }));
    stage.page(&second, 0, creators("b", 5), None);
    assert_eq!(stage.page(&first, 0, creators("a", 3), Some("2")), Reply::Stop);
    assert_eq!(stage.outcome(0), &TaskOutcome::Ok { creators: 3 });
    assert_eq!(stage.job.status(), Status::Completed);
}

#[test]
fn a_task_that_waits_is_given_out_from_its_very_time_on() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let lease = stage.lease(0);
    stage.failed(&lease, Fault::RateLimited(Some(30)));
    let State::Queued { at, .. } = stage.job.tasks()[0].state else { panic!("it waits") };
    stage.now = Time(at.0 - 1);
    assert_eq!(stage.tell(Report::Lease { task: 0 }), Reply::Busy);
    stage.now = at;
    stage.lease(0);
}

#[test]
fn a_failure_that_is_reported_again_after_the_task_was_given_out_again_changes_nothing() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let first = stage.lease(0);
    stage.failed(&first, Fault::Unavailable("down".into()));
    stage.alarm();
    let second = stage.lease(0);
    assert_eq!(second.fence, first.fence + 1);
    stage.failed(&first, Fault::Blocked("no".into()));
    assert!(matches!(stage.job.tasks()[0].state, State::Leased { .. }));
    assert_eq!(stage.page(&second, 0, creators("a", 2), None), Reply::Stop);
    assert_eq!(stage.outcome(0), &TaskOutcome::Ok { creators: 2 });
}

#[test]
fn a_keyword_whose_platform_stays_down_is_tried_five_times_and_fails_by_that_reason() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    for attempt in 1..=ATTEMPTS_MAX {
        let lease = stage.lease(0);
        stage.failed(&lease, Fault::Unavailable("down".into()));
        assert_eq!(stage.job.status().is_final(), attempt == ATTEMPTS_MAX, "after {attempt} attempts");
        if attempt < ATTEMPTS_MAX {
            stage.alarm();
        }
    }
    assert!(matches!(stage.outcome(0), TaskOutcome::Failed(failure) if failure.reason == Reason::Unavailable));
}

#[test]
fn attempts_are_counted_in_a_row_and_anew_after_every_page() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], enrichment: Enrichment::None, ..Wish::default() });
    let mut lease = stage.lease(0);
    for page in 0..3 {
        for _ in 1..ATTEMPTS_MAX {
            stage.failed(&lease, Fault::Unavailable("down".into()));
            stage.alarm();
            lease = stage.lease(0);
        }
        stage.page(&lease, page, creators(&format!("p{page}"), 1), Some(&page.to_string()));
        assert_eq!(stage.job.tasks()[0].attempts, 0);
    }
    assert_eq!(stage.job.creators().len(), 3);
}
