//! L7 and L10: whose reports count, and which calls are made.

use scout_pipeline::job::{Event, ProfileState, State, Task};
use scout_pipeline::protocol::{Reply, Report, TaskId, Work};

use super::{Law, Laws, Turn};
use crate::stored::Stored;
use crate::upstream::{Question, Record};

/// A call that begins.
#[derive(Debug)]
pub struct Call<'a> {
    /// The task that it is made for.
    pub task: TaskId,
    /// The page that was granted.
    pub page: u32,
    /// The fence number of its lease.
    pub fence: u32,
    /// What is asked.
    pub question: &'a Question,
}

impl Turn<'_> {
    /// Whether a report came under the latest lease.
    pub(super) fn is_latest(&self, task: TaskId, fence: u32) -> bool {
        let running = !self.progress_before().status.is_final();
        running && self.task_before(task).is_some_and(|task| task.fence == fence && matches!(task.state, State::Leased { .. }))
    }

    /// Whether a creator belongs to a batch.
    pub(super) fn is_of_task(&self, task: TaskId, identity: &str) -> bool {
        let creators = match self.stored.tasks.get(task as usize).map(|task| &task.kind) {
            Some(scout_pipeline::job::Kind::Profiles { creators }) => creators,
            _ => return false,
        };
        let of = |seq: &u32| self.stored.creators.get(*seq as usize).is_some_and(|found| found.creator.identity == identity);
        creators.iter().any(of)
    }
}

/// The task and the fence number that a report is about, if it carries one.
fn fenced(report: &Report) -> Option<(TaskId, u32)> {
    match report {
        Report::Page(page) => Some((page.task, page.fence)),
        Report::Profiles(profiles) => Some((profiles.task, profiles.fence)),
        Report::Failed(failed) => Some((failed.task, failed.fence)),
        Report::Deferred(deferred) => Some((deferred.task, deferred.fence)),
        Report::Lease { .. } | Report::DeadLettered { .. } => None,
    }
}

impl Laws {
    /// A report under a superseded lease changes neither its task nor anything that follows from it.
    pub(super) fn zombies(&mut self, turn: &Turn<'_>) {
        let (Some(Event::Report(report)), Some(changed)) = (turn.event, turn.changed) else { return };
        if let Report::DeadLettered { task, fence, .. } = report {
            let sent = |before: &Task| before.fence == *fence && matches!(before.state, State::Queued { .. });
            if !turn.task_before(*task).is_some_and(sent) {
                self.unchanged(turn, *task, "a dead letter of an earlier lease");
            }
        }
        let Some((task, fence)) = fenced(report) else { return };
        if turn.is_latest(task, fence) {
            return;
        }
        self.unchanged(turn, task, "a report of a superseded lease");
        let calls = changed.progress.as_ref().is_none_or(|before| before.calls == turn.stored.progress.calls);
        self.check(calls, Law::L7, turn.job, || format!("a report of a superseded lease of task {task} counted calls"));
        self.check(changed.creators_before == turn.stored.creators.len(), Law::L7, turn.job, || {
            format!("a report of a superseded lease of task {task} added creators")
        });
        self.check(changed.profiles.is_empty() || turn.ends(), Law::L7, turn.job, || {
            format!("a report of a superseded lease of task {task} changed profiles")
        });
    }

    fn unchanged(&mut self, turn: &Turn<'_>, id: TaskId, what: &str) {
        let (Some(before), Some(after)) = (turn.task_before(id), turn.stored.tasks.get(id as usize)) else { return };
        // Sending what is due, and dropping what nobody needs, follows on every event and is not the report's doing.
        let same_kind = match (&before.state, &after.state) {
            (State::Queued { .. } | State::Waiting, State::Queued { .. }) => true,
            (before, after) => before == after,
        };
        let same = before.kind == after.kind && before.fence == after.fence && before.attempts == after.attempts && same_kind;
        self.check(same, Law::L7, turn.job, || format!("{what} changed task {id} from {before:?} to {after:?}"));
    }

    /// A job answers a consumer: nothing is granted that is not needed, and nothing from an older place.
    pub fn replied(&mut self, job: usize, stored: &Stored, event: Option<&Event>, reply: &Reply) {
        let Some(dispatch) = &stored.dispatch else { return };
        let met = stored.creators.len() >= dispatch.accepted.target as usize;
        let task = match event {
            Some(Event::Report(Report::Page(page))) => page.task,
            _ => 0,
        };
        let granted = match reply {
            Reply::Granted(lease) => match &lease.work {
                Work::Search { cursor, page, .. } => (lease.task, *page, cursor),
                Work::Profiles { .. } => return self.granted_profiles(job, stored, &lease.work),
            },
            Reply::Continue { cursor, page } => (task, *page, cursor),
            Reply::Busy | Reply::Gone | Reply::Stop => return,
        };
        let (task, page, cursor) = granted;
        self.check(!met, Law::L10, job, || format!("page {page} of task {task} is granted after the target was met"));
        if let Some(search) = stored.tasks.get(task as usize).and_then(Task::search) {
            self.check(search.pages == page && search.cursor == *cursor, Law::L10, job, || {
                format!(
                    "page {page} of task {task} is granted from {cursor:?}; {} pages are recorded, and {:?} is next",
                    search.pages, search.cursor
                )
            });
        }
    }

    fn granted_profiles(&mut self, job: usize, stored: &Stored, work: &Work) {
        let Work::Profiles { creators, .. } = work else { return };
        for creator in creators {
            let known = stored.creators.iter().find(|found| found.creator.identity == creator.identity);
            let open = known.is_some_and(|found| found.profile.is_open());
            self.check(open, Law::L10, job, || format!("the profile of {} is granted, and it is not open", creator.identity));
        }
    }

    /// A call begins: it is within the cap, and nothing is asked again that is recorded.
    pub fn called(&mut self, job: usize, stored: &Stored, call: &Call<'_>, record: &Record) {
        let Some(dispatch) = &stored.dispatch else { return };
        let max = dispatch.accepted.max_upstream_calls.unwrap_or(u32::MAX);
        self.check(record.calls <= max, Law::L10, job, || format!("call {} begins, and {max} are allowed", record.calls));
        // Whoever stood still cannot know that others went on meanwhile.
        let latest = |task: &&Task| task.fence == call.fence && matches!(task.state, State::Leased { .. });
        if stored.tasks.get(call.task as usize).filter(latest).is_none() {
            return;
        }
        match call.question {
            Question::Search { keyword, .. } => {
                let search = stored.tasks.get(call.task as usize).and_then(Task::search);
                let again = search.is_some_and(|search| search.pages > call.page);
                self.check(!again, Law::L10, job, || format!("page {} of {keyword:?} is asked for again after it was recorded", call.page));
            }
            Question::Profiles(creators) => {
                let read = |found: &&scout_pipeline::job::Found| {
                    creators.iter().any(|creator| creator.identity == found.creator.identity)
                        && matches!(found.profile, ProfileState::Enriched { .. })
                };
                let again = stored.creators.iter().find(read);
                self.check(again.is_none(), Law::L10, job, || {
                    format!("the profile of {} is asked for again after it was read", again.map_or("", |found| &found.creator.identity))
                });
            }
        }
    }
}
