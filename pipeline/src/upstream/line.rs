//! Who is next: fair queueing between accounts. Each has a mark that moves by as much as it is granted, and whoever's
//! mark is lowest comes first; a clock that moves with what is granted to all keeps newcomers from being behind those
//! who have had much, and from being ahead of those who wait for what they never had.

use std::collections::{BTreeMap, HashMap};

use super::Ask;
use crate::limits::{UPSTREAM_GRACE_MS, UPSTREAM_NEAR_MS, UPSTREAM_PROMISE_MS, UPSTREAM_WAITING_MAX};
use crate::time::Time;

/// One call, on the clock: fine enough that it can be divided between accounts.
const CALL: u64 = 1_000;

/// Those who wait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// By when they came.
    waiting: BTreeMap<u64, Waiting>,
    places: HashMap<String, u64>,
    next: u64,
    clock: u64,
    marks: HashMap<String, u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Waiting {
    ask: Ask,
    /// When it is to ask again.
    due: Time,
}

/// What is promised to those who come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ahead {
    /// Slots of those who are about to ask again.
    pub(super) slots: u32,
    /// Their calls.
    pub(super) calls: u32,
    /// Those of them that are searches.
    pub(super) searches: u32,
    /// Slots of all who come first.
    pub(super) all_slots: u32,
    /// Their calls.
    pub(super) all_calls: u32,
    /// Those of them that are searches.
    pub(super) all_searches: u32,
}

impl Line {
    /// Forgets those who did not ask again in time.
    pub(super) fn forget_the_late(&mut self, now: Time) {
        let places = &mut self.places;
        self.waiting.retain(|_, waiting| {
            let stays = now <= waiting.due.plus(UPSTREAM_GRACE_MS);
            if !stays {
                places.remove(&waiting.ask.ticket);
            }
            stays
        });
        // A mark that the clock has passed says nothing any more.
        let clock = self.clock;
        self.marks.retain(|_, mark| *mark > clock);
    }

    /// What comes before this ask. `room` says how many slots an account may still take: nothing is promised to one that
    /// may take none.
    pub(super) fn ahead(&self, ask: &Ask, now: Time, room: impl Fn(&str) -> u32) -> Ahead {
        let own = self.places.get(&ask.ticket).copied().unwrap_or(u64::MAX);
        let marks = self.order();
        let last = || self.marks.get(&ask.account).copied().unwrap_or(0).max(self.clock) + self.waits_for(&ask.account);
        let mark = marks.get(&own).copied().unwrap_or_else(last);
        let mut ahead = Ahead::default();
        let mut rooms: HashMap<&str, u32> = HashMap::new();
        for (place, waiting) in &self.waiting {
            let before = marks.get(place).is_some_and(|theirs| (*theirs, *place) < (mark, own));
            if *place == own || !before {
                continue;
            }
            let left = rooms.entry(&waiting.ask.account).or_insert_with(|| room(&waiting.ask.account));
            let slots = waiting.ask.slots.min(*left);
            *left -= slots;
            let near = waiting.due <= now.plus(UPSTREAM_NEAR_MS) && now <= waiting.due.plus(UPSTREAM_PROMISE_MS);
            ahead.add(&waiting.ask, slots, near);
        }
        ahead
    }

    /// The mark of everyone in line.
    fn order(&self) -> HashMap<u64, u64> {
        let mut behind: HashMap<&str, u64> = HashMap::new();
        let mut marks = HashMap::with_capacity(self.waiting.len());
        for (place, Waiting { ask, .. }) in &self.waiting {
            let mark = behind.entry(&ask.account).or_insert_with(|| self.marks.get(&ask.account).copied().unwrap_or(0).max(self.clock));
            marks.insert(*place, *mark);
            *mark = mark.saturating_add(cost(ask.calls));
        }
        marks
    }

    /// How much an account already waits for.
    fn waits_for(&self, account: &str) -> u64 {
        self.waiting.values().filter(|waiting| waiting.ask.account == account).map(|waiting| cost(waiting.ask.calls)).sum()
    }

    /// Keeps a place for whoever has to wait. One line has so many places; who finds none comes when it has become shorter.
    pub(super) fn keep(&mut self, ask: Ask, due: Time) {
        if let Some(waiting) = self.places.get(&ask.ticket).and_then(|place| self.waiting.get_mut(place)) {
            *waiting = Waiting { ask, due };
            return;
        }
        if self.waiting.len() >= UPSTREAM_WAITING_MAX && !self.make_room_for(&ask.account) {
            return;
        }
        self.places.insert(ask.ticket.clone(), self.next);
        self.waiting.insert(self.next, Waiting { ask, due });
        self.next += 1;
    }

    /// Frees a place of a full line for an account: the last one of whoever has the most, unless that is this account.
    fn make_room_for(&mut self, account: &str) -> bool {
        let mut held: HashMap<&str, (usize, u64)> = HashMap::new();
        for (place, waiting) in &self.waiting {
            let (count, last) = held.entry(&waiting.ask.account).or_default();
            (*count, *last) = (*count + 1, *place);
        }
        let own = held.get(account).map_or(0, |(count, _)| *count);
        let most = held.into_values().max();
        let Some((_, last)) = most.filter(|(count, _)| *count > own + 1) else { return false };
        if let Some(waiting) = self.waiting.remove(&last) {
            self.places.remove(&waiting.ask.ticket);
        }
        true
    }

    /// Takes whoever asked out of the line.
    pub(super) fn leave(&mut self, ticket: &str) {
        if let Some(place) = self.places.remove(ticket) {
            self.waiting.remove(&place);
        }
    }

