//! What consumers say, and what it leads to: leases, pages, profiles, failures.

use scout_pipeline::contract::{Creator, CreatorRef, Outcome as Answered, Query};
use scout_pipeline::email;
use scout_pipeline::limits::{
    CALLS_AGAIN_MS, CURSOR_BYTES_MAX, DEFER_MS_MIN, KEYWORD_PAGES_MAX, PAGE_LEASE_MS, PROFILES_LEASE_MS, RETRY_AFTER_MS_MAX,
};
use scout_pipeline::protocol::{Calls, Lease, PageReport, ProfileAnswer, ProfilesReport, Reply, Report, TaskId, Work as Granted};
use scout_pipeline::time::Time;
use scout_pipeline::trouble::{Decision, Reason, Trouble, decide};

use super::log::{Person, Said, Standing, Step, Work};
use super::{Outcome, Page, Reference};

impl Reference {
    pub(super) fn report(&mut self, report: &Report, now: Time) -> Reply {
        match report {
            Report::Lease { task } => self.lease(*task, now),
            Report::Page(page) => self.page(page, now),
            Report::Profiles(profiles) => self.profiles(profiles, now),
            Report::Failed(failed) if self.holds(failed.task, failed.fence) => {
                self.count(failed.calls);
                self.got_nowhere(failed.task, &failed.trouble, now);
                Reply::Stop
            }
            Report::Deferred(deferred) if self.holds(deferred.task, deferred.fence) => {
                // It is no attempt: nothing but time passes.
                self.count(deferred.calls);
                self.note(deferred.task, Step::Due { at: believed(deferred.until, now) });
                Reply::Stop
            }
            Report::Failed(_) | Report::Deferred(_) => Reply::Stop,
            Report::DeadLettered { task, fence, .. } => {
                // It ends its task only while a message is all that there is of it, and nobody took it since.
                let work = self.works.get(*task as usize).filter(|work| work.number() == *fence);
                if work.is_some_and(|work| matches!(work.standing(), Standing::Queued { told: 1.., .. })) {
                    self.give_up(*task, Reason::Lost);
                }
                Reply::Gone
            }
        }
    }

    /// What was asked of the platform, and what of the calls that were allowed was not needed.
    fn count(&mut self, calls: Calls) {
        self.made.push(calls.made);
        self.given_back += calls.unused.min(self.calls_granted());
    }

    /// Whether this is the number of whoever works on the task now: law L7.
    fn holds(&self, task: TaskId, fence: u32) -> bool {
        let work = self.works.get(task as usize);
        work.is_some_and(|work| work.number() == fence && matches!(work.standing(), Standing::Leased { .. }))
    }

    /// Somebody wants to work on a task: one at a time, not before its time, and only as many calls as are left.
    fn lease(&mut self, task: TaskId, now: Time) -> Reply {
        let Some(work) = self.works.get(task as usize) else { return Reply::Gone };
        match work.standing() {
            Standing::Done(_) => Reply::Gone,
            Standing::Waiting | Standing::Leased { .. } => Reply::Busy,
            Standing::Queued { .. } if self.is_held() => Reply::Busy,
            Standing::Queued { due, told: 0 } if due > now => Reply::Busy,
            Standing::Queued { .. } if work.batch().is_some() => self.lease_profiles(task, now),
            Standing::Queued { .. } => self.lease_keyword(task, now),
        }
    }

    fn lease_keyword(&mut self, task: TaskId, now: Time) -> Reply {
        if self.calls_left() == 0 {
            return self.no_call_left(task, now);
        }
        let work = &self.works[task as usize];
        let keyword = work.searched().map_or_else(String::new, |keyword| keyword.as_str().to_owned());
        let query = Query { keyword, settings: self.asked.settings.clone(), extra: Vec::new() };
        let granted = Granted::Search { query, cursor: work.cursor().map(str::to_owned), page: work.pages() };
        self.grant(task, granted, 1, now.plus(PAGE_LEASE_MS))
    }

    /// Profiles are read for those that still have no outcome, as many as the calls that are left cover.
    fn lease_profiles(&mut self, task: TaskId, now: Time) -> Reply {
        let open = self.open_of(task);
        let per_call = self.creators_per_call();
        let wanted = open.len().div_ceil(per_call) as u32;
        let calls_max = wanted.min(self.calls_left());
        if calls_max == 0 {
            return self.no_call_left(task, now);
        }
        let creators = open.iter().take(calls_max as usize * per_call).map(|seq| self.name_of(*seq)).collect();
        self.grant(task, Granted::Profiles { creators, calls_max }, calls_max, now.plus(PROFILES_LEASE_MS))
    }

