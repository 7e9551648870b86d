//! What a runtime lends to the rules: ways to call an adapter, to reach a job, to send a request, to have a permit for it,
//! and to keep what was read.
//!
//! The traits make no promise about threads, because the Worker has one and its futures can't leave it.

#![allow(async_fn_in_trait, reason = "the drive loop is generic over both runtimes; one of them has no threads")]

use crate::cache::{Key, Kind, Looked, Settled};
use crate::contract::{CreatorRef, Fault, Method, Page, Pair, Planned, Profile, Query, Request, Response};
use crate::protocol::{Reply, Report};
use crate::time::Time;
use crate::upstream::{Answer, Ask, Settlement, Upstream};

/// A component that speaks the contract. Each call is a fresh instance: nothing is kept between them.
pub trait Adapter {
    /// The request for a page of search results.
    async fn plan_search(&self, query: &Query, cursor: Option<&str>) -> Result<Request, AdapterError>;
    /// Reads the answer to [`Adapter::plan_search`].
    async fn read_search(&self, query: &Query, cursor: Option<&str>, response: Response) -> Result<Page, AdapterError>;
    /// The requests that read these creators' profiles.
    async fn plan_profiles(&self, creators: &[CreatorRef]) -> Result<Vec<Planned>, AdapterError>;
    /// Reads the answer to one planned request.
    async fn read_profiles(&self, creators: &[CreatorRef], response: Response) -> Result<Vec<Profile>, AdapterError>;
}

/// Why a call to an adapter gave no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdapterError {
    /// The adapter classified the answer.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The adapter itself is at fault: it trapped, ran too long, took too much memory or broke the
    /// contract. The text says which, and names no path of this machine.
    #[error("the adapter failed: {0}")]
    Broken(String),
}

/// Reaches one job.
pub trait JobLink {
    /// Says something to the job and waits for its answer, which is given after the job wrote it down.
    async fn tell(&self, report: Report) -> Result<Reply, LinkError>;
}

/// Why a job could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the job can't be reached: {0}")]
pub struct LinkError(
    /// What happened, without addresses.
    pub String,
);

/// Gives permits to call. Nobody calls without one: where nobody can be asked, the answer is to wait.
pub trait Permits {
    /// Asks for a permit.
    async fn ask(&self, upstream: &Upstream, ask: Ask, now: Time) -> Answer;
    /// Ends one. What can't be told is left to its own end.
    async fn settle(&self, upstream: &Upstream, settlement: Settlement, now: Time);
}

/// Keeps what was read. Where it can't be reached, there is none.
pub trait Cache {
    /// Looks for values that are younger than `max_age_s` seconds, if that is said. Gives an answer for each key, in
    /// order, and claims for what is not there.
    async fn look(&self, kind: Kind, keys: &[Key], max_age_s: Option<u32>, now: Time) -> Vec<Looked>;
    /// Ends claims, with a value or without. What can't be told is left to its own end.
    async fn settle(&self, settled: Vec<Settled>, now: Time);
}

/// Sends requests. It follows no redirect, keeps to the request's limits, and never logs a header.
pub trait Http {
    /// Sends one request and reads the whole answer, whatever its status.
    async fn fetch(&self, request: HttpRequest) -> Result<Response, HttpError>;
}

/// A request that is ready to be sent: URL encoded, credentials in place.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute, encoded URL. It may carry a secret in its query.
    pub url: String,
    /// Header names in lower case. They may carry secrets.
    pub headers: Vec<Pair>,
    /// The body, if any.
    pub body: Option<Vec<u8>>,
    /// How long the whole exchange may take, in milliseconds.
    pub timeout_ms: u32,
    /// How long the body may be after content decoding, in bytes.
    pub body_bytes_max: usize,
}

impl std::fmt::Debug for HttpRequest {
    /// Leaves out whatever may hold a secret.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = self.url.split('?').next().unwrap_or_default();
        out.debug_struct("HttpRequest").field("method", &self.method).field("url", &shown).finish_non_exhaustive()
    }
}

/// Why a request got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No whole answer within the time allowed.
    #[error("no answer within {ms} ms")]
    Timeout {
        /// The time allowed.
        ms: u32,
    },
    /// The host can't be reached, or the connection broke. The text names no URL.
    #[error("the connection failed: {0}")]
    Connection(String),
    /// The answer is longer than allowed.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The length allowed, in bytes.
        limit: usize,
    },
}
