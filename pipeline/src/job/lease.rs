//! Leases, and what consumers report under them. Every lease has a fence number; a report with another
//! than the latest changes nothing: law L7.

use super::admission::read_through;
use super::{Job, Kind, Search, State, Task};
use crate::contract::Query;
use crate::limits::{
    CALLS_AGAIN_MS, CURSOR_BYTES_MAX, DEFER_MS_MIN, KEYWORD_PAGES_MAX, PAGE_LEASE_MS, PROFILES_LEASE_MS, RETRY_AFTER_MS_MAX,
};
use crate::protocol::{Calls, DeferredReport, FailedReport, Lease, PageReport, Reply, Report, TaskId, Work};
use crate::time::Time;
use crate::trouble::{Decision, Failure, Reason, Trouble, decide};

impl Job {
    pub(super) fn report(&mut self, report: Report, now: Time) -> Reply {
        if self.progress.status.is_final() {
            return Reply::Gone;
        }
        match report {
            Report::Lease { task } => self.lease(task, now),
            Report::Page(page) => self.page_read(page, now),
            Report::Profiles(profiles) => self.profiles_read(profiles, now),
            Report::Failed(failed) => self.task_failed(failed, now),
            Report::Deferred(deferred) => self.task_deferred(deferred, now),
            Report::DeadLettered { task, fence, detail } => self.dead_lettered(task, fence, &detail),
        }
    }

    fn lease(&mut self, id: TaskId, now: Time) -> Reply {
        // The target may have been met since the message was sent.
        if !self.progress.held {
            self.skip_what_is_not_needed();
        }
        let Some(task) = self.tasks.get(id as usize) else { return Reply::Gone };
        match task.state {
            State::Done { .. } => return Reply::Gone,
            State::Leased { .. } | State::Waiting => return Reply::Busy,
            State::Queued { .. } if self.progress.held => return Reply::Busy,
            // Before the first message is due nobody may know of it: it waits after a failure.
            State::Queued { at, sends } if sends == 0 && at > now => return Reply::Busy,
            State::Queued { .. } => {}
        }
        match task.kind.clone() {
            Kind::Search(search) => self.lease_search(id, &search, now),
            Kind::Profiles { creators } => self.lease_profiles(id, &creators, now),
        }
    }

    fn lease_search(&mut self, id: TaskId, search: &Search, now: Time) -> Reply {
        if self.allow_calls(1) == 0 {
            return self.put_off_for_calls(id, now);
        }
        let work = Work::Search { query: self.query(search), cursor: search.cursor.clone(), page: search.pages };
        self.grant(id, work, now.plus(PAGE_LEASE_MS))
    }

    fn lease_profiles(&mut self, id: TaskId, creators: &[u32], now: Time) -> Reply {
        let open: Vec<u32> = creators.iter().copied().filter(|seq| self.is_open(*seq)).collect();
        if open.is_empty() {
            self.finish_profiles(id);
            return Reply::Gone;
        }
        let wanted = open.len().div_ceil(self.creators_per_call()) as u32;
        // Fewer than are wanted are a beginning: the rest is asked for again.
        let allowed = self.allow_calls(wanted);
        if allowed == 0 {
            return self.put_off_for_calls(id, now);
        }
        let covered = &open[..open.len().min(allowed as usize * self.creators_per_call())];
        let creators = covered.iter().filter_map(|seq| self.creator_ref(*seq)).collect();
        self.grant(id, Work::Profiles { creators, calls_max: allowed }, now.plus(PROFILES_LEASE_MS))
    }

    fn grant(&mut self, id: TaskId, work: Work, until: Time) -> Reply {
        let platform = self.dispatch.manifest.platform.clone();
        let (account, max_age) = (self.dispatch.account.clone(), self.dispatch.accepted.max_age);
        let Some(task) = self.task_mut(id) else { return Reply::Gone };
        task.fence += 1;
        task.state = State::Leased { until };
        Reply::Granted(Lease { task: id, fence: task.fence, until, platform, account, max_age, work })
    }

