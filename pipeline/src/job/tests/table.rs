//! The tables of the module's documentation, made by doing what they speak of.

use super::*;
use crate::limits::{HELD_MS_MAX, JOB_MS_MAX, PAGE_LEASE_MS};

/// What happened to a job or a task, as a cell says it.
fn cell(before: &str, after: &str, reply: Option<&Reply>, wrote: bool) -> String {
    let reply = reply.map(|reply| match reply {
        Reply::Granted(_) => "granted",
        Reply::Busy => "busy",
        Reply::Gone => "gone",
        Reply::Continue { .. } => "continue",
        Reply::Stop => "stop",
    });
    let change = match (before == after, wrote) {
        (false, _) => Some(format!("→ {after}")),
        (true, true) => Some("noted".to_owned()),
        (true, false) => None,
    };
    let parts: Vec<String> = reply.map(str::to_owned).into_iter().chain(change).collect();
    if parts.is_empty() { "·".to_owned() } else { parts.join(", ") }
}

/// A table in Markdown.
fn table<S: Copy, E: Copy>(states: &[(&str, S)], events: &[(&str, E)], cell: impl Fn(S, E) -> String) -> Vec<String> {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let heads = std::iter::once(String::new()).chain(states.iter().map(|(name, _)| (*name).to_owned())).collect();
    let rule = std::iter::repeat_n("---".to_owned(), states.len() + 1).collect();
    let rows = events.iter().map(|(name, event)| {
        line(std::iter::once((*name).to_owned()).chain(states.iter().map(|(_, state)| cell(*state, *event))).collect())
    });
    [line(heads), line(rule)].into_iter().chain(rows).collect()
}

fn assert_documented(lines: &[String]) {
    let text = include_str!("../states.md");
    let missing = lines.iter().any(|line| !text.contains(&format!("{line}\n")));
    assert!(!missing, "states.md should say:\n{}", lines.join("\n"));
}

fn status(stage: &Stage) -> String {
    if stage.job.progress().held {
        return "held".to_owned();
    }
    format!("{:?}", stage.job.status()).to_lowercase()
}

/// A job in each state that it can be in, and one that waits for its account.
fn job_in(status: Status, waits: bool) -> Stage {
    let expand = status == Status::Dispatching;
    let wish = Wish { keywords: &["yoga"], target: 40, account: Some("ana"), expand, waits, ..Wish::default() };
    let mut stage = Stage::dispatched(&wish);
    if status == Status::Pending {
        return stage;
    }
    stage.no_planner = status == Status::Dispatching;
    stage.alarm();
    match status {
        Status::Enriching => drop(found(&mut stage, 3)),
        Status::Completed => stage.run(|_| vec![]),
        Status::Partial => {
            let batch = found(&mut stage, 3);
            stage.failed(&batch, Fault::Blocked("no".into()));
        }
        Status::Error => {
            let lease = stage.lease(0);
            stage.failed(&lease, Fault::Blocked("no".into()));
        }
        Status::Cancelled => drop(stage.event(Event::Cancelled)),
        Status::Pending | Status::Dispatching | Status::Searching => {}
    }
    assert_eq!(stage.job.status(), status);
    stage
}

/// Ends the only keyword with so many creators, and gives out their profiles.
fn found(stage: &mut Stage, count: u32) -> Lease {
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", count), None);
    stage.lease(1)
}

#[derive(Clone, Copy)]
enum JobEvent {
    Report,
    Planned,
    PlannedAnother,
    Cancelled,
    Retried,
    RetriedToWait,
    Admitted,
    Charged,
    Orphaned,
    AlarmEarly,
    AlarmAtTheEnd,
}

