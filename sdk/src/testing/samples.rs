//! Recorded answers. They are no part of the repository; where they are not at hand, tests say so and pass.

use std::path::PathBuf;

use serde_json::Value;

use crate::contract::{CreatorRef, Query};
use crate::platform::Platform;

use super::invariants::{check_page, check_profiles};
use super::readings::{Readings, Recorded};
use super::tally::Tally;
use super::{answer, query, typed};

/// A recorded answer.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The file's name, which begins with the endpoint or, for refusals, with `error-` and the status.
    pub name: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What a recording is the answer to.
#[derive(Debug, Clone)]
pub enum Reading {
    /// A search: it has to be a page.
    Search(Query),
    /// A call for these creators' profiles: it has to say something of each of them.
    Profiles(Vec<CreatorRef>),
    /// Another endpoint or a refusal: it has to be read without a panic, and that is all.
    Other,
}

impl Recording {
    /// Whether the name begins like one of these.
    pub fn is(&self, beginnings: &[&str]) -> bool {
        beginnings.iter().any(|beginning| self.name.starts_with(beginning))
    }

    /// The body read strictly, to take what is expected from it.
    ///
    /// # Panics
    /// When it is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{} is no JSON: {error}", self.name))
    }
}

/// Text of a recorded row; blank text says nothing.
pub fn said<'a>(row: &'a Value, field: &str) -> Option<&'a str> {
    row[field].as_str().filter(|text| !text.trim().is_empty())
}

/// The recordings of a folder below `../shared/samples` of the workspace whose names begin like one of these, by name;
/// none, with a word about it, when the folder is not there.
///
/// # Panics
/// When the folder is there and can't be read, or no name begins like that, since the test would then test nothing.
pub fn recordings(folder: &str, beginnings: &[&str]) -> Vec<Recording> {
    let place = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples").join(folder);
    let Ok(entries) = std::fs::read_dir(place) else {
        eprintln!("skipped: the recordings of {folder} are not at hand in ../shared/samples");
        return Vec::new();
    };
    let mut recordings: Vec<_> = entries.map(|entry| entry.expect("the folder can be read")).filter_map(|entry| of(&entry)).collect();
    recordings.retain(|recording| recording.is(beginnings));
    assert!(!recordings.is_empty(), "no recording of {folder} begins with any of {beginnings:?}");
    recordings.sort_by(|one, other| one.name.cmp(&other.name));
    recordings
}

/// Reads every recording of a folder: those of a platform's endpoints as what `reading` says, all others with both
/// readers. Gives how many rows were read and how often each field was known, or `None` when the recordings are not at hand.
///
/// Where `SCOUT_READINGS` names a folder, every call is written there, so that components can be asked the same.
///
/// # Panics
/// When a recording of one of the endpoints can't be read, or gives something that no adapter may give.
pub fn samples<P: Platform>(folder: &str, reading: impl Fn(&Recording) -> Reading) -> Option<Tally> {
    let recordings = recordings(folder, &[""]);
    if recordings.is_empty() {
        return None;
    }
    let (mut tally, mut readings) = (Tally::default(), Readings::of(&P::describe().platform, folder));
    for recording in &recordings {
        let recorded = Recorded { name: &recording.name, status: 200, counts: true };
        match reading(recording) {
            Reading::Search(query) => {
                readings.search(&query, recorded);
                read_search::<P>(recording, &query, &mut tally);
            }
            Reading::Profiles(creators) => {
                readings.profiles(&creators, recorded);
                read_profiles::<P>(recording, &creators, &mut tally);
            }
            Reading::Other => read_anyhow::<P>(recording, &mut readings),
        }
    }
    Some(tally)
}

fn of(entry: &std::fs::DirEntry) -> Option<Recording> {
    let path = entry.path();
    let name = entry.file_name().to_string_lossy().into_owned();
    path.is_file().then(|| Recording { body: std::fs::read(&path).unwrap_or_else(|error| panic!("{name} can't be read: {error}")), name })
}

fn read_search<P: Platform>(recording: &Recording, query: &Query, tally: &mut Tally) {
    let response = answer(200, &recording.body);
    let read = P::read_search(query, None, &response);
    check_page::<P>(query, None, &response, &read);
    match read {
        Ok(page) => tally.page(&page),
        Err(fault) => panic!("{} is no page: {fault:?}", recording.name),
    }
}

fn read_profiles<P: Platform>(recording: &Recording, creators: &[CreatorRef], tally: &mut Tally) {
    let response = answer(200, &recording.body);
    let read = P::read_profiles(creators, &response);
    check_profiles(creators, &response, &read);
    match read {
        Ok(profiles) => tally.read_profiles(&profiles),
        Err(fault) => panic!("{} has no profiles: {fault:?}", recording.name),
    }
}

/// Reads a recording with both readers, in case it is an answer to either.
fn read_anyhow<P: Platform>(recording: &Recording, readings: &mut Readings) {
    for status in [200, 404, 500] {
        let response = answer(status, &recording.body);
        let (query, creators) = (query("yoga"), [typed("ana"), typed("1")]);
        let recorded = Recorded { name: &recording.name, status, counts: false };
        readings.search(&query, recorded);
        readings.profiles(&creators, recorded);
        check_page::<P>(&query, None, &response, &P::read_search(&query, None, &response));
        check_profiles(&creators, &response, &P::read_profiles(&creators, &response));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_has_no_recordings() {
        assert!(recordings("no-such-platform", &[""]).is_empty());
    }

    #[test]
    fn blank_text_of_a_row_says_nothing() {
        let row = serde_json::json!({ "name": " Ana", "bio": " ", "followers": 7 });
        assert_eq!(["name", "bio", "followers", "link"].map(|field| said(&row, field)), [Some(" Ana"), None, None, None]);
    }

    #[test]
    fn a_recording_is_known_by_how_its_name_begins() {
        let recording = Recording { name: "search__docs.json".into(), body: b"{}".to_vec() };
        assert!(recording.is(&["profile", "search"]) && !recording.is(&["docs"]));
        assert!(recording.json().is_object());
    }
}
