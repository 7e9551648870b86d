//! Bugs in what becomes of keywords: laws L2 and L9.

use std::collections::BTreeMap;

use scout_pipeline::job::{Event, State, Status, StatusView, Table, Task, TaskOutcome, Write};
use scout_pipeline::protocol::{PageReport, Report};
use scout_pipeline::time::Time;
use scout_pipeline::trouble::{Failure, Reason, Trouble};

use super::hooks::{OnEvent, OnWrite, after, alter, is_search, row_of, set_progress};
use super::{Handling, Known, Sabotage, Scene};
use crate::laws::Law;

pub(super) const ALL: &[Known] = &[
    Known {
        name: "fan_out_twice",
        law: Law::L2,
        text: "a dispatch that is delivered again has its keywords sent out again, as in the replaced system",
        build: || Box::new(FanOutTwice),
    },
    Known {
        name: "finished_by_staleness",
        law: Law::L2,
        text: "a job of which nobody reported anything for two minutes is declared finished, whatever is still open; the replaced system ended jobs like that",
        build: || Box::new(Staleness::default()),
    },
    Known {
        name: "completed_while_planning",
        law: Law::L2,
        text: "a job whose keywords are all done is over although another round of them is being planned, as in the replaced system",
        build: || Box::new(OnWrite(completed_while_planning)),
    },
    Known {
        name: "late_failure_overwrites",
        law: Law::L2,
        text: "a failure that is reported late overwrites how the keyword had ended",
        build: || Box::new(OnWrite(late_failure_overwrites)),
    },
    Known {
        name: "failed_plus_one_on_redelivery",
        law: Law::L2,
        text: "keywordsFailed is counted up with each report of a failure, also for a keyword that had failed; the replaced system's counters did that",
        build: || Box::new(FailedPlusOne::default()),
    },
    Known {
        name: "error_taken_for_empty",
        law: Law::L9,
        text: "a keyword that failed is stored as one for which the platform has nothing, as in the replaced system",
        build: || Box::new(OnWrite(error_taken_for_empty)),
    },
    Known {
        name: "fault_read_as_an_empty_page",
        law: Law::L9,
        text: "a consumer takes an answer that it can't read for a page without anybody on it",
        build: || Box::new(OnEvent(fault_read_as_an_empty_page)),
    },
    Known {
        name: "blocked_is_not_found",
        law: Law::L9,
        text: "a platform that blocks or allows no more calls is told as one that does not know the keyword",
        build: || Box::new(OnWrite(blocked_is_not_found)),
    },
];

/// Tasks are written again behind those there are.
#[derive(Debug)]
struct FanOutTwice;

impl Sabotage for FanOutTwice {
    fn creates_again(&mut self) -> bool {
        true
    }

    fn write(&mut self, scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
        let (None, true, Some(write)) = (event, scene.stored.exists(), write) else { return false };
        let known = scene.stored.tasks.len() as u32;
        write.rows.retain(|row| row.table == Table::Task);
        for row in &mut write.rows {
            let Ok(mut task) = serde_json::from_str::<Task>(&row.value) else { continue };
            task.id += known;
            *row = row_of(&task);
        }
        true
    }
}

/// Remembers when anybody reported anything last.
#[derive(Debug, Default)]
struct Staleness(BTreeMap<usize, Time>);

impl Sabotage for Staleness {
    fn write(&mut self, scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
        let last = *self.0.entry(scene.job).or_insert(scene.now);
        if let Some(Event::Report(_)) = event {
            self.0.insert(scene.job, scene.now);
        }
        let mut then = after(scene, write).progress;
        let stale = event == Some(&Event::Alarm) && scene.now.since(last) > 120_000 && !then.status.is_final();
        if stale {
            (then.status, then.percent, then.finished_at) = (Status::Completed, 100, Some(scene.now));
            set_progress(write, &then);
        }
        stale
    }
}

