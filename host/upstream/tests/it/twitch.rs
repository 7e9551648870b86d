//! Goal: the fake Twitch gives tokens, wants them, and pages, leaves out and refuses as the real one does.

use serde_json::{Value, json};

use crate::{Answer, Fake, read, rows, text};

const TOKEN: &str = "/twitch/api/oauth2/token";
const SEARCH: &str = "/twitch/api/search/channels";
const USERS: &str = "/twitch/api/users";

const FORM: [(&str, &str); 3] = [("grant_type", "client_credentials"), ("client_id", "ana"), ("client_secret", "s3cret")];

async fn exchange(fake: &Fake, form: &[(&str, &str)]) -> Answer {
    let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = fake.http.post(format!("{}{TOKEN}", fake.running.url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"));
    read(request.send().await.unwrap()).await
}

async fn token(fake: &Fake) -> String {
    text(&exchange(fake, &FORM).await.json()["access_token"])
}

/// Asks with these headers.
async fn ask(fake: &Fake, path: &str, query: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let request = fake.http.get(format!("{}{path}", fake.running.url())).query(query);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    read(request.send().await.unwrap()).await
}

/// Asks as somebody who may.
async fn get(fake: &Fake, path: &str, query: &[(&str, &str)]) -> Answer {
    let bearer = format!("Bearer {}", token(fake).await);
    ask(fake, path, query, &[("authorization", &bearer), ("client-id", "ana")]).await
}

/// Every row of a keyword, page by page, until the cursor is absent.
async fn search_all(fake: &Fake, query: &[(&str, &str)]) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut asked = query.to_vec();
        asked.extend((!cursor.is_empty()).then_some(("after", cursor.as_str())));
        let answer = get(fake, SEARCH, &asked).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        all.extend_from_slice(rows(&page, "data"));
        match page["pagination"].get("cursor") {
            Some(next) => cursor = text(next),
            None => return all,
        }
    }
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| text(&row["id"])).collect()
}

#[tokio::test]
async fn id_and_secret_are_traded_for_a_bearer_token_that_is_the_same_every_time() {
    let fake = Fake::new().await;
    let answer = exchange(&fake, &FORM).await;
    assert_eq!(answer.status, 200);
    assert_eq!((&answer.json()["token_type"], answer.json()["expires_in"].as_u64()), (&json!("bearer"), Some(5_011_271)));
    assert_eq!(token(&fake).await, text(&answer.json()["access_token"]));
    let other = [FORM[0], ("client_id", "bo"), FORM[2]];
    assert_ne!(token(&fake).await, text(&exchange(&fake, &other).await.json()["access_token"]));
    assert_eq!((fake.running.counters().duplicates, fake.running.counters().platforms["twitch"].endpoints["token"]), (0, 4));
}

#[tokio::test]
async fn what_is_wrong_with_an_exchange_is_said_in_the_token_endpoint_s_own_way() {
    let fake = Fake::new().await;
    let with = |place: usize, value| {
        let mut form = FORM;
        form[place].1 = value;
        form
    };
    for (form, status, message) in [
        (with(0, ""), 400, "missing grant type"),
        (with(0, "password"), 400, "invalid grant type"),
        (with(1, ""), 400, "missing client id"),
        (with(1, "invalid"), 400, "invalid client"),
        (with(2, ""), 400, "missing client secret"),
        (with(2, "invalid"), 403, "invalid client secret"),
    ] {
        let answer = exchange(&fake, &form).await;
        assert_eq!((answer.status, answer.json()), (status, json!({ "status": status, "message": message })));
    }
}

#[tokio::test]
async fn a_token_is_asked_for_by_post_and_everything_else_by_get() {
    let fake = Fake::new().await;
    assert_eq!(ask(&fake, TOKEN, &[], &[]).await.status, 405);
    let posted = fake.http.post(format!("{}{USERS}", fake.running.url())).send().await.unwrap();
    assert_eq!((posted.status().as_u16(), posted.headers()["allow"].to_str().unwrap()), (405, "GET"));
}

#[tokio::test]
async fn nobody_is_let_in_without_an_id_and_its_own_token() {
    let fake = Fake::new().await;
    let bearer = format!("Bearer {}", token(&fake).await);
    for (headers, message) in [
        (vec![("client-id", "ana")], "OAuth token is missing"),
        (vec![("authorization", bearer.as_str())], "Client ID is missing"),
        (vec![("authorization", bearer.as_str()), ("client-id", "bo")], "Client ID and OAuth token do not match"),
        (vec![("authorization", "Bearer x"), ("client-id", "ana")], "Client ID and OAuth token do not match"),
        (vec![("authorization", "Basic x"), ("client-id", "ana")], "OAuth token is missing"),
    ] {
        let answer = ask(&fake, SEARCH, &[("query", "yoga")], &headers).await;
        assert_eq!((answer.status, answer.json()), (401, json!({ "error": "Unauthorized", "status": 401, "message": message })));
    }
}

