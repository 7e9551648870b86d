//! A job as callers see it. Counts and rows of one answer come from the same state.

use serde::{Deserialize, Serialize};

use super::ending::outcome;
use super::{Again, Job, Origin, ProfileState, Search, State, Status, Task, TaskOutcome};
use crate::record::Record;
use crate::time::Time;
use crate::trouble::{Failure, Reason};

/// The job's counters, derived from its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Keywords of all rounds planned so far.
    pub keywords_dispatched: u32,
    /// Those of them that ended well: searched to their end, or not needed any more.
    pub keywords_completed: u32,
    /// Those that failed.
    pub keywords_failed: u32,
    /// Creators that belong to the job.
    pub creators_found: u32,
    /// Those of them whose profile was read.
    pub creators_enriched: u32,
    /// 0 to 100; never falls, and is 100 exactly when the job is over.
    pub percent_complete: u8,
}

/// How far the profiles are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrichmentStatus {
    /// No profile has been read yet.
    Pending,
    /// Some have an outcome, and more are to come.
    InProgress,
    /// Every creator's profile has its outcome.
    Completed,
}

/// Why fewer creators were found than asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shortfall {
    /// How many are missing.
    pub missing: u32,
    /// `keywords_exhausted`, or the reason that stopped the job or its keywords.
    pub reason: String,
    /// The same for people.
    pub detail: String,
}

/// The answer to a status request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// The job's id.
    pub job_id: String,
    /// Where the job stands.
    pub status: Status,
    /// The same in a sentence.
    pub message: String,
    /// Why it failed or stopped, if it did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<Failure>,
    /// Why fewer were found than asked for, once the job is over.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shortfall: Option<Shortfall>,
    /// What trying again would do; absent where there is nothing to try again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry: Option<Again>,
    /// Counts changes.
    pub version: u64,
    /// The counters.
    pub progress: Counters,
    /// How far the profiles are.
    pub enrichment_status: EnrichmentStatus,
    /// The job's creators: one entry, as the replaced system's clients expect it.
    pub results: Vec<Results>,
    /// Which of them these are.
    pub pagination: Pagination,
    /// How many there are.
    pub total_creators: u32,
    /// How many were asked for.
    pub target_results: u32,
    /// The platform.
    pub platform: String,
    /// The caller's keywords, as accepted.
    pub keywords: Vec<String>,
    /// What it took.
    pub benchmark: Benchmark,
    /// What callers should know besides.
    pub notes: Vec<String>,
}

/// Some of a job's creators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The job's id.
    pub id: String,
    /// The creators.
    pub creators: Vec<Record>,
}

/// Which of a job's creators an answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// How many were asked for at most.
    pub limit: u32,
    /// The place of the first.
    pub offset: u32,
    /// How many there are in all.
    pub total: u32,
    /// The place of the next page's first; absent on the last page so far.
    pub next_offset: Option<u32>,
    /// The same, as a cursor.
    pub next_cursor: Option<String>,
}

/// What a job took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Benchmark {
    /// From dispatch to the final state, or until now.
    pub total_duration_ms: u64,
    /// Upstream calls that were made.
    pub api_calls: u32,
    /// The time they took together.
    pub api_ms: u64,
    /// Pages and profiles that came from the cache, without a call.
    pub cached_answers: u32,
    /// Creators found a second.
    pub creators_per_second: f64,
}

/// A job with each keyword's origin, outcome and yield.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// The job's id.
    pub job_id: String,
    /// The platform.
    pub platform: String,
    /// Where the job stands.
    pub status: Status,
    /// Why it failed or stopped, if it did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<Failure>,
    /// Why fewer were found than asked for, once the job is over.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shortfall: Option<Shortfall>,
    /// What trying again would do; absent where there is nothing to try again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry: Option<Again>,
    /// How often what failed was tried again.
    pub run: u32,
    /// Counts changes.
    pub version: u64,
    /// How many creators were asked for.
    pub target_results: u32,
    /// The caller's own label.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub campaign_id: Option<String>,
    /// When it was dispatched, RFC 3339 in UTC.
    pub created_at: String,
    /// When it was over, RFC 3339 in UTC.
    pub finished_at: Option<String>,
    /// The counters.
    pub progress: Counters,
    /// How far the profiles are.
    pub enrichment_status: EnrichmentStatus,
    /// Every keyword, in the order in which they were planned.
    pub keywords: Vec<KeywordView>,
    /// What it took.
    pub benchmark: Benchmark,
}

