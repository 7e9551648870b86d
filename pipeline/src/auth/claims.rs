//! The claims of a token whose signature was right (RFC 7519, section 4.1).

use serde::Deserialize;

use super::{Denied, is_account};
use crate::time::Time;

/// What tokens have to say to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Who makes them.
    pub issuer: String,
    /// For whom they are made.
    pub audience: String,
    /// How far the issuer's clock may be ahead or behind, in seconds.
    pub tolerance_s: u32,
}

/// The claims that are looked at; others are nobody's business here.
#[derive(Deserialize)]
pub(super) struct Claims {
    sub: Option<String>,
    iss: Option<String>,
    aud: Option<Audience>,
    /// Seconds since 1970, with a fraction if they like.
    exp: Option<f64>,
    nbf: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn has(&self, wanted: &str) -> bool {
        match self {
            Audience::One(name) => name == wanted,
            Audience::Several(names) => names.iter().any(|name| name == wanted),
        }
    }
}

impl Claims {
    pub(super) fn read(json: &[u8]) -> Result<Claims, Denied> {
        serde_json::from_slice(json).map_err(|_| Denied::Malformed)
    }

    /// The account that they speak for.
    pub(super) fn account(self, expected: &Expected, now: Time) -> Result<String, Denied> {
        let (now_s, tolerance_s) = (now.0 as f64 / 1_000.0, f64::from(expected.tolerance_s));
        if now_s - tolerance_s >= self.exp.ok_or(Denied::NoExpiry)? {
            return Err(Denied::Expired);
        }
        if self.nbf.is_some_and(|nbf| now_s + tolerance_s < nbf) {
            return Err(Denied::NotYet);
        }
        if self.iss.as_deref() != Some(&*expected.issuer) {
            return Err(Denied::Issuer);
        }
        if !self.aud.is_some_and(|aud| aud.has(&expected.audience)) {
            return Err(Denied::Audience);
        }
        self.sub.filter(|sub| is_account(sub)).ok_or(Denied::Subject)
    }
}
