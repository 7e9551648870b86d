//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_peertube::Peertube;
use scout_sdk::testing::{Reading, Recording, answer, query, query_with, recordings, samples};
use scout_sdk::{Creator, Fault, Page, Platform, Query};
use serde_json::Value;

/// Videos of the index and of an instance, which answers alike.
const VIDEOS: [&str; 2] = ["search-videos", "video-channel-videos"];

/// A list of channels. Of the search itself there is no recording; its rows are these.
const CHANNELS: [&str; 1] = ["account-video-channels"];

fn videos() -> Query {
    query_with("tech", &[("source", "videos")])
}

fn read(query: &Query, recording: &Recording) -> Page {
    Peertube::read_search(query, None, &answer(200, &recording.body)).expect(&recording.name)
}

fn rows(recorded: &Value) -> &[Value] {
    recorded["data"].as_array().expect("a search has data")
}

fn handle(channel: &Value) -> String {
    format!("{}@{}", channel["name"].as_str().expect("it has a name"), channel["host"].as_str().expect("it has a host"))
}

fn check_channel(creator: &Creator, channel: &Value) {
    assert_eq!(creator.identity, handle(channel));
    assert_eq!(creator.name.as_deref(), channel["displayName"].as_str().map(str::trim));
    assert_eq!(creator.profile_url.as_deref(), channel["url"].as_str());
    assert_eq!(creator.followers, channel["followersCount"].as_u64());
    assert_eq!(creator.bio.as_deref(), channel["description"].as_str());
    let has_avatar = channel["avatars"].as_array().is_some_and(|avatars| !avatars.is_empty());
    assert_eq!(creator.avatar_url.is_some(), has_avatar);
}

#[test]
fn every_recording_is_read_and_counted() {
    let reading = |recording: &Recording| match recording {
        recording if recording.is(&VIDEOS) => Reading::Search(videos()),
        recording if recording.is(&CHANNELS) => Reading::Search(query("tech")),
        _ => Reading::Other,
    };
    if let Some(tally) = samples::<Peertube>("peertube", reading) {
        let known = &tally.search.fields;
        assert!(tally.search.rows > 0 && known["content.views"] > 0 && known["followers"] > 0, "{tally:?}");
    }
}

#[test]
fn recorded_videos_give_every_channel_and_every_figure() {
    for recording in recordings("peertube", &VIDEOS) {
        let recorded = recording.json();
        let page = read(&videos(), &recording);
        assert_eq!(page.creators.len(), rows(&recorded).len(), "{}", recording.name);
        for (creator, row) in page.creators.iter().zip(rows(&recorded)) {
            check_channel(creator, &row["channel"]);
            let content = creator.content.as_ref().expect("there is a video");
            assert_eq!(Some(content.id.as_str()), row["uuid"].as_str());
            assert_eq!(
                (content.views, content.likes, content.comments),
                (row["views"].as_u64(), row["likes"].as_u64(), row["comments"].as_u64())
            );
            assert_eq!(content.duration.map(u64::from), row["duration"].as_u64());
            assert_eq!(content.posted_at.as_deref().map(|time| &time[..19]), row["publishedAt"].as_str().map(|time| &time[..19]));
            assert_eq!(creator.language.as_deref(), row["language"]["id"].as_str());
        }
    }
}

#[test]
fn recorded_channels_are_read_from_a_list_and_each_alone() {
    for recording in recordings("peertube", &CHANNELS) {
        let recorded = recording.json();
        let page = read(&query("tech"), &recording);
        assert_eq!(page.creators.len(), rows(&recorded).len());
        page.creators.iter().zip(rows(&recorded)).for_each(|(creator, row)| check_channel(creator, row));
    }
    for recording in recordings("peertube", &["video-channel-lqdn", "video-channel-remote", "video-channel__"]) {
        let channel = recording.json();
        let body = serde_json::json!({ "total": 1, "data": [channel] }).to_string();
        let page = Peertube::read_search(&query("tech"), None, &answer(200, body)).expect(&recording.name);
        check_channel(&page.creators[0], &channel);
        assert_eq!(page.creators[0].links.is_empty(), channel["support"].is_null(), "{}", recording.name);
    }
}

#[test]
fn the_next_page_of_a_recording_begins_after_its_rows() {
    for recording in recordings("peertube", &VIDEOS) {
        let recorded = recording.json();
        let seen = rows(&recorded).len() as u64;
        let more = recorded["total"].as_u64().expect("it has a total") > seen;
        assert_eq!(read(&videos(), &recording).next, more.then(|| seen.to_string()), "{}", recording.name);
    }
}

#[test]
fn recordings_of_other_endpoints_name_what_is_missing() {
    for recording in recordings("peertube", &["account-fsf", "account__", "video-channel__"]) {
        let read = Peertube::read_search(&query("tech"), None, &answer(200, &recording.body));
        assert_eq!(read, Err(Fault::Malformed("`data` is missing".into())), "{}", recording.name);
    }
}
