//! What may begin, and why not.

use super::*;
use crate::limits::{TARGET_MAX, WAITING_JOBS_MAX};

#[test]
fn two_searches_can_not_both_pass_on_what_is_enough_for_one() {
    let mut stage = Stage::of(100);
    assert_eq!(stage.validate(search("j", 60)), let_in());
    assert_eq!(stage.why(search("k", 41)), (Why::PlanLimit, 40));
    assert_eq!(stage.books(), (0, 60, 40));
    assert_eq!(stage.validate(search("k", 40)), let_in());
    assert_eq!(stage.books(), (0, 100, 0));
}

#[test]
fn a_run_that_asks_twice_is_let_in_once() {
    let mut stage = Stage::of(100);
    for _ in 0..3 {
        assert_eq!(stage.validate(search("j", 60)), let_in());
    }
    assert_eq!(stage.books(), (0, 60, 40));
}

#[test]
fn a_refusal_says_what_the_plan_allows_what_remains_and_until_when() {
    let mut stage = Stage::of(100);
    stage.validate(search("j", 60)).unwrap();
    let refusal = stage.validate(search("k", 41)).unwrap_err();
    assert_eq!((refusal.plan.as_str(), refusal.limit, refusal.remaining), ("test", 100, 40));
    assert_eq!(refusal.resets_at.unwrap().rfc3339(), "2026-12-01T00:00:00.000Z");
}

#[test]
fn a_target_of_exactly_what_the_plan_allows_passes_and_one_more_does_not() {
    let mut stage = Stage::new(Plan { target_max: 100, ..plan("test", 300, 5) });
    assert_eq!(stage.why(search("j", 101)), (Why::TargetTooLarge, 100));
    assert_eq!(stage.validate(search("j", 100)), let_in());
}

#[test]
fn what_could_be_asked_for_instead_is_never_more_than_one_search_may_have() {
    let mut stage = Stage::new(Plan { target_max: 100, ..plan("test", 150, 5) });
    assert_eq!(stage.why(search("j", 120)), (Why::TargetTooLarge, 100));
    stage.validate(search("j", 100)).unwrap();
    assert_eq!(stage.why(search("k", 120)), (Why::TargetTooLarge, 50));
}

#[test]
fn a_plan_without_a_limit_lets_everything_in() {
    let mut stage = Stage::new(Plans::default().unlimited());
    for number in 0..20 {
        stage.validate(search(&format!("j{number}"), TARGET_MAX)).unwrap();
    }
    assert_eq!(stage.account.usage(NOON).remaining, None);
}

