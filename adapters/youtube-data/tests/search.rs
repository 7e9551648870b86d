//! Goal: a search gives the channel of every row, with the video it was found by.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Content, Creator, Fault, Page, Platform};
use scout_youtube_data::YoutubeData;

const VIDEOS: &str = include_str!("../fixtures/search-video.json");
const CHANNELS: &str = include_str!("../fixtures/search-channel.json");
const ANA: &str = "UCanaanaanaanaanaanaana1";

fn read_after(cursor: Option<&str>, body: &str) -> Result<Page, Fault> {
    YoutubeData::read_search(&query("yoga"), cursor, &answer(200, body))
}

fn read(body: &str) -> Result<Page, Fault> {
    read_after(None, body)
}

fn row(body: &str, place: usize) -> Creator {
    read(body).expect("it is a page").creators.swap_remove(place)
}

fn video(body: &str) -> Content {
    row(body, 0).content.expect("it is a video")
}

/// A page of one video, with more members of the page and of the snippet.
fn page_of_one(page: &str, snippet: &str) -> String {
    format!(r#"{{"items":[{{"id":{{"videoId":"v1"}},"snippet":{{"channelId":"{ANA}"{snippet}}}}}]{page}}}"#)
}

#[test]
fn the_key_is_a_query_parameter_that_the_host_adds() {
    let origin = YoutubeData::describe().origins.remove(0);
    assert_eq!(origin.base_url, "https://www.googleapis.com/youtube/v3");
    assert!(matches!(origin.auth, Auth::Query(key) if key.name == "key" && key.secret == "YOUTUBE_API_KEY"));
}

#[test]
fn there_are_videos_to_be_searched_a_hundred_times_a_day() {
    let said = [("medium", "video"), ("daily-searches", "100")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(YoutubeData::describe().extra, said);
}

#[test]
fn videos_are_searched_50_a_page_unless_the_operator_wants_channels() {
    let plan = |settings: &[(&str, &str)]| YoutubeData::plan_search(&query_with("yoga", settings), None);
    let request = plan(&[]).expect("it can be planned");
    let given: Vec<_> = request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(request.path, "/search");
    assert_eq!(given, [("part", "snippet"), ("type", "video"), ("q", "yoga"), ("maxResults", "50")]);
    assert_eq!(values(&plan(&[("type", "channel")]).expect("it can be planned"), "type"), ["channel"]);
    assert!(matches!(plan(&[("type", "playlist")]), Err(Fault::Unsupported(text)) if text.contains("video or channel")));
}

#[test]
fn settings_and_cursor_are_passed_on() {
    let settings = [("order", "date"), ("region", "CZ"), ("language", "cs")];
    let request = YoutubeData::plan_search(&query_with("yoga", &settings), Some("CDIQAA")).expect("it can be planned");
    for (name, value) in [("order", "date"), ("regionCode", "CZ"), ("relevanceLanguage", "cs"), ("pageToken", "CDIQAA")] {
        assert_eq!(values(&request, name), [value]);
    }
}

#[test]
fn a_video_gives_its_channel_and_itself_with_nothing_escaped() {
    let ana = row(VIDEOS, 0);
    assert_eq!((ana.identity.as_str(), ana.username.as_str(), ana.name.as_deref()), (ANA, ANA, Some("Ana \"Moves\"")));
    assert_eq!(ana.profile_url, Some(format!("https://www.youtube.com/channel/{ANA}")));
    assert_eq!((ana.followers, ana.bio, ana.avatar_url, ana.complete), (None, None, None, false));
    assert_eq!(ana.ids, [("channelId".to_owned(), ANA.to_owned())]);
    let video = video(VIDEOS);
    assert_eq!((video.id.as_str(), video.description.as_deref()), ("vid-ana-1", Some("Ana's slow #yoga & tea")));
    assert_eq!(video.url.as_deref(), Some("https://www.youtube.com/watch?v=vid-ana-1"));
    assert_eq!(video.thumbnail.as_deref(), Some("https://cdn.example.test/ana-1-480.jpg"));
    assert_eq!(video.posted_at.as_deref(), Some("2019-12-05T19:00:10Z"));
    assert_eq!((video.views, video.duration, &*video.hashtags), (None, None, &["yoga".to_owned()][..]));
}

#[test]
fn a_character_reference_is_no_hashtag() {
    assert!(video(&page_of_one("", r#","title":"Ana&#39;s yoga""#)).hashtags.is_empty());
}

#[test]
fn a_playlist_gives_its_channel_and_no_content() {
    let bo = row(VIDEOS, 1);
    assert_eq!((bo.identity.as_str(), bo.content), ("UCbobobobobobobobobobob1", None));
}

#[test]
fn a_row_without_a_channel_is_dropped_alone() {
    assert_eq!(read(VIDEOS).map(|page| page.creators.len()), Ok(2));
}

#[test]
fn a_channel_gives_its_picture_and_the_beginning_of_its_description() {
    let ana = row(CHANNELS, 0);
    assert_eq!((ana.identity.as_str(), ana.name.as_deref(), ana.content), (ANA, Some("Ana \"Moves\""), None));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park & elsewhere, for ..."));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana-240.jpg"));
    assert!(!ana.complete, "the description was cut, and subscribers are unknown");
}

#[test]
fn the_returned_token_is_the_next_cursor_until_it_is_missing_or_the_same() {
    assert_eq!(read(VIDEOS).map(|page| page.next), Ok(Some("CDIQAA".into())));
    assert_eq!(read(CHANNELS).map(|page| page.next), Ok(None));
    let next = |asked, page: &str| read_after(asked, &page_of_one(page, "")).map(|page| page.next);
    assert_eq!(next(Some("a"), r#","nextPageToken":"b""#), Ok(Some("b".into())));
    assert_eq!(next(Some("a"), r#","nextPageToken":"a""#), Ok(None));
}

#[test]
fn a_page_without_rows_is_empty_and_the_last() {
    let nothing = Page { creators: Vec::new(), next: None };
    assert_eq!(read(include_str!("../fixtures/search-empty.json")), Ok(nothing.clone()));
    assert_eq!(read(r#"{"items":[],"nextPageToken":"CDIQAA","pageInfo":{"totalResults":1000000}}"#), Ok(nothing.clone()));
    assert_eq!(read(r#"{"pageInfo":{"totalResults":0}}"#), Ok(nothing));
}

#[test]
fn an_answer_without_rows_that_does_not_say_so_names_what_is_missing() {
    for body in ["{}", r#"{"pageInfo":{"totalResults":7}}"#, r#"{"items":{}}"#, r#"{"items":null,"pageInfo":{}}"#] {
        assert_eq!(read(body), Err(Fault::Malformed("`items` is missing".into())), "{body}");
    }
}

#[test]
fn rows_that_all_lack_their_channel_are_a_changed_shape_and_not_an_empty_page() {
    let fault = read(r#"{"items":[{"id":{"videoId":"v1"},"snippet":{"title":"x"}},7]}"#);
    assert_eq!(fault, Err(Fault::Malformed("`items[].snippet.channelId` is missing".into())));
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let video = video(&page_of_one("", r#","title":7.5,"publishedAt":[],"thumbnails":"x","channelTitle":null"#));
    assert_eq!((video.description, video.posted_at, video.thumbnail), (None, None, None));
}