    /// Somebody wants a task for which no call is left: it comes up again, since calls may come back.
    fn no_call_left(&mut self, task: TaskId, now: Time) -> Reply {
        self.note(task, Step::Due { at: now.plus(CALLS_AGAIN_MS) });
        Reply::Busy
    }

    fn name_of(&self, seq: u32) -> CreatorRef {
        let Creator { identity, username, ids, .. } = self.people[seq as usize].creator.clone();
        CreatorRef { identity, username, ids }
    }

    fn grant(&mut self, task: TaskId, work: Granted, calls: u32, until: Time) -> Reply {
        self.note(task, Step::Taken { until, calls });
        let fence = self.works[task as usize].number();
        let (platform, account, max_age) = (self.asked.manifest.platform.clone(), self.asked.account.clone(), self.asked.accepted.max_age);
        Reply::Granted(Lease { task, fence, until, platform, account, max_age, work })
    }

    /// A page: who stands on it is taken in, then the keyword is over or the next page is wanted.
    fn page(&mut self, report: &PageReport, now: Time) -> Reply {
        let task = report.task;
        if !self.holds(task, report.fence) || self.works[task as usize].batch().is_some() {
            return Reply::Stop;
        }
        let work = &self.works[task as usize];
        if report.page != work.pages() {
            // It was taken in already, and the answer got lost.
            if self.target_met() {
                let outcome = work.not_needed_any_more();
                self.note(task, Step::Ended(outcome));
                return Reply::Stop;
            }
            return Reply::Continue { cursor: work.cursor().map(str::to_owned), page: work.pages() };
        }
        // A cursor that does not move would give the same page for ever.
        let next = report.next.clone().filter(|next| work.cursor() != Some(next));
        self.count(report.calls);
        let admitted = self.take_in(Page { task, creators: report.creators.clone() }, now);
        self.note(task, Step::Read { returned: report.creators.len() as u32, admitted, next: next.clone() });
        match self.end_of_keyword(task, next.as_deref()) {
            Some(outcome) => {
                self.note(task, Step::Ended(outcome));
                Reply::Stop
            }
            None if self.calls_left() == 0 => {
                self.note(task, Step::Due { at: now.plus(CALLS_AGAIN_MS) });
                Reply::Stop
            }
            None => {
                self.note(task, Step::Renewed { until: now.plus(PAGE_LEASE_MS), calls: 1 });
                Reply::Continue { cursor: next, page: report.page + 1 }
            }
        }
    }

    /// How a keyword ends after a page, unless another page is wanted.
    fn end_of_keyword(&mut self, task: TaskId, next: Option<&str>) -> Option<Outcome> {
        let work = &self.works[task as usize];
        let pages_max = self.asked.manifest.hints.pages_per_keyword.clamp(1, KEYWORD_PAGES_MAX);
        if next.is_some_and(|next| next.len() > CURSOR_BYTES_MAX) {
            Some(Outcome::Failed(Reason::AdapterFailed))
        } else if next.is_none() || work.pages() >= pages_max {
            Some(work.searched_to_its_end())
        } else if let Some(reason) = self.stopped {
            Some(Outcome::Skipped(reason))
        } else if self.target_met() {
            Some(work.not_needed_any_more())
        } else {
            None
        }
    }

    /// Admits whom a page gives, and has the profiles read of those that are not complete.
    fn take_in(&mut self, page: Page, now: Time) -> u32 {
        let before = self.people.len();
        self.pages.push(page);
        let admitted = self.admitted().into_iter().skip(before);
        let new: Vec<Person> = admitted.map(|(task, creator)| Person::admitted(task, creator.clone(), self.is_complete(creator))).collect();
        self.people.extend(new);
        let new = before as u32..self.people.len() as u32;
        let open: Vec<u32> = new.filter(|seq| self.people[*seq as usize].is_open()).collect();
        self.have_profiles_read(&open, now);
        (self.people.len() - before) as u32
    }

    pub(super) fn have_profiles_read(&mut self, people: &[u32], now: Time) {
        for batch in people.chunks(self.creators_per_message()) {
            let mut work = Work::profiles(batch.to_vec());
            work.steps.push(Step::Due { at: now });
            self.works.push(work);
        }
    }

