//! Goal: a profile is read whole, and nobody gets somebody else's.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_github::Github;
use scout_sdk::testing::{answer, enriched, found, outcome, typed};
use scout_sdk::{Absence, Fault, Outcome, Platform, Profile};

const USER: &str = include_str!("../fixtures/user.json");

/// The fault of an answer as a whole.
fn fault(status: u16, body: &str) -> Fault {
    Github::read_profiles(&[typed("anou-builds")], &answer(status, body)).expect_err("it is refused")
}

#[test]
fn every_profile_is_a_call_of_its_own() {
    let planned = Github::plan_profiles(&[found("90000001", "anou-builds"), typed("@clay-tools")]).expect("it can be planned");
    let calls: Vec<_> = planned.iter().map(|planned| (planned.request.path.as_str(), planned.covers.clone())).collect();
    assert_eq!(calls, [("/users/anou-builds", vec![0]), ("/users/clay-tools", vec![1])]);
    assert_eq!(planned[0].request.headers.len(), 2);
    assert_eq!(Github::plan_profiles(&[]), Ok(Vec::new()));
}

#[test]
fn a_profile_adds_name_bio_links_address_and_followers() {
    let anou = enriched::<Github>(found("90000001", "anou-builds"), USER);
    assert_eq!((anou.identity.as_str(), anou.username.as_str()), ("90000001", "anou-builds"));
    assert_eq!(anou.name.as_deref(), Some("Anou Clay"));
    assert_eq!(anou.bio.as_deref(), Some("Firmware for kilns.\r\nanou+code@clay.test"));
    assert_eq!(anou.email.as_deref(), Some("anou@clay.test"));
    assert_eq!(anou.followers, Some(4821));
    assert_eq!(anou.links, ["https://anou.test/notes", "https://x.com/anou_clay"]);
    assert_eq!(anou.country, None, "a location is seldom a country");
    let extra = [("account", "User"), ("company", "@clay-tools"), ("location", "Between two rivers"), ("repositories", "38")];
    assert_eq!(anou.extra, extra.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(anou.complete);
}

#[test]
fn an_organisation_s_profile_is_read_like_a_user_s() {
    let tools = enriched::<Github>(found("90000002", "clay-tools"), include_str!("../fixtures/organisation.json"));
    assert_eq!((tools.name.as_deref(), tools.followers), (Some("Clay Tools"), Some(0)));
    assert_eq!(
        (&tools.bio, &tools.email, tools.links.len()),
        (&None, &None, 0),
        "null and blank are unknown, and what is no handle is no link"
    );
}

#[test]
fn who_was_typed_is_found_by_login_whatever_its_case() {
    for key in ["anou-builds", "ANOU-Builds", "@anou-builds", "90000001"] {
        assert_eq!(enriched::<Github>(typed(key), USER).identity, "90000001", "{key}");
    }
}

#[test]
fn a_login_that_belongs_to_somebody_else_by_now_gives_nobody_s_profile() {
    assert_eq!(outcome::<Github>(found("90000009", "anou-builds"), USER), Outcome::Empty(Absence::Missing));
}

#[test]
fn an_account_that_is_gone_is_missing_and_nothing_else_is() {
    let gone = r#"{"message":"Not Found"}"#;
    let alone = [typed("anou-builds")];
    assert_eq!(Github::read_profiles(&alone, &answer(404, gone)), Ok(Profile::nobody(&alone)));
    let two = [typed("a"), typed("b")];
    assert_eq!(Github::read_profiles(&two, &answer(404, gone)), Err(Fault::NotFound), "whose it is can't be told");
    assert_eq!(fault(503, ""), Fault::Unavailable("HTTP 503".into()));
}

#[test]
fn a_404_that_is_not_of_an_account_leaves_nobody_missing() {
    for body in ["<html><title>Not Found</title></html>", "Not Found", "", r#"{"message":"No such route"}"#] {
        assert_eq!(fault(404, body), Fault::NotFound, "{body}");
    }
}

#[test]
fn an_answer_of_another_shape_names_what_is_missing() {
    assert_eq!(fault(200, "{}"), Fault::Malformed("`id` is missing".into()));
    assert_eq!(fault(200, r#"{"id":"user-7","login":"a"}"#), Fault::Malformed("`id` is missing".into()));
    assert_eq!(outcome::<Github>(found("7", "a"), r#"{"id":7}"#), Outcome::Failed(Fault::Malformed("`login` is missing".into())));
    assert!(matches!(fault(200, "[]"), Fault::Malformed(_)));
}
