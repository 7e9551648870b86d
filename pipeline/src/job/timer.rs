//! What a job waits for, and what happens when its time has come. A job has one alarm, set to the
//! earliest of these; the alarm is the sweeper, so that no visit of a client is needed for anything.

use super::{Effect, Job, State, TaskOutcome};
use crate::limits::{ATTEMPTS_MAX, HELD_MS_MAX, JOB_MS_MAX, PLAN_MS_MAX, RESEND_MS_MAX, RESEND_MS_MIN, SEND_MESSAGES_MAX};
use crate::protocol::{Message, TaskId};
use crate::time::Time;
use crate::trouble::{Failure, Reason};

/// Everything that a job can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// The job has run as long as it may, and ends with what it has.
    Deadline,
    /// A round of keywords is to be planned, or its planning took so long that it is asked for again.
    Plan,
    /// A task's message is to be sent, for the first time, after a wait, or again because nobody took it.
    Send(TaskId),
    /// A consumer has not reported within its lease, so that the task goes to another.
    Lease(TaskId),
    /// The account has not acknowledged a charge, so that it is sent again; also after the job is over.
    Charge,
}

impl Job {
    /// Everything that is waited for, in no order.
    pub fn timers(&self) -> impl Iterator<Item = (Time, Timer)> + '_ {
        let running = !self.progress.status.is_final();
        let deadline = running.then(|| (self.deadline(), Timer::Deadline));
        let working = running && !self.progress.held;
        let plan = self.progress.planning.filter(|_| working).map(|planning| (planning.at, Timer::Plan));
        let tasks = self.tasks.iter().filter(move |_| working).filter_map(|task| match task.state {
            State::Queued { at, .. } => Some((at, Timer::Send(task.id))),
            State::Leased { until } => Some((until, Timer::Lease(task.id))),
            State::Waiting | State::Done { .. } => None,
        });
        let charge = self.progress.bill.sent.map(|sent| (sent.at, Timer::Charge));
        deadline.into_iter().chain(plan).chain(tasks).chain(charge)
    }

    pub(super) fn next_alarm(&self) -> Option<Time> {
        self.timers().map(|(at, _)| at).min()
    }

    fn deadline(&self) -> Time {
        let allowed = if self.progress.held { HELD_MS_MAX } else { JOB_MS_MAX };
        self.progress.begun_at.unwrap_or(self.dispatch.at).plus(allowed)
    }

    /// Goes on with a run that had to wait. Its time begins now, and everything slow after the event is noted.
    pub(super) fn admitted(&mut self, now: Time) {
        if !std::mem::take(&mut self.progress.held) {
            return;
        }
        self.progress.begun_at = Some(now);
        self.changes.progress = true;
        if let Some(planning) = &mut self.progress.planning {
            planning.at = now;
        }
    }

    /// Carries out every timer whose time has come.
    pub(super) fn ring(&mut self, now: Time) {
        let mut due: Vec<Timer> = self.timers().filter(|(at, _)| *at <= now).map(|(_, timer)| timer).collect();
        due.sort_unstable();
        // The alarm that rang is spent, even where the next one is for the same time.
        self.alarm = None;
        for timer in due {
            match timer {
                Timer::Deadline => self.end_early(Failure::new(Reason::TimeBudget, self.why_too_long()), now),
                Timer::Plan => self.ask_for_plan(now),
                // Sending is what `release` does with everything that is due.
                Timer::Send(_) => {}
                Timer::Charge => self.charge_again(now),
                Timer::Lease(task) => self.lease_ran_out(task, now),
            }
        }
    }

    fn why_too_long(&self) -> &'static str {
        match self.progress.held {
            true => "the job waited for others of its account as long as it may",
            false => "the job ran as long as it may",
        }
    }

    fn lease_ran_out(&mut self, id: TaskId, now: Time) {
        // The same alarm may have ended the job before.
        if !self.tasks.get(id as usize).is_some_and(|task| matches!(task.state, State::Leased { .. })) {
            return;
        }
        let Some(task) = self.task_mut(id) else { return };
        // A consumer that comes back after all is a zombie: its fence is no longer the latest.
        task.fence += 1;
        task.attempts += 1;
        let attempts = task.attempts;
        match attempts < ATTEMPTS_MAX {
            true => self.set_state(id, State::Queued { at: now, sends: 0 }),
            false => self.give_up(id, &Failure::new(Reason::Lost, format!("{attempts} attempts never reported back"))),
        }
    }

    /// Gives out again whatever was given out. It is no attempt that failed, and the time in which nobody was there
    /// is not the job's.
    pub(super) fn orphaned(&mut self, now: Time) {
        if self.progress.status.is_final() {
            return;
        }
        self.progress.begun_at = Some(now);
        self.changes.progress = true;
        // Nobody is left who would answer, so that rules need not wait until it is sure.
        if let Some(planning) = self.progress.planning.as_mut().filter(|planning| planning.asked > 0) {
            planning.at = now;
        }
        let open: Vec<TaskId> = self.tasks.iter().filter(|task| matches!(task.state, State::Leased { .. })).map(|task| task.id).collect();
        for id in open {
            if let Some(task) = self.task_mut(id) {
                task.fence += 1;
                task.state = State::Queued { at: now, sends: 0 };
            }
        }
        for task in &mut self.tasks {
            if let State::Queued { at, sends } = &mut task.state
                && *sends > 0
            {
                (*at, *sends) = (now, 0);
            }
        }
    }

    /// Sends the messages of all queued tasks whose time has come, and says when each is sent again.
    pub(super) fn send_due(&mut self, now: Time) {
        let mut messages = Vec::new();
        for task in &mut self.tasks {
            let State::Queued { at, sends } = &mut task.state else { continue };
            if *at > now {
                continue;
            }
            *at = now.plus(resend_ms(*sends));
            *sends += 1;
            messages.push(Message { job: self.dispatch.id.clone(), task: task.id, fence: task.fence, queue: task.queue() });
            self.changes.tasks.insert(task.id);
        }
        let (search, enrich): (Vec<_>, Vec<_>) = messages.into_iter().partition(|message| message.queue == crate::protocol::Queue::Search);
        for batch in search.chunks(SEND_MESSAGES_MAX).chain(enrich.chunks(SEND_MESSAGES_MAX)) {
            self.effects.push_back(Effect::Send(batch.to_vec()));
        }
    }

    fn ask_for_plan(&mut self, now: Time) {
        let Some(planning) = &mut self.progress.planning else { return };
        planning.at = now.plus(PLAN_MS_MAX);
        planning.asked += 1;
        self.changes.progress = true;
        match self.plan_request() {
            Some(request) => self.effects.push_back(Effect::Plan(request)),
            None => self.progress.planning = None,
        }
    }

    /// Ends a task for good after a failure; what it gave before stays.
    pub(super) fn give_up(&mut self, id: TaskId, failure: &Failure) {
        self.fail_open_profiles(id, failure);
        self.set_state(id, State::Done { outcome: TaskOutcome::Failed(failure.clone()) });
    }
}

/// How long to wait for an answer to what was sent before it is sent again, having been sent `sends` times before.
pub(super) fn resend_ms(sends: u32) -> u64 {
    RESEND_MS_MIN.saturating_mul(1 << sends.min(16)).min(RESEND_MS_MAX)
}
