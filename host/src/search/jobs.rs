//! `scout jobs`: the searches that are kept, newest first.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use scout_pipeline::job::{Job, Kind, State, Status, Task, TaskOutcome};
use scout_pipeline::time::Time;
use serde::Serialize;

use super::claim::Claim;
use super::display::name;
use super::sheet::printable;
use super::store::{Store, StoreError};
use super::surroundings::Place;
use crate::failure::Outcome;
use crate::output::print;

/// Letters of an id that are shown at least: its time to a minute.
const ID_LETTERS_MIN: usize = 8;

/// Letters of keywords that are shown.
const KEYWORD_LETTERS_MAX: usize = 40;

/// `scout jobs`
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  scout jobs                                  newest first, with what is missing in each
  scout jobs --json | jq -r '.jobs[] | select(.status == \"partial\") | .jobId'

With --json, one object: jobs[], newest first, each with jobId, createdAt, finishedAt, platform,
keywords[], status (pending, dispatching, searching, enriching, completed, partial, error,
cancelled), running (a scout works on it now), targetResults, creatorsFound, keywordsFailed,
profilesMissing, apiCalls, missing (a sentence) and unreadable (why it can't be read). Every
name is always there; what is unknown is null.")]
pub struct Jobs {
    /// Print one JSON object rather than a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Lists the searches that are kept.
///
/// # Errors
/// When the file that they are kept in can't be read at all.
pub fn jobs(jobs: &Jobs) -> Outcome {
    let state = jobs.place.file()?;
    let listed = match Store::open_existing(&state)? {
        Some(store) => list(&store, &state)?,
        None => Vec::new(),
    };
    match (jobs.json, listed.is_empty()) {
        (true, _) => print(&(serde_json::to_string_pretty(&List { jobs: listed }).unwrap_or_default() + "\n"))?,
        (false, true) => print(&format!("no searches are kept in {} yet; scout search begins one\n", state.display()))?,
        (false, false) => print(&format!("{}\n{}", table(&listed), ways_on(&listed, &jobs.place)))?,
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Debug, Serialize)]
struct List {
    jobs: Vec<Listed>,
}

/// A search as it stands in the list. The names are part of what is promised.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    job_id: String,
    created_at: Option<String>,
    finished_at: Option<String>,
    platform: Option<String>,
    keywords: Option<Vec<String>>,
    status: Option<Status>,
    running: bool,
    target_results: Option<u32>,
    creators_found: Option<u32>,
    keywords_failed: Option<u32>,
    profiles_missing: Option<u32>,
    api_calls: Option<u32>,
    missing: Option<String>,
    unreadable: Option<String>,
}

fn list(store: &Store, state: &Path) -> Result<Vec<Listed>, StoreError> {
    let listed = |id: String| match outline(store, &id) {
        Ok(Some((job, profiles))) => {
            let running = Claim::holder(state, &id).is_some();
            Listed { job_id: id, running, ..Listed::of(&job, profiles) }
        }
        Ok(None) => Listed::unreadable(id, "its first row is missing".to_owned()),
        Err(error) => Listed::unreadable(id, error),
    };
    Ok(store.ids()?.into_iter().map(listed).collect())
}

/// A job without its creators, and how many profiles are missing in it. Only where some may be missing are all rows
/// read, since only they know.
fn outline(store: &Store, id: &str) -> Result<Option<(Job, u32)>, String> {
    let reason = |error: StoreError| match error {
        StoreError::Corrupt { source, .. } => source.to_string(),
        error => error.to_string(),
    };
    let Some(job) = store.outline(id).map_err(reason)? else { return Ok(None) };
    let settled = matches!(job.status(), Status::Partial | Status::Cancelled) && job.tasks().iter().any(is_missing_profiles);
    let whole = if settled { store.load(id).map_err(reason)? } else { None };
    let profiles = whole.map_or(0, |job| job.creators().iter().filter(|found| found.profile.is_missing()).count());
    Ok(Some((job, profiles as u32)))
}

/// Whether a batch of profiles may lack some.
fn is_missing_profiles(task: &Task) -> bool {
    let Kind::Profiles { creators } = &task.kind else { return false };
    match &task.state {
        State::Done { outcome: TaskOutcome::Ok { creators: read } } => (*read as usize) < creators.len(),
        State::Done { outcome: TaskOutcome::Empty } => false,
        _ => true,
    }
}

impl Listed {
    /// From a job without its creators. Its id is that of the row, which is what other commands look for.
    fn of(job: &Job, profiles_missing: u32) -> Listed {
        let view = job.view(Time::default());
        // Every creator was given by a keyword, and each keyword knows how many it gave.
        let found = view.keywords.iter().map(|keyword| keyword.found).sum();
        let mut listed = Listed {
            created_at: Some(view.created_at),
            finished_at: view.finished_at,
            platform: Some(view.platform),
            keywords: Some(job.dispatch().accepted.keywords.iter().map(|keyword| keyword.as_str().to_owned()).collect()),
            status: Some(view.status),
            target_results: Some(view.target_results),
            creators_found: Some(found),
            keywords_failed: Some(view.progress.keywords_failed),
            profiles_missing: Some(profiles_missing),
            api_calls: Some(view.benchmark.api_calls),
            ..Listed::default()
        };
        if view.status.is_final() {
            listed.missing = missing(&listed, view.shortfall.map(|shortfall| shortfall.detail));
        }
        listed
    }

    fn unreadable(job_id: String, why: String) -> Listed {
        Listed { job_id, unreadable: Some(why), ..Listed::default() }
    }

    /// One word for where it stands.
    fn state(&self) -> &'static str {
        match self.status {
            None => "unreadable",
            Some(status) if status.is_final() => name(status),
            Some(_) if self.running => "running",
            Some(_) => "unfinished",
        }
    }
}

