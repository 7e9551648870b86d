//! What follows from everything that happened: who belongs to the job, how many calls are left, what is due, whether
//! another round pays, and how the job ends.

use std::collections::BTreeSet;

use scout_pipeline::contract::{Creator, Enrichment};
use scout_pipeline::expand;
use scout_pipeline::job::{Again, NoRetry, Status, Timer};
use scout_pipeline::limits::{
    ENRICH_BATCH_CREATORS, HELD_MS_MAX, IDENTITY_BYTES_MAX, JOB_MS_MAX, KEYWORDS_MAX, PLAN_MS_MAX, PROFILE_CREATORS_MAX, ROUND_YIELD_MIN,
    ROUNDS_MAX,
};
use scout_pipeline::protocol::TaskId;
use scout_pipeline::time::Time;
use scout_pipeline::trouble::Reason;

use super::log::{Kind, Person, Standing, Work, said_again};
use super::{Awaited, Outcome, Owed, Reference};

impl Reference {
    /// Everybody whom the pages that were taken in give to the job, with the keyword that gave them: each once
    /// (law L3), the target at most (law L1). Of several posts on a page the most watched one counts.
    pub(super) fn admitted(&self) -> Vec<(TaskId, &Creator)> {
        let mut admitted = Vec::new();
        let mut seen = BTreeSet::new();
        for page in &self.pages {
            let mut on_this_page = BTreeSet::new();
            for first in page.creators.iter().filter(|creator| on_this_page.insert(&creator.identity)) {
                let best = most_watched(&page.creators, first);
                let full = admitted.len() as u32 == self.asked.accepted.target;
                if !full && is_nameable(best) && self.is_watched_enough(best) && seen.insert(&best.identity) {
                    admitted.push((page.task, best));
                }
            }
        }
        admitted
    }

    /// Unknown views are no reason to leave anybody out.
    fn is_watched_enough(&self, creator: &Creator) -> bool {
        match (views(creator), self.asked.accepted.min_views) {
            (Some(views), Some(least)) => views >= least,
            _ => true,
        }
    }

    /// Whether the search answer is a full profile.
    pub(super) fn is_complete(&self, creator: &Creator) -> bool {
        creator.complete || self.asked.manifest.enrichment == Enrichment::None
    }

    pub(super) fn creators_per_call(&self) -> usize {
        match self.asked.manifest.enrichment {
            Enrichment::None => 1,
            Enrichment::Optional(creators) | Enrichment::Required(creators) => (creators as usize).clamp(1, PROFILE_CREATORS_MAX),
        }
    }

    /// Ten creators a message, or the adapter's own batch where that is more; whole calls in any case.
    pub(super) fn creators_per_message(&self) -> usize {
        let per_call = self.creators_per_call();
        (ENRICH_BATCH_CREATORS - ENRICH_BATCH_CREATORS % per_call).max(per_call)
    }

    pub(super) fn keywords(&self) -> impl Iterator<Item = (TaskId, &Work)> {
        (0..).zip(&self.works).filter(|(_, work)| work.batch().is_none())
    }

    pub(super) fn open_works(&self) -> Vec<TaskId> {
        (0..).zip(&self.works).filter(|(_, work)| work.is_open()).map(|(task, _)| task).collect()
    }

    /// The creators of a batch whose profiles have no outcome yet; nobody for a keyword.
    pub(super) fn open_of(&self, task: TaskId) -> Vec<u32> {
        let people = self.works[task as usize].batch().unwrap_or_default();
        people.iter().copied().filter(|seq| self.people[*seq as usize].is_open()).collect()
    }

    pub(super) fn delivered(&self) -> u32 {
        self.people.len() as u32
    }

    pub(super) fn target_met(&self) -> bool {
        self.delivered() >= self.asked.accepted.target
    }

    pub(super) fn calls_granted(&self) -> u32 {
        self.works.iter().map(Work::calls).sum::<u32>() - self.given_back
    }

    pub(super) fn calls_left(&self) -> u32 {
        self.asked.accepted.max_upstream_calls.map_or(u32::MAX, |most| most - self.calls_granted().min(most))
    }

