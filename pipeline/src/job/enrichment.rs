//! Which profiles are read together, and what became of each.

use super::lease::put_off;
use super::{Found, Job, Kind, ProfileState, State, Task, TaskOutcome};
use crate::contract::{Creator, CreatorRef, Enrichment, Outcome};
use crate::email;
use crate::limits::{ENRICH_BATCH_CREATORS, PROFILE_CREATORS_MAX};
use crate::protocol::{ProfileAnswer, ProfilesReport, Reply, TaskId};
use crate::time::Time;
use crate::trouble::{Decision, Failure, Trouble, decide};

impl Job {
    /// How many creators one profile call covers.
    pub(super) fn creators_per_call(&self) -> usize {
        match self.dispatch.manifest.enrichment {
            Enrichment::None => 1,
            Enrichment::Optional(creators) | Enrichment::Required(creators) => (creators as usize).clamp(1, PROFILE_CREATORS_MAX),
        }
    }

    /// How many creators one message covers: whole calls, and about ten where a call covers one.
    fn creators_per_message(&self) -> usize {
        let per_call = self.creators_per_call();
        per_call * (ENRICH_BATCH_CREATORS / per_call).max(1)
    }

    /// Plans the profiles of these creators, in batches.
    pub(super) fn plan_enrichment(&mut self, open: &[u32], now: Time) {
        for batch in open.chunks(self.creators_per_message()) {
            self.add_task(Kind::Profiles { creators: batch.to_vec() }, State::Queued { at: now, sends: 0 });
        }
    }

    pub(super) fn is_open(&self, seq: u32) -> bool {
        self.creators.get(seq as usize).is_some_and(|found| found.profile.is_open())
    }

    pub(super) fn creator_ref(&self, seq: u32) -> Option<CreatorRef> {
        let Found { creator, .. } = self.creators.get(seq as usize)?;
        Some(CreatorRef { identity: creator.identity.clone(), username: creator.username.clone(), ids: creator.ids.clone() })
    }

    pub(super) fn profiles_read(&mut self, report: ProfilesReport, now: Time) -> Reply {
        let Some(Kind::Profiles { creators }) = self.leased(report.task, report.fence).map(|task| task.kind.clone()) else {
            return Reply::Stop;
        };
        self.count(report.calls);
        let mut wait = report.until.map(|until| put_off(until, now).0.saturating_sub(now.0));
        let mut stop = None;
        for result in report.results {
            // An adapter may speak only of creators that it was asked about.
            let seq = self.by_identity.get(&result.identity).copied().filter(|seq| creators.contains(seq) && self.is_open(*seq));
            let Some(seq) = seq else { continue };
            match self.profile_answered(report.task, seq, result.answer, now) {
                Some(Decision::Retry { after_ms }) => wait = wait.max(Some(after_ms)),
                Some(Decision::Stop(failure)) => stop = Some(failure),
                Some(Decision::Fail(_)) | None => {}
            }
        }
        match stop {
            Some(failure) => self.stop_platform(&failure),
            None => self.batch_worked_through(report.task, wait, now),
        }
        Reply::Stop
    }

    /// Notes what became of one creator; says what is still to be decided for the batch.
    fn profile_answered(&mut self, task: TaskId, seq: u32, answer: ProfileAnswer, now: Time) -> Option<Decision> {
        let ProfileState::Open { attempts } = self.creators.get(seq as usize)?.profile else { return None };
        let trouble = match answer {
            ProfileAnswer::Read(Outcome::Enriched(profile)) => {
                self.enriched(seq, profile, now, attempts + 1);
                return None;
            }
            ProfileAnswer::Read(Outcome::Empty(absence)) => {
                self.set_profile(seq, ProfileState::Empty { absence, attempts: attempts + 1 });
                return None;
            }
            ProfileAnswer::Read(Outcome::Failed(fault)) => Trouble::Fault { fault },
            ProfileAnswer::Trouble(trouble) => trouble,
        };
        let decision = decide(&trouble, attempts, self.draw_for(task, seq));
        let attempts = attempts + 1;
        let state = match &decision {
            Decision::Retry { .. } => ProfileState::Open { attempts },
            Decision::Fail(failure) | Decision::Stop(failure) => ProfileState::Failed { failure: failure.clone(), attempts },
        };
        self.set_profile(seq, state);
        Some(decision)
    }

    /// A number of its own for each creator, so that those of one batch don't all wait the same time.
    pub(super) fn draw_for(&self, task: TaskId, seq: u32) -> u64 {
        self.draw(task) ^ u64::from(seq).rotate_left(17)
    }

    fn enriched(&mut self, seq: u32, profile: Creator, now: Time, attempts: u32) {
        let emails = email::of_creator(&profile);
        let profile = profile.clipped();
        self.set_profile(seq, ProfileState::Enriched { profile: Some(Box::new(profile)), emails, at: now, attempts });
    }

    /// Closes a batch, or queues it again for what is outstanding.
    fn batch_worked_through(&mut self, id: TaskId, wait: Option<u64>, now: Time) {
        let outstanding = self.outstanding(id);
        let Some(task) = self.task_mut(id) else { return };
        if outstanding == 0 {
            self.finish_profiles(id);
            return;
        }
        // Attempts are counted for each creator; a batch that a lease's limit cut short has lost none.
        task.attempts = 0;
        task.state = State::Queued { at: now.plus(wait.unwrap_or(0)), sends: 0 };
    }

    fn outstanding(&self, id: TaskId) -> usize {
        match self.tasks.get(id as usize).map(|task| &task.kind) {
            Some(Kind::Profiles { creators }) => creators.iter().filter(|seq| self.is_open(**seq)).count(),
            _ => 0,
        }
    }

    pub(super) fn finish_profiles(&mut self, id: TaskId) {
        let Some(Task { kind: Kind::Profiles { creators }, .. }) = self.tasks.get(id as usize) else { return };
        let states = || creators.iter().filter_map(|seq| self.creators.get(*seq as usize)).map(|found| &found.profile);
        let read = states().filter(|state| matches!(state, ProfileState::Enriched { .. })).count() as u32;
        let failed = states().find_map(|state| match state {
            ProfileState::Failed { failure, .. } => Some(failure.clone()),
            _ => None,
        });
        let outcome = match (read, failed) {
            (0, Some(failure)) => TaskOutcome::Failed(failure),
            (0, None) => TaskOutcome::Empty,
            (creators, _) => TaskOutcome::Ok { creators },
        };
        self.set_state(id, State::Done { outcome });
    }

    /// Gives up the profiles of a batch that are still open.
    pub(super) fn fail_open_profiles(&mut self, id: TaskId, failure: &Failure) {
        let Some(Task { kind: Kind::Profiles { creators }, .. }) = self.tasks.get(id as usize) else { return };
        for seq in creators.clone() {
            if let Some(ProfileState::Open { attempts }) = self.creators.get(seq as usize).map(|found| &found.profile) {
                let state = ProfileState::Failed { failure: failure.clone(), attempts: *attempts };
                self.set_profile(seq, state);
            }
        }
    }
}
