//! What of a job is compared with the model: everything that the rules speak of, and nothing of how it is kept.

use std::collections::BTreeSet;
use std::fmt::Debug;

use scout_pipeline::contract::Absence;
use scout_pipeline::email::Address;
use scout_pipeline::job::{Again, Job, Kind, NoRetry, Origin, ProfileState, State, Status, Task, TaskOutcome, Timer};
use scout_pipeline::protocol::TaskId;
use scout_pipeline::time::Time;
use scout_pipeline::trouble::Reason;

use super::Reference;
use super::log;

/// How a job stands, in the words of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture<'a> {
    /// Where it stands.
    pub status: Status,
    /// Whether it shows 100 percent.
    pub all_done: bool,
    /// Which run it is in, from 0.
    pub run: u32,
    /// The last round that was planned.
    pub round: u32,
    /// The round that is being planned, and how many keywords it wants.
    pub planning: Option<(u32, usize)>,
    /// Why nothing further is asked of the platform.
    pub stopped: Option<Reason>,
    /// Upstream calls that were allowed.
    pub calls_granted: u32,
    /// Upstream calls that were reported.
    pub calls_made: u32,
    /// The keywords, in the order in which they were planned.
    pub keywords: Vec<KeywordPicture<'a>>,
    /// The batches of profiles, in the order in which they were planned.
    pub batches: Vec<BatchPicture<'a>>,
    /// The creators, in the order in which they were admitted.
    pub creators: Vec<CreatorPicture<'a>>,
    /// Keywords dispatched, completed and failed; creators found and enriched.
    pub counters: [u32; 5],
    /// What the account knows and is owed; `None` where nobody is charged.
    pub owed: Option<Owed>,
    /// What another run would do, or why there is none.
    pub retry: Result<Again, NoRetry>,
    /// Everything that is waited for, and until when.
    pub due: BTreeSet<(Time, Timer)>,
}

/// A keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeywordPicture<'a> {
    /// Its task.
    pub task: TaskId,
    /// The keyword.
    pub text: &'a str,
    /// Where it comes from.
    pub origin: &'a Origin,
    /// Its round.
    pub round: u32,
    /// Where it stands.
    pub class: Class,
    /// Pages that were taken in.
    pub pages: u32,
    /// Where the next one begins.
    pub cursor: Option<&'a str>,
    /// How it ended, if it did.
    pub outcome: Option<Outcome>,
    /// New creators that it gave.
    pub admitted: u32,
    /// The number by which a report or a dead letter is heard; `None` while nobody is.
    pub hears: Option<u32>,
}

/// A batch of profiles. How it ended is told by its creators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchPicture<'a> {
    /// Its task.
    pub task: TaskId,
    /// Whose profiles.
    pub creators: &'a [u32],
    /// Where it stands.
    pub class: Class,
    /// The number by which a report or a dead letter is heard; `None` while nobody is.
    pub hears: Option<u32>,
}

/// A creator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatorPicture<'a> {
    /// What makes the creator the same one again.
    pub identity: &'a str,
    /// The task of the keyword that gave them.
    pub task: TaskId,
    /// The post that counts.
    pub post: Option<&'a str>,
    /// What became of the profile.
    pub profile: ProfilePicture<'a>,
}

/// What became of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfilePicture<'a> {
    /// It is to be read.
    Open {
        /// Attempts that got nowhere.
        attempts: u32,
    },
    /// It was read.
    Enriched {
        /// Attempts it took.
        attempts: u32,
        /// The addresses in it.
        emails: &'a [Address],
    },
    /// There is none to read.
    Empty {
        /// Attempts it took.
        attempts: u32,
        /// Why not.
        absence: Absence,
    },
    /// It could not be read.
    Failed {
        /// Attempts it took.
        attempts: u32,
        /// Why not.
        reason: Reason,
    },
    /// It was not read, because the job ended.
    Skipped {
        /// Why the job ended.
        reason: Reason,
    },
}

/// Where a task stands, without times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Nobody was told of it.
    Waiting,
    /// For anybody to take.
    Queued,
    /// Somebody works on it.
    Leased,
    /// It is over.
    Done,
}

/// How a keyword ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It gave this many new creators.
    Ok(u32),
    /// The platform has nobody for it.
    Empty,
    /// It could not be searched to its end.
    Failed(Reason),
    /// It was not needed or not allowed any more.
    Skipped(Reason),
}

/// What an account knows of a job, and what it is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// Creators that were delivered.
    pub delivered: u32,
    /// Creators that it knows of.
    pub known: u32,
    /// Whether the run is over.
    pub closes: bool,
    /// Whether it knows that the run is over.
    pub closed: bool,
    /// The charge that waits for its word: creators delivered, and whether the run is over.
    pub under_way: Option<(u32, bool)>,
}

