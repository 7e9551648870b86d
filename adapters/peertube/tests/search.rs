//! Goal: a search asks for what the index understands, and reads channels, alone or with a video of theirs.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_peertube::Peertube;
use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Content, Creator, Enrichment, Fault, Page, Platform, Query};

const CHANNELS: &str = include_str!("../fixtures/channels.json");
const VIDEOS: &str = include_str!("../fixtures/videos.json");

fn videos() -> Query {
    query_with("yoga", &[("source", "videos")])
}

fn read(cursor: Option<&str>, body: &str) -> Result<Page, Fault> {
    Peertube::read_search(&query("yoga"), cursor, &answer(200, body))
}

fn channels() -> Vec<Creator> {
    read(None, CHANNELS).expect("it is a page").creators
}

fn of_videos() -> Vec<Creator> {
    Peertube::read_search(&videos(), None, &answer(200, VIDEOS)).expect("it is a page").creators
}

fn content(place: usize) -> Content {
    of_videos().remove(place).content.expect("there is a video")
}

#[test]
fn the_index_needs_no_secret_and_no_profile_calls() {
    let manifest = Peertube::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("peertube", "PeerTube"));
    assert_eq!((manifest.origins[0].base_url.as_str(), &manifest.origins[0].auth), ("https://sepiasearch.org", &Auth::None));
    assert_eq!(manifest.enrichment, Enrichment::None);
    assert_eq!(manifest.extra, [("medium".to_owned(), "video".to_owned())]);
    assert!(channels().iter().chain(&of_videos()).all(|creator| creator.complete));
}

#[test]
fn the_first_page_asks_for_100_channels() {
    let request = Peertube::plan_search(&query("hot yoga"), None).expect("it can be planned");
    assert_eq!(request.path, "/api/v1/search/video-channels");
    assert_eq!([values(&request, "search"), values(&request, "start"), values(&request, "count")], [["hot yoga"], ["0"], ["100"]]);
    assert!(values(&request, "sort").is_empty());
}

#[test]
fn a_later_page_begins_where_the_one_before_ended() {
    let request = Peertube::plan_search(&query("yoga"), Some("100")).expect("it can be planned");
    assert_eq!(values(&request, "start"), ["100"]);
}

#[test]
fn videos_and_an_order_are_asked_for_when_the_settings_say_so() {
    let settings = query_with("yoga", &[("source", "videos"), ("sort", "-views")]);
    let request = Peertube::plan_search(&settings, None).expect("it can be planned");
    assert_eq!((request.path.as_str(), values(&request, "sort")), ("/api/v1/search/videos", vec!["-views"]));
}

#[test]
fn a_cursor_or_setting_that_is_not_known_is_refused() {
    for cursor in ["x", "-1", "", "99999999999999999999"] {
        assert!(matches!(Peertube::plan_search(&query("yoga"), Some(cursor)), Err(Fault::Unsupported(_))), "{cursor}");
    }
    let refused = Peertube::plan_search(&query_with("yoga", &[("source", "accounts")]), None);
    assert!(matches!(refused, Err(Fault::Unsupported(text)) if text.contains("channels or videos")));
}

#[test]
fn a_channel_is_read_with_all_that_the_index_tells() {
    let ana = &channels()[0];
    assert_eq!((ana.identity.as_str(), ana.username.as_str()), ("ana_yoga@videos.test", "ana_yoga@videos.test"));
    assert_eq!(ana.name.as_deref(), Some("Ana Example"));
    assert_eq!(ana.profile_url.as_deref(), Some("https://videos.test/video-channels/ana_yoga"));
    assert_eq!(ana.followers, Some(4945), "the channel's, not its owner's");
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park.\r\nana@studio.test"));
    assert_eq!(ana.links, ["https://give.test/ana"]);
    assert_eq!(ana.content, None);
}

