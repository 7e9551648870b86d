//! What is charged (L4), what may be reserved, and whose turn it is.

use std::collections::{BTreeMap, BTreeSet};

use scout_pipeline::account::{Account, Charge, Month, Page};
use scout_pipeline::job::Event;
use scout_pipeline::time::Time;

use super::{Law, Laws, Turn};
use crate::stored::Stored;
use crate::world::Stores;

/// What was above a plan's limits when an account was put on it, and may stay so until it is over.
#[derive(Debug, Clone, Default)]
pub(super) struct Ceiling {
    /// Creators used and reserved, by month.
    creators: BTreeMap<Month, u32>,
    /// Jobs that run.
    running: u32,
    /// Months in which something happened. While it is one, everything that was delivered belongs to it.
    months: BTreeSet<Month>,
}

impl Laws {
    /// A charge reached its account.
    pub fn charged(&mut self, job: usize, account: &Account, charge: &Charge, stored: &Stored) {
        let settled = account.entry(&charge.job).map_or(0, |entry| entry.settled);
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

    /// An account changed: what is used and reserved stays within the plan, but for what an earlier plan allowed.
    pub fn account(&mut self, name: &str, account: &Account, is_new_plan: bool, now: Time) {
        let month = Month::of(now);
        let running = account.usage(now).jobs.running;
        let ceiling = self.ceilings.entry(name.to_owned()).or_default();
        ceiling.months.insert(month);
        // Not the account's own sum, because that may be what is wrong.
        let delivered = || account.jobs(None, usize::MAX).jobs.iter().map(|job| job.creators_found).sum();
        let used = if ceiling.months.len() == 1 { delivered() } else { account.used(month) };
        let taken = used + account.reserved(month);
        if is_new_plan {
            ceiling.creators.insert(month, taken);
            ceiling.running = running;
        }
        let left_over = ceiling.creators.get(&month).copied().unwrap_or_default();
        let most = account.plan().creators_per_month.map_or(u32::MAX, |most| most.max(left_over));
        let places = account.plan().concurrent_jobs.max(ceiling.running);
        self.check(taken <= most, Law::Limit, 0, || {
            format!("{name} has {taken} creators used and reserved in {month}, and {most} are allowed")
        });
        self.check(running <= places, Law::Line, 0, || format!("{running} jobs of {name} run, and {places} may"));
    }

    /// Jobs that work are jobs that their account knows to be running: nobody has begun without a turn, or lost it.
    pub fn line(&mut self, name: &str, account: &Account, jobs: &dyn Stores) {
        for job in 0..jobs.count() {
            let stored = jobs.stored(job);
            let Some(dispatch) = stored.dispatch.as_ref().filter(|dispatch| dispatch.account.as_deref() == Some(name)) else { continue };
            let (progress, place) = (&stored.progress, account.place(&dispatch.id));
            let works = !progress.status.is_final() && !progress.held;
            let same_run = account.entry(&dispatch.id).is_some_and(|entry| entry.run == progress.run);
            self.check(!(works && same_run && place.is_some()), Law::Line, job, || {
                format!("the job works, and its account has it at place {} in line", place.unwrap_or_default())
            });
        }
    }

    /// When nothing is left to happen, what is used is what was delivered, nothing is reserved, nobody waits, and the
    /// ledger's entries say the same.
    pub fn settled(&mut self, name: &str, account: &Account, pages: &[Page], jobs: &dyn Stores) {
        let mut total = 0;
        for job in 0..jobs.count() {
            let stored = jobs.stored(job);
            let Some((dispatch, entry)) = stored.dispatch.as_ref().and_then(|dispatch| Some((dispatch, account.entry(&dispatch.id)?)))
            else {
                continue;
            };
            let creators = stored.creators.len() as u32;
            total += creators;
            self.check(entry.settled == creators, Law::L4, job, || {
                format!("{} creators are charged in the end, and {creators} were delivered", entry.settled)
            });
            self.check(entry.reserved == 0, Law::L4, job, || format!("{} creators stay reserved", entry.reserved));
            self.check(account.place(&dispatch.id).is_none(), Law::Line, job, || "it is in line for ever".into());
        }
        let used: u32 = account.months().map(|(_, used)| used).sum();
        self.check(used == total, Law::L4, 0, || format!("{name} has used {used}, and {total} creators were delivered"));
        self.check(account.alarm().is_none(), Law::Line, 0, || format!("{name} waits for something for ever"));
        let verdict = account.check(pages);
        self.check(verdict.agrees, Law::L4, 0, || format!("the ledger of {name} does not add up: {}", verdict.differences.join("; ")));
    }
}
