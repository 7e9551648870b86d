//! A budget as those see it who ask it.

mod worlds;

use super::*;
use crate::contract::Fault;
use crate::limits::{
    BREAKER_FAILURES, BREAKER_MS_MIN, BREAKER_WAITS, PACE_CALLS, PACE_PART_MIN, PERMIT_MS, PERMIT_WAIT_MS_MAX, RETRY_AFTER_MS_MAX,
    UPSTREAM_CONCURRENT_DEFAULT, UPSTREAM_PAUSE_MS,
};

/// 2026-09-01T00:00:00Z.
const MIDNIGHT: Time = Time(1_788_220_800_000);

fn budget(rates: &str) -> Budget {
    Budget::new(Rates::parse(rates).unwrap())
}

fn ask(account: &str, slots: u32, calls: u32) -> Ask {
    Ask { ticket: format!("{account}-{slots}-{calls}"), account: account.into(), slots, calls, searches: false }
}

fn search(account: &str, calls: u32) -> Ask {
    Ask { searches: true, ..ask(account, 1, calls) }
}

fn granted(answer: Answer) -> Permit {
    let Answer::Granted(permit) = answer else { panic!("{answer:?}") };
    permit
}

fn waits(answer: &Answer) -> (Time, Why) {
    let Answer::Wait { until, why } = answer else { panic!("{answer:?}") };
    (*until, *why)
}

fn refused(answer: &Answer) -> &Fault {
    let Answer::Refused(Trouble::Fault { fault }) = answer else { panic!("{answer:?}") };
    fault
}

fn settle(budget: &mut Budget, permit: Permit, calls: u32, seen: Seen, now: Time) {
    let seen = vec![seen; calls as usize];
    budget.settle(&Settlement { permit: permit.id, calls, seen, credit: Credit::default() }, now);
}

#[test]
fn one_ask_is_for_a_whole_bundle_and_what_is_not_used_is_given_back() {
    let mut budget = budget("per_second=10 daily=100");
    let permit = granted(budget.ask(ask("a", 6, 10), MIDNIGHT));
    assert_eq!((permit.slots, permit.calls, budget.view(MIDNIGHT).calls_today), (6, 10, 10));
    settle(&mut budget, permit, 2, Seen::Fine, MIDNIGHT);
    assert_eq!(budget.view(MIDNIGHT).calls_today, 2);
    assert_eq!(granted(budget.ask(ask("a", 1, 8), MIDNIGHT)).calls, 8);
}

#[test]
fn searches_get_all_their_calls_at_once_only_where_there_is_no_rate() {
    for (rates, calls) in [("", 5), ("daily=9", 5), ("per_second=10", 1), ("per_second=30", 3), ("searches_per_minute=10", 1)] {
        assert_eq!(granted(budget(rates).ask(search("a", 5), MIDNIGHT)).calls, calls, "{rates}");
    }
}

#[test]
fn calls_that_nobody_granted_are_counted_when_they_are_told() {
    let mut budget = budget("daily=10");
    let permit = granted(budget.ask(ask("a", 1, 1), MIDNIGHT));
    settle(&mut budget, permit, 3, Seen::Fine, MIDNIGHT);
    assert_eq!(budget.view(MIDNIGHT).calls_today, 3);
}

#[test]
fn a_permit_that_nobody_settles_ends_by_itself_and_counts_as_used() {
    let mut budget = budget("concurrent=1 daily=10");
    let permit = granted(budget.ask(ask("a", 1, 4), MIDNIGHT));
    assert_eq!(permit.until, MIDNIGHT.plus(PERMIT_MS));
    assert_eq!(waits(&budget.ask(ask("b", 1, 1), Time(permit.until.0 - 1))).1, Why::Slots);
    let second = granted(budget.ask(ask("b", 1, 1), permit.until));
    settle(&mut budget, permit, 0, Seen::Fine, permit.until);
    assert_eq!(budget.view(permit.until).calls_today, 5, "what is told too late gives nothing back");
    settle(&mut budget, second, 1, Seen::Fine, permit.until);
}

#[test]
fn an_account_alone_leaves_a_quarter_of_the_slots_to_newcomers() {
    let mut budget = budget("concurrent=8");
    assert_eq!(granted(budget.ask(ask("flood", 7, 7), MIDNIGHT)).slots, 6);
    assert_eq!(waits(&budget.ask(ask("flood", 1, 1), MIDNIGHT)).1, Why::Share);
    assert_eq!(granted(budget.ask(ask("new", 6, 6), MIDNIGHT)).slots, 2);
    assert_eq!(waits(&budget.ask(ask("late", 1, 1), MIDNIGHT)).1, Why::Slots);
}

