//! Goal: every creator who was asked for gets exactly one outcome, and the right one.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, enriched, extra, found, outcome, typed, values};
use scout_sdk::{Absence, CreatorRef, Fault, Outcome, Platform, Profile};
use scout_youtube_data::YoutubeData;

const CHANNELS: &str = include_str!("../fixtures/channels.json");
const NONE: &str = include_str!("../fixtures/channels-none.json");
const ANA: &str = "UCanaanaanaanaanaanaana1";
const BO: &str = "UCbobobobobobobobobobob1";
const CY: &str = "UCcycycycycycycycycycyc1";
const DEE: &str = "UCdeedeedeedeedeedeedee1";

fn read(creators: &[CreatorRef], body: &str) -> Result<Vec<Profile>, Fault> {
    YoutubeData::read_profiles(creators, &answer(200, body))
}

#[test]
fn a_call_covers_50_channels_and_the_51st_takes_another() {
    let creators = |count: usize| (0..count).map(|number| typed(&format!("UC{number:022}"))).collect::<Vec<_>>();
    let planned = |count: usize| YoutubeData::plan_profiles(&creators(count)).expect("it can be planned");
    assert_eq!((planned(0).len(), planned(50).len(), planned(51).len()), (0, 1, 2));
    let planned = planned(100);
    assert_eq!(planned[1].covers, (50..100).collect::<Vec<_>>());
    let ids = values(&planned[1].request, "id");
    assert_eq!((ids.len(), ids[0].split(',').count()), (1, 50));
    assert_eq!(values(&planned[1].request, "part"), ["snippet,statistics,brandingSettings"]);
    assert_eq!(values(&planned[1].request, "maxResults"), ["50"]);
}

#[test]
fn a_channel_of_which_only_the_handle_is_known_takes_a_call_alone() {
    let creators = [found(ANA, ANA), typed("@bo.example"), found(CY, CY)];
    let planned = YoutubeData::plan_profiles(&creators).expect("it can be planned");
    let asked: Vec<_> = planned
        .iter()
        .map(|planned| (values(&planned.request, "id"), values(&planned.request, "forHandle"), planned.covers.clone()))
        .collect();
    let both = format!("{ANA},{CY}");
    assert_eq!(asked, [(vec![both.as_str()], vec![], vec![0, 2]), (vec![], vec!["@bo.example"], vec![1])]);
}

#[test]
fn a_profile_adds_description_subscribers_handle_country_and_language() {
    let ana = enriched::<YoutubeData>(found(ANA, ANA), CHANNELS);
    assert_eq!((ana.identity.as_str(), ana.username.as_str(), ana.name.as_deref()), (ANA, "anamoves", Some("Ana \"Moves\"")));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park & elsewhere.\nana@studio.test"), "nothing is escaped here");
    assert_eq!((ana.followers, ana.country.as_deref(), ana.language.as_deref()), (Some(1_730_000), Some("CZ"), Some("cs")));
    assert_eq!(ana.profile_url.as_deref(), Some("https://www.youtube.com/@anamoves"));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana-800.jpg"));
    assert_eq!((extra(&ana, "videos"), extra(&ana, "views")), (Some("205"), Some("29094715875")));
    assert_eq!((ana.email, ana.verified, ana.content, ana.complete), (None, None, None, true));
}

