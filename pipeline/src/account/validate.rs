//! Letting a run begin, or saying why not.

use serde::{Deserialize, Serialize};

use super::ledger::Entry;
use super::month::Month;
use super::rows::{Again, JobRow, Stage};
use super::{Account, Item, What};
use crate::job::{Dispatch, Status};
use crate::limits::{JOB_KEYWORDS_KEPT_MAX, RUN_UNHEARD_MS, WAITING_JOBS_MAX};
use crate::time::Time;

/// A run that wants to begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The job's id.
    pub job: String,
    /// The run, from 0. Asking again for the same run is answered in the same way and reserves nothing more.
    pub run: u32,
    /// Creators that it may deliver.
    pub wanted: u32,
    /// Creators that the runs before it delivered together. They are all over.
    pub delivered: u32,
    /// The platform, as requests name it.
    pub platform: String,
    /// The first few keywords.
    pub keywords: Vec<String>,
    /// Creators that the job was asked for.
    pub target: u32,
    /// When the job was asked for.
    pub at: Time,
}

/// A run was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetIn {
    /// Its place in line, 1 for the next one; `None` where it may begin at once.
    pub place: Option<u32>,
}

/// A run was not let in, and nothing was reserved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// The plan.
    pub plan: String,
    /// What the plan allows of what there was too much of.
    pub limit: u32,
    /// Creators that a search could ask for now.
    pub remaining: u32,
    /// When more can be asked for, as far as that is a matter of time.
    pub resets_at: Option<Time>,
}

/// Why a run was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Too few creators are left in this month; the limit is in creators.
    PlanLimit,
    /// The plan does not allow so many creators in one search; the limit is in creators.
    TargetTooLarge,
    /// The plan's searches are used up, or held by searches that run; the limit is in searches.
    TrialUsed,
    /// The plan is over; the limit is in days.
    TrialExpired,
    /// The waiting line is full; the limit is in jobs.
    TooManyWaiting,
}

impl Why {
    /// The stable name, as it is serialised.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Why::PlanLimit => "plan_limit",
            Why::TargetTooLarge => "target_too_large",
            Why::TrialUsed => "trial_used",
            Why::TrialExpired => "trial_expired",
            Why::TooManyWaiting => "too_many_waiting",
        }
    }
}

impl Search {
    /// What a run of a job asks for that has delivered so many creators before it.
    #[must_use]
    pub fn of(dispatch: &Dispatch, run: u32, delivered: u32) -> Search {
        let accepted = &dispatch.accepted;
        Search {
            job: dispatch.id.clone(),
            run,
            wanted: accepted.target.saturating_sub(delivered),
            delivered,
            platform: accepted.platform.clone(),
            keywords: accepted.keywords.iter().take(JOB_KEYWORDS_KEPT_MAX).map(|keyword| keyword.as_str().to_owned()).collect(),
            target: accepted.target,
            at: dispatch.at,
        }
    }
}

impl Account {
    /// Reserves what a run may deliver and gives it a place, or says why not.
    pub(super) fn validate_creator_search(&mut self, search: &Search, now: Time) -> Result<LetIn, Refusal> {
        if let Some(seq) =
            self.by_id.get(&search.job).copied().filter(|seq| self.jobs.get(seq).is_some_and(|job| search.run <= job.entry.run))
        {
            return Ok(self.asked_again(seq, search.run, now));
        }
        self.open(now);
        let known = self.by_id.get(&search.job).copied();
        if let Some((seq, run)) = known.and_then(|seq| Some((seq, self.jobs.get(&seq)?.entry.run))) {
            // The job says that its last run is over. Its charge for that may still be under way.
            self.settle(seq, run, search.delivered, true, now);
        }
        self.let_waiting_ones_start(now);
        let last = known.and_then(|seq| self.jobs.get(&seq)).map(|job| job.entry);
        self.may_begin(search, last.map_or(search.delivered, |last| last.settled), now)?;
        Ok(self.let_in(search, known, now))
    }

    /// The same run asks again: it is let in already. Whoever asks is about to begin it, so it has as much time for that
    /// as one that asks for the first time.
    fn asked_again(&mut self, seq: u32, run: u32, now: Time) -> LetIn {
        if let Some(job) = self.jobs.get_mut(&seq).filter(|job| job.entry.run == run && job.ask.is_some()) {
            (job.let_in_at, job.ask) = (now, Some(Again { at: now.plus(RUN_UNHEARD_MS), sends: 0 }));
            self.changes.jobs.insert(seq);
        }
        LetIn { place: self.place_of(seq) }
    }

    fn may_begin(&self, search: &Search, settled: u32, now: Time) -> Result<(), Refusal> {
        let (plan, terms) = (self.plan(), &self.standing.terms);
        let month = Month::of(now);
        let left = self.remaining(month).unwrap_or(u32::MAX);
        let refuse = |why, limit, remaining| {
            let resets_at = (why == Why::PlanLimit).then(|| month.end());
            Err(Refusal { why, plan: plan.name.clone(), limit, remaining, resets_at })
        };
        if let Some(days) = plan.days.filter(|_| self.ends_at().is_some_and(|end| end <= now)) {
            return refuse(Why::TrialExpired, days, 0);
        }
        if let Some(searches) =
            plan.searches.filter(|searches| settled == 0 && terms.searches.saturating_add(self.searches_held()) >= *searches)
        {
            return refuse(Why::TrialUsed, searches, 0);
        }
        if search.wanted > plan.target_max {
            return refuse(Why::TargetTooLarge, plan.target_max, left.min(plan.target_max));
        }
        if search.wanted > left {
            return refuse(Why::PlanLimit, plan.creators_per_month.unwrap_or(u32::MAX), left.min(plan.target_max));
        }
        match !self.has_room() && self.waiting() >= WAITING_JOBS_MAX {
            true => refuse(Why::TooManyWaiting, WAITING_JOBS_MAX as u32, 0),
            false => Ok(()),
        }
    }

    fn let_in(&mut self, search: &Search, known: Option<u32>, now: Time) -> LetIn {
        let month = Month::of(now);
        let waits = !self.has_room();
        let stage = if waits { Stage::Waiting(self.standing.next_ticket) } else { Stage::Running };
        self.standing.next_ticket += u32::from(waits);
        let last = known.and_then(|seq| self.jobs.get(&seq));
        let (settled, status_before) = last.map_or((search.delivered, Status::Pending), |job| (job.entry.settled, job.status));
        let job = JobRow {
            id: search.job.clone(),
            platform: search.platform.clone(),
            keywords: search.keywords.iter().take(JOB_KEYWORDS_KEPT_MAX).cloned().collect(),
            target: search.target,
            at: search.at,
            status: Status::Pending,
            status_before,
            entry: Entry { run: search.run, reserved: search.wanted, settled, open: true },
            month,
            terms: self.standing.terms.number,
            stage,
            ask: Some(Again { at: now.plus(RUN_UNHEARD_MS), sends: 0 }),
            let_in_at: now,
        };
        self.changes.standing = true;
        let seq = match known {
            Some(seq) => {
                self.changes.jobs.insert(seq);
                self.jobs.insert(seq, job);
                seq
            }
            None => self.keep_job(job),
        };
        self.post(What::Reserved(Item { job: search.job.clone(), run: search.run, month, amount: search.wanted }), now);
        LetIn { place: self.place_of(seq) }
    }
}