    pub(super) fn run(&self) -> u32 {
        self.runs.len() as u32 - 1
    }

    pub(super) fn round(&self) -> u32 {
        self.rounds.last().copied().unwrap_or(0)
    }

    pub(super) fn is_over(&self) -> bool {
        self.runs.last().is_some_and(|run| run.over.is_some())
    }

    /// Whether the present run waits for its account.
    pub(super) fn is_held(&self) -> bool {
        self.runs.last().is_some_and(|run| run.held && run.over.is_none())
    }

    /// Where the job stands, by what is open.
    pub(super) fn status(&self) -> Status {
        let nothing_sent = self.works.iter().all(|work| work.steps.is_empty());
        match self.runs.last().and_then(|run| run.over) {
            Some(over) => over,
            None if self.is_held() => Status::Pending,
            None if self.awaited.is_some() && nothing_sent => Status::Pending,
            None if self.awaited.is_some() => Status::Dispatching,
            None if self.keywords().any(|(_, work)| work.is_open()) => Status::Searching,
            None => Status::Enriching,
        }
    }

    /// How the job ends: law L8.
    pub(super) fn verdict(&self) -> Status {
        let ended = || self.keywords().filter_map(|(_, work)| outcome(work));
        let failed = ended().any(|outcome| matches!(outcome, Outcome::Failed(_)));
        let searched = ended().any(|outcome| matches!(outcome, Outcome::Ok(_) | Outcome::Empty));
        if self.stopped == Some(Reason::Cancelled) {
            Status::Cancelled
        } else if self.people.is_empty() && failed && !searched {
            Status::Error
        } else if self.stopped.is_some() || failed || self.people.iter().any(Person::is_missing) {
            Status::Partial
        } else {
            Status::Completed
        }
    }

    /// Derived keywords that the first round wants besides the given ones.
    pub(super) fn first_round(&self) -> usize {
        let accepted = &self.asked.accepted;
        let given = accepted.keywords.len() as u32;
        match accepted.expand {
            true => (expand::needed(accepted.target, self.asked.manifest.hints.creators_per_keyword, given) - given) as usize,
            false => 0,
        }
    }

    /// Another round and how many keywords it wants, where one pays.
    pub(super) fn next_round(&self) -> Option<(u32, usize)> {
        let last: Vec<u32> = self.keywords().filter(|(_, work)| round_of(work) == self.round()).map(|(_, work)| work.admitted()).collect();
        let pays = !last.is_empty() && last.iter().sum::<u32>() >= ROUND_YIELD_MIN * last.len() as u32;
        let room = KEYWORDS_MAX - self.keywords().count().min(KEYWORDS_MAX);
        let may = self.asked.accepted.expand && self.stopped.is_none() && self.round() < ROUNDS_MAX && room > 0;
        if !may || !pays || self.target_met() {
            return None;
        }
        let shortfall = self.asked.accepted.target - self.delivered();
        let wanted = expand::needed_again(shortfall, self.asked.manifest.hints.creators_per_keyword) as usize;
        Some((self.round() + 1, wanted.min(room)))
    }

    /// Keywords that may be under way at once: those that the caller named, or as many as should give what is missing.
    pub(super) fn keywords_needed(&self) -> usize {
        let missing = self.asked.accepted.target - self.delivered();
        let needed = missing.div_ceil(expand::yield_of(self.asked.manifest.hints.creators_per_keyword)) as usize;
        needed.max(self.asked.accepted.keywords.len())
    }

    /// What another run would do.
    pub(super) fn retry(&self) -> Result<Again, NoRetry> {
        let (keywords, profiles) = (self.unfinished_keywords().len() as u32, self.missing_profiles().len() as u32);
        if !self.is_over() {
            Err(NoRetry::Running)
        } else if keywords == 0 && profiles == 0 {
            Err(NoRetry::NothingFailed)
        } else if self.calls_left() == 0 {
            Err(NoRetry::NoCallsLeft)
        } else {
            Ok(Again { keywords, profiles, wanted: self.asked.accepted.target - self.delivered() })
        }
    }