#[test]
fn fifty_calls_are_under_way_at_most_where_nobody_says_how_many() {
    let mut budget = budget("");
    let slots: u32 = (0..4).map(|number| granted(budget.ask(ask(&number.to_string(), 20, 20), MIDNIGHT)).slots).take(3).sum();
    assert_eq!(slots, UPSTREAM_CONCURRENT_DEFAULT);
}

#[test]
fn whoever_waits_for_the_rate_is_told_when_it_allows_the_call() {
    let mut budget = budget("per_second=2");
    granted(budget.ask(ask("a", 1, 2), MIDNIGHT));
    let (until, why) = waits(&budget.ask(ask("b", 1, 1), MIDNIGHT));
    assert_eq!((until, why), (MIDNIGHT.plus(500), Why::Rate));
    assert_eq!(granted(budget.ask(ask("b", 1, 1), until)).calls, 1);
}

#[test]
fn a_bundle_that_is_larger_than_the_rate_passes_in_parts() {
    let mut budget = budget("per_second=2");
    assert_eq!(granted(budget.ask(ask("a", 6, 10), MIDNIGHT)).calls, 2);
}

#[test]
fn the_days_last_calls_are_granted_and_then_the_upstream_is_used_up_until_the_next_day() {
    let mut budget = budget("daily_searches=7 resets=08:00");
    let first = granted(budget.ask(search("a", 5), MIDNIGHT));
    let second = granted(budget.ask(search("b", 5), MIDNIGHT));
    assert_eq!(second.calls, 2);
    assert_eq!(waits(&budget.ask(search("c", 5), MIDNIGHT)).1, Why::Quota, "some may come back");
    settle(&mut budget, first, 5, Seen::Fine, MIDNIGHT);
    settle(&mut budget, second, 2, Seen::Fine, MIDNIGHT);
    let answer = budget.ask(search("c", 5), MIDNIGHT);
    let expected = "the 7 searches that a day has are used until 2026-09-01T08:00:00.000Z";
    assert_eq!(refused(&answer), &Fault::OutOfCredit(expected.into()));
    assert_eq!(granted(budget.ask(ask("c", 1, 1), MIDNIGHT)).calls, 1, "other calls have no such limit");
    assert_eq!(granted(budget.ask(search("c", 5), MIDNIGHT.plus(8 * 3_600_000))).calls, 5);
}

#[test]
fn what_was_used_of_a_day_is_known_after_a_restart_and_who_waited_asks_again() {
    let mut budget = budget("daily=6 concurrent=1");
    let permit = granted(budget.ask(ask("a", 1, 5), MIDNIGHT));
    waits(&budget.ask(ask("b", 1, 1), MIDNIGHT));
    let mut again: Budget = serde_json::from_str(&serde_json::to_string(&budget).unwrap()).unwrap();
    let view = again.view(MIDNIGHT);
    assert_eq!((view.calls_today, view.slots_taken, view.waiting), (5, 1, 0));
    settle(&mut again, permit, 5, Seen::Fine, MIDNIGHT);
    assert_eq!(granted(again.ask(ask("b", 1, 3), MIDNIGHT)).calls, 1);
}

#[test]
fn an_upstream_that_fails_is_not_called_and_then_by_one_at_a_time() {
    let mut budget = budget("");
    for _ in 0..BREAKER_FAILURES {
        let permit = granted(budget.ask(ask("a", 1, 1), MIDNIGHT));
        settle(&mut budget, permit, 1, Seen::Failed("status 503".into()), MIDNIGHT);
    }
    assert_eq!(waits(&budget.ask(ask("a", 1, 1), MIDNIGHT)).1, Why::Failing);
    let then = MIDNIGHT.plus(BREAKER_MS_MIN);
    let probe = granted(budget.ask(ask("a", 6, 10), then));
    assert_eq!((probe.slots, probe.calls), (1, 1));
    assert_eq!(waits(&budget.ask(ask("b", 1, 1), then)).1, Why::Probe);
    settle(&mut budget, probe, 1, Seen::Fine, then);
    assert_eq!(granted(budget.ask(ask("b", 6, 6), then)).slots, 6);
}

