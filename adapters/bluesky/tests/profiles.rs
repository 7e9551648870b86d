//! Goal: every creator who was asked for gets exactly one outcome, and the right one.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_bluesky::Bluesky;
use scout_sdk::testing::{answer, enriched, found, typed, values};
use scout_sdk::{Absence, CreatorRef, Fault, Outcome, Platform, Profile};

const PROFILES: &str = include_str!("../fixtures/profiles.json");
const ANA: &str = "did:plc:fixtureana0000000000001";
const BO: &str = "did:plc:fixturebo00000000000002";
const HIDDEN: &str = "did:plc:fixturehidden0000000004";

fn read(creators: &[CreatorRef], status: u16, body: &str) -> Result<Vec<Profile>, Fault> {
    Bluesky::read_profiles(creators, &answer(status, body))
}

fn outcomes(creators: &[CreatorRef], body: &str) -> Vec<Outcome> {
    read(creators, 200, body).expect("they are read").into_iter().map(|profile| profile.outcome).collect()
}

fn many(count: usize) -> Vec<CreatorRef> {
    (0..count).map(|number| found(&format!("did:plc:{number}"), &format!("a{number}.test"))).collect()
}

#[test]
fn one_call_asks_for_25_by_repeating_the_parameter() {
    let planned = Bluesky::plan_profiles(&many(26)).expect("it can be planned");
    assert_eq!(planned.len(), 2);
    assert_eq!(planned[0].request.path, "/app.bsky.actor.getProfiles");
    assert_eq!(values(&planned[0].request, "actors").len(), 25);
    assert_eq!(planned[0].covers, (0..25).collect::<Vec<u32>>());
    assert_eq!(values(&planned[1].request, "actors"), ["did:plc:25"]);
    assert_eq!(planned[1].covers, [25]);
}

#[test]
fn twenty_five_fit_into_one_call_and_nobody_needs_none() {
    assert_eq!(Bluesky::plan_profiles(&many(25)).map(|planned| planned.len()), Ok(1));
    assert_eq!(Bluesky::plan_profiles(&[]).map(|planned| planned.len()), Ok(0));
}

#[test]
fn a_key_that_is_no_name_is_asked_for_alone_so_that_it_spoils_no_other_profile() {
    let mut creators = many(25);
    creators.extend(["not a name", "", "did:plc:é", "a..test"].map(typed));
    creators.push(typed("did:web:ana.example.test"));
    let planned = Bluesky::plan_profiles(&creators).expect("it can be planned");
    let covers: Vec<_> = planned.iter().map(|planned| planned.covers.clone()).collect();
    assert_eq!(covers, [(0..25).collect(), vec![29], vec![25], vec![26], vec![27], vec![28]]);
    assert_eq!(values(&planned[2].request, "actors"), ["not a name"]);
}

#[test]
fn a_handle_that_somebody_typed_is_asked_for_without_its_sign() {
    let planned = Bluesky::plan_profiles(&[typed("@ana.example.test")]).expect("it can be planned");
    assert_eq!(values(&planned[0].request, "actors"), ["ana.example.test"]);
}

#[test]
fn a_profile_adds_counts_and_links() {
    let ana = enriched::<Bluesky>(found(ANA, "ana.example.test"), PROFILES);
    assert_eq!(ana.identity, ANA);
    assert_eq!(ana.followers, Some(4945));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park.\nana@studio.test"));
    assert_eq!(ana.verified, Some(true), "a trusted verifier counts as verified");
    assert_eq!(ana.links, ["https://studio.test/ana"]);
    assert_eq!(ana.email, None, "addresses in the bio are the pipeline's to find");
    assert!(ana.complete);
}

#[test]
fn creators_are_matched_by_id_whatever_the_order() {
    let profiles = read(&[found(ANA, "old-handle.test"), found(BO, BO)], 200, PROFILES).expect("they are read");
    let ids: Vec<_> = profiles.iter().map(|profile| profile.identity.as_str()).collect();
    assert_eq!(ids, [ANA, BO]);
    assert!(profiles.iter().all(|profile| matches!(&profile.outcome, Outcome::Enriched(creator) if creator.identity == profile.identity)));
}

#[test]
fn a_typed_handle_is_matched_whatever_its_case_and_echoed_letter_by_letter() {
    for key in ["ana.example.test", "ANA.example.test", "@ana.example.test", ANA] {
        let profiles = read(&[typed(key)], 200, PROFILES).expect("they are read");
        assert_eq!(profiles[0].identity, key);
        assert!(matches!(&profiles[0].outcome, Outcome::Enriched(creator) if creator.identity == ANA), "{key}");
    }
}

