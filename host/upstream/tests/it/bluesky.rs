use std::collections::HashSet;

use serde_json::Value;

use crate::{Fake, rows, text};

const SEARCH: &str = "/bluesky/api/app.bsky.actor.searchActors";
const PROFILES: &str = "/bluesky/api/app.bsky.actor.getProfiles";

/// Every row of a keyword, page by page, until the cursor is absent.
async fn search_all(fake: &Fake, keyword: &str, limit: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut query = vec![("q", keyword), ("limit", limit)];
        query.extend((!cursor.is_empty()).then_some(("cursor", cursor.as_str())));
        let page = fake.json(SEARCH, &query).await;
        assert!(rows(&page, "actors").len() <= limit.parse().unwrap());
        all.extend_from_slice(rows(&page, "actors"));
        match page.get("cursor") {
            Some(next) => cursor = text(next),
            None => return all,
        }
    }
}

async fn profiles(fake: &Fake, actors: &[String]) -> Vec<Value> {
    let query: Vec<_> = actors.iter().map(|actor| ("actors", actor.as_str())).collect();
    rows(&fake.json(PROFILES, &query).await, "profiles").to_vec()
}

fn dids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| text(&row["did"])).collect()
}

#[tokio::test]
async fn paging_to_the_end_gives_the_reach_exactly_and_nobody_twice() {
    let fake = Fake::new().await;
    for limit in ["7", "25", "100"] {
        assert_eq!(dids(&search_all(&fake, "yoga", limit).await), fake.identities("bluesky", "yoga"));
    }
}

#[tokio::test]
async fn the_cursor_is_absent_also_when_the_last_page_is_full() {
    let fake = Fake::new().await;
    let count = fake.identities("bluesky", "yoga").len();
    let exact = count.min(100).to_string();
    let first = fake.json(SEARCH, &[("q", "yoga"), ("limit", &exact)]).await;
    assert_eq!(first.get("cursor").is_none(), count <= 100);
    assert_eq!(search_all(&fake, "yoga", "1").await.len(), count);
}

#[tokio::test]
async fn a_page_has_25_rows_unless_another_number_is_asked_for() {
    let fake = Fake::new().await;
    assert_eq!(rows(&fake.json(SEARCH, &[("q", "yoga")]).await, "actors").len(), 25);
    for limit in ["1", "100"] {
        let page = fake.json(SEARCH, &[("q", "yoga"), ("limit", limit)]).await;
        assert!(!rows(&page, "actors").is_empty());
    }
    for limit in ["0", "101", "-1", "many"] {
        let answer = fake.get(SEARCH, &[("q", "yoga"), ("limit", limit)]).await;
        assert_eq!((answer.status, text(&answer.json()["error"])), (400, "InvalidRequest".to_owned()), "{limit}");
    }
}

#[tokio::test]
async fn a_foreign_cursor_is_refused_and_one_beyond_the_end_gives_an_empty_last_page() {
    let fake = Fake::new().await;
    assert_eq!(fake.get(SEARCH, &[("q", "yoga"), ("cursor", "x")]).await.status, 400);
    let beyond = fake.json(SEARCH, &[("q", "yoga"), ("cursor", "4000000000::did:plc:x")]).await;
    assert_eq!(beyond, serde_json::json!({ "actors": [] }));
}

#[tokio::test]
async fn a_keyword_with_the_word_nothing_finds_nobody_and_says_so_plainly() {
    let fake = Fake::new().await;
    assert_eq!(fake.json(SEARCH, &[("q", "nothing here")]).await, serde_json::json!({ "actors": [] }));
}

#[tokio::test]
async fn rows_lack_names_bios_and_pictures_as_often_as_is_usual_and_never_have_counts() {
    let fake = Fake::new().await;
    let mut all = Vec::new();
    for number in 0..8 {
        all.extend(search_all(&fake, &format!("keyword {number}"), "100").await);
    }
    let percent = |member: &str| all.iter().filter(|row| row.get(member).is_some()).count() * 100 / all.len();
    assert!((60..=80).contains(&percent("displayName")), "{}", percent("displayName"));
    assert!((48..=68).contains(&percent("description")), "{}", percent("description"));
    assert!((48..=68).contains(&percent("avatar")), "{}", percent("avatar"));
    assert_eq!(percent("followersCount"), 0);
    assert_eq!((percent("did"), percent("handle"), percent("viewer"), percent("labels")), (100, 100, 100, 100));
}

#[tokio::test]
async fn without_quirks_every_row_has_a_name_a_picture_and_a_handle_that_resolves() {
    let fake = Fake::with(&["none"], &[]).await;
    for row in search_all(&fake, "yoga", "100").await {
        assert!(row.get("displayName").is_some() && row.get("description").is_some() && row.get("avatar").is_some());
        assert!(row["labels"].as_array().unwrap().is_empty() && row["handle"] != "handle.invalid");
    }
}