    /// Keywords that failed or were cut off; one that was not needed is neither.
    pub(super) fn unfinished_keywords(&self) -> Vec<TaskId> {
        let unfinished = |outcome| match outcome {
            Outcome::Failed(_) => true,
            Outcome::Skipped(reason) => reason != Reason::TargetMet,
            Outcome::Ok(_) | Outcome::Empty => false,
        };
        self.keywords().filter(|(_, work)| outcome(work).is_some_and(unfinished)).map(|(task, _)| task).collect()
    }

    pub(super) fn missing_profiles(&self) -> Vec<u32> {
        (0..).zip(&self.people).filter(|(_, person)| person.is_missing()).map(|(seq, _)| seq).collect()
    }

    /// What the account knows, and what it is owed; nothing where nobody is charged.
    pub(super) fn owed(&self) -> Option<Owed> {
        self.asked.account.as_ref()?;
        Some(Owed {
            delivered: self.delivered(),
            known: self.heard.iter().map(|heard| heard.delivered).max().unwrap_or(0),
            closes: self.is_over(),
            closed: self.heard.iter().any(|heard| heard.closes == Some(self.run())),
            under_way: self.charge.as_ref().map(|charge| (charge.delivered, charge.closes)),
        })
    }

    pub(super) fn is_settled(&self) -> bool {
        self.owed().is_none_or(|owed| owed.delivered == owed.known && owed.closes == owed.closed)
    }

    pub(super) fn planning_due(&self, awaited: Awaited) -> Time {
        awaited.asked.map_or(awaited.from, |asked| asked.plus(PLAN_MS_MAX))
    }

    /// Everything that the job waits for, and when its time has come. A job that is over waits for nothing but the
    /// account.
    pub(super) fn due(&self) -> BTreeSet<(Time, Timer)> {
        let mut due = BTreeSet::new();
        let charge =
            self.charge.as_ref().and_then(|charge| Some((said_again(*charge.sent.last()?, charge.sent.len() as u32), Timer::Charge)));
        due.extend(charge);
        if self.is_over() {
            return due;
        }
        let allowed = if self.is_held() { HELD_MS_MAX } else { JOB_MS_MAX };
        due.extend(self.runs.last().map(|run| (run.begun.plus(allowed), Timer::Deadline)));
        if self.is_held() {
            return due;
        }
        due.extend(self.awaited.map(|awaited| (self.planning_due(awaited), Timer::Plan)));
        for (task, work) in (0..).zip(&self.works) {
            match work.standing() {
                Standing::Queued { due: at, .. } => due.insert((at, Timer::Send(task))),
                Standing::Leased { until } => due.insert((until, Timer::Lease(task))),
                Standing::Waiting | Standing::Done(_) => false,
            };
        }
        due
    }

    /// The draw behind a wait: the same for the same job, task and attempt.
    pub(super) fn draw(&self, task: TaskId) -> u64 {
        let attempts = self.works[task as usize].attempts();
        self.asked.seed ^ (u64::from(task) << 32 | u64::from(attempts)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

fn views(creator: &Creator) -> Option<u64> {
    creator.content.as_ref().and_then(|content| content.views)
}

/// Of everything that a page says of a creator, what has the most views; the first where several have as many.
fn most_watched<'a>(page: &'a [Creator], first: &'a Creator) -> &'a Creator {
    let same = page.iter().filter(|other| other.identity == first.identity);
    same.fold(first, |best, other| if views(other) > views(best) { other } else { best })
}

fn is_nameable(creator: &Creator) -> bool {
    let length = 1..=IDENTITY_BYTES_MAX;
    length.contains(&creator.identity.len()) && length.contains(&creator.username.len())
}

fn round_of(work: &Work) -> u32 {
    match work.kind {
        Kind::Keyword { round, .. } => round,
        Kind::Profiles { .. } => 0,
    }
}

fn outcome(work: &Work) -> Option<Outcome> {
    match work.standing() {
        Standing::Done(outcome) => Some(outcome),
        _ => None,
    }
}