/// A keyword of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeywordView {
    /// The keyword.
    pub keyword: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its round, from 0.
    pub round: u32,
    /// `waiting`, `queued`, `searching` or `done`.
    pub state: String,
    /// How it ended, once it did.
    pub outcome: Option<TaskOutcome>,
    /// Pages read.
    pub pages: u32,
    /// New creators that it gave.
    pub found: u32,
}

impl Job {
    /// The counters.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let ended =
            |wanted: fn(&TaskOutcome) -> bool| self.searches().filter_map(|(task, _)| outcome(&task.state)).filter(|it| wanted(it)).count();
        Counters {
            keywords_dispatched: self.searches().count() as u32,
            keywords_completed: ended(|outcome| !matches!(outcome, TaskOutcome::Failed(_))) as u32,
            keywords_failed: ended(|outcome| matches!(outcome, TaskOutcome::Failed(_))) as u32,
            creators_found: self.creators.len() as u32,
            creators_enriched: self.profiles(|state| matches!(state, ProfileState::Enriched { .. })) as u32,
            percent_complete: self.progress.percent,
        }
    }

    /// How far the profiles are.
    #[must_use]
    pub fn enrichment_status(&self) -> EnrichmentStatus {
        let open = self.profiles(ProfileState::is_open);
        let searching = self.progress.planning.is_some() || self.searches().any(|(task, _)| task.is_open());
        match (open, open == self.creators.len()) {
            (0, _) if !searching || self.progress.status.is_final() => EnrichmentStatus::Completed,
            (_, true) => EnrichmentStatus::Pending,
            _ => EnrichmentStatus::InProgress,
        }
    }

    fn profiles(&self, which: fn(&ProfileState) -> bool) -> usize {
        self.creators.iter().filter(|found| which(&found.profile)).count()
    }

    /// How far the job is by its rows, 0 to 99 while it runs: half for finding creators, half for their
    /// profiles. What was shown before is never taken back, which is the caller's part: law L6.
    pub(super) fn percent(&self) -> u8 {
        if self.progress.status.is_final() {
            return 100;
        }
        let target = f64::from(self.dispatch.accepted.target.max(1));
        let (all, done) =
            self.searches().fold((0.0, 0.0), |(all, done), (task, _)| (all + 1.0, done + f64::from(u8::from(!task.is_open()))));
        let found = self.creators.len() as f64;
        let searched = (found / target).max(if all > 0.0 { done / all } else { 0.0 });
        // Where fewer are found than wanted, the profiles of those there are make up the second half.
        let settled = (self.creators.len() - self.profiles(ProfileState::is_open)) as f64;
        let profiles = if found > 0.0 { settled / found * searched } else { 0.0 };
        (50.0 * searched.min(1.0) + 49.0 * profiles.min(1.0)).floor() as u8
    }

    /// A page of the job's creators with everything around it. `limit` of 0 gives the counts alone.
    #[must_use]
    pub fn status_view(&self, offset: u32, limit: u32, now: Time) -> StatusView {
        let accepted = &self.dispatch.accepted;
        let (creators, pagination) = self.page(offset, limit);
        StatusView {
            job_id: self.dispatch.id.clone(),
            status: self.progress.status,
            message: self.message(),
            error: self.error(),
            shortfall: self.shortfall(),
            retry: self.may_retry().ok(),
            version: self.progress.version,
            progress: self.counters(),
            enrichment_status: self.enrichment_status(),
            results: vec![Results { id: self.dispatch.id.clone(), creators }],
            pagination,
            total_creators: self.creators.len() as u32,
            target_results: accepted.target,
            platform: accepted.platform.clone(),
            keywords: accepted.keywords.iter().map(|keyword| keyword.as_str().to_owned()).collect(),
            benchmark: self.benchmark(now),
            notes: self.progress.notes.clone(),
        }
    }

    fn page(&self, offset: u32, limit: u32) -> (Vec<Record>, Pagination) {
        let total = self.creators.len() as u32;
        let end = offset.saturating_add(limit).min(total);
        let creators = (offset.min(end)..end).filter_map(|seq| self.record(seq)).collect();
        let next_offset = (end < total && limit > 0).then_some(end);
        let next_cursor = next_offset.map(|next| next.to_string());
        (creators, Pagination { limit, offset, total, next_offset, next_cursor })
    }

    /// The record of one creator; `None` where there is none.
    #[must_use]
    pub fn record(&self, seq: u32) -> Option<Record> {
        let found = self.creators.get(seq as usize)?;
        let keyword = self.tasks.get(found.task as usize).and_then(Task::search).map_or("", |search| search.keyword.as_str());
        let manifest = &self.dispatch.manifest;
        Some(Record::of(found, seq, keyword, &manifest.platform, &manifest.label))
    }

    /// The job with each keyword's origin, outcome and yield.
    #[must_use]
    pub fn view(&self, now: Time) -> JobView {
        let accepted = &self.dispatch.accepted;
        JobView {
            job_id: self.dispatch.id.clone(),
            platform: accepted.platform.clone(),
            status: self.progress.status,
            error: self.error(),
            shortfall: self.shortfall(),
            retry: self.may_retry().ok(),
            run: self.progress.run,
            version: self.progress.version,
            target_results: accepted.target,
            campaign_id: accepted.campaign_id.clone(),
            created_at: self.dispatch.at.rfc3339(),
            finished_at: self.progress.finished_at.map(Time::rfc3339),
            progress: self.counters(),
            enrichment_status: self.enrichment_status(),
            keywords: self.searches().map(|(task, search)| keyword_view(task, search)).collect(),
            benchmark: self.benchmark(now),
        }
    }

    /// What the job took so far.
    #[must_use]
    pub fn benchmark(&self, now: Time) -> Benchmark {
        let ms = self.progress.finished_at.unwrap_or(now).since(self.dispatch.at);
        let rate = self.creators.len() as f64 * 1_000.0 / ms.max(1) as f64;
        Benchmark {
            total_duration_ms: ms,
            api_calls: self.progress.calls.made,
            api_ms: self.progress.calls.ms,
            cached_answers: self.progress.calls.cached,
            creators_per_second: (rate * 100.0).round() / 100.0,
        }
    }

    /// Why the job failed or stopped.
    fn error(&self) -> Option<Failure> {
        let failed = || self.first_failure().filter(|_| self.progress.status == Status::Error);
        self.progress.stopped.clone().filter(|stopped| stopped.reason != Reason::Cancelled).or_else(failed)
    }

    fn first_failure(&self) -> Option<Failure> {
        self.searches().find_map(|(task, _)| match outcome(&task.state) {
            Some(TaskOutcome::Failed(failure)) => Some(failure.clone()),
            _ => None,
        })
    }

    fn shortfall(&self) -> Option<Shortfall> {
        let missing = self.dispatch.accepted.target.saturating_sub(self.creators.len() as u32);
        if missing == 0 || !self.progress.status.is_final() {
            return None;
        }
        let failure = self.progress.stopped.clone().or_else(|| self.first_failure());
        let (reason, detail) = match failure {
            Some(failure) => (failure.reason.name().to_owned(), failure.detail),
            None => ("keywords_exhausted".to_owned(), "every keyword was searched to its end".to_owned()),
        };
        Some(Shortfall { missing, reason, detail })
    }

    fn message(&self) -> String {
        let counters = self.counters();
        let (found, target) = (counters.creators_found, self.dispatch.accepted.target);
        match self.progress.status {
            Status::Pending if self.progress.held => "The search waits until another one of the account is over.".to_owned(),
            Status::Pending => "The search is about to start.".to_owned(),
            Status::Dispatching => format!("Keywords are being chosen; {found} of {target} creators found."),
            Status::Searching => format!(
                "{} of {} keywords searched; {found} of {target} creators found.",
                counters.keywords_completed + counters.keywords_failed,
                counters.keywords_dispatched
            ),
            Status::Enriching => format!("{found} creators found; {} profiles read.", counters.creators_enriched),
            Status::Completed if found < target => format!("Every keyword was searched; {found} of {target} creators exist for them."),
            Status::Completed => format!("All {found} creators were found."),
            Status::Partial => format!("{found} of {target} creators were found; something is missing."),
            Status::Error => "Nothing could be searched.".to_owned(),
            Status::Cancelled => format!("The search was cancelled; {found} creators were found before."),
        }
    }
}

fn keyword_view(task: &Task, search: &Search) -> KeywordView {
    let state = match task.state {
        State::Waiting => "waiting",
        State::Queued { .. } => "queued",
        State::Leased { .. } => "searching",
        State::Done { .. } => "done",
    };
    KeywordView {
        keyword: search.keyword.as_str().to_owned(),
        origin: search.origin.clone(),
        round: search.round,
        state: state.to_owned(),
        outcome: outcome(&task.state).cloned(),
        pages: search.pages,
        found: search.admitted,
    }
}