#[tokio::test]
async fn paging_to_the_end_gives_the_reach_exactly_and_nobody_twice() {
    let fake = Fake::new().await;
    for first in ["7", "20", "100"] {
        assert_eq!(ids(&search_all(&fake, &[("query", "yoga"), ("first", first)]).await), fake.identities("twitch", "yoga"));
    }
}

#[tokio::test]
async fn only_who_is_live_is_found_where_that_is_asked() {
    let fake = Fake::new().await;
    let all = search_all(&fake, &[("query", "yoga"), ("first", "100")]).await;
    let live: Vec<Value> = all.iter().filter(|row| row["is_live"] == true).cloned().collect();
    assert!(!live.is_empty() && live.len() < all.len());
    assert!(live.iter().all(|row| text(&row["started_at"]).ends_with('Z')));
    assert_eq!(search_all(&fake, &[("query", "yoga"), ("live_only", "true")]).await, live);
}

#[tokio::test]
async fn a_page_has_20_rows_unless_another_number_is_asked_for() {
    let fake = Fake::new().await;
    assert_eq!(rows(&get(&fake, SEARCH, &[("query", "yoga")]).await.json(), "data").len(), 20);
    for first in ["0", "101", "many"] {
        let answer = get(&fake, SEARCH, &[("query", "yoga"), ("first", first)]).await;
        assert_eq!((answer.status, text(&answer.json()["error"])), (400, "Bad Request".to_owned()), "{first}");
    }
    assert_eq!(get(&fake, SEARCH, &[("query", "yoga"), ("after", "x")]).await.status, 400, "a foreign cursor");
    assert_eq!(get(&fake, SEARCH, &[]).await.status, 400);
}

#[tokio::test]
async fn a_keyword_with_the_word_nothing_finds_nobody_and_says_so_plainly() {
    let fake = Fake::new().await;
    assert_eq!(get(&fake, SEARCH, &[("query", "nothing here")]).await.json(), json!({ "data": [], "pagination": {} }));
}

#[tokio::test]
async fn a_hundred_users_are_asked_for_at_once_by_id_and_by_login() {
    let fake = Fake::with(&["deactivated=0"], &[]).await;
    let known = fake.running.reach("twitch", "yoga").unwrap();
    let query = [("id", known[0].identity.as_str()), ("login", &known[1].username), ("login", "nobody")];
    let users = get(&fake, USERS, &query).await.json();
    assert_eq!(ids(rows(&users, "data")), [known[0].identity.clone(), known[1].identity.clone()]);
    let bio = text(&rows(&users, "data")[0]["description"]);
    assert!(known[0].email.as_ref().is_none_or(|email| bio.contains(email)));
    let many = |count: usize| vec![("login", "nobody"); count];
    assert_eq!(get(&fake, USERS, &many(100)).await.json(), json!({ "data": [] }));
    for query in [many(0), many(101), vec![("id", "ana")]] {
        assert_eq!(get(&fake, USERS, &query).await.status, 400);
    }
}

#[tokio::test]
async fn a_banned_user_is_found_and_then_left_out() {
    let fake = Fake::with(&["deactivated=1"], &[]).await;
    let found = fake.identities("twitch", "yoga");
    assert_eq!(get(&fake, USERS, &[("id", &found[0])]).await.json(), json!({ "data": [] }));
}

#[tokio::test]
async fn too_many_calls_are_told_by_the_moment_at_which_they_may_go_on() {
    let fake = Fake::with(&[], &["search:rate-limited=1"]).await;
    let bearer = format!("Bearer {}", token(&fake).await);
    let url = format!("{}{SEARCH}?query=yoga", fake.running.url());
    let ask = || fake.http.get(&url).header("authorization", &bearer).header("client-id", "ana").send();
    let answer = ask().await.unwrap();
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!((answer.status().as_u16(), header("ratelimit-remaining").as_deref()), (429, Some("0")));
    assert_eq!((header("ratelimit-reset").as_deref(), header("retry-after")), (Some("1788220801"), None));
    assert_eq!(header("date").as_deref(), Some("Tue, 01 Sep 2026 00:00:00 GMT"));
    ask().await.unwrap();
    assert_eq!(fake.running.counters().too_early, 1, "whoever comes back at once comes too early");
}
