//! Rounds: which further keywords a job plans, and when no more.

use super::*;
use crate::limits::{KEYWORDS_MAX, PLAN_MS_MAX, ROUNDS_MAX};

/// A job whose first round is over: each keyword gave so many creators, and nobody answers for the next round.
fn after_the_first_round(wish: &Wish, each: u32) -> Stage {
    let mut stage = Stage::started(wish);
    (stage.no_planner, stage.plans) = (true, 0);
    stage.run(|keyword| creators(keyword, each));
    stage
}

fn wish() -> Wish {
    Wish { keywords: &["yoga", "fitness"], target: 50, expand: true, enrichment: Enrichment::None, ..Wish::default() }
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
    assert_eq!((stage.plans, stage.now.since(asked)), (2, PLAN_MS_MAX));
}

#[test]
fn a_question_says_whether_it_was_asked_before_and_how_long_its_answer_is_waited_for() {
    let mut stage = Stage::dispatched(&Wish { keywords: &["yoga"], target: 60, expand: true, ..Wish::default() });
    stage.no_planner = true;
    for (asked, again) in [(1, false), (2, true), (3, true)] {
        while stage.plans < asked {
            stage.alarm();
        }
        let request = stage.job.plan_request().unwrap();
        assert_eq!((request.again, request.until), (again, stage.now.plus(PLAN_MS_MAX)));
        // What is waited for is known after a restart too.
        assert_eq!(stage.reloaded().plan_request(), Some(request));
    }
    let mut stage = after_the_first_round(&wish(), 10);
    assert!(!stage.job.plan_request().unwrap().again);
    stage.alarm();
    assert!(stage.job.plan_request().unwrap().again);
    stage.event(Event::Planned(Plan { round: 1, keywords: vec![], note: None }));
    assert_eq!(stage.job.plan_request(), None);
}

#[test]
fn a_question_that_was_under_way_when_the_runtime_ended_is_asked_for_again_at_once() {
    let mut stage = after_the_first_round(&wish(), 10);
    stage.now = stage.now.plus(1_000);
    stage.event(Event::Orphaned);
    assert_eq!((stage.job.alarm(), stage.plans), (Some(stage.now), 1));
    stage.alarm();
    assert_eq!((stage.job.plan_request().unwrap().again, stage.plans), (true, 2));
}

#[test]
fn a_round_that_nobody_was_asked_for_yet_waits_for_its_alarm_as_before() {
    let mut stage = Stage::dispatched(&Wish { expand: true, ..Wish::default() });
    let alarm = stage.job.alarm();
    stage.event(Event::Orphaned);
    assert_eq!((stage.job.alarm(), stage.job.status()), (alarm, Status::Pending));
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

#[test]
fn a_round_pays_with_three_new_creators_a_keyword_and_not_with_less() {
    // Three keywords in the first round: the two that were given and one derived.
    for (gained, pays) in [([3, 3, 3], true), ([9, 0, 0], true), ([3, 3, 2], false), ([8, 0, 0], false)] {
        let mut stage = Stage::started(&wish());
        stage.no_planner = true;
        for (task, count) in gained.into_iter().enumerate() {
            let lease = stage.lease(task as TaskId);
            stage.page(&lease, 0, creators(&format!("t{task}"), count), None);
        }
        assert_eq!(stage.job.status() == Status::Dispatching, pays, "{gained:?}");
    }
}

#[test]
fn a_further_round_wants_what_the_shortfall_needs() {
    let stage = after_the_first_round(&Wish { target: 200, keywords: &["yoga"], ..wish() }, 4);
    // Ten keywords gave 40; 160 are missing, at 25 a keyword and three tenths more.
    assert_eq!(stage.job.creators().len(), 40);
    let planning = Planning { round: 1, wanted: 9, at: stage.now.plus(PLAN_MS_MAX), asked: 1 };
    assert_eq!(stage.job.progress().planning, Some(planning));
}

#[test]
fn only_the_last_round_says_whether_the_next_pays() {
    let mut stage = after_the_first_round(&wish(), 10);
    let from = Keyword::new("yoga").unwrap();
    let keywords = vec![Derived { keyword: Keyword::new("yoga mats").unwrap(), from }];
    stage.event(Event::Planned(Plan { round: 1, keywords, note: None }));
    stage.run(|_| creators("new", 2));
    assert_eq!((stage.job.status(), stage.job.progress().round), (Status::Completed, 1));
}

#[test]
fn a_round_without_keywords_is_the_last() {
    let mut stage = after_the_first_round(&wish(), 10);
    stage.event(Event::Planned(Plan { round: 1, keywords: vec![], note: None }));
    assert_eq!((stage.job.status(), stage.job.progress().round), (Status::Completed, 1));
}

#[test]
fn no_round_follows_where_the_caller_wants_no_expansion() {
    let stage = after_the_first_round(&Wish { expand: false, ..wish() }, 10);
    assert_eq!((stage.job.status(), stage.plans), (Status::Completed, 0));
}

#[test]
fn no_round_follows_a_target_that_is_met() {
    let stage = after_the_first_round(&wish(), 17);
    assert_eq!((stage.job.status(), stage.plans), (Status::Completed, 0));
}

#[test]
fn no_round_follows_when_the_calls_are_used_up() {
    // Three keywords, three calls: the fourth call is what the job lacks.
    let mut stage = Stage::started(&Wish { calls: Some(2), ..wish() });
    (stage.no_planner, stage.plans) = (true, 0);
    stage.run(|keyword| creators(keyword, 5));
    assert_eq!((stage.job.status(), stage.plans), (Status::Partial, 0));
}

#[test]
fn three_rounds_follow_the_first_and_not_a_fourth() {
    let mut stage = Stage::started(&Wish { target: 200, keywords: &["yoga"], ..wish() });
    stage.run(|keyword| creators(keyword, 3));
    assert_eq!((stage.job.progress().round, stage.job.status()), (ROUNDS_MAX, Status::Completed));
}

#[test]
fn a_job_with_as_many_keywords_as_it_may_have_ends_without_another_round() {
    let mut stage = Stage::started(&Wish { target: 5_000, keywords: &["yoga"], ..wish() });
    stage.run(|keyword| creators(keyword, 3));
    assert_eq!(stage.job.counters().keywords_dispatched as usize, KEYWORDS_MAX);
    assert_eq!((stage.job.progress().round, stage.job.status()), (2, Status::Completed));
}
