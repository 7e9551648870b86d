//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_dailymotion::Dailymotion;
use scout_sdk::testing::{Reading, answer, query, recordings, samples};
use scout_sdk::{Fault, Platform};

/// Lists of videos with the fields that come when none is asked for, the uploader's id among them.
const VIDEOS: [&str; 2] = ["playlist-videos", "user-videos"];

#[test]
fn recorded_videos_give_every_uploader_by_id() {
    for recording in recordings("dailymotion", &VIDEOS) {
        let (name, recorded) = (&recording.name, recording.json());
        let rows = recorded["list"].as_array().expect("there is a list");
        let page = Dailymotion::read_search(&query("ponies"), None, &answer(200, &recording.body)).expect(name);
        assert_eq!((page.creators.len(), page.next), (rows.len(), None), "{name}");
        for (creator, row) in page.creators.iter().zip(rows) {
            assert_eq!(Some(creator.identity.as_str()), row["owner"].as_str(), "{name}");
            let content = creator.content.as_ref().expect("a video was found");
            assert_eq!(Some(content.id.as_str()), row["id"].as_str(), "{name}");
            assert_eq!(content.description.as_deref(), row["title"].as_str(), "{name}");
            assert_eq!(content.views, None, "{name}");
        }
    }
}

#[test]
fn a_recorded_search_that_did_not_ask_for_the_uploader_s_id_names_what_is_missing() {
    for recording in recordings("dailymotion", &["videos-search-dotted-keys"]) {
        let read = Dailymotion::read_search(&query("anime"), None, &answer(200, &recording.body));
        assert_eq!(read, Err(Fault::Malformed("`list[].owner.id` is missing".into())), "{}", recording.name);
        // With the id that this adapter asks for, the recorded row is read with all else that it holds.
        let asked = String::from_utf8_lossy(&recording.body).replace("{\"duration\"", "{\"owner.id\":\"x0\",\"duration\"");
        let page = Dailymotion::read_search(&query("anime"), None, &answer(200, asked)).expect("it is a page");
        let row = &recording.json()["list"][0];
        assert_eq!(Some(page.creators[0].username.as_str()), row["owner.username"].as_str());
        let content = page.creators[0].content.as_ref().expect("a video was found");
        assert_eq!((content.views, content.duration.map(u64::from)), (row["views_total"].as_u64(), row["duration"].as_u64()));
        assert_eq!(page.next.as_deref(), Some("2"));
    }
}

#[test]
fn a_recorded_refusal_has_its_fault() {
    for recording in recordings("dailymotion", &["error-404"]) {
        assert_eq!(Dailymotion::read_search(&query("x1"), None, &answer(404, &recording.body)), Err(Fault::NotFound));
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally =
        samples::<Dailymotion>(
            "dailymotion",
            |recording| {
                if recording.is(&VIDEOS) { Reading::Search(query("ponies")) } else { Reading::Other }
            },
        );
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["content"] == tally.search.rows, "{tally:?}");
}
