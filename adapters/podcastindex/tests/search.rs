//! Goal: a search asks for what Podcast Index understands, and reads whatever it answers.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_podcastindex::PodcastIndex;
use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Creator, Enrichment, Fault, Page, Platform};

const SEARCH: &str = include_str!("../fixtures/search.json");

fn read(body: &str) -> Result<Page, Fault> {
    PodcastIndex::read_search(&query("kitchen"), None, &answer(200, body))
}

fn creators() -> Vec<Creator> {
    read(SEARCH).expect("it is a page").creators
}

#[test]
fn the_host_is_asked_to_sign_and_there_are_no_profile_calls() {
    let manifest = PodcastIndex::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("podcastindex", "Podcast Index"));
    assert_eq!((manifest.enrichment, manifest.hints.pages_per_keyword), (Enrichment::None, 1));
    assert_eq!(manifest.extra, [("medium".to_owned(), "audio".to_owned())]);
    let Auth::Signed(signed) = &manifest.origins[0].auth else { panic!("it is signed") };
    assert_eq!(signed.scheme, "sha1-key-secret-date");
    assert_eq!((signed.key.as_str(), signed.secret.as_str()), ("PODCASTINDEX_API_KEY", "PODCASTINDEX_API_SECRET"));
}

#[test]
fn one_call_asks_for_as_many_as_there_may_be_with_whole_descriptions() {
    let request = PodcastIndex::plan_search(&query("slow kitchen"), None).expect("it can be planned");
    assert_eq!(request.path, "/search/byterm");
    assert_eq!((values(&request, "q"), values(&request, "max")), (vec!["slow kitchen"], vec!["1000"]));
    assert_eq!(values(&request, "fulltext").len(), 1);
    assert!(values(&request, "clean").is_empty());
    assert!(request.headers.is_empty(), "signatures are the host's");
}

#[test]
fn explicit_shows_are_left_out_where_that_is_set() {
    let clean = |value| PodcastIndex::plan_search(&query_with("kitchen", &[("clean", value)]), None);
    assert_eq!(values(&clean("true").expect("it can be planned"), "clean").len(), 1);
    assert!(values(&clean("false").expect("it can be planned"), "clean").is_empty(), "its mere presence would leave them out");
    assert!(matches!(clean("1"), Err(Fault::Unsupported(text)) if text.contains("`1`; it must be false or true")));
}

#[test]
fn there_is_no_second_page() {
    assert_eq!(read(SEARCH).expect("it is a page").next, None);
    assert!(matches!(PodcastIndex::plan_search(&query("kitchen"), Some("2")), Err(Fault::Unsupported(_))));
}

#[test]
fn a_show_is_read_with_all_that_the_directory_tells() {
    let show = &creators()[0];
    assert_eq!((show.identity.as_str(), show.username.as_str()), ("9100200", "9100200"));
    assert_eq!(show.name.as_deref(), Some("The Slow Kitchen"));
    assert_eq!(show.profile_url.as_deref(), Some("https://podcastindex.org/podcast/9100200"));
    assert_eq!(show.avatar_url.as_deref(), Some("https://cdn.example.test/slow-large.jpg"));
    assert_eq!(show.language.as_deref(), Some("en-us"));
    assert_eq!(show.links, ["https://slowkitchen.test", "https://slowkitchen.test/club", "https://feeds.example.test/slow-kitchen.xml"]);
    let ids = [("feedId", "9100200"), ("podcastGuid", "11111111-aaaa-5bbb-8ccc-000000000001"), ("itunesId", "910020012")];
    assert_eq!(show.ids, ids.map(|(name, id)| (name.to_owned(), id.to_owned())));
    assert_eq!((show.followers, &show.content, &show.email), (None, &None, &None));
    assert!(show.complete);
}

#[test]
fn what_has_no_field_of_its_own_is_noted() {
    let noted = [
        ("author", "Ana Example"),
        ("owner", "Slow Kitchen Club"),
        ("categories", "Leisure, Food"),
        ("episodes", "42"),
        ("latest-release", "2026-07-25T17:20:00Z"),
    ];
    assert_eq!(creators()[0].extra, noted.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn a_description_is_plain_text_with_its_addresses_in_it() {
    let bio = creators()[0].bio.clone().expect("it has one");
    assert!(bio.contains("ana@slowkitchen.test & come by.") && !bio.contains('<'), "{bio}");
}

#[test]
fn what_is_blank_null_or_zero_is_unknown() {
    let show = &creators()[1];
    assert_eq!(show.name.as_deref(), Some("Sour Notes"));
    assert_eq!(show.avatar_url.as_deref(), Some("http://cdn.example.test/sour.jpg"), "the image stands in for the artwork");
    assert_eq!((&show.language, show.links.len(), show.ids.len()), (&None, 1, 1));
    assert_eq!(show.extra, [("episodes".to_owned(), "0".to_owned())]);
}

#[test]
fn dead_feeds_and_duplicates_are_not_found() {
    let ids: Vec<_> = creators().into_iter().map(|creator| creator.identity).collect();
    assert_eq!(ids, ["9100200", "9100201", "9100204"]);
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let odd = creators().pop().expect("there is a last one");
    assert_eq!((odd.name, odd.bio, odd.avatar_url, odd.language), (None, None, None, None));
    assert!(odd.links.is_empty() && odd.extra.is_empty());
}

#[test]
fn a_category_has_a_name_or_is_none() {
    let noted = |categories: &str| {
        let page = read(&format!(r#"{{"feeds":[{{"id":1,"categories":{categories}}}]}}"#)).expect("it is a page");
        page.creators[0].extra.first().map(|(_, value)| value.clone())
    };
    assert_eq!(noted(r#"{"9":"Business","12":null,"13":7,"14":-1}"#).as_deref(), Some("Business"));
    for none in ["null", "{}", "[]", r#"["Business"]"#, r#""Business""#, r#"{"9":null}"#] {
        assert_eq!(noted(none), None, "{none}");
    }
}

#[test]
fn finding_nothing_is_an_empty_page() {
    let page = read(r#"{"status":"true","feeds":[],"count":0,"query":"xq","description":"No feeds match this query."}"#);
    assert_eq!(page.map(|page| (page.creators.len(), page.next)), Ok((0, None)));
}

#[test]
fn a_page_of_nothing_but_dead_feeds_is_empty_and_not_a_changed_shape() {
    assert_eq!(read(r#"{"status":"true","feeds":[{"id":1,"dead":1}]}"#).map(|page| page.creators.len()), Ok(0));
}

#[test]
fn an_answer_without_feeds_names_what_is_missing() {
    for body in ["{}", r#"{"status":"true"}"#, r#"{"status":"true","feeds":null}"#, r#"{"feeds":{"id":1}}"#] {
        assert_eq!(read(body), Err(Fault::Malformed("`feeds` is missing".into())), "{body}");
    }
    assert_eq!(read(r#"{"feeds":[{"title":"a"}]}"#), Err(Fault::Malformed("`feeds[].id` is missing".into())));
    assert_eq!(read(r#"[{"id":1}]"#), Err(Fault::Malformed("the JSON is no object".into())));
}