    /// Profiles: each creator of the batch has an outcome of its own, and is tried again on its own.
    fn profiles(&mut self, report: &ProfilesReport, now: Time) -> Reply {
        let task = report.task;
        if !self.holds(task, report.fence) || self.works[task as usize].batch().is_none() {
            return Reply::Stop;
        }
        self.count(report.calls);
        let mut decisions = Vec::new();
        for result in &report.results {
            // Only those of the batch that have no outcome yet are listened for.
            let asked_about = self.open_of(task).into_iter().find(|seq| self.people[*seq as usize].creator.identity == result.identity);
            if let Some(seq) = asked_about {
                decisions.extend(self.profile(task, seq, &result.answer));
            }
        }
        let put_off = report.until.map(|until| believed(until, now));
        self.batch_was_worked_on(task, &decisions, put_off, now);
        Reply::Stop
    }

    fn batch_was_worked_on(&mut self, task: TaskId, decisions: &[Decision], put_off: Option<Time>, now: Time) {
        let stop = decisions.iter().rev().find_map(|decision| match decision {
            Decision::Stop(failure) => Some(failure.reason),
            Decision::Retry { .. } | Decision::Fail(_) => None,
        });
        let waits = decisions.iter().filter_map(|decision| match decision {
            Decision::Retry { after_ms } => Some(*after_ms),
            Decision::Stop(_) | Decision::Fail(_) => None,
        });
        let at = now.plus(waits.max().unwrap_or(0)).max(put_off.unwrap_or(now));
        match (stop, self.open_of(task).is_empty()) {
            (Some(reason), _) => self.stop_platform(reason),
            (None, true) => self.note(task, Step::Ended(Outcome::Ok(0))),
            (None, false) => self.notes(task, [Step::Progressed, Step::Due { at }]),
        }
    }

    /// Notes what was said of one profile, and decides what follows where it was not read.
    fn profile(&mut self, task: TaskId, seq: u32, answer: &ProfileAnswer) -> Option<Decision> {
        let draw = self.draw(task) ^ u64::from(seq).rotate_left(17);
        let person = &mut self.people[seq as usize];
        let attempts = person.attempts();
        person.said.push(Said::Tried);
        let trouble = match answer {
            ProfileAnswer::Read(Answered::Enriched(profile)) => {
                person.said.push(Said::Read(email::of_creator(profile)));
                return None;
            }
            ProfileAnswer::Read(Answered::Empty(absence)) => {
                person.said.push(Said::Empty(*absence));
                return None;
            }
            ProfileAnswer::Read(Answered::Failed(fault)) => Trouble::Fault { fault: fault.clone() },
            ProfileAnswer::Trouble(trouble) => trouble.clone(),
        };
        let decision = decide(&trouble, attempts, draw);
        if let Decision::Fail(failure) | Decision::Stop(failure) = &decision {
            person.said.push(Said::Failed(failure.reason));
        }
        Some(decision)
    }

    /// What follows for a task that got nowhere is a matter of the trouble's class.
    fn got_nowhere(&mut self, task: TaskId, trouble: &Trouble, now: Time) {
        match decide(trouble, self.works[task as usize].attempts(), self.draw(task)) {
            Decision::Retry { after_ms } => self.notes(task, [Step::Stumbled, Step::Due { at: now.plus(after_ms) }]),
            Decision::Fail(failure) => self.give_up(task, failure.reason),
            Decision::Stop(failure) => self.stop_platform(failure.reason),
        }
    }

    /// The breaker: whatever is open would fail for the same reason.
    fn stop_platform(&mut self, reason: Reason) {
        for task in self.open_works() {
            self.give_up(task, reason);
        }
        self.stop(reason);
    }

    /// Ends a task that failed, and with it the profiles that it should have read.
    pub(super) fn give_up(&mut self, task: TaskId, reason: Reason) {
        for seq in self.open_of(task) {
            self.people[seq as usize].said.push(Said::Failed(reason));
        }
        self.note(task, Step::Ended(Outcome::Failed(reason)));
    }
}

/// When work that has to wait comes up again: a wait that is named too short or too long is not believed.
fn believed(until: Time, now: Time) -> Time {
    until.max(now.plus(DEFER_MS_MIN)).min(now.plus(RETRY_AFTER_MS_MAX))
}
