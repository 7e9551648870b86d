//! When a job is over and as what. Completion is a function of the rows: nothing is counted down.

use super::{Effect, Job, Kind, ProfileState, State, Status, Task, TaskOutcome};
use crate::protocol::TaskId;
use crate::time::Time;
use crate::trouble::{Failure, Reason};

impl Job {
    /// Begins another round, finishes, or names the state that the rows are in.
    pub(super) fn move_on(&mut self, now: Time) {
        if self.progress.planning.is_none() && !self.is_anything_open() {
            match self.next_round(now) {
                Some(planning) => self.begin_round(planning),
                None => return self.finish(self.verdict(), now),
            }
        }
        let status = self.running_status();
        if status != self.progress.status {
            self.progress.status = status;
            self.changes.progress = true;
        }
    }

    fn is_anything_open(&self) -> bool {
        self.tasks.iter().any(Task::is_open)
    }

    fn running_status(&self) -> Status {
        let searching = self.searches().any(|(task, _)| task.is_open());
        match self.progress.planning {
            Some(planning) if planning.round == 0 && self.progress.status == Status::Pending && !self.is_anything_sent() => Status::Pending,
            Some(_) => Status::Dispatching,
            None if searching => Status::Searching,
            None => Status::Enriching,
        }
    }

    fn is_anything_sent(&self) -> bool {
        self.tasks.iter().any(|task| task.state != State::Waiting)
    }

    /// What a job whose tasks are all done ends as: law L8.
    fn verdict(&self) -> Status {
        let outcomes = || self.searches().filter_map(|(task, _)| outcome(&task.state));
        let failed = outcomes().any(|outcome| matches!(outcome, TaskOutcome::Failed(_)));
        let searched = outcomes().any(|outcome| matches!(outcome, TaskOutcome::Ok { .. } | TaskOutcome::Empty));
        let reason = self.progress.stopped.as_ref().map(|stopped| stopped.reason);
        match (reason, self.creators.is_empty()) {
            (Some(Reason::Cancelled), _) => Status::Cancelled,
            (_, true) if failed && !searched => Status::Error,
            (Some(_), _) => Status::Partial,
            (None, _) if failed || self.is_a_profile_missing() => Status::Partial,
            (None, _) => Status::Completed,
        }
    }

    fn is_a_profile_missing(&self) -> bool {
        self.creators.iter().any(|found| found.profile.is_missing())
    }

    fn finish(&mut self, status: Status, now: Time) {
        self.progress.status = status;
        self.progress.held = false;
        self.progress.percent = 100;
        self.progress.planning = None;
        self.progress.finished_at = Some(now);
        self.changes.progress = true;
        self.effects.push_back(Effect::Finish(status));
    }

    /// Notes why the job stops; the first reason stays. Whatever nobody works on ends with the event that is
    /// being handled, and whatever else comes back to be queued with the event that queues it.
    pub(super) fn stop(&mut self, failure: Failure) {
        if self.progress.stopped.is_none() {
            self.progress.stopped = Some(failure);
            self.changes.progress = true;
        }
    }

    /// Why no further page of any keyword is wanted, if so.
    pub(super) fn reason_to_stop_searching(&self) -> Option<Reason> {
        let stopped = self.progress.stopped.as_ref().map(|stopped| stopped.reason);
        stopped.or(self.target_met().then_some(Reason::TargetMet))
    }

    /// Ends tasks that nobody needs any more and nobody works on. One that is worked on ends with its next
    /// report.
    pub(super) fn skip_what_is_not_needed(&mut self) {
        let at_rest = |task: &Task| matches!(task.state, State::Waiting | State::Queued { .. });
        match (self.progress.stopped.as_ref().map(|stopped| stopped.reason), self.target_met()) {
            (Some(reason), _) => self.skip_all(reason, at_rest),
            (None, true) => self.skip_all(Reason::TargetMet, |task| at_rest(task) && task.search().is_some()),
            (None, false) => return,
        }
        if self.progress.planning.take().is_some() {
            self.changes.progress = true;
        }
    }

    /// Ends the job now, with what it has. Whoever still works on it reports to nobody, because only tasks that are
    /// given out take reports.
    pub(super) fn end_early(&mut self, failure: Failure, now: Time) {
        if self.progress.status.is_final() {
            return;
        }
        let reason = failure.reason;
        self.progress.stopped = Some(failure);
        self.skip_all(reason, Task::is_open);
        self.finish(self.verdict(), now);
    }

    /// The breaker: the platform will refuse everything else for the same reason, so nothing else is
    /// asked. What was found stays.
    pub(super) fn stop_platform(&mut self, failure: &Failure) {
        let open: Vec<TaskId> = self.tasks.iter().filter(|task| task.is_open()).map(|task| task.id).collect();
        for id in open {
            self.give_up(id, failure);
        }
        self.stop(failure.clone());
    }

    fn skip_all(&mut self, reason: Reason, which: impl Fn(&Task) -> bool) {
        let skipped: Vec<TaskId> = self.tasks.iter().filter(|task| which(task)).map(|task| task.id).collect();
        for id in skipped {
            self.skip(id, reason);
        }
    }

    fn skip(&mut self, id: TaskId, reason: Reason) {
        match self.tasks.get(id as usize).map(|task| task.kind.clone()) {
            None => {}
            Some(Kind::Search(_)) => self.end_search(id, reason),
            Some(Kind::Profiles { creators }) => {
                for seq in creators.into_iter().filter(|seq| self.is_open(*seq)).collect::<Vec<_>>() {
                    self.set_profile(seq, ProfileState::Skipped { reason });
                }
                self.set_state(id, State::Done { outcome: TaskOutcome::Skipped { reason } });
            }
        }
    }
}

/// How a task ended, if it did.
pub(super) fn outcome(state: &State) -> Option<&TaskOutcome> {
    match state {
        State::Done { outcome } => Some(outcome),
        State::Waiting | State::Queued { .. } | State::Leased { .. } => None,
    }
}
