//! The fake platforms, asked as any client asks them: over real HTTP.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of this is tests, where a panic is a failed test")]

mod bluesky;
mod command;
mod control;
mod dailymotion;
mod faults;
mod github;
mod instagram;
mod llm;
mod mastodon;
mod peertube;
mod podcastindex;
mod podcasts;
mod recordings;
mod tiktok;
mod twitch;
mod youtube;
mod youtube_data;

use reqwest::{Response, StatusCode};
use scout_upstream::{Faults, Options, Quirks, Running, start};
use serde_json::Value;

/// A server, and a client that has the right key.
struct Fake {
    running: Running,
    http: reqwest::Client,
}

/// One answer, read to its end.
#[derive(Debug)]
struct Answer {
    status: u16,
    media_type: String,
    retry_after: Option<String>,
    body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A client of its own. Built with the whole workspace, the library can speak TLS and then wants to know by which
/// code; one that was chosen before is as good.
fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

impl Fake {
    async fn new() -> Self {
        Fake::with(&[], &[]).await
    }

    /// A small world with these quirks and faults.
    async fn with(quirks: &[&str], faults: &[&str]) -> Self {
        let quirks = quirks.iter().fold(Quirks::usual(), |quirks, rule| quirks.with(rule.parse().unwrap()));
        let faults: Faults = faults.iter().map(|rule| rule.parse().unwrap()).collect();
        Fake::of(Options { creators: 2_000, slow_ms: 40, quirks, faults, ..Options::default() }).await
    }

    async fn of(options: Options) -> Self {
        Fake { running: start(options).await.unwrap(), http: client() }
    }

    async fn send(&self, path: &str, query: &[(&str, &str)]) -> Response {
        self.request(path, query).send().await.unwrap()
    }

    fn request(&self, path: &str, query: &[(&str, &str)]) -> reqwest::RequestBuilder {
        self.http.get(format!("{}{path}", self.running.url())).query(query).header("x-api-key", "right")
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        read(self.send(path, query).await).await
    }

    /// The JSON of an answer that must be right.
    async fn json(&self, path: &str, query: &[(&str, &str)]) -> Value {
        let answer = self.get(path, query).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    fn identities(&self, platform: &str, keyword: &str) -> Vec<String> {
        self.running.reach(platform, keyword).unwrap().into_iter().map(|known| known.identity).collect()
    }
}

async fn read(response: Response) -> Answer {
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, media_type, retry_after) = (response.status(), header("content-type").unwrap_or_default(), header("retry-after"));
    Answer { status: StatusCode::as_u16(&status), media_type, retry_after, body: response.bytes().await.unwrap().to_vec() }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn rows<'a>(answer: &'a Value, member: &str) -> &'a [Value] {
    answer[member].as_array().map_or(&[], Vec::as_slice)
}
