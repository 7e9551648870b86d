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

#[test]
fn nothing_is_sent_by_an_event_that_comes_before_the_first_alarm() {
    let mut stage = Stage::dispatched(&Wish { expand: true, ..Wish::default() });
    stage.event(Event::Orphaned);
    assert_eq!((stage.sent.len(), stage.job.status()), (0, Status::Pending));
    stage.alarm();
    assert_eq!(stage.sent.len(), 4, "100 creators at 25 a keyword");
}

/// A job of two keywords whose first waits for another attempt behind a page with so many creators, while the
/// second is being read.
fn first_waits_behind_a_page_of(count: u32) -> (Stage, Lease) {
    let mut stage = Stage::started(&Wish { target: 10, enrichment: Enrichment::None, ..Wish::default() });
    let (first, second) = (stage.lease(0), stage.lease(1));
    stage.page(&first, 0, creators("a", count), Some("2"));
    stage.failed(&first, Fault::Unavailable("down".into()));
    (stage, second)
}

#[test]
fn a_keyword_that_gave_creators_before_the_target_was_met_is_ok() {
    let (mut stage, second) = first_waits_behind_a_page_of(3);
    stage.page(&second, 0, creators("b", 7), None);
    assert_eq!(stage.outcome(0), &TaskOutcome::Ok { creators: 3 });
}

#[test]
fn a_keyword_with_unread_pages_and_nobody_on_the_first_is_not_called_empty() {
    let (mut stage, second) = first_waits_behind_a_page_of(0);
    stage.page(&second, 0, creators("b", 10), None);
    assert_eq!(stage.outcome(0), &TaskOutcome::Skipped { reason: Reason::TargetMet });
}

#[test]
fn a_keyword_that_is_cut_off_is_skipped_whatever_it_gave() {
    let (mut stage, _) = first_waits_behind_a_page_of(3);
    stage.event(Event::Cancelled);
    assert_eq!(stage.outcome(0), &TaskOutcome::Skipped { reason: Reason::Cancelled });
}

#[test]
fn a_page_that_meets_the_target_ends_its_keyword_well_though_there_is_more() {
    let mut stage = Stage::started(&Wish { target: 3, enrichment: Enrichment::None, ..Wish::default() });
    let lease = stage.lease(0);
    assert_eq!(stage.page(&lease, 0, creators("a", 5), Some("2")), Reply::Stop);
    assert_eq!(stage.outcome(0), &TaskOutcome::Ok { creators: 3 });
    assert_eq!(stage.job.status(), Status::Completed);
}

#[test]
fn waves_are_as_large_as_what_is_wanted_needs_and_at_least_the_given_keywords() {
    // 30 creators at 25 a keyword need two; four were given. 2 000 need more than the window has.
    let given = &["k1", "k2", "k3", "k4"];
    let small = Stage::started(&Wish { target: 30, keywords: given, ..Wish::default() });
    assert_eq!(small.sent.len(), 4);
    let large = Stage::started(&Wish { target: 126, keywords: &["k1"], expand: true, ..Wish::default() });
    // 126 at 25 and a fifth more are planned: 7; 6 of them are likely to be enough.
    assert_eq!((large.job.counters().keywords_dispatched, large.sent.len()), (7, 6));
}

#[test]
fn a_wave_grows_no_larger_than_what_is_still_wanted() {
    let mut stage = Stage::started(&Wish { target: 126, keywords: &["k1"], expand: true, enrichment: Enrichment::None, ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 60), None);
    // 66 are wanted: three keywords are likely to give them, and five are under way.
    assert_eq!(stage.sent.len(), 6);
}

#[test]
fn keywords_go_out_before_profiles_and_each_through_its_own_queue() {
    let mut stage = Stage::started(&Wish { target: 1_000, expand: true, ..Wish::default() });
    let lease = stage.lease(0);
    stage.sent.clear();
    stage.page(&lease, 0, creators("a", 3), None);
    assert_eq!(stage.sent.iter().map(|message| message.queue).collect::<Vec<_>>(), [Queue::Search, Queue::Enrich]);
}
