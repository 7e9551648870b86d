//! Every secret that a deployment has is a word that stands nowhere else, and afterwards nothing that came out or was
//! kept has it in it.

use scout_upstream::{Options, start};
use serde_json::json;

use crate::api::Api;
use crate::authorizing::make_key;
use crate::issuer::{AUDIENCE, By, ISSUER, good};
use crate::keeping_keys::files_with;
use crate::worker::Worker;

/// What is secret, each with a value of its own.
const CANARIES: [(&str, &str); 10] = [
    ("SCRAPECREATORS_API_KEY", "canary-of-scrapecreators-0b7f"),
    ("GITHUB_TOKEN", "canary-of-github-4c1e"),
    ("TWITCH_CLIENT_ID", "canary-of-twitch-id-77aa"),
    ("TWITCH_CLIENT_SECRET", "canary-of-twitch-secret-90d2"),
    ("YOUTUBE_API_KEY", "canary-of-youtube-data-e6b3"),
    ("PODCASTINDEX_API_KEY", "canary-of-podcastindex-key-15f9"),
    ("PODCASTINDEX_API_SECRET", "canary-of-podcastindex-secret-3d08"),
    ("SCOUT_OPENAI_KEY", "canary-of-the-language-model-aa61"),
    ("SCOUT_JWT_SECRET", "canary-of-the-secret-that-signs-tokens-c4f7"),
    ("SCOUT_OPERATOR_TOKEN", "canary-of-the-token-of-the-operator-2be0"),
];

/// Platforms whose secrets those are, with the ways in which requests carry them.
const PLATFORMS: [&str; 5] = ["tiktok", "github", "twitch", "youtube-data", "podcastindex"];

/// What the deployment sets: every platform by its own base URL, because a server of fakes that stands in for all of them
/// has secrets of its own.
fn variables(upstream: &str) -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = CANARIES.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    for platform in PLATFORMS {
        let name = platform.to_uppercase().replace('-', "_");
        for prefix in ["SCOUT_BASE_URL", "SCOUT_TOKEN_BASE_URL"] {
            variables.push((format!("{prefix}_{name}_API"), format!("{upstream}/{platform}/api")));
        }
    }
    let set = [
        ("SCOUT_JWT_ISSUER", ISSUER),
        ("SCOUT_JWT_AUDIENCE", AUDIENCE),
        ("SCOUT_DEFAULT_PLAN", "unlimited"),
        ("SCOUT_EXPANDER", "openai"),
        ("SCOUT_OPENAI_MODEL", "fake"),
    ];
    variables.extend(set.map(|(name, value)| (name.to_owned(), value.to_owned())));
    variables.push(("SCOUT_OPENAI_BASE_URL".to_owned(), format!("{upstream}/_llm/v1")));
    variables
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_stands_in_any_answer_log_or_row() {
    let upstream = start(Options::default()).await.unwrap();
    let variables = variables(&upstream.url());
    let set: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let worker = Worker::start(&set);
    let secret = |name: &str| CANARIES.iter().find(|(known, _)| *known == name).unwrap().1;
    let ana = Api::as_bearer(&worker.url, Some(&good(By::Secret(secret("SCOUT_JWT_SECRET")), "ana")));
    let (_, key) = make_key(&ana, "a key").await;
    let by_key = Api::as_bearer(&worker.url, Some(&key));
    let operator = Api::as_bearer(&worker.url, Some(secret("SCOUT_OPERATOR_TOKEN")));
    let mut said = Vec::new();
    for platform in PLATFORMS {
        let wish = json!({ "platform": platform, "keywords": ["yoga"], "targetResults": 60, "minViews": 0 });
        let id = ana.begin(wish).await;
        let status = ana.ended(&id).await;
        // The one fake that checks signatures refuses the word, which shows that the words are in force.
        let refused = status["error"]["reason"] == "unauthorized";
        assert_eq!(refused, platform == "podcastindex", "{platform}: {}", status["error"]);
        said.extend([status.to_string(), ana.get(&format!("/api/v2/jobs/{id}")).await.text]);
    }
    for path in ["/api/v2/platforms", "/api/v2/usage", "/api/v2/jobs", "/api/v2/keys", "/api/v2/nothing", "/api/v2/operator/upstreams"] {
        said.push(by_key.get(path).await.text);
    }
    for path in ["adapters", "upstreams", "accounts", "accounts/ana", "accounts/ana/ledger"] {
        let answer = operator.get(&format!("/api/v2/operator/{path}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        said.push(answer.text);
    }
    // What wrangler itself shows of variables stands before that.
    let log = worker.log();
    said.push(log.split_once("Ready on ").map(|(_, after)| after.to_owned()).unwrap());
    for (name, value) in CANARIES {
        assert!(said.iter().all(|text| !text.contains(value)), "{name} was said");
        assert_eq!(files_with(worker.state(), value.as_bytes()), Vec::<String>::new(), "{name} was kept");
    }
}
