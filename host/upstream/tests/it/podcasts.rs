use std::collections::HashSet;

use serde_json::Value;

use crate::{Answer, Fake, rows};

const SEARCH: &str = "/podcasts/api/search";

/// What one country's store has.
async fn store(fake: &Fake, keyword: &str, country: &str) -> Vec<Value> {
    let page = fake.json(SEARCH, &asked(keyword, country)).await;
    assert_eq!(page["resultCount"].as_u64(), Some(rows(&page, "results").len() as u64));
    rows(&page, "results").to_vec()
}

fn asked<'a>(keyword: &'a str, country: &'a str) -> [(&'a str, &'a str); 5] {
    [("term", keyword), ("country", country), ("media", "podcast"), ("entity", "podcast"), ("limit", "200")]
}

fn ids(rows: &[Value]) -> HashSet<String> {
    rows.iter().map(|row| row["collectionId"].to_string()).collect()
}

#[tokio::test]
async fn the_first_two_stores_together_have_everybody_who_is_reached_and_neither_has_all() {
    let fake = Fake::new().await;
    for keyword in ["yoga", "chess", "slow bread"] {
        let reached: HashSet<_> = fake.identities("podcasts", keyword).into_iter().collect();
        let (first, second) = (ids(&store(&fake, keyword, "us").await), ids(&store(&fake, keyword, "gb").await));
        assert_eq!(first.union(&second).cloned().collect::<HashSet<_>>(), reached);
        assert!(first.len() < reached.len() && second.len() < reached.len());
        assert!(ids(&store(&fake, keyword, "jp").await).is_subset(&reached));
    }
}

#[tokio::test]
async fn the_offset_is_ignored_and_the_limit_is_not() {
    let fake = Fake::new().await;
    let all = fake.get(SEARCH, &asked("yoga", "us")).await.body;
    let mut query = asked("yoga", "us").to_vec();
    query.push(("offset", "20"));
    assert_eq!(fake.get(SEARCH, &query).await.body, all);
    query[4].1 = "7";
    assert_eq!(rows(&fake.json(SEARCH, &query).await, "results").len(), 7);
    assert_eq!(rows(&fake.json(SEARCH, &query[..4]).await, "results").len(), 50, "50 when nothing is asked");
}

fn is_framed(answer: &Answer, start: &str, end: &str) -> bool {
    answer.media_type.starts_with("text/javascript") && answer.text().starts_with(start) && answer.text().ends_with(end)
}

#[tokio::test]
async fn answers_are_json_among_blank_lines_that_claims_to_be_a_script_and_is_one_where_that_is_asked_for() {
    let fake = Fake::new().await;
    let mut query = asked("yoga", "us").to_vec();
    assert!(is_framed(&fake.get(SEARCH, &query).await, "\n\n\n{", "}\n\n\n"));
    query.push(("callback", "show"));
    assert!(is_framed(&fake.get(SEARCH, &query).await, "\n\n\nshow({", "});\n\n\n"));
}

#[tokio::test]
async fn nobody_is_found_by_an_explicit_zero() {
    let fake = Fake::new().await;
    let expected = serde_json::json!({ "resultCount": 0, "results": [] });
    assert_eq!(fake.json(SEARCH, &asked("nothing here", "us")).await, expected);
    assert_eq!(fake.json(SEARCH, &[("term", "yoga"), ("media", "music")]).await, expected);
}

#[tokio::test]
async fn a_country_that_is_none_is_named_in_the_error() {
    for country in ["germany", "1", "d1", "kp"] {
        let answer = Fake::new().await.get(SEARCH, &asked("yoga", country)).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["errorMessage"], "Invalid value(s) for key(s): [country]");
    }
}

#[tokio::test]
async fn every_row_shows_the_country_of_its_store() {
    let fake = Fake::new().await;
    for (country, shown) in [("us", "USA"), ("gb", "GBR"), ("DE", "DEU"), ("jp", "JPN")] {
        let rows = store(&fake, "yoga", country).await;
        assert!(!rows.is_empty() && rows.iter().all(|row| row["country"] == shown), "{country}");
    }
}

#[tokio::test]
async fn some_shows_share_an_artist_some_have_none_and_some_have_no_feed() {
    let fake = Fake::new().await;
    let mut all = Vec::new();
    for keyword in ["yoga", "chess", "bread", "trains", "kilns"] {
        all.extend(store(&fake, keyword, "us").await);
    }
    let percent = |member: &str| all.iter().filter(|row| row.get(member).is_some()).count() * 100 / all.len();
    assert!((85..=95).contains(&percent("artistId")) && (93..100).contains(&percent("feedUrl")));
    assert_eq!((percent("collectionId"), percent("collectionName")), (100, 100));
    assert!(all.iter().all(|row| row.get("description").is_none() && row["collectionId"].is_u64()));
}

#[tokio::test]
async fn too_many_calls_are_a_403_without_a_word_and_other_refusals_have_some() {
    let refused = async |fault: &str| Fake::with(&[], &[fault]).await.get(SEARCH, &asked("yoga", "us")).await;
    let limited = refused("rate-limited=1").await;
    assert_eq!((limited.status, limited.body.len(), limited.retry_after), (403, 0, None));
    let blocked = refused("podcasts:blocked=1").await;
    assert!(blocked.status == 403 && blocked.text().contains("Access Denied"));
    assert_eq!((refused("unauthorized=1").await.status, refused("out-of-credit=1").await.status), (401, 402));
}

#[tokio::test]
async fn there_is_no_other_path() {
    assert_eq!(Fake::new().await.get("/podcasts/api/lookup", &[("id", "1")]).await.status, 404);
}
