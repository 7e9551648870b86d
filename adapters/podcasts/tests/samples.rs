//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_podcasts::Podcasts;
use scout_sdk::Platform;
use scout_sdk::testing::{Reading, answer, query, recordings, samples};

#[test]
fn recorded_searches_give_every_show_with_what_is_known() {
    for recording in recordings("itunes", &["search-podcast"]) {
        let (name, recorded) = (&recording.name, recording.json());
        let rows = recorded["results"].as_array().expect("a search has results");
        let page = Podcasts::read_search(&query("economics"), None, &answer(200, &recording.body)).expect(name);
        assert_eq!(page.creators.len(), rows.len(), "{name}");
        for (creator, row) in page.creators.iter().zip(rows) {
            assert_eq!(creator.identity, row["collectionId"].to_string(), "{name}");
            assert_eq!(creator.name.as_deref(), row["collectionName"].as_str(), "{name}");
            assert_eq!(creator.avatar_url.as_deref(), row["artworkUrl600"].as_str(), "{name}");
            assert_eq!(creator.links.first().map(String::as_str), row["feedUrl"].as_str(), "{name}");
            let page = row["collectionViewUrl"].as_str().and_then(|link| link.split('?').next());
            assert_eq!(creator.profile_url.as_deref(), page, "{name}");
        }
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally =
        samples::<Podcasts>(
            "itunes",
            |recording| {
                if recording.is(&["search-podcast"]) { Reading::Search(query("economics")) } else { Reading::Other }
            },
        );
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["complete"] == tally.search.rows, "{tally:?}");
    assert_eq!((tally.search.fields["avatar-url"], tally.search.fields["followers"]), (tally.search.rows, 0), "{tally:?}");
}