    fn query(&self, search: &Search) -> Query {
        Query { keyword: search.keyword.as_str().to_owned(), settings: self.dispatch.settings.clone(), extra: Vec::new() }
    }

    /// The task under this lease, unless the lease has been superseded.
    pub(super) fn leased(&self, id: TaskId, fence: u32) -> Option<&Task> {
        self.tasks.get(id as usize).filter(|task| task.fence == fence && matches!(task.state, State::Leased { .. }))
    }

    fn page_read(&mut self, report: PageReport, now: Time) -> Reply {
        let Some(search) = self.leased(report.task, report.fence).and_then(Task::search) else { return Reply::Stop };
        if report.page != search.pages {
            // The answer to this report got lost, and it was made again. A page that was allowed then may be read now,
            // unless the target has been met: law L10.
            if self.target_met() {
                self.end_search(report.task, Reason::TargetMet);
                return Reply::Stop;
            }
            return Reply::Continue { cursor: search.cursor.clone(), page: search.pages };
        }
        self.count(report.calls);
        let next = report.next.filter(|next| search_goes_on(self.leased(report.task, report.fence), next));
        let returned = report.creators.len() as u32;
        let too_long = next.as_ref().is_some_and(|next| next.len() > CURSOR_BYTES_MAX);
        let admitted = self.admit(report.task, report.creators, now);
        let Some(search) = self.advance(report.task, next, returned, admitted) else { return Reply::Stop };
        if too_long {
            self.give_up(report.task, &Failure::new(Reason::AdapterFailed, "the adapter's cursor is too long"));
            return Reply::Stop;
        }
        self.go_on(report.task, &search, now)
    }

    /// Notes a page: the checkpoint that every later attempt begins from.
    fn advance(&mut self, id: TaskId, next: Option<String>, returned: u32, admitted: u32) -> Option<Search> {
        let task = self.task_mut(id)?;
        task.attempts = 0;
        let Kind::Search(search) = &mut task.kind else { return None };
        search.pages += 1;
        search.cursor = next;
        search.returned = search.returned.saturating_add(returned);
        search.admitted += admitted;
        Some(search.clone())
    }

    fn go_on(&mut self, id: TaskId, search: &Search, now: Time) -> Reply {
        let pages_max = self.dispatch.manifest.hints.pages_per_keyword.clamp(1, KEYWORD_PAGES_MAX);
        if search.cursor.is_none() || search.pages >= pages_max {
            self.set_state(id, State::Done { outcome: read_through(search) });
            return Reply::Stop;
        }
        if let Some(reason) = self.reason_to_stop_searching() {
            self.end_search(id, reason);
            return Reply::Stop;
        }
        if self.allow_calls(1) == 0 {
            self.put_off_for_calls(id, now);
            return Reply::Stop;
        }
        self.set_state(id, State::Leased { until: now.plus(PAGE_LEASE_MS) });
        Reply::Continue { cursor: search.cursor.clone(), page: search.pages }
    }

    fn task_failed(&mut self, report: FailedReport, now: Time) -> Reply {
        if self.leased(report.task, report.fence).is_none() {
            return Reply::Stop;
        }
        self.count(report.calls);
        self.trouble(report.task, &report.trouble, now);
        Reply::Stop
    }

    /// Puts a task off that has to wait. Nobody has tried it in vain, so that it is no attempt.
    fn task_deferred(&mut self, report: DeferredReport, now: Time) -> Reply {
        if self.leased(report.task, report.fence).is_none() {
            return Reply::Stop;
        }
        self.count(report.calls);
        self.set_state(report.task, State::Queued { at: put_off(report.until, now), sends: 0 });
        Reply::Stop
    }