#[test]
fn the_picture_is_the_smallest_that_is_sharp_or_one_of_any_size() {
    assert_eq!(channels()[0].avatar_url.as_deref(), Some("https://videos.test/lazy-static/avatars/120.png"));
    let avatar = |avatars: &str| {
        let body = format!(r#"{{"data":[{{"name":"a","host":"v.test","avatars":{avatars}}}]}}"#);
        read(None, &body).expect("it is a page").creators[0].avatar_url.clone()
    };
    assert_eq!(
        avatar(r#"[{"fileUrl":"https://v.test/48","width":48},{"fileUrl":"https://v.test/99","width":99}]"#).as_deref(),
        Some("https://v.test/99")
    );
    assert_eq!(avatar(r#"[{"fileUrl":"https://v.test/x","width":null}]"#).as_deref(), Some("https://v.test/x"));
    assert_eq!(avatar("[]"), None);
}

#[test]
fn a_picture_that_is_a_path_is_one_on_the_channel_s_instance() {
    assert_eq!(channels()[1].avatar_url.as_deref(), Some("https://tube.other.test/lazy-static/avatars/bo.jpg"));
}

#[test]
fn two_channels_of_one_number_on_two_instances_are_two_creators() {
    let identities: Vec<_> = channels().into_iter().map(|creator| creator.identity).collect();
    assert_eq!(identities, ["ana_yoga@videos.test", "5b5f0000-0000-4000-8000-000000000002@tube.other.test", "cleo@films.test"]);
}

#[test]
fn what_a_channel_leaves_empty_is_unknown_and_a_count_below_zero_too() {
    let cleo = channels().pop().expect("there is a last one");
    assert_eq!((cleo.name, cleo.bio, cleo.avatar_url, cleo.profile_url, cleo.followers), (None, None, None, None, None));
    assert_eq!(channels()[1].followers, Some(0), "nobody following is something that is known");
}

#[test]
fn a_row_without_a_name_or_an_instance_is_dropped_alone() {
    assert_eq!(channels().len(), 3);
    assert_eq!(of_videos().len(), 2);
}

#[test]
fn a_video_gives_its_channel_under_the_same_identity_as_a_search_of_channels() {
    let ana = &of_videos()[0];
    assert_eq!(ana.identity, channels()[0].identity);
    assert_eq!((ana.language.as_deref(), ana.followers, ana.bio.as_deref()), (Some("pt"), None, None));
    assert_eq!(of_videos()[1].language, None);
}

#[test]
fn a_video_is_read_with_all_that_the_index_tells() {
    let video = content(0);
    assert_eq!(video.id, "5b5f0000-0000-4000-8000-00000000000a");
    assert_eq!(video.url.as_deref(), Some("https://videos.test/videos/watch/5b5f0000-0000-4000-8000-00000000000a"));
    assert_eq!(video.description.as_deref(), Some("Yoga in ten minutes"));
    assert_eq!(video.thumbnail.as_deref(), Some("https://videos.test/lazy-static/thumbnails/a.jpg"));
    assert_eq!((video.views, video.likes, video.comments, video.shares), (Some(1469), Some(8), Some(1), None));
    assert_eq!((video.posted_at.as_deref(), video.duration), (Some("2026-02-03T04:05:06.789Z"), Some(601)));
    assert_eq!(video.hashtags, ["yoga", "morning", "ten minutes"]);
}

#[test]
fn a_live_video_has_no_duration_and_a_thumbnail_may_be_a_path() {
    let live = content(1);
    assert_eq!((live.duration, live.views, live.comments), (None, Some(0), None));
    assert_eq!(live.thumbnail.as_deref(), Some("https://tube.other.test/lazy-static/thumbnails/b.jpg"));
}

#[test]
fn a_duration_may_have_a_fraction_and_is_never_0() {
    let duration = |seconds: &str| {
        let body = format!(r#"{{"data":[{{"uuid":"u","duration":{seconds},"channel":{{"name":"a","host":"v.test"}}}}]}}"#);
        let page = Peertube::read_search(&videos(), None, &answer(200, body)).expect("it is a page");
        page.creators[0].content.as_ref().and_then(|video| video.duration)
    };
    assert_eq!(["0", "7.9", "7"].map(duration), [None, Some(7), Some(7)]);
}

#[test]
fn a_video_in_which_nobody_speaks_has_no_language() {
    let body = r#"{"data":[{"uuid":"u","language":{"id":"zxx"},"channel":{"name":"a","host":"v.test"}}]}"#;
    let page = Peertube::read_search(&videos(), None, &answer(200, body)).expect("it is a page");
    assert_eq!(page.creators[0].language, None);
}

#[test]
fn the_next_page_begins_after_all_rows_that_were_given_until_the_total_is_reached() {
    let next = |cursor| read(cursor, CHANNELS).expect("it is a page").next;
    assert_eq!(next(None).as_deref(), Some("5"), "rows that were dropped count");
    assert_eq!(next(Some("244")).as_deref(), Some("249"));
    assert_eq!(next(Some("245")), None);
    assert_eq!(next(Some("18446744073709551615")), None);
}

#[test]
fn without_a_total_a_page_that_is_not_full_is_the_last() {
    let next = |rows: usize| {
        let body = format!(r#"{{"data":[{}]}}"#, vec![r#"{"name":"a","host":"v.test"}"#; rows].join(","));
        read(None, &body).expect("it is a page").next
    };
    assert_eq!((next(99), next(100).as_deref()), (None, Some("100")));
}

#[test]
fn finding_nobody_is_an_empty_page_and_the_last() {
    for body in [r#"{"total":0,"data":[]}"#, r#"{"total":10000,"data":[]}"#] {
        let page = read(Some("100"), body).expect("it is a page");
        assert_eq!((page.creators.len(), page.next), (0, None));
    }
}
