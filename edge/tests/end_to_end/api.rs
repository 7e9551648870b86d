//! Talking to the API.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::worker::OPERATOR;

/// How long a job of these tests may take on a busy machine.
pub(crate) const JOB_MAX: Duration = Duration::from_secs(180);

/// How often something is asked again.
const AGAIN: Duration = Duration::from_millis(50);

const FINAL: [&str; 4] = ["completed", "partial", "error", "cancelled"];

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body, checked to be a problem with all its members and nothing of the inside.
    pub(crate) fn problem(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{self:?}");
        let json = self.json();
        assert_eq!(json["status"], self.status);
        for member in ["type", "title", "code", "detail", "hint"] {
            assert!(json[member].as_str().is_some_and(|text| !text.is_empty()), "{member} is missing: {json}");
        }
        for inside in ["panicked", "at scout_edge", ".rs:", "wasm-function", "stack"] {
            assert!(!self.text.contains(inside), "{inside}: {json}");
        }
        json
    }

    /// What the problem's `errors` point at, with their codes.
    pub(crate) fn mistakes(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.problem()["errors"].as_array().unwrap().iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }
}

/// The API at one address.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) url: String,
    pub(crate) client: Client,
}

impl Api {
    /// As whoever is calling from this machine.
    pub(crate) fn at(url: &str) -> Api {
        Api::as_bearer(url, Some("local"))
    }

    /// As the operator.
    pub(crate) fn of_operator(url: &str) -> Api {
        Api::as_bearer(url, Some(OPERATOR))
    }

    /// As the bearer of this token, or of none. A request that carries its own goes out with that.
    pub(crate) fn as_bearer(url: &str, token: Option<&str>) -> Api {
        // Built with the whole workspace, the library can speak TLS and then wants to know by which code. One that
        // was chosen before is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // No answer that takes longer than this counts as one; a hang fails the test instead of holding it.
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        let client = Client::builder().timeout(Duration::from_secs(60)).default_headers(headers).build().unwrap();
        Api { url: url.to_owned(), client }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.client.get(format!("{}{path}", self.url))).await
    }

    pub(crate) async fn post(&self, path: &str) -> Answer {
        self.send(self.client.post(format!("{}{path}", self.url))).await
    }

    /// Sends a body as JSON, whatever it is.
    pub(crate) async fn dispatch(&self, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.client.post(format!("{}/api/v2/dispatch", self.url)).header("content-type", "application/json");
        self.send(request.body(body)).await
    }

    /// Begins a search; gives the job's id.
    pub(crate) async fn search(&self, platform: &str, keywords: &[&str], target: u32) -> String {
        self.begin(json!({ "platform": platform, "keywords": keywords, "targetResults": target })).await
    }

    /// Begins a job that must be accepted; gives its id.
    pub(crate) async fn begin(&self, body: Value) -> String {
        let answer = self.dispatch(body.to_string()).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.json()["jobId"].as_str().unwrap().to_owned()
    }

    /// How a job stands, with its first 500 creators.
    pub(crate) async fn status(&self, job: &str) -> Value {
        self.page(job, 500).await
    }

    /// How a job stands, with so many of its creators.
    async fn page(&self, job: &str, limit: u32) -> Value {
        let answer = self.get(&format!("/api/v2/status?jobId={job}&limit={limit}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// The job with its keywords.
    pub(crate) async fn job(&self, job: &str) -> Value {
        let answer = self.get(&format!("/api/v2/jobs/{job}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Asks for the status until it is as wanted.
    pub(crate) async fn status_when(&self, job: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.page_when(job, 500, wanted).await
    }

    async fn page_when(&self, job: &str, limit: u32, wanted: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let status = self.page(job, limit).await;
            if wanted(&status) {
                return status;
            }
            assert!(began.elapsed() < JOB_MAX, "the job is not as wanted after {JOB_MAX:?}: {}", without_creators(status));
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Asks for the status until the job is over, and then for its creators.
    pub(crate) async fn ended(&self, job: &str) -> Value {
        self.page_when(job, 0, is_final).await;
        self.status(job).await
    }
}

pub(crate) fn is_final(status: &Value) -> bool {
    FINAL.iter().any(|word| status["status"] == *word)
}

/// The creators of a status answer.
pub(crate) fn creators(status: &Value) -> &[Value] {
    status["results"][0]["creators"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Checks what holds of every job that is over, however it ended: no twin, no more than the target, counts
/// that agree with rows, and an outcome for every profile.
pub(crate) fn check_ended(status: &Value) {
    let creators = creators(status);
    let keys: BTreeSet<&str> = creators.iter().map(|creator| creator["mergeKey"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), creators.len(), "no creator comes twice");
    assert_eq!(status["totalCreators"], creators.len());
    assert!(status["totalCreators"].as_u64() <= status["targetResults"].as_u64());
    assert_eq!(status["progress"]["percentComplete"], 100);
    let enriched = creators.iter().filter(|creator| creator["enrichment"]["outcome"] == "enriched").count();
    assert_eq!(status["progress"]["creatorsEnriched"], enriched);
    for creator in creators {
        assert_ne!(creator["enrichment"]["outcome"], "pending", "{creator}");
    }
}

/// Checks that every keyword of a job that is over has its outcome, and that the counters agree with them.
pub(crate) fn check_outcomes(job: &Value) {
    let keywords = job["keywords"].as_array().unwrap();
    for keyword in keywords {
        assert_eq!(keyword["state"], "done", "{keyword}");
        let kind = keyword["outcome"]["kind"].as_str().unwrap_or_else(|| panic!("no outcome: {keyword}"));
        assert!(["ok", "empty", "failed", "skipped"].contains(&kind), "{keyword}");
        assert_eq!(keyword["outcome"]["reason"].is_string(), matches!(kind, "failed" | "skipped"), "{keyword}");
    }
    let (progress, failed) = (&job["progress"], reasons(job).len());
    assert_eq!(progress["keywordsDispatched"], keywords.len());
    assert_eq!(progress["keywordsFailed"], failed);
    assert_eq!(progress["keywordsCompleted"], keywords.len() - failed);
}

/// Why keywords failed, each by its reason.
pub(crate) fn reasons(job: &Value) -> Vec<&str> {
    let outcomes = job["keywords"].as_array().unwrap().iter().map(|keyword| &keyword["outcome"]);
    outcomes.filter(|outcome| outcome["kind"] == "failed").map(|outcome| outcome["reason"].as_str().unwrap()).collect()
}

/// Checks that a job reached its target, and nothing is missing.
pub(crate) fn check_completed(status: &Value, target: usize) {
    check_ended(status);
    assert_eq!(status["status"], "completed", "{}", without_creators(status.clone()));
    assert_eq!(creators(status).len(), target);
    assert_eq!(status["progress"]["keywordsFailed"], 0);
}

/// A status short enough to be read.
pub(crate) fn without_creators(mut status: Value) -> Value {
    status["results"] = Value::Null;
    status
}
