//! Goal: a search asks for what an instance answers strangers, and reads whom it may show.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_mastodon::Mastodon;
use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Creator, Enrichment, Fault, Page, Platform};

const SEARCH: &str = include_str!("../fixtures/search.json");

fn read(body: &str) -> Result<Page, Fault> {
    Mastodon::read_search(&query("yoga"), None, &answer(200, body))
}

fn creators(settings: &[(&str, &str)]) -> Vec<Creator> {
    Mastodon::read_search(&query_with("yoga", settings), None, &answer(200, SEARCH)).expect("it is a page").creators
}

fn called(username: &str) -> Creator {
    creators(&[]).into_iter().find(|creator| creator.username == username).expect("the creator is found")
}

/// The one account of a search that has these members beside its names.
fn account(members: &str) -> Option<Creator> {
    let body = format!(r#"{{"accounts":[{{"acct":"ana","uri":"https://home.test/users/ana","url":"https://home.test/@ana",{members}}}]}}"#);
    read(&body).expect("it is a page").creators.pop()
}

#[test]
fn an_instance_needs_no_secret_and_no_profile_calls() {
    let manifest = Mastodon::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("mastodon", "Mastodon"));
    assert_eq!(manifest.origins[0].base_url, "https://mastodon.social");
    assert_eq!(manifest.origins[0].auth, Auth::None);
    assert_eq!(manifest.enrichment, Enrichment::None);
    assert_eq!(manifest.extra, []);
    assert!(creators(&[]).iter().all(|creator| creator.complete));
}

#[test]
fn a_search_asks_for_40_accounts_and_never_for_an_offset() {
    let request = Mastodon::plan_search(&query("hot yoga"), None).expect("it can be planned");
    assert_eq!(request.path, "/api/v2/search");
    assert_eq!([values(&request, "q"), values(&request, "type"), values(&request, "limit")], [["hot yoga"], ["accounts"], ["40"]]);
    assert!(values(&request, "offset").is_empty() && values(&request, "resolve").is_empty());
}

#[test]
fn a_search_has_one_page() {
    assert_eq!(read(SEARCH).expect("it is a page").next, None);
    assert!(matches!(Mastodon::plan_search(&query("yoga"), Some("40")), Err(Fault::Unsupported(_))));
}

#[test]
fn an_account_is_read_with_all_that_its_profile_tells() {
    let ana = called("ana");
    assert_eq!(ana.identity, "https://home.test/users/ana");
    assert_eq!(ana.name.as_deref(), Some("Ana Example"), "custom emoji are no part of a name");
    assert_eq!(ana.profile_url.as_deref(), Some("https://home.test/@ana"));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://files.home.test/accounts/avatars/ana.png"));
    assert_eq!(ana.followers, Some(4945));
    assert_eq!(ana.content, None);
    assert!(ana.complete);
}

#[test]
fn a_bio_is_plain_text_with_its_links_whole() {
    let bio = called("ana").bio.expect("there is a bio");
    assert_eq!(bio, "Yoga in the park.\nana@studio.test\n\nMore at https://studio.test/ana?a=1&b=2 with @bo #yoga");
}

#[test]
fn links_come_from_the_bio_and_the_fields_but_not_from_mentions_and_hashtags() {
    assert_eq!(called("ana").links, ["https://studio.test/ana?a=1&b=2", "https://studio.test/"]);
}

#[test]
fn a_link_that_stands_twice_is_one_link() {
    let twice = r#""note":"<a href=\"https://ana.test\">x</a>","fields":[{"name":"web","value":"<a href=\"https://ana.test\">y</a>"}]"#;
    assert_eq!(account(twice).map(|ana| ana.links), Some(vec!["https://ana.test".to_owned()]));
}

