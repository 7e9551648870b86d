//! Why somebody is not let in: one name for the log, one sentence for the caller.
//!
//! A caller who is honest learns what to do. One who is not learns nothing about keys: whether a token was signed by
//! another key, says another algorithm or names a key that there is not is all the same to him.

/// Why a token is refused. What a caller is told is its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Denied {
    /// There is no header.
    #[error("the request has no bearer token")]
    NoToken,
    /// The header is not a bearer token.
    #[error("the Authorization header is not a bearer token")]
    NotBearer,
    /// It is longer than any token; it was not read.
    #[error("the bearer token is too long")]
    TooLong,
    /// It is none of the kinds of tokens.
    #[error("{ANY}")]
    Unrecognized,
    /// `local` where this is no one's own machine.
    #[error("{ANY}")]
    LocalOnly,
    /// It looks like a JWT and can't be read as one.
    #[error("{ANY}")]
    Malformed,
    /// It is a JWT for something else than access.
    #[error("{ANY}")]
    OtherType,
    /// It demands something that is not understood here.
    #[error("{ANY}")]
    Critical,
    /// It says an algorithm that the key is not for.
    #[error("{ANY}")]
    Algorithm,
    /// No key is known by which it could be signed.
    #[error("{ANY}")]
    UnknownKey,
    /// It names no key, and several would fit.
    #[error("{ANY}")]
    AmbiguousKey,
    /// The signature is wrong.
    #[error("{ANY}")]
    Signature,
    /// It does not say until when it is valid.
    #[error("the bearer token does not say when it expires")]
    NoExpiry,
    /// Its time is over.
    #[error("the bearer token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the bearer token is not valid yet")]
    NotYet,
    /// Another issuer made it.
    #[error("the bearer token comes from another issuer")]
    Issuer,
    /// It is meant for another service.
    #[error("the bearer token is meant for another service")]
    Audience,
    /// It does not say whose it is, or in a way that can be no account.
    #[error("the bearer token does not say whose it is")]
    Subject,
    /// An API key that there is not, or not any more.
    #[error("the API key is not valid")]
    ApiKey,
    /// The issuer's keys are not there and can't be got now.
    #[error("tokens can't be checked at the moment")]
    NoKeys,
    /// The issuer's keys are being fetched, and the token may be signed by a new one.
    #[error("tokens can't be checked at the moment")]
    KeysPending,
}

/// What is said where more would help only somebody who tries.
const ANY: &str = "the bearer token is not accepted";

impl Denied {
    /// The stable name, for the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Denied::NoToken => "no_token",
            Denied::NotBearer => "not_bearer",
            Denied::TooLong => "too_long",
            Denied::Unrecognized => "unrecognized",
            Denied::LocalOnly => "local_only",
            Denied::Malformed => "malformed",
            Denied::OtherType => "other_type",
            Denied::Critical => "critical",
            Denied::Algorithm => "algorithm",
            Denied::UnknownKey => "unknown_key",
            Denied::AmbiguousKey => "ambiguous_key",
            Denied::Signature => "signature",
            Denied::NoExpiry => "no_expiry",
            Denied::Expired => "expired",
            Denied::NotYet => "not_yet",
            Denied::Issuer => "issuer",
            Denied::Audience => "audience",
            Denied::Subject => "subject",
            Denied::ApiKey => "api_key",
            Denied::NoKeys => "no_keys",
            Denied::KeysPending => "keys_pending",
        }
    }

    /// What the caller can do about it.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Denied::NoToken | Denied::NotBearer => {
                "send the header Authorization: Bearer TOKEN, with a token of your account or an API key"
            }
            Denied::Expired | Denied::NoExpiry => "sign in again for a new token",
            Denied::NotYet => "check the clock of the machine that made the token, or wait",
            Denied::Issuer | Denied::Audience => "use a token that was made for this service",
            Denied::ApiKey => "use a key that is listed by GET /api/v2/keys, whole and unchanged; a revoked one is gone for good",
            Denied::NoKeys | Denied::KeysPending => "send the request again in a moment",
            _ => "sign in again for a token, or use an API key",
        }
    }

    /// After how many seconds the same token may well be accepted; `None` where it won't be.
    #[must_use]
    pub fn retry_after_s(self) -> Option<u32> {
        match self {
            Denied::KeysPending => Some(1),
            Denied::NoKeys => Some(10),
            _ => None,
        }
    }
}
