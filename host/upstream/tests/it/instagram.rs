use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::{Fake, read, rows, text};

const REELS: &str = "/instagram/api/v2/instagram/reels/search";
const OLD_REELS: &str = "/instagram/api/v1/instagram/reels/search";
const PROFILES: &str = "/instagram/api/v1/instagram/search/profiles";
const PROFILE: &str = "/instagram/api/v1/instagram/profile";
const BASIC: &str = "/instagram/api/v1/instagram/basic-profile";

/// Every page of a search, by number.
async fn pages(fake: &Fake, path: &str, parameter: &str, keyword: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    for page in 1..=11 {
        pages.push(fake.json(path, &[("query", keyword), (parameter, &page.to_string())]).await);
    }
    pages
}

fn owners(page: &Value) -> Vec<String> {
    rows(page, "reels").iter().map(|row| text(&row["owner"]["id"])).collect()
}

#[tokio::test]
async fn both_searches_give_the_reach_exactly() {
    let fake = Fake::new().await;
    let reach: HashSet<_> = fake.identities("instagram", "yoga").into_iter().collect();
    let by_reels: HashSet<_> = pages(&fake, REELS, "page", "yoga").await.iter().flat_map(owners).collect();
    assert_eq!(by_reels, reach);
    let found = pages(&fake, PROFILES, "cursor", "yoga").await;
    let by_profiles: Vec<_> = found.iter().flat_map(|page| rows(page, "profiles")).map(|row| text(&row["id"])).collect();
    assert_eq!(by_profiles.iter().collect::<HashSet<_>>().len(), by_profiles.len(), "a profile comes once");
    assert_eq!(by_profiles.into_iter().collect::<HashSet<_>>(), reach);
}

#[tokio::test]
async fn there_are_eleven_pages_and_the_twelfth_is_a_bad_request() {
    let fake = Fake::new().await;
    for (path, parameter) in [(REELS, "page"), (PROFILES, "cursor")] {
        for (page, status) in [("11", 200), ("12", 400), ("0", 400), ("x", 400)] {
            assert_eq!(fake.get(path, &[("query", "yoga"), (parameter, page)]).await.status, status, "{path} {page}");
        }
    }
}

#[tokio::test]
async fn the_cursor_of_profiles_is_the_next_page_as_long_as_there_is_one() {
    let fake = Fake::new().await;
    let pages = pages(&fake, PROFILES, "cursor", "yoga").await;
    for (page, next) in pages.iter().zip(2..) {
        let more = pages.get(next - 1).is_some_and(|page| !rows(page, "profiles").is_empty());
        assert_eq!(page.get("cursor"), more.then(|| json!(next.to_string())).as_ref());
    }
}

#[tokio::test]
async fn reels_have_an_owner_without_a_bio_and_no_views() {
    let fake = Fake::new().await;
    let followers: HashMap<_, _> =
        fake.running.reach("instagram", "yoga").unwrap().into_iter().map(|known| (known.identity, known.followers)).collect();
    let page = fake.json(REELS, &[("query", "yoga")]).await;
    assert_eq!(rows(&page, "reels").len(), 10);
    for reel in rows(&page, "reels") {
        assert_eq!(reel["owner"]["follower_count"].as_u64(), Some(followers[&text(&reel["owner"]["id"])]));
        assert!(reel["owner"].get("biography").is_none() && reel.get("video_view_count").is_none());
        assert!(reel["caption"].is_string() && reel["video_duration"].is_f64() && text(&reel["taken_at"]).ends_with('Z'));
        assert!(text(&reel["url"]).ends_with(&format!("/reel/{}/", text(&reel["shortcode"]))));
    }
}

#[tokio::test]
async fn the_older_search_gives_up_to_60_reels_at_once_with_views() {
    let fake = Fake::new().await;
    for (amount, given) in [("15", 15), ("60", 60), ("400", 60)] {
        let page = fake.json(OLD_REELS, &[("query", "yoga"), ("amount", amount)]).await;
        assert_eq!(rows(&page, "reels").len(), given);
        assert!(rows(&page, "reels").iter().all(|reel| reel["video_play_count"].as_u64() >= reel["video_view_count"].as_u64()));
    }
}

