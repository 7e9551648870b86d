//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{Reading, Recording, answer, query, recordings, samples, typed};
use scout_sdk::{Creator, Fault, Outcome, Page, Platform};
use scout_youtube::Youtube;
use serde_json::Value;

const FOLDER: &str = "scrapecreators";

/// The endpoints that the adapter uses.
const SEARCH: &str = "v1-youtube-search__";
const CHANNEL: &str = "v1-youtube-channel__";

fn search(status: u16, body: &[u8]) -> Result<Page, Fault> {
    Youtube::read_search(&query("airpods"), None, &answer(status, body))
}

/// The rows of one list, in order.
fn list<'a>(recorded: &'a Value, name: &str) -> &'a [Value] {
    recorded[name].as_array().map_or(&[], Vec::as_slice)
}

/// Every row that names its channel, in the order in which they are read.
fn rows(recorded: &Value) -> Vec<&Value> {
    let shelves = list(recorded, "shelves").iter().flat_map(|shelf| list(shelf, "items"));
    let lists = ["videos", "shorts", "lives"].into_iter().flat_map(|name| list(recorded, name));
    lists.chain(shelves).filter(|row| row["channel"]["id"].is_string()).collect()
}

fn check_row(creator: &Creator, row: &Value, name: &str) {
    let channel = &row["channel"];
    assert_eq!(Some(creator.identity.as_str()), channel["id"].as_str(), "{name}");
    let handle = channel["handle"].as_str().filter(|handle| !handle.contains('/'));
    assert_eq!(Some(creator.username.as_str()), handle.or(channel["id"].as_str()), "{name}");
    assert_eq!(creator.name.as_deref(), channel["title"].as_str().map(str::trim), "{name}");
    assert_eq!((creator.followers, creator.complete), (None, false), "{name}");
    let content = creator.content.as_ref().expect("a video is content");
    assert_eq!(Some(content.id.as_str()), row["id"].as_str(), "{name}");
    assert_eq!(content.url.as_deref(), row["url"].as_str(), "{name}");
    assert_eq!(content.views, row["viewCountInt"].as_u64(), "{name}");
    assert_eq!(content.duration.map(u64::from), row["lengthSeconds"].as_u64(), "{name}");
    assert_eq!(content.posted_at, None, "{name}: no search says when");
}

#[test]
fn recorded_searches_give_every_row_that_names_its_channel() {
    for recording in recordings(FOLDER, &[SEARCH]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let page = search(200, body).expect(name);
        let rows = rows(&recorded);
        assert_eq!(page.creators.len(), rows.len(), "{name}");
        page.creators.iter().zip(rows).for_each(|(creator, row)| check_row(creator, row, name));
        assert_eq!(page.next.as_deref(), recorded["continuationToken"].as_str(), "{name}");
    }
}

#[test]
fn recorded_channels_have_descriptions_subscribers_links_and_countries() {
    for recording in recordings(FOLDER, &[CHANNEL]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let id = recorded["channelId"].as_str().expect("a channel has an id");
        let profiles = Youtube::read_profiles(&[typed(id)], &answer(200, body)).expect(name);
        let Outcome::Enriched(creator) = &profiles[0].outcome else { panic!("{name}: {profiles:?}") };
        assert_eq!(creator.identity, id, "{name}");
        assert!(recorded["channel"].as_str().is_some_and(|address| address.ends_with(&format!("@{}", creator.username))), "{name}");
        assert_eq!(creator.name.as_deref(), recorded["name"].as_str(), "{name}");
        assert_eq!(creator.followers, recorded["subscriberCount"].as_u64(), "{name}");
        assert_eq!(creator.bio.as_deref(), recorded["description"].as_str().filter(|text| !text.is_empty()), "{name}");
        assert_eq!(creator.country.as_deref(), recorded["country"].as_str(), "{name}");
        assert_eq!(creator.links, list(&recorded, "links").iter().filter_map(Value::as_str).collect::<Vec<_>>(), "{name}");
        let sources = list(&recorded["avatar"]["image"], "sources");
        assert_eq!(creator.avatar_url.as_deref(), sources.last().and_then(|source| source["url"].as_str()), "{name}");
    }
}

#[test]
fn recorded_refusals_have_their_fault() {
    for recording in recordings(FOLDER, &["error-400-v1-youtube", "error-403-v1-youtube", "error-404-unknown", "error-500-no-key"]) {
        let Recording { name, body } = &recording;
        let read = |status| search(status, body).expect_err(name);
        match name.get(..9) {
            Some("error-400") => assert!(matches!(read(400), Fault::Other(text) if text.starts_with("HTTP 400: You must"))),
            Some("error-403") => assert!(matches!(read(403), Fault::Blocked(_))),
            Some("error-404") => assert_eq!(read(404), Fault::NotFound),
            Some("error-500") => assert!(matches!(read(500), Fault::Unauthorized(_))),
            _ => panic!("nothing is known of {name}"),
        }
    }
}

#[test]
fn live_streams_whose_channel_is_nothing_but_nulls_are_a_changed_shape() {
    for recording in recordings(FOLDER, &["v1-youtube-channel-lives__comet"]) {
        assert_eq!(search(200, &recording.body), Err(Fault::Malformed("`lives[].channel.id` is missing".into())));
    }
}

#[test]
fn recordings_of_other_endpoints_never_look_like_an_empty_page_or_a_profile() {
    for recording in recordings(FOLDER, &["v1-youtube-video__", "v1-tiktok", "v1-instagram", "husk-200", "v1-account"]) {
        let Recording { name, body } = &recording;
        assert!(search(200, body).is_err(), "{name}");
        let profiles = Youtube::read_profiles(&[typed("anamoves")], &answer(200, body));
        assert!(profiles.is_err() || profiles.is_ok_and(|read| !matches!(read[0].outcome, Outcome::Enriched(_))), "{name}");
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally = samples::<Youtube>(FOLDER, |recording| {
        if recording.is(&[SEARCH]) {
            return Reading::Search(query("airpods"));
        }
        if !recording.is(&[CHANNEL]) {
            return Reading::Other;
        }
        Reading::Profiles(vec![typed(recording.json()["channelId"].as_str().expect("a channel has an id"))])
    });
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["content.views"] == tally.search.rows, "{tally:?}");
    assert!(tally.profiles.rows > 0 && tally.profiles.fields["followers"] == tally.profiles.rows, "{tally:?}");
}
