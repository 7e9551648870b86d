//! How keywords are chosen, released and read.

use super::*;
use crate::limits::{KEYWORDS_MAX, ROUNDS_MAX, WINDOW_TASKS};

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
fn another_round_is_planned_while_keywords_pay() {
    let mut stage = Stage::started(&Wish { target: 60, expand: true, ..Wish::default() });
    stage.run(|keyword| creators(keyword, 12));
    assert_eq!(stage.job.status(), Status::Completed);
    assert_eq!(stage.job.creators().len(), 60);
    assert!(stage.job.progress().round >= 1);
}

#[test]
fn no_round_follows_one_that_did_not_pay() {
    let mut stage = Stage::started(&Wish { target: 100, expand: true, ..Wish::default() });
    stage.run(|keyword| creators(keyword, 2));
    assert_eq!(stage.job.progress().round, 0);
    assert_eq!(stage.job.status(), Status::Completed);
}

#[test]
fn rounds_and_keywords_have_an_end() {
    let mut stage = Stage::started(&Wish { target: 5_000, expand: true, ..Wish::default() });
    stage.run(|keyword| creators(keyword, 3));
    assert!(stage.job.progress().round <= ROUNDS_MAX);
    assert!(stage.job.counters().keywords_dispatched as usize <= KEYWORDS_MAX);
    assert!(stage.job.status().is_final());
}

#[test]
fn no_keyword_is_searched_twice() {
    let mut stage = Stage::started(&Wish { target: 2_000, expand: true, ..Wish::default() });
    stage.run(|keyword| creators(keyword, 8));
    let mut keys: Vec<_> = stage.job.searches().map(|(_, search)| search.keyword.key()).collect();
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), all);
}

#[test]
fn a_plan_for_another_round_is_ignored() {
    let mut stage = Stage::started(&Wish { expand: true, ..Wish::default() });
    let before = stage.job.counters().keywords_dispatched;
    let keyword = Keyword::new("late").unwrap();
    let late = Plan { round: 0, keywords: vec![Derived { keyword: keyword.clone(), from: keyword }], note: None };
    stage.event(Event::Planned(late));
    assert_eq!(stage.job.counters().keywords_dispatched, before);
}

#[test]
fn a_further_round_is_asked_for_once_and_again_only_when_nobody_answers() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], expand: true, enrichment: Enrichment::None, ..Wish::default() });
    (stage.no_planner, stage.plans) = (true, 0);
    stage.run(|keyword| creators(keyword, 5));
    assert_eq!(stage.job.status(), Status::Dispatching);
    let asked = stage.now;
    assert_eq!(stage.plans, 1);
    stage.alarm();
    assert_eq!((stage.plans, stage.now.since(asked)), (2, crate::limits::PLAN_MS_MAX));
}

#[test]
fn a_plan_gives_as_many_keywords_as_were_wanted_and_no_twin() {
    let mut stage = Stage::dispatched(&Wish { keywords: &["yoga"], target: 60, expand: true, ..Wish::default() });
    let wanted = stage.job.progress().planning.unwrap().wanted;
    stage.no_planner = true;
    stage.alarm();
    let from = Keyword::new("yoga").unwrap();
    let derived = |text: &str| Derived { keyword: Keyword::new(text).unwrap(), from: from.clone() };
    let keywords = ["Yoga", "yoga mats", "YOGA MATS", "yoga at home", "yoga at work", "yoga at sea"].map(derived).to_vec();
    stage.event(Event::Planned(Plan { round: 0, keywords, note: Some("by hand".into()) }));
    let texts: Vec<_> = stage.job.view(stage.now).keywords.into_iter().map(|keyword| keyword.keyword).collect();
    assert_eq!(wanted, 2);
    assert_eq!(texts, ["yoga", "yoga mats", "yoga at home"]);
    assert_eq!(stage.job.status_view(0, 0, stage.now).notes, ["by hand"]);
}

#[test]
fn nothing_is_planned_where_nothing_is_wanted() {
    let mut stage = Stage::dispatched(&Wish { expand: false, ..Wish::default() });
    stage.alarm();
    assert_eq!(stage.plans, 0);
    assert_eq!(stage.job.status(), Status::Searching);
}
