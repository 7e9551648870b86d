use std::collections::{BTreeSet, HashSet};

use serde_json::{Value, json};

use crate::{Fake, rows, text};

const VIDEOS: &str = "/dailymotion/api/videos";
const USERS: &str = "/dailymotion/api/users";

/// Every row of a keyword, page by page, until there is no more.
async fn search_all(fake: &Fake, path: &str, keyword: &str, limit: &str, fields: &str) -> Vec<Value> {
    let (mut all, mut page) = (Vec::new(), 1);
    loop {
        let number = page.to_string();
        let answer = fake.json(path, &[("search", keyword), ("limit", limit), ("page", &number), ("fields", fields)]).await;
        assert_eq!((answer["page"].as_u64(), answer["limit"].to_string()), (Some(page), limit.to_owned()));
        all.extend_from_slice(rows(&answer, "list"));
        match answer["has_more"].as_bool() {
            Some(true) => page += 1,
            _ => return all,
        }
    }
}

fn names(row: &Value) -> BTreeSet<&str> {
    row.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn users_to_the_end_are_the_reach_exactly_and_nobody_twice() {
    let fake = Fake::new().await;
    for limit in ["7", "100"] {
        let found = search_all(&fake, USERS, "yoga", limit, "id").await;
        let found: Vec<_> = found.iter().map(|row| text(&row["id"])).collect();
        assert_eq!(found, fake.identities("dailymotion", "yoga"));
    }
}

#[tokio::test]
async fn videos_to_the_end_are_of_everybody_who_is_reached_and_of_some_twice() {
    let fake = Fake::new().await;
    let found = search_all(&fake, VIDEOS, "yoga", "100", "id,owner.id").await;
    let reached: HashSet<_> = fake.identities("dailymotion", "yoga").into_iter().collect();
    let uploaders: HashSet<_> = found.iter().map(|row| text(&row["owner.id"])).collect();
    assert_eq!(uploaders, reached);
    assert!(found.len() > reached.len(), "{} videos of {}", found.len(), reached.len());
    assert_eq!(found.iter().map(|row| text(&row["id"])).collect::<HashSet<_>>().len(), found.len(), "no video comes twice");
}

#[tokio::test]
async fn fields_come_under_the_names_they_are_asked_for_by_and_no_other_comes() {
    let fake = Fake::new().await;
    let page = fake.json(VIDEOS, &[("search", "yoga"), ("fields", "title,owner.username,owner.followers_total")]).await;
    let known = fake.running.reach("dailymotion", "yoga").unwrap();
    assert_eq!(rows(&page, "list").len(), 10, "10 when nothing is asked");
    for (row, known) in rows(&page, "list").iter().zip(known) {
        assert_eq!(row.as_object().unwrap().len(), 3);
        assert_eq!(
            (row["owner.username"].as_str(), row["owner.followers_total"].as_u64()),
            (Some(&*known.username), Some(known.followers))
        );
    }
}

#[tokio::test]
async fn without_fields_a_row_has_few_and_the_channel_is_a_topic() {
    let fake = Fake::new().await;
    let page = fake.json(VIDEOS, &[("search", "yoga")]).await;
    let row = &rows(&page, "list")[0];
    assert_eq!(names(row), BTreeSet::from(["channel", "id", "owner", "title"]));
    assert_eq!(text(&row["owner"]), fake.identities("dailymotion", "yoga")[0]);
    let users = fake.json(USERS, &[("search", "yoga")]).await;
    assert_eq!(names(&rows(&users, "list")[0]), BTreeSet::from(["id", "screenname"]));
}

#[tokio::test]
async fn a_field_that_is_not_known_is_refused_by_name() {
    let fake = Fake::new().await;
    for (path, field) in [(VIDEOS, "owner.shoe_size"), (VIDEOS, "owner.owner.id"), (USERS, "views_last_year"), (USERS, "owner.id")] {
        let answer = fake.get(path, &[("search", "yoga"), ("fields", &format!("id,{field}"))]).await;
        assert_eq!((answer.status, &answer.json()["error"]["type"]), (400, &json!("invalid_parameter")), "{field}");
        assert!(text(&answer.json()["error"]["message"]).contains(field));
    }
}

#[tokio::test]
async fn a_field_that_is_not_known_is_refused_where_no_row_would_show_it() {
    let fake = Fake::new().await;
    for query in [[("search", "nothing here"), ("page", "1")], [("search", "yoga"), ("page", "500")]] {
        let answer = fake.get(VIDEOS, &[&query[..], &[("fields", "id,shoe_size")]].concat()).await;
        assert_eq!((answer.status, &answer.json()["error"]["type"]), (400, &json!("invalid_parameter")), "{query:?}");
    }
}

#[tokio::test]
async fn pages_have_limits_on_both_sides() {
    let fake = Fake::new().await;
    for (name, value, status) in [("limit", "100", 200), ("limit", "101", 400), ("limit", "0", 400), ("page", "0", 400), ("page", "x", 400)]
    {
        assert_eq!(fake.get(USERS, &[("search", "yoga"), (name, value)]).await.status, status, "{name}={value}");
    }
    let beyond = fake.json(USERS, &[("search", "yoga"), ("page", "500")]).await;
    assert_eq!((rows(&beyond, "list").len(), &beyond["has_more"]), (0, &json!(false)));
}

#[tokio::test]
async fn nobody_is_found_by_an_empty_list() {
    let page = Fake::new().await.json(VIDEOS, &[("search", "nothing here"), ("limit", "100")]).await;
    assert_eq!(page, json!({ "page": 1, "limit": 100, "explicit": false, "total": 0, "has_more": false, "list": [] }));
}

#[tokio::test]
async fn descriptions_are_markup_and_hold_the_addresses() {
    let fake = Fake::new().await;
    let known = fake.running.reach("dailymotion", "yoga").unwrap();
    let users = search_all(&fake, USERS, "yoga", "100", "description").await;
    for (user, known) in users.iter().zip(known) {
        assert!(!user["description"].as_str().unwrap_or_default().contains('\n'));
        assert!(known.email.is_none_or(|email| text(&user["description"]).contains(&email)));
    }
}

#[tokio::test]
async fn refusals_are_told_by_their_type() {
    for (fault, status, kind) in [
        ("rate-limited=1", 429, "rate_limit_exceeded"),
        ("unauthorized=1", 401, "invalid_token"),
        ("dailymotion:blocked=1", 403, "access_forbidden"),
        ("out-of-credit=1", 402, "payment_required"),
    ] {
        let answer = Fake::with(&[], &[fault]).await.get(VIDEOS, &[("search", "yoga")]).await;
        assert_eq!((answer.status, &answer.json()["error"]["type"]), (status, &json!(kind)));
        assert_eq!(answer.retry_after.is_some(), status == 429);
    }
    assert_eq!(Fake::new().await.get("/dailymotion/api/playlists", &[]).await.status, 404);
}
