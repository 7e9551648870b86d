//! What a search is charged: law L4.
//!
//! A search reserves what it may deliver before it begins, counts what was delivered as it goes, and releases the
//! rest when it is over. Charges come over a link that loses, repeats and reorders them; each says how many creators
//! its job has delivered in all, so that counting is a matter of the greatest number heard, never of how often.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a job tells its account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Charge {
    /// Whose account.
    pub account: String,
    /// The job.
    pub job: String,
    /// The job's run, from 0.
    pub run: u32,
    /// Creators that the job has delivered by now, in all its runs together.
    pub delivered: u32,
    /// Whether the run is over, so that what it did not deliver is free again.
    pub closes: bool,
}

/// A search that the account can't pay for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account has {remaining} creators left")]
pub struct Refused {
    /// Creators that could be asked for instead.
    pub remaining: u32,
}

/// What a charge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Creators that it counted; 0 for one that was known already.
    pub counted: u32,
}

/// What one job has reserved and was charged for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The latest run that was let in.
    pub run: u32,
    /// Creators that it may still deliver.
    pub reserved: u32,
    /// Creators that were counted.
    pub settled: u32,
    /// Whether the run goes on. Nothing is counted for one that is over.
    pub open: bool,
}

/// An account's jobs, and how many creators they may have together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    allowance: u32,
    entries: BTreeMap<String, Entry>,
}

/// What a charge changed of an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// Creators that were counted.
    pub(super) counted: u32,
    /// Creators that are free again.
    pub(super) released: u32,
    /// Whether the run is over by it.
    pub(super) closed: bool,
}

impl Entry {
    /// What is noted of a job once this run is let in, after what was noted of it before. `remaining` is what is left
    /// besides what the job itself holds.
    pub(super) fn reserve(last: Option<Entry>, run: u32, wanted: u32, remaining: u32) -> Result<Entry, Refused> {
        let Entry { reserved: held, settled, .. } = last.unwrap_or_default();
        // A run takes over what the one before it still holds: part of that may be delivered and not counted yet.
        let reserved = wanted.max(held);
        let remaining = remaining.saturating_add(held);
        match reserved <= remaining {
            true => Ok(Entry { run, reserved, settled, open: true }),
            false => Err(Refused { remaining }),
        }
    }

    /// Counts what was delivered and not counted yet; releases the rest with the last charge of the run.
    pub(super) fn settle(&mut self, run: u32, delivered: u32, closes: bool) -> Change {
        if !self.open {
            return Change::default();
        }
        let counted = delivered.saturating_sub(self.settled).min(self.reserved);
        self.settled += counted;
        self.reserved -= counted;
        if !closes || run != self.run {
            return Change { counted, ..Change::default() };
        }
        self.open = false;
        Change { counted, released: std::mem::take(&mut self.reserved), closed: true }
    }
}

impl Ledger {
    /// An empty ledger that allows this many creators.
    #[must_use]
    pub fn new(allowance: u32) -> Self {
        Ledger { allowance, entries: BTreeMap::new() }
    }

    /// Reserves what a run may deliver. The same run may ask again and is let in once.
    ///
    /// # Errors
    /// [`Refused`] when less is left; nothing is reserved then.
    pub fn validate_creator_search(&mut self, job: &str, run: u32, wanted: u32) -> Result<(), Refused> {
        let last = self.entries.get(job).copied();
        if last.is_some_and(|last| run <= last.run) {
            return Ok(());
        }
        let entry = Entry::reserve(last, run, wanted, self.remaining())?;
        self.entries.insert(job.to_owned(), entry);
        Ok(())
    }

    /// Counts what was delivered and not counted yet, and releases the rest with the last charge of a run.
    pub fn increment_creator_count(&mut self, charge: &Charge) -> Settled {
        let entry = self.entries.get_mut(&charge.job);
        Settled { counted: entry.map_or(0, |entry| entry.settle(charge.run, charge.delivered, charge.closes).counted) }
    }

    /// Creators that were counted.
    #[must_use]
    pub fn used(&self) -> u32 {
        self.entries.values().map(|entry| entry.settled).sum()
    }

    /// Creators that running jobs may still deliver.
    #[must_use]
    pub fn reserved(&self) -> u32 {
        self.entries.values().map(|entry| entry.reserved).sum()
    }