#[test]
fn the_word_to_wait_holds_for_all_and_halves_the_pace_once() {
    let mut budget = budget("per_second=10 concurrent=8");
    let permits: Vec<_> = ["a", "b"].map(|account| granted(budget.ask(ask(account, 1, 1), MIDNIGHT))).into();
    for permit in permits {
        settle(&mut budget, permit, 1, Seen::RateLimited { after_s: Some(30) }, MIDNIGHT.plus(100));
    }
    assert_eq!(budget.view(MIDNIGHT).pace_percent, 50);
    let end = MIDNIGHT.plus(30_100);
    assert_eq!(waits(&budget.ask(search("c", 1), MIDNIGHT.plus(200))), (end, Why::Paused));
    assert_eq!(granted(budget.ask(search("c", 1), end)).calls, 1);
}

#[test]
fn the_pace_has_a_floor_and_comes_back_call_by_call() {
    let mut budget = budget("concurrent=64");
    let mut now = MIDNIGHT;
    for _ in 0..20 {
        let permit = granted(budget.ask(ask("a", 1, 1), now));
        settle(&mut budget, permit, 1, Seen::RateLimited { after_s: None }, now);
        now = now.plus(UPSTREAM_PAUSE_MS);
    }
    assert_eq!(budget.view(now).slots, 64 / PACE_PART_MIN);
    for _ in 0..2 * PACE_CALLS {
        let permit = granted(budget.ask(ask("a", 1, 1), now));
        settle(&mut budget, permit, 1, Seen::Fine, now);
    }
    assert_eq!(budget.view(now).pace_percent, 100);
}

#[test]
fn an_absurd_word_to_wait_does_not_hold_jobs_for_days() {
    let mut budget = budget("");
    let permit = granted(budget.ask(ask("a", 1, 1), MIDNIGHT));
    settle(&mut budget, permit, 1, Seen::RateLimited { after_s: Some(u32::MAX) }, MIDNIGHT);
    assert_eq!(waits(&budget.ask(ask("a", 1, 1), MIDNIGHT)).0, MIDNIGHT.plus(RETRY_AFTER_MS_MAX));
}

#[test]
fn a_window_that_is_used_up_rests_the_calls_of_its_kind_alone() {
    let mut budget = budget("");
    let permit = granted(budget.ask(search("a", 1), MIDNIGHT));
    let credit = Credit { calls: Some(0), none_until: Some(MIDNIGHT.plus(9_000)), ..Credit::default() };
    budget.settle(&Settlement { permit: permit.id, calls: 1, seen: vec![Seen::Fine], credit }, MIDNIGHT);
    assert_eq!(waits(&budget.ask(search("a", 1), MIDNIGHT)), (MIDNIGHT.plus(9_000), Why::Paused));
    assert_eq!(granted(budget.ask(ask("a", 1, 1), MIDNIGHT)).calls, 1);
    assert_eq!(budget.view(MIDNIGHT).credit.calls, Some(0));
}

#[test]
fn a_short_outage_is_waited_out_and_a_longer_one_is_the_answer() {
    let mut budget = budget("");
    let permit = granted(budget.ask(ask("a", 1, BREAKER_FAILURES), MIDNIGHT));
    settle(&mut budget, permit, BREAKER_FAILURES, Seen::Failed("503".into()), MIDNIGHT);
    let mut now = MIDNIGHT;
    for _ in 0..BREAKER_WAITS {
        let (until, why) = waits(&budget.ask(ask("b", 1, 1), now));
        assert_eq!(why, Why::Failing);
        now = until;
        let probe = granted(budget.ask(ask("b", 1, 1), now));
        settle(&mut budget, probe, 1, Seen::Failed("503".into()), now);
    }
    assert!(matches!(refused(&budget.ask(ask("b", 1, 1), now)), Fault::Unavailable(detail) if detail.contains("503")));
}

#[test]
fn refused_credentials_stop_all_calls_with_that_reason() {
    let mut budget = budget("");
    let permit = granted(budget.ask(ask("a", 1, 5), MIDNIGHT));
    settle(&mut budget, permit, 1, Seen::Refused(Fault::Unauthorized("wrong key".into())), MIDNIGHT);
    assert!(matches!(refused(&budget.ask(search("b", 1), MIDNIGHT)), Fault::Unauthorized(detail) if detail.contains("wrong key")));
}

#[test]
fn other_rates_hold_from_the_next_ask_on() {
    let mut budget = budget("concurrent=1");
    granted(budget.ask(ask("a", 1, 1), MIDNIGHT));
    budget.allow(Rates::parse("concurrent=8 per_second=1").unwrap(), MIDNIGHT);
    assert_eq!(granted(budget.ask(ask("b", 1, 5), MIDNIGHT)).calls, 1);
}