#[test]
fn the_invalid_handle_matches_nobody_since_many_share_it() {
    assert_eq!(outcomes(&[typed("handle.invalid")], PROFILES), [Outcome::Empty(Absence::Missing)]);
}

#[test]
fn a_creator_whom_the_answer_does_not_mention_is_missing() {
    assert_eq!(outcomes(&[typed("did:plc:nobody")], PROFILES), [Outcome::Empty(Absence::Missing)]);
    assert_eq!(outcomes(&[typed(ANA)], r#"{"profiles":[]}"#), [Outcome::Empty(Absence::Missing)]);
}

#[test]
fn a_creator_who_wants_to_be_hidden_from_strangers_is_hidden() {
    assert_eq!(outcomes(&[typed(HIDDEN)], PROFILES), [Outcome::Empty(Absence::Hidden)]);
}

#[test]
fn a_profile_without_a_bio_is_enriched_and_one_that_is_hidden_or_gone_is_not() {
    let silent = r#"{"profiles":[{"did":"did:plc:fixtureana0000000000001","handle":"ana.test","description":"","followersCount":0}]}"#;
    let ana = enriched::<Bluesky>(typed(ANA), silent);
    assert_eq!((ana.bio, ana.followers), (None, Some(0)), "nobody following is something that is known");
    let outcomes = outcomes(&[typed(HIDDEN), typed("did:plc:gone")], PROFILES);
    assert_eq!(outcomes, [Outcome::Empty(Absence::Hidden), Outcome::Empty(Absence::Missing)]);
}

#[test]
fn followers_that_are_no_exact_number_are_unknown() {
    for count in ["-1", "1.4", "null", "[]", "\"many\""] {
        let body = format!(r#"{{"profiles":[{{"did":"{ANA}","handle":"ana.test","followersCount":{count}}}]}}"#);
        assert_eq!(enriched::<Bluesky>(typed(ANA), &body).followers, None, "{count}");
    }
}

#[test]
fn a_single_profile_and_a_bare_list_are_read_too() {
    let single = include_str!("../fixtures/profile.json");
    assert_eq!(enriched::<Bluesky>(typed(ANA), single).followers, Some(4945));
    assert_eq!(enriched::<Bluesky>(typed("ana.example.test"), &format!("[{single}]")).followers, Some(4945));
}

#[test]
fn an_unknown_actor_asked_for_alone_is_missing_and_a_closed_one_deactivated() {
    let not_found = include_str!("../fixtures/error-profile-not-found.json");
    let deactivated = include_str!("../fixtures/error-deactivated.json");
    let alone = |body| read(&[typed(ANA)], 400, body).expect("it is an outcome");
    assert_eq!(alone(not_found), [Profile { identity: ANA.into(), outcome: Outcome::Empty(Absence::Missing) }]);
    assert_eq!(alone(deactivated), [Profile { identity: ANA.into(), outcome: Outcome::Empty(Absence::Deactivated) }]);
}

#[test]
fn an_error_that_could_mean_any_of_several_is_a_fault() {
    let two = [typed(ANA), typed(BO)];
    assert_eq!(read(&two, 400, include_str!("../fixtures/error-profile-not-found.json")), Err(Fault::NotFound));
    assert_eq!(read(&two, 400, r#"{"error":"InvalidRequest","message":"bad did"}"#), Err(Fault::Other("HTTP 400: bad did".into())));
}

#[test]
fn an_answer_of_another_kind_names_what_is_missing() {
    let malformed = |body| read(&[typed(ANA)], 200, body).expect_err("it has no profiles");
    assert_eq!(malformed("{}"), Fault::Malformed("`profiles` is missing".into()));
    assert_eq!(malformed(r#"{"feed":[]}"#), Fault::Malformed("`profiles` is missing".into()));
    assert_eq!(malformed("[]"), Fault::Malformed("`profiles` is missing".into()));
    assert_eq!(malformed(r#"[{"uri":"at://x"}]"#), Fault::Malformed("`profiles[].did` is missing".into()));
    assert_eq!(malformed(r#"{"profiles":[{"handle":"a.test"}]}"#), Fault::Malformed("`profiles[].did` is missing".into()));
}

#[test]
fn a_fault_of_the_platform_concerns_all_of_them() {
    assert_eq!(read(&[typed(ANA)], 503, ""), Err(Fault::Unavailable("HTTP 503".into())));
    assert_eq!(read(&[typed(ANA)], 429, ""), Err(Fault::RateLimited(None)));
}
