//! Goal: every creator who was asked for gets exactly one outcome, and the right one.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, enriched, extra, found, outcome, typed, values};
use scout_sdk::{Absence, CreatorRef, Fault, Outcome, Platform, Profile};
use scout_youtube::Youtube;

const CHANNEL: &str = include_str!("../fixtures/channel.json");
const OLDER: &str = include_str!("../fixtures/channel-older.json");
const ANA: &str = "UCanaanaanaanaanaanaana1";
const BO: &str = "UCbobobobobobobobobobob1";

fn read(creators: &[CreatorRef], body: &str) -> Result<Vec<Profile>, Fault> {
    Youtube::read_profiles(creators, &answer(200, body))
}

#[test]
fn each_channel_takes_a_call_by_its_id_and_never_by_an_id_as_a_handle() {
    let planned = Youtube::plan_profiles(&[found(ANA, "anamoves"), found(BO, BO)]).expect("it can be planned");
    let asked: Vec<_> = planned.iter().map(|planned| (values(&planned.request, "channelId"), planned.covers.clone())).collect();
    assert_eq!(asked, [(vec![ANA], vec![0]), (vec![BO], vec![1])]);
    assert!(planned.iter().all(|planned| planned.request.path == "/v1/youtube/channel" && values(&planned.request, "handle").is_empty()));
    assert_eq!(Youtube::plan_profiles(&[]), Ok(Vec::new()));
}

#[test]
fn a_channel_of_which_only_the_handle_is_known_is_asked_for_by_it() {
    let of = |creator: CreatorRef| Youtube::plan_profiles(&[creator]).expect("it can be planned").remove(0).request;
    let request = of(typed("@anamoves"));
    assert_eq!((values(&request, "handle"), values(&request, "channelId")), (vec!["anamoves"], vec![]));
    // One letter more or less, or a sign that ids don't have, and it is no id.
    for handle in ["UCanaanaanaanaanaanaana", "UCanaanaanaanaanaanaana11", "UCanaanaanaanaanaanaana.", "ucanaanaanaanaanaanaana1"] {
        assert_eq!(values(&of(typed(handle)), "handle"), [handle]);
    }
    let mut creator = typed("anamoves");
    creator.ids = vec![("channelId".into(), ANA.into())];
    assert_eq!(values(&of(creator), "channelId"), [ANA]);
}

#[test]
fn a_profile_adds_description_exact_subscribers_links_address_and_country() {
    let ana = enriched::<Youtube>(found(ANA, "anamoves"), CHANNEL);
    assert_eq!((ana.identity.as_str(), ana.username.as_str(), ana.name.as_deref()), (ANA, "anamoves", Some("Ana Moves")));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park.\nhello@studio.test"));
    assert_eq!((ana.followers, ana.email.as_deref()), (Some(1_738_332), Some("ana@studio.test")));
    assert_eq!(ana.links, ["https://shop.studio.test", "https://links.test/ana"]);
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana-160.jpg"), "the largest, wherever it stands");
    assert_eq!((ana.country.as_deref(), ana.verified, ana.content, ana.complete), (Some("Czechia"), None, None, true));
    assert_eq!(ana.ids, [("channelId".to_owned(), ANA.to_owned())]);
}

#[test]
fn totals_are_whole_numbers_beyond_32_bits_where_they_are_given() {
    let ana = enriched::<Youtube>(found(ANA, "anamoves"), CHANNEL);
    assert_eq!((extra(&ana, "videos"), extra(&ana, "views")), (Some("205"), Some("29094715875")));
    assert!(enriched::<Youtube>(found(BO, BO), OLDER).extra.is_empty());
}

#[test]
fn an_older_answer_has_its_handle_in_the_address_and_its_subscribers_as_text() {
    let bo = enriched::<Youtube>(found(BO, BO), OLDER);
    assert_eq!((bo.username.as_str(), bo.followers), ("BoWithoutMat", Some(42_500)));
    assert_eq!((bo.bio, bo.email, bo.country, bo.avatar_url), (None, None, None, None));
}

