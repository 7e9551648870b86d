//! A job: one search from its dispatch to its final state.
//!
//! There is one way in and one way out. A runtime loads the job's rows, hands in one event with the
//! time it happened, and carries out the effects in the order in which they come:
//!
//! ```
//! # use scout_pipeline::{job::{Event, Job}, time::Time};
//! # fn carry_out(_: scout_pipeline::job::Effect) {}
//! # fn run(job: &mut Job, now: Time) {
//! job.handle(Event::Alarm, now);
//! while let Some(effect) = job.poll() {
//!     carry_out(effect);
//! }
//! # }
//! ```
//!
//! Nothing else changes a job and nothing else leaves it. [`Effect::Persist`] always comes first and is one
//! transaction of rows and alarm; a runtime that dies after it has lost nothing, because whatever the other
//! effects should have done is in the rows too, and the alarm does it again.
//!
//! Counters, status and completion are functions of the rows. Nothing counts on the side. The laws that this keeps
//! stand in the documentation of the [crate](crate), each with its place.
//!
#![doc = include_str!("states.md")]

mod admission;
mod billing;
mod ending;
mod enrichment;
mod lease;
mod notice;
mod retry;
mod rows;
mod timer;
mod view;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::account::Charge;
use crate::expand::{Derived, Medium};
use crate::keyword::Keyword;
use crate::limits::ROW_CREATORS_MAX;
use crate::protocol::{Message, Reply, Report, TaskId};
use crate::time::Time;
use crate::trouble::{Failure, Reason};

pub use notice::{Notice, What};
pub use retry::{Again, NoRetry};
pub use rows::{
    Bill, Corrupt, Dispatch, Found, Kind, Origin, Planning, ProfileState, Progress, Row, Search, SentCharge, State, Status, Table, Task,
    TaskOutcome,
};
pub use timer::Timer;
pub use view::{Counters, JobView, KeywordView, Shortfall, StatusView};

/// What can happen to a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A consumer says something; answered by exactly one [`Effect::Reply`].
    Report(Report),
    /// A round of keywords was planned, in answer to [`Effect::Plan`].
    Planned(Plan),
    /// The owner wants it to stop.
    Cancelled,
    /// The owner wants what failed to be tried again. Where [`Job::may_retry`] says no, nothing changes.
    Retried {
        /// Whether the run has to wait for [`Event::Admitted`].
        waits: bool,
    },
    /// The account lets a run go on that had to wait; nothing to one that has not.
    Admitted,
    /// The account has taken in this charge.
    Charged(Charge),
    /// Everybody who worked on it is known to be gone, and every message lost: the runtime itself was
    /// started again and has no other consumers. What would take until leases run out is done at once.
    Orphaned,
    /// The time that [`Effect::SetAlarm`] named has come. One that comes early or twice does no harm.
    Alarm,
}

/// The keywords of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The round that was asked for.
    pub round: u32,
    /// The keywords that were derived; more than were wanted are left out, twins too.
    pub keywords: Vec<Derived>,
    /// What callers should know of how they were derived.
    pub note: Option<String>,
}

/// What a round of keywords is wanted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRequest {
    /// The round, 0 for the first.
    pub round: u32,
    /// The platform's label, for expanders that are told of it.
    pub platform: String,
    /// What the platform shows.
    pub medium: Medium,
    /// What the caller named.
    pub given: Vec<Keyword>,
    /// Everything that was searched already, the given ones included.
    pub tried: Vec<Keyword>,
    /// How many are wanted.
    pub wanted: usize,
    /// Whether it was asked for before and nobody answered; a language model is not paid for a second time then.
    pub again: bool,
    /// When it is asked for again. What takes longer is for nobody.
    pub until: Time,
}

/// What a runtime has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write this in one transaction. Nothing that follows may happen before it is done.
    Persist(Write),
    /// Send these messages, at most [`SEND_MESSAGES_MAX`](crate::limits::SEND_MESSAGES_MAX) of them. One
    /// that can't be sent is sent again by the alarm.
    Send(Vec<Message>),
    /// Plan a round of keywords and answer with [`Event::Planned`].
    Plan(PlanRequest),
    /// Hand this to the account, and answer with [`Event::Charged`] once it has taken it in.
    Charge(Charge),
    /// Tell whoever watches. These are in the rows already.
    Publish(Vec<Notice>),
    /// Answer the report that is being handled.
    Reply(Reply),
    /// The job has reached a final state.
    Finish(Status),
}

/// What is written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Rows, each over the one of the same table and key.
    pub rows: Vec<Row>,
    /// What becomes of the job's alarm.
    pub alarm: Wake,
}

/// What becomes of a job's alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// It stays as it is.
    Keep,
    /// Wake the job at this time with [`Event::Alarm`], and not as was said before.
    At(Time),
    /// There is nothing to be woken for.
    Never,
}

