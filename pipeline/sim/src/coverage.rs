//! What a run really met: counts of faults, events, transitions and outcomes, and the names of those it never met.

use scout_pipeline::contract::Absence;
use scout_pipeline::job::{Event, ProfileState, State, Status, TaskOutcome, Timer};
use scout_pipeline::protocol::{Reply, Report};
use scout_pipeline::trouble::Reason;

use crate::faults::FaultKind;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Faults by kind.
    Fault,
    /// Events by the state in which the job was.
    Event,
    /// Changes of a job's state.
    Status,
    /// Changes of a task's state.
    Task,
    /// How keywords ended.
    Keyword,
    /// How profiles ended.
    Profile,
    /// Timers whose time had come when the alarm rang.
    Timer,
    /// What jobs answered to consumers.
    Reply,
    /// What clients did.
    Client,
}

const SECTIONS: [Section; 9] = [
    Section::Fault,
    Section::Event,
    Section::Status,
    Section::Task,
    Section::Keyword,
    Section::Profile,
    Section::Timer,
    Section::Reply,
    Section::Client,
];

const STATUSES: [Status; 8] = [
    Status::Pending,
    Status::Dispatching,
    Status::Searching,
    Status::Enriching,
    Status::Completed,
    Status::Partial,
    Status::Error,
    Status::Cancelled,
];

const EVENTS: [&str; 13] = [
    "lease",
    "page",
    "profiles",
    "failed",
    "deferred",
    "dead letter",
    "planned",
    "cancelled",
    "retried",
    "admitted",
    "charged",
    "orphaned",
    "alarm",
];

const STATES: [&str; 4] = ["waiting", "queued", "leased", "done"];

const TIMERS: [&str; 5] = ["deadline", "plan", "send", "lease", "charge"];

const REPLIES: [&str; 5] = ["granted", "busy", "gone", "continue", "stop"];

const ABSENCES: [&str; 4] = ["private", "deactivated", "missing", "hidden"];

const REASONS: [Reason; 15] = [
    Reason::RateLimited,
    Reason::Unavailable,
    Reason::Unauthorized,
    Reason::OutOfCredit,
    Reason::Blocked,
    Reason::NotFound,
    Reason::Malformed,
    Reason::Unsupported,
    Reason::AdapterFailed,
    Reason::Other,
    Reason::Lost,
    Reason::TargetMet,
    Reason::CallBudget,
    Reason::TimeBudget,
    Reason::Cancelled,
];

/// Reasons that end work without its having failed; the ones before them are failures.
const SKIPS_FROM: usize = 11;

/// What clients do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAct {
    /// Dispatched a job.
    Dispatched,
    /// Was refused, because the account has too little left.
    Refused,
    /// Dispatched once more what exists already.
    DispatchedAgain,
    /// Asked how a job stands.
    Polled,
    /// Cancelled a job that was running.
    CancelledRunning,
    /// Cancelled a job that was over.
    CancelledFinal,
    /// Had what failed tried again.
    Retried,
    /// Wanted to have a running job tried again.
    RetriedRunning,
    /// Wanted to have a job tried again in which nothing failed.
    RetriedNothing,
    /// Wanted to have a job tried again that has no calls left.
    RetriedNoCalls,
    /// Wanted to have a job tried again that its account can't pay for.
    RetriedRefused,
    /// Never looked.
    NeverLooked,
    /// Was told that the job has to wait for others.
    Waited,
}

const CLIENT: [&str; 13] = [
    "dispatched",
    "refused by the account",
    "dispatched again",
    "polled",
    "cancelled a running job",
    "cancelled a job that is over",
    "retried",
    "retried a running job",
    "retried where nothing failed",
    "retried without calls left",
    "retried without creators left",
    "never looked",
    "has to wait for others",
];

/// How often each thing was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    counts: Vec<Vec<u64>>,
}

impl Default for Coverage {
    fn default() -> Self {
        Coverage { counts: SECTIONS.iter().map(|section| vec![0; section.len()]).collect() }
    }
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is counted.
    pub section: &'static str,
    /// What was met.
    pub name: String,
    /// How often.
    pub count: u64,
}

impl Section {
    fn len(self) -> usize {
        match self {
            Section::Fault => FaultKind::ALL.len(),
            Section::Event => EVENTS.len() * STATUSES.len(),
            Section::Status => STATUSES.len() * STATUSES.len(),
            Section::Task => 2 * STATES.len() * STATES.len(),
            Section::Keyword => 2 + 2 * REASONS.len(),
            Section::Profile => 1 + ABSENCES.len() + 2 * REASONS.len(),
            Section::Timer => TIMERS.len(),
            Section::Reply => REPLIES.len(),
            Section::Client => CLIENT.len(),
        }
    }

