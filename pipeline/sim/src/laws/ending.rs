//! L5, L6 and L8: that a job ends, how it shows it, and as what it ends.

use scout_pipeline::job::{Event, Notice, ProfileState, Progress, State, Status, StatusView, Task, TaskOutcome, What};
use scout_pipeline::limits::{HELD_MS_MAX, JOB_MS_MAX};
use scout_pipeline::time::Time;
use scout_pipeline::trouble::Reason;

use super::{Law, Laws, Turn, is_running};
use crate::stored::Stored;
use crate::upstream::Record;

/// How long a job may need in a world in which nothing goes wrong any more, in milliseconds: what a platform told it
/// to wait, the last pause of a consumer, and a message that was sent long ago.
const HEALED_MS: u64 = 25 * 60 * 1_000;

impl Laws {
    /// A running job has something open and will be woken for whatever is due first.
    pub(super) fn wakes(&mut self, turn: &Turn<'_>) {
        let progress = &turn.stored.progress;
        let job = turn.job;
        if is_running(progress.status) {
            let open = progress.planning.is_some() || turn.stored.tasks.iter().any(Task::is_open);
            self.check(open, Law::L5, job, || format!("the job is {:?} and nothing of it is open", progress.status));
            self.check(turn.alarm.is_some(), Law::L5, job, || format!("the job is {:?} and will never be woken", progress.status));
        }
        let Some(first) = first_due(turn.stored) else { return };
        self.check(turn.alarm.is_some_and(|alarm| alarm <= first), Law::L5, job, || {
            format!("something is due at {}, and the job is woken at {:?}", first.rfc3339(), turn.alarm.map(Time::rfc3339))
        });
    }

    pub(super) fn percent(&mut self, turn: &Turn<'_>) {
        let (before, after) = (turn.progress_before(), &turn.stored.progress);
        let job = turn.job;
        let falls = before.run == after.run && after.percent < before.percent;
        self.check(!falls, Law::L6, job, || format!("{} % become {} %", before.percent, after.percent));
        self.check((after.percent == 100) == after.status.is_final(), Law::L6, job, || {
            format!("{:?} at {} %", after.status, after.percent)
        });
        let revived = before.status.is_final() && !after.status.is_final() && !matches!(turn.event, Some(Event::Retried { .. }));
        self.check(!revived, Law::L2, job, || format!("a job that was {:?} is {:?} again", before.status, after.status));
    }

    /// The final state follows from the outcomes.
    pub(super) fn honest(&mut self, turn: &Turn<'_>) {
        let (stored, job) = (turn.stored, turn.job);
        let expected = verdict(stored);
        let status = stored.progress.status;
        self.check(status == expected, Law::L8, job, || format!("the job ends as {status:?}; by its outcomes it is {expected:?}"));
        let stopped = stored.progress.stopped.as_ref().map(|stopped| stopped.reason);
        if stopped == Some(Reason::Cancelled) {
            self.check(turn.cancelled, Law::L8, job, || "the job ends as cancelled, and nobody cancelled it".into());
        }
        if stopped == Some(Reason::TimeBudget) {
            self.time_was_up(turn);
        }
        if let Some(last) = stored.notices.last() {
            let done = matches!(last.what, What::Done { status: told } if told == status);
            self.check(done, Law::Notices, job, || format!("the job ended as {status:?}, and watchers were told {:?}", last.what));
        }
        self.notices(turn);
    }

    /// A job that ends by its deadline had work left, and was kept from it by faults.
    fn time_was_up(&mut self, turn: &Turn<'_>) {
        let before = turn.progress_before();
        let was_open = |task: &Task| turn.task_before(task.id).is_some_and(Task::is_open);
        let open = before.planning.is_some() || turn.stored.tasks.iter().any(was_open);
        self.check(open, Law::L5, turn.job, || "the job ended by its deadline, and all its work was done".into());
        self.check(!before.held, Law::Line, turn.job, || "the job's turn never came".into());
        let begun = turn.stored.progress.begun_at.or(turn.stored.dispatch.as_ref().map(|dispatch| dispatch.at)).unwrap_or_default();
        let healed = self.healed_at.map(|healed| healed.max(begun).plus(HEALED_MS));
        self.check(healed.is_none_or(|healed| healed > begun.plus(JOB_MS_MAX)), Law::L5, turn.job, || {
            "the job ended by its deadline, long after everything went right".into()
        });
    }

    /// Notices name every creator once and in order, and the last state is the state.
    fn notices(&mut self, turn: &Turn<'_>) {
        let stored = turn.stored;
        let mut creators = 0;
        for (place, notice) in stored.notices.iter().enumerate() {
            self.check(notice.seq == place as u64, Law::Notices, turn.job, || format!("notice {place} has the number {}", notice.seq));
            if let What::Creators { from, to } = notice.what {
                self.check(from == creators && to > from, Law::Notices, turn.job, || {
                    format!("creators {from} to {to} follow on {creators}")
                });
                creators = to;
            }
        }
        self.check(creators as usize == stored.creators.len(), Law::Notices, turn.job, || {
            format!("watchers were told of {creators} creators, and {} are stored", stored.creators.len())
        });
        let last = stored.notices.iter().rev().find_map(|notice| match &notice.what {
            What::Progress { status, counters } => Some((*status, counters.creators_found, counters.percent_complete)),
            _ => None,
        });
        let now = (stored.progress.status, stored.creators.len() as u32, stored.progress.percent);
        self.check(last == Some(now), Law::Notices, turn.job, || format!("watchers were told {last:?} last, and it is {now:?}"));
    }

