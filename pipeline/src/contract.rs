//! The adapter contract as the rules see it: the types of `wit/adapter.wit` in Rust.
//!
//! Both runtimes translate from their own side of the contract into these types, and nothing else in
//! Scout knows how a component is called. The serialised form is the one in which JavaScript sees WIT
//! values (camel case, variants as `{tag, val}`), because the Worker decodes it from there.

use serde::{Deserialize, Serialize};

/// Name and value, as the contract writes open-ended maps.
pub type Pair = (String, String);

/// What an adapter is and needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The platform as callers name it, such as `tiktok`.
    pub platform: String,
    /// The platform as people read it, such as `TikTok`.
    pub label: String,
    /// The adapter's own version.
    pub version: String,
    /// The hosts that requests may go to.
    pub origins: Vec<Origin>,
    /// Whether profiles take a further call.
    pub enrichment: Enrichment,
    /// What to expect of the platform.
    pub hints: Hints,
    /// Whether content comes with its number of views.
    pub reports_views: bool,
    /// What an operator may choose.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// Room for what later versions want to say.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// A host that requests may go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// What requests call it.
    pub name: String,
    /// Scheme, host and optional path prefix.
    pub base_url: String,
    /// How the host proves itself there.
    pub auth: Auth,
}

/// How requests to an origin are authenticated; secrets are named, never given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub enum Auth {
    /// Nothing is added.
    None,
    /// A header carries the secret.
    Header(Credential),
    /// A query parameter carries the secret.
    Query(Credential),
    /// `Authorization: Bearer` carries the secret.
    Bearer(String),
    /// The host trades id and secret for a token.
    ClientCredentials(ClientCredentials),
    /// The host signs each request.
    Signed(Signed),
}

/// Where a secret goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The header's or query parameter's name.
    pub name: String,
    /// The secret's name.
    pub secret: String,
}

/// An OAuth 2.0 client-credentials exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientCredentials {
    /// Where the token is asked for.
    pub token_url: String,
    /// Name of the secret that holds the client's id.
    pub id: String,
    /// Name of the secret that holds the client's secret.
    pub secret: String,
    /// A header that repeats the client's id.
    pub id_header: Option<String>,
}

/// A signature that the host makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The scheme's name.
    pub scheme: String,
    /// Name of the secret that holds the public key.
    pub key: String,
    /// Name of the secret that signs.
    pub secret: String,
}

/// Whether search answers are already full profiles, and how many creators one profile call covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub enum Enrichment {
    /// Search answers are full profiles.
    None,
    /// Profiles are read for what they add; a search answer is of use without one.
    Optional(u32),
    /// Profiles are read, because a search answer without one is not of much use.
    Required(u32),
}

/// What to expect of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hints {
    /// Creators on a full page.
    pub page_size: u32,
    /// New creators that one keyword usually gives.
    pub creators_per_keyword: u32,
    /// Pages worth reading for one keyword.
    pub pages_per_keyword: u32,
    /// Calls a minute that the platform allows.
    pub calls_per_minute: Option<u32>,
}

/// Something that an operator may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it is when nothing is said.
    pub default: String,
    /// What it does.
    pub doc: String,
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The keyword.
    pub keyword: String,
    /// Every setting with the value in force.
    pub settings: Vec<Pair>,
    /// Room for what later versions want to say.
    pub extra: Vec<Pair>,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

/// A request as the adapter wants it sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The name of one of the manifest's origins.
    pub origin: String,
    /// The method.
    pub method: Method,
    /// Path below the base URL, not yet encoded.
    pub path: String,
    /// Query parameters in order, not yet encoded.
    pub query: Vec<Pair>,
    /// Further headers.
    pub headers: Vec<Pair>,
    /// The body of a `POST`.
    pub body: Option<Vec<u8>>,
}

/// The answer to a request, as it came. It is handed over by value and never serialised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<Pair>,
    /// The body after content decoding.
    pub body: Vec<u8>,
}

/// One page of search results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The creators found, best first.
    pub creators: Vec<Creator>,
    /// The adapter's memory between pages; `None` after the last page.
    pub next: Option<String>,
}

