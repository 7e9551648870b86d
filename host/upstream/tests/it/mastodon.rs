use std::collections::HashSet;

use serde_json::Value;

use crate::{Fake, rows, text};

const SEARCH: &str = "/mastodon/api/api/v2/search";
const DIRECTORY: &str = "/mastodon/api/api/v1/directory";

async fn search(fake: &Fake, keyword: &str) -> Vec<Value> {
    rows(&fake.json(SEARCH, &[("q", keyword), ("type", "accounts"), ("limit", "40")]).await, "accounts").to_vec()
}

fn uris(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| text(&row["uri"])).collect()
}

/// The accounts of many keywords.
async fn many(fake: &Fake) -> Vec<Value> {
    let mut all = Vec::new();
    for number in 0..20 {
        all.extend(search(fake, &format!("keyword {number}")).await);
    }
    all
}

fn percent(rows: &[Value], test: impl Fn(&Value) -> bool) -> usize {
    rows.iter().filter(|row| test(row)).count() * 100 / rows.len()
}

#[tokio::test]
async fn strangers_get_one_page_of_40_and_no_more() {
    let fake = Fake::new().await;
    let found = search(&fake, "yoga").await;
    assert_eq!(found.len(), 40);
    assert_eq!(uris(&found), fake.identities("mastodon", "yoga"));
    assert_eq!(rows(&fake.json(SEARCH, &[("q", "yoga")]).await, "accounts").len(), 20);
    assert_eq!(rows(&fake.json(SEARCH, &[("q", "yoga"), ("limit", "80")]).await, "accounts").len(), 40);
    for offset in ["0", "40"] {
        let answer = fake.get(SEARCH, &[("q", "yoga"), ("offset", offset)]).await;
        assert_eq!((answer.status, text(&answer.json()["error"]).contains("pagination")), (401, true));
    }
    assert_eq!(fake.get(SEARCH, &[("q", "yoga"), ("resolve", "true")]).await.status, 401);
}

#[tokio::test]
async fn a_keyword_with_the_word_nothing_finds_nobody_and_none_at_all_is_an_error() {
    let fake = Fake::new().await;
    let empty = serde_json::json!({ "accounts": [], "statuses": [], "hashtags": [], "collections": [] });
    assert_eq!(fake.json(SEARCH, &[("q", "nothing here")]).await, empty);
    assert_eq!(fake.json(SEARCH, &[("q", "yoga"), ("type", "hashtags")]).await, empty);
    assert_eq!(fake.get(SEARCH, &[]).await.status, 400);
}

#[tokio::test]
async fn accounts_are_local_or_have_their_host_and_their_page_leads_there() {
    let found = search(&Fake::new().await, "yoga").await;
    let local = found.iter().filter(|row| !text(&row["acct"]).contains('@')).count();
    assert!((8..=32).contains(&local), "{local} of 40");
    for row in &found {
        let acct = text(&row["acct"]);
        let (username, host) = acct.split_once('@').unwrap_or((&acct, "home.test"));
        assert_eq!(text(&row["url"]), format!("https://{host}/@{username}"));
        assert!(text(&row["uri"]).starts_with(&format!("https://{host}/ap/users/")));
        assert_eq!(row.get("noindex").is_some(), !acct.contains('@'));
    }
}

#[tokio::test]
async fn accounts_know_what_tests_know_of_them() {
    let fake = Fake::with(&["none"], &[]).await;
    for (row, known) in search(&fake, "yoga").await.iter().zip(fake.running.reach("mastodon", "yoga").unwrap()) {
        assert_eq!((text(&row["acct"]), row["followers_count"].as_u64()), (known.username, Some(known.followers)));
        assert!(known.email.is_none_or(|email| text(&row["note"]).contains(&email)));
        assert!(row["discoverable"] != false && row["bot"] == false && row.get("suspended").is_none());
    }
}