    /// What is published is what was stored last.
    pub fn published(&mut self, job: usize, stored: &Stored, notices: &[Notice]) {
        let known = stored.notices.ends_with(notices);
        self.check(known && !notices.is_empty(), Law::Notices, job, || "what is published is not what was stored last".into());
    }

    /// A job that was cancelled is over at once.
    pub fn cancelled(&mut self, job: usize, stored: &Stored) {
        let status = stored.progress.status;
        self.check(status.is_final(), Law::L8, job, || format!("the client cancelled, and the job is {status:?}"));
    }

    /// The time of a run, counted from when it had begun, is up in a world in which nothing goes wrong.
    pub fn ended_in_time(&mut self, job: usize, progress: &Progress, run: u32, begun_at: Option<Time>) {
        let over = progress.run > run || progress.status.is_final();
        // A restart gives the time back that it took.
        let extended = progress.run == run && progress.begun_at != begun_at;
        self.check(over || extended, Law::L5, job, || format!("the time of the job is up, and it is {:?}", progress.status));
    }

    /// Nothing is left to happen.
    pub fn at_rest(&mut self, job: usize, stored: &Stored, alarm: Option<Time>, record: &Record) {
        let status = stored.progress.status;
        self.check(status.is_final(), Law::L5, job, || format!("nothing is left to happen, and the job is {status:?}"));
        self.check(alarm.is_none(), Law::L5, job, || "the job is over and still wants to be woken".into());
        self.check(stored.progress.bill.sent.is_none(), Law::L4, job, || "a charge is under way for ever".into());
        let max = stored.dispatch.as_ref().and_then(|dispatch| dispatch.accepted.max_upstream_calls).unwrap_or(u32::MAX);
        self.check(record.calls <= max, Law::L10, job, || format!("{} calls were made, and {max} are allowed", record.calls));
    }

    /// A client is told why fewer were found than asked for, exactly when the job is over and fewer were.
    pub(super) fn view_verdict(&mut self, job: usize, stored: &Stored, view: &StatusView) {
        self.check(view.status == stored.progress.status, Law::L8, job, || format!("a client sees {:?}", view.status));
        let missing = view.target_results.saturating_sub(stored.creators.len() as u32);
        let short = view.status.is_final() && missing > 0;
        let told = view.shortfall.as_ref().map(|shortfall| shortfall.missing);
        self.check(told == short.then_some(missing), Law::L8, job, || {
            format!("{missing} creators are missing of a job that is {:?}, and a client is told {told:?}", view.status)
        });
    }
}

/// When the first thing that a job waits for is due.
fn first_due(stored: &Stored) -> Option<Time> {
    let progress = &stored.progress;
    let running = is_running(progress.status);
    let begun = progress.begun_at.or(stored.dispatch.as_ref().map(|dispatch| dispatch.at))?;
    let tasks = stored.tasks.iter().filter_map(|task| match task.state {
        State::Queued { at, .. } => Some(at),
        State::Leased { until } => Some(until),
        State::Waiting | State::Done { .. } => None,
    });
    let work = tasks.chain(progress.planning.map(|planning| planning.at)).filter(|_| !progress.held);
    let allowed = if progress.held { HELD_MS_MAX } else { JOB_MS_MAX };
    let own = work.chain([begun.plus(allowed)]).filter(|_| running);
    own.chain(progress.bill.sent.map(|sent| sent.at)).min()
}

/// What a job is whose tasks ended so: law L8, written down a second time.
fn verdict(stored: &Stored) -> Status {
    let searches: Vec<&TaskOutcome> = stored
        .tasks
        .iter()
        .filter(|task| task.search().is_some())
        .filter_map(|task| if let State::Done { outcome } = &task.state { Some(outcome) } else { None })
        .collect();
    let missing = |state: &ProfileState| !matches!(state, ProfileState::Enriched { .. } | ProfileState::Empty { .. });
    let failed = searches.iter().any(|outcome| matches!(outcome, TaskOutcome::Failed(_)));
    let searched = searches.iter().any(|outcome| matches!(outcome, TaskOutcome::Ok { .. } | TaskOutcome::Empty));
    let cut = searches.iter().any(|outcome| matches!(outcome, TaskOutcome::Skipped { reason } if *reason != Reason::TargetMet));
    let stopped = stored.progress.stopped.as_ref().map(|stopped| stopped.reason);
    let profiles = stored.creators.iter().any(|found| missing(&found.profile));
    if stopped == Some(Reason::Cancelled) {
        Status::Cancelled
    } else if stored.creators.is_empty() && failed && !searched {
        Status::Error
    } else if failed || cut || profiles || stopped.is_some() {
        Status::Partial
    } else {
        Status::Completed
    }
}
