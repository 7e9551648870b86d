//! L2 and L9: what becomes of keywords.

use std::collections::BTreeSet;

use scout_pipeline::job::{Event, Search, State, Task, TaskOutcome};
use scout_pipeline::limits::JOB_MS_MAX;
use scout_pipeline::protocol::{Report, TaskId};
use scout_pipeline::trouble::Reason;

use super::creators::{is_a_loss, is_of_all};
use super::{Law, Laws, Turn, is_a_stop};
use crate::stored::Stored;

/// How far clocks may be behind, in milliseconds.
const CLOCKS_MS: u64 = 3_000;

/// Keywords, and those of them that failed.
pub(super) fn count(stored: &Stored) -> (usize, usize) {
    let searches = || stored.tasks.iter().filter(|task| task.search().is_some());
    let failed = searches().filter(|task| matches!(task.state, State::Done { outcome: TaskOutcome::Failed(_) })).count();
    (searches().count(), failed)
}

impl Laws {
    pub(super) fn keywords(&mut self, turn: &Turn<'_>) {
        let Some(changed) = turn.changed else { return };
        self.note_page(turn);
        for (id, before) in &changed.tasks {
            let Some(task) = turn.stored.tasks.get(*id as usize) else { continue };
            if let Some(before) = before {
                self.task_changes(turn, before, task);
            }
            if let (Some(search), State::Done { outcome }) = (task.search(), &task.state) {
                self.outcome(turn, *id, search, outcome);
            }
        }
        if turn.event.is_none() {
            self.all_given_are_there(turn);
        }
        if changed.tasks.iter().any(|(_, before)| before.is_none()) {
            self.no_keyword_twice(turn);
        }
        if turn.ends() {
            let open = turn.stored.tasks.iter().find(|task| task.is_open());
            self.check(open.is_none(), Law::L2, turn.job, || format!("the job is over, and task {open:?} is open"));
            self.no_round_is_awaited(turn);
        }
    }

    /// Keywords that are being planned are the job's: it is not over before they came, unless nobody needs them.
    fn no_round_is_awaited(&mut self, turn: &Turn<'_>) {
        let awaited = turn.progress_before().planning.filter(|planning| planning.wanted > 0);
        let Some((awaited, dispatch)) = awaited.zip(turn.stored.dispatch.as_ref()) else { return };
        let came = matches!(turn.event, Some(Event::Planned(plan)) if plan.round == awaited.round);
        let met = turn.stored.creators.len() >= dispatch.accepted.target as usize;
        self.check(came || met || turn.stored.progress.stopped.is_some(), Law::L2, turn.job, || {
            format!("the job is over, and the keywords of round {} are being planned", awaited.round)
        });
    }

    fn task_changes(&mut self, turn: &Turn<'_>, before: &Task, after: &Task) {
        let id = after.id;
        let same = match (before.search(), after.search()) {
            (Some(before), Some(after)) => before.keyword == after.keyword && before.round == after.round && before.origin == after.origin,
            (None, None) => before.kind == after.kind,
            _ => false,
        };
        self.check(same, Law::L2, turn.job, || format!("task {id} became another one"));
        self.check(after.fence >= before.fence, Law::L7, turn.job, || format!("the fence of task {id} went back"));
        if let (Some(before), Some(after)) = (before.search(), after.search()) {
            self.check(after.pages >= before.pages, Law::L10, turn.job, || format!("the checkpoint of task {id} went back"));
        }
        let retried = matches!(turn.event, Some(Event::Retried { .. }));
        if let State::Done { outcome } = &before.state
            && !retried
        {
            self.check(after.state == before.state, Law::L2, turn.job, || {
                format!("task {id} ended as {outcome:?} and is now {:?}", after.state)
            });
        }
    }