#[test]
fn an_address_in_a_field_called_mail_is_the_profile_s_and_any_other_is_not() {
    assert_eq!(called("ana").email.as_deref(), Some("ana+work@studio.test"));
    let email =
        |name: &str, value: &str| account(&format!(r#""fields":[{{"name":"{name}","value":"{value}"}}]"#)).and_then(|ana| ana.email);
    assert_eq!(email("Contact", "<a href='mailto:a@b.test'>a@b.test</a>").as_deref(), Some("a@b.test"));
    assert_eq!(email("XMPP", "ana@chat.test"), None);
    assert_eq!(email("E-Mail", "ask me"), None);
    assert_eq!(email("E-Mail", "https://ana.test"), None);
}

#[test]
fn a_verified_link_verifies_and_an_instance_without_fields_says_nothing() {
    assert_eq!(called("ana").verified, Some(true));
    assert_eq!(called("bo@other.test").verified, Some(false));
    assert_eq!(account(r#""note":"""#).and_then(|ana| ana.verified), None);
}

#[test]
fn a_remote_account_keeps_its_host_in_the_handle_and_its_own_instance_s_name_for_it() {
    let bo = called("bo@other.test");
    assert_eq!(bo.identity, "https://other.test/users/bo");
    assert_eq!(bo.profile_url.as_deref(), Some("https://other.test/@bo"));
}

#[test]
fn an_account_is_the_same_one_whichever_instance_is_asked() {
    let at_home = r#"{"accounts":[{"id":"7","acct":"bo","uri":"https://other.test/users/bo","url":"https://other.test/@bo"}]}"#;
    let page = read(at_home).expect("it is a page");
    assert_eq!(page.creators[0].identity, called("bo@other.test").identity);
}

#[test]
fn without_a_uri_the_page_s_address_is_the_identity_then_the_handle_then_the_id() {
    let identity = |account: &str| read(&format!(r#"{{"accounts":[{account}]}}"#)).expect("it is a page").creators[0].identity.clone();
    assert_eq!(identity(r#"{"id":"7","acct":"bo@other.test","url":"https://other.test/@bo"}"#), "https://other.test/@bo");
    assert_eq!(identity(r#"{"id":"7","acct":"bo@other.test","url":null}"#), "bo@other.test");
    assert_eq!(identity(r#"{"id":7,"username":"bo"}"#), "7");
    let long = format!(r#"{{"id":"7","acct":"bo","uri":"https://{}.test","url":"https://other.test/@bo"}}"#, "x".repeat(256));
    assert_eq!(identity(&long), "https://other.test/@bo", "an identity has at most 256 bytes");
}

#[test]
fn what_an_account_leaves_empty_is_unknown() {
    let bo = called("bo@other.test");
    assert_eq!((bo.name, bo.bio, bo.avatar_url, bo.email), (None, None, None, None));
    assert_eq!(bo.followers, Some(0), "nobody following is something that is known");
}

#[test]
fn a_name_of_custom_emoji_alone_is_unknown() {
    let name = |members| account(members).expect("it is found").name;
    assert_eq!(name(r#""display_name":":leaf:","emojis":[{"shortcode":"leaf"}]"#), None);
    assert_eq!(name(r#""display_name":":leaf:","emojis":[]"#).as_deref(), Some(":leaf:"));
}

#[test]
fn hidden_follower_counts_are_unknown() {
    let followers = |members| account(members).expect("it is found").followers;
    assert_eq!(followers(r#""followers_count":-1"#), None);
    assert_eq!(followers(r#""followers_count":7,"pleroma":{"hide_followers_count":true}"#), None);
    assert_eq!(followers(r#""followers_count":7,"pleroma":{"hide_followers_count":false}"#), Some(7));
    assert_eq!(followers(r#""followers_count":0"#), Some(0));
}

#[test]
fn accounts_that_do_not_want_to_be_discovered_or_indexed_are_not_found() {
    let names: Vec<_> = creators(&[]).into_iter().map(|creator| creator.username).collect();
    assert_eq!(names, ["ana", "bo@other.test", "cleo@new.test"]);
    assert_eq!(account(r#""discoverable":false"#), None);
    assert_eq!(account(r#""noindex":true"#), None);
}

#[test]
fn accounts_that_never_said_whether_they_want_to_be_discovered_are_found() {
    for members in [r#""discoverable":null"#, r#""noindex":null"#, r#""discoverable":true,"noindex":false"#, r#""bot":null"#] {
        assert!(account(members).is_some(), "{members}");
    }
}

#[test]
fn accounts_that_are_suspended_limited_or_in_memory_of_somebody_are_not_found() {
    for member in ["suspended", "limited", "memorial"] {
        assert_eq!(account(&format!(r#""{member}":true"#)), None, "{member}");
        assert!(account(&format!(r#""{member}":false"#)).is_some(), "{member}");
    }
}

#[test]
fn an_account_that_has_moved_is_found_where_it_is_now() {
    let cleo = called("cleo@new.test");
    assert_eq!((cleo.identity.as_str(), cleo.followers), ("https://new.test/users/cleo", Some(77)));
    let moved = |old: &str, new: &str| account(&format!(r#"{old}"moved":{{"acct":"ana@new.test","id":"9"{new}}}"#));
    assert_eq!(moved("", ",\"discoverable\":false"), None);
    assert_eq!(moved("\"discoverable\":false,", ""), None);
    assert_eq!(moved("", "").map(|ana| ana.username).as_deref(), Some("ana@new.test"));
}

#[test]
fn bots_and_groups_are_found_only_when_they_are_asked_for_and_told_apart_then() {
    let kinds: Vec<_> = creators(&[("bots", "true")]).into_iter().flat_map(|creator| creator.extra).map(|(_, kind)| kind).collect();
    assert_eq!(kinds, ["bot", "group"]);
    assert_eq!(creators(&[("bots", "true")]).len(), creators(&[("bots", "false")]).len() + 2);
    assert!(creators(&[]).iter().all(|creator| creator.extra.is_empty()));
}

#[test]
fn a_row_that_names_nobody_is_dropped_alone() {
    let page = read(r#"{"accounts":[{"display_name":"Nobody"},7,{"id":"1","acct":"ana"}]}"#).expect("it is a page");
    assert_eq!(page.creators.len(), 1);
}

#[test]
fn finding_nobody_is_an_empty_page() {
    let page = read(r#"{"accounts":[],"statuses":[],"hashtags":[],"collections":[]}"#).expect("it is a page");
    assert_eq!((page.creators.len(), page.next), (0, None));
}

#[test]
fn an_answer_without_accounts_names_what_is_missing() {
    for body in ["{}", r#"{"accounts":null}"#, r#"{"accounts":{}}"#, r#"{"statuses":[],"hashtags":[]}"#, "[]", r#"[{"acct":"ana"}]"#] {
        assert_eq!(read(body), Err(Fault::Malformed("`accounts` is missing".into())), "{body}");
    }
    let nameless = r#"{"accounts":[{"display_name":"a"},{"display_name":"b"}]}"#;
    assert_eq!(read(nameless), Err(Fault::Malformed("`accounts[].acct` is missing".into())));
}

#[test]
fn a_body_that_is_no_json_is_malformed() {
    assert_eq!(read(""), Err(Fault::Malformed("the body is empty".into())));
    assert!(matches!(read("<html><title>Sign in</title></html>"), Err(Fault::Malformed(text)) if text.contains("Sign in")));
    assert!(matches!(read(&SEARCH[..900]), Err(Fault::Malformed(text)) if text.contains("cut off after 900 bytes")));
}