    /// So many calls were granted to an account; `accounts` says how many hold permits or wait, that one included.
    pub(super) fn granted(&mut self, account: &str, calls: u32, accounts: u32) {
        let mark = self.marks.entry(account.to_owned()).or_insert(0);
        *mark = (*mark).max(self.clock).saturating_add(cost(calls));
        self.clock = self.clock.saturating_add((cost(calls) / u64::from(accounts.max(1))).max(1));
    }

    /// So many calls of what was granted were not needed.
    pub(super) fn given_back(&mut self, account: &str, calls: u32) {
        if let Some(mark) = self.marks.get_mut(account) {
            *mark = mark.saturating_sub(cost(calls));
        }
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// For whom they wait.
    pub(super) fn accounts(&self) -> std::collections::BTreeSet<&str> {
        self.waiting.values().map(|waiting| waiting.ask.account.as_str()).collect()
    }
}

impl Ahead {
    /// Adds somebody who may take so many slots, and who may be about to.
    fn add(&mut self, ask: &Ask, slots: u32, near: bool) {
        let searches = if ask.searches { ask.calls } else { 0 };
        let promised = |count: u32| if near && slots > 0 { count } else { 0 };
        self.slots = self.slots.saturating_add(promised(slots));
        self.calls = self.calls.saturating_add(promised(ask.calls));
        self.searches = self.searches.saturating_add(promised(searches));
        self.all_slots = self.all_slots.saturating_add(ask.slots);
        self.all_calls = self.all_calls.saturating_add(ask.calls);
        self.all_searches = self.all_searches.saturating_add(searches);
    }
}

fn cost(calls: u32) -> u64 {
    u64::from(calls).saturating_mul(CALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(ticket: &str, account: &str) -> Ask {
        Ask { ticket: ticket.into(), account: account.into(), slots: 1, calls: 1, searches: false }
    }

    fn before(line: &Line, ticket: &str, account: &str) -> u32 {
        line.ahead(&ask(ticket, account), Time(0), |_| u32::MAX).all_calls
    }

    #[test]
    fn a_newcomer_comes_before_the_second_of_one_that_floods() {
        let mut line = Line::default();
        for number in 0..50 {
            line.keep(ask(&format!("flood-{number}"), "flood"), Time(0));
        }
        line.granted("flood", 1, 1);
        assert_eq!(before(&line, "new", "newcomer"), 1, "the first of the flood came earlier, and had no more");
        assert_eq!(before(&line, "flood-51", "flood"), 50);
    }

    #[test]
    fn an_account_that_had_much_comes_after_those_that_had_little() {
        let mut line = Line::default();
        line.granted("much", 10, 2);
        line.keep(ask("much-1", "much"), Time(0));
        assert_eq!(before(&line, "little-1", "little"), 0);
        line.keep(ask("little-1", "little"), Time(0));
        assert_eq!(before(&line, "much-1", "much"), 1);
    }

    #[test]
    fn who_does_not_ask_again_in_time_loses_the_place() {
        let mut line = Line::default();
        line.keep(ask("a", "a"), Time(100));
        line.forget_the_late(Time(100 + UPSTREAM_GRACE_MS));
        assert_eq!(line.len(), 1);
        line.forget_the_late(Time(101 + UPSTREAM_GRACE_MS));
        assert_eq!(line.len(), 0);
    }

    #[test]
    fn only_those_who_are_about_to_ask_hold_others_up() {
        let mut line = Line::default();
        line.keep(ask("soon", "a"), Time(UPSTREAM_NEAR_MS));
        line.keep(ask("later", "b"), Time(UPSTREAM_NEAR_MS + 1));
        let ahead = line.ahead(&ask("new", "c"), Time(0), |_| u32::MAX);
        assert_eq!((ahead.slots, ahead.all_slots), (1, 2));
    }

    #[test]
    fn nothing_is_promised_to_an_account_that_has_its_share() {
        let mut line = Line::default();
        line.keep(ask("full", "full"), Time(0));
        let ahead = line.ahead(&ask("new", "new"), Time(0), |account| if account == "full" { 0 } else { 9 });
        assert_eq!((ahead.slots, ahead.calls, ahead.all_slots), (0, 0, 1));
    }

    #[test]
    fn nothing_is_kept_for_those_who_are_long_overdue() {
        let mut line = Line::default();
        line.keep(ask("gone", "a"), Time(0));
        let kept = |now| line.ahead(&ask("new", "b"), Time(now), |_| u32::MAX).slots;
        assert_eq!((kept(UPSTREAM_PROMISE_MS), kept(UPSTREAM_PROMISE_MS + 1)), (1, 0));
    }

    #[test]
    fn a_newcomer_finds_a_place_in_a_line_that_one_account_has_filled() {
        let mut line = Line::default();
        for number in 0..UPSTREAM_WAITING_MAX {
            line.keep(ask(&number.to_string(), "flood"), Time(0));
        }
        line.keep(ask("new", "newcomer"), Time(0));
        assert_eq!((line.len(), line.accounts().len()), (UPSTREAM_WAITING_MAX, 2));
        line.keep(ask("one more", "flood"), Time(0));
        assert!(!line.places.contains_key("one more"));
    }

    #[test]
    fn a_line_has_so_many_places_and_not_one_more() {
        let mut line = Line::default();
        for number in 0..=UPSTREAM_WAITING_MAX {
            line.keep(ask(&number.to_string(), "a"), Time(0));
        }
        assert_eq!(line.len(), UPSTREAM_WAITING_MAX);
        line.leave("0");
        line.keep(ask("another", "a"), Time(0));
        assert_eq!(line.len(), UPSTREAM_WAITING_MAX);
    }
}
