//! The waiting line, and what an account waits for itself.

use super::rows::{Again, JobRow, Stage};
use super::{Account, Effect};
use crate::limits::{RESEND_MS_MAX, START_AGAIN_MS_MIN};
use crate::time::Time;

impl Account {
    /// Whether a run could begin at once: nobody waits, and a place is free.
    pub(super) fn has_room(&self) -> bool {
        self.waiting() == 0 && self.running() < self.plan().concurrent_jobs as usize
    }

    pub(super) fn running(&self) -> usize {
        self.jobs.values().filter(|job| job.is_running()).count()
    }

    pub(super) fn waiting(&self) -> usize {
        self.jobs.values().filter(|job| job.ticket().is_some()).count()
    }

    /// A job's place in line, 1 for the next one; `None` where it does not wait.
    pub(super) fn place_of(&self, seq: u32) -> Option<u32> {
        let ticket = self.jobs.get(&seq)?.ticket()?;
        let before = self.jobs.values().filter_map(JobRow::ticket).filter(|other| *other < ticket).count();
        Some(before as u32 + 1)
    }

    /// Gives free places to those who wait, in their order. They are told by the alarm, which is set to now.
    pub(super) fn let_waiting_ones_start(&mut self, now: Time) {
        let free = (self.plan().concurrent_jobs as usize).saturating_sub(self.running());
        let mut waiting: Vec<(u32, u32)> = self.jobs.iter().filter_map(|(seq, job)| Some((job.ticket()?, *seq))).collect();
        waiting.sort_unstable();
        for (_, seq) in waiting.into_iter().take(free) {
            if let Some(job) = self.job_mut(seq) {
                job.stage = Stage::Starting(Again { at: now, sends: 0 });
            }
        }
    }

    /// The job knows that its turn has come.
    pub(super) fn started(&mut self, id: &str, run: u32) {
        self.heard_of(id, run);
        let Some(seq) = self.by_id.get(id).copied() else { return };
        if let Some(job) = self.jobs.get_mut(&seq).filter(|job| job.entry.run == run && matches!(job.stage, Stage::Starting(_))) {
            job.stage = Stage::Running;
            self.changes.jobs.insert(seq);
        }
    }

    /// The job knows of the run, so that its charges can be relied on.
    pub(super) fn heard_of(&mut self, id: &str, run: u32) {
        let Some(seq) = self.by_id.get(id).copied() else { return };
        if let Some(job) = self.jobs.get_mut(&seq).filter(|job| job.entry.run == run && job.ask.is_some()) {
            job.ask = None;
            self.changes.jobs.insert(seq);
        }
    }

    /// Everything that is waited for, in no order.
    fn timers(&self) -> impl Iterator<Item = Time> + '_ {
        let jobs = self.jobs.values().flat_map(|job| {
            let start = match job.stage {
                Stage::Starting(again) => Some(again.at),
                _ => None,
            };
            start.into_iter().chain(job.ask.map(|again| again.at))
        });
        jobs.chain(self.standing.announce.map(|again| again.at))
    }

    pub(super) fn next_alarm(&self) -> Option<Time> {
        self.timers().min()
    }

    /// Says again whatever is due and was not acknowledged.
    pub(super) fn ring(&mut self, now: Time) {
        // The alarm that rang is spent, even where the next one is for the same time.
        self.alarm = None;
        for (seq, row) in &mut self.jobs {
            let (job, run) = (&row.id, row.entry.run);
            if let Stage::Starting(again) = &mut row.stage
                && again.is_due(now)
            {
                self.effects.push_back(Effect::Start { job: job.clone(), run });
                self.changes.jobs.insert(*seq);
            }
            if let Some(again) = &mut row.ask
                && again.is_due(now)
            {
                self.effects.push_back(Effect::Ask { job: job.clone(), run });
                self.changes.jobs.insert(*seq);
            }
        }
        if let Some(again) = &mut self.standing.announce
            && again.is_due(now)
        {
            let terms = &self.standing.terms;
            self.effects.push_back(Effect::Announce {
                account: self.standing.id.clone(),
                plan: terms.plan.name.clone(),
                since: terms.since,
            });
            self.changes.standing = true;
        }
    }
}

impl Again {
    /// Whether it is to be said now; if so, it is due again after a wait that doubles each time.
    fn is_due(&mut self, now: Time) -> bool {
        if self.at > now {
            return false;
        }
        let ms = START_AGAIN_MS_MIN.saturating_mul(1 << self.sends.min(16)).min(RESEND_MS_MAX);
        *self = Again { at: now.plus(ms), sends: self.sends.saturating_add(1) };
        true
    }
}