    /// Notes how many rows a page had that was accepted.
    fn note_page(&mut self, turn: &Turn<'_>) {
        let Some(Event::Report(Report::Page(page))) = turn.event else { return };
        let before = turn.task_before(page.task).and_then(Task::search).map(|search| search.pages);
        let after = turn.stored.tasks.get(page.task as usize).and_then(Task::search).map(|search| search.pages);
        if before < after {
            *self.watches[turn.job].accepted_rows.entry(page.task).or_default() += page.creators.len() as u32;
        }
    }

    /// How a keyword ended agrees with what the platform answered.
    fn outcome(&mut self, turn: &Turn<'_>, id: TaskId, search: &Search, outcome: &TaskOutcome) {
        let keyword = search.keyword.as_str();
        let job = turn.job;
        let rows = self.watches[job].accepted_rows.get(&id).copied().unwrap_or_default();
        let told = turn.record.keywords.get(keyword);
        match outcome {
            TaskOutcome::Empty => {
                let served = told.is_some_and(|told| told.empty_pages > 0);
                self.check(served, Law::L9, job, || format!("{keyword:?} is empty, and the platform never gave an empty page for it"));
                self.check(rows == 0, Law::L9, job, || format!("{keyword:?} is empty, and {rows} creators stood on its pages"));
            }
            TaskOutcome::Ok { creators } => {
                let served = told.is_some_and(|told| told.full_pages > 0);
                self.check(served && rows > 0, Law::L9, job, || format!("{keyword:?} is ok, and no page of it had anybody"));
                let given = turn.stored.creators.iter().filter(|found| found.task == id).count();
                self.check(given == *creators as usize, Law::L2, job, || {
                    format!("{keyword:?} says that it gave {creators} creators, and it gave {given}")
                });
            }
            TaskOutcome::Failed(failure) => {
                let reason = failure.reason.name();
                let own = told.is_some_and(|told| told.failed.contains(reason));
                let of_all = is_of_all(failure.reason) && turn.record.failed.contains(reason);
                let lost = failure.reason == Reason::Lost && is_a_loss(turn.event);
                self.check(own || of_all || lost, Law::L9, job, || format!("{keyword:?} failed as {reason}, and no call for it did"));
            }
            TaskOutcome::Skipped { reason } => {
                let known = self.is_a_known_stop(turn, *reason);
                self.check(known, Law::L8, job, || format!("{keyword:?} is skipped as {reason:?}, and that is not so"));
            }
        }
    }

    /// Whether the reason for which something is skipped is true.
    pub(super) fn is_a_known_stop(&self, turn: &Turn<'_>, reason: Reason) -> bool {
        let Some(dispatch) = &turn.stored.dispatch else { return false };
        match reason {
            Reason::TargetMet => turn.stored.creators.len() >= dispatch.accepted.target as usize,
            Reason::Cancelled => turn.cancelled,
            Reason::CallBudget => dispatch.accepted.max_upstream_calls.is_some_and(|max| turn.stored.progress.calls_granted >= max),
            Reason::TimeBudget => {
                let begun = turn.stored.progress.begun_at.unwrap_or(dispatch.at);
                turn.now.plus(CLOCKS_MS) >= begun.plus(JOB_MS_MAX)
            }
            // A stop of the platform, for work that nobody had begun.
            other => !is_a_stop(other) && turn.record.failed.contains(other.name()),
        }
    }

    fn all_given_are_there(&mut self, turn: &Turn<'_>) {
        let Some(dispatch) = &turn.stored.dispatch else { return };
        for keyword in &dispatch.accepted.keywords {
            let known = turn.stored.tasks.iter().filter_map(Task::search).any(|search| search.keyword == *keyword);
            self.check(known, Law::L2, turn.job, || format!("{:?} was asked for and is no task", keyword.as_str()));
        }
    }

    fn no_keyword_twice(&mut self, turn: &Turn<'_>) {
        let mut keys = BTreeSet::new();
        for search in turn.stored.tasks.iter().filter_map(Task::search) {
            let key = search.keyword.key();
            self.check(keys.insert(key), Law::L2, turn.job, || format!("{:?} is searched twice", search.keyword.as_str()));
        }
    }
}
