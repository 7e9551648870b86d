//! The laws, checked from outside after every step: against what is stored, what clients see, what the platform was
//! asked and answered, and what accounts counted. Nothing here believes a job's own counters.

mod creators;
mod ending;
mod keywords;
mod money;
mod traffic;

use std::collections::BTreeMap;

use scout_pipeline::job::{Event, Progress, Status, StatusView};
use scout_pipeline::protocol::TaskId;
use scout_pipeline::time::Time;
use scout_pipeline::trouble::Reason;

use crate::stored::{Changed, Stored};
use crate::upstream::Record;

use money::Ceiling;

pub use traffic::Call;

/// What may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// Creators delivered never exceed the target.
    L1,
    /// Every keyword ends in exactly one outcome.
    L2,
    /// One row per creator.
    L3,
    /// Charged once.
    L4,
    /// Every job ends by itself.
    L5,
    /// The percentage never falls, and is 100 exactly at the end.
    L6,
    /// A superseded report changes nothing.
    L7,
    /// The final state says what happened.
    L8,
    /// An error is not an empty answer.
    L9,
    /// No call too many.
    L10,
    /// Addresses come from profiles.
    L11,
    /// Enriched means enriched.
    L12,
    /// What is used and reserved is never more than the plan allows.
    Limit,
    /// Accounts let as many jobs run as their plans allow, in the order in which they came, and none waits for ever.
    Line,
    /// Rows make up the same job again, and are written once where they must be.
    Rows,
    /// Watchers are told everything, in order.
    Notices,
    /// The job does what the slow and obvious model does.
    Reference,
    /// The rules never panic.
    Panic,
}

impl Law {
    /// What it says.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Law::L1 => "L1 exact: creators delivered never exceed the target",
            Law::L2 => "L2 no keyword lost: every keyword ends in exactly one outcome",
            Law::L3 => "L3 no twin: one row per creator, by identity",
            Law::L4 => "L4 charged once: creators charged are creators delivered",
            Law::L5 => "L5 it ends: every job reaches a final state by itself, in its time",
            Law::L6 => "L6 monotone: the percentage never falls, and is 100 exactly at the end",
            Law::L7 => "L7 no zombie: a superseded report changes nothing",
            Law::L8 => "L8 honest: the final state says what happened",
            Law::L9 => "L9 error is not empty",
            Law::L10 => "L10 thrift: no call after the target is met, over the cap, or for what is recorded",
            Law::L11 => "L11 e-mail: addresses come only from enriched profiles",
            Law::L12 => "L12 enriched means enriched",
            Law::Limit => "limit: used and reserved are together never more than the plan allows",
            Law::Line => "line: as many jobs run as the plan allows, in their order, and none waits for ever",
            Law::Rows => "rows: what is stored makes up the same job",
            Law::Notices => "notices: watchers are told everything, in order",
            Law::Reference => "reference: the job does what the reference model does",
            Law::Panic => "panic: the rules never panic",
        }
    }
}

/// A law that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub law: Law,
    /// By which job.
    pub job: usize,
    /// How.
    pub text: String,
}

/// One handled event and what it changed.
#[derive(Debug)]
pub struct Turn<'a> {
    /// The job.
    pub job: usize,
    /// What happened; `None` for the job's creation.
    pub event: Option<&'a Event>,
    /// The object's time.
    pub now: Time,
    /// What is stored afterwards.
    pub stored: &'a Stored,
    /// What was changed; `None` when nothing was written.
    pub changed: Option<&'a Changed>,
    /// The alarm as it is set afterwards.
    pub alarm: Option<Time>,
    /// What the platform was asked and answered.
    pub record: &'a Record,
    /// Whether the client ever cancelled.
    pub cancelled: bool,
}

impl Turn<'_> {
    fn changed_profiles(&self) -> &[(u32, scout_pipeline::job::ProfileState)] {
        self.changed.map_or(&[], |changed| &changed.profiles)
    }

    /// The progress as it was before.
    fn progress_before(&self) -> &Progress {
        self.changed.and_then(|changed| changed.progress.as_ref()).unwrap_or(&self.stored.progress)
    }

    /// Whether the job became final with this event.
    fn ends(&self) -> bool {
        self.stored.progress.status.is_final() && !self.progress_before().status.is_final()
    }

    /// A task as it was before this event.
    fn task_before(&self, id: TaskId) -> Option<&scout_pipeline::job::Task> {
        let changed = self.changed.and_then(|changed| changed.tasks.iter().find(|(changed, _)| *changed == id));
        match changed {
            Some((_, before)) => before.as_ref(),
            None => self.stored.tasks.get(id as usize),
        }
    }
}

