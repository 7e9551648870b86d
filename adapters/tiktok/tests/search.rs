//! Goal: a search asks for what the provider understands, and reads both of its shapes.

#![allow(clippy::expect_used, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Content, Creator, Enrichment, Fault, Page, Platform};
use scout_tiktok::Tiktok;

const SEARCH: &str = include_str!("../fixtures/search.json");
const TRIMMED: &str = include_str!("../fixtures/search-trim.json");

fn read_after(cursor: Option<&str>, body: &str) -> Result<Page, Fault> {
    Tiktok::read_search(&query("yoga"), cursor, &answer(200, body))
}

fn read(body: &str) -> Result<Page, Fault> {
    read_after(None, body)
}

fn row(body: &str, place: usize) -> Creator {
    read(body).expect("it is a page").creators.swap_remove(place)
}

fn content(body: &str, place: usize) -> Content {
    row(body, place).content.expect("it has content")
}

/// A page of one good row, with further members.
fn page_of_one(members: &str) -> String {
    format!(r#"{{"search_item_list":[{{"author":{{"uid":"1","unique_id":"a"}}}}]{members}}}"#)
}

#[test]
fn tiktok_is_asked_with_the_provider_s_key_one_profile_at_a_time() {
    let manifest = Tiktok::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("tiktok", "TikTok"));
    assert!(matches!(&manifest.origins[0].auth, Auth::Header(key) if key.name == "x-api-key" && key.secret == "SCRAPECREATORS_API_KEY"));
    assert_eq!(manifest.enrichment, Enrichment::Required(1));
    assert!(manifest.reports_views);
    let said = [("price", "paid"), ("medium", "video"), ("credit-field", "credits_remaining")];
    assert_eq!(manifest.extra, said.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn the_first_page_is_asked_for_by_keyword_alone() {
    let request = Tiktok::plan_search(&query("vegan baking"), None).expect("it can be planned");
    assert_eq!(request.path, "/v1/tiktok/search/keyword");
    assert_eq!(request.query, [("query".to_owned(), "vegan baking".to_owned())]);
}

#[test]
fn settings_become_the_provider_s_parameters() {
    let chosen = [("region", "DE"), ("date-posted", "this-week"), ("sort-by", "most-liked"), ("trim", "true")];
    let request = Tiktok::plan_search(&query_with("yoga", &chosen), Some("30")).expect("it can be planned");
    for (name, value) in [("cursor", "30"), ("region", "DE"), ("date_posted", "this-week"), ("sort_by", "most-liked"), ("trim", "true")] {
        assert_eq!(values(&request, name), [value]);
    }
}

#[test]
fn a_switch_that_is_neither_on_nor_off_is_refused_before_it_is_paid_for() {
    let refused = Tiktok::plan_search(&query_with("yoga", &[("trim", "yes")]), None);
    assert!(matches!(refused, Err(Fault::Unsupported(text)) if text.contains("`trim` is `yes`")));
}

#[test]
fn a_cursor_of_another_adapter_is_refused() {
    assert!(matches!(Tiktok::plan_search(&query("yoga"), Some("7::ana")), Err(Fault::Unsupported(text)) if text.contains("7::ana")));
}

#[test]
fn a_post_gives_its_author() {
    let ana = row(SEARCH, 0);
    assert_eq!(ana.identity, "6800000000000000001");
    assert_eq!(ana.username, "ana.example");
    assert_eq!(ana.name.as_deref(), Some("Ana Example"));
    assert_eq!(ana.profile_url.as_deref(), Some("https://www.tiktok.com/@ana.example"));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana-720.jpeg"));
    assert_eq!(ana.followers, Some(6772));
    assert_eq!(ana.verified, Some(true));
    let ids = [("uniqueId", "ana.example"), ("secUid", "MS4wLjABAAAA-fixture-ana")].map(|(name, id)| (name.to_owned(), id.to_owned()));
    assert_eq!(ana.ids, ids);
    assert_eq!((ana.bio, ana.email), (None, None), "a search has no bio");
    assert!(!ana.complete);
}

#[test]
fn a_post_gives_its_content() {
    let post = content(SEARCH, 0);
    assert_eq!(post.id, "7500000000000000001");
    assert_eq!(post.url.as_deref(), Some("https://www.tiktok.com/@ana.example/video/7500000000000000001"));
    assert_eq!(post.description.as_deref(), Some("Morning flow #Yoga #yoga #mobility "));
    assert_eq!(post.thumbnail.as_deref(), Some("https://cdn.example.test/cover.jpeg"));
    assert_eq!((post.views, post.likes, post.comments, post.shares), (Some(4695), Some(136), Some(2), Some(13)));
    assert_eq!(post.posted_at.as_deref(), Some("2025-09-03T17:00:37Z"));
    assert_eq!(post.duration, Some(36), "milliseconds become whole seconds");
    assert_eq!(post.hashtags, ["yoga", "mobility"]);
}

#[test]
fn several_posts_of_one_author_are_several_rows() {
    assert_eq!(row(SEARCH, 1).identity, row(SEARCH, 0).identity);
    assert_ne!(content(SEARCH, 1).id, content(SEARCH, 0).id);
}

#[test]
fn what_is_unknown_is_none() {
    let post = content(SEARCH, 1);
    assert_eq!((post.views, post.likes, post.comments, post.shares), (None, Some(12), None, None));
    assert_eq!((post.description, post.thumbnail, post.duration), (None, None, None));
    assert_eq!(post.hashtags, [""; 0]);
}

#[test]
fn a_post_without_a_clean_link_has_the_shared_one_without_its_traces() {
    assert_eq!(content(SEARCH, 1).url.as_deref(), Some("https://www.tiktok.com/@ana.example/photo/7500000000000000002"));
    assert_eq!(content(SEARCH, 2).url.as_deref(), Some("https://www.tiktok.com/@bo_example/video/7500000000000000004"));
}

#[test]
fn the_written_time_stands_in_for_a_missing_number() {
    assert_eq!(content(SEARCH, 1).posted_at.as_deref(), Some("2025-09-02T10:00:00Z"));
    assert_eq!(content(SEARCH, 2).posted_at, None);
}

#[test]
fn ids_and_counts_come_as_any_type() {
    let bo = row(SEARCH, 2);
    assert_eq!((bo.identity.as_str(), bo.followers), ("6800000000000000002", Some(1_200_000)));
    assert_eq!(bo.avatar_url.as_deref(), Some("https://cdn.example.test/bo.jpeg"));
    assert_eq!(content(SEARCH, 2).duration, Some(15));
}

#[test]
fn hashtags_are_taken_from_the_text_where_they_stand_nowhere_else() {
    assert_eq!(content(SEARCH, 2).hashtags, ["sourdough", "gluten"]);
    assert_eq!(content(TRIMMED, 0).hashtags, ["flexible"]);
}

#[test]
fn who_is_verified_has_a_reason_for_it() {
    assert_eq!(row(SEARCH, 1).verified, Some(false), "both reasons are blank");
    assert_eq!(row(SEARCH, 2).verified, None, "there are no reasons");
    assert_eq!(row(TRIMMED, 0).verified, Some(true), "an enterprise has its own");
}

#[test]
fn rows_without_an_author_are_dropped_alone() {
    assert_eq!(read(SEARCH).map(|page| page.creators.len()), Ok(3));
}

#[test]
fn a_trimmed_page_is_read_as_well() {
    let mira = row(TRIMMED, 0);
    assert_eq!((mira.identity.as_str(), mira.followers), ("6800000000000000003", Some(147_630)));
    let post = content(TRIMMED, 0);
    assert_eq!((post.id.as_str(), post.views, post.duration), ("7500000000000000005", Some(1_282_645), Some(22)));
    assert_eq!(post.thumbnail.as_deref(), Some("https://cdn.example.test/mira-cover.jpeg"));
}

#[test]
fn a_post_is_the_same_whether_it_is_wrapped_or_trimmed() {
    let post = r#"{"aweme_id":"7","desc":"a #b","create_time":1756918837,"statistics":{"play_count":9,"digg_count":-1},
        "author":{"uid":"1","unique_id":"a","custom_verify":"Verified account","follower_count":12,"avatar_medium":{"url_list":["https://cdn.test/a"]}}}"#;
    let wrapped = format!(r#"{{"search_item_list":[{{"aweme_info":{post}}}],"cursor":30,"has_more":1}}"#);
    let trimmed = format!(r#"{{"search_item_list":[{post}],"cursor":30}}"#);
    assert_eq!(read(&wrapped), read(&trimmed));
    assert_eq!((row(&trimmed, 0).verified, content(&trimmed, 0).views, content(&trimmed, 0).likes), (Some(true), Some(9), None));
}

#[test]
fn the_returned_cursor_is_the_next_one_whatever_the_number_of_rows() {
    assert_eq!(read(SEARCH).map(|page| page.next), Ok(Some("30".into())));
    assert_eq!(read(&page_of_one(r#","cursor":"95","has_more":true"#)).map(|page| page.next), Ok(Some("95".into())));
}

#[test]
fn a_page_that_does_not_say_whether_there_is_more_is_followed_by_another() {
    assert_eq!(read(TRIMMED).map(|page| page.next), Ok(Some("30".into())));
}

#[test]
fn a_page_that_says_that_there_is_no_more_is_the_last() {
    assert_eq!(read(&page_of_one(r#","cursor":95,"has_more":0"#)).map(|page| page.next), Ok(None));
}

#[test]
fn a_cursor_that_stands_still_or_goes_back_ends_the_search() {
    let next = |asked, returned: u32| read_after(Some(asked), &page_of_one(&format!(r#","cursor":{returned}"#))).map(|page| page.next);
    assert_eq!(next("30", 31), Ok(Some("31".into())));
    assert_eq!(next("30", 30), Ok(None));
    assert_eq!(next("30", 0), Ok(None));
    assert_eq!(read_after(Some("30"), &page_of_one("")).map(|page| page.next), Ok(None));
}

#[test]
fn both_forms_of_finding_nothing_are_an_empty_page_and_the_last() {
    let nothing = Page { creators: Vec::new(), next: None };
    assert_eq!(read(include_str!("../fixtures/search-empty-absent.json")), Ok(nothing.clone()));
    assert_eq!(read(include_str!("../fixtures/search-empty-list.json")), Ok(nothing.clone()));
    assert_eq!(read(r#"{"aweme_list":[],"cursor":30,"has_more":1}"#), Ok(nothing));
}

#[test]
fn an_answer_without_rows_of_any_form_names_what_is_missing() {
    for body in
        ["{}", r#"{"cursor":30}"#, r#"{"search_item_list":{}}"#, r#"{"search_item_list":null}"#, r#"{"aweme_list":[{"aweme_id":"1"}]}"#]
    {
        assert_eq!(read(body), Err(Fault::Malformed("`search_item_list` is missing".into())), "{body}");
    }
}

#[test]
fn rows_that_all_lack_an_author_are_a_changed_shape_and_not_an_empty_page() {
    let fault = read(r#"{"search_item_list":[{"aweme_info":{"aweme_id":"1"}},{"aweme_info":{}}]}"#);
    assert_eq!(fault, Err(Fault::Malformed("`search_item_list[].aweme_info.author.uid` is missing".into())));
}

#[test]
fn a_refusal_by_tiktok_itself_is_not_an_empty_page() {
    let fault = read(r#"{"aweme_list":null,"status_code":2483}"#);
    assert!(matches!(fault, Err(Fault::Unavailable(text)) if text.contains("2483")));
}

#[test]
fn a_row_that_is_wrapped_twice_has_no_author() {
    let twice = r#"{"aweme_info":{"aweme_info":{"author":{"uid":"2","unique_id":"b"}}}}"#;
    let body = format!(r#"{{"search_item_list":[{twice},{{"author":{{"uid":"1","unique_id":"a"}}}}]}}"#);
    let found: Vec<_> = read(&body).expect("it is a page").creators.into_iter().map(|creator| creator.identity).collect();
    assert_eq!(found, ["1"]);
}

#[test]
fn a_row_without_an_id_of_its_post_still_has_its_author() {
    assert_eq!(row(&page_of_one(""), 0).content, None);
}
