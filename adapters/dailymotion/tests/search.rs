//! Goal: a search asks for every field by name, and reads whole profiles of whatever comes.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_dailymotion::Dailymotion;
use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Creator, Enrichment, Fault, Page, Platform, Query};

const VIDEOS: &str = include_str!("../fixtures/videos.json");
const USERS: &str = include_str!("../fixtures/users.json");

fn users() -> Query {
    query_with("pottery", &[("find", "users")])
}

fn read(query: &Query, cursor: Option<&str>, body: &str) -> Result<Page, Fault> {
    Dailymotion::read_search(query, cursor, &answer(200, body))
}

fn uploaders() -> Vec<Creator> {
    read(&query("pottery"), None, VIDEOS).expect("it is a page").creators
}

/// A page of so many rows, with or without word of more.
fn page_of(rows: usize, has_more: Option<bool>) -> String {
    let rows: Vec<_> = (0..rows).map(|number| format!(r#"{{"id":"v{number}","owner.id":"u{number}"}}"#)).collect();
    let more = has_more.map_or(String::new(), |more| format!(r#""has_more":{more},"#));
    format!(r#"{{{more}"list":[{}]}}"#, rows.join(","))
}

#[test]
fn dailymotion_needs_no_secret_and_no_profile_calls() {
    let manifest = Dailymotion::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("dailymotion", "Dailymotion"));
    assert_eq!(manifest.enrichment, Enrichment::None);
    assert_eq!(manifest.origins[0].auth, Auth::None);
    assert!(manifest.reports_views);
    assert_eq!(manifest.extra, [("medium".to_owned(), "video".to_owned())]);
    assert!(matches!(Dailymotion::plan_profiles(&[]), Err(Fault::Unsupported(_))));
}

#[test]
fn videos_are_asked_for_with_their_uploaders_so_that_no_profile_call_is_needed() {
    let request = Dailymotion::plan_search(&query("wheel throwing"), None).expect("it can be planned");
    assert_eq!(request.path, "/videos");
    assert_eq!(values(&request, "search"), ["wheel throwing"]);
    assert_eq!((values(&request, "limit"), values(&request, "page")), (vec!["100"], vec!["1"]));
    let fields: Vec<&str> = values(&request, "fields")[0].split(',').collect();
    for field in ["id", "views_total", "owner.id", "owner.username", "owner.description", "owner.followers_total", "owner.country"] {
        assert!(fields.contains(&field), "{field}");
    }
    assert!(values(&request, "sort").is_empty() && values(&request, "country").is_empty() && values(&request, "languages").is_empty());
}

#[test]
fn users_are_asked_for_where_the_setting_says_so() {
    let request = Dailymotion::plan_search(&users(), None).expect("it can be planned");
    assert_eq!(request.path, "/users");
    let fields: Vec<&str> = values(&request, "fields")[0].split(',').collect();
    assert!(fields.contains(&"followers_total") && !fields.iter().any(|field| field.contains('.') || field.contains("views")));
    let neither = Dailymotion::plan_search(&query_with("pottery", &[("find", "playlists")]), None);
    assert!(matches!(neither, Err(Fault::Unsupported(text)) if text.contains("`find` is `playlists`")));
}

#[test]
fn settings_become_parameters_and_videos_and_users_name_languages_differently() {
    let settings = [("sort", "recent"), ("country", "fr"), ("language", "fr")];
    let videos = Dailymotion::plan_search(&query_with("pottery", &settings), None).expect("it can be planned");
    assert_eq!(
        (values(&videos, "sort"), values(&videos, "country"), values(&videos, "languages")),
        (vec!["recent"], vec!["fr"], vec!["fr"])
    );
    let users = Dailymotion::plan_search(&query_with("pottery", &[&settings[..], &[("find", "users")]].concat()), None);
    let users = users.expect("it can be planned");
    assert_eq!((values(&users, "language"), values(&users, "languages").len()), (vec!["fr"], 0));
}

#[test]
fn an_uploader_is_read_with_all_that_a_profile_has() {
    let anou = &uploaders()[0];
    assert_eq!((anou.identity.as_str(), anou.username.as_str()), ("x3fixao", "AnouClay"));
    assert_eq!(anou.name.as_deref(), Some("Anou Clay"));
    assert_eq!(anou.profile_url.as_deref(), Some("https://video.test/AnouClay"));
    assert_eq!(anou.avatar_url.as_deref(), Some("http://img.test/anou/360"));
    assert_eq!(anou.followers, Some(10_482));
    assert_eq!(anou.bio.as_deref(), Some("Pots & patience.\nWrite: anou@clay.test"));
    assert_eq!(anou.email, None, "addresses in the bio are the pipeline's to find");
    assert_eq!(anou.verified, Some(true));
    assert_eq!(anou.links, ["https://clay.test/shop", "https://insta.test/anouclay"]);
    assert_eq!((anou.country.as_deref(), anou.language.as_deref()), (Some("FR"), Some("fr")));
    assert_eq!(anou.extra, [("videos".to_owned(), "211".to_owned())]);
    assert!(anou.complete);
}

#[test]
fn a_video_is_read_with_its_figures() {
    let content = uploaders()[0].content.clone().expect("a video was found");
    assert_eq!((content.id.as_str(), content.url.as_deref()), ("x9fix01", Some("https://video.test/video/x9fix01")));
    assert_eq!(content.description.as_deref(), Some("Kiln day: glazing twelve mugs"));
    assert_eq!(content.thumbnail.as_deref(), Some("https://img.test/x9fix01/x360"));
    assert_eq!((content.views, content.likes, content.comments, content.shares), (Some(48_211), Some(37), None, None));
    assert_eq!((content.posted_at.as_deref(), content.duration), (Some("2025-09-03T17:00:37Z"), Some(754)));
    assert_eq!(content.hashtags, ["pottery", "Kiln"]);
}

#[test]
fn an_uploader_of_whom_little_is_known_is_read_as_far() {
    let bo = &uploaders()[1];
    assert_eq!((bo.identity.as_str(), bo.username.as_str()), ("x3fixbo", "x3fixbo"));
    assert_eq!(bo.profile_url.as_deref(), Some("https://www.dailymotion.com/x3fixbo"));
    assert_eq!((&bo.name, &bo.bio, &bo.avatar_url, bo.links.len()), (&None, &None, &None, 0));
    assert_eq!((bo.followers, bo.verified), (Some(0), Some(false)), "0 is known");
    let live = bo.content.clone().expect("a video was found");
    assert_eq!((live.views, live.likes, live.duration), (None, Some(0), None));
    assert_eq!(live.url.as_deref(), Some("https://www.dailymotion.com/video/x9fix02"));
}

#[test]
fn a_duration_may_have_a_fraction_and_is_never_0() {
    let duration = |seconds: &str| {
        let body = format!(r#"{{"list":[{{"id":"x9","duration":{seconds},"owner.id":"x3"}}]}}"#);
        let page = Dailymotion::read_search(&query("pottery"), None, &answer(200, body)).expect("it is a page");
        page.creators[0].content.as_ref().and_then(|video| video.duration)
    };
    assert_eq!(["0", "7.9", "7"].map(duration), [None, Some(7), Some(7)]);
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let cyrus = &uploaders()[2];
    assert_eq!((cyrus.followers, cyrus.verified, &cyrus.avatar_url), (None, None, &None));
    let content = cyrus.content.clone().expect("a video was found");
    assert_eq!((content.views, content.duration, content.posted_at, content.description), (None, None, None, None));
    assert_eq!(content.url.as_deref(), Some("https://www.dailymotion.com/video/x9fix03"));
}

#[test]
fn a_video_without_an_uploader_s_id_is_dropped_alone() {
    assert!(uploaders().iter().all(|creator| creator.username != "gone"));
    assert_eq!(uploaders().len(), 4);
}

#[test]
fn two_videos_of_one_uploader_are_two_rows_of_one_identity() {
    let creators = uploaders();
    assert_eq!(creators[0].identity, creators[3].identity);
    let content = creators[3].content.clone().expect("a video was found");
    assert_eq!(content.hashtags, ["raku"], "without tags the description has them");
}

#[test]
fn an_uploader_given_as_an_id_alone_is_read_and_the_topic_is_not_taken_for_one() {
    let body = r#"{"has_more":false,"list":[{"id":"x1","title":"t","channel":"fun","owner":"x3fixao"}]}"#;
    let page = read(&query("pottery"), None, body).expect("it is a page");
    assert_eq!((page.creators[0].identity.as_str(), page.creators[0].username.as_str()), ("x3fixao", "x3fixao"));
}

#[test]
fn users_are_read_without_content() {
    let page = read(&users(), None, USERS).expect("it is a page");
    let [anou, bo] = &page.creators[..] else { panic!("{page:?}") };
    assert_eq!(Creator { content: None, links: Vec::new(), ..uploaders()[0].clone() }, Creator { links: Vec::new(), ..anou.clone() });
    assert_eq!((bo.username.as_str(), bo.followers, &bo.bio), ("bo.kilns", Some(3), &None));
    assert_eq!((&bo.content, page.next), (&None, None));
}

#[test]
fn pages_go_on_as_long_as_there_is_more_and_end_with_the_thousandth_row() {
    let next = |cursor, rows, more| read(&query("pottery"), cursor, &page_of(rows, more)).expect("it is a page").next;
    assert_eq!(next(None, 100, Some(true)).as_deref(), Some("2"));
    assert_eq!(next(None, 3, Some(true)).as_deref(), Some("2"), "rows may have been left out");
    assert_eq!(next(Some("2"), 100, Some(false)), None);
    assert_eq!(next(Some("9"), 100, Some(true)).as_deref(), Some("10"));
    assert_eq!(next(Some("10"), 100, Some(true)), None);
    assert_eq!(next(None, 100, None).as_deref(), Some("2"), "without a word a full page is not the last");
    assert_eq!(next(None, 99, None), None);
    let request = Dailymotion::plan_search(&query("pottery"), Some("2")).expect("it can be planned");
    assert_eq!(values(&request, "page"), ["2"]);
}

#[test]
fn a_cursor_of_somebody_else_is_refused() {
    for cursor in ["", "1", "11", "next"] {
        assert!(matches!(Dailymotion::plan_search(&query("pottery"), Some(cursor)), Err(Fault::Unsupported(_))), "{cursor}");
    }
}

#[test]
fn finding_nobody_is_an_empty_page() {
    let page = read(&query("pottery"), None, r#"{"page":1,"limit":100,"total":0,"has_more":false,"list":[]}"#).expect("it is a page");
    assert_eq!((page.creators.len(), page.next), (0, None));
}
