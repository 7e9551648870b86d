//! Goal: the fake Podcast Index answers whoever signs, in the real shapes.

use std::collections::HashSet;

use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

use crate::{Answer, Fake, read, rows, text};

const SEARCH: &str = "/podcastindex/api/search/byterm";

const DATE: &str = "1788220800";

fn signature(key: &str, secret: &str, date: &str) -> String {
    Sha1::digest(format!("{key}{secret}{date}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Asks with these headers.
async fn ask(fake: &Fake, query: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let request = fake.http.get(format!("{}{SEARCH}", fake.running.url())).query(query);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    read(request.send().await.unwrap()).await
}

/// Asks as somebody who may.
async fn get(fake: &Fake, query: &[(&str, &str)]) -> Answer {
    let signed = signature("ana", "fake", DATE);
    ask(fake, query, &[("user-agent", "test"), ("x-auth-key", "ana"), ("x-auth-date", DATE), ("authorization", &signed)]).await
}

async fn search(fake: &Fake, query: &[(&str, &str)]) -> Value {
    let answer = get(fake, query).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The ids of feeds that live and are no other's.
fn living(answer: &Value) -> Vec<String> {
    rows(answer, "feeds").iter().filter(|feed| feed["dead"] == 0).map(|feed| feed["id"].to_string()).collect()
}

#[tokio::test]
async fn whoever_does_not_sign_rightly_is_told_so_in_plain_text() {
    let fake = Fake::new().await;
    let right = signature("ana", "fake", DATE);
    let headers = [("user-agent", "test"), ("x-auth-key", "ana"), ("x-auth-date", DATE), ("authorization", right.as_str())];
    for missing in 0..headers.len() {
        let mut given = headers;
        given[missing].1 = "";
        let answer = ask(&fake, &[("q", "yoga")], &given).await;
        assert_eq!(answer.status, 401, "{}", headers[missing].0);
        assert!(answer.media_type.starts_with("text/plain") && answer.text().contains("either not set or blank."), "{answer:?}");
    }
    let wrong_secret = signature("ana", "other", DATE);
    let milliseconds = signature("ana", "fake", "1788220800000");
    let wrong_key = signature("invalid", "fake", DATE);
    for (key, date, signed) in [
        ("ana", DATE, wrong_secret),
        ("ana", "1788220801", right.clone()),
        ("bo", DATE, right.clone()),
        ("ana", "1788220800000", milliseconds),
        ("invalid", DATE, wrong_key),
    ] {
        let given = [("user-agent", "test"), ("x-auth-key", key), ("x-auth-date", date), ("authorization", signed.as_str())];
        assert_eq!(ask(&fake, &[("q", "yoga")], &given).await.status, 401, "{key} {date}");
    }
}

#[tokio::test]
async fn one_answer_gives_the_reach_exactly_beside_what_is_dead_or_elsewhere() {
    let fake = Fake::with(&["duplicates-in-page=0.2", "deactivated=0.2"], &[]).await;
    let answer = search(&fake, &[("q", "yoga"), ("max", "1000")]).await;
    let reach = fake.identities("podcastindex", "yoga");
    assert_eq!(living(&answer), reach);
    let feeds = rows(&answer, "feeds");
    assert_eq!(answer["count"], json!(feeds.len()));
    assert_eq!((&answer["status"], &answer["query"]), (&json!("true"), &json!("yoga")));
    let distinct: HashSet<String> = feeds.iter().map(|feed| feed["id"].to_string()).collect();
    assert_eq!(distinct.len(), feeds.len());
    let known: HashSet<String> = reach.into_iter().collect();
    let moved: Vec<&Value> = feeds.iter().filter(|feed| feed.get("duplicateOf").is_some()).collect();
    assert!(!moved.is_empty() && moved.iter().all(|feed| known.contains(&feed["duplicateOf"].to_string())));
    assert!(feeds.iter().any(|feed| feed["dead"] == 1));
}

#[tokio::test]
async fn an_answer_has_60_rows_unless_another_number_is_asked_for() {
    let fake = Fake::new().await;
    assert_eq!(rows(&search(&fake, &[("q", "yoga")]).await, "feeds").len(), 60);
    assert_eq!(rows(&search(&fake, &[("q", "yoga"), ("max", "1")]).await, "feeds").len(), 1);
    let most = search(&fake, &[("q", "yoga"), ("max", "5000")]).await;
    assert_eq!(most, search(&fake, &[("q", "yoga"), ("max", "1000")]).await);
    for max in ["0", "-1", "many"] {
        assert_eq!(get(&fake, &[("q", "yoga"), ("max", max)]).await.status, 400, "{max}");
    }
}

#[tokio::test]
async fn an_error_says_false_in_words_and_a_missing_keyword_is_one() {
    let fake = Fake::new().await;
    let answer = get(&fake, &[]).await;
    assert_eq!((answer.status, answer.json()), (400, json!({ "status": "false", "description": "The q parameter is missing." })));
}

#[tokio::test]
async fn finding_nothing_is_an_empty_list_and_no_error() {
    let fake = Fake::new().await;
    let answer = search(&fake, &[("q", "nothing here")]).await;
    assert_eq!((rows(&answer, "feeds").len(), &answer["status"], &answer["count"]), (0, &json!("true"), &json!(0)));
}

#[tokio::test]
async fn explicit_shows_are_left_out_where_that_is_asked() {
    let fake = Fake::new().await;
    let explicit = |answer: &Value| rows(answer, "feeds").iter().filter(|feed| feed["explicit"] == true).count();
    assert!(explicit(&search(&fake, &[("q", "yoga"), ("max", "1000")]).await) > 0);
    assert_eq!(explicit(&search(&fake, &[("q", "yoga"), ("max", "1000"), ("clean", "true")]).await), 0);
}

#[tokio::test]
async fn an_address_stands_in_the_description_whatever_its_form() {
    let fake = Fake::new().await;
    let known = fake.running.reach("podcastindex", "yoga").unwrap();
    let answer = search(&fake, &[("q", "yoga"), ("max", "1000"), ("fulltext", "")]).await;
    let described =
        |id: &str| rows(&answer, "feeds").iter().find(|feed| feed["id"].as_u64() == id.parse().ok()).map(|feed| text(&feed["description"]));
    let reachable: Vec<_> = known.iter().filter_map(|known| Some((described(&known.identity)?, known.email.clone()?))).collect();
    assert!(!reachable.is_empty() && reachable.iter().all(|(description, email)| description.contains(email)));
}

/// The descriptions of a search, in order.
async fn descriptions(fake: &Fake, more: &[(&str, &str)]) -> Vec<String> {
    let answer = search(fake, &[&[("q", "yoga"), ("max", "1000")], more].concat()).await;
    rows(&answer, "feeds").iter().map(|feed| text(&feed["description"]).replace("<br />", "\n")).collect()
}

#[tokio::test]
async fn descriptions_are_cut_after_a_few_words() {
    let cut = descriptions(&Fake::with(&["none"], &[]).await, &[]).await;
    assert!(cut.iter().all(|description| description.split_whitespace().count() <= 4), "{cut:?}");
}

#[tokio::test]
async fn full_text_gives_the_rest_of_the_descriptions() {
    let fake = Fake::with(&["none"], &[]).await;
    let (cut, whole) = (descriptions(&fake, &[]).await, descriptions(&fake, &[("fulltext", "")]).await);
    assert!(cut.iter().zip(&whole).all(|(cut, whole)| whole.starts_with(cut.trim_end_matches("</p>"))));
    let longer = cut.iter().zip(&whole).filter(|(cut, whole)| cut.len() < whole.len()).count();
    assert!(longer * 2 > whole.len(), "{longer} of {}", whole.len());
}

#[tokio::test]
async fn fields_are_null_and_blank_as_often_as_in_the_real_directory() {
    let fake = Fake::new().await;
    let answer = search(&fake, &[("q", "yoga"), ("max", "1000")]).await;
    let count = |is: fn(&Value) -> bool| rows(&answer, "feeds").iter().filter(|feed| is(feed)).count();
    assert!(count(|feed| feed["itunesId"].is_null()) > count(|feed| feed["itunesId"].is_u64()));
    assert!(count(|feed| feed["categories"].is_null()) > 0 && count(|feed| feed["categories"].is_object()) > 0);
}
