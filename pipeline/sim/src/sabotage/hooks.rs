//! Where bugs get their hands in: bugs without a memory are plain functions on one hook, and what several bugs do to
//! rows stands here once.

use scout_pipeline::contract::Creator;
use scout_pipeline::job::{Effect, Event, Found, Kind, ProfileState, Progress, Row, State, StatusView, Table, Task, Wake, Write};
use scout_pipeline::protocol::{PageReport, Report};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Handling, Sabotage, Scene};
use crate::stored::Stored;

/// A bug in what is stored.
pub(super) struct OnWrite(pub(super) fn(&Scene<'_>, Option<&Event>, &mut Option<Write>) -> bool);

impl Sabotage for OnWrite {
    fn write(&mut self, scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
        (self.0)(scene, event, write)
    }
}

/// A bug in how events are taken.
pub(super) struct OnEvent(pub(super) fn(&Scene<'_>, Event) -> Handling);

impl Sabotage for OnEvent {
    fn event(&mut self, scene: &Scene<'_>, event: Event) -> Handling {
        (self.0)(scene, event)
    }
}

/// A bug in what a job does.
pub(super) struct OnEffects(pub(super) fn(&Scene<'_>, Option<&Event>, &mut Vec<Effect>));

impl Sabotage for OnEffects {
    fn effects(&mut self, scene: &Scene<'_>, event: Option<&Event>, effects: &mut Vec<Effect>) {
        (self.0)(scene, event, effects);
    }
}

/// A bug in what clients are shown.
pub(super) struct OnView(pub(super) fn(&Scene<'_>, &mut StatusView));

impl Sabotage for OnView {
    fn view(&mut self, scene: &Scene<'_>, view: &mut StatusView) {
        (self.0)(scene, view);
    }
}

/// A bug that takes reports under any fence number for reports under the latest, where `takes` says so.
pub(super) struct Forge {
    takes: fn(&Report, &Task) -> bool,
    /// What was really said, for the laws.
    said: Option<Event>,
}

impl Forge {
    pub(super) fn new(takes: fn(&Report, &Task) -> bool) -> Self {
        Forge { takes, said: None }
    }
}

impl Sabotage for Forge {
    fn event(&mut self, scene: &Scene<'_>, event: Event) -> Handling {
        let Event::Report(mut report) = event else { return Handling::Handle(event) };
        let said = report.clone();
        let (task, fence) = match &mut report {
            Report::Page(page) => (page.task, &mut page.fence),
            Report::Profiles(profiles) => (profiles.task, &mut profiles.fence),
            Report::Failed(failed) => (failed.task, &mut failed.fence),
            Report::Deferred(deferred) => (deferred.task, &mut deferred.fence),
            Report::DeadLettered { task, fence, .. } => (*task, fence),
            Report::Lease { .. } => return Handling::Handle(Event::Report(report)),
        };
        if let Some(task) = scene.stored.tasks.get(task as usize).filter(|task| task.fence != *fence && (self.takes)(&said, task)) {
            *fence = task.fence;
            self.said = Some(Event::Report(said));
        }
        Handling::Handle(Event::Report(report))
    }

    fn sees(&mut self) -> Option<Event> {
        self.said.take()
    }
}

/// Changes rows of one kind; true when any was changed.
pub(super) fn alter<T: Serialize + DeserializeOwned>(
    write: &mut Option<Write>,
    table: Table,
    mut change: impl FnMut(&mut T) -> bool,
) -> bool {
    let mut altered = false;
    for row in write.iter_mut().flat_map(|write| &mut write.rows).filter(|row| row.table == table) {
        let Ok(mut value) = serde_json::from_str::<T>(&row.value) else { continue };
        if change(&mut value) {
            row.value = json(&value);
            altered = true;
        }
    }
    altered
}

pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What is stored once a write is.
pub(super) fn after(scene: &Scene<'_>, write: &Option<Write>) -> Stored {
    let mut stored = scene.stored.clone();
    if let Some(write) = write {
        stored.take(&write.rows);
    }
    stored
}

/// Sets the job's progress, whether the event changed it or not.
pub(super) fn set_progress(write: &mut Option<Write>, progress: &Progress) {
    let rows = &mut write.get_or_insert_with(|| Write { rows: Vec::new(), alarm: Wake::Keep }).rows;
    rows.retain(|row| row.table != Table::Progress);
    rows.push(Row { table: Table::Progress, key: 0, value: json(progress) });
}

/// The page of a report that the job takes in: it comes under the latest lease, and it is the next one.
pub(super) fn next_page<'a>(scene: &Scene<'_>, event: Option<&'a Event>) -> Option<&'a PageReport> {
    let Some(Event::Report(Report::Page(page))) = event else { return None };
    let running = !scene.stored.progress.status.is_final();
    let task = scene.stored.tasks.get(page.task as usize)?;
    let leased = task.fence == page.fence && matches!(task.state, State::Leased { .. });
    (running && leased && task.search()?.pages == page.page).then_some(page)
}

/// Writes further creators of a page behind those that the job admitted.
pub(super) fn add_creators(scene: &Scene<'_>, write: &mut Option<Write>, page: &PageReport, creators: Vec<&Creator>) -> bool {
    if creators.is_empty() {
        return false;
    }
    let found = |creator: &Creator| Found { task: page.task, creator: creator.clone(), at: scene.now, profile: ProfileState::untouched() };
    let rows = &mut write.get_or_insert_with(|| Write { rows: Vec::new(), alarm: Wake::Keep }).rows;
    let new = rows.iter().filter(|row| row.table == Table::Creators).filter_map(|row| serde_json::from_str::<Vec<Found>>(&row.value).ok());
    let key = scene.stored.creators.len() + new.map(|found| found.len()).sum::<usize>();
    let value = json(&creators.into_iter().map(found).collect::<Vec<_>>());
    rows.push(Row { table: Table::Creators, key: key as u32, value });
    true
}

/// The row in which a task is kept.
pub(super) fn row_of(task: &Task) -> Row {
    Row { table: Table::Task, key: task.id, value: json(task) }
}

/// Whether a task searches a keyword.
pub(super) fn is_search(task: &Task) -> bool {
    matches!(task.kind, Kind::Search(_))
}
