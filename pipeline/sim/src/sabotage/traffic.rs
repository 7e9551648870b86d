//! Bugs in whose reports count and which calls are made: laws L7 and L10.

use scout_pipeline::contract::Query;
use scout_pipeline::job::{Effect, Event, Progress, State, Table, Task, Write};
use scout_pipeline::limits::PAGE_LEASE_MS;
use scout_pipeline::protocol::{Lease, Reply, Report, Work};

use super::hooks::{Forge, OnEffects, OnWrite, alter};
use super::{Known, Scene};
use crate::laws::Law;

pub(super) const ALL: &[Known] = &[
    Known {
        name: "zombie_writes",
        law: Law::L7,
        text: "a page or a batch that is reported under a superseded lease counts as if it came under the latest, as in the replaced system",
        build: || Box::new(Forge::new(|report, _| matches!(report, Report::Page(_) | Report::Profiles(_)))),
    },
    Known {
        name: "zombie_failures",
        law: Law::L7,
        text: "a failure that is reported under a superseded lease fails what another consumer works on",
        build: || Box::new(Forge::new(|report, _| matches!(report, Report::Failed(_)))),
    },
    Known {
        name: "dead_letter_of_an_earlier_lease",
        law: Law::L7,
        text: "a dead letter ends a task that somebody has taken and given back since the message was sent",
        build: || Box::new(Forge::new(|report, task| matches!((report, &task.state), (Report::DeadLettered { .. }, State::Queued { .. })))),
    },
    Known {
        name: "granted_after_the_target",
        law: Law::L10,
        text: "a message that was under way when the target was met is worked on all the same",
        build: || Box::new(OnEffects(granted_after_the_target)),
    },
    Known {
        name: "resumed_at_page_one",
        law: Law::L10,
        text: "a message that is delivered again begins with the first page again, as in the replaced system",
        build: || Box::new(OnEffects(resumed_at_page_one)),
    },
    Known {
        name: "budget_never_counted",
        law: Law::L10,
        text: "calls are granted and not counted, so that the cap on them caps nothing",
        build: || Box::new(OnWrite(budget_never_counted)),
    },
];

fn granted_after_the_target(scene: &Scene<'_>, event: Option<&Event>, effects: &mut Vec<Effect>) {
    let (Some(Event::Report(Report::Lease { task })), Some(dispatch)) = (event, &scene.stored.dispatch) else { return };
    let met = scene.stored.creators.len() >= dispatch.accepted.target as usize;
    let Some(search) = scene.stored.tasks.get(*task as usize).and_then(Task::search).filter(|_| met) else { return };
    for effect in effects {
        if let Effect::Reply(reply @ Reply::Gone) = effect {
            let query = Query { keyword: search.keyword.as_str().to_owned(), settings: Vec::new(), extra: Vec::new() };
            let work = Work::Search { query, cursor: search.cursor.clone(), page: search.pages };
            let (fence, until) = (scene.stored.tasks[*task as usize].fence, scene.now.plus(PAGE_LEASE_MS));
            let platform = dispatch.manifest.platform.clone();
            *reply = Reply::Granted(Lease { task: *task, fence, until, platform, account: None, max_age: None, work });
        }
    }
}

fn resumed_at_page_one(_: &Scene<'_>, _: Option<&Event>, effects: &mut Vec<Effect>) {
    for effect in effects {
        if let Effect::Reply(Reply::Granted(Lease { work: Work::Search { cursor, page, .. }, .. })) = effect {
            (*cursor, *page) = (None, 0);
        }
    }
}

fn budget_never_counted(_: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    alter(write, Table::Progress, |progress: &mut Progress| std::mem::take(&mut progress.calls_granted) > 0)
}
