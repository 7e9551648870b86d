//! Keys over time: an issuer's, which are fetched, replaced or can't be had, and those of accounts.

use std::time::Duration;

use serde_json::json;

use crate::api::{Answer, Api};
use crate::authorizing::{delete_key, deployment, make_key};
use crate::issuer::{Answers, By, Issuer, good, keys};
use crate::worker::Worker;

/// Nobody answers there; nothing in these tests calls it.
const NOWHERE: &str = "http://127.0.0.1:9";

/// How long a line may take into the log on a busy machine.
pub(crate) const LOG_MAX: Duration = Duration::from_secs(30);

async fn platforms(worker: &Worker, token: &str) -> Answer {
    Api::as_bearer(&worker.url, Some(token)).get("/api/v2/platforms").await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_known_stay_in_use_while_the_issuer_is_down_and_unknown_ones_are_not_asked_for_at_will() {
    let issuer = Issuer::start(Answers::Keys(keys()[..1].to_vec())).await;
    let worker = Worker::start(&deployment(NOWHERE, ("SCOUT_JWKS_URL", &issuer.url)));
    assert_eq!(platforms(&worker, &good(By::Rsa, "ana")).await.status, 200);
    // The issuer has a new key; the last time that it was asked is less than a minute ago.
    issuer.set(Answers::Keys(keys()));
    for _ in 0..5 {
        assert_eq!(platforms(&worker, &good(By::Ec, "ana")).await.status, 401);
    }
    issuer.set(Answers::Status(503));
    assert_eq!(platforms(&worker, &good(By::Rsa, "ana")).await.status, 200);
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_without_usable_keys_is_a_503_for_its_tokens_that_names_no_address_and_is_not_asked_again_at_once() {
    for answers in [Answers::Status(500), Answers::Elsewhere, Answers::Keys(vec![json!({ "kty": "oct", "k": "c2VjcmV0" })])] {
        let issuer = Issuer::start(answers.clone()).await;
        let worker = Worker::start(&deployment(NOWHERE, ("SCOUT_JWKS_URL", &issuer.url)));
        let refused = platforms(&worker, &good(By::Rsa, "ana")).await;
        assert_eq!((refused.status, refused.problem()["code"].as_str()), (503, Some("keys_unavailable")), "{answers:?}");
        assert_eq!(refused.headers["retry-after"], "10");
        assert!(!refused.text.contains("127.0.0.1"), "{}", refused.text);
        worker.wait_for_log("the issuer's keys c", LOG_MAX);
        // It is not asked again by the next request.
        assert_eq!(platforms(&worker, &good(By::Rsa, "ana")).await.status, 503);
        assert_eq!(issuer.asked(), 1);
        assert_eq!(platforms(&worker, "garbage").await.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_and_kept_as_its_hash() {
    let issuer = Issuer::start(Answers::Keys(keys())).await;
    let worker = Worker::start(&deployment(NOWHERE, ("SCOUT_JWKS_URL", &issuer.url)));
    let ana = Api::as_bearer(&worker.url, Some(&good(By::Ed, "ana")));
    let (id, key) = make_key(&ana, "  weekly report ").await;
    let list = ana.get("/api/v2/keys").await;
    let listed = &list.json()["keys"][0];
    assert_eq!((&listed["id"], &listed["name"], &listed["prefix"]), (&json!(id), &json!("weekly report"), &json!(&key[..11])));
    assert_eq!((listed["lastUsedAt"].as_str(), list.text.contains(&key)), (None, false));
    assert_eq!(platforms(&worker, &key).await.status, 200);
    let with_key = Api::as_bearer(&worker.url, Some(&key));
    assert!(with_key.get("/api/v2/keys").await.json()["keys"][0]["lastUsedAt"].is_string());
    // Another account sees none of it.
    let berta = Api::as_bearer(&worker.url, Some(&good(By::Ed, "berta")));
    assert_eq!(berta.get("/api/v2/keys").await.json(), json!({ "keys": [] }));
    assert_eq!(delete_key(&berta, &id).await.status, 404);
    // It is kept over a restart, and nowhere as it is.
    let secret = &key.as_bytes()[11..];
    let variables = deployment(NOWHERE, ("SCOUT_JWKS_URL", &issuer.url));
    let worker = worker.restart(&variables);
    assert_eq!(platforms(&worker, &key).await.status, 200);
    assert_eq!(files_with(worker.state(), secret), Vec::<String>::new());
    assert_ne!(files_with(worker.state(), &key.as_bytes()[3..11]), Vec::<String>::new(), "its prefix is what is kept");
    assert!(!worker.log().contains(&key[11..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_25_keys_at_most_and_another_one_when_one_is_revoked() {
    let worker = Worker::start(&[("SCOUT_ENV", "local")]);
    let api = Api::at(&worker.url);
    let (first, _) = make_key(&api, "0").await;
    for number in 1..25 {
        make_key(&api, &number.to_string()).await;
    }
    let more = api.send(api.client.post(format!("{}/api/v2/keys", api.url)).json(&json!({ "name": "more" }))).await;
    assert_eq!((more.status, more.problem()["code"].as_str()), (409, Some("too_many_keys")));
    let listed = api.get("/api/v2/keys").await.json();
    let names: Vec<_> = listed["keys"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, (0..25).map(|number| number.to_string()).collect::<Vec<_>>(), "in the order in which they were made");
    assert_eq!(delete_key(&api, &first).await.status, 204);
    assert_eq!(delete_key(&api, &first).await.status, 404);
    make_key(&api, "more").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_revoked_while_it_is_made_opens_nothing_unless_it_is_listed() {
    let worker = Worker::start(&[("SCOUT_ENV", "local")]);
    let api = Api::at(&worker.url);
    let listed = async || -> Vec<String> {
        let keys = api.get("/api/v2/keys").await.json();
        keys["keys"].as_array().unwrap().iter().map(|key| key["id"].as_str().unwrap().to_owned()).collect()
    };
    let making = async {
        let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        futures::future::join_all(names.iter().map(|name| make_key(&api, name))).await
    };
    let revoking = async {
        for _ in 0..10 {
            futures::future::join_all(listed().await.iter().map(|id| delete_key(&api, id))).await;
        }
    };
    let (made, ()) = futures::future::join(making, revoking).await;
    let left = listed().await;
    for (id, key) in made {
        let opens = platforms(&worker, &key).await.status == 200;
        assert_eq!(opens, left.contains(&id), "{id}");
    }
}

/// The files below a folder in which these bytes stand.
pub(crate) fn files_with(folder: &std::path::Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_with(&entry.path(), bytes));
        } else if std::fs::read(entry.path()).unwrap().windows(bytes.len()).any(|window| window == bytes) {
            found.push(entry.path().display().to_string());
        }
    }
    found
}