    /// Its heading.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Section::Fault => "fault",
            Section::Event => "event × state",
            Section::Status => "job",
            Section::Task => "task",
            Section::Keyword => "keyword",
            Section::Profile => "profile",
            Section::Timer => "timer",
            Section::Reply => "reply",
            Section::Client => "client",
        }
    }

    fn row(self, index: usize) -> String {
        match self {
            Section::Fault => FaultKind::ALL[index].name().replace('_', " "),
            Section::Event => format!("{} × {}", EVENTS[index / STATUSES.len()], status_name(STATUSES[index % STATUSES.len()])),
            Section::Status => {
                format!("{} → {}", status_name(STATUSES[index / STATUSES.len()]), status_name(STATUSES[index % STATUSES.len()]))
            }
            Section::Task => {
                let (kind, change) = (index / 16, index % 16);
                format!("{} {} → {}", ["search", "profiles"][kind], STATES[change / 4], STATES[change % 4])
            }
            Section::Keyword => match index {
                0 => "ok".into(),
                1 => "empty".into(),
                _ => reason_row(index - 2),
            },
            Section::Profile => match index {
                0 => "enriched".into(),
                1..=4 => format!("empty: {}", ABSENCES[index - 1]),
                _ => reason_row(index - 5),
            },
            Section::Timer => TIMERS[index].into(),
            Section::Reply => REPLIES[index].into(),
            Section::Client => CLIENT[index].into(),
        }
    }

    /// Whether the rules let this happen at all. What they don't is left out of the table, and a law would be
    /// broken if it happened.
    fn is_reachable(self, index: usize) -> bool {
        match self {
            Section::Fault | Section::Timer | Section::Reply | Section::Client => true,
            Section::Event => is_event_reachable(EVENTS[index / STATUSES.len()], STATUSES[index % STATUSES.len()]),
            Section::Status => is_status_reachable(STATUSES[index / STATUSES.len()], STATUSES[index % STATUSES.len()]),
            Section::Task => is_task_reachable(index / 16 == 0, STATES[index % 16 / 4], STATES[index % 4]),
            Section::Keyword => index < 2 || is_reason_reachable(index - 2, true),
            Section::Profile => index < 5 || is_reason_reachable(index - 5, false),
        }
    }
}

/// What nobody would say. A job is pending before its first alarm has rung, and again where another run has to wait.
fn is_event_reachable(event: &str, status: Status) -> bool {
    // A job in which nothing could be searched has no creators, and nobody ever read a profile for it.
    !(event == "profiles" && status == Status::Error)
}

fn is_status_reachable(from: Status, to: Status) -> bool {
    use Status::{Cancelled, Completed, Dispatching, Enriching, Error, Partial, Pending, Searching};
    match (from, to) {
        (Pending, Dispatching | Searching | Enriching | Completed | Cancelled | Partial) => true,
        (Dispatching, Searching | Completed | Partial | Error | Cancelled) => true,
        (Searching, Dispatching | Enriching | Completed | Partial | Error | Cancelled) => true,
        (Enriching, Dispatching | Completed | Partial | Cancelled) => true,
        // Another run.
        (Partial | Error | Cancelled, Searching | Pending) => true,
        (Partial | Cancelled, Enriching) => true,
        // Cut off at a moment at which nothing was wanted any more.
        (Cancelled, Completed) => true,
        _ => false,
    }
}

fn is_task_reachable(search: bool, from: &str, to: &str) -> bool {
    match (from, to) {
        ("waiting", "queued" | "done") => search,
        ("queued", "queued" | "leased" | "done") => true,
        ("leased", "queued" | "done") => true,
        ("leased", "leased") => search,
        ("done", "queued" | "waiting") => search,
        _ => false,
    }
}

fn is_reason_reachable(index: usize, keyword: bool) -> bool {
    let (skipped, reason) = (index >= REASONS.len(), index % REASONS.len());
    match (skipped, reason >= SKIPS_FROM) {
        (false, false) => true,
        (true, true) => keyword || REASONS[reason] != Reason::TargetMet,
        (true, false) | (false, true) => false,
    }
}

fn reason_row(index: usize) -> String {
    let kind = if index >= REASONS.len() { "skipped" } else { "failed" };
    format!("{kind}: {}", REASONS[index % REASONS.len()].name().replace('_', " "))
}

/// The name of a state, as callers see it.
#[must_use]
pub fn status_name(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Dispatching => "dispatching",
        Status::Searching => "searching",
        Status::Enriching => "enriching",
        Status::Completed => "completed",
        Status::Partial => "partial",
        Status::Error => "error",
        Status::Cancelled => "cancelled",
    }
}

/// The name of an event.
#[must_use]
pub fn event_name(event: &Event) -> &'static str {
    EVENTS[event_index(event)]
}

fn event_index(event: &Event) -> usize {
    match event {
        Event::Report(Report::Lease { .. }) => 0,
        Event::Report(Report::Page(_)) => 1,
        Event::Report(Report::Profiles(_)) => 2,
        Event::Report(Report::Failed(_)) => 3,
        Event::Report(Report::Deferred(_)) => 4,
        Event::Report(Report::DeadLettered { .. }) => 5,
        Event::Planned(_) => 6,
        Event::Cancelled => 7,
        Event::Retried { .. } => 8,
        Event::Admitted => 9,
        Event::Charged(_) => 10,
        Event::Orphaned => 11,
        Event::Alarm => 12,
    }
}

