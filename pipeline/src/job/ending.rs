//! When a job is over and as what. Completion is a function of the rows: nothing is counted down.

use super::{Effect, Job, Kind, ProfileState, State, Status, TaskOutcome};
use crate::contract::Enrichment;
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
        self.tasks.iter().any(super::Task::is_open)
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
            (None, _) if failed || self.is_a_needed_profile_missing() => Status::Partial,
            (None, _) => Status::Completed,
        }
    }

    fn is_a_needed_profile_missing(&self) -> bool {
        let missing = |state: &ProfileState| matches!(state, ProfileState::Failed { .. } | ProfileState::Skipped { .. });
        let needed = matches!(self.dispatch.manifest.enrichment, Enrichment::Required(_));
        needed && self.creators.iter().any(|found| missing(&found.profile))
    }

    fn finish(&mut self, status: Status, now: Time) {
        self.progress.status = status;
        self.progress.percent = 100;
        self.progress.planning = None;
        self.progress.finished_at = Some(now);
        self.changes.progress = true;
        self.effects.push_back(Effect::Finish(status));
    }

    /// Notes why the job stops; the first reason stays. Keywords that nobody works on end with the event
    /// that is being handled, profiles that nobody works on too.
    pub(super) fn stop(&mut self, failure: Failure) {
        if self.progress.stopped.is_some() {
            return;
        }
        let reason = failure.reason;
        self.progress.stopped = Some(failure);
        self.changes.progress = true;
        self.skip_open(reason, |state| matches!(state, State::Waiting | State::Queued { .. }));
    }

    /// Ends the job now, with what it has. Whoever still works on it reports to nobody.
    pub(super) fn end_early(&mut self, failure: Failure, now: Time) {
        if self.progress.status.is_final() {
            return;
        }
        let reason = failure.reason;
        self.progress.stopped = Some(failure);
        self.skip_open(reason, |_| true);
        self.finish(self.verdict(), now);
    }

    /// The breaker: the platform will refuse everything else for the same reason, so nothing else is
    /// asked. What was found stays.
    pub(super) fn stop_platform(&mut self, failure: &Failure) {
        let open: Vec<TaskId> = self.tasks.iter().filter(|task| task.is_open()).map(|task| task.id).collect();
        for id in open {
            if let Some(task) = self.task_mut(id) {
                task.fence += 1;
            }
            self.give_up(id, failure);
        }
        self.stop(failure.clone());
    }

    fn skip_open(&mut self, reason: Reason, which: impl Fn(&State) -> bool) {
        let open: Vec<TaskId> = self.tasks.iter().filter(|task| task.is_open() && which(&task.state)).map(|task| task.id).collect();
        for id in open {
            self.skip(id, reason);
        }
    }

    fn skip(&mut self, id: TaskId, reason: Reason) {
        let Some(task) = self.task_mut(id) else { return };
        task.fence += 1;
        match task.kind.clone() {
            Kind::Search(_) => self.end_search(id, reason),
            Kind::Profiles { creators } => {
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
