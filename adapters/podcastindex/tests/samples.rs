//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_podcastindex::PodcastIndex;
use scout_sdk::testing::{Reading, answer, query, recordings, said, samples};
use scout_sdk::{Fault, Platform};
use serde_json::Value;

const SEARCHES: [&str; 4] = ["search-", "bytag", "trending", "dead"];

#[test]
fn recorded_searches_give_every_living_show_with_what_is_known() {
    for recording in recordings("podcastindex", &["search-"]) {
        let (name, recorded) = (&recording.name, recording.json());
        let rows = recorded["feeds"].as_array().expect("a search has feeds");
        let living: Vec<&Value> = rows.iter().filter(|row| row["dead"] == 0).collect();
        let page = PodcastIndex::read_search(&query("batman"), None, &answer(200, &recording.body)).expect(name);
        assert_eq!(page.creators.len(), living.len(), "{name}");
        for (creator, row) in page.creators.iter().zip(living) {
            assert_eq!(creator.identity, row["id"].to_string(), "{name}");
            assert_eq!(creator.name.as_deref(), said(row, "title"), "{name}");
            assert_eq!(creator.language.as_deref(), said(row, "language"), "{name}");
            assert_eq!(creator.bio.is_some(), said(row, "description").is_some(), "{name}");
            assert_eq!(creator.ids.iter().any(|(id, _)| id == "itunesId"), row["itunesId"].is_u64(), "{name}");
        }
    }
}

#[test]
fn a_recorded_duplicate_is_not_found() {
    for recording in recordings("podcastindex", &["dead"]) {
        let read = PodcastIndex::read_search(&query("batman"), None, &answer(200, &recording.body));
        assert_eq!(read.map(|page| page.creators.len()), Ok(0));
    }
}

#[test]
fn a_recorded_refusal_has_its_fault() {
    for recording in recordings("podcastindex", &["error-401"]) {
        let read = PodcastIndex::read_search(&query("batman"), None, &answer(401, &recording.body));
        assert!(matches!(read, Err(Fault::Unauthorized(text)) if text.contains("Authorization")));
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally =
        samples::<PodcastIndex>(
            "podcastindex",
            |recording| {
                if recording.is(&SEARCHES) { Reading::Search(query("batman")) } else { Reading::Other }
            },
        );
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["complete"] == tally.search.rows, "{tally:?}");
    assert_eq!((tally.search.fields["name"], tally.search.fields["followers"]), (tally.search.rows, 0), "{tally:?}");
}
