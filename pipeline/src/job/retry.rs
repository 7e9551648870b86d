//! Trying again what failed. A job that is over begins another run, with a time and a percentage of its own, of
//! nothing but what failed or was cut off; what was found and read stays.

use serde::{Deserialize, Serialize};

use super::{Job, ProfileState, State, Status, Task, TaskOutcome};
use crate::protocol::TaskId;
use crate::time::Time;
use crate::trouble::Reason;

/// What another run would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Again {
    /// Keywords that failed or were cut off.
    pub keywords: u32,
    /// Profiles that failed or were not read.
    pub profiles: u32,
    /// Creators that may be delivered besides those there are: what an account has to have left.
    pub wanted: u32,
}

/// Why there is no other run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoRetry {
    /// The job is not over.
    #[error("the job is still running")]
    Running,
    /// Nothing failed and nothing was cut off.
    #[error("nothing failed, so there is nothing to try again")]
    NothingFailed,
    /// The job has used all upstream calls that its caller allowed.
    #[error("the job has used as many upstream calls as it may")]
    NoCallsLeft,
}

impl Job {
    /// What [`Event::Retried`](super::Event::Retried) would do.
    ///
    /// # Errors
    /// [`NoRetry`] says why it would do nothing.
    pub fn may_retry(&self) -> Result<Again, NoRetry> {
        if !self.progress.status.is_final() {
            return Err(NoRetry::Running);
        }
        let keywords = self.searches().filter(|(task, _)| is_unfinished(task)).count() as u32;
        let profiles = self.creators.iter().filter(|found| found.profile.is_missing()).count() as u32;
        match (keywords + profiles, self.calls_left()) {
            (0, _) => Err(NoRetry::NothingFailed),
            (_, 0) => Err(NoRetry::NoCallsLeft),
            _ => Ok(Again { keywords, profiles, wanted: self.dispatch.accepted.target.saturating_sub(self.creators.len() as u32) }),
        }
    }

    /// Begins another run, if there is anything to do in it. One that has to wait is pending until it may.
    pub(super) fn retried(&mut self, waits: bool, now: Time) {
        if self.may_retry().is_err() {
            return;
        }
        let progress = &mut self.progress;
        progress.status = if waits { Status::Pending } else { Status::Dispatching };
        progress.held = waits;
        (progress.run, progress.begun_at) = (progress.run + 1, Some(now));
        (progress.percent, progress.stopped, progress.finished_at) = (0, None, None);
        progress.bill.closed = false;
        self.changes.progress = true;
        self.take_up_keywords();
        self.take_up_profiles(now);
    }

    /// Keywords go on behind the last page that was noted.
    fn take_up_keywords(&mut self) {
        let unfinished: Vec<TaskId> = self.searches().filter(|(task, _)| is_unfinished(task)).map(|(task, _)| task.id).collect();
        for id in unfinished {
            if let Some(task) = self.task_mut(id) {
                // Whoever worked on it in the last run reports to nobody.
                task.fence += 1;
                task.attempts = 0;
            }
            self.set_state(id, State::Waiting);
        }
    }

    fn take_up_profiles(&mut self, now: Time) {
        let missing = |seq: &u32| self.creators.get(*seq as usize).is_some_and(|found| found.profile.is_missing());
        let missing: Vec<u32> = (0..self.creators.len() as u32).filter(missing).collect();
        for seq in &missing {
            self.set_profile(*seq, ProfileState::untouched());
        }
        self.plan_enrichment(&missing, now);
    }
}

/// Whether a keyword failed or was cut off. One that was not needed did not fail.
fn is_unfinished(task: &Task) -> bool {
    match &task.state {
        State::Done { outcome: TaskOutcome::Failed(_) } => true,
        State::Done { outcome: TaskOutcome::Skipped { reason } } => *reason != Reason::TargetMet,
        _ => false,
    }
}
