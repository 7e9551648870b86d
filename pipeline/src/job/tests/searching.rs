//! How keywords are chosen, released and read.

use super::*;
use crate::limits::WINDOW_TASKS;

#[test]
fn nothing_is_sent_before_the_caller_was_answered() {
    let stage = Stage::dispatched(&Wish::default());
    assert_eq!(stage.job.status(), Status::Pending);
    assert!(stage.sent.is_empty());
    assert_eq!(stage.job.alarm(), Some(stage.now), "the alarm does the rest at once");
}

#[test]
fn given_keywords_are_sent_with_the_first_alarm() {
    let stage = Stage::started(&Wish::default());
    assert_eq!(stage.sent.iter().map(|message| message.task).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(stage.job.status(), Status::Searching);
}

#[test]
fn derived_keywords_make_up_what_the_target_needs() {
    let stage = Stage::started(&Wish { target: 100, expand: true, ..Wish::default() });
    // 100 creators at 25 a keyword, and a fifth more.
    assert_eq!(stage.job.counters().keywords_dispatched, 5);
    assert_eq!(stage.job.tasks()[0].search().unwrap().origin, Origin::Given);
    assert!(matches!(stage.job.tasks()[2].search().unwrap().origin, Origin::Derived { .. }));
}

#[test]
fn no_more_keywords_are_under_way_than_the_window_has() {
    let stage = Stage::started(&Wish { target: 1_000, expand: true, ..Wish::default() });
    assert!(stage.job.counters().keywords_dispatched > WINDOW_TASKS as u32);
    assert_eq!(stage.sent.len(), WINDOW_TASKS);
}

#[test]
fn a_keyword_that_ends_makes_room_for_the_next() {
    let mut stage = Stage::started(&Wish { target: 1_000, expand: true, ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, vec![], None);
    assert_eq!(stage.sent.iter().filter(|message| message.queue == Queue::Search).count(), WINDOW_TASKS + 1);
}

#[test]
fn pages_are_read_until_the_platform_has_no_more() {
    let mut stage = Stage::started(&Wish::default());
    let lease = stage.lease(0);
    assert_eq!(stage.page(&lease, 0, creators("a", 3), Some("2")), Reply::Continue { cursor: Some("2".into()), page: 1 });
    assert_eq!(stage.page(&lease, 1, creators("b", 3), None), Reply::Stop);
    assert_eq!(stage.outcome(0), &TaskOutcome::Ok { creators: 6 });
}

#[test]
fn no_more_pages_are_read_than_the_adapter_finds_worth_it() {
    let mut stage = Stage::started(&Wish { pages: 2, ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 3), Some("2"));
    assert_eq!(stage.page(&lease, 1, creators("b", 3), Some("3")), Reply::Stop);
}

#[test]
fn a_cursor_that_does_not_move_is_the_end() {
    let mut stage = Stage::started(&Wish::default());
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 1), Some("same"));
    assert_eq!(stage.page(&lease, 1, creators("b", 1), Some("same")), Reply::Stop);
}

#[test]
fn a_cursor_may_have_2048_bytes_and_not_one_more() {
    for (bytes, fits) in [(2_048, true), (2_049, false)] {
        let mut stage = Stage::started(&Wish::default());
        let lease = stage.lease(0);
        let reply = stage.page(&lease, 0, creators("a", 1), Some(&"c".repeat(bytes)));
        assert_eq!(matches!(reply, Reply::Continue { .. }), fits);
    }
}

#[test]
fn a_keyword_that_finds_nothing_is_empty_and_one_that_finds_only_twins_is_not() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga", "yogi", "nothing"], ..Wish::default() });
    for task in 0..2 {
        let lease = stage.lease(task);
        stage.page(&lease, 0, creators("a", 2), None);
    }
    let lease = stage.lease(2);
    stage.page(&lease, 0, vec![], None);
    assert_eq!(stage.outcome(1), &TaskOutcome::Ok { creators: 0 });
    assert_eq!(stage.outcome(2), &TaskOutcome::Empty);
}

#[test]
fn no_keyword_is_begun_once_the_target_is_met() {
    let mut stage = Stage::started(&Wish { target: 5, keywords: &["a1", "b1", "c1"], ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 5), None);
    assert_eq!(stage.tell(Report::Lease { task: 1 }), Reply::Gone);
    assert_eq!(stage.outcome(1), &TaskOutcome::Skipped { reason: Reason::TargetMet });
}