    /// Decides what follows for a task that got nowhere.
    fn trouble(&mut self, id: TaskId, trouble: &Trouble, now: Time) {
        let draw = self.draw(id);
        let Some(task) = self.task_mut(id) else { return };
        let decision = decide(trouble, task.attempts, draw);
        task.attempts += 1;
        match decision {
            // Waits are the rows' business: the message goes out when the time has come.
            Decision::Retry { after_ms } => task.state = State::Queued { at: now.plus(after_ms), sends: 0 },
            Decision::Fail(failure) => self.give_up(id, &failure),
            Decision::Stop(failure) => self.stop_platform(&failure),
        }
    }

    /// A number that is the same for the same job, task and attempt, and for nothing else.
    pub(super) fn draw(&self, id: TaskId) -> u64 {
        let attempts = self.tasks.get(id as usize).map_or(0, |task| task.attempts);
        let ([a, b, c, d], [e, f, g, h]) = (attempts.to_le_bytes(), id.to_le_bytes());
        self.dispatch.seed ^ u64::from_le_bytes([a, b, c, d, e, f, g, h]).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// A message that was given up ends its task only where nobody has taken the task since it was sent.
    fn dead_lettered(&mut self, id: TaskId, fence: u32, detail: &str) -> Reply {
        let is_sent = |task: &&Task| matches!(task.state, State::Queued { sends: 1.., .. });
        if self.tasks.get(id as usize).filter(is_sent).is_some_and(|task| task.fence == fence) {
            self.give_up(id, &Failure::new(Reason::Lost, detail));
        }
        Reply::Gone
    }

    /// Grants up to `wanted` upstream calls out of the job's own limit: law L10 counts what was allowed, so that the limit is
    /// never passed but by what tokens take, which is counted as granted as soon as it is told. What was not needed comes
    /// back with the report.
    fn allow_calls(&mut self, wanted: u32) -> u32 {
        let allowed = wanted.min(self.calls_left());
        // Written with the task that they are granted to.
        self.progress.calls_granted += allowed;
        allowed
    }

    /// Upstream calls that the job may still make.
    pub(super) fn calls_left(&self) -> u32 {
        self.dispatch.accepted.max_upstream_calls.unwrap_or(u32::MAX).saturating_sub(self.progress.calls_granted)
    }

    /// Puts a task off for which no call is left. Whoever else is out may give one back; where nobody is, the event that
    /// is being handled ends with the job's stop.
    fn put_off_for_calls(&mut self, id: TaskId, now: Time) -> Reply {
        self.set_state(id, State::Queued { at: now.plus(CALLS_AGAIN_MS), sends: 0 });
        Reply::Busy
    }

    /// Stops a job that still has work and no call for it, and gets none back because nobody is out.
    pub(super) fn stop_without_calls(&mut self) {
        let (mut open, mut out) = (false, false);
        for task in &self.tasks {
            open |= task.is_open();
            out |= matches!(task.state, State::Leased { .. });
        }
        if open && !out && self.calls_left() == 0 {
            self.stop(Failure::new(Reason::CallBudget, "the job used as many upstream calls as it may"));
        }
    }

    pub(super) fn count(&mut self, calls: Calls) {
        self.progress.calls = self.progress.calls.plus(calls);
        self.progress.calls_granted = self.progress.calls_granted.saturating_add(calls.ungranted).saturating_sub(calls.unused);
        self.changes.progress = true;
    }
}

/// When work that has to wait is given out again: the time that was named, within bounds.
pub(super) fn put_off(until: Time, now: Time) -> Time {
    until.clamp(now.plus(DEFER_MS_MIN), now.plus(RETRY_AFTER_MS_MAX))
}

/// Whether a cursor leads anywhere: one that does not move would give the same page for ever.
fn search_goes_on(task: Option<&Task>, next: &str) -> bool {
    task.and_then(Task::search).is_some_and(|search| search.cursor.as_deref() != Some(next))
}
