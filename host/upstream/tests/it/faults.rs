use std::collections::HashSet;
use std::error::Error;

use crate::{Fake, rows};

/// A call of either platform that is right when nothing goes wrong.
const CALLS: [(&str, &[(&str, &str)]); 2] = [
    ("/bluesky/api/app.bsky.actor.searchActors", &[("q", "yoga")]),
    ("/tiktok/api/v1/tiktok/search/keyword", &[("query", "yoga"), ("trim", "true")]),
];

#[tokio::test]
async fn refusals_have_their_status_and_json_on_every_platform() {
    for (fault, status) in [("rate-limited=1", 429), ("out-of-credit=1", 402), ("unauthorized=1", 401), ("blocked=1", 403)] {
        let fake = Fake::with(&[], &[fault]).await;
        for (path, query) in CALLS {
            let answer = fake.get(path, query).await;
            assert_eq!(answer.status, status, "{fault}");
            assert!(answer.json()["message"].is_string(), "{fault}");
            assert_eq!(answer.retry_after.is_some(), status == 429, "{fault}");
        }
    }
}

#[tokio::test]
async fn too_many_calls_tell_bluesky_clients_when_to_come_back_by_the_date_of_the_answer() {
    let fake = Fake::with(&[], &["rate-limited=1"]).await;
    let answer = fake.send(CALLS[0].0, CALLS[0].1).await;
    assert_eq!(answer.headers()["date"], "Tue, 01 Sep 2026 00:00:00 GMT");
    assert_eq!(answer.headers()["ratelimit-reset"], "1788220801");
}

#[tokio::test]
async fn an_unavailable_platform_answers_with_a_page_and_one_of_three_statuses() {
    let fake = Fake::with(&[], &["unavailable=1"]).await;
    let mut statuses = HashSet::new();
    for _ in 0..30 {
        let answer = fake.get(CALLS[0].0, CALLS[0].1).await;
        assert!(answer.text().starts_with("<!DOCTYPE html>") && answer.media_type.starts_with("text/html"));
        statuses.insert(answer.status);
    }
    assert_eq!(statuses, HashSet::from([500, 502, 503]));
}

#[tokio::test]
async fn a_page_may_come_in_place_of_an_answer_with_200() {
    let fake = Fake::with(&[], &["html=1"]).await;
    for (path, query) in CALLS {
        let answer = fake.get(path, query).await;
        assert_eq!(answer.status, 200);
        assert!(answer.text().contains("<html") && answer.media_type.starts_with("text/html"));
    }
}

#[tokio::test]
async fn a_malformed_answer_is_200_and_has_no_rows_in_any_of_its_forms() {
    let fake = Fake::with(&[], &["malformed=1"]).await;
    let mut forms = HashSet::new();
    for _ in 0..80 {
        let answer = fake.get(CALLS[0].0, CALLS[0].1).await;
        assert_eq!(answer.status, 200);
        let read = serde_json::from_slice::<serde_json::Value>(&answer.body);
        assert!(read.is_ok_and(|json| rows(&json, "actors").is_empty()) || answer.body.len() < 10);
        forms.insert(answer.body);
    }
    assert_eq!(forms.len(), 8);
}

#[tokio::test]
async fn a_truncated_answer_comes_whole_and_is_the_beginning_of_the_right_one() {
    let (good, bad) = (Fake::new().await, Fake::with(&[], &["truncated=1"]).await);
    for (path, query) in CALLS {
        let right = good.get(path, query).await.body;
        let cut = bad.send(path, query).await;
        let length = cut.content_length();
        let cut = cut.bytes().await.unwrap();
        assert_eq!(length, Some(cut.len() as u64));
        assert!(cut.len() < right.len() && right.starts_with(&cut));
    }
}

