//! Goal: every creator who was asked for gets exactly one outcome, and the right one.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, enriched, extra, found, outcome, typed, values};
use scout_sdk::{Absence, CreatorRef, Fault, Outcome, Platform, Profile};
use scout_tiktok::Tiktok;

const PROFILE: &str = include_str!("../fixtures/profile.json");
const ROUNDED: &str = include_str!("../fixtures/profile-without-exact-counts.json");
const PRIVATE: &str = include_str!("../fixtures/profile-private.json");
const DEACTIVATED: &str = include_str!("../fixtures/profile-deactivated.json");
const ANA: &str = "6800000000000000001";

fn read(creators: &[CreatorRef], body: &str) -> Result<Vec<Profile>, Fault> {
    Tiktok::read_profiles(creators, &answer(200, body))
}

#[test]
fn each_creator_takes_a_call_by_handle() {
    let planned = Tiktok::plan_profiles(&[found(ANA, "ana.example"), typed("@bo_example")]).expect("it can be planned");
    let asked: Vec<_> = planned.iter().map(|planned| (values(&planned.request, "handle"), planned.covers.clone())).collect();
    assert_eq!(asked, [(vec!["ana.example"], vec![0]), (vec!["bo_example"], vec![1])]);
    assert!(planned.iter().all(|planned| planned.request.path == "/v1/tiktok/profile"));
    assert_eq!(Tiktok::plan_profiles(&[]), Ok(Vec::new()));
}

#[test]
fn a_profile_adds_bio_exact_counts_and_link() {
    let ana = enriched::<Tiktok>(found(ANA, "ana.example"), PROFILE);
    assert_eq!((ana.identity.as_str(), ana.username.as_str()), (ANA, "ana.example"));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park.\nana@studio.test"));
    assert_eq!(ana.followers, Some(1_738_332));
    assert_eq!(ana.verified, Some(true));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana-1080.jpeg"));
    assert_eq!(ana.links, ["https://studio.test/ana"], "a link without a scheme gets one");
    assert_eq!((ana.country.as_deref(), ana.language.as_deref()), (Some("CZ"), Some("en")));
    assert_eq!(ana.email, None, "addresses in the bio are the pipeline's to find");
    assert_eq!(ana.content, None);
    assert!(ana.complete);
}

#[test]
fn totals_are_exact_where_they_can_be_and_never_an_overflow() {
    let ana = enriched::<Tiktok>(typed(ANA), PROFILE);
    assert_eq!((extra(&ana, "hearts"), extra(&ana, "videos")), (Some("8333988195"), Some("16964")));
    let shy = enriched::<Tiktok>(typed("shy.example"), ROUNDED);
    assert_eq!((extra(&shy, "hearts"), extra(&shy, "videos")), (Some("8300000000"), Some("0")));
}

#[test]
fn a_count_below_nothing_is_unknown() {
    let body = r#"{"user":{"id":"1","uniqueId":"a"},"stats":{"followerCount":-84927980,"heartCount":-255946397,"videoCount":-1}}"#;
    let creator = enriched::<Tiktok>(typed("a"), body);
    assert_eq!((creator.followers, creator.extra), (None, Vec::new()));
    let exact = r#"{"user":{"id":"1","uniqueId":"a"},"statsV2":{"followerCount":"7"},"stats":{"followerCount":-84927980}}"#;
    assert_eq!(enriched::<Tiktok>(typed("a"), exact).followers, Some(7));
}

#[test]
fn an_empty_bio_is_a_profile_and_no_absence() {
    let open = r#"{"user":{"id":"1","uniqueId":"a","signature":""}}"#;
    assert_eq!(enriched::<Tiktok>(typed("a"), open).bio, None);
    let closed = r#"{"user":null,"account_deactivated":true,"handle":"a"}"#;
    assert_eq!(outcome::<Tiktok>(typed("a"), closed), Outcome::Empty(Absence::Deactivated));
}

