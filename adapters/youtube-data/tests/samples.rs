//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{Reading, Recording, answer, query, recordings, samples, typed};
use scout_sdk::{CreatorRef, Fault, Outcome, Platform};
use scout_youtube_data::YoutubeData;
use serde_json::Value;

const FOLDER: &str = "youtube";

/// The endpoints that the adapter uses.
const SEARCH: &str = "search-list";
const CHANNELS: &str = "channels-list";

fn items(recorded: &Value) -> &[Value] {
    recorded["items"].as_array().map_or(&[], Vec::as_slice)
}

/// Those whom an answer of channels is about.
fn asked(recorded: &Value) -> Vec<CreatorRef> {
    items(recorded).iter().map(|item| typed(item["id"].as_str().expect("a channel has an id"))).collect()
}

#[test]
fn recorded_searches_give_the_channel_of_every_row() {
    for recording in recordings(FOLDER, &[SEARCH]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let page = YoutubeData::read_search(&query("surfing"), None, &answer(200, body)).expect(name);
        assert_eq!(page.creators.len(), items(&recorded).len(), "{name}");
        for (creator, item) in page.creators.iter().zip(items(&recorded)) {
            let snippet = &item["snippet"];
            assert_eq!(Some(creator.identity.as_str()), snippet["channelId"].as_str(), "{name}");
            assert!(creator.name.is_some() && !creator.complete, "{name}: {creator:?}");
            assert_eq!(creator.content.as_ref().map(|content| content.id.as_str()), item["id"]["videoId"].as_str(), "{name}");
            let texts = [&creator.name, &creator.bio].into_iter().chain(creator.content.iter().map(|content| &content.description));
            assert!(texts.flatten().all(|text| !text.contains("&amp;") && !text.contains("&#39;")), "{name}: {creator:?}");
            assert!(creator.content.iter().all(|content| content.posted_at.is_some() && content.thumbnail.is_some()), "{name}");
        }
        assert_eq!(page.next.as_deref(), recorded["nextPageToken"].as_str(), "{name}");
    }
}

#[test]
fn recorded_channels_have_names_descriptions_and_subscribers() {
    for recording in recordings(FOLDER, &[CHANNELS]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let profiles = YoutubeData::read_profiles(&asked(&recorded), &answer(200, body)).expect(name);
        for (profile, item) in profiles.iter().zip(items(&recorded)) {
            let Outcome::Enriched(creator) = &profile.outcome else { panic!("{name}: {profile:?}") };
            assert_eq!(Some(creator.identity.as_str()), item["id"].as_str(), "{name}");
            assert_eq!(creator.name.as_deref(), item["snippet"]["title"].as_str(), "{name}");
            let count = item["statistics"]["subscriberCount"].as_str().and_then(|count| count.parse().ok());
            assert_eq!(creator.followers, count, "{name}");
            assert_eq!(creator.bio.as_deref(), item["snippet"]["description"].as_str().filter(|text| !text.trim().is_empty()), "{name}");
            assert!(creator.country.as_deref().is_none_or(|country| country.len() == 2), "{name}: {:?}", creator.country);
        }
    }
}

#[test]
fn recorded_refusals_have_their_fault() {
    let read = |status, recording: &Recording| {
        YoutubeData::read_search(&query("surfing"), None, &answer(status, &recording.body)).expect_err(&recording.name)
    };
    for recording in recordings(FOLDER, &["error-"]) {
        let fault = |status| read(status, &recording);
        match recording.name.split("__").next() {
            Some("error-400-invalidParameter" | "error-string-only") => assert!(matches!(fault(400), Fault::Other(_))),
            Some("error-400-keyInvalid") => assert!(matches!(fault(400), Fault::Unauthorized(_))),
            Some("error-403-permission") => assert!(matches!(fault(403), Fault::Blocked(_))),
            Some("error-403-quotaExceeded") => {
                assert!(matches!(fault(403), Fault::OutOfCredit(text) if text.ends_with("exceeded your quota.")))
            }
            other => panic!("nothing is known of {other:?}"),
        }
    }
}

#[test]
fn recordings_of_other_endpoints_never_look_like_a_profile() {
    for recording in recordings(FOLDER, &["playlistItems-list", "videos-list", "channel-resource-full"]) {
        let read = YoutubeData::read_profiles(&[typed("UCanaanaanaanaanaanaana1")], &answer(200, &recording.body));
        let told = read.is_ok_and(|profiles| matches!(profiles[0].outcome, Outcome::Enriched(_)));
        assert!(!told, "{}", recording.name);
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally = samples::<YoutubeData>(FOLDER, |recording| match () {
        () if recording.is(&[SEARCH]) => Reading::Search(query("surfing")),
        () if recording.is(&[CHANNELS]) => Reading::Profiles(asked(&recording.json())),
        () => Reading::Other,
    });
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["name"] == tally.search.rows, "{tally:?}");
    assert!(tally.profiles.rows > 0 && tally.profiles.fields["name"] == tally.profiles.rows, "{tally:?}");
}