/// What a job was seen to do so far.
#[derive(Debug, Clone, Default)]
struct Watch {
    /// The highest percentage shown, and in which run.
    shown: Option<(u32, u8)>,
    /// Rows of pages that were accepted, by task.
    accepted_rows: BTreeMap<TaskId, u32>,
    /// The run whose end the account's acknowledgement has reached the job, and what was counted then.
    closed: Option<(u32, u32)>,
}

/// Watches over all laws of one world.
#[derive(Debug)]
pub struct Laws {
    watches: Vec<Watch>,
    only: Option<Law>,
    healed_at: Option<Time>,
    /// What an account may have in a month, and how many jobs may run, where a change of plan left more than it allows.
    ceilings: BTreeMap<String, Ceiling>,
    violation: Option<Violation>,
}

impl Laws {
    /// Watches over so many jobs, and over one law only if asked to.
    #[must_use]
    pub fn new(jobs: usize, only: Option<Law>) -> Self {
        Laws { watches: vec![Watch::default(); jobs], only, healed_at: None, ceilings: BTreeMap::new(), violation: None }
    }

    /// Whether a law was broken.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.violation.is_some()
    }

    /// The law that was broken first.
    pub fn take(&mut self) -> Option<Violation> {
        self.violation.take()
    }

    /// Notes that a law is broken; the first one stays.
    pub fn broken(&mut self, law: Law, job: usize, text: impl FnOnce() -> String) {
        if self.violation.is_none() && self.only.is_none_or(|only| only == law) {
            self.violation = Some(Violation { law, job, text: text() });
        }
    }

    fn check(&mut self, holds: bool, law: Law, job: usize, text: impl FnOnce() -> String) {
        if !holds {
            self.broken(law, job, text);
        }
    }

    /// Nothing goes wrong from now on.
    pub fn healed(&mut self, now: Time) {
        self.healed_at = Some(now);
    }

    /// Checks everything that can be said after an event.
    pub fn turn(&mut self, turn: &Turn<'_>) {
        if let Some(wrong) = turn.changed.and_then(|changed| changed.wrong.as_ref()) {
            let law = if wrong.contains("is there already") { Law::L3 } else { Law::Rows };
            self.broken(law, turn.job, || wrong.clone());
        }
        self.creators(turn);
        self.keywords(turn);
        self.zombies(turn);
        self.profiles(turn);
        self.wakes(turn);
        self.percent(turn);
        if turn.ends() {
            self.honest(turn);
        }
        self.bill(turn);
    }

    /// Checks what a client sees against what is stored.
    pub fn view(&mut self, job: usize, stored: &Stored, view: &StatusView, record: &Record) {
        let (run, percent, is_final) = (stored.progress.run, view.progress.percent_complete, view.status.is_final());
        let watch = &mut self.watches[job];
        let highest = watch.shown.filter(|(shown_in, _)| *shown_in == run).map_or(0, |(_, highest)| highest);
        watch.shown = Some((run, percent.max(highest)));
        self.check(percent >= highest, Law::L6, job, || format!("a client saw {highest} % and then {percent} %"));
        self.check((percent == 100) == is_final, Law::L6, job, || format!("a client sees {percent} % of a job that is {:?}", view.status));
        let delivered = view.total_creators;
        self.check(delivered <= view.target_results, Law::L1, job, || {
            format!("a client sees {delivered} of {} creators", view.target_results)
        });
        self.check(delivered as usize == stored.creators.len(), Law::L3, job, || {
            format!("a client sees {delivered} creators, and {} are stored", stored.creators.len())
        });
        self.view_counts(job, stored, view);
        self.view_records(job, stored, view, record);
        self.view_verdict(job, stored, view);
    }
}

/// Whether a reason ends what has not failed.
fn is_a_stop(reason: Reason) -> bool {
    matches!(reason, Reason::TargetMet | Reason::CallBudget | Reason::TimeBudget | Reason::Cancelled)
}

fn is_running(status: Status) -> bool {
    !status.is_final()
}