impl<'a> Picture<'a> {
    /// The picture of a real job.
    #[must_use]
    pub fn of(job: &'a Job) -> Picture<'a> {
        let progress = job.progress();
        let counters = job.counters();
        Picture {
            status: progress.status,
            all_done: counters.percent_complete == 100,
            run: progress.run,
            round: progress.round,
            planning: progress.planning.map(|planning| (planning.round, planning.wanted)),
            stopped: progress.stopped.as_ref().map(|stopped| stopped.reason),
            calls_granted: progress.calls_granted,
            calls_made: progress.calls.made,
            keywords: job.tasks().iter().filter_map(keyword).collect(),
            batches: job.tasks().iter().filter_map(batch).collect(),
            creators: job.creators().iter().map(creator).collect(),
            counters: [
                counters.keywords_dispatched,
                counters.keywords_completed,
                counters.keywords_failed,
                counters.creators_found,
                counters.creators_enriched,
            ],
            owed: owed(job),
            retry: job.may_retry(),
            due: job.timers().collect(),
        }
    }

    /// The first thing in which another picture, the model's, differs; `None` where they are the same.
    #[must_use]
    pub fn difference(&self, model: &Picture<'_>) -> Option<String> {
        one("status", &self.status, &model.status)
            .or_else(|| one("run", &self.run, &model.run))
            .or_else(|| one("round", &self.round, &model.round))
            .or_else(|| one("planning (round, wanted)", &self.planning, &model.planning))
            .or_else(|| one("stopped", &self.stopped, &model.stopped))
            .or_else(|| each("keyword", &self.keywords, &model.keywords))
            .or_else(|| each("creator", &self.creators, &model.creators))
            .or_else(|| each("batch of profiles", &self.batches, &model.batches))
            .or_else(|| one("calls granted", &self.calls_granted, &model.calls_granted))
            .or_else(|| one("calls made", &self.calls_made, &model.calls_made))
            .or_else(|| one("counters (dispatched, completed, failed, found, enriched)", &self.counters, &model.counters))
            .or_else(|| one("100 percent", &self.all_done, &model.all_done))
            .or_else(|| one("owed to the account", &self.owed, &model.owed))
            .or_else(|| one("retry", &self.retry, &model.retry))
            .or_else(|| due(&self.due, &model.due))
    }
}

fn one<T: PartialEq + Debug>(name: &str, job: &T, model: &T) -> Option<String> {
    (job != model).then(|| format!("{name}: the job says {job:?}, the model {model:?}"))
}

fn each<T: PartialEq + Debug>(name: &str, job: &[T], model: &[T]) -> Option<String> {
    let differs = job.iter().zip(model).position(|(job, model)| job != model);
    match differs {
        Some(place) => one(&format!("{name} {place}"), &job[place], &model[place]),
        None => one(&format!("number of entries, {name}"), &job.len(), &model.len()),
    }
}

fn due(job: &BTreeSet<(Time, Timer)>, model: &BTreeSet<(Time, Timer)>) -> Option<String> {
    let only = |some: &BTreeSet<(Time, Timer)>, others| {
        some.difference(others).map(|(at, timer)| format!("{timer:?} at {}", at.0)).collect::<Vec<_>>().join(", ")
    };
    (job != model).then(|| format!("due: the job alone waits for [{}], the model alone for [{}]", only(job, model), only(model, job)))
}

fn class(state: &State) -> Class {
    match state {
        State::Waiting => Class::Waiting,
        State::Queued { .. } => Class::Queued,
        State::Leased { .. } => Class::Leased,
        State::Done { .. } => Class::Done,
    }
}

fn hears(task: &Task) -> Option<u32> {
    matches!(task.state, State::Queued { .. } | State::Leased { .. }).then_some(task.fence)
}

fn outcome(state: &State) -> Option<Outcome> {
    let State::Done { outcome } = state else { return None };
    Some(match outcome {
        TaskOutcome::Ok { creators } => Outcome::Ok(*creators),
        TaskOutcome::Empty => Outcome::Empty,
        TaskOutcome::Failed(failure) => Outcome::Failed(failure.reason),
        TaskOutcome::Skipped { reason } => Outcome::Skipped(*reason),
    })
}

fn keyword(task: &Task) -> Option<KeywordPicture<'_>> {
    let search = task.search()?;
    Some(KeywordPicture {
        task: task.id,
        text: search.keyword.as_str(),
        origin: &search.origin,
        round: search.round,
        class: class(&task.state),
        pages: search.pages,
        cursor: search.cursor.as_deref(),
        outcome: outcome(&task.state),
        admitted: search.admitted,
        hears: hears(task),
    })
}

