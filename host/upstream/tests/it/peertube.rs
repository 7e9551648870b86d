use std::collections::HashSet;

use serde_json::Value;

use crate::{Fake, rows, text};

const CHANNELS: &str = "/peertube/api/api/v1/search/video-channels";
const VIDEOS: &str = "/peertube/api/api/v1/search/videos";

/// Every row of a keyword, page by page, until there are as many as the total says.
async fn search_all(fake: &Fake, path: &str, keyword: &str, count: &str) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let page = fake.json(path, &[("search", keyword), ("start", &all.len().to_string()), ("count", count)]).await;
        assert!(rows(&page, "data").len() <= count.parse().unwrap());
        all.extend_from_slice(rows(&page, "data"));
        if all.len() as u64 >= page["total"].as_u64().unwrap() {
            return all;
        }
    }
}

fn handle(channel: &Value) -> String {
    format!("{}@{}", text(&channel["name"]), text(&channel["host"]))
}

#[tokio::test]
async fn paging_to_the_end_gives_the_reach_exactly_and_nobody_twice() {
    let fake = Fake::new().await;
    for count in ["7", "100"] {
        let found: Vec<_> = search_all(&fake, CHANNELS, "yoga", count).await.iter().map(handle).collect();
        assert_eq!(found, fake.identities("peertube", "yoga"));
    }
}

#[tokio::test]
async fn videos_lead_to_the_same_channels_each_at_most_three_times() {
    let fake = Fake::new().await;
    let videos = search_all(&fake, VIDEOS, "yoga", "100").await;
    let found: HashSet<_> = videos.iter().map(|video| handle(&video["channel"])).collect();
    assert_eq!(found, fake.identities("peertube", "yoga").into_iter().collect());
    assert!(videos.len() > found.len() && videos.len() <= found.len() * 3);
    let ids: HashSet<_> = videos.iter().map(|video| text(&video["uuid"])).collect();
    assert_eq!(ids.len(), videos.len());
}

#[tokio::test]
async fn channels_know_what_tests_know_of_them() {
    let fake = Fake::with(&["none"], &[]).await;
    for (row, known) in search_all(&fake, CHANNELS, "yoga", "100").await.iter().zip(fake.running.reach("peertube", "yoga").unwrap()) {
        assert_eq!((handle(row), row["followersCount"].as_u64()), (known.username, Some(known.followers)));
        assert!(known.email.is_none_or(|email| text(&row["description"]).contains(&email)));
        assert_eq!(rows(row, "avatars").len(), 4);
    }
}

#[tokio::test]
async fn numbers_repeat_between_instances_and_descriptions_and_pictures_are_missing() {
    let fake = Fake::new().await;
    let mut all = Vec::new();
    for number in 0..10 {
        all.extend(search_all(&fake, CHANNELS, &format!("keyword {number}"), "100").await);
    }
    let distinct = |key: fn(&Value) -> String| all.iter().map(key).collect::<HashSet<_>>().len();
    assert!(distinct(|row| row["id"].to_string()) < distinct(handle));
    assert!(all.iter().any(|row| row["description"].is_null()) && all.iter().any(|row| rows(row, "avatars").is_empty()));
    assert!(all.iter().any(|row| row["support"].is_string()) && all.iter().any(|row| row["support"].is_null()));
}

#[tokio::test]
async fn a_keyword_with_the_word_nothing_finds_nobody_and_says_so_plainly() {
    let fake = Fake::new().await;
    for path in [CHANNELS, VIDEOS] {
        assert_eq!(fake.json(path, &[("search", "nothing here")]).await, serde_json::json!({ "total": 0, "data": [] }));
        let beyond = fake.json(path, &[("search", "yoga"), ("start", "9000")]).await;
        assert!(rows(&beyond, "data").is_empty() && beyond["total"].as_u64().unwrap() > 0);
    }
}

#[tokio::test]
async fn a_page_has_20_rows_unless_another_number_is_asked_for_and_parameters_are_checked() {
    let fake = Fake::new().await;
    assert_eq!(rows(&fake.json(CHANNELS, &[("search", "yoga")]).await, "data").len(), 20);
    assert_eq!(rows(&fake.json(CHANNELS, &[("search", "yoga"), ("count", "0")]).await, "data").len(), 0);
    for (name, value) in [("count", "101"), ("count", "-1"), ("start", "10001"), ("start", "x"), ("sort", "-trending"), ("sort", "-views")]
    {
        let answer = fake.get(CHANNELS, &[("search", "yoga"), (name, value)]).await;
        assert_eq!((answer.status, text(&answer.json()["errors"][0]["param"])), (400, name.to_owned()), "{name}={value}");
    }
    for sort in ["-views", "-match", "-publishedAt"] {
        assert_eq!(fake.get(VIDEOS, &[("search", "yoga"), ("sort", sort)]).await.status, 200);
    }
}

#[tokio::test]
async fn a_path_that_is_not_there_is_an_html_page() {
    let answer = Fake::new().await.get("/peertube/api/api/v1/search/accounts", &[]).await;
    assert_eq!((answer.status, answer.media_type.starts_with("text/html")), (404, true));
}
