//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_instagram::Instagram;
use scout_sdk::testing::{Reading, Recording, answer, found, query, query_with, recordings, said, samples, typed};
use scout_sdk::{CreatorRef, Outcome, Platform};
use serde_json::Value;

const FOLDER: &str = "scrapecreators";
const REELS: [&str; 2] = ["v2-instagram-reels-search__", "v1-instagram-reels-search__"];
const PROFILES: [&str; 2] = ["v1-instagram-profile__", "v1-instagram-basic-profile__"];

/// The account of a recorded profile, which has a frame or has none.
fn user(recorded: &Value) -> &Value {
    recorded.pointer("/data/user").unwrap_or(recorded)
}

fn asked(recorded: &Value) -> CreatorRef {
    let handle = said(user(recorded), "username").expect("it has a handle");
    found(said(user(recorded), "id").unwrap_or(handle), handle)
}

#[test]
fn recorded_searches_give_every_reel_with_its_owner() {
    for recording in recordings(FOLDER, &REELS) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let rows = recorded["reels"].as_array().expect("a search has reels");
        let page = Instagram::read_search(&query("dogs"), None, &answer(200, body)).expect(name);
        assert_eq!(page.creators.len(), rows.len(), "{name}");
        for (creator, row) in page.creators.iter().zip(rows) {
            assert_eq!(Some(creator.identity.as_str()), said(&row["owner"], "id"), "{name}");
            assert_eq!(Some(creator.username.as_str()), said(&row["owner"], "username"), "{name}");
            assert_eq!(creator.followers, row["owner"]["follower_count"].as_u64(), "{name}");
            assert_eq!(creator.verified, row["owner"]["is_verified"].as_bool(), "{name}");
            let reel = creator.content.as_ref().expect("a reel is content");
            assert_eq!(reel.description.as_deref(), said(row, "caption"), "{name}");
            assert_eq!((reel.likes, reel.comments), (row["like_count"].as_u64(), row["comment_count"].as_u64()), "{name}");
            assert_eq!(reel.views, row["video_play_count"].as_u64(), "{name}");
            assert_eq!(reel.duration.map(f64::from), row["video_duration"].as_f64().map(f64::trunc), "{name}");
            assert!(reel.posted_at.is_some() && reel.thumbnail.is_some(), "{name}");
        }
    }
}

#[test]
fn recorded_profiles_have_bios_counts_and_links() {
    for recording in recordings(FOLDER, &PROFILES) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let user = user(&recorded);
        let profiles = Instagram::read_profiles(&[asked(&recorded)], &answer(200, body)).expect(name);
        let Outcome::Enriched(creator) = &profiles[0].outcome else { panic!("{name}: {profiles:?}") };
        let followers = user["follower_count"].as_u64().or(user["edge_followed_by"]["count"].as_u64());
        assert!(followers.is_some() && creator.followers == followers, "{name}");
        assert_eq!(creator.bio.as_deref(), said(user, "biography"), "{name}");
        assert_eq!(creator.name.as_deref(), said(user, "full_name"), "{name}");
        assert_eq!(creator.verified, user["is_verified"].as_bool(), "{name}");
        let links = user["bio_links"].as_array().map_or(0, Vec::len);
        assert!(creator.links.len() >= links, "{name}: {:?}", creator.links);
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally = samples::<Instagram>(FOLDER, |recording| {
        if recording.is(&REELS) {
            return Reading::Search(query("dogs"));
        }
        if recording.is(&PROFILES) { Reading::Profiles(vec![asked(&recording.json())]) } else { Reading::Other }
    });
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["followers"] == tally.search.rows, "{tally:?}");
    assert!(tally.profiles.rows > 0 && tally.profiles.fields["followers"] == tally.profiles.rows, "{tally:?}");
}

#[test]
fn recordings_of_other_endpoints_never_look_like_an_empty_page() {
    let settings: [&[(&str, &str)]; 2] = [&[], &[("search", "profiles")]];
    for recording in
        recordings(FOLDER, &["v1-instagram-search", "v1-instagram-post", "v2-instagram-user", "v1-tiktok", "husk-200", "v1-account"])
    {
        for settings in settings {
            let read = Instagram::read_search(&query_with("dogs", settings), None, &answer(200, &recording.body));
            assert!(read.is_err(), "{}", recording.name);
        }
        let profiles = Instagram::read_profiles(&[typed("ana.example")], &answer(200, &recording.body));
        let is_enriched = profiles.is_ok_and(|read| matches!(read[0].outcome, Outcome::Enriched(_)));
        assert!(!is_enriched, "{}", recording.name);
    }
}