fn batch(task: &Task) -> Option<BatchPicture<'_>> {
    let Kind::Profiles { creators } = &task.kind else { return None };
    Some(BatchPicture { task: task.id, creators, class: class(&task.state), hears: hears(task) })
}

fn creator(found: &scout_pipeline::job::Found) -> CreatorPicture<'_> {
    let profile = match &found.profile {
        ProfileState::Open { attempts } => ProfilePicture::Open { attempts: *attempts },
        ProfileState::Enriched { emails, attempts, .. } => ProfilePicture::Enriched { attempts: *attempts, emails },
        ProfileState::Empty { absence, attempts } => ProfilePicture::Empty { attempts: *attempts, absence: *absence },
        ProfileState::Failed { failure, attempts } => ProfilePicture::Failed { attempts: *attempts, reason: failure.reason },
        ProfileState::Skipped { reason } => ProfilePicture::Skipped { reason: *reason },
    };
    let post = found.creator.content.as_ref().map(|content| content.id.as_str());
    CreatorPicture { identity: &found.creator.identity, task: found.task, post, profile }
}

fn owed(job: &Job) -> Option<Owed> {
    job.dispatch().account.as_ref()?;
    let bill = job.progress().bill;
    Some(Owed {
        delivered: job.creators().len() as u32,
        known: bill.charged,
        closes: job.status().is_final(),
        closed: bill.closed,
        under_way: bill.sent.map(|sent| (sent.delivered, sent.closes)),
    })
}

impl Reference {
    /// The picture that the rules give.
    #[must_use]
    pub fn picture(&self) -> Picture<'_> {
        let keywords: Vec<KeywordPicture<'_>> = (0..).zip(&self.works).filter_map(|(task, work)| keyword_of(task, work)).collect();
        let creators: Vec<CreatorPicture<'_>> = self.people.iter().map(creator_of).collect();
        let ended = |which: fn(&Outcome) -> bool| keywords.iter().filter_map(|keyword| keyword.outcome).filter(which).count() as u32;
        let failed = ended(|outcome| matches!(outcome, Outcome::Failed(_)));
        let enriched = creators.iter().filter(|creator| matches!(creator.profile, ProfilePicture::Enriched { .. })).count() as u32;
        let counters = [keywords.len() as u32, ended(|_| true) - failed, failed, creators.len() as u32, enriched];
        Picture {
            status: self.status(),
            all_done: self.is_over(),
            run: self.run(),
            round: self.round(),
            planning: self.awaited.map(|awaited| (awaited.round, awaited.wanted)),
            stopped: self.stopped,
            calls_granted: self.calls_granted(),
            calls_made: self.made.iter().fold(0, |sum, made| sum.saturating_add(*made)),
            keywords,
            batches: (0..).zip(&self.works).filter_map(|(task, work)| batch_of(task, work)).collect(),
            creators,
            counters,
            owed: self.owed(),
            retry: self.retry(),
            due: self.due(),
        }
    }
}

fn seen(work: &log::Work) -> (Class, Option<u32>, Option<Outcome>) {
    match work.standing() {
        log::Standing::Waiting => (Class::Waiting, None, None),
        log::Standing::Queued { .. } => (Class::Queued, Some(work.number()), None),
        log::Standing::Leased { .. } => (Class::Leased, Some(work.number()), None),
        log::Standing::Done(outcome) => (Class::Done, None, Some(outcome)),
    }
}

fn keyword_of(task: TaskId, work: &log::Work) -> Option<KeywordPicture<'_>> {
    let log::Kind::Keyword { keyword, origin, round } = &work.kind else { return None };
    let (class, hears, outcome) = seen(work);
    Some(KeywordPicture {
        task,
        text: keyword.as_str(),
        origin,
        round: *round,
        class,
        pages: work.pages(),
        cursor: work.cursor(),
        outcome,
        admitted: work.admitted(),
        hears,
    })
}

fn batch_of(task: TaskId, work: &log::Work) -> Option<BatchPicture<'_>> {
    let (class, hears, _) = seen(work);
    Some(BatchPicture { task, creators: work.batch()?, class, hears })
}

fn creator_of(person: &log::Person) -> CreatorPicture<'_> {
    let post = person.creator.content.as_ref().map(|content| content.id.as_str());
    CreatorPicture { identity: &person.creator.identity, task: person.task, post, profile: person.profile() }
}
