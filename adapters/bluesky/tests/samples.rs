//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_bluesky::Bluesky;
use scout_sdk::testing::{Reading, Recording, answer, query, recordings, said, samples, typed};
use scout_sdk::{Absence, CreatorRef, Fault, Outcome, Page, Platform, Profile};
use serde_json::Value;

fn search(status: u16, body: &[u8]) -> Result<Page, Fault> {
    Bluesky::read_search(&query("tech"), None, &answer(status, body))
}

fn profiles(keys: &[&str], status: u16, body: &[u8]) -> Result<Vec<Profile>, Fault> {
    let asked: Vec<_> = keys.iter().map(|key| typed(key)).collect();
    Bluesky::read_profiles(&asked, &answer(status, body))
}

#[test]
fn recorded_searches_give_every_actor_with_what_is_known() {
    for recording in recordings("bluesky", &["actor-search", "actor-getSuggestions", "unspecced-search"]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let rows = recorded["actors"].as_array().expect("a search has actors");
        let page = search(200, body).expect(name);
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
    for recording in recordings("bluesky", &["actor-getProfile", "profiles-detailed"]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let rows = match recorded.as_array().or(recorded["profiles"].as_array()) {
            Some(rows) => rows.clone(),
            None => vec![recorded],
        };
        assert!(!rows.is_empty(), "{name}");
        for row in &rows {
            let (did, handle) = (said(row, "did").expect("it has an id"), said(row, "handle").expect("it has a handle"));
            let read = profiles(&[did, handle, "nobody.test"], 200, body).expect(name);
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
    for Recording { body, .. } in &recordings("bluesky", &["error-429"]) {
        assert_eq!(search(429, body), Err(Fault::RateLimited(None)));
    }
    for Recording { body, .. } in &recordings("bluesky", &["error-400-InvalidRequest"]) {
        assert!(matches!(search(400, body), Err(Fault::Other(text)) if text.starts_with("HTTP 400: Invalid ")));
    }
    for Recording { body, .. } in &recordings("bluesky", &["error-400-AccountDeactivated"]) {
        assert_eq!(search(400, body), Err(Fault::NotFound));
        let outcome = profiles(&["ana.test"], 400, body).map(|read| read[0].outcome.clone());
        assert_eq!(outcome, Ok(Outcome::Empty(Absence::Deactivated)));
    }
}

#[test]
fn recordings_of_other_endpoints_name_what_is_missing() {
    for recording in recordings("bluesky", &["feed-", "firehose-", "graph-"]) {
        let Recording { name, body } = &recording;
        assert_eq!(search(200, body), Err(Fault::Malformed("`actors` is missing".into())), "{name}");
        let read = profiles(&["ana.test"], 200, body);
        assert!(matches!(&read, Err(Fault::Malformed(text)) if text.contains("`profiles")), "{name}: {read:?}");
    }
}

/// The ids of the profiles that a recording holds.
fn ids(recorded: &Value) -> Vec<CreatorRef> {
    let rows = recorded.as_array().or(recorded["profiles"].as_array());
    let rows = rows.map_or(std::slice::from_ref(recorded), Vec::as_slice);
    rows.iter().filter_map(|row| said(row, "did")).map(typed).collect()
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally = samples::<Bluesky>("bluesky", |recording| {
        if recording.is(&["actor-search", "actor-getSuggestions", "unspecced-search"]) {
            return Reading::Search(query("tech"));
        }
        if recording.is(&["actor-getProfile", "profiles-detailed"]) {
            return Reading::Profiles(ids(&recording.json()));
        }
        Reading::Other
    });
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["profile-url"] == tally.search.rows, "{tally:?}");
    assert!(tally.profiles.rows > 0 && tally.profiles.fields["followers"] == tally.profiles.rows, "{tally:?}");
}

/// Everybody who stands anywhere in a recording.
fn actors(value: &Value) -> Vec<&Value> {
    let own = said(value, "did").and(said(value, "handle")).map(|_| value);
    let within: Vec<_> = match value {
        Value::Array(rows) => rows.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    };
    own.into_iter().chain(within.into_iter().flat_map(actors)).collect()
}

#[test]
fn whoever_is_recorded_as_not_to_be_shown_to_strangers_is_left_out_and_everybody_else_is_found() {
    let (mut shown, mut hidden) = (0, 0);
    for recording in recordings("bluesky", &["actor-", "feed-", "graph-", "profiles-", "unspecced-", "firehose-"]) {
        let recorded = recording.json();
        for actor in actors(&recorded) {
            let is_hidden = actor["labels"].as_array().is_some_and(|labels| {
                labels.iter().any(|label| label["val"] == "!no-unauthenticated" && label["src"] == actor["did"] && label["neg"] != true)
            });
            let body = serde_json::json!({ "actors": [actor], "profiles": [actor] }).to_string();
            let found = search(200, body.as_bytes()).expect(&recording.name).creators.len();
            assert_eq!(found, usize::from(!is_hidden), "{}: {actor}", recording.name);
            let did = said(actor, "did").expect("it has an id");
            let outcome = profiles(&[did], 200, body.as_bytes()).expect(&recording.name)[0].outcome.clone();
            assert_eq!(outcome == Outcome::Empty(Absence::Hidden), is_hidden, "{}: {actor}", recording.name);
            *(if is_hidden { &mut hidden } else { &mut shown }) += 1;
        }
    }
    println!("{shown} recorded people are shown, {hidden} asked not to be");
}
