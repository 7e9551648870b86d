//! Goal: every creator who was asked for gets exactly one outcome, and the right one.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, enriched, found, outcome, typed, values};
use scout_sdk::{Absence, CreatorRef, Fault, Outcome, Platform, Profile};
use scout_twitch::Twitch;

const USERS: &str = include_str!("../fixtures/users.json");
const ANA: &str = "700100200";

fn read(creators: &[CreatorRef], body: &str) -> Result<Vec<Profile>, Fault> {
    Twitch::read_profiles(creators, &answer(200, body))
}

fn many(count: usize) -> Vec<CreatorRef> {
    (0..count).map(|number| found(&number.to_string(), &format!("user{number}"))).collect()
}

#[test]
fn one_call_asks_for_100_by_repeating_the_parameter() {
    let planned = Twitch::plan_profiles(&many(101)).expect("it can be planned");
    assert_eq!(planned.len(), 2);
    assert_eq!((planned[0].request.path.as_str(), values(&planned[0].request, "id").len()), ("/users", 100));
    assert_eq!(planned[0].covers, (0..100).collect::<Vec<u32>>());
    assert_eq!((values(&planned[1].request, "id"), &planned[1].covers), (vec!["100"], &vec![100]));
}

#[test]
fn a_hundred_fit_into_one_call_and_nobody_needs_none() {
    assert_eq!(Twitch::plan_profiles(&many(100)).map(|planned| planned.len()), Ok(1));
    assert_eq!(Twitch::plan_profiles(&[]).map(|planned| planned.len()), Ok(0));
}

#[test]
fn a_login_that_somebody_typed_is_asked_for_as_one() {
    let planned = Twitch::plan_profiles(&[typed("@Ana_Example"), typed(ANA)]).expect("it can be planned");
    assert_eq!(values(&planned[0].request, "login"), ["Ana_Example"]);
    assert_eq!(values(&planned[0].request, "id"), [ANA]);
}

#[test]
fn a_profile_adds_the_description() {
    let ana = enriched::<Twitch>(typed(ANA), USERS);
    assert_eq!((ana.identity.as_str(), ana.username.as_str()), (ANA, "ana_example"));
    assert_eq!(ana.bio.as_deref(), Some("Chess, slowly.\nana@chess.test"));
    assert_eq!(ana.verified, Some(true), "partners are verified");
    assert_eq!(ana.followers, None, "their number is for whoever has the broadcaster's consent");
    assert_eq!(ana.email, None, "addresses in the description are the pipeline's to find");
    assert_eq!(ana.profile_url.as_deref(), Some("https://www.twitch.tv/ana_example"));
    let extra = [("broadcaster-type", "partner"), ("created", "2016-12-14T20:32:28Z")];
    assert_eq!(ana.extra, extra.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(ana.complete);
}

#[test]
fn a_creator_is_found_by_id_or_by_login_in_any_case() {
    for key in ["ana_example", "ANA_Example", "@ana_example"] {
        assert_eq!(enriched::<Twitch>(typed(key), USERS).identity, ANA, "{key}");
    }
    let profiles = read(&[typed("700100201"), typed(ANA)], USERS).expect("they are read");
    assert_eq!(profiles.iter().map(|profile| profile.identity.as_str()).collect::<Vec<_>>(), ["700100201", ANA]);
}

#[test]
fn a_blank_type_is_not_verified_and_a_silent_answer_is_unknown() {
    assert_eq!(enriched::<Twitch>(typed("700100201"), USERS).verified, Some(false));
    assert_eq!(enriched::<Twitch>(typed("700100204"), USERS).verified, Some(false), "affiliates are not marked");
    let silent = read(&[typed("1")], r#"{"data":[{"id":"1","login":"a"}]}"#).expect("it is read");
    assert!(matches!(&silent[0].outcome, Outcome::Enriched(creator) if creator.verified.is_none()));
}

#[test]
fn an_empty_description_is_unknown() {
    assert_eq!((enriched::<Twitch>(typed("700100201"), USERS).bio, enriched::<Twitch>(typed("700100204"), USERS).bio), (None, None));
}

#[test]
fn whoever_is_left_out_is_missing() {
    assert_eq!(outcome::<Twitch>(typed("999"), USERS), Outcome::Empty(Absence::Missing));
    for body in [r#"{"data":[]}"#, r#"{"data":null}"#] {
        assert_eq!(read(&[typed(ANA)], body).expect("it is read")[0].outcome, Outcome::Empty(Absence::Missing), "{body}");
    }
}

#[test]
fn an_answer_of_another_kind_names_what_is_missing() {
    assert_eq!(read(&[typed(ANA)], "{}"), Err(Fault::Malformed("`data` is missing".into())));
    assert_eq!(read(&[typed(ANA)], r#"{"data":[{"login":"a"}]}"#), Err(Fault::Malformed("`data[].id` is missing".into())));
}
