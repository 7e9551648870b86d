//! What is counted, and what is free again.

use super::*;
use crate::limits::RUN_UNHEARD_MS;

/// An account of 100 creators with a search that reserved 60.
fn sixty() -> Stage {
    let mut stage = Stage::of(100);
    stage.validate(search("j", 60)).unwrap();
    stage
}

#[test]
fn a_charge_that_comes_twice_or_late_counts_nothing() {
    let mut stage = sixty();
    assert_eq!([20, 20, 10].map(|delivered| stage.charge("j", delivered)), [20, 0, 0]);
    assert_eq!(stage.books(), (20, 40, 40));
}

#[test]
fn the_last_charge_releases_the_rest_and_nothing_is_counted_after_it() {
    let mut stage = sixty();
    stage.end("j", 20);
    assert_eq!(stage.books(), (20, 0, 80));
    assert_eq!((stage.end("j", 30), stage.charge("j", 30)), (0, 0));
    assert_eq!(stage.books(), (20, 0, 80));
}

#[test]
fn however_a_run_ends_the_rest_is_free_again() {
    for status in [Status::Completed, Status::Partial, Status::Error, Status::Cancelled] {
        let mut stage = sixty();
        stage.charge_of("j", 0, 7, status);
        assert_eq!(stage.books(), (7, 0, 93), "{status:?}");
    }
}

#[test]
fn no_more_is_counted_than_was_reserved() {
    assert_eq!(sixty().charge("j", 61), 60);
}

#[test]
fn a_charge_of_a_job_that_reserved_nothing_counts_nothing() {
    let mut stage = sixty();
    assert_eq!(stage.charge("k", 5), 0);
    assert_eq!(stage.books(), (0, 60, 40));
}

#[test]
fn another_run_reserves_what_is_missing_and_goes_on_counting() {
    let mut stage = sixty();
    stage.end("j", 20);
    stage.validate(again("j", 1, 40, 20)).unwrap();
    assert_eq!(stage.books(), (20, 40, 40));
    assert_eq!(stage.charge_of("j", 1, 50, Status::Partial), 30);
    assert_eq!(stage.books(), (50, 0, 50));
}

#[test]
fn another_run_settles_the_one_before_it_whose_last_charge_is_still_under_way() {
    let mut stage = sixty();
    stage.charge("j", 10);
    stage.validate(again("j", 1, 40, 20)).unwrap();
    assert_eq!(stage.books(), (20, 40, 40));
    assert_eq!(stage.end("j", 20), 0, "the end of the run before comes late, and does not end this one");
    assert_eq!(stage.charge_of("j", 1, 60, Status::Completed), 40);
    assert_eq!(stage.books(), (60, 0, 40));
}

#[test]
fn a_run_belongs_to_the_month_in_which_it_was_let_in_however_long_it_takes() {
    let mut stage = sixty();
    let november = Month::of(stage.now);
    stage.now = november.end().plus(3_000);
    assert_eq!(stage.books(), (0, 0, 100), "December begins with everything");
    stage.charge("j", 30);
    stage.end("j", 50);
    assert_eq!(stage.books(), (0, 0, 100));
    assert_eq!((stage.account.used(november), stage.account.reserved(november)), (50, 0));
}

#[test]
fn another_run_in_another_month_belongs_there_with_what_it_adds() {
    let mut stage = sixty();
    let november = Month::of(stage.now);
    stage.charge("j", 10);
    stage.now = november.end();
    // 20 were delivered in November, of which 10 are still to be counted.
    stage.validate(again("j", 1, 40, 20)).unwrap();
    assert_eq!(stage.account.used(november), 20);
    assert_eq!(stage.books(), (0, 40, 60));
    stage.charge_of("j", 1, 55, Status::Partial);
    assert_eq!((stage.account.used(november), stage.books()), (20, (35, 0, 65)));
}

#[test]
fn a_run_of_which_nothing_is_heard_is_asked_for_and_released_if_it_never_began() {
    let mut stage = sixty();
    stage.after(0);
    stage.event(Event::Announced);
    assert_eq!(stage.after(RUN_UNHEARD_MS - 1), []);
    assert_eq!(stage.after(1), [Effect::Ask { job: "j".into(), run: 0 }]);
    stage.event(Event::Missing { job: "j".into(), run: 0 });
    assert_eq!((stage.books(), stage.account.jobs(None, 9).jobs.len()), ((0, 0, 100), 0));
    assert_eq!(stage.account.alarm(), None);
    assert_eq!(stage.charge("j", 5), 0);
}

#[test]
fn a_run_that_has_been_heard_of_is_not_asked_for() {
    for event in [None, Some(Event::Begun { job: "j".into(), run: 0 })] {
        let mut stage = sixty();
        stage.after(0);
        stage.event(Event::Announced);
        match event {
            Some(event) => drop(stage.event(event)),
            None => drop(stage.charge("j", 0)),
        }
        assert_eq!((stage.account.alarm(), stage.books()), (None, (0, 60, 40)));
        stage.now = stage.now.plus(DAY_MS);
        stage.event(Event::Missing { job: "j".into(), run: 0 });
        assert_eq!(stage.books(), (0, 60, 40));
    }
}

#[test]
fn a_question_that_is_not_answered_is_asked_again() {
    let mut stage = sixty();
    stage.after(0);
    stage.event(Event::Announced);
    let ask = [Effect::Ask { job: "j".into(), run: 0 }];
    assert_eq!(stage.after(RUN_UNHEARD_MS), ask);
    assert_eq!(stage.after(1_999), []);
    assert_eq!(stage.after(1), ask);
    assert_eq!(stage.after(4_000), ask);
}

#[test]
fn a_run_may_still_be_on_its_way_before_its_time_is_up() {
    let mut stage = sixty();
    stage.now = NOON.plus(RUN_UNHEARD_MS - 1);
    stage.event(Event::Missing { job: "j".into(), run: 0 });
    assert_eq!(stage.books(), (0, 60, 40));
    // Somebody asks again and is about to begin it.
    stage.validate(search("j", 60)).unwrap();
    stage.now = NOON.plus(2 * RUN_UNHEARD_MS - 2);
    stage.event(Event::Missing { job: "j".into(), run: 0 });
    assert_eq!(stage.books(), (0, 60, 40));
    stage.now = stage.now.plus(1);
    stage.event(Event::Missing { job: "j".into(), run: 0 });
    assert_eq!(stage.books(), (0, 0, 100));
}

#[test]
fn another_run_that_never_began_can_be_asked_for_again() {
    let mut stage = sixty();
    stage.charge_of("j", 0, 20, Status::Partial);
    stage.validate(again("j", 1, 40, 20)).unwrap();
    stage.after(RUN_UNHEARD_MS);
    stage.event(Event::Missing { job: "j".into(), run: 1 });
    assert_eq!(stage.books(), (20, 0, 80));
    assert_eq!(stage.account.jobs(None, 9).jobs[0].status, Status::Partial);
    stage.validate(again("j", 1, 40, 20)).unwrap();
    assert_eq!(stage.books(), (20, 40, 40));
}
