//! Signed tokens in their compact form (RFC 7515, section 7.1).

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::claims::Claims;
use super::{Denied, Expected, Keys};
use crate::time::Time;

/// A token that has the form of a JWT. Nothing that it says is believed before its signature was checked; it is never
/// printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Jwt {
    algorithm: String,
    kid: Option<String>,
    /// Header and claims as they were signed.
    signed: String,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

/// The header's parameters that are looked at. A second one of the same name makes it malformed.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<IgnoredAny>,
}

/// What a token for access calls itself, without `application/`. Those for other purposes, such as a logout, are signed
/// by the same keys.
const TYPES: [&str; 2] = ["jwt", "at+jwt"];

impl Jwt {
    /// Reads a token. Its length has been bounded before.
    pub(super) fn read(token: &str) -> Result<Jwt, Denied> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Denied::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Denied::Malformed)?;
        let decode = |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|_| Denied::Malformed);
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| Denied::Malformed)?;
        if header.crit.is_some() {
            return Err(Denied::Critical);
        }
        if !header.typ.is_none_or(|typ| is_for_access(&typ)) {
            return Err(Denied::OtherType);
        }
        Ok(Jwt {
            algorithm: header.alg,
            kid: header.kid,
            signed: signed.to_owned(),
            claims: decode(claims)?,
            signature: decode(signature)?,
        })
    }

    /// Whether no key of these could have signed it, so that a newer set may.
    pub(super) fn is_of_unknown_key(&self, keys: &Keys) -> bool {
        keys.find(&self.algorithm, self.kid.as_deref()).is_err_and(|denied| denied == Denied::UnknownKey)
    }

    /// The account that it speaks for: its signature and its claims are checked.
    ///
    /// # Errors
    /// The first thing that is wrong; of the claims none is looked at before the signature is right.
    pub fn account(&self, keys: &Keys, expected: &Expected, now: Time) -> Result<String, Denied> {
        let key = keys.find(&self.algorithm, self.kid.as_deref())?;
        match key.verify(self.signed.as_bytes(), &self.signature) {
            true => Claims::read(&self.claims)?.account(expected, now),
            false => Err(Denied::Signature),
        }
    }
}

fn is_for_access(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    TYPES.contains(&typ.strip_prefix("application/").unwrap_or(&typ))
}

impl fmt::Debug for Jwt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Jwt").finish_non_exhaustive()
    }
}