#[tokio::test]
async fn a_connection_may_break_in_the_middle_of_an_answer() {
    let fake = Fake::with(&[], &["disconnect=1"]).await;
    for (path, query) in CALLS {
        let response = fake.send(path, query).await;
        assert_eq!(response.status(), 200);
        let error = response.bytes().await.unwrap_err();
        assert!(error.is_body() || error.is_decode(), "{error:?}");
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn an_oversized_answer_is_right_after_200_mib_of_white_space() {
    let (good, bad) = (Fake::new().await, Fake::with(&[], &["oversized=1"]).await);
    let right = good.get(CALLS[0].0, CALLS[0].1).await.body;
    let mut response = bad.send(CALLS[0].0, CALLS[0].1).await;
    assert_eq!(response.content_length(), None);
    let (mut blank, mut rest) = (0_usize, Vec::new());
    while let Some(piece) = response.chunk().await.unwrap() {
        let kept = if rest.is_empty() { piece.trim_ascii_start() } else { &piece };
        blank += piece.len() - kept.len();
        rest.extend_from_slice(kept);
    }
    assert_eq!((blank, rest), (200 << 20, right));
}

#[tokio::test]
async fn a_redirect_leads_to_another_host_and_whoever_follows_it_is_counted() {
    let fake = Fake::with(&[], &["redirect=1"]).await;
    for (path, query) in CALLS {
        let answer = fake.send(path, query).await;
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(answer.status().as_u16(), 302);
        assert!(location.starts_with(&format!("http://localhost:{}/_elsewhere/", fake.running.address().port())), "{location}");
    }
    assert_eq!(fake.running.counters().elsewhere, 0);
    let follower = reqwest::Client::new();
    assert!(follower.get(format!("{}{}?q=yoga", fake.running.url(), CALLS[0].0)).send().await.unwrap().status().is_success());
    assert_eq!(fake.running.counters().elsewhere, 1);
}

#[tokio::test]
async fn a_call_that_hangs_has_no_answer_and_is_over_when_its_client_goes_away() {
    let fake = Fake::with(&[], &["hang=1"]).await;
    let call = tokio::spawn(fake.request(CALLS[0].0, CALLS[0].1).send());
    let counters = || fake.running.counters();
    until(|| counters().faults.get("hang") == Some(&1)).await;
    assert_eq!(counters().in_flight, 1);
    call.abort();
    until(|| counters().in_flight == 0).await;
    let [served] = &fake.running.served()[..] else { panic!("one call came") };
    assert_eq!((served.status, served.is_right()), (None, false));
}

/// Waits until something is so; the test's own limit of time ends it otherwise.
async fn until(so: impl Fn() -> bool) {
    while !so() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_refusal_says_how_long_to_wait_and_whoever_does_not_is_counted() {
    let faults = ["rate-limited=1".parse().unwrap()].into_iter().collect();
    let fake = Fake::of(scout_upstream::Options { creators: 200, retry_after_s: 3_600, faults, ..Default::default() }).await;
    for (path, query) in CALLS {
        let answer = fake.get(path, query).await;
        assert_eq!((answer.status, answer.retry_after.as_deref()), (429, Some("3600")));
    }
    let reset = fake.send(CALLS[0].0, &[("q", "chess")]).await.headers()["ratelimit-reset"].clone();
    assert_eq!(reset, "1788224400", "the platform's own header agrees");
    assert_eq!(fake.running.counters().too_early, 0, "other calls don't have to wait");
    fake.get(CALLS[0].0, CALLS[0].1).await;
    assert_eq!(fake.running.counters().too_early, 1);
}

#[tokio::test]
async fn calls_that_need_not_wait_are_never_too_early() {
    let faults = ["rate-limited=1".parse().unwrap()].into_iter().collect();
    let fake = Fake::of(scout_upstream::Options { creators: 200, retry_after_s: 0, faults, ..Default::default() }).await;
    fake.get(CALLS[0].0, CALLS[0].1).await;
    fake.get(CALLS[0].0, CALLS[0].1).await;
    assert_eq!((fake.running.counters().duplicates, fake.running.counters().too_early), (1, 0));
}

#[tokio::test]
async fn every_call_is_remembered_with_what_it_asked_for_and_got() {
    let fake = Fake::with(&[], &["search:truncated=1"]).await;
    fake.get(CALLS[0].0, CALLS[0].1).await;
    fake.get("/bluesky/api/app.bsky.actor.getProfiles", &[("actors", "a.test"), ("actors", "b.test")]).await;
    let served = fake.running.served();
    assert_eq!((served[0].endpoint, served[0].status, served[0].is_right()), ("search", Some(200), false));
    assert_eq!((served[1].endpoint, served[1].status, served[1].is_right()), ("profiles", Some(200), true));
    let pair = |value: &str| ("actors".to_owned(), value.to_owned());
    assert_eq!(served[1].query, [pair("a.test"), pair("b.test")]);
    fake.running.reset();
    assert!(fake.running.served().is_empty());
}

#[tokio::test]
async fn a_slow_answer_is_right_and_comes_in_pieces() {
    let (good, bad) = (Fake::new().await, Fake::with(&[], &["slow=1"]).await);
    let right = good.get(CALLS[0].0, CALLS[0].1).await.body;
    let mut response = bad.send(CALLS[0].0, CALLS[0].1).await;
    let (mut pieces, mut body) = (0, Vec::new());
    while let Some(piece) = response.chunk().await.unwrap() {
        pieces += 1;
        body.extend_from_slice(&piece);
    }
    assert_eq!(body, right);
    assert!(pieces > 1, "{pieces}");
}

#[tokio::test]
async fn a_scope_restricts_a_fault_to_a_platform_or_a_kind_of_call() {
    let profiles = Fake::with(&[], &["profiles:unavailable=1"]).await;
    assert_eq!(profiles.get(CALLS[0].0, CALLS[0].1).await.status, 200);
    assert!(profiles.get("/bluesky/api/app.bsky.actor.getProfiles", &[("actors", "a.test")]).await.status >= 500);
    let tiktok = Fake::with(&[], &["tiktok:blocked=1"]).await;
    assert_eq!(tiktok.get(CALLS[0].0, CALLS[0].1).await.status, 200);
    assert_eq!(tiktok.get(CALLS[1].0, CALLS[1].1).await.status, 403);
}

/// The statuses of the same call, ten times over, for several keywords.
async fn course(fake: &Fake) -> Vec<u16> {
    let mut statuses = Vec::new();
    for number in 0..100 {
        let keyword = format!("keyword {}", number / 10);
        statuses.push(fake.get(CALLS[0].0, &[("q", &keyword)]).await.status);
    }
    statuses
}

#[tokio::test]
async fn faults_come_at_their_rate_and_in_the_same_order_every_time_and_a_retry_may_succeed() {
    let fake = Fake::with(&[], &["rate-limited=0.5"]).await;
    let first = course(&fake).await;
    let failed = first.iter().filter(|&&status| status == 429).count();
    assert!((30..=70).contains(&failed), "{failed} of 100 at a rate of 0.5");
    assert!(first.windows(2).any(|pair| pair == [429, 200]));
    assert_eq!(course(&Fake::with(&[], &["rate-limited=0.5"]).await).await, first);
    fake.running.reset();
    assert_eq!(course(&fake).await, first);
}

#[tokio::test]
async fn the_same_seed_and_request_give_the_same_bytes_and_another_seed_other_ones() {
    let other = Fake::of(scout_upstream::Options { seed: 2, creators: 2_000, ..Default::default() }).await;
    for (path, query) in CALLS {
        let first = Fake::new().await.get(path, query).await.body;
        assert_eq!(Fake::new().await.get(path, query).await.body, first);
        assert_ne!(other.get(path, query).await.body, first);
    }
}
