//! One shard of the cache: what it holds, who calls for what, and what has to go. The values themselves are the
//! runtime's; the shelf knows their keys, ages and lengths.

use std::collections::{BTreeSet, HashMap};

use super::{Key, Kind};
use crate::limits::{CACHE_SHARD_BYTES_MAX, CACHE_SHARD_VALUES_MAX, CACHE_VALUE_BYTES_MAX, UNDERWAY_MS_MAX, UNDERWAY_MS_MIN};
use crate::time::Time;

/// What is known of a value that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Since when.
    pub kept: Time,
    /// Until when it is given.
    pub until: Time,
    /// Its length in bytes of JSON.
    pub bytes: usize,
}

/// Keys of one shard.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    slots: HashMap<Key, Slot>,
    by_age: BTreeSet<(Time, Key)>,
    bytes: usize,
    claims: HashMap<Key, Claim>,
    next: u64,
}

/// Somebody calls for a value.
#[derive(Debug, Clone, Copy)]
struct Claim {
    number: u64,
    since: Time,
    until: Time,
}

/// What a shelf has under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A value of this age in milliseconds.
    Hit {
        /// How old it is, in milliseconds.
        age_ms: u64,
    },
    /// Nothing, and now a claim.
    Yours {
        /// The claim's number.
        claim: u64,
    },
    /// Nothing; somebody else calls for it.
    Underway {
        /// When to look again.
        until: Time,
    },
}

/// What is to be done with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Write it with this; `None` if it is not kept.
    pub write: Option<Slot>,
    /// Values that have to go for it.
    pub gone: Vec<Key>,
}

impl Shelf {
    /// A shelf with these values on it.
    #[must_use]
    pub fn of(slots: impl IntoIterator<Item = (Key, Slot)>) -> Shelf {
        let mut shelf = Shelf::default();
        for (key, slot) in slots {
            shelf.put(key, slot);
        }
        shelf
    }

    /// Looks for a value that is younger than `max_age_s` seconds, if that is said, and claims what is not there.
    ///
    /// Whoever wants it fresh, with an age of 0, shares a call with nobody: one that is under way may have been answered
    /// before.
    pub fn look(&mut self, kind: Kind, key: Key, max_age_s: Option<u32>, now: Time) -> Found {
        let young = |slot: &&Slot| max_age_s.is_none_or(|seconds| now.since(slot.kept) < u64::from(seconds) * 1_000);
        if let Some(slot) = self.slots.get(&key).filter(|slot| now < slot.until).filter(young) {
            return Found::Hit { age_ms: now.since(slot.kept) };
        }
        let fresh = max_age_s == Some(0);
        if let Some(claim) = self.claims.get(&key).filter(|claim| now < claim.until && !fresh) {
            // Who has waited long waits long again: most calls are over at once, and few take their whole time.
            let again = now.plus(now.since(claim.since).clamp(UNDERWAY_MS_MIN, UNDERWAY_MS_MAX));
            return Found::Underway { until: again.min(claim.until) };
        }
        let number = self.next;
        self.next += 1;
        self.claims.insert(key, Claim { number, since: now, until: now.plus(kind.claim_ms()) });
        Found::Yours { claim: number }
    }

    /// Gives a claim back without a value.
    pub fn give_back(&mut self, key: Key, claim: u64) {
        if self.claims.get(&key).is_some_and(|held| held.number == claim) {
            self.claims.remove(&key);
        }
    }

    /// Takes a value of so many bytes for so many seconds, and ends its claim. One that is too long is not kept, and the
    /// oldest go when there is too much. A claim that has ended makes no difference: the value is as good.
    pub fn keep(&mut self, key: Key, claim: u64, bytes: usize, life_s: u32, now: Time) -> Kept {
        self.give_back(key, claim);
        if life_s == 0 || bytes > CACHE_VALUE_BYTES_MAX {
            return Kept { write: None, gone: Vec::new() };
        }
        let slot = Slot { kept: now, until: now.plus(u64::from(life_s) * 1_000), bytes };
        self.remove(&key);
        self.put(key, slot);
        let mut gone = Vec::new();
        while self.bytes > CACHE_SHARD_BYTES_MAX || self.slots.len() > CACHE_SHARD_VALUES_MAX {
            let Some((_, oldest)) = self.by_age.first().copied() else { break };
            self.remove(&oldest);
            gone.push(oldest);
        }
        Kept { write: Some(slot), gone }
    }

    /// Takes away what is not given any more.
    pub fn sweep(&mut self, now: Time) -> Vec<Key> {
        let over: Vec<Key> = self.slots.iter().filter(|(_, slot)| slot.until <= now).map(|(key, _)| *key).collect();
        for key in &over {
            self.remove(key);
        }
        self.claims.retain(|_, claim| now < claim.until);
        over
    }

