//! Bugs in whether, when and as what a job ends: laws L5, L6 and L8.

use scout_pipeline::job::{Event, Progress, State, Status, Table, Task, TaskOutcome, Wake, Write};
use scout_pipeline::protocol::Report;

use super::hooks::{OnEvent, OnWrite, after, alter, is_search, set_progress};
use super::{Handling, Known, Scene};
use crate::laws::Law;

pub(super) const ALL: &[Known] = &[
    Known {
        name: "last_keyword_empty",
        law: Law::L5,
        text: "whether the job is over is only asked when a keyword gave somebody, so that it hangs when the last one is empty, as in the replaced system",
        build: || Box::new(OnWrite(last_keyword_empty)),
    },
    Known {
        name: "last_keyword_failed",
        law: Law::L5,
        text: "whether the job is over is not asked when a keyword failed, so that it hangs when that was the last one, as in the replaced system",
        build: || Box::new(OnWrite(last_keyword_failed)),
    },
    Known {
        name: "last_keyword_skipped",
        law: Law::L5,
        text: "whether the job is over is not asked when a keyword is skipped, so that it hangs when that was the last one, as in the replaced system",
        build: || Box::new(OnWrite(last_keyword_skipped)),
    },
    Known {
        name: "alarm_forgotten_after_a_failure",
        law: Law::L5,
        text: "a task that has to wait is written down, and the alarm is not",
        build: || Box::new(OnWrite(alarm_forgotten_after_a_failure)),
    },
    Known {
        name: "alarm_only_for_the_deadline",
        law: Law::L5,
        text: "nobody looks after consumers that died: the job is woken when its time is up and not before",
        build: || Box::new(OnWrite(alarm_only_for_the_deadline)),
    },
    Known {
        name: "percent_of_known_keywords",
        law: Law::L6,
        text: "the percentage is that of the keywords known now, so that it falls when a round adds some",
        build: || Box::new(OnWrite(percent_of_known_keywords)),
    },
    Known {
        name: "hundred_at_the_target",
        law: Law::L6,
        text: "100 percent are shown when the target is met, and profiles are still being read",
        build: || Box::new(OnWrite(hundred_at_the_target)),
    },
    Known {
        name: "cancel_ignored",
        law: Law::L8,
        text: "a job that is cancelled goes on, as in the replaced system",
        build: || Box::new(OnEvent(cancel_ignored)),
    },
    Known {
        name: "failures_hidden",
        law: Law::L8,
        text: "a job is completed when it has found anybody, whatever failed",
        build: || Box::new(OnWrite(failures_hidden)),
    },
    Known {
        name: "time_out_is_completed",
        law: Law::L8,
        text: "a job whose time is up is completed, as in the replaced system",
        build: || Box::new(OnWrite(time_out_is_completed)),
    },
];

/// Takes back the end of a job whose last task ended so.
fn forget_the_end(scene: &Scene<'_>, write: &mut Option<Write>, ended_so: fn(&TaskOutcome) -> bool) -> bool {
    let then = after(scene, write);
    let before = &scene.stored.progress;
    let is_so = |task: &Task| is_search(task) && matches!(&task.state, State::Done { outcome } if ended_so(outcome));
    let was_open = |task: &&Task| scene.stored.tasks.get(task.id as usize).is_some_and(Task::is_open);
    let ends = then.progress.status.is_final() && !before.status.is_final() && then.progress.stopped.is_none();
    if !ends || !then.tasks.iter().filter(was_open).any(is_so) {
        return false;
    }
    let progress = Progress { status: before.status, percent: before.percent, finished_at: None, ..then.progress };
    set_progress(write, &progress);
    true
}

fn last_keyword_empty(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    forget_the_end(scene, write, |outcome| *outcome == TaskOutcome::Empty)
}

fn last_keyword_failed(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    forget_the_end(scene, write, |outcome| matches!(outcome, TaskOutcome::Failed(_)))
}

fn last_keyword_skipped(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    forget_the_end(scene, write, |outcome| matches!(outcome, TaskOutcome::Skipped { .. }))
}

fn alarm_forgotten_after_a_failure(_: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    if let (Some(Event::Report(Report::Failed(_))), Some(write)) = (event, write)
        && matches!(write.alarm, Wake::At(_))
    {
        write.alarm = Wake::Keep;
        return true;
    }
    false
}

fn alarm_only_for_the_deadline(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    let Some(Write { alarm: alarm @ Wake::At(_), .. }) = write else { return false };
    if scene.stored.progress.status == Status::Pending {
        return false;
    }
    let begun = scene.stored.progress.begun_at.or(scene.stored.dispatch.as_ref().map(|dispatch| dispatch.at));
    *alarm = Wake::At(begun.unwrap_or_default().plus(scout_pipeline::limits::JOB_MS_MAX));
    true
}

fn percent_of_known_keywords(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    let then = after(scene, write);
    let (all, done) = (then.tasks.len(), then.tasks.iter().filter(|task| !task.is_open()).count());
    alter(write, Table::Progress, |progress: &mut Progress| {
        let running = !progress.status.is_final();
        if running {
            progress.percent = (99 * done / all.max(1)) as u8;
        }
        running
    })
}

fn hundred_at_the_target(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    let then = after(scene, write);
    let met = then.dispatch.as_ref().is_some_and(|dispatch| then.creators.len() >= dispatch.accepted.target as usize);
    alter(write, Table::Progress, |progress: &mut Progress| {
        let early = met && !progress.status.is_final();
        if early {
            progress.percent = 100;
        }
        early
    })
}

fn cancel_ignored(_: &Scene<'_>, event: Event) -> Handling {
    match event {
        Event::Cancelled => Handling::Swallow(None),
        other => Handling::Handle(other),
    }
}

fn failures_hidden(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    let found = !after(scene, write).creators.is_empty();
    alter(write, Table::Progress, |progress: &mut Progress| {
        let partial = found && progress.status == Status::Partial;
        if partial {
            progress.status = Status::Completed;
        }
        partial
    })
}

fn time_out_is_completed(_: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    alter(write, Table::Progress, |progress: &mut Progress| {
        let out = event == Some(&Event::Alarm) && progress.status.is_final() && progress.stopped.is_some();
        if out {
            (progress.status, progress.stopped) = (Status::Completed, None);
        }
        out
    })
}
