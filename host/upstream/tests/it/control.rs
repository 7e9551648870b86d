use scout_upstream::Options;
use serde_json::json;

use crate::{Fake, read};

const SEARCH: &str = "/bluesky/api/app.bsky.actor.searchActors";

async fn set_faults(fake: &Fake, body: &str) -> crate::Answer {
    let url = format!("{}/_scout/faults", fake.running.url());
    read(fake.http.put(url).body(body.to_owned()).send().await.unwrap()).await
}

#[tokio::test]
async fn the_root_says_what_is_served() {
    let help = Fake::new().await.get("/", &[]).await;
    assert!(help.media_type.starts_with("text/plain"));
    for part in ["/bluesky/api/", "/tiktok/api/", "/_scout/counters", "/_scout/reset", "/_scout/faults", "rate-limited", "oversized"] {
        assert!(help.text().contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_path_of_no_platform_is_404_with_a_hint_and_another_method_is_405() {
    let fake = Fake::new().await;
    for path in ["/bluesky", "/bluesky/apis/x", "/nowhere/api/x", "/bluesky/api"] {
        let answer = fake.get(path, &[]).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("hint: paths begin with /bluesky/api/ or "));
    }
    let post = fake.http.post(format!("{}{SEARCH}", fake.running.url())).send().await.unwrap();
    assert_eq!((post.status().as_u16(), &post.headers()["allow"]), (405, &"GET".parse::<reqwest::header::HeaderValue>().unwrap()));
}

#[tokio::test]
async fn calls_are_counted_by_platform_kind_and_status_until_they_are_forgotten() {
    let fake = Fake::with(&[], &["profiles:unauthorized=1"]).await;
    fake.get(SEARCH, &[("q", "yoga")]).await;
    fake.get(SEARCH, &[("q", "yoga")]).await;
    fake.get("/bluesky/api/app.bsky.actor.getProfiles", &[("actors", "a.test")]).await;
    fake.get("/tiktok/api/v1/account/credit-balance", &[]).await;
    let counters = fake.json("/_scout/counters", &[]).await;
    assert_eq!(counters, serde_json::to_value(fake.running.counters()).unwrap());
    assert_eq!(
        counters,
        json!({
            "calls": 4, "inFlight": 0, "inFlightMax": 1, "duplicates": 1, "duplicatesAfterSuccess": 1, "tooEarly": 0, "elsewhere": 0,
            "faults": { "unauthorized": 1 },
            "platforms": {
                "bluesky": { "inFlight": 0, "inFlightMax": 1, "endpoints": { "search": 2, "profiles": 1 }, "statuses": { "200": 2, "401": 1 } },
                "tiktok": { "inFlight": 0, "inFlightMax": 1, "endpoints": { "credit": 1 }, "statuses": { "200": 1 } },
            },
        })
    );
    let reset = fake.http.post(format!("{}/_scout/reset", fake.running.url())).send().await.unwrap();
    assert_eq!(reset.status().as_u16(), 204);
    assert_eq!(fake.running.counters().calls, 0);
}

#[tokio::test]
async fn the_most_calls_at_once_are_counted_exactly() {
    // Ten minutes for every answer: each is still open when the last one has begun.
    let faults = ["slow=1".parse().unwrap()].into_iter().collect();
    let fake = Fake::of(Options { creators: 200, slow_ms: 600_000, faults, ..Options::default() }).await;
    let mut open = Vec::new();
    for number in 0..6 {
        open.push(fake.send(SEARCH, &[("q", &number.to_string())]).await);
    }
    let counters = fake.running.counters();
    assert_eq!((counters.in_flight, counters.in_flight_max, counters.platforms["bluesky"].in_flight_max), (6, 6, 6));
}

#[tokio::test]
async fn calls_one_after_the_other_are_never_two_at_once() {
    let fake = Fake::with(&[], &["slow=0.5"]).await;
    for number in 0..10 {
        fake.get(SEARCH, &[("q", &number.to_string())]).await;
    }
    assert_eq!(fake.running.counters().in_flight_max, 1);
}

#[tokio::test]
async fn faults_can_be_set_while_it_runs_and_cleared_again() {
    let fake = Fake::new().await;
    assert_eq!(set_faults(&fake, r#"{"search:blocked": 1, "slow": 0}"#).await.status, 204);
    assert_eq!(fake.get(SEARCH, &[("q", "yoga")]).await.status, 403);
    assert_eq!(set_faults(&fake, "{}").await.status, 204);
    assert_eq!(fake.get(SEARCH, &[("q", "yoga")]).await.status, 200);
}

#[tokio::test]
async fn wrong_faults_are_refused_all_at_once_and_change_nothing() {
    let fake = Fake::with(&[], &["blocked=1"]).await;
    let answer = set_faults(&fake, r#"{"teapot": 1, "slow": 2, "posts:html": 1, "html": "often", "unavailable": 1}"#).await;
    assert_eq!((answer.status, answer.json()["errors"].as_array().unwrap().len()), (400, 4));
    assert!(answer.text().contains("hint: the faults are rate-limited"));
    assert_eq!(set_faults(&fake, "[1]").await.status, 400);
    assert_eq!(set_faults(&fake, "").await.status, 400);
    assert_eq!(fake.get(SEARCH, &[("q", "yoga")]).await.status, 403);
}

#[tokio::test]
async fn a_stopped_server_takes_no_more_calls() {
    let fake = Fake::new().await;
    let url = fake.running.url();
    fake.get("/", &[]).await;
    fake.running.stop().await.unwrap();
    let error = crate::client().get(url).send().await.unwrap_err();
    assert!(error.is_connect());
}

#[tokio::test]
async fn an_answer_under_way_does_not_keep_a_server_from_stopping() {
    let fake = Fake::of(Options {
        slow_ms: 600_000,
        creators: 200,
        faults: ["slow=1".parse().unwrap()].into_iter().collect(),
        ..Options::default()
    })
    .await;
    let open = fake.send(SEARCH, &[("q", "yoga")]).await;
    fake.running.stop().await.unwrap();
    drop(open);
}
