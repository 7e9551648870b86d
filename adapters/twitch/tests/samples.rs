//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{Reading, answer, query, recordings, samples, typed};
use scout_sdk::{Fault, Outcome, Platform};
use scout_twitch::Twitch;

/// The one recording of a search for channels, in its old shape.
const SEARCHES: [&str; 1] = ["channels-0__"];

const USERS: [&str; 3] = ["users-1__", "users-3__", "users__"];

#[test]
fn recorded_channels_are_read_with_what_is_known() {
    for recording in recordings("twitch", &["channels-0__"]) {
        let (name, recorded) = (&recording.name, recording.json());
        let rows = recorded["data"].as_array().expect("a search has rows");
        let page = Twitch::read_search(&query("games"), None, &answer(200, &recording.body)).expect(name);
        assert_eq!(page.next.as_deref(), recorded["pagination"]["cursor"].as_str(), "{name}");
        assert_eq!(page.creators.len(), rows.len(), "{name}");
        for (creator, row) in page.creators.iter().zip(rows) {
            assert_eq!(Some(creator.identity.as_str()), row["id"].as_str(), "{name}");
            assert_eq!(creator.name.as_deref(), row["display_name"].as_str(), "{name}");
            assert_eq!(creator.language.as_deref(), row["broadcaster_language"].as_str(), "{name}");
            assert_eq!(creator.avatar_url, None, "{name}: old answers have a preview in its place");
        }
    }
}

#[test]
fn recorded_users_are_found_by_id_and_by_login() {
    for recording in recordings("twitch", &USERS) {
        let (name, recorded) = (&recording.name, recording.json());
        for row in recorded["data"].as_array().expect("there are users") {
            let (id, login) = (row["id"].as_str().expect(name), row["login"].as_str().expect(name));
            let read = Twitch::read_profiles(&[typed(id), typed(login)], &answer(200, &recording.body)).expect(name);
            for profile in read {
                let Outcome::Enriched(creator) = profile.outcome else { panic!("{name}: {profile:?}") };
                assert_eq!(creator.identity, id, "{name}");
                assert_eq!(creator.bio.as_deref(), row["description"].as_str(), "{name}");
                assert_eq!(creator.avatar_url.as_deref(), row["profile_image_url"].as_str(), "{name}");
                assert_eq!(creator.verified, Some(row["broadcaster_type"] == "partner"), "{name}");
            }
        }
    }
}

#[test]
fn recorded_refusals_have_their_fault() {
    for recording in recordings("twitch", &["error-400"]) {
        let read = Twitch::read_search(&query("games"), None, &answer(400, &recording.body));
        assert!(matches!(read, Err(Fault::Other(text)) if text.starts_with("HTTP 400: ")), "{}", recording.name);
    }
    for recording in recordings("twitch", &["error-403"]) {
        let read = Twitch::read_search(&query("games"), None, &answer(403, &recording.body));
        assert!(matches!(read, Err(Fault::Unauthorized(_))), "{}", recording.name);
    }
}

#[test]
fn a_recorded_search_that_found_nothing_is_an_empty_page() {
    for recording in recordings("twitch", &["search-categories-empty"]) {
        let read = Twitch::read_search(&query("games"), None, &answer(200, &recording.body));
        assert_eq!(read.map(|page| (page.creators.len(), page.next)), Ok((0, None)));
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally = samples::<Twitch>("twitch", |recording| {
        if recording.is(&SEARCHES) {
            return Reading::Search(query("games"));
        }
        if recording.is(&USERS) {
            let recorded = recording.json();
            let users = recorded["data"].as_array().expect("there are users");
            return Reading::Profiles(users.iter().filter_map(|user| user["id"].as_str()).map(typed).collect());
        }
        Reading::Other
    });
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.profiles.rows > 0, "{tally:?}");
    assert_eq!(tally.profiles.fields["bio"], tally.profiles.rows, "{tally:?}");
    assert_eq!(tally.profiles.fields["followers"], 0, "{tally:?}");
}