#[tokio::test]
async fn names_bios_pictures_and_wishes_are_missing_as_often_as_said() {
    let all = many(&Fake::new().await).await;
    let blank = |member: &'static str| percent(&all, move |row| row[member] == "");
    assert!((4..=13).contains(&blank("display_name")), "{}", blank("display_name"));
    assert!((10..=26).contains(&blank("note")), "{}", blank("note"));
    let faceless = percent(&all, |row| text(&row["avatar"]).ends_with("missing.png"));
    assert!((5..=16).contains(&faceless), "{faceless}");
    let opted_out = percent(&all, |row| row["discoverable"] == false || row["noindex"] == true);
    assert!((13..=28).contains(&opted_out), "{opted_out}");
    assert!(percent(&all, |row| row["discoverable"].is_null()) > 5);
    for odd in [|row: &Value| row["bot"] == true, |row: &Value| row["followers_count"] == -1, |row: &Value| row["suspended"] == true] {
        assert!((1..=6).contains(&(percent(&all, odd).max(1))) && all.iter().any(odd));
    }
}

#[tokio::test]
async fn bios_are_html_and_links_come_in_fields_some_of_them_verified() {
    let all = many(&Fake::new().await).await;
    assert!(
        all.iter()
            .map(|row| text(&row["note"]))
            .filter(|note| !note.is_empty())
            .all(|note| note.starts_with("<p>") && note.ends_with("</p>"))
    );
    assert!(all.iter().any(|row| text(&row["note"]).contains("class=\"mention hashtag\"")));
    let fields: Vec<&Value> = all.iter().flat_map(|row| rows(row, "fields")).collect();
    assert!(fields.iter().any(|field| field["verified_at"].is_string()) && fields.iter().any(|field| field["verified_at"].is_null()));
    assert!(all.iter().any(|row| text(&row["display_name"]).ends_with(":blobwave:") && row["emojis"][0]["shortcode"] == "blobwave"));
}

#[tokio::test]
async fn the_directory_lists_everybody_who_wants_to_be_discovered_page_by_page() {
    let fake = Fake::new().await;
    let mut all = Vec::new();
    loop {
        let page = fake.json(DIRECTORY, &[("limit", "80"), ("offset", &all.len().to_string()), ("order", "active")]).await;
        let page = page.as_array().unwrap();
        assert!(page.len() <= 80 && page.iter().all(|row| row["discoverable"] == true && row["noindex"] != true));
        if page.is_empty() {
            break;
        }
        all.extend(uris(page));
    }
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    assert!((1_100..=1_500).contains(&all.len()), "{} of 2000", all.len());
    let local = fake.json(DIRECTORY, &[("local", "true")]).await;
    assert_eq!(local.as_array().unwrap().len(), 40);
    assert!(local.as_array().unwrap().iter().all(|row| !text(&row["acct"]).contains('@')));
}

#[tokio::test]
async fn every_answer_says_what_is_left_and_a_refusal_when_it_starts_anew() {
    let fake = Fake::new().await;
    let answer = fake.send(SEARCH, &[("q", "yoga")]).await;
    assert_eq!(answer.headers()["x-ratelimit-remaining"], "299");
    let limited = Fake::with(&[], &["rate-limited=1"]).await;
    let answer = limited.send(SEARCH, &[("q", "yoga")]).await;
    assert_eq!((answer.status().as_u16(), answer.headers().get("retry-after")), (429, None));
    assert_eq!(answer.headers()["x-ratelimit-reset"], "2026-09-01T00:00:01.000000Z");
    assert_eq!(answer.headers()["date"], "Tue, 01 Sep 2026 00:00:00 GMT");
    limited.send(SEARCH, &[("q", "yoga")]).await;
    assert_eq!(limited.running.counters().too_early, 1, "the moment is a wait to be kept");
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_not_found() {
    let answer = Fake::new().await.get("/mastodon/api/api/v1/nowhere", &[]).await;
    assert_eq!((answer.status, text(&answer.json()["error"])), (404, "Not Found".to_owned()));
}
