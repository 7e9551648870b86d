//! Goal: all generations of profiles are read, and what stands in their place is told apart.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_instagram::Instagram;
use scout_sdk::testing::{answer, enriched, extra, found, outcome, typed, values};
use scout_sdk::{Absence, Fault, Outcome, Platform};

const PROFILE: &str = include_str!("../fixtures/profile.json");
const TRIMMED: &str = include_str!("../fixtures/profile-trim.json");
const NEWEST: &str = include_str!("../fixtures/profile-newest.json");
const BASIC: &str = include_str!("../fixtures/basic-profile.json");
const ANA: &str = "6100000001";

#[test]
fn each_creator_takes_a_call_by_handle_or_by_id_where_only_that_is_known() {
    let asked = [found(ANA, "ana.example"), typed("@bo_example"), typed("6100000002"), found("6100000003", "2024")];
    let planned = Instagram::plan_profiles(&asked).expect("they can be planned");
    let requests: Vec<_> = planned.iter().map(|planned| &planned.request).collect();
    let handles: Vec<_> = requests.iter().map(|request| values(request, "handle")).collect();
    assert_eq!(handles, [vec!["ana.example"], vec!["bo_example"], vec![], vec!["2024"]]);
    assert_eq!((requests[2].path.as_str(), values(requests[2], "userId")), ("/v1/instagram/basic-profile", vec!["6100000002"]));
    assert!(planned.iter().map(|planned| planned.covers.clone()).eq([[0], [1], [2], [3]]));
}

#[test]
fn a_profile_adds_bio_links_and_what_the_account_does() {
    let ana = enriched::<Instagram>(found(ANA, "ana.example"), PROFILE);
    assert_eq!((ana.identity.as_str(), ana.username.as_str(), ana.name.as_deref()), (ANA, "ana.example", Some("Ana Example")));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park.\nana@studio.test"));
    assert_eq!((ana.followers, ana.verified), (Some(188_412), Some(true)));
    assert_eq!(ana.links, ["https://studio.test/ana", "https://letters.test"]);
    assert_eq!(ana.email.as_deref(), Some("hello@studio.test"), "the field of its own, not the one in the bio");
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana-320.jpg"));
    assert_eq!((extra(&ana, "category"), extra(&ana, "posts")), (Some("Fitness trainer"), Some("117")));
    assert!(ana.complete);
}

#[test]
fn a_trimmed_profile_is_read_as_well() {
    let bo = enriched::<Instagram>(found("6100000002", "bo_example"), TRIMMED);
    assert_eq!((bo.followers, bo.bio.as_deref(), bo.email.as_deref()), (Some(24_555), Some("Sourdough."), None));
    assert_eq!((extra(&bo, "category"), extra(&bo, "posts")), (None, Some("71")));
}

#[test]
fn the_newest_profile_has_no_id_and_is_known_by_its_handle() {
    let mira = enriched::<Instagram>(found("6100000003", "mira.example"), NEWEST);
    assert_eq!((mira.identity.as_str(), mira.followers), ("6100000003", Some(1_488_490)));
    assert_eq!((extra(&mira, "category"), extra(&mira, "posts")), (Some("Health"), Some("393")));
    assert_eq!(mira.links, ["https://mira.test"]);
    assert_eq!(outcome::<Instagram>(found("6100000009", "other.example"), NEWEST), Outcome::Empty(Absence::Missing));
}

#[test]
fn a_profile_by_id_stands_alone() {
    let ana = enriched::<Instagram>(typed(ANA), BASIC);
    assert_eq!((ana.identity.as_str(), ana.username.as_str(), ana.followers), (ANA, "ana.example", Some(188_412)));
    assert_eq!(ana.avatar_url.as_deref(), Some("https://cdn.example.test/ana-hd.jpg"));
    assert_eq!(ana.bio.as_deref(), Some("Yoga in the park."));
}

#[test]
fn a_private_account_that_shows_its_profile_is_enriched_without_a_bio() {
    let body = r#"{"data":{"user":{"id":"1","username":"shy.example","biography":"","is_private":true,"edge_followed_by":{"count":4}}}}"#;
    let shy = enriched::<Instagram>(found("1", "shy.example"), body);
    assert_eq!((shy.bio, shy.followers), (None, Some(4)));
}

#[test]
fn a_handle_that_belongs_to_somebody_else_by_now_is_missing() {
    assert_eq!(outcome::<Instagram>(found("6100000008", "ana.example"), PROFILE), Outcome::Empty(Absence::Missing));
}

#[test]
fn the_identity_is_echoed_letter_by_letter() {
    for key in [ANA, "ana.example", "@Ana.Example"] {
        let profiles = Instagram::read_profiles(&[typed(key)], &answer(200, PROFILE)).expect("it is read");
        assert_eq!(profiles[0].identity, key);
        assert!(matches!(&profiles[0].outcome, Outcome::Enriched(creator) if creator.identity == ANA), "{key}");
    }
}

#[test]
fn answers_with_200_may_say_that_there_is_no_profile() {
    let absent = |body| outcome::<Instagram>(found(ANA, "ana.example"), body);
    for (body, absence) in [
        (include_str!("../fixtures/husk-not-found.json"), Absence::Missing),
        (include_str!("../fixtures/husk-private.json"), Absence::Private),
        (r#"{"success":true,"account_status":"private","isPrivate":true}"#, Absence::Private),
        (r#"{"account_deactivated":true,"handle":"ana.example"}"#, Absence::Deactivated),
        (r#"{"success":true,"data":{"accountDoesNotExist":true}}"#, Absence::Deactivated),
    ] {
        assert_eq!(absent(body), Outcome::Empty(absence), "{body}");
    }
}

#[test]
fn a_404_of_the_provider_is_a_missing_account_and_one_of_its_server_is_none() {
    let read = |body: &str| Instagram::read_profiles(&[typed("ana.example")], &answer(404, body)).map(|read| read[0].outcome.clone());
    let told = r#"{"success":false,"error":"not_found","errorStatus":404,"message":"no such account"}"#;
    assert_eq!(read(told), Ok(Outcome::Empty(Absence::Missing)));
    assert_eq!(read("<pre>Cannot GET /v1/instagram/profile</pre>"), Err(Fault::NotFound));
    assert_eq!(read(""), Err(Fault::NotFound));
}

#[test]
fn an_answer_that_speaks_of_somebody_else_leaves_one_missing() {
    let asked = [typed("bo_example"), typed("ana.example")];
    let profiles = Instagram::read_profiles(&asked, &answer(200, include_str!("../fixtures/husk-private.json"))).expect("it is read");
    let outcomes: Vec<_> = profiles.into_iter().map(|profile| profile.outcome).collect();
    assert_eq!(outcomes, [Absence::Missing, Absence::Private].map(Outcome::Empty));
}

#[test]
fn an_answer_without_a_user_fails_and_names_what_is_missing() {
    for body in ["{}", r#"{"success":true,"data":{}}"#, r#"{"data":{"user":[]},"status":"ok"}"#] {
        assert_eq!(outcome::<Instagram>(typed("a"), body), Outcome::Failed(Fault::Malformed("`data.user` is missing".into())), "{body}");
    }
    let nameless = r#"{"data":{"user":{"id":"1","biography":"x"}}}"#;
    assert_eq!(outcome::<Instagram>(typed("1"), nameless), Outcome::Failed(Fault::Malformed("`data.user.username` is missing".into())));
    let refused = r#"{"success":false,"message":"try again"}"#;
    assert_eq!(outcome::<Instagram>(typed("a"), refused), Outcome::Failed(Fault::Other("HTTP 200: try again".into())));
}
