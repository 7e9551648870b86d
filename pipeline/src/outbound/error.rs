//! Why a request can't be sent.

use crate::limits::{REQUEST_BODY_BYTES_MAX, REQUEST_HEADER_BYTES_MAX, REQUEST_HEADERS_MAX, URL_BYTES_MAX};

/// Why a request can't be sent. Texts name places and never repeat a secret, a header's value or a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The origin needs a secret that the operator did not set.
    #[error("origin {origin} needs the secret {secret}, which is not set")]
    MissingSecret {
        /// The secret's name.
        secret: String,
        /// The origin's name.
        origin: String,
    },
    /// The secret's value can't stand in a header.
    #[error("the secret {secret} of origin {origin} contains characters that no header can carry")]
    UnusableSecret {
        /// The secret's name.
        secret: String,
        /// The origin's name.
        origin: String,
    },
    /// The origin is authenticated in a way that this version of Scout can't do.
    #[error("origin {origin} is authenticated by {scheme}, which this version of Scout can't do")]
    Unsupported {
        /// The origin's name.
        origin: String,
        /// The scheme's name.
        scheme: String,
    },
    /// The origin needs a token, and none was traded for.
    #[error("origin {origin} needs a token, and there is none")]
    MissingToken {
        /// The origin's name.
        origin: String,
    },
    /// A base URL is not one.
    #[error("the base URL {url} can't be used: {reason}")]
    BaseUrl {
        /// The URL without login, query and fragment.
        url: String,
        /// The rule that it breaks.
        reason: &'static str,
    },
    /// The adapter named an origin that its manifest does not declare.
    #[error("the request goes to the origin {name}, and the adapter declares {}", declared.join(", "))]
    UnknownOrigin {
        /// What the adapter named.
        name: String,
        /// What it declares.
        declared: Vec<String>,
    },
    /// The path leaves the base URL or is not one.
    #[error("the request's path can't be used: {reason}")]
    Path {
        /// The rule that it breaks.
        reason: &'static str,
    },
    /// A query parameter is the one that carries the credential.
    #[error("the request sets the query parameter {name}, which carries the credential")]
    CredentialParameter {
        /// The parameter's name.
        name: String,
    },
    /// The URL is too long.
    #[error("the request's URL has {bytes} bytes, and {URL_BYTES_MAX} are allowed")]
    UrlTooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// A header's name or value breaks the rules of HTTP.
    #[error("the header {name} can't be sent: {reason}")]
    Header {
        /// The header's name.
        name: String,
        /// The rule that it breaks.
        reason: &'static str,
    },
    /// A header that only the host may set.
    #[error("the header {name} is the host's to set")]
    ReservedHeader {
        /// The header's name.
        name: String,
    },
    /// Too many headers.
    #[error("the request has {count} headers, and {REQUEST_HEADERS_MAX} are allowed")]
    TooManyHeaders {
        /// How many there are.
        count: usize,
    },
    /// Headers that are too long together.
    #[error("the request's headers have {bytes} bytes, and {REQUEST_HEADER_BYTES_MAX} are allowed")]
    HeadersTooLong {
        /// Their length in bytes.
        bytes: usize,
    },
    /// A `GET` with a body.
    #[error("the request is a GET and has a body")]
    BodyOnGet,
    /// The body is too long.
    #[error("the request's body has {bytes} bytes, and {REQUEST_BODY_BYTES_MAX} are allowed")]
    BodyTooLong {
        /// Its length in bytes.
        bytes: usize,
    },
}

impl OutboundError {
    /// Whether the operator has to do something about credentials before any request to this origin can
    /// be sent. Everything else is a mistake of this request or of the adapter's manifest.
    #[must_use]
    pub fn is_about_credentials(&self) -> bool {
        matches!(self, Self::MissingSecret { .. } | Self::UnusableSecret { .. } | Self::Unsupported { .. } | Self::MissingToken { .. })
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::MissingSecret { secret, .. } => format!("set {secret}, for instance as an environment variable"),
            Self::UnusableSecret { secret, .. } => format!("set {secret} again; it must be one line of plain ASCII characters"),
            Self::Unsupported { .. } => "use a newer version of Scout or another adapter for this platform".into(),
            Self::MissingToken { .. } => "trade the id and the secret for a token first".into(),
            Self::BaseUrl { .. } => "give scheme, host and optional path, such as http://localhost:9000/api".into(),
            Self::UnknownOrigin { .. } => "declare the origin in the adapter's manifest, or name one that is declared".into(),
            Self::Path { .. } => "begin the path with one / and put parameters into the query; it is encoded by the host".into(),
            Self::CredentialParameter { .. } => "leave the parameter out; the host adds it".into(),
            Self::ReservedHeader { .. } => "leave the header out; credentials are declared in the manifest's origins".into(),
            Self::Header { .. } => "use a header name of letters, digits and hyphens, and a value of one line of ASCII text".into(),
            Self::UrlTooLong { .. } => "ask for less at once, or send a POST".into(),
            Self::TooManyHeaders { .. } | Self::HeadersTooLong { .. } => "send only the headers that the platform needs".into(),
            Self::BodyOnGet => "send a POST, or put parameters into the query".into(),
            Self::BodyTooLong { .. } => "ask for less at once".into(),
        }
    }
}

/// How much of an adapter's own text is repeated, in characters.
const SHOWN_CHARS: usize = 60;

/// A name that came from outside, made printable and cut to a length that fits a message.
pub(super) fn shown(name: &str) -> String {
    name.chars().take(SHOWN_CHARS).flat_map(char::escape_debug).collect()
}