/// One search, from its dispatch to its final state.
#[derive(Debug, Clone)]
pub struct Job {
    dispatch: Dispatch,
    progress: Progress,
    tasks: Vec<Task>,
    creators: Vec<Found>,
    /// Where a creator stands, by identity: law L3.
    by_identity: HashMap<String, u32>,
    notices: Vec<Notice>,
    alarm: Option<Time>,
    changes: Changes,
    effects: VecDeque<Effect>,
}

/// What a handled event changed, until it is written.
#[derive(Debug, Clone, Default)]
struct Changes {
    request: bool,
    progress: bool,
    tasks: BTreeSet<TaskId>,
    /// Those of them that were added, ended or taken up again.
    keywords: BTreeSet<TaskId>,
    creators_from: Option<u32>,
    profiles: BTreeMap<u32, ProfileState>,
    profile_rows: u32,
}

impl Job {
    /// Begins a job. Its first effects write it down and set the alarm to now: everything slow happens
    /// after the caller was answered.
    #[must_use]
    pub fn create(dispatch: Dispatch) -> Job {
        let now = dispatch.at;
        let mut job = Job::blank(dispatch, Progress::default());
        job.changes.request = true;
        job.changes.progress = true;
        for keyword in job.dispatch.accepted.keywords.clone() {
            job.add_keyword(keyword, Origin::Given, 0);
        }
        job.progress.held = job.dispatch.waits;
        job.progress.planning = Some(Planning { round: 0, wanted: job.first_round(), at: now, asked: 0 });
        job.flush(0, now);
        job
    }

    /// Puts a job together from its rows, in any order; `None` where there are none.
    ///
    /// # Errors
    /// [`Corrupt`] names the row that can't be read.
    pub fn load(rows: impl IntoIterator<Item = Row>) -> Result<Option<Job>, Corrupt> {
        let mut rows: Vec<Row> = rows.into_iter().collect();
        rows.sort_by_key(|row| (row.table, row.key));
        let Some(request) = rows.first().filter(|row| row.table == Table::Request) else {
            return Ok(None);
        };
        let mut job = Job::blank(read(request)?, Progress::default());
        for row in &rows[1..] {
            job.take(row)?;
        }
        job.alarm = job.next_alarm();
        Ok(Some(job))
    }

    /// Takes in one event. Whatever follows from it comes out of [`Job::poll`].
    pub fn handle(&mut self, event: Event, now: Time) {
        // Effects of an earlier event that nobody polled stay in front.
        let begin = self.effects.len();
        let mut reply = None;
        match event {
            Event::Report(report) => reply = Some(self.report(report, now)),
            Event::Planned(plan) => self.planned(plan),
            Event::Cancelled => self.end_early(Failure::new(Reason::Cancelled, "the job was cancelled"), now),
            Event::Retried { waits } => self.retried(waits, now),
            Event::Admitted => self.admitted(now),
            Event::Charged(charge) => self.charged(&charge),
            Event::Orphaned => self.orphaned(now),
            Event::Alarm => self.ring(now),
        }
        self.settle(now);
        self.bill(now);
        self.flush(begin, now);
        self.effects.extend(reply.map(Effect::Reply));
    }

    /// The next thing to do, in order; `None` when all is done.
    pub fn poll(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// The job's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.dispatch.id
    }

    /// What the job was made from.
    #[must_use]
    pub fn dispatch(&self) -> &Dispatch {
        &self.dispatch
    }

    /// Where the job stands.
    #[must_use]
    pub fn status(&self) -> Status {
        self.progress.status
    }

    /// How the job stands.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The tasks, by number.
    #[must_use]
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The creators, in the order in which they were admitted.
    #[must_use]
    pub fn creators(&self) -> &[Found] {
        &self.creators
    }

    /// What watchers were told, in order and without a gap.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// When the job wants to be woken.
    #[must_use]
    pub fn alarm(&self) -> Option<Time> {
        self.alarm
    }

    fn blank(dispatch: Dispatch, progress: Progress) -> Job {
        Job {
            dispatch,
            progress,
            tasks: Vec::new(),
            creators: Vec::new(),
            by_identity: HashMap::new(),
            notices: Vec::new(),
            alarm: None,
            changes: Changes::default(),
            effects: VecDeque::new(),
        }
    }

