//! Goal: a search asks for what Twitch understands, and reads whatever it answers.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Creator, Enrichment, Fault, Page, Platform};
use scout_twitch::Twitch;

const SEARCH: &str = include_str!("../fixtures/search.json");

fn read(body: &str) -> Result<Page, Fault> {
    Twitch::read_search(&query("chess"), None, &answer(200, body))
}

fn creators() -> Vec<Creator> {
    read(SEARCH).expect("it is a page").creators
}

#[test]
fn the_host_is_asked_for_a_token_and_to_repeat_the_id() {
    let manifest = Twitch::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("twitch", "Twitch"));
    assert_eq!(manifest.enrichment, Enrichment::Required(100));
    assert_eq!(manifest.extra, [("medium".to_owned(), "video".to_owned())]);
    let Auth::ClientCredentials(client) = &manifest.origins[0].auth else { panic!("{manifest:?}") };
    assert_eq!(client.token_url, "https://id.twitch.tv/oauth2/token");
    assert_eq!((client.id.as_str(), client.secret.as_str()), ("TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET"));
    assert_eq!(client.id_header.as_deref(), Some("Client-Id"));
}

#[test]
fn the_first_page_is_asked_for_without_a_cursor() {
    let request = Twitch::plan_search(&query("chess openings"), None).expect("it can be planned");
    assert_eq!(request.path, "/search/channels");
    assert_eq!((values(&request, "query"), values(&request, "first")), (vec!["chess openings"], vec!["100"]));
    assert!(values(&request, "after").is_empty() && values(&request, "live_only").is_empty());
    assert!(request.headers.is_empty(), "credentials are the host's");
}

#[test]
fn a_later_page_is_asked_for_with_the_cursor_as_it_came() {
    let request = Twitch::plan_search(&query("chess"), Some("bm90==")).expect("it can be planned");
    assert_eq!(values(&request, "after"), ["bm90=="]);
}

#[test]
fn only_who_is_live_is_asked_for_where_that_is_set() {
    let live = |value| Twitch::plan_search(&query_with("chess", &[("live-only", value)]), None);
    assert_eq!(values(&live("true").expect("it can be planned"), "live_only"), ["true"]);
    assert!(values(&live("false").expect("it can be planned"), "live_only").is_empty());
    assert!(matches!(live("yes"), Err(Fault::Unsupported(text)) if text.contains("`yes`; it must be false or true")));
}

#[test]
fn a_channel_is_read_with_all_that_a_search_tells() {
    let ana = &creators()[0];
    assert_eq!((ana.identity.as_str(), ana.username.as_str()), ("700100200", "ana_example"));
    assert_eq!(ana.name.as_deref(), Some("Ana_Example"));
    assert_eq!(ana.profile_url.as_deref(), Some("https://www.twitch.tv/ana_example"));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana-profile-300x300.png"));
    assert_eq!(ana.language.as_deref(), Some("en"));
    assert_eq!(ana.extra, [("game".to_owned(), "Chess by Mail".to_owned()), ("stream-title".to_owned(), "Slow openings".to_owned())]);
    assert_eq!((ana.followers, &ana.bio, ana.verified, &ana.content), (None, &None, None, &None));
    assert!(!ana.complete);
}

#[test]
fn what_is_blank_is_unknown() {
    let midori = &creators()[1];
    assert_eq!((midori.username.as_str(), midori.name.as_deref()), ("midori_example", Some("みどり")));
    assert!(midori.extra.is_empty());
}

#[test]
fn an_old_row_without_a_login_is_called_by_its_name_and_its_preview_is_no_picture() {
    let bo = &creators()[2];
    assert_eq!((bo.username.as_str(), bo.name.as_deref()), ("oldbo", Some("OldBo")));
    assert_eq!((&bo.avatar_url, &bo.language), (&None, &None), "`other` is no language");
}

#[test]
fn a_name_in_another_script_is_no_login() {
    let mina = &creators()[3];
    assert_eq!((mina.identity.as_str(), mina.username.as_str()), ("700100203", "700100203"));
    assert_eq!((mina.name.as_deref(), &mina.profile_url), (Some("みな"), &None));
    assert_eq!(mina.language.as_deref(), Some("ase"), "Twitch's name for it is not the standard's");
}

#[test]
fn a_row_without_an_id_is_dropped_alone() {
    assert_eq!(creators().len(), 4);
}

#[test]
fn the_cursor_is_passed_on_until_it_comes_again_or_is_missing() {
    assert_eq!(read(SEARCH).expect("it is a page").next.as_deref(), Some("bm90aGluZyB0byBzZWU="));
    let again = Twitch::read_search(&query("chess"), Some("bm90aGluZyB0byBzZWU="), &answer(200, SEARCH)).expect("it is a page");
    assert_eq!(again.next, None);
    for end in ["{}", "null", "[]", r#"{"cursor":""}"#, r#"{"cursor":null}"#] {
        let page = read(&format!(r#"{{"data":[{{"id":"1"}}],"pagination":{end}}}"#)).expect("it is a page");
        assert_eq!((page.creators.len(), page.next), (1, None), "{end}");
    }
}

#[test]
fn finding_nobody_is_an_empty_page_and_the_last() {
    for body in
        [r#"{"data":[],"pagination":{}}"#, r#"{"data":null,"pagination":{"cursor":"x"}}"#, r#"{"data":[],"pagination":{"cursor":"x"}}"#]
    {
        let page = read(body).expect("it is a page");
        assert_eq!((page.creators.len(), page.next), (0, None), "{body}");
    }
}

#[test]
fn an_answer_without_data_names_what_is_missing() {
    for body in ["{}", r#"{"pagination":{}}"#, r#"{"data":{"id":"1"}}"#, r#"{"data":"none"}"#] {
        assert_eq!(read(body), Err(Fault::Malformed("`data` is missing".into())), "{body}");
    }
    assert_eq!(read("[]"), Err(Fault::Malformed("the JSON is no object".into())));
    assert_eq!(read(r#"{"data":[{"display_name":"a"},7]}"#), Err(Fault::Malformed("`data[].id` is missing".into())));
}