fn happens(mut stage: Stage, event: JobEvent) -> String {
    let before = (status(&stage), stage.job.progress().version);
    let plan = |round| Event::Planned(Plan { round, keywords: vec![], note: None });
    let charge = || Charge { account: "ana".into(), job: "job-1".into(), run: 0, delivered: 1, closes: true };
    let reply = match event {
        JobEvent::Report => stage.event(Event::Report(Report::Lease { task: 99 })),
        JobEvent::Planned => stage.event(plan(0)),
        JobEvent::PlannedAnother => stage.event(plan(7)),
        JobEvent::Cancelled => stage.event(Event::Cancelled),
        JobEvent::Retried => stage.event(Event::Retried { waits: false }),
        JobEvent::RetriedToWait => stage.event(Event::Retried { waits: true }),
        JobEvent::Admitted => stage.event(Event::Admitted),
        JobEvent::Charged => stage.event(Event::Charged(charge())),
        JobEvent::Orphaned => stage.event(Event::Orphaned),
        JobEvent::AlarmEarly => stage.event(Event::Alarm),
        JobEvent::AlarmAtTheEnd => {
            let is_held = stage.job.progress().held;
            stage.now = stage.now.plus(if is_held { HELD_MS_MAX } else { JOB_MS_MAX });
            stage.event(Event::Alarm)
        }
    };
    cell(&before.0, &status(&stage), reply.as_ref(), stage.job.progress().version > before.1)
}

#[test]
fn the_table_of_states_and_events_is_what_happens() {
    let states = [
        ("held", (Status::Pending, true)),
        ("pending", (Status::Pending, false)),
        ("dispatching", (Status::Dispatching, false)),
        ("searching", (Status::Searching, false)),
        ("enriching", (Status::Enriching, false)),
        ("completed", (Status::Completed, false)),
        ("partial", (Status::Partial, false)),
        ("error", (Status::Error, false)),
        ("cancelled", (Status::Cancelled, false)),
    ];
    let events = [
        ("report on an unknown task", JobEvent::Report),
        ("plan", JobEvent::Planned),
        ("plan of another round", JobEvent::PlannedAnother),
        ("cancelled", JobEvent::Cancelled),
        ("retried", JobEvent::Retried),
        ("retried, to wait", JobEvent::RetriedToWait),
        ("admitted", JobEvent::Admitted),
        ("charged", JobEvent::Charged),
        ("orphaned", JobEvent::Orphaned),
        ("alarm", JobEvent::AlarmEarly),
        ("alarm at the deadline", JobEvent::AlarmAtTheEnd),
    ];
    assert_documented(&table(&states, &events, |state, event| happens(job_in(state.0, state.1), event)));
}

#[derive(Clone, Copy)]
enum TaskState {
    Waiting,
    Queued,
    Sent,
    Leased,
    Done,
}

/// A job with a keyword in each state that a task can be in, and the last lease that was given out for it.
fn task_in(state: TaskState) -> (Stage, Lease, TaskId) {
    // More keywords than fit into the window, so that the last one waits.
    let keywords = &["k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", "k10", "k11", "k12", "k13", "k14", "k15", "k16"];
    let mut stage = Stage::started(&Wish { keywords, enrichment: Enrichment::None, ..Wish::default() });
    let lease = stage.lease(0);
    match state {
        TaskState::Waiting => return (stage, Lease { task: 16, ..lease }, 16),
        TaskState::Queued => drop(stage.failed(&lease, Fault::Unavailable("down".into()))),
        TaskState::Sent => {
            stage.failed(&lease, Fault::Unavailable("down".into()));
            stage.alarm();
        }
        TaskState::Leased => {}
        TaskState::Done => drop(stage.failed(&lease, Fault::Blocked("no".into()))),
    }
    (stage, lease, 0)
}

fn task_state(stage: &Stage, task: TaskId) -> String {
    let name = match &stage.job.tasks()[task as usize].state {
        State::Waiting => "waiting",
        State::Queued { sends: 0, .. } => "queued",
        State::Queued { .. } => "sent",
        State::Leased { .. } => "leased",
        State::Done { outcome: TaskOutcome::Ok { .. } } => "ok",
        State::Done { outcome: TaskOutcome::Empty } => "empty",
        State::Done { outcome: TaskOutcome::Failed(_) } => "failed",
        State::Done { outcome: TaskOutcome::Skipped { .. } } => "skipped",
    };
    name.to_owned()
}

