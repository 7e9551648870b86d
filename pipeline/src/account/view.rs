//! An account as its owner and the operator see it.

use serde::{Deserialize, Serialize};

use super::ledger::Entry;
use super::month::Month;
use super::rows::JobRow;
use super::{Account, Plan};
use crate::job::Status;
use crate::time::Time;

/// What an account may do, has done and is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// The plan's name.
    pub plan: String,
    /// What the plan allows.
    pub limits: Limits,
    /// The month that the figures are of.
    pub period: Period,
    /// Creators that were delivered.
    pub used: u32,
    /// Creators that runs which are not over may still deliver.
    pub reserved: u32,
    /// Creators that can still be asked for; `None` where there is no limit.
    pub remaining: Option<u32>,
    /// What runs and what waits.
    pub jobs: JobsUsage,
    /// How far the plan itself is used up, where it has an end.
    pub trial: Option<PlanUsage>,
}

/// What a plan allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Creators a month; `None` is as many as there are.
    pub creators_per_month: Option<u32>,
    /// Jobs that may run at the same time.
    pub concurrent_jobs: u32,
    /// Creators of one search.
    pub target_max: u32,
    /// Requests a minute.
    pub requests_per_minute: u32,
}

/// A calendar month of UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    /// Which, such as `2026-11`.
    pub month: Month,
    /// When it is over, RFC 3339 in UTC.
    pub resets_at: String,
}

/// An account's jobs by number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobsUsage {
    /// Those that run.
    pub running: u32,
    /// Those that wait in line.
    pub waiting: u32,
}

/// How far a plan that has an end is used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanUsage {
    /// Searches that may deliver something; `None` is as many as one likes.
    pub searches: Option<u32>,
    /// Searches that have delivered something.
    pub used: u32,
    /// Searches that run and may still deliver something.
    pub held: u32,
    /// When the plan is over, RFC 3339 in UTC; `None` where it is not a matter of time, or before the first search.
    pub ends_at: Option<String>,
}

/// Some of an account's jobs, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobsPage {
    /// The jobs.
    pub jobs: Vec<JobItem>,
    /// Where the next page begins; `None` after the last.
    pub next_cursor: Option<String>,
}

/// A job in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobItem {
    /// The job's id.
    pub job_id: String,
    /// The platform, as requests name it.
    pub platform: String,
    /// The first few keywords.
    pub keywords: Vec<String>,
    /// Creators that were asked for.
    pub target_results: u32,
    /// When it was asked for, RFC 3339 in UTC.
    pub created_at: String,
    /// Where it stood when the account last heard of it.
    pub status: Status,
    /// Creators that it has delivered, as far as the account has heard.
    pub creators_found: u32,
    /// Its place in line, 1 for the next one; left out where it does not wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
}

impl Account {
    /// How the account stands in the present month.
    #[must_use]
    pub fn usage(&self, now: Time) -> Usage {
        let plan = self.plan();
        let month = Month::of(now);
        let has_an_end = plan.searches.is_some() || plan.days.is_some();
        Usage {
            plan: plan.name.clone(),
            limits: limits(plan),
            period: Period { month, resets_at: month.end().rfc3339() },
            used: self.used(month),
            reserved: self.reserved(month),
            remaining: self.remaining(month),
            jobs: JobsUsage { running: self.running() as u32, waiting: self.waiting() as u32 },
            trial: has_an_end.then(|| PlanUsage {
                searches: plan.searches,
                used: self.standing.terms.searches,
                held: self.searches_held(),
                ends_at: self.ends_at().map(Time::rfc3339),
            }),
        }
    }

    /// At most so many jobs, the newest first, from where another page ended.
    #[must_use]
    pub fn jobs(&self, cursor: Option<u32>, limit: usize) -> JobsPage {
        let mut rows = self.jobs.range(..cursor.unwrap_or(u32::MAX)).rev();
        let taken: Vec<(&u32, &JobRow)> = rows.by_ref().take(limit).collect();
        let next_cursor = rows.next().and_then(|_| taken.last()).map(|(seq, _)| seq.to_string());
        JobsPage { jobs: taken.into_iter().map(|(seq, job)| self.item(*seq, job)).collect(), next_cursor }
    }

    /// A job's place in line, 1 for the next one; `None` where it does not wait.
    #[must_use]
    pub fn place(&self, job: &str) -> Option<u32> {
        self.by_id.get(job).and_then(|seq| self.place_of(*seq))
    }

    fn item(&self, seq: u32, job: &JobRow) -> JobItem {
        JobItem {
            job_id: job.id.clone(),
            platform: job.platform.clone(),
            keywords: job.keywords.clone(),
            target_results: job.target,
            created_at: job.at.rfc3339(),
            status: job.status,
            creators_found: job.entry.settled,
            place: self.place_of(seq),
        }
    }

    /// What is noted of a job that the list keeps.
    #[must_use]
    pub fn entry(&self, job: &str) -> Option<&Entry> {
        self.by_id.get(job).and_then(|seq| self.jobs.get(seq)).map(|job| &job.entry)
    }

    /// The months in which something was counted, and how many creators each.
    pub fn months(&self) -> impl Iterator<Item = (Month, u32)> + '_ {
        self.standing.used.iter().map(|(month, used)| (*month, *used))
    }

    /// Creators that were counted in a month.
    #[must_use]
    pub fn used(&self, month: Month) -> u32 {
        self.standing.used.get(&month).copied().unwrap_or_default()
    }

    /// Creators that runs of a month may still deliver.
    #[must_use]
    pub fn reserved(&self, month: Month) -> u32 {
        self.jobs.values().filter(|job| job.is_open() && job.month == month).map(|job| job.entry.reserved).sum()
    }

    /// Creators that can still be asked for in a month; `None` where there is no limit.
    #[must_use]
    pub fn remaining(&self, month: Month) -> Option<u32> {
        let limit = self.plan().creators_per_month?;
        Some(limit.saturating_sub(self.used(month)).saturating_sub(self.reserved(month)))
    }

    /// Searches that run under the present plan and have delivered nothing yet.
    pub(super) fn searches_held(&self) -> u32 {
        let terms = self.standing.terms.number;
        self.jobs.values().filter(|job| job.holds_a_search(terms)).count() as u32
    }

    /// When the plan is over; `None` where it has no end, or before it was used.
    pub(super) fn ends_at(&self) -> Option<Time> {
        let days = self.plan().days.filter(|_| self.known)?;
        Some(self.standing.terms.since.plus(u64::from(days) * 86_400_000))
    }
}

fn limits(plan: &Plan) -> Limits {
    Limits {
        creators_per_month: plan.creators_per_month,
        concurrent_jobs: plan.concurrent_jobs,
        target_max: plan.target_max,
        requests_per_minute: plan.requests_per_minute,
    }
}