#[test]
fn hidden_subscribers_are_unknown_and_never_0() {
    assert_eq!(enriched::<YoutubeData>(found(BO, BO), CHANNELS).followers, None);
    let count = |hidden: &str| {
        let statistics = format!(r#""statistics":{{"subscriberCount":"0"{hidden}}}"#);
        enriched::<YoutubeData>(typed(ANA), &format!(r#"{{"items":[{{"id":"{ANA}","snippet":{{}},{statistics}}}]}}"#)).followers
    };
    assert_eq!(count(""), Some(0));
    assert_eq!(count(r#","hiddenSubscriberCount":false"#), Some(0));
    assert_eq!(count(r#","hiddenSubscriberCount":true"#), None);
}

#[test]
fn what_the_snippet_leaves_blank_is_taken_from_the_branding_settings() {
    let bo = enriched::<YoutubeData>(found(BO, BO), CHANNELS);
    assert_eq!((bo.bio.as_deref(), bo.country.as_deref(), bo.language.as_deref()), (Some("Who needs a mat"), Some("DE"), Some("de")));
}

#[test]
fn a_name_for_the_address_that_is_no_handle_is_none() {
    let bo = enriched::<YoutubeData>(found(BO, BO), CHANNELS);
    assert_eq!((bo.username.as_str(), bo.profile_url), (BO, Some(format!("https://www.youtube.com/channel/{BO}"))));
}

#[test]
fn a_channel_without_statistics_has_unknown_counts() {
    let cy = enriched::<YoutubeData>(found(CY, CY), CHANNELS);
    assert_eq!((cy.followers, cy.bio.as_deref(), cy.extra.len()), (None, Some("Breath"), 0));
}

#[test]
fn each_of_several_gets_their_own_and_who_is_left_out_is_missing() {
    let profiles = read(&[found(CY, CY), found(DEE, DEE), found(ANA, ANA)], CHANNELS).expect("it is read");
    let outcomes: Vec<_> = profiles.iter().map(|profile| &profile.outcome).collect();
    assert!(matches!(outcomes[0], Outcome::Enriched(creator) if creator.identity == CY));
    assert_eq!(outcomes[1], &Outcome::Empty(Absence::Missing));
    assert!(matches!(outcomes[2], Outcome::Enriched(creator) if creator.identity == ANA));
    assert_eq!(outcome::<YoutubeData>(found(DEE, DEE), CHANNELS), Outcome::Empty(Absence::Missing));
}

#[test]
fn nobody_of_those_asked_for_is_an_answer_without_a_list() {
    assert_eq!(outcome::<YoutubeData>(found(DEE, DEE), NONE), Outcome::Empty(Absence::Missing));
    assert_eq!(outcome::<YoutubeData>(found(DEE, DEE), r#"{"items":[]}"#), Outcome::Empty(Absence::Missing));
    assert_eq!(read(&[typed(DEE)], "{}"), Err(Fault::Malformed("`items` is missing".into())));
}

#[test]
fn a_channel_that_was_asked_for_by_handle_is_the_one_that_comes() {
    let alone = format!(r#"{{"items":[{{"id":"{ANA}","snippet":{{"customUrl":"@AnaMoves"}}}}]}}"#);
    let profiles = read(&[typed("@anamoves")], &alone).expect("it is read");
    assert_eq!(profiles[0].identity, "@anamoves", "the identity is echoed letter by letter");
    assert!(matches!(&profiles[0].outcome, Outcome::Enriched(creator) if creator.identity == ANA && creator.username == "AnaMoves"));
    let among = read(&[typed("anamoves"), typed("nobody.here")], CHANNELS).expect("it is read");
    assert!(matches!(&among[0].outcome, Outcome::Enriched(creator) if creator.identity == ANA));
    assert_eq!(among[1].outcome, Outcome::Empty(Absence::Missing));
}

#[test]
fn rows_without_ids_or_snippets_are_a_changed_shape() {
    assert_eq!(read(&[typed(ANA)], r#"{"items":[{"snippet":{}},7]}"#), Err(Fault::Malformed("`items[].id` is missing".into())));
    let bare = format!(r#"{{"items":[{{"id":"{ANA}"}}]}}"#);
    assert_eq!(outcome::<YoutubeData>(typed(ANA), &bare), Outcome::Failed(Fault::Malformed("`items[].snippet` is missing".into())));
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let body = format!(
        r#"{{"items":[{{"id":"{ANA}","snippet":{{"title":7.5,"customUrl":[],"country":{{}},"thumbnails":"x"}},"statistics":{{"subscriberCount":"many"}}}}]}}"#
    );
    let ana = enriched::<YoutubeData>(typed(ANA), &body);
    assert_eq!((ana.name, ana.country, ana.avatar_url, ana.followers, ana.username.as_str()), (None, None, None, None, ANA));
}