fn state_index(state: &State) -> usize {
    match state {
        State::Waiting => 0,
        State::Queued { .. } => 1,
        State::Leased { .. } => 2,
        State::Done { .. } => 3,
    }
}

fn reason_index(reason: Reason) -> usize {
    REASONS.iter().position(|known| *known == reason).unwrap_or_default()
}

impl Coverage {
    /// Counts one thing by its place in its section.
    pub fn count(&mut self, section: Section, index: usize) {
        self.counts[section as usize][index] += 1;
    }

    /// How often a thing was met.
    #[must_use]
    pub fn of(&self, section: Section, index: usize) -> u64 {
        self.counts[section as usize][index]
    }

    /// How often faults of this kind struck.
    #[must_use]
    pub fn faults(&self, kind: FaultKind) -> u64 {
        self.of(Section::Fault, kind as usize)
    }

    /// Counts an event that a job took in.
    pub fn event(&mut self, event: &Event, status: Status) {
        self.count(Section::Event, event_index(event) * STATUSES.len() + status as usize);
    }

    /// Counts a change of a job's state.
    pub fn status(&mut self, from: Status, to: Status) {
        if from != to {
            self.count(Section::Status, from as usize * STATUSES.len() + to as usize);
        }
    }

    /// Counts a change of a task's state.
    pub fn task(&mut self, search: bool, from: &State, to: &State) {
        self.count(Section::Task, usize::from(!search) * 16 + state_index(from) * 4 + state_index(to));
    }

    /// Counts how a keyword ended.
    pub fn keyword(&mut self, outcome: &TaskOutcome) {
        let index = match outcome {
            TaskOutcome::Ok { .. } => 0,
            TaskOutcome::Empty => 1,
            TaskOutcome::Failed(failure) => 2 + reason_index(failure.reason),
            TaskOutcome::Skipped { reason } => 2 + REASONS.len() + reason_index(*reason),
        };
        self.count(Section::Keyword, index);
    }

    /// Counts how a profile ended, if it did.
    pub fn profile(&mut self, state: &ProfileState) {
        let index = match state {
            ProfileState::Open { .. } => return,
            ProfileState::Enriched { .. } => 0,
            ProfileState::Empty { absence, .. } => match absence {
                Absence::Private => 1,
                Absence::Deactivated => 2,
                Absence::Missing => 3,
                Absence::Hidden => 4,
            },
            ProfileState::Failed { failure, .. } => 5 + reason_index(failure.reason),
            ProfileState::Skipped { reason } => 5 + REASONS.len() + reason_index(*reason),
        };
        self.count(Section::Profile, index);
    }

    /// Counts a timer whose time had come.
    pub fn timer(&mut self, timer: Timer) {
        let index = match timer {
            Timer::Deadline => 0,
            Timer::Plan => 1,
            Timer::Send(_) => 2,
            Timer::Lease(_) => 3,
            Timer::Charge => 4,
        };
        self.count(Section::Timer, index);
    }

    /// Counts what a job answered.
    pub fn reply(&mut self, reply: &Reply) {
        let index = match reply {
            Reply::Granted(_) => 0,
            Reply::Busy => 1,
            Reply::Gone => 2,
            Reply::Continue { .. } => 3,
            Reply::Stop => 4,
        };
        self.count(Section::Reply, index);
    }

    /// Counts what a client did.
    pub fn client(&mut self, act: ClientAct) {
        self.count(Section::Client, act as usize);
    }

    /// Adds what another run met.
    pub fn add(&mut self, other: &Coverage) {
        for (mine, theirs) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            *mine += theirs;
        }
    }

    /// Every line that can be met, and every other that was.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let rows = SECTIONS.iter().flat_map(|section| (0..section.len()).map(move |index| (*section, index)));
        let shown = rows.filter(|(section, index)| section.is_reachable(*index) || self.of(*section, *index) > 0);
        shown.map(|(section, index)| Line { section: section.name(), name: section.row(index), count: self.of(section, index) }).collect()
    }

    /// The lines that were never met.
    #[must_use]
    pub fn unmet(&self) -> Vec<Line> {
        self.lines().into_iter().filter(|line| line.count == 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_met_is_named() {
        let mut coverage = Coverage::default();
        let all = coverage.unmet().len();
        assert!(coverage.unmet().iter().any(|line| line.name == "polled"));
        coverage.client(ClientAct::Polled);
        assert!(!coverage.unmet().iter().any(|line| line.name == "polled"));
        assert_eq!(coverage.unmet().len(), all - 1);
    }

    #[test]
    fn counts_of_several_runs_add_up() {
        let (mut one, mut other) = (Coverage::default(), Coverage::default());
        one.timer(Timer::Charge);
        other.timer(Timer::Charge);
        one.add(&other);
        assert_eq!(one.of(Section::Timer, 4), 2);
    }

    #[test]
    fn what_the_rules_forbid_is_shown_once_it_happened() {
        let mut coverage = Coverage::default();
        let hidden = "completed → pending";
        assert!(!coverage.lines().iter().any(|line| line.name == hidden));
        coverage.status(Status::Completed, Status::Pending);
        assert!(coverage.lines().iter().any(|line| line.name == hidden));
    }
}
