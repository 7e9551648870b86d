//! Who waits, and whose turn it is.

use super::*;

/// A plan for two jobs at a time, with four that wait.
fn line() -> Stage {
    let mut stage = Stage::new(plan("test", 10_000, 2));
    let answers = ["a", "b", "c", "d", "e", "f"].map(|job| stage.validate(search(job, 10)));
    assert_eq!(answers, [let_in(), let_in(), waits(1), waits(2), waits(3), waits(4)]);
    stage
}

#[test]
fn jobs_above_the_plan_wait_in_the_order_they_came() {
    let mut stage = line();
    assert_eq!(stage.starts(), Vec::<String>::new());
    for (over, next) in [("b", "c"), ("a", "d"), ("c", "e"), ("d", "f")] {
        stage.end(over, 3);
        assert_eq!(stage.starts(), [next]);
        stage.event(Event::Started { job: next.into(), run: 0 });
    }
    assert_eq!(stage.account.usage(stage.now).jobs, JobsUsage { running: 2, waiting: 0 });
}

#[test]
fn everybody_moves_up_when_one_begins() {
    let mut stage = line();
    stage.end("a", 3);
    assert_eq!(["c", "d", "e", "f"].map(|job| stage.account.place(job)), [None, Some(1), Some(2), Some(3)]);
}

#[test]
fn a_job_that_is_cancelled_while_it_waits_leaves_the_line() {
    let mut stage = line();
    stage.charge_of("c", 0, 0, Status::Cancelled);
    assert_eq!(stage.starts(), Vec::<String>::new(), "it took no place, so none is free");
    stage.end("a", 3);
    assert_eq!(stage.starts(), ["d"]);
}

#[test]
fn a_job_is_told_that_its_turn_has_come_until_it_has_heard() {
    let mut stage = line();
    stage.end("a", 3);
    for ms in [0, 2_000, 4_000, 8_000] {
        stage.now = stage.now.plus(ms);
        assert_eq!(stage.starts(), ["c"]);
    }
    stage.event(Event::Started { job: "c".into(), run: 0 });
    stage.now = stage.now.plus(60_000);
    assert_eq!(stage.starts(), Vec::<String>::new());
}

#[test]
fn a_job_that_is_not_there_yet_keeps_its_turn() {
    let mut stage = line();
    stage.end("a", 3);
    assert_eq!(stage.starts(), ["c"]);
    stage.event(Event::Missing { job: "c".into(), run: 0 });
    stage.now = stage.now.plus(2_000);
    assert_eq!(stage.starts(), ["c"]);
}

#[test]
fn a_job_that_never_came_gives_its_turn_to_the_next() {
    let mut stage = line();
    stage.end("a", 3);
    stage.starts();
    stage.now = NOON.plus(crate::limits::RUN_UNHEARD_MS);
    stage.event(Event::Missing { job: "c".into(), run: 0 });
    assert_eq!(stage.starts(), ["d"]);
}

#[test]
fn a_larger_plan_lets_waiting_ones_begin_at_once() {
    let mut stage = line();
    stage.event(Event::Plan(plan("large", 10_000, 4)));
    assert_eq!(stage.starts(), ["c", "d"]);
}

#[test]
fn a_smaller_plan_stops_nobody_and_lets_nobody_begin_until_there_is_room() {
    let mut stage = line();
    stage.event(Event::Plan(plan("small", 10_000, 1)));
    stage.end("a", 3);
    assert_eq!(stage.starts(), Vec::<String>::new());
    stage.end("b", 3);
    assert_eq!(stage.starts(), ["c"]);
}

#[test]
fn another_run_of_a_job_waits_at_the_end() {
    let mut stage = line();
    stage.end("a", 3);
    assert_eq!(stage.validate(again("a", 1, 7, 3)), waits(4));
}

#[test]
fn nobody_overtakes_those_who_wait() {
    let mut stage = Stage::new(plan("test", 10_000, 1));
    for (job, answer) in [("a", let_in()), ("b", waits(1))] {
        assert_eq!(stage.validate(search(job, 10)), answer);
    }
    stage.end("a", 10);
    assert_eq!(stage.validate(search("c", 10)), waits(1), "b has the place already");
    assert_eq!(stage.starts(), ["b"]);
}

#[test]
fn the_operators_list_is_told_of_a_new_account_and_of_its_plan_until_it_knows() {
    let mut stage = Stage::of(100);
    stage.validate(search("j", 10)).unwrap();
    let told = |plan: &str, since| [Effect::Announce { account: "a".into(), plan: plan.into(), since }];
    assert_eq!(stage.after(0), told("test", NOON));
    assert_eq!(stage.after(2_000), told("test", NOON));
    stage.event(Event::Announced);
    assert_eq!(stage.after(8_000), []);
    stage.event(Event::Plan(plan("large", 10_000, 4)));
    assert_eq!(stage.after(0), told("large", NOON.plus(10_000)));
}