#[test]
fn subscribers_are_exact_where_they_can_be_and_never_guessed() {
    let followers = |members: &str| enriched::<Youtube>(typed(ANA), &format!(r#"{{"channelId":"{ANA}"{members}}}"#)).followers;
    assert_eq!(followers(r#","subscriberCount":1234567,"subscriberCountText":"1.23M subscribers""#), Some(1_234_567));
    assert_eq!(followers(r#","subscriberCountText":"1.2M subscribers""#), Some(1_200_000));
    assert_eq!(followers(r#","subscriberCount":1,"subscriberCountText":"1,2 Mio. Abonnenten""#), None);
    assert_eq!(followers(r#","subscriberCount":-1"#), None);
    assert_eq!(followers(""), None);
}

#[test]
fn a_link_with_the_title_email_is_no_address() {
    let email = |value: &str| enriched::<Youtube>(typed(ANA), &format!(r#"{{"channelId":"{ANA}","email":{value}}}"#)).email;
    assert_eq!(email(r#""https://forms.test/mail@me.test""#), None);
    assert_eq!(email(r#""mailto:ana@studio.test""#), None);
    assert_eq!(email(r#""ask me""#), None);
    assert_eq!(email("null"), None);
    assert_eq!(email(r#""ana@studio.test""#).as_deref(), Some("ana@studio.test"));
}

#[test]
fn a_title_of_a_link_that_is_no_handle_never_becomes_one() {
    let username =
        |handle: &str| enriched::<Youtube>(found(ANA, "anamoves"), &format!(r#"{{"channelId":"{ANA}","handle":"{handle}"}}"#)).username;
    assert_eq!(username("https://links.test/ana"), "anamoves");
    assert_eq!(username("channel/UCanaanaanaanaanaanaana1"), "anamoves");
    assert_eq!(username("@"), "anamoves");
    assert_eq!(username("@AnaMoves"), "AnaMoves");
}

#[test]
fn a_channel_that_still_has_no_handle_keeps_its_id() {
    let body = format!(r#"{{"channelId":"{BO}","channel":"http://www.youtube.com/channel/{BO}"}}"#);
    assert_eq!(enriched::<Youtube>(found(BO, BO), &body).username, BO);
}

#[test]
fn the_identity_is_echoed_letter_by_letter() {
    for key in [ANA, "anamoves", "@AnaMoves"] {
        let profiles = read(&[typed(key)], CHANNEL).expect("it is read");
        assert_eq!(profiles[0].identity, key);
        assert!(matches!(&profiles[0].outcome, Outcome::Enriched(creator) if creator.identity == ANA), "{key}");
    }
}

#[test]
fn an_answer_about_another_channel_is_nobody_s_profile() {
    assert_eq!(outcome::<Youtube>(found(BO, "anamoves"), CHANNEL), Outcome::Empty(Absence::Missing));
    assert_eq!(outcome::<Youtube>(typed("somebody.else"), CHANNEL), Outcome::Empty(Absence::Missing));
    let both = read(&[found(ANA, "anamoves"), found(BO, BO)], CHANNEL).expect("it is read");
    assert!(matches!(&both[0].outcome, Outcome::Enriched(_)));
    assert_eq!(both[1].outcome, Outcome::Empty(Absence::Missing));
}

#[test]
fn an_answer_without_an_id_fails_and_names_what_is_missing() {
    for body in ["{}", r#"{"channelId":null}"#, r#"{"channelId":[]}"#, r#"{"name":"Ana","subscriberCount":7}"#] {
        assert_eq!(outcome::<Youtube>(typed(ANA), body), Outcome::Failed(Fault::Malformed("`channelId` is missing".into())), "{body}");
    }
}

#[test]
fn a_channel_that_is_gone_since_the_search_is_missing_and_no_failure() {
    let not_found = r#"{"success":true,"error":"not_found","errorStatus":404,"message":"no such channel"}"#;
    assert_eq!(outcome::<Youtube>(typed(ANA), not_found), Outcome::Empty(Absence::Missing));
}

#[test]
fn an_answer_that_says_why_it_has_no_channel_fails_for_that_reason() {
    let refused = r#"{"success":false,"message":"try again"}"#;
    assert_eq!(outcome::<Youtube>(typed(ANA), refused), Outcome::Failed(Fault::Other("HTTP 200: try again".into())));
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let body = format!(r#"{{"channelId":"{ANA}","handle":7.5,"name":[],"description":1.5,"links":"x","country":{{}},"avatar":[]}}"#);
    let creator = enriched::<Youtube>(found(ANA, "anamoves"), &body);
    assert_eq!((creator.name, creator.bio, creator.country, creator.avatar_url), (None, None, None, None));
    assert!(creator.links.is_empty());
}
