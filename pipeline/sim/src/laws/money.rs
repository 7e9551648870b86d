//! L4: what is charged.

use std::collections::BTreeMap;

use scout_pipeline::account::{Charge, Ledger};
use scout_pipeline::job::Event;

use super::{Law, Laws, Turn};
use crate::stored::Stored;
use crate::world::Stores;

impl Laws {
    /// A charge reached its account.
    pub fn charged(&mut self, job: usize, ledger: &Ledger, charge: &Charge, stored: &Stored) {
        let settled = ledger.entry(&charge.job).map_or(0, |entry| entry.settled);
        let delivered = stored.creators.len() as u32;
        self.check(settled <= delivered, Law::L4, job, || format!("{settled} creators are charged, and {delivered} were delivered"));
        if let Some((run, then)) = self.watches[job].closed
            && run == stored.progress.run
        {
            self.check(settled == then, Law::L4, job, || format!("{settled} creators are charged after the run closed with {then}"));
        }
    }

    /// Notes when the account has acknowledged the end of a run, and checks what is billed then.
    pub(super) fn bill(&mut self, turn: &Turn<'_>) {
        let Some(Event::Charged(charge)) = turn.event else { return };
        let progress = &turn.stored.progress;
        if progress.status.is_final() && charge.closes && charge.run == progress.run {
            let delivered = turn.stored.creators.len() as u32;
            self.watches[turn.job].closed = Some((progress.run, delivered));
            self.check(charge.delivered == delivered, Law::L4, turn.job, || {
                format!("the run closed with {} charged, and {delivered} were delivered", charge.delivered)
            });
        }
    }

    /// When nothing is left to happen, what is used is what was delivered, and nothing is reserved.
    pub fn settled(&mut self, ledger: &Ledger, jobs: &dyn Stores) {
        let mut delivered: BTreeMap<usize, u32> = BTreeMap::new();
        let mut used = 0;
        for job in 0..jobs.count() {
            let stored = jobs.stored(job);
            let Some(entry) = stored.dispatch.as_ref().and_then(|dispatch| ledger.entry(&dispatch.id)) else { continue };
            let creators = stored.creators.len() as u32;
            delivered.insert(job, creators);
            used += entry.settled;
            self.check(entry.settled == creators, Law::L4, job, || {
                format!("{} creators are charged in the end, and {creators} were delivered", entry.settled)
            });
            self.check(entry.reserved == 0, Law::L4, job, || format!("{} creators stay reserved", entry.reserved));
        }
        let total: u32 = delivered.values().sum();
        self.check(used == total && ledger.used() == total, Law::L4, 0, || {
            format!("the account has used {}, and {total} creators were delivered", ledger.used())
        });
    }
}