    /// Forgets a value that was found not to be there.
    pub fn remove(&mut self, key: &Key) {
        if let Some(slot) = self.slots.remove(key) {
            self.bytes -= slot.bytes;
            self.by_age.remove(&(slot.kept, *key));
        }
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    fn put(&mut self, key: Key, slot: Slot) {
        self.bytes += slot.bytes;
        self.by_age.insert((slot.kept, key));
        self.slots.insert(key, slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CLAIM_PAGE_MS;

    fn key(number: usize) -> Key {
        Key::parse(&format!("{number:064x}")).unwrap()
    }

    fn look(shelf: &mut Shelf, max_age_s: Option<u32>, now: u64) -> Found {
        shelf.look(Kind::Page, key(1), max_age_s, Time(now))
    }

    /// A shelf that kept one value at 0 for 900 seconds.
    fn shelf() -> Shelf {
        let mut shelf = Shelf::default();
        assert!(shelf.keep(key(1), 0, 10, 900, Time(0)).write.is_some());
        shelf
    }

    #[test]
    fn a_value_is_given_until_its_time_is_up() {
        assert_eq!(look(&mut shelf(), None, 899_999), Found::Hit { age_ms: 899_999 });
        assert!(matches!(look(&mut shelf(), None, 900_000), Found::Yours { .. }));
    }

    #[test]
    fn a_value_is_given_only_if_it_is_younger_than_was_asked_for() {
        assert_eq!(look(&mut shelf(), Some(5), 4_999), Found::Hit { age_ms: 4_999 });
        assert!(matches!(look(&mut shelf(), Some(5), 5_000), Found::Yours { .. }));
        assert!(matches!(look(&mut shelf(), Some(0), 0), Found::Yours { .. }));
    }

    #[test]
    fn one_calls_and_the_others_come_again() {
        let mut shelf = Shelf::default();
        let Found::Yours { claim } = look(&mut shelf, None, 0) else { panic!("nobody calls yet") };
        assert_eq!(look(&mut shelf, None, 10), Found::Underway { until: Time(10 + UNDERWAY_MS_MIN) });
        assert_eq!(look(&mut shelf, None, 1_000), Found::Underway { until: Time(2_000) });
        shelf.keep(key(1), claim, 10, 900, Time(1_500));
        assert_eq!(look(&mut shelf, None, 2_000), Found::Hit { age_ms: 500 });
    }

    #[test]
    fn a_claim_that_was_given_back_or_has_ended_is_the_next_ones() {
        let mut shelf = Shelf::default();
        let Found::Yours { claim } = look(&mut shelf, None, 0) else { panic!("nobody calls yet") };
        shelf.give_back(key(1), claim);
        let Found::Yours { claim: second } = look(&mut shelf, None, 1) else { panic!("it was given back") };
        shelf.give_back(key(1), claim);
        assert_eq!(look(&mut shelf, None, CLAIM_PAGE_MS), Found::Underway { until: Time(CLAIM_PAGE_MS + 1) });
        assert!(matches!(look(&mut shelf, None, CLAIM_PAGE_MS + 1), Found::Yours { claim } if claim != second));
    }

    #[test]
    fn whoever_wants_it_fresh_waits_for_nobody_and_keeps_it_for_others() {
        let mut shelf = Shelf::default();
        let Found::Yours { .. } = look(&mut shelf, None, 0) else { panic!("nobody calls yet") };
        let Found::Yours { claim } = look(&mut shelf, Some(0), 1) else { panic!("it shares no call") };
        shelf.keep(key(1), claim, 10, 900, Time(2));
        assert_eq!(look(&mut shelf, None, 3), Found::Hit { age_ms: 1 });
    }

    #[test]
    fn a_value_may_be_so_long_and_not_one_byte_longer() {
        let mut shelf = Shelf::default();
        assert!(shelf.keep(key(1), 0, CACHE_VALUE_BYTES_MAX, 1, Time(0)).write.is_some());
        assert!(shelf.keep(key(2), 0, CACHE_VALUE_BYTES_MAX + 1, 1, Time(0)).write.is_none());
        assert!(shelf.keep(key(3), 0, 1, 0, Time(0)).write.is_none());
    }

    #[test]
    fn the_oldest_go_when_there_is_too_much() {
        let mut shelf = Shelf::default();
        let fit = CACHE_SHARD_BYTES_MAX / CACHE_VALUE_BYTES_MAX;
        for number in 0..fit {
            assert_eq!(shelf.keep(key(number), 0, CACHE_VALUE_BYTES_MAX, 900, Time(number as u64)).gone, []);
        }
        assert_eq!(shelf.keep(key(fit), 0, CACHE_VALUE_BYTES_MAX, 900, Time(fit as u64)).gone, [key(0)]);
    }

    #[test]
    fn a_shelf_has_so_many_places_and_not_one_more() {
        let slot = |number: usize| Slot { kept: Time(number as u64), until: Time(u64::MAX), bytes: 1 };
        let mut shelf = Shelf::of((0..CACHE_SHARD_VALUES_MAX).map(|number| (key(number), slot(number))));
        assert_eq!(shelf.keep(key(5), 0, 2, 900, Time(u64::MAX / 2)).gone, [], "the same place again");
        assert_eq!(shelf.keep(key(CACHE_SHARD_VALUES_MAX), 0, 2, 900, Time(u64::MAX / 2)).gone, [key(0)]);
    }

    #[test]
    fn what_is_over_is_swept_and_the_rest_stays() {
        let mut shelf = shelf();
        shelf.keep(key(2), 0, 10, 901, Time(0));
        assert_eq!(shelf.sweep(Time(900_000)), [key(1)]);
        assert!(!shelf.is_empty());
        assert_eq!(shelf.sweep(Time(901_000)), [key(2)]);
        assert!(shelf.is_empty());
    }
}
