//! Goal: a search asks for what Bluesky understands, and reads whatever it answers.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_bluesky::Bluesky;
use scout_sdk::testing::{answer, query, values};
use scout_sdk::{Auth, Creator, Enrichment, Fault, Page, Platform};

const SEARCH: &str = include_str!("../fixtures/search.json");

fn read(body: &str) -> Result<Page, Fault> {
    Bluesky::read_search(&query("yoga"), None, &answer(200, body))
}

fn creators() -> Vec<Creator> {
    read(SEARCH).expect("it is a page").creators
}

#[test]
fn bluesky_needs_no_secret_and_reads_profiles_25_at_a_time() {
    let manifest = Bluesky::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("bluesky", "Bluesky"));
    assert_eq!(manifest.enrichment, Enrichment::Required(25));
    assert_eq!(manifest.origins.len(), 1);
    assert_eq!(manifest.origins[0].auth, Auth::None);
    assert!(!manifest.reports_views);
    assert_eq!(manifest.extra, []);
}

#[test]
fn the_first_page_is_asked_for_without_a_cursor() {
    let request = Bluesky::plan_search(&query("vegan baking"), None).expect("it can be planned");
    assert_eq!(request.path, "/app.bsky.actor.searchActors");
    assert_eq!(values(&request, "q"), ["vegan baking"]);
    assert_eq!(values(&request, "limit"), ["100"]);
    assert!(values(&request, "cursor").is_empty());
}

#[test]
fn a_later_page_is_asked_for_with_the_cursor_as_it_came() {
    let request = Bluesky::plan_search(&query("yoga"), Some("7::ana.test")).expect("it can be planned");
    assert_eq!(values(&request, "cursor"), ["7::ana.test"]);
}

#[test]
fn an_actor_is_read_with_all_that_a_search_tells() {
    let ana = &creators()[0];
    assert_eq!(ana.identity, "did:plc:fixtureana0000000000001");
    assert_eq!(ana.username, "ana.example.test");
    assert_eq!(ana.name.as_deref(), Some("Ana Example 🌱"));
    assert_eq!(ana.profile_url.as_deref(), Some("https://bsky.app/profile/ana.example.test"));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana@jpeg"));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park.\nana@studio.test "));
    assert_eq!(ana.verified, Some(true));
    assert_eq!(ana.followers, None, "a search has no counts");
    assert_eq!(ana.content, None);
    assert!(!ana.complete);
}

#[test]
fn an_actor_without_a_valid_handle_is_known_by_the_id() {
    let bo = &creators()[1];
    assert_eq!(bo.identity, "did:plc:fixturebo00000000000002");
    assert_eq!(bo.username, bo.identity);
    assert_eq!(bo.profile_url.as_deref(), Some("https://bsky.app/profile/did:plc:fixturebo00000000000002"));
    assert_eq!(bo.name, None, "an empty name is unknown");
    assert_eq!(bo.verified, None, "older answers say nothing of it");
}

#[test]
fn an_actor_who_wants_to_be_hidden_from_strangers_is_not_found() {
    assert!(creators().iter().all(|creator| creator.username != "hidden.example.test"));
}

#[test]
fn a_label_of_somebody_else_or_one_taken_back_hides_nobody() {
    let mira = creators().pop().expect("there is a last one");
    assert_eq!(mira.username, "mira.example.test");
    assert_eq!(mira.verified, Some(false));
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let mira = creators().pop().expect("there is a last one");
    assert_eq!((mira.name, mira.bio, mira.avatar_url), (None, None, None));
}

#[test]
fn a_row_without_an_id_is_dropped_alone() {
    assert_eq!(creators().len(), 3);
}

#[test]
fn the_cursor_is_passed_on() {
    assert_eq!(read(SEARCH).expect("it is a page").next.as_deref(), Some("3::did:plc:fixturemira000000000003"));
}

#[test]
fn the_last_page_has_no_cursor() {
    let page = read(r#"{"actors":[{"did":"did:plc:a","handle":"a.test"}]}"#).expect("it is a page");
    assert_eq!((page.creators.len(), page.next), (1, None));
}

#[test]
fn a_cursor_that_comes_again_ends_the_search() {
    let response = answer(200, r#"{"actors":[{"did":"did:plc:a","handle":"a.test"}],"cursor":"25"}"#);
    let page = |cursor| Bluesky::read_search(&query("yoga"), cursor, &response).expect("it is a page");
    assert_eq!(page(Some("25")).next, None);
    assert_eq!(page(Some("24")).next.as_deref(), Some("25"));
}

#[test]
fn finding_nobody_is_an_empty_page_and_the_last() {
    let page = read(r#"{"actors":[],"cursor":"25"}"#).expect("it is a page");
    assert_eq!((page.creators.len(), page.next), (0, None));
}

#[test]
fn a_page_on_which_everybody_is_hidden_is_not_the_last() {
    let body = r#"{"actors":[{"did":"did:plc:a","handle":"a.test","labels":[{"val":"!no-unauthenticated"}]}],"cursor":"25"}"#;
    let page = read(body).expect("it is a page");
    assert_eq!((page.creators.len(), page.next.as_deref()), (0, Some("25")));
}
