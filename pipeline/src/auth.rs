//! Who is calling.
//!
//! A request carries a bearer token: one of an issuer (a JWT), an API key, the operator's, or the word that stands for
//! one's own machine. Nothing here fetches, reads a clock or draws chance: keys of the issuer, the time and random bytes
//! come in as arguments.
//!
//! | module | is |
//! |---|---|
//! | `bearer` | what a header presents, never printed |
//! | `jwt`, `claims` | a signed token: read, checked by a key, and its claims |
//! | `keys` | the keys that check signatures; each knows its one algorithm |
//! | `jwks` | the issuer's keys as they are fetched, kept and replaced |
//! | `api_key` | keys of accounts, of which only the hash is kept |
//! | `ring` | the keys of one account, and the one place where a key is looked up |
//! | `denied` | why somebody is not let in |

mod api_key;
mod bearer;
mod claims;
mod denied;
mod jwks;
mod jwt;
mod keys;
mod ring;

pub use api_key::{ApiKey, KeyHash};
pub use bearer::{Credential, Presented};
pub use claims::Expected;
pub use denied::Denied;
pub use jwks::Jwks;
pub use jwt::Jwt;
pub use keys::{BadKeys, Keys, Unusable};
pub use ring::{Door, Entered, Entry, KeyInfo, KeyRing, RingFull};

use crate::limits::ACCOUNT_BYTES_MAX;

/// The account on one's own machine, and the token that stands for it.
pub const LOCAL: &str = "local";

/// Whether a text can be the id of an account: not empty, no longer than [`ACCOUNT_BYTES_MAX`], no control characters.
#[must_use]
pub fn is_account(text: &str) -> bool {
    (1..=ACCOUNT_BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests;