/// What is missing in a search that is over, in a sentence; `None` where nothing is.
fn missing(listed: &Listed, shortfall: Option<String>) -> Option<String> {
    let creators = listed.target_results.unwrap_or_default().saturating_sub(listed.creators_found.unwrap_or_default());
    let count = |number: Option<u32>, what: &str| {
        let number = number.filter(|number| *number > 0)?;
        Some(format!("{number} {what}{}", if number == 1 { "" } else { "s" }))
    };
    let parts =
        [count(Some(creators), "creator"), count(listed.keywords_failed, "failed keyword"), count(listed.profiles_missing, "profile")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let why = shortfall.filter(|_| creators > 0).map(|detail| format!(": {detail}")).unwrap_or_default();
    (!parts.is_empty()).then(|| parts.join(", ") + &why)
}

fn table(listed: &[Listed]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["search", "begun (UTC)", "platform", "keywords", "state", "found", "missing"]);
    if let Some(column) = table.column_mut(5) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let letters = id_letters(listed);
    for job in listed {
        let found = job.creators_found.zip(job.target_results).map(|(found, target)| format!("{found} of {target}"));
        table.add_row([
            printable(&job.job_id.chars().take(letters).collect::<String>()),
            job.created_at.as_deref().map(minute).unwrap_or_default(),
            printable(job.platform.as_deref().unwrap_or_default()),
            printable(&shortened(job.keywords.as_deref().unwrap_or_default())),
            job.state().to_owned(),
            found.unwrap_or_default(),
            printable(job.missing.as_deref().or(job.unreadable.as_deref()).unwrap_or_default()),
        ]);
    }
    table
}

/// What to do next, for those that are not over.
fn ways_on(listed: &[Listed], place: &Place) -> String {
    match listed.iter().any(|job| job.state() == "unfinished") {
        true => format!("hint: {} goes on with the latest that is unfinished\n", place.command("resume")),
        false => String::new(),
    }
}

/// So many letters that no two ids look alike.
fn id_letters(listed: &[Listed]) -> usize {
    let alike = |pair: &[Listed]| pair[0].job_id.chars().zip(pair[1].job_id.chars()).take_while(|(one, other)| one == other).count();
    // Ids are in order, so that those that are most alike stand beside each other.
    listed.windows(2).map(alike).max().map_or(ID_LETTERS_MIN, |letters| (letters + 1).max(ID_LETTERS_MIN))
}

/// `2026-09-01 12:00` of `2026-09-01T12:00:00.250Z`.
fn minute(rfc3339: &str) -> String {
    rfc3339.chars().take(16).map(|letter| if letter == 'T' { ' ' } else { letter }).collect()
}

/// As many keywords as fit, and how many more there are.
fn shortened(keywords: &[String]) -> String {
    let mut text = String::new();
    for (place, keyword) in keywords.iter().enumerate() {
        let more = keywords.len() - place;
        if place > 0 && text.chars().count() + 2 + keyword.chars().count() > KEYWORD_LETTERS_MAX {
            return format!("{text} and {more} more");
        }
        text = [text, keyword.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(id: &str) -> Listed {
        Listed { job_id: id.to_owned(), ..Listed::default() }
    }

    #[test]
    fn ids_are_shown_as_far_as_they_differ_and_eight_letters_at_least() {
        assert_eq!(id_letters(&[]), 8);
        assert_eq!(id_letters(&[listed("b0000000-1"), listed("a0000000-1")]), 8);
        assert_eq!(id_letters(&[listed("c"), listed("a0000000-2"), listed("a0000000-1")]), 10);
    }

    #[test]
    fn keywords_are_shown_as_far_as_they_fit() {
        let words = |words: &[&str]| shortened(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["yoga", "fitness"]), "yoga, fitness");
        assert_eq!(words(&["a".repeat(40).as_str(), "yoga", "fitness"]), format!("{} and 2 more", "a".repeat(40)));
        assert_eq!(words(&["a".repeat(34).as_str(), "yoga"]), format!("{}, yoga", "a".repeat(34)));
        assert_eq!(words(&["a".repeat(35).as_str(), "yoga"]), format!("{} and 1 more", "a".repeat(35)));
    }

    #[test]
    fn what_is_missing_is_counted_and_explained() {
        let job = Listed {
            target_results: Some(100),
            creators_found: Some(99),
            keywords_failed: Some(2),
            profiles_missing: Some(0),
            ..Listed::default()
        };
        assert_eq!(missing(&job, Some("the host refuses".into())).unwrap(), "1 creator, 2 failed keywords: the host refuses");
        let whole = Listed { creators_found: Some(100), keywords_failed: Some(0), ..job };
        assert_eq!(missing(&whole, None), None);
    }
}
