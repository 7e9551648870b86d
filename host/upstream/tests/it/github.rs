use serde_json::{Value, json};

use crate::{Answer, Fake, rows, text};

const SEARCH: &str = "/github/api/search/users";

/// An answer to a client that says who it is.
async fn get(fake: &Fake, path: &str, query: &[(&str, &str)]) -> Answer {
    crate::read(fake.request(path, query).header("user-agent", "test").send().await.unwrap()).await
}

async fn json(fake: &Fake, path: &str, query: &[(&str, &str)]) -> Value {
    let answer = get(fake, path, query).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The accounts of all pages that a query gives.
async fn search_all(fake: &Fake, query: &str, limit: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let answer = json(fake, SEARCH, &[("q", query), ("per_page", limit), ("page", &page.to_string())]).await;
        all.extend_from_slice(rows(&answer, "items"));
        if rows(&answer, "items").is_empty() || all.len() as u64 >= answer["total_count"].as_u64().unwrap() {
            break;
        }
    }
    all
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].to_string()).collect()
}

#[tokio::test]
async fn users_to_the_end_are_the_reach_exactly_and_nobody_twice() {
    let fake = Fake::new().await;
    for limit in ["7", "30", "100"] {
        assert_eq!(ids(&search_all(&fake, "yoga type:user", limit).await), fake.identities("github", "yoga"));
    }
}

#[tokio::test]
async fn organisations_are_among_all_and_never_among_users() {
    let fake = Fake::new().await;
    let (all, users, organisations) = (
        search_all(&fake, "yoga", "100").await,
        search_all(&fake, "yoga type:user", "100").await,
        search_all(&fake, "type:org yoga", "100").await,
    );
    assert!(!organisations.is_empty() && organisations.len() < users.len());
    assert_eq!(all.len(), users.len() + organisations.len());
    assert!(users.iter().all(|row| row["type"] == "User") && organisations.iter().all(|row| row["type"] == "Organization"));
    assert!(all.iter().all(|row| row.get("followers").is_none() && row.get("bio").is_none() && row["id"].is_u64()));
}

#[tokio::test]
async fn a_query_gives_a_thousand_accounts_and_says_what_is_wrong_with_one_more() {
    let fake = Fake::new().await;
    let answer = get(&fake, SEARCH, &[("q", "yoga"), ("per_page", "100"), ("page", "11")]).await;
    assert_eq!((answer.status, text(&answer.json()["message"])), (422, "Only the first 1000 search results are available".to_owned()));
    assert!(rows(&json(&fake, SEARCH, &[("q", "yoga"), ("per_page", "100"), ("page", "10")]).await, "items").is_empty());
    assert_eq!(get(&fake, SEARCH, &[("q", "type:user")]).await.status, 422);
    assert_eq!(rows(&json(&fake, SEARCH, &[("q", "yoga")]).await, "items").len(), 30, "30 when nothing is asked");
}

#[tokio::test]
async fn nobody_is_found_by_an_explicit_zero() {
    let page = json(&Fake::new().await, SEARCH, &[("q", "nothing here type:user")]).await;
    assert_eq!(page, json!({ "total_count": 0, "incomplete_results": false, "items": [] }));
}

#[tokio::test]
async fn a_profile_adds_the_exact_followers_and_what_people_made_public() {
    let fake = Fake::with(&["deactivated=0"], &[]).await;
    let (mut addresses, mut silent) = (0, 0);
    for known in fake.running.reach("github", "yoga").unwrap() {
        let profile = json(&fake, &format!("/github/api/users/{}", known.username), &[]).await;
        assert_eq!((profile["id"].to_string(), profile["followers"].as_u64()), (known.identity, Some(known.followers)));
        assert!(profile["blog"].is_string() && profile.get("score").is_none());
        assert!(known.email.is_none_or(|email| text(&profile["bio"]).contains(&email)));
        addresses += usize::from(profile["email"].is_string());
        silent += usize::from(profile["bio"].is_null());
    }
    assert!(addresses > 0 && silent > 0, "{addresses} addresses, {silent} without a bio");
}

#[tokio::test]
async fn nobody_else_has_a_profile() {
    let fake = Fake::with(&["deactivated=1"], &[]).await;
    let gone = &fake.running.reach("github", "yoga").unwrap()[0].username;
    for path in [format!("/github/api/users/{gone}"), "/github/api/users/no-body".to_owned(), "/github/api/users/a/repos".to_owned()] {
        let answer = get(&fake, &path, &[]).await;
        assert_eq!((answer.status, &answer.json()["message"]), (404, &json!("Not Found")), "{path}");
    }
}

#[tokio::test]
async fn a_few_of_those_who_are_found_are_gone_without_anybody_asking_for_it() {
    let fake = Fake::new().await;
    let (mut there, mut gone) = (0, 0);
    for keyword in ["yoga", "chess", "bread"] {
        for known in fake.running.reach("github", keyword).unwrap() {
            match get(&fake, &format!("/github/api/users/{}", known.username), &[]).await.status {
                404 => gone += 1,
                _ => there += 1,
            }
        }
    }
    assert!(gone > 0 && gone * 20 < there, "{gone} gone, {there} there");
}

#[tokio::test]
async fn who_does_not_say_who_is_asking_is_refused_in_words_that_are_no_json() {
    let answer = Fake::new().await.get(SEARCH, &[("q", "yoga")]).await;
    assert!(answer.status == 403 && answer.text().contains("User-Agent"), "{answer:?}");
}

#[tokio::test]
async fn a_token_may_be_left_out_but_not_be_wrong() {
    let fake = Fake::new().await;
    for (token, status) in [("Bearer right", 200), ("Bearer invalid", 401), ("token invalid", 401)] {
        let request = fake.request(SEARCH, &[("q", "yoga")]).header("user-agent", "test").header("authorization", token);
        assert_eq!(request.send().await.unwrap().status(), status, "{token}");
    }
    assert_eq!(get(&fake, SEARCH, &[("q", "yoga")]).await.status, 200);
}

#[tokio::test]
async fn too_many_calls_are_a_403_that_only_headers_tell_from_another() {
    let headers = async |fault: &str| {
        let fake = Fake::with(&[], &[fault]).await;
        let answer = fake.request(SEARCH, &[("q", "yoga")]).header("user-agent", "test").send().await.unwrap();
        assert_eq!(answer.status(), 403);
        answer.headers().clone()
    };
    let limited = headers("rate-limited=1").await;
    assert_eq!((&limited["x-ratelimit-remaining"], &limited["x-ratelimit-reset"]), (&"0".parse().unwrap(), &"1788220801".parse().unwrap()));
    assert_eq!(limited["date"], "Tue, 01 Sep 2026 00:00:00 GMT");
    assert!(headers("github:blocked=1").await.get("x-ratelimit-remaining").is_none());
}

#[tokio::test]
async fn a_call_that_comes_before_the_limit_is_reset_is_noticed() {
    let fake = Fake::with(&[], &["rate-limited=1"]).await;
    for early in [0, 1] {
        assert_eq!(get(&fake, SEARCH, &[("q", "yoga")]).await.status, 403);
        assert_eq!(fake.running.counters().too_early, early);
    }
}