fn completed_while_planning(scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    let then = after(scene, write);
    let mut progress = then.progress;
    let awaited = scene.stored.progress.planning.is_some() && progress.planning.is_some() && !matches!(event, Some(Event::Planned(_)));
    let over = awaited && !progress.status.is_final() && !then.tasks.iter().any(Task::is_open);
    if over {
        (progress.status, progress.percent, progress.finished_at) = (Status::Completed, 100, Some(scene.now));
        progress.planning = None;
        set_progress(write, &progress);
    }
    over
}

fn late_failure_overwrites(scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    let (task, reason) = match event {
        Some(Event::Report(Report::Failed(failed))) => (failed.task, scout_pipeline::trouble::failure(&failed.trouble).reason),
        Some(Event::Report(Report::DeadLettered { task, .. })) => (*task, Reason::Lost),
        _ => return false,
    };
    let ended =
        |task: &&Task| is_search(task) && matches!(task.state, State::Done { outcome: TaskOutcome::Ok { .. } | TaskOutcome::Empty });
    let Some(known) = scene.stored.tasks.get(task as usize).filter(ended) else { return false };
    let mut task = known.clone();
    task.state = State::Done { outcome: TaskOutcome::Failed(Failure::new(reason, "it failed after all")) };
    let write = write.get_or_insert_with(|| Write { rows: Vec::new(), alarm: scout_pipeline::job::Wake::Keep });
    write.rows.retain(|row| (row.table, row.key) != (Table::Task, task.id));
    write.rows.push(row_of(&task));
    true
}

/// Counts failures of keywords that had failed.
#[derive(Debug, Default)]
struct FailedPlusOne(BTreeMap<usize, u32>);

impl Sabotage for FailedPlusOne {
    fn event(&mut self, scene: &Scene<'_>, event: Event) -> Handling {
        let task = match &event {
            Event::Report(Report::Failed(failed)) => Some(failed.task),
            Event::Report(Report::DeadLettered { task, .. }) => Some(*task),
            _ => None,
        };
        let task = task.and_then(|task| scene.stored.tasks.get(task as usize));
        let again = task.is_some_and(|task| is_search(task) && matches!(&task.state, State::Done { outcome: TaskOutcome::Failed(_) }));
        *self.0.entry(scene.job).or_default() += u32::from(again);
        Handling::Handle(event)
    }

    fn view(&mut self, scene: &Scene<'_>, view: &mut StatusView) {
        view.progress.keywords_failed += self.0.get(&scene.job).copied().unwrap_or(0);
    }
}

fn error_taken_for_empty(_: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    failures(write, |outcome| *outcome = TaskOutcome::Empty)
}

fn blocked_is_not_found(_: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    failures(write, |outcome| {
        if let TaskOutcome::Failed(failure) = outcome
            && matches!(failure.reason, Reason::Blocked | Reason::RateLimited)
        {
            failure.reason = Reason::NotFound;
        }
    })
}

/// Changes how keywords are stored that failed.
fn failures(write: &mut Option<Write>, change: fn(&mut TaskOutcome)) -> bool {
    alter(write, Table::Task, |task: &mut Task| {
        let search = is_search(task);
        let State::Done { outcome } = &mut task.state else { return false };
        let before = outcome.clone();
        if search && matches!(outcome, TaskOutcome::Failed(_)) {
            change(outcome);
        }
        *outcome != before
    })
}

fn fault_read_as_an_empty_page(scene: &Scene<'_>, event: Event) -> Handling {
    let Event::Report(Report::Failed(failed)) = &event else { return Handling::Handle(event) };
    let search = scene.stored.tasks.get(failed.task as usize).and_then(Task::search);
    let (Some(search), Trouble::Fault { .. }) = (search, &failed.trouble) else { return Handling::Handle(event) };
    let (task, fence, calls) = (failed.task, failed.fence, failed.calls);
    Handling::Handle(Event::Report(Report::Page(PageReport { task, fence, page: search.pages, creators: Vec::new(), next: None, calls })))
}