    fn take(&mut self, row: &Row) -> Result<(), Corrupt> {
        match row.table {
            Table::Request => return Err(corrupt(row, "there is a second one")),
            Table::Progress => self.progress = read(row)?,
            Table::Task if row.key as usize != self.tasks.len() => return Err(corrupt(row, "one before it is missing")),
            Table::Task => self.tasks.push(read(row)?),
            Table::Creators if row.key as usize != self.creators.len() => return Err(corrupt(row, "one before it is missing")),
            Table::Creators => {
                for found in read::<Vec<Found>>(row)? {
                    self.keep(found);
                }
            }
            Table::Profiles => {
                self.changes.profile_rows = row.key + 1;
                for (seq, profile) in read::<rows::ProfilesRow>(row)? {
                    let found = self.creators.get_mut(seq as usize).ok_or_else(|| corrupt(row, "it is about nobody"))?;
                    found.profile = profile;
                }
            }
            Table::Notices if row.key as usize != self.notices.len() => return Err(corrupt(row, "one before it is missing")),
            Table::Notices => self.notices.extend(read::<Vec<Notice>>(row)?),
        }
        Ok(())
    }

    fn keep(&mut self, found: Found) {
        let seq = self.creators.len() as u32;
        self.by_identity.insert(found.creator.identity.clone(), seq);
        self.creators.push(found);
    }

    fn task_mut(&mut self, id: TaskId) -> Option<&mut Task> {
        self.changes.tasks.insert(id);
        self.tasks.get_mut(id as usize)
    }

    fn set_state(&mut self, id: TaskId, state: State) {
        let Some(task) = self.task_mut(id) else { return };
        let was_open = std::mem::replace(&mut task.state, state).is_open();
        if was_open != task.state.is_open() {
            self.changes.keywords.insert(id);
        }
    }

    fn set_profile(&mut self, seq: u32, state: ProfileState) {
        if let Some(found) = self.creators.get_mut(seq as usize) {
            found.profile = state.clone();
            self.changes.profiles.insert(seq, state);
        }
    }

    /// Whether as many creators as asked for are there.
    #[must_use]
    pub fn target_met(&self) -> bool {
        self.creators.len() >= self.dispatch.accepted.target as usize
    }

    /// What is wanted after every event: release what can go out, finish what is finished, write down
    /// what changed.
    fn settle(&mut self, now: Time) {
        if !self.progress.status.is_final() && !self.progress.held {
            self.stop_without_calls();
            self.skip_what_is_not_needed();
            self.release(now);
            self.move_on(now);
        }
    }

    /// Turns the changes of one event into effects, writing them down before everything else that the
    /// event led to, which begins at `begin`.
    fn flush(&mut self, begin: usize, now: Time) {
        let told = self.notices.len();
        let rows = self.changed_rows(now);
        let alarm = self.set_alarm();
        if !rows.is_empty() || alarm != Wake::Keep {
            self.effects.insert(begin, Effect::Persist(Write { rows, alarm }));
        }
        if told < self.notices.len() {
            self.effects.push_back(Effect::Publish(self.notices[told..].to_vec()));
        }
    }

    fn set_alarm(&mut self) -> Wake {
        let alarm = self.next_alarm();
        match std::mem::replace(&mut self.alarm, alarm) {
            last if last == alarm => Wake::Keep,
            _ => alarm.map_or(Wake::Never, Wake::At),
        }
    }

    fn changed_rows(&mut self, now: Time) -> Vec<Row> {
        let changes = std::mem::take(&mut self.changes);
        self.changes.profile_rows = changes.profile_rows;
        let mut rows = Vec::new();
        if changes.request {
            rows.push(row(Table::Request, 0, &self.dispatch));
        }
        for id in &changes.tasks {
            if let Some(task) = self.tasks.get(*id as usize) {
                rows.push(row(Table::Task, *id, task));
            }
        }
        let first = changes.creators_from.map_or(self.creators.len(), |from| from as usize);
        for (number, chunk) in self.creators[first..].chunks(ROW_CREATORS_MAX).enumerate() {
            rows.push(row(Table::Creators, (first + number * ROW_CREATORS_MAX) as u32, chunk));
        }
        if !changes.profiles.is_empty() {
            rows.push(row(Table::Profiles, changes.profile_rows, &changes.profiles));
            self.changes.profile_rows += 1;
        }
        let percent = self.percent().max(self.progress.percent);
        let progress = changes.progress || percent != self.progress.percent;
        if !rows.is_empty() || progress {
            self.progress.percent = percent;
            self.progress.version += 1;
            rows.push(row(Table::Progress, 0, &self.progress));
            rows.extend(self.tell(&changes, now));
        }
        rows
    }
}

fn row<T: Serialize + ?Sized>(table: Table, key: u32, value: &T) -> Row {
    // These types hold nothing that JSON can't: no map with keys other than text and numbers, no error.
    let value = serde_json::to_string(value).unwrap_or_default();
    Row { table, key, value }
}

fn read<'a, T: Deserialize<'a>>(row: &'a Row) -> Result<T, Corrupt> {
    serde_json::from_str(&row.value).map_err(|error| corrupt(row, &error.to_string()))
}

fn corrupt(row: &Row, detail: &str) -> Corrupt {
    Corrupt { table: row.table, key: row.key, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests;