#[derive(Clone, Copy)]
enum TaskEvent {
    Lease,
    Page,
    LastPage,
    EmptyPage,
    PageAgain,
    StalePage,
    FailedForNow,
    FailedForGood,
    FailedForAll,
    PutOff,
    DeadLetter,
    StaleDeadLetter,
    SendTime,
    LeaseTime,
    Cancelled,
    Orphaned,
}

fn happens_to_task((mut stage, lease, task): (Stage, Lease, TaskId), event: TaskEvent) -> String {
    let before = task_state(&stage, task);
    let row = stage.rows[&(Table::Task, task)].clone();
    let stale = Lease { fence: lease.fence + 7, ..lease.clone() };
    let fence = stage.job.tasks()[task as usize].fence;
    let dead = |fence| Report::DeadLettered { task, fence, detail: "given up".into() };
    let reply = match event {
        TaskEvent::Lease => Some(stage.tell(Report::Lease { task })),
        TaskEvent::Page => Some(stage.page(&lease, 0, creators("a", 2), Some("2"))),
        TaskEvent::LastPage => Some(stage.page(&lease, 0, creators("a", 2), None)),
        TaskEvent::EmptyPage => Some(stage.page(&lease, 0, vec![], None)),
        TaskEvent::PageAgain => Some(stage.page(&lease, 7, creators("a", 2), Some("2"))),
        TaskEvent::StalePage => Some(stage.page(&stale, 0, creators("a", 2), None)),
        TaskEvent::FailedForNow => Some(stage.failed(&lease, Fault::Unavailable("down".into()))),
        TaskEvent::FailedForGood => Some(stage.failed(&lease, Fault::Blocked("no".into()))),
        TaskEvent::FailedForAll => Some(stage.failed(&lease, Fault::Unauthorized("no".into()))),
        TaskEvent::PutOff => Some(stage.deferred(&lease, stage.now.plus(1_000))),
        TaskEvent::DeadLetter => Some(stage.tell(dead(fence))),
        TaskEvent::StaleDeadLetter => Some(stage.tell(dead(fence + 7))),
        TaskEvent::SendTime => {
            stage.now = stage.now.plus(crate::limits::RESEND_MS_MIN);
            stage.event(Event::Alarm)
        }
        TaskEvent::LeaseTime => {
            stage.now = stage.now.plus(PAGE_LEASE_MS);
            stage.event(Event::Alarm)
        }
        TaskEvent::Cancelled => stage.event(Event::Cancelled),
        TaskEvent::Orphaned => stage.event(Event::Orphaned),
    };
    cell(&before, &task_state(&stage, task), reply.as_ref(), stage.rows[&(Table::Task, task)] != row)
}

#[test]
fn the_table_of_tasks_and_events_is_what_happens() {
    let states = [
        ("waiting", TaskState::Waiting),
        ("queued", TaskState::Queued),
        ("sent", TaskState::Sent),
        ("leased", TaskState::Leased),
        ("failed", TaskState::Done),
    ];
    let events = [
        ("lease wanted", TaskEvent::Lease),
        ("page, more to come", TaskEvent::Page),
        ("last page", TaskEvent::LastPage),
        ("last page, nobody on it", TaskEvent::EmptyPage),
        ("page that was noted", TaskEvent::PageAgain),
        ("page, another fence", TaskEvent::StalePage),
        ("failed for now", TaskEvent::FailedForNow),
        ("failed for good", TaskEvent::FailedForGood),
        ("failed for the platform", TaskEvent::FailedForAll),
        ("put off", TaskEvent::PutOff),
        ("dead letter", TaskEvent::DeadLetter),
        ("dead letter, another fence", TaskEvent::StaleDeadLetter),
        ("alarm, a resend due", TaskEvent::SendTime),
        ("alarm, a lease run out", TaskEvent::LeaseTime),
        ("cancelled", TaskEvent::Cancelled),
        ("orphaned", TaskEvent::Orphaned),
    ];
    assert_documented(&table(&states, &events, |state, event| happens_to_task(task_in(state), event)));
}
