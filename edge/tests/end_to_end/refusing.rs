//! What is refused, and how.

use reqwest::Method;
use serde_json::json;

use crate::api::{Answer, Api};
use crate::worker::{Worker, local};

/// Nobody answers there; nothing in these tests calls it.
const NOWHERE: &str = "http://127.0.0.1:9";

const NO_JOB: &str = "01a20fe3-0566-7780-ac67-54e458f02fd7";

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_field_is_named_and_all_of_them_at_once() {
    let worker = Worker::start(&local(NOWHERE));
    let api = Api::at(&worker.url);
    let keywords = |n: usize| (0..n).map(|at| format!("keyword {at}")).collect::<Vec<_>>();
    let good = || json!({ "platform": "bluesky", "keywords": ["yoga"], "targetResults": 10 });
    let with = |field: &str, value: serde_json::Value| {
        let mut body = good();
        body[field] = value;
        body
    };
    let everything = json!({ "platform": "nosuch", "keywords": ["a"], "targetResults": 0, "enableExpansion": "yes", "bogus": 1 });
    for (body, expected) in [
        (with("platform", json!("nosuch")), &[("/platform", "unknown_platform")][..]),
        (with("keywords", json!([])), &[("/keywords", "too_few")]),
        (with("keywords", json!(keywords(51))), &[("/keywords", "too_many")]),
        (with("keywords", json!(["yoga", "a"])), &[("/keywords/1", "too_short")]),
        (with("targetResults", json!(0)), &[("/targetResults", "too_small")]),
        (with("targetResults", json!(5_001)), &[("/targetResults", "too_large")]),
        (with("targetResults", json!("10")), &[("/targetResults", "wrong_type")]),
        (with("keywords", json!("yoga")), &[("/keywords", "wrong_type")]),
        (with("bogus", json!(1)), &[("/bogus", "unknown_field")]),
        (json!({}), &[("/platform", "missing"), ("/keywords", "missing"), ("/targetResults", "missing")]),
        (
            everything,
            &[
                ("/platform", "unknown_platform"),
                ("/keywords/0", "too_short"),
                ("/targetResults", "too_small"),
                ("/enableExpansion", "wrong_type"),
                ("/bogus", "unknown_field"),
            ],
        ),
    ] {
        let answer = api.dispatch(body.to_string()).await;
        assert_eq!((answer.status, answer.mistakes()), (422, pairs(expected)), "{body}");
    }
    let refused = api.dispatch(with("platform", json!("blueskyy")).to_string()).await;
    let (_, installed) = refused.text.split_once("Installed: ").expect("the platforms that there are stand in the hint");
    assert!(installed.contains("bluesky, ") && installed.contains("tiktok"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json_object_is_a_400() {
    let worker = Worker::start(&local(NOWHERE));
    let api = Api::at(&worker.url);
    for body in [&b"{"[..], b"", b"[]", b"null", b"\"text\"", b"{\"platform\": \"blue", b"\xff\xfe", b"{} {}"] {
        let answer = api.dispatch(body.to_vec()).await;
        assert_eq!((answer.status, answer.problem()["code"].as_str()), (400, Some("malformed_body")), "{body:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_64_kib_is_a_413_whether_or_not_its_length_is_said() {
    let worker = Worker::start(&local(NOWHERE));
    let api = Api::at(&worker.url);
    let body = |bytes: usize| " ".repeat(bytes);
    assert_eq!(api.dispatch(body(64 * 1024)).await.status, 400, "it is within the limit, and no JSON");
    let answer = api.dispatch(body(64 * 1024 + 1)).await;
    assert_eq!((answer.status, answer.problem()["code"].as_str()), (413, Some("body_too_large")));
    let unknown_length = unknown_length(body(100 * 1024));
    let answer = api.dispatch(unknown_length).await;
    assert_eq!((answer.status, answer.problem()["code"].as_str()), (413, Some("body_too_large")));
}

/// A body that is sent in pieces, so that no header says how long it is.
fn unknown_length(text: String) -> reqwest::Body {
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = text.into_bytes().chunks(1_000).map(|piece| Ok(piece.to_vec())).collect();
    reqwest::Body::wrap_stream(futures::stream::iter(pieces))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_said_to_be_json_is_a_415() {
    let worker = Worker::start(&local(NOWHERE));
    let api = Api::at(&worker.url);
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let request = api.client.post(format!("{}/api/v2/dispatch", api.url)).header("content-type", content_type).body("{}");
        let answer = api.send(request).await;
        assert_eq!((answer.status, answer.problem()["code"].as_str()), (415, Some("not_json")), "{content_type}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_there_is_not_is_a_404_everywhere() {
    let worker = Worker::start(&local(NOWHERE));
    let api = Api::at(&worker.url);
    let answers = [
        api.get(&format!("/api/v2/status?jobId={NO_JOB}")).await,
        api.get(&format!("/api/v2/jobs/{NO_JOB}")).await,
        api.post(&format!("/api/v2/jobs/{NO_JOB}/cancel")).await,
        api.get("/api/v2/status?jobId=1").await,
        api.get("/api/v2/jobs/1").await,
        api.post("/api/v2/jobs/..%2f..%2fetc/cancel").await,
    ];
    for answer in answers {
        assert_eq!((answer.status, answer.problem()["code"].as_str()), (404, Some("no_such_job")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_parameter_is_named_and_all_of_them_at_once() {
    let worker = Worker::start(&local(NOWHERE));
    let api = Api::at(&worker.url);
    for (query, expected) in [
        ("".to_owned(), &[("/jobId", "missing")][..]),
        ("?limit=501".to_owned(), &[("/jobId", "missing"), ("/limit", "too_large")]),
        (
            format!("?jobId={NO_JOB}&limit=-1&offset=x&page=2"),
            &[("/page", "unknown_parameter"), ("/limit", "not_whole"), ("/offset", "not_whole")],
        ),
        (format!("?jobId={NO_JOB}&offset=0&cursor=0"), &[("/cursor", "conflict")]),
    ] {
        let answer = api.get(&format!("/api/v2/status{query}")).await;
        assert_eq!((answer.status, answer.mistakes()), (422, pairs(expected)), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_wrong_methods_and_wrong_tokens_are_told_apart() {
    let worker = Worker::start(&local(NOWHERE));
    let api = Api::at(&worker.url);
    let unknown = api.get("/api/v2/nothing").await;
    assert_eq!((unknown.status, unknown.problem()["code"].as_str()), (404, Some("no_such_route")));
    let wrong = api.get("/api/v2/dispatch").await;
    assert_eq!((wrong.status, wrong.problem()["code"].as_str()), (405, Some("wrong_method")));
    assert_eq!(wrong.headers["allow"], "POST, OPTIONS");
    let deleted = api.send(api.client.delete(format!("{}/api/v2/jobs/{NO_JOB}", api.url))).await;
    assert_eq!(deleted.status, 405);
    let options = api.send(api.client.request(Method::OPTIONS, format!("{}/api/v2/dispatch", api.url))).await;
    assert_eq!((options.status, options.headers["allow"].as_bytes()), (204, &b"POST, OPTIONS"[..]));
    let head = api.send(api.client.head(format!("{}/api/v2/platforms", api.url))).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    let token = |token: &str| api.client.get(format!("{}/api/v2/platforms", api.url)).bearer_auth(token);
    assert_eq!(api.send(token("local")).await.status, 200);
    let refused = api.send(token("other")).await;
    assert_eq!((refused.status, refused.problem()["code"].as_str()), (401, Some("unauthorized")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_environment_every_request_is_refused_and_health_still_answers() {
    let worker = Worker::start(&[]);
    let api = Api::at(&worker.url);
    let body = json!({ "platform": "bluesky", "keywords": ["yoga"], "targetResults": 10 }).to_string();
    let refused: [Answer; 4] = [
        api.dispatch(body).await,
        api.get("/api/v2/platforms").await,
        api.get(&format!("/api/v2/status?jobId={NO_JOB}")).await,
        api.get(&format!("/api/v2/jobs/{NO_JOB}")).await,
    ];
    for answer in refused {
        assert_eq!((answer.status, answer.problem()["code"].as_str()), (503, Some("not_configured")));
        assert!(answer.text.contains("SCOUT_ENV"), "the hint says what to set: {}", answer.text);
    }
    assert_eq!(api.post("/api/v2/_fault/panic/handler").await.status, 404, "nothing panics on request there");
    assert_eq!(api.get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_whose_secret_is_not_set_is_refused_by_the_secrets_name() {
    let worker = Worker::start(&[("SCOUT_ENV", "local"), ("SCRAPECREATORS_API_KEY", "")]);
    let api = Api::at(&worker.url);
    let body = json!({ "platform": "tiktok", "keywords": ["yoga"], "targetResults": 10 }).to_string();
    let answer = api.dispatch(body).await;
    assert_eq!((answer.status, answer.problem()["code"].as_str()), (503, Some("platform_not_ready")));
    assert!(answer.text.contains("SCRAPECREATORS_API_KEY"));
}
