//! Goal: each of the three searches asks for what the provider understands, and its answers are read.

#![allow(clippy::expect_used, reason = "a panic is a failed test")]

use scout_instagram::Instagram;
use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Content, Creator, Enrichment, Fault, Page, Platform, Query};

const REELS: &str = include_str!("../fixtures/reels.json");
const OLD_REELS: &str = include_str!("../fixtures/old-reels.json");
const PROFILES: &str = include_str!("../fixtures/profiles.json");
const FAILED: &str = include_str!("../fixtures/error-failed.json");

fn profiles() -> Query {
    query_with("yoga", &[("search", "profiles")])
}

fn old_reels() -> Query {
    query_with("yoga", &[("search", "old-reels")])
}

fn read(query: &Query, cursor: Option<&str>, body: &str) -> Result<Page, Fault> {
    Instagram::read_search(query, cursor, &answer(200, body))
}

fn row(query: &Query, body: &str, place: usize) -> Creator {
    read(query, None, body).expect("it is a page").creators.swap_remove(place)
}

fn reel(place: usize) -> Content {
    row(&query("yoga"), REELS, place).content.expect("it has content")
}

fn asked(query: &Query, cursor: Option<&str>) -> (String, Vec<(String, String)>) {
    let request = Instagram::plan_search(query, cursor).expect("it can be planned");
    (request.path, request.query)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn instagram_is_asked_with_the_provider_s_key_one_profile_at_a_time() {
    let manifest = Instagram::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("instagram", "Instagram"));
    assert!(matches!(&manifest.origins[0].auth, Auth::Header(key) if key.name == "x-api-key" && key.secret == "SCRAPECREATORS_API_KEY"));
    assert_eq!(manifest.enrichment, Enrichment::Required(1));
    assert!(!manifest.reports_views, "the endpoint that is asked by default has no views");
    let said = [("price", "paid"), ("credit-field", "credits_remaining")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(manifest.extra, said);
}

#[test]
fn reels_are_searched_unless_the_operator_chose_something_else() {
    assert_eq!(asked(&query("yoga"), None), ("/v2/instagram/reels/search".into(), pairs(&[("query", "yoga")])));
    assert_eq!(asked(&profiles(), None), ("/v1/instagram/search/profiles".into(), pairs(&[("query", "yoga")])));
    assert_eq!(asked(&old_reels(), None), ("/v1/instagram/reels/search".into(), pairs(&[("query", "yoga"), ("amount", "60")])));
}

#[test]
fn a_setting_that_is_none_of_the_choices_is_refused_with_the_choices() {
    let wrong = query_with("yoga", &[("search", "posts")]);
    for fault in [Instagram::plan_search(&wrong, None).err(), read(&wrong, None, REELS).err()] {
        assert!(matches!(fault, Some(Fault::Unsupported(text)) if text.contains("posts") && text.contains("old-reels")));
    }
}

#[test]
fn later_pages_are_asked_for_by_number() {
    let recent = query_with("yoga", &[("date-posted", "last-week")]);
    assert_eq!(asked(&recent, Some("3")).1, pairs(&[("query", "yoga"), ("page", "3"), ("date_posted", "last-week")]));
    assert_eq!(asked(&profiles(), Some("3")).1, pairs(&[("query", "yoga"), ("cursor", "3")]));
}

#[test]
fn a_cursor_is_a_page_up_to_the_last_and_any_other_is_refused() {
    assert!(Instagram::plan_search(&query("yoga"), Some("11")).is_ok());
    for foreign in ["12", "0", "", "h", "-1", "7::ana"] {
        assert!(matches!(Instagram::plan_search(&query("yoga"), Some(foreign)), Err(Fault::Unsupported(_))), "{foreign}");
    }
}

#[test]
fn a_reel_gives_its_owner() {
    let ana = row(&query("yoga"), REELS, 0);
    assert_eq!((ana.identity.as_str(), ana.username.as_str()), ("6100000001", "ana.example"));
    assert_eq!(ana.name.as_deref(), Some("Ana Example"));
    assert_eq!(ana.profile_url.as_deref(), Some("https://www.instagram.com/ana.example/"));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana.jpg"));
    assert_eq!((ana.followers, ana.verified), (Some(188_406), Some(true)));
    assert_eq!(ana.ids, pairs(&[("instagramUserId", "6100000001")]));
    assert_eq!((ana.bio, ana.complete), (None, false), "a reel says nothing of its owner's bio");
}

#[test]
fn a_reel_gives_its_content_without_views() {
    let reel = reel(0);
    assert_eq!(reel.id, "3700000000000000001");
    assert_eq!(reel.url.as_deref(), Some("https://www.instagram.com/reel/Fix0001/"));
    assert_eq!(reel.description.as_deref(), Some("Morning flow 🌅 #Yoga #yoga #mobility"));
    assert_eq!(reel.thumbnail.as_deref(), Some("https://cdn.example.test/fix0001-small.jpg"));
    assert_eq!((reel.views, reel.likes, reel.comments, reel.shares), (None, Some(3487), Some(90), None));
    assert_eq!((reel.posted_at.as_deref(), reel.duration), (Some("2025-09-16T16:56:45Z"), Some(75)));
    assert_eq!(reel.hashtags, ["Yoga", "mobility"]);
}

#[test]
fn what_is_unknown_is_none_and_hidden_likes_are_no_number() {
    let (bo, reel) = (row(&query("yoga"), REELS, 1), reel(1));
    assert_eq!((bo.identity.as_str(), bo.name, bo.avatar_url, bo.followers), ("6100000002", None, None, Some(0)));
    assert_eq!((reel.likes, reel.comments, reel.description, reel.duration, reel.posted_at), (None, None, None, None, None));
    assert_eq!(reel.url.as_deref(), Some("https://www.instagram.com/reel/Fix0002/"), "the short code leads there, too");
    assert_eq!(reel.thumbnail.as_deref(), Some("https://cdn.example.test/fix0002.jpg"));
}

#[test]
fn reels_without_an_owner_s_id_are_dropped_alone() {
    assert_eq!(read(&query("yoga"), None, REELS).map(|page| page.creators.len()), Ok(2));
}

#[test]
fn reels_that_all_lack_an_owner_are_a_changed_shape() {
    let fault = read(&query("yoga"), None, r#"{"reels":[{"id":"1","user":{"id":"1"}}]}"#);
    assert_eq!(fault, Err(Fault::Malformed("`reels[].owner.id` is missing".into())));
    let fault = read(&profiles(), None, r#"{"profiles":[{"username":"a"}]}"#);
    assert_eq!(fault, Err(Fault::Malformed("`profiles[].id` is missing".into())));
}

#[test]
fn the_older_search_has_views_and_one_page() {
    let page = read(&old_reels(), None, OLD_REELS).expect("it is a page");
    assert_eq!(page.creators[0].content.as_ref().and_then(|reel| reel.views), Some(69_884));
    assert_eq!(page.next, None);
}

#[test]
fn the_older_search_may_be_gone_and_says_what_to_do() {
    let html = "<!DOCTYPE html><title>Error</title><pre>Cannot GET /v1/instagram/reels/search</pre>";
    let fault = Instagram::read_search(&old_reels(), None, &answer(404, html));
    assert!(matches!(fault, Err(Fault::Unsupported(text)) if text.contains("`search`")));
    assert_eq!(Instagram::read_search(&query("yoga"), None, &answer(404, html)), Err(Fault::NotFound));
}

#[test]
fn profiles_that_a_search_gives_need_no_further_call() {
    let ana = row(&profiles(), PROFILES, 0);
    assert_eq!((ana.identity.as_str(), ana.followers, ana.verified), ("6100000001", Some(188_406), Some(true)));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park.\nana@studio.test"));
    assert_eq!(ana.links, ["https://studio.test/ana"], "the link beside the bio is the same one");
    assert_eq!(ana.extra, pairs(&[("category", "Fitness trainer"), ("posts", "117")]));
    assert!(ana.complete && ana.content.is_none());
    let shy = row(&profiles(), PROFILES, 1);
    assert_eq!((shy.bio, shy.name, shy.complete), (None, None, true), "a private account shows its profile");
}

#[test]
fn pages_of_reels_are_counted_up_to_the_last() {
    let next = |cursor| read(&query("yoga"), cursor, REELS).map(|page| page.next);
    assert_eq!(next(None), Ok(Some("2".into())));
    assert_eq!(next(Some("10")), Ok(Some("11".into())));
    assert_eq!(next(Some("11")), Ok(None));
}

#[test]
fn pages_of_profiles_follow_the_returned_cursor_up_to_the_last() {
    let next = |asked, returned: &str| {
        read(&profiles(), asked, &format!(r#"{{"profiles":[{{"id":"1","username":"a"}}],"cursor":{returned}}}"#)).map(|page| page.next)
    };
    assert_eq!(next(None, r#""2""#), Ok(Some("2".into())));
    assert_eq!(next(Some("2"), "4"), Ok(Some("4".into())));
    assert_eq!(next(Some("10"), "11"), Ok(Some("11".into())));
    assert_eq!(next(Some("11"), "12"), Ok(None));
    assert_eq!(next(Some("2"), "2"), Ok(None));
    assert_eq!(next(Some("2"), "null"), Ok(None));
}

#[test]
fn an_empty_list_is_an_empty_page_and_the_last() {
    let nothing = Page { creators: Vec::new(), next: None };
    assert_eq!(read(&query("yoga"), None, include_str!("../fixtures/reels-empty.json")), Ok(nothing.clone()));
    assert_eq!(read(&old_reels(), None, r#"{"reels":[]}"#), Ok(nothing.clone()));
    assert_eq!(read(&profiles(), None, r#"{"profiles":[],"cursor":"2"}"#), Ok(nothing));
}

#[test]
fn an_answer_without_its_list_names_it() {
    for body in ["{}", r#"{"reels":null}"#, r#"{"reels":{}}"#, r#"{"success":true,"posts":[]}"#] {
        assert_eq!(read(&query("yoga"), None, body), Err(Fault::Malformed("`reels` is missing".into())), "{body}");
    }
    assert_eq!(read(&profiles(), None, REELS), Err(Fault::Malformed("`profiles` is missing".into())));
}

#[test]
fn a_failure_on_a_keyword_of_several_words_is_asked_again_with_hyphens() {
    let words = query("vegan baking");
    let page = Instagram::read_search(&words, None, &answer(500, FAILED)).expect("the search goes on");
    assert_eq!((page.creators.len(), page.next.as_deref()), (0, Some("1h")));
    let request = Instagram::plan_search(&words, Some("1h")).expect("it can be planned");
    assert_eq!((values(&request, "query"), values(&request, "page")), (vec!["vegan-baking"], vec![]));
    let next = read(&words, Some("1h"), REELS).expect("it is a page").next;
    assert_eq!(next.as_deref(), Some("2h"), "later pages are of the same words");
    let later = Instagram::plan_search(&words, next.as_deref()).expect("it can be planned");
    assert_eq!((values(&later, "query"), values(&later, "page")), (vec!["vegan-baking"], vec!["2"]));
}

#[test]
fn a_failure_that_hyphens_can_t_help_is_the_provider_s() {
    let failed = |query: &Query, cursor, status| Instagram::read_search(query, cursor, &answer(status, FAILED)).err();
    let unavailable = |status| Some(Fault::Unavailable(format!("HTTP {status}: Something went wrong")));
    assert_eq!(failed(&query("yoga"), None, 500), unavailable(500), "one word");
    assert_eq!(failed(&query("vegan baking"), Some("1h"), 500), unavailable(500), "with hyphens already");
    assert_eq!(failed(&query("vegan baking"), Some("2"), 500), unavailable(500), "the first page did well");
    assert_eq!(failed(&query("vegan baking"), None, 503), unavailable(503), "the provider is down");
    assert_eq!(failed(&query_with("vegan baking", &[("search", "profiles")]), None, 500), unavailable(500), "another endpoint");
}

#[test]
fn a_missing_key_is_told_whatever_the_keyword() {
    let no_key = answer(500, include_str!("../fixtures/error-no-key.json"));
    assert_eq!(
        Instagram::read_search(&query("vegan baking"), None, &no_key),
        Err(Fault::Unauthorized("HTTP 500: apiKey is required".into()))
    );
}
