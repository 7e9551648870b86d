//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use std::path::Path;

use scout_bluesky::Bluesky;
use scout_sdk::testing::{answer, query, typed};
use scout_sdk::{Absence, Fault, Outcome, Page, Platform, Profile};
use serde_json::Value;

/// The recordings whose name begins like this, as name and body.
fn recordings(beginnings: &[&str]) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/bluesky");
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("skipped: the recordings are not at hand");
        return Vec::new();
    };
    let entries = entries.map(|entry| entry.expect("it can be read"));
    let files = entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    let wanted = files.filter(|(name, _)| beginnings.iter().any(|beginning| name.starts_with(beginning)));
    let recordings: Vec<_> = wanted.map(|(name, path)| (name, std::fs::read(path).expect("it can be read"))).collect();
    assert!(!recordings.is_empty(), "no recording begins with any of {beginnings:?}");
    recordings
}

fn strictly(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("it is JSON")
}

fn search(status: u16, body: &[u8]) -> Result<Page, Fault> {
    Bluesky::read_search(&query("tech"), None, &answer(status, body))
}

fn profiles(keys: &[&str], status: u16, body: &[u8]) -> Result<Vec<Profile>, Fault> {
    let asked: Vec<_> = keys.iter().map(|key| typed(key)).collect();
    Bluesky::read_profiles(&asked, &answer(status, body))
}

/// Text that says something.
fn said<'a>(row: &'a Value, field: &str) -> Option<&'a str> {
    row[field].as_str().filter(|text| !text.trim().is_empty())
}

#[test]
fn recorded_searches_give_every_actor_with_what_is_known() {
    for (name, body) in recordings(&["actor-search", "actor-getSuggestions", "unspecced-search"]) {
        let recorded = strictly(&body);
        let rows = recorded["actors"].as_array().expect("a search has actors");
        let page = search(200, &body).expect(&name);
        assert_eq!(page.creators.len(), rows.len(), "{name}");
        assert_eq!(page.next.as_deref(), recorded["cursor"].as_str(), "{name}");
        for (creator, row) in page.creators.iter().zip(rows) {
            assert_eq!(Some(creator.identity.as_str()), said(row, "did"), "{name}");
            assert_eq!(Some(creator.username.as_str()), said(row, "handle").or(said(row, "did")), "{name}");
            assert_eq!(creator.name.as_deref(), said(row, "displayName").map(str::trim), "{name}");
            assert_eq!(creator.bio.as_deref(), said(row, "description"), "{name}");
            assert_eq!(creator.avatar_url.as_deref(), said(row, "avatar"), "{name}");
            assert_eq!(creator.followers, None, "{name}");
        }
    }
}

#[test]
fn recorded_profiles_are_found_by_id_and_by_handle() {
    for (name, body) in recordings(&["actor-getProfile", "profiles-detailed"]) {
        let recorded = strictly(&body);
        let rows = match recorded.as_array().or(recorded["profiles"].as_array()) {
            Some(rows) => rows.clone(),
            None => vec![recorded],
        };
        assert!(!rows.is_empty(), "{name}");
        for row in &rows {
            let (did, handle) = (said(row, "did").expect("it has an id"), said(row, "handle").expect("it has a handle"));
            let read = profiles(&[did, handle, "nobody.test"], 200, &body).expect(&name);
            for profile in &read[..2] {
                let Outcome::Enriched(creator) = &profile.outcome else { panic!("{name}: {profile:?}") };
                assert_eq!(creator.identity, did, "{name}");
                assert_eq!(creator.followers, row["followersCount"].as_u64(), "{name}");
                assert_eq!(creator.bio.as_deref(), said(row, "description"), "{name}");
            }
            assert_eq!(read[2].outcome, Outcome::Empty(Absence::Missing), "{name}");
        }
    }
}

#[test]
fn recorded_refusals_have_their_fault() {
    for (_, body) in recordings(&["error-429"]) {
        assert_eq!(search(429, &body), Err(Fault::RateLimited(None)));
    }
    for (_, body) in recordings(&["error-400-InvalidRequest"]) {
        assert!(matches!(search(400, &body), Err(Fault::Other(text)) if text.starts_with("HTTP 400: Invalid ")));
    }
    for (_, body) in recordings(&["error-400-AccountDeactivated"]) {
        assert_eq!(search(400, &body), Err(Fault::NotFound));
        let outcome = profiles(&["ana.test"], 400, &body).map(|read| read[0].outcome.clone());
        assert_eq!(outcome, Ok(Outcome::Empty(Absence::Deactivated)));
    }
}

#[test]
fn recordings_of_other_endpoints_name_what_is_missing() {
    for (name, body) in recordings(&["feed-", "firehose-", "graph-"]) {
        assert_eq!(search(200, &body), Err(Fault::Malformed("`actors` is missing".into())), "{name}");
        let read = profiles(&["ana.test"], 200, &body);
        assert!(matches!(&read, Err(Fault::Malformed(text)) if text.contains("`profiles")), "{name}: {read:?}");
    }
}

#[test]
fn every_recording_is_read_by_both_readers() {
    for (_, body) in recordings(&[""]) {
        for status in [200, 400, 429, 500] {
            let _ = search(status, &body);
            let _ = profiles(&["ana.test", "did:plc:ana"], status, &body);
        }
    }
}