#[tokio::test]
async fn creators_may_have_a_handle_that_no_longer_resolves_and_are_still_found_by_did() {
    let fake = Fake::with(&["invalid-handles=1"], &[]).await;
    let page = fake.json(SEARCH, &[("q", "yoga"), ("limit", "5")]).await;
    assert!(rows(&page, "actors").iter().all(|row| row["handle"] == "handle.invalid"));
    assert_eq!(dids(&profiles(&fake, &dids(rows(&page, "actors"))).await).len(), 5);
}

#[tokio::test]
async fn creators_may_ask_not_to_be_shown_to_logged_out_visitors() {
    let fake = Fake::with(&["hidden=1"], &[]).await;
    let page = fake.json(SEARCH, &[("q", "yoga")]).await;
    assert!(rows(&page, "actors").iter().all(|row| row["labels"][0]["val"] == "!no-unauthenticated"));
}

#[tokio::test]
async fn profiles_add_exact_counts_and_come_by_did_or_handle() {
    let fake = Fake::with(&["none"], &[]).await;
    let known = fake.running.reach("bluesky", "yoga").unwrap();
    let asked: Vec<_> = known
        .iter()
        .take(25)
        .enumerate()
        .map(|(number, known)| if number % 2 == 0 { known.identity.clone() } else { known.username.clone() })
        .collect();
    let profiles = profiles(&fake, &asked).await;
    assert_eq!(profiles.len(), 25);
    for (profile, known) in profiles.iter().zip(&known) {
        assert_eq!((profile["did"].as_str(), profile["followersCount"].as_u64()), (Some(known.identity.as_str()), Some(known.followers)));
        assert!(profile["postsCount"].is_u64() && profile["followsCount"].is_u64() && profile["createdAt"].is_string());
        assert!(known.email.as_ref().is_none_or(|email| text(&profile["description"]).contains(email.as_str())));
    }
}

#[tokio::test]
async fn some_creators_are_verified() {
    let fake = Fake::new().await;
    let verified = |profile: &Value| profile["verification"]["verifiedStatus"] == "valid";
    let known = fake.identities("bluesky", "yoga");
    let mut all = Vec::new();
    for batch in known.chunks(25) {
        all.extend(profiles(&fake, batch).await);
    }
    let count = all.iter().filter(|profile| verified(profile)).count();
    assert!(count > 0 && count < all.len() / 2, "{count} of {}", all.len());
}

#[tokio::test]
async fn a_call_covers_1_to_25_profiles_and_no_other_number() {
    let fake = Fake::new().await;
    let known = fake.identities("bluesky", "yoga");
    for count in [0, 26] {
        let query: Vec<_> = known.iter().take(count).map(|actor| ("actors", actor.as_str())).collect();
        let answer = fake.get(PROFILES, &query).await;
        assert_eq!((answer.status, text(&answer.json()["error"])), (400, "InvalidRequest".to_owned()));
        assert!(text(&answer.json()["message"]).contains("actors"));
    }
    assert!(profiles(&fake, &known[..1]).await.len() <= 1);
}

#[tokio::test]
async fn unknown_and_deactivated_creators_are_left_out_without_a_word() {
    let fake = Fake::with(&["none"], &[]).await;
    let known = fake.identities("bluesky", "yoga");
    let asked = ["did:plc:aaaaaaaaaaaaaaaaaaaaaaaa".to_owned(), "no.body.test".to_owned(), known[0].clone()];
    assert_eq!(dids(&profiles(&fake, &asked).await), [known[0].clone()]);

    let gone = Fake::with(&["deactivated=1"], &[]).await;
    let found = dids(&search_all(&gone, "yoga", "25").await);
    assert!(!found.is_empty());
    assert!(profiles(&gone, &found[..25]).await.is_empty());
}

#[tokio::test]
async fn keywords_overlap() {
    let fake = Fake::new().await;
    let first: HashSet<_> = dids(&search_all(&fake, "yoga", "100").await).into_iter().collect();
    let shared = dids(&search_all(&fake, "chess", "100").await).into_iter().filter(|did| first.contains(did)).count();
    assert!((15..=60).contains(&shared), "{shared}");
}

#[tokio::test]
async fn a_method_that_is_not_there_is_not_implemented() {
    let answer = Fake::new().await.get("/bluesky/api/app.bsky.feed.searchPosts", &[]).await;
    assert_eq!((answer.status, text(&answer.json()["error"])), (501, "MethodNotImplemented".to_owned()));
}