/// A creator, as far as an answer tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Creator {
    /// What makes the creator the same one again.
    pub identity: String,
    /// The handle without a leading `@`.
    pub username: String,
    /// The name people see.
    pub name: Option<String>,
    /// The profile's page.
    pub profile_url: Option<String>,
    /// The picture.
    pub avatar_url: Option<String>,
    /// How many follow.
    pub followers: Option<u64>,
    /// What creators say of themselves.
    pub bio: Option<String>,
    /// An e-mail address in a field of its own.
    pub email: Option<String>,
    /// Whether the platform vouches for the account.
    pub verified: Option<bool>,
    /// Links on the profile.
    #[serde(default)]
    pub links: Vec<String>,
    /// ISO 3166-1 code or the platform's own text.
    pub country: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Further identifiers under the names that clients know.
    #[serde(default)]
    pub ids: Vec<Pair>,
    /// The piece of content that the search found.
    pub content: Option<Content>,
    /// Whether no profile call is needed.
    #[serde(default)]
    pub complete: bool,
    /// Room for what later versions want to say.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// A post, video or episode of a creator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// The platform's id of it.
    pub id: String,
    /// Its page.
    pub url: Option<String>,
    /// Its text or title.
    pub description: Option<String>,
    /// Its picture.
    pub thumbnail: Option<String>,
    /// How often it was seen.
    pub views: Option<u64>,
    /// How many liked it.
    pub likes: Option<u64>,
    /// How many comments it has.
    pub comments: Option<u64>,
    /// How often it was shared.
    pub shares: Option<u64>,
    /// When it was posted, RFC 3339 in UTC.
    pub posted_at: Option<String>,
    /// How long it is, in seconds.
    pub duration: Option<u32>,
    /// Hashtags without `#`.
    #[serde(default)]
    pub hashtags: Vec<String>,
}

/// A creator whose profile is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatorRef {
    /// The identity that the search gave.
    pub identity: String,
    /// The handle that the search gave.
    pub username: String,
    /// The further identifiers that the search gave.
    pub ids: Vec<Pair>,
}

/// A request and the creators whose profiles its answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The request.
    pub request: Request,
    /// Places in the list that was asked about, from 0.
    pub covers: Vec<u32>,
}

/// What became of one creator's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The identity that was asked about.
    pub identity: String,
    /// What the call gave.
    pub outcome: Outcome,
}

/// What a profile call gave for one creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
#[allow(clippy::large_enum_variant, reason = "short-lived, and boxing would show in every adapter call")]
pub enum Outcome {
    /// The profile was read.
    Enriched(Creator),
    /// There is no profile to read.
    Empty(Absence),
    /// The profile could not be read.
    Failed(Fault),
}

/// Why there is no profile to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absence {
    /// The account shows nothing to strangers.
    Private,
    /// The account is closed, suspended or deleted.
    Deactivated,
    /// The answer does not mention the creator.
    Missing,
    /// The creator does not want to be shown to logged-out visitors.
    Hidden,
}

/// Why an answer is not the one hoped for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "tag", content = "val", rename_all = "kebab-case")]
pub enum Fault {
    /// Too many calls; the number is the seconds to wait, where known.
    #[error("the platform allows no more calls for now")]
    RateLimited(Option<u32>),
    /// The credentials are missing, wrong or not allowed to do this.
    #[error("the platform does not accept the credentials: {0}")]
    Unauthorized(String),
    /// No credit or quota is left.
    #[error("no credit is left with the platform's provider: {0}")]
    OutOfCredit(String),
    /// The platform refuses this request.
    #[error("the platform refuses the request: {0}")]
    Blocked(String),
    /// What was asked for does not exist.
    #[error("the platform does not know what was asked for")]
    NotFound,
    /// The platform is not working now.
    #[error("the platform is not working now: {0}")]
    Unavailable(String),
    /// The answer has another shape than it should.
    #[error("the platform's answer has an unknown shape: {0}")]
    Malformed(String),
    /// The platform can't do what was asked.
    #[error("the platform can't do this: {0}")]
    Unsupported(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}