#[tokio::test]
async fn a_keyword_of_several_words_may_fail_until_it_is_written_with_hyphens() {
    let fails = Fake::with(&["words-fail=1"], &[]).await;
    let failed = fails.get(REELS, &[("query", "street food")]).await;
    assert_eq!((failed.status, failed.json()["success"].clone()), (500, json!(false)));
    let found: HashSet<_> = owners(&fails.json(REELS, &[("query", "street-food")]).await).into_iter().collect();
    assert!(!found.is_empty() && found.is_subset(&fails.identities("instagram", "street food").into_iter().collect()));
    assert_eq!(fails.get(REELS, &[("query", "yoga")]).await.status, 200);
    assert_eq!(fails.get(PROFILES, &[("query", "street food")]).await.status, 200);
    let works = Fake::with(&["words-fail=0"], &[]).await;
    assert_eq!(works.get(REELS, &[("query", "street food")]).await.status, 200);
}

#[tokio::test]
async fn profiles_come_in_three_shapes_that_say_the_same() {
    let fake = Fake::with(&["none"], &[]).await;
    let mut with_id = HashSet::new();
    for known in fake.running.reach("instagram", "yoga").unwrap().iter().take(20) {
        let user = fake.json(PROFILE, &[("handle", &known.username.to_uppercase())]).await["data"]["user"].clone();
        assert_eq!((text(&user["username"]), user["edge_followed_by"]["count"].as_u64()), (known.username.clone(), Some(known.followers)));
        assert!(known.email.as_ref().is_none_or(|email| text(&user["biography"]).contains(email.as_str())));
        with_id.insert(user.get("id").is_some());
        assert_eq!(user.get("id").is_none(), user["follower_count"].is_u64(), "the newest shape has another count and no id");
        let trimmed = fake.json(PROFILE, &[("handle", &known.username), ("trim", "true")]).await;
        assert_eq!(text(&trimmed["data"]["user"]["id"]), known.identity);
        assert!(trimmed.get("status").is_none());
        let basic = fake.json(BASIC, &[("userId", &known.identity)]).await;
        assert_eq!((text(&basic["username"]), basic["follower_count"].as_u64()), (known.username.clone(), Some(known.followers)));
    }
    assert_eq!(with_id.len(), 2);
}

#[tokio::test]
async fn every_kind_of_answer_comes_with_an_envelope_or_bare_as_older_ones_are() {
    let fake = Fake::with(&["none"], &[]).await;
    let profiles = fake.running.reach("instagram", "yoga").unwrap().into_iter().map(|known| known.username).take(20).collect::<Vec<_>>();
    let keywords: Vec<_> = (0..20).map(|number| format!("keyword{number}")).collect();
    for (path, parameter, values) in
        [(REELS, "query", &keywords), (OLD_REELS, "query", &keywords), (PROFILES, "query", &keywords), (PROFILE, "handle", &profiles)]
    {
        let mut seen = HashSet::new();
        for value in values {
            let answer = fake.json(path, &[(parameter, value)]).await;
            let envelope = ["success", "credits_remaining", "credits_charged"].map(|member| answer.get(member).is_some());
            assert!(envelope.iter().all(|there| *there == envelope[0]), "{path}: {envelope:?}");
            seen.insert(envelope[0]);
        }
        assert_eq!(seen.len(), 2, "{path}");
    }
}

#[tokio::test]
async fn who_is_gone_is_a_404_or_a_success_that_says_so() {
    let fake = Fake::with(&["deactivated=1"], &[]).await;
    let mut statuses = HashSet::new();
    for known in fake.running.reach("instagram", "yoga").unwrap().iter().take(20) {
        let answer = fake.get(PROFILE, &[("handle", &known.username)]).await;
        assert_eq!((answer.json()["error"].clone(), answer.json()["errorStatus"].clone()), (json!("not_found"), json!(404)));
        statuses.insert(answer.status);
    }
    assert_eq!(statuses, HashSet::from([200, 404]));
}

#[tokio::test]
async fn a_private_account_shows_its_profile_without_a_bio() {
    let fake = Fake::with(&["private=1", "deactivated=0"], &[]).await;
    let known = fake.running.reach("instagram", "yoga").unwrap().swap_remove(0);
    let user = fake.json(PROFILE, &[("handle", &known.username)]).await["data"]["user"].clone();
    assert_eq!((&user["is_private"], &user["biography"], &user["external_url"]), (&json!(true), &json!(""), &Value::Null));
}

#[tokio::test]
async fn without_a_key_the_answer_is_500_and_a_missing_parameter_is_a_bad_request() {
    let fake = Fake::new().await;
    for path in [REELS, OLD_REELS, PROFILES, PROFILE, BASIC] {
        let missing = read(fake.http.get(format!("{}{path}", fake.running.url())).send().await.unwrap()).await;
        assert_eq!((missing.status, missing.json()), (500, json!({ "success": false, "message": "apiKey is required" })));
        assert_eq!(fake.get(path, &[]).await.status, 400, "{path}");
    }
}
