//! What every fake platform is to the server: something that answers questions in its own shapes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::Value;

use crate::draw::Draw;
use crate::quirks::Quirk;
use crate::world::{Creator, EPOCH_S, Naming, Population, World};

/// One fake platform.
pub(crate) trait Platform: Send + Sync {
    /// The world that its creators are part of.
    fn world(&self) -> &World;
    /// How its creators are named, which also decides whether two platforms have the same ones.
    fn naming(&self) -> Naming;
    /// The platform's name: the first part of its URLs.
    fn name(&self) -> &'static str {
        self.naming().platform
    }
    /// The name of the one origin that it has: the second part of its URLs.
    fn origin(&self) -> &'static str {
        "api"
    }
    /// What a path below the origin's base URL asks for: `search`, `profiles`, `credit`, `token` or `unknown`.
    fn endpoint(&self, path: &str) -> &'static str;
    /// Whether this path takes a posted form, as the exchange of a token does, rather than a question.
    fn takes_forms(&self, path: &str) -> bool {
        let _ = path;
        false
    }
    /// Its creators.
    fn population(&self) -> Arc<Population> {
        self.world().population(self.naming())
    }
    /// Whom a keyword reaches, best first: all that the platform gives to whoever asks to the end.
    fn reach(&self, keyword: &str) -> Vec<u32> {
        self.population().reach(keyword)
    }
    /// How often it shows this quirk.
    fn rate(&self, quirk: Quirk) -> f64 {
        self.world().quirks().rate(quirk, self.name())
    }
    /// Whether a creator shows this quirk; the matter is what the creator's chance is drawn by.
    fn odd(&self, creator: &Creator, quirk: Quirk, matter: &str) -> bool {
        creator.is(matter, self.rate(quirk))
    }
    /// The answer on a good day.
    fn answer(&self, ask: &Ask) -> Answer;
    /// The answer when the platform refuses for this reason.
    fn refuse(&self, refusal: Refusal) -> Answer;
}

/// Why a platform refuses, where every platform has its own way to say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Too many calls; ask again later.
    RateLimited {
        /// How long to wait, in seconds.
        retry_after_s: u32,
    },
    /// No credit is left.
    OutOfCredit,
    /// The credentials are not accepted.
    Unauthorized,
    /// The request is not welcome.
    Blocked,
}

/// A request, as far as platforms look at it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// The path below the origin's base URL, beginning with `/`.
    pub(crate) path: String,
    /// Query parameters in order, decoded.
    pub(crate) query: Vec<(String, String)>,
    /// The value of the header `x-api-key`.
    pub(crate) key: Option<String>,
    /// All headers.
    pub(crate) headers: HeaderMap,
    /// The pairs of a posted form, decoded; `None` when nothing was posted.
    pub(crate) form: Option<Vec<(String, String)>>,
    /// The port that the request came to.
    pub(crate) port: u16,
    /// How long a refusal for too many calls says to wait, in seconds.
    pub(crate) retry_after_s: u32,
    /// The draws that belong to this exact request, whoever makes it and however often.
    pub(crate) draw: Draw,
}

impl Ask {
    /// The first query parameter of this name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters(name).next()
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The value of a field of the posted form.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.form.iter().flatten().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// All query parameters of this name, in order.
    pub(crate) fn parameters<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

/// An answer before anything is done to it.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The media type of the body.
    pub(crate) media_type: &'static str,
    /// Further headers, names in lower case.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The body.
    pub(crate) body: Bytes,
}

impl Answer {
    /// A JSON value.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Answer::json_text(status, value.to_string())
    }

    /// Text that is JSON already.
    pub(crate) fn json_text(status: u16, text: String) -> Self {
        Answer { status, media_type: "application/json; charset=utf-8", headers: Vec::new(), body: text.into() }
    }

    /// An HTML page.
    pub(crate) fn html(status: u16, text: String) -> Self {
        Answer { status, media_type: "text/html; charset=utf-8", headers: Vec::new(), body: text.into() }
    }

    /// Plain text.
    pub(crate) fn text(status: u16, text: String) -> Self {
        Answer { status, media_type: "text/plain; charset=utf-8", headers: Vec::new(), body: text.into() }
    }

    /// How long it says to wait before the next call, in seconds: so many, or until a moment.
    pub(crate) fn retry_after_s(&self) -> Option<u64> {
        let text = |wanted: &str| self.headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str());
        let number = |wanted: &str| text(wanted).and_then(|value| value.parse::<i64>().ok());
        let time = |wanted: &str| text(wanted).and_then(|value| value.parse::<jiff::Timestamp>().ok()).map(jiff::Timestamp::as_second);
        let moment = || number("ratelimit-reset").or_else(|| number("x-ratelimit-reset")).or_else(|| time("x-ratelimit-reset"));
        let is_limit = self.status == 429 || text("x-ratelimit-remaining") == Some("0");
        let until = || is_limit.then(moment).flatten().map(|moment| moment - EPOCH_S);
        number("retry-after").or_else(until).and_then(|seconds| u64::try_from(seconds).ok())
    }

    /// The same with a header more.
    pub(crate) fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}