#[test]
fn rounded_counts_stand_in_for_missing_exact_ones() {
    assert_eq!(enriched::<Tiktok>(typed("shy.example"), ROUNDED).followers, Some(6319));
    let partial = r#"{"user":{"id":"1","uniqueId":"a"},"statsV2":{"followerCount":"?"},"stats":{"followerCount":1700000}}"#;
    assert_eq!(enriched::<Tiktok>(typed("a"), partial).followers, Some(1_700_000));
    assert_eq!(enriched::<Tiktok>(typed("a"), r#"{"user":{"id":"1","uniqueId":"a"}}"#).followers, None);
}

#[test]
fn a_private_account_that_shows_its_profile_is_enriched() {
    let shy = enriched::<Tiktok>(typed("shy.example"), ROUNDED);
    assert_eq!((shy.identity.as_str(), shy.bio, shy.verified), ("6800000000000000004", None, Some(false)));
    assert_eq!(shy.avatar_url.as_deref(), Some("https://cdn.example.test/shy.jpeg"));
}

#[test]
fn a_private_account_without_a_profile_is_private() {
    assert_eq!(outcome::<Tiktok>(found("1", "shy.example"), PRIVATE), Outcome::Empty(Absence::Private));
}

#[test]
fn a_closed_account_is_deactivated() {
    assert_eq!(outcome::<Tiktok>(found("1", "gone.example"), DEACTIVATED), Outcome::Empty(Absence::Deactivated));
}

#[test]
fn the_identity_is_echoed_letter_by_letter() {
    for key in [ANA, "ana.example", "@Ana.Example"] {
        let profiles = read(&[typed(key)], PROFILE).expect("it is read");
        assert_eq!(profiles[0].identity, key);
        assert!(matches!(&profiles[0].outcome, Outcome::Enriched(creator) if creator.identity == ANA), "{key}");
    }
}

#[test]
fn a_handle_that_belongs_to_somebody_else_by_now_is_missing() {
    assert_eq!(outcome::<Tiktok>(found("6800000000000000009", "ana.example"), PROFILE), Outcome::Empty(Absence::Missing));
}

#[test]
fn a_profile_without_an_id_is_matched_by_its_handle() {
    let body = r#"{"user":{"uniqueId":"ana.example"}}"#;
    assert_eq!(enriched::<Tiktok>(found(ANA, "ana.example"), body).identity, ANA);
    assert_eq!(outcome::<Tiktok>(found("1", "bo_example"), body), Outcome::Empty(Absence::Missing));
}

#[test]
fn an_answer_speaks_of_one_creator_and_the_others_are_missing() {
    let outcomes = |body: &str| -> Vec<_> {
        let asked = [typed("ana.example"), typed("shy.example"), typed("gone.example")];
        read(&asked, body).expect("it is read").into_iter().map(|profile| profile.outcome).collect()
    };
    assert!(matches!(&outcomes(PROFILE)[..], [Outcome::Enriched(_), Outcome::Empty(Absence::Missing), Outcome::Empty(Absence::Missing)]));
    assert_eq!(outcomes(PRIVATE), [Absence::Missing, Absence::Private, Absence::Missing].map(Outcome::Empty));
    assert_eq!(outcomes(DEACTIVATED), [Absence::Missing, Absence::Missing, Absence::Deactivated].map(Outcome::Empty));
}

#[test]
fn an_answer_without_a_user_fails_and_names_what_is_missing() {
    let fault = |body| outcome::<Tiktok>(typed("ana.example"), body);
    for body in ["{}", r#"{"user":null}"#, r#"{"user":[]}"#, r#"{"success":true,"stats":{}}"#] {
        assert_eq!(fault(body), Outcome::Failed(Fault::Malformed("`user` is missing".into())), "{body}");
    }
}

#[test]
fn a_user_without_handle_fails_and_names_what_is_missing() {
    let body = format!(r#"{{"user":{{"id":"{ANA}"}}}}"#);
    assert_eq!(outcome::<Tiktok>(typed(ANA), &body), Outcome::Failed(Fault::Malformed("`user.uniqueId` is missing".into())));
}

#[test]
fn an_answer_that_says_why_it_has_no_user_is_told_by_that_reason() {
    let not_found = r#"{"success":true,"error":"not_found","errorStatus":404,"message":"no such account"}"#;
    assert_eq!(outcome::<Tiktok>(typed("ana.example"), not_found), Outcome::Empty(Absence::Missing));
    let refused = r#"{"success":false,"message":"try again"}"#;
    assert_eq!(outcome::<Tiktok>(typed("ana.example"), refused), Outcome::Failed(Fault::Other("HTTP 200: try again".into())));
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let body = r#"{"user":{"id":1,"uniqueId":"a","nickname":[],"signature":7.5,"verified":"maybe","bioLink":"x","region":null},"stats":7}"#;
    let creator = enriched::<Tiktok>(typed("a"), body);
    assert_eq!((creator.name, creator.bio, creator.verified, creator.country, creator.followers), (None, None, None, None, None));
    assert!(creator.links.is_empty());
}
