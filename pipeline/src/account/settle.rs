//! Counting what was delivered, and releasing what was not.

use super::{Account, Charge, Item, Settled, What};
use crate::account::rows::Stage;
use crate::job::Status;
use crate::limits::RUN_UNHEARD_MS;
use crate::time::Time;

impl Account {
    /// Takes in what a job says that it has delivered in all, and where it stands. Twice, late and out of order change
    /// nothing, because the greatest number counts.
    pub(super) fn increment_creator_count(&mut self, charge: &Charge, status: Status, now: Time) -> Settled {
        let Some(seq) = self.by_id.get(&charge.job).copied() else { return Settled { counted: 0 } };
        self.heard_of(&charge.job, charge.run);
        if let Some(job) =
            self.jobs.get_mut(&seq).filter(|job| charge.run >= job.entry.run && job.status != status && !job.status.is_final())
        {
            job.status = status;
            self.changes.jobs.insert(seq);
        }
        Settled { counted: self.settle(seq, charge.run, charge.delivered, charge.closes, now) }
    }

    /// Settles a job's latest run; gives the creators that were counted.
    pub(super) fn settle(&mut self, seq: u32, run: u32, delivered: u32, closes: bool, now: Time) -> u32 {
        let terms = self.standing.terms.number;
        let Some(job) = self.jobs.get_mut(&seq) else { return 0 };
        let before = job.entry;
        let change = job.entry.settle(run, delivered, closes);
        if job.entry == before {
            return 0;
        }
        let item = |amount| Item { job: job.id.clone(), run: before.run, month: job.month, amount };
        let (counted, released) = (item(change.counted), item(change.released));
        let is_first = before.settled == 0 && change.counted > 0 && job.terms == terms;
        if change.closed {
            (job.stage, job.ask) = (Stage::Over, None);
        }
        self.changes.jobs.insert(seq);
        self.standing.terms.searches += u32::from(is_first);
        if change.counted > 0 {
            let used = self.standing.used.entry(counted.month).or_default();
            *used = used.saturating_add(change.counted);
            self.post(What::Counted(counted), now);
        }
        if change.closed {
            self.post(What::Released(released), now);
        }
        change.counted
    }

    /// A run never began: whoever reserved for it is gone. What it held is free again, and if it was the first, there is no
    /// such job. Said too early, it means nothing: the run may still be on its way.
    pub(super) fn missing(&mut self, id: &str, run: u32, now: Time) {
        let Some(seq) = self.by_id.get(id).copied() else { return };
        let is_lost = |job: &super::JobRow| job.is_open() && job.entry.run == run && job.ask.is_some();
        let Some(job) = self.jobs.get_mut(&seq).filter(|job| is_lost(job) && now >= job.let_in_at.plus(RUN_UNHEARD_MS)) else { return };
        let item = Item { job: id.to_owned(), run, month: job.month, amount: std::mem::take(&mut job.entry.reserved) };
        job.entry.open = false;
        (job.stage, job.ask) = (Stage::Over, None);
        match run.checked_sub(1) {
            // The same run may be asked for again.
            Some(before) => {
                (job.entry.run, job.status) = (before, job.status_before);
                self.changes.jobs.insert(seq);
            }
            None => self.drop_job(seq),
        }
        self.post(What::Released(item), now);
    }
}
