//! What a search is charged: law L4.
//!
//! A search reserves what it may deliver before it begins, counts what was delivered as it goes, and releases the
//! rest when it is over. Charges come over a link that loses, repeats and reorders them; each says how many creators
//! its job has delivered in all, so that counting is a matter of the greatest number heard, never of how often.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_earlier_run_that_comes_late_does_not_end_the_next() {
        let mut entry = Entry { run: 1, reserved: 50, settled: 10, open: true };
        // 20 were delivered in the first run; 10 of them are still to be counted.
        assert_eq!(entry.settle(0, 20, true), Change { counted: 10, ..Change::default() });
        assert!(entry.open);
        assert_eq!(entry.settle(1, 60, true), Change { counted: 40, released: 0, closed: true });
        assert_eq!(entry, Entry { run: 1, reserved: 0, settled: 60, open: false });
    }
}