fn trial() -> Stage {
    let plans = Plans::read(Some(r#"{"trial": {"concurrentJobs": 5}}"#), None).unwrap();
    Stage { plans: plans.clone(), ..Stage::new(plans.default_plan()) }
}

#[test]
fn a_trial_has_three_searches() {
    let mut stage = trial();
    for job in ["a", "b", "c"] {
        stage.validate(search(job, 10)).unwrap();
        stage.end(job, 5);
    }
    assert_eq!(stage.why(search("d", 10)), (Why::TrialUsed, 0));
    let used = stage.account.usage(NOON).trial.unwrap();
    assert_eq!((used.searches, used.used, used.held), (Some(3), 3, 0));
}

#[test]
fn a_search_holds_one_while_it_runs_and_uses_none_up_where_it_delivers_nothing() {
    let mut stage = trial();
    for job in ["a", "b", "c"] {
        stage.validate(search(job, 10)).unwrap();
    }
    assert_eq!(stage.account.usage(NOON).trial.unwrap().held, 3);
    assert_eq!(stage.why(search("d", 10)), (Why::TrialUsed, 0));
    for (job, status) in [("a", Status::Error), ("b", Status::Cancelled), ("c", Status::Completed)] {
        stage.charge_of(job, 0, 0, status);
    }
    let used = stage.account.usage(NOON).trial.unwrap();
    assert_eq!((used.used, used.held), (0, 0));
    assert_eq!(stage.validate(search("d", 10)), let_in());
}

#[test]
fn another_run_of_a_search_that_delivered_is_the_same_search() {
    let mut stage = trial();
    for job in ["a", "b", "c"] {
        stage.validate(search(job, 10)).unwrap();
        stage.end(job, 5);
    }
    assert_eq!(stage.validate(again("c", 1, 5, 5)), let_in());
    stage.charge_of("c", 1, 10, Status::Completed);
    assert_eq!(stage.account.usage(NOON).trial.unwrap().used, 3);
}

#[test]
fn a_trial_ends_seven_days_after_the_first_search_and_not_before() {
    let mut stage = trial();
    stage.now = NOON.plus(DAY_MS);
    stage.validate(search("a", 10)).unwrap();
    stage.now = NOON.plus(8 * DAY_MS - 1);
    assert_eq!(stage.validate(search("b", 10)), let_in());
    stage.now = NOON.plus(8 * DAY_MS);
    assert_eq!(stage.why(search("c", 10)), (Why::TrialExpired, 0));
    assert_eq!(stage.account.usage(stage.now).trial.unwrap().ends_at.unwrap(), "2026-12-03T12:00:00.000Z");
}

#[test]
fn the_line_is_bounded() {
    let mut stage = Stage::new(plan("test", 100_000, 1));
    for number in 0..=WAITING_JOBS_MAX {
        stage.validate(search(&format!("j{number}"), 1)).unwrap();
    }
    assert_eq!(stage.why(search("late", 1)), (Why::TooManyWaiting, 0));
    stage.end("j0", 1);
    assert_eq!(stage.validate(search("late", 1)), waits(100));
}

#[test]
fn another_run_is_refused_where_too_little_is_left() {
    let mut stage = Stage::of(100);
    stage.validate(search("j", 60)).unwrap();
    stage.end("j", 20);
    stage.validate(search("k", 80)).unwrap();
    assert_eq!(stage.why(again("j", 1, 40, 20)), (Why::PlanLimit, 0));
}

#[test]
fn a_smaller_plan_leaves_what_is_reserved_and_nothing_remaining() {
    let mut stage = Stage::of(100);
    stage.validate(search("j", 60)).unwrap();
    stage.event(Event::Plan(plan("small", 30, 50)));
    assert_eq!(stage.books(), (0, 60, 0));
    assert_eq!(stage.why(search("k", 1)), (Why::PlanLimit, 0));
    assert_eq!(stage.end("j", 60), 60);
    assert_eq!(stage.books(), (60, 0, 0));
}

#[test]
fn a_larger_plan_helps_at_once() {
    let mut stage = Stage::of(100);
    stage.validate(search("j", 100)).unwrap();
    stage.event(Event::Plan(plan("large", 150, 50)));
    assert_eq!(stage.validate(search("k", 50)), let_in());
}

#[test]
fn days_and_searches_of_a_plan_count_from_when_the_account_was_put_on_it() {
    let mut stage = trial();
    for job in ["a", "b", "c"] {
        stage.validate(search(job, 10)).unwrap();
    }
    stage.end("a", 5);
    stage.now = NOON.plus(8 * DAY_MS);
    stage.event(Event::Plan(plan("large", 6_000, 5)));
    assert_eq!(stage.account.usage(stage.now).trial, None);
    stage.event(Event::Plan(trial().account.plan().clone()));
    // What began before counts for nothing now, although it delivers now.
    stage.end("b", 5);
    let used = stage.account.usage(stage.now).trial.unwrap();
    assert_eq!((used.used, used.held), (0, 0));
    assert_eq!(stage.validate(search("d", 10)), let_in());
}

#[test]
fn a_plan_that_is_configured_otherwise_later_is_the_one_in_force() {
    let mut stage = Stage::new(Plans::default().get("growth").unwrap().clone());
    stage.validate(search("j", 60)).unwrap();
    stage.plans = Plans::read(Some(r#"{"growth": {"creatorsPerMonth": 70}}"#), None).unwrap();
    let rows: Vec<Row> = stage.rows.iter().map(|((table, key), value)| Row { table: *table, key: *key, value: value.clone() }).collect();
    stage.account = Account::load("", rows, &stage.plans, Plans::default().default_plan()).unwrap();
    assert_eq!(stage.books(), (0, 60, 10));
}

#[test]
fn an_account_that_was_only_looked_at_leaves_no_row() {
    let mut stage = Stage::of(100);
    assert_eq!(stage.books(), (0, 0, 100));
    assert!(!stage.account.is_known() && stage.after(DAY_MS).is_empty() && stage.rows.is_empty());
}
