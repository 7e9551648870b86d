//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_github::Github;
use scout_sdk::testing::{Reading, answer, found, query, recordings, samples, typed};
use scout_sdk::{Absence, Fault, Outcome, Platform};
use serde_json::Value;

fn refused(status: u16, beginning: &str) -> Vec<Fault> {
    let refused = |body| Github::read_search(&query("vincent"), None, &answer(status, body)).expect_err("it is refused");
    recordings("github", &[beginning]).iter().map(|recording| refused(&recording.body)).collect()
}

#[test]
fn recorded_searches_give_every_account_by_its_number() {
    for recording in recordings("github", &["search-users"]) {
        let (name, recorded) = (&recording.name, recording.json());
        let rows = recorded["items"].as_array().expect("a search has items");
        let page = Github::read_search(&query("vincent"), None, &answer(200, &recording.body)).expect(name);
        assert_eq!(page.creators.len(), rows.len(), "{name}");
        for (creator, row) in page.creators.iter().zip(rows) {
            assert_eq!(creator.identity, row["id"].to_string(), "{name}");
            assert_eq!(Some(creator.username.as_str()), row["login"].as_str(), "{name}");
            assert_eq!(creator.profile_url.as_deref(), row["html_url"].as_str(), "{name}");
            assert_eq!(creator.avatar_url.as_deref(), row["avatar_url"].as_str(), "{name}");
        }
        assert_eq!(page.next.as_deref(), Some("2"), "{name}");
    }
}

#[test]
fn recorded_profiles_are_read_whole() {
    for recording in recordings("github", &["users-login"]) {
        let row = recording.json();
        let asked = found(&row["id"].to_string(), row["login"].as_str().expect("it has a login"));
        let profiles = Github::read_profiles(&[asked], &answer(200, &recording.body)).expect("it is read");
        let Outcome::Enriched(creator) = &profiles[0].outcome else { panic!("{profiles:?}") };
        assert_eq!(creator.followers, row["followers"].as_u64());
        assert_eq!(creator.email.as_deref(), row["email"].as_str());
        assert_eq!((creator.name.as_deref(), creator.bio.as_deref()), (row["name"].as_str(), row["bio"].as_str()));
        assert_eq!(creator.links.first().map(String::as_str), row["blog"].as_str());
    }
}

#[test]
fn recorded_refusals_have_their_fault() {
    for fault in refused(401, "error-401") {
        assert_eq!(fault, Fault::Unauthorized("HTTP 401: Bad credentials".into()));
    }
    for fault in refused(403, "error-403-ratelimit") {
        assert_eq!(fault, Fault::RateLimited(None));
    }
    for fault in refused(403, "error-403-useragent") {
        assert!(matches!(&fault, Fault::Blocked(text) if text.contains("User Agent")), "{fault:?}");
    }
    for fault in refused(503, "error-503") {
        assert_eq!(fault, Fault::Unavailable("HTTP 503: 503 Service Unavailable".into()));
    }
    for recording in recordings("github", &["error-404-user"]) {
        let profiles = Github::read_profiles(&[typed("nobody")], &answer(404, &recording.body)).expect("it is an answer");
        assert_eq!(profiles[0].outcome, Outcome::Empty(Absence::Missing));
    }
}

#[test]
fn the_recorded_answer_of_a_search_that_is_no_longer_there_names_what_is_missing() {
    for recording in recordings("github", &["legacy-user-search"]) {
        assert!(matches!(recording.json()["users"], Value::Array(_)));
        let read = Github::read_search(&query("vincent"), None, &answer(200, &recording.body));
        assert_eq!(read, Err(Fault::Malformed("`items` is missing".into())));
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally = samples::<Github>("github", |recording| {
        if recording.is(&["search-users"]) {
            return Reading::Search(query("vincent"));
        }
        if recording.is(&["users-login"]) {
            return Reading::Profiles(vec![typed(recording.json()["login"].as_str().unwrap_or_default())]);
        }
        Reading::Other
    });
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["profile-url"] == tally.search.rows, "{tally:?}");
    assert_eq!((tally.profiles.rows, tally.profiles.fields["followers"]), (1, 1), "{tally:?}");
}