    /// Creators that can still be asked for.
    #[must_use]
    pub fn remaining(&self) -> u32 {
        self.allowance.saturating_sub(self.used()).saturating_sub(self.reserved())
    }

    /// What is noted of a job.
    #[must_use]
    pub fn entry(&self, job: &str) -> Option<&Entry> {
        self.entries.get(job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(run: u32, delivered: u32, closes: bool) -> Charge {
        Charge { account: "a".into(), job: "j".into(), run, delivered, closes }
    }

    fn ledger() -> Ledger {
        let mut ledger = Ledger::new(100);
        ledger.validate_creator_search("j", 0, 60).unwrap();
        ledger
    }

    #[test]
    fn two_searches_can_not_both_pass_on_what_is_enough_for_one() {
        let mut ledger = ledger();
        assert_eq!(ledger.validate_creator_search("k", 0, 41), Err(Refused { remaining: 40 }));
        assert_eq!(ledger.reserved(), 60);
        assert_eq!(ledger.validate_creator_search("k", 0, 40), Ok(()));
        assert_eq!(ledger.remaining(), 0);
    }

    #[test]
    fn a_search_that_asks_twice_is_let_in_once() {
        let mut ledger = ledger();
        assert_eq!(ledger.validate_creator_search("j", 0, 60), Ok(()));
        assert_eq!(ledger.reserved(), 60);
    }

    #[test]
    fn a_charge_that_comes_twice_or_late_counts_nothing() {
        let mut ledger = ledger();
        assert_eq!(ledger.increment_creator_count(&charge(0, 20, false)), Settled { counted: 20 });
        assert_eq!(ledger.increment_creator_count(&charge(0, 20, false)), Settled { counted: 0 });
        assert_eq!(ledger.increment_creator_count(&charge(0, 10, false)), Settled { counted: 0 });
        assert_eq!((ledger.used(), ledger.reserved()), (20, 40));
    }

    #[test]
    fn the_last_charge_releases_the_rest_and_nothing_is_counted_after_it() {
        let mut ledger = ledger();
        ledger.increment_creator_count(&charge(0, 20, true));
        assert_eq!((ledger.used(), ledger.reserved(), ledger.remaining()), (20, 0, 80));
        assert_eq!(ledger.increment_creator_count(&charge(0, 30, true)), Settled { counted: 0 });
        assert_eq!(ledger.used(), 20);
    }

    #[test]
    fn no_more_is_counted_than_was_reserved() {
        let mut ledger = ledger();
        assert_eq!(ledger.increment_creator_count(&charge(0, 61, false)), Settled { counted: 60 });
    }

    #[test]
    fn a_charge_of_a_job_that_reserved_nothing_counts_nothing() {
        assert_eq!(Ledger::new(100).increment_creator_count(&charge(0, 5, false)), Settled { counted: 0 });
    }

    #[test]
    fn another_run_reserves_what_is_missing_and_goes_on_counting() {
        let mut ledger = ledger();
        ledger.increment_creator_count(&charge(0, 20, true));
        ledger.validate_creator_search("j", 1, 40).unwrap();
        assert_eq!((ledger.used(), ledger.reserved()), (20, 40));
        assert_eq!(ledger.increment_creator_count(&charge(1, 50, true)), Settled { counted: 30 });
        assert_eq!((ledger.used(), ledger.reserved()), (50, 0));
    }

    #[test]
    fn the_end_of_an_earlier_run_that_comes_late_does_not_end_the_next() {
        let mut ledger = ledger();
        ledger.increment_creator_count(&charge(0, 10, false));
        ledger.validate_creator_search("j", 1, 40).unwrap();
        // 20 were delivered in the first run; 10 of them are still to be counted.
        assert_eq!(ledger.increment_creator_count(&charge(0, 20, true)), Settled { counted: 10 });
        assert!(ledger.entry("j").unwrap().open);
        assert_eq!(ledger.increment_creator_count(&charge(1, 60, true)), Settled { counted: 40 });
        assert_eq!((ledger.used(), ledger.reserved()), (60, 0));
    }

    #[test]
    fn another_run_is_refused_where_too_little_is_left() {
        let mut ledger = ledger();
        ledger.increment_creator_count(&charge(0, 20, true));
        ledger.validate_creator_search("k", 0, 80).unwrap();
        assert_eq!(ledger.validate_creator_search("j", 1, 40), Err(Refused { remaining: 0 }));
    }
}
