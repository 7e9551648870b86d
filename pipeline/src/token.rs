//! Tokens that id and secret are traded for: how an answer is read, how long a token is used, and that many who
//! want one at the same time ask for it once.
//!
//! Nothing here is ever written down or printed: a token lives in the memory of the process that asked for it, and
//! what a token endpoint says in its own words is repeated nowhere, since it may say the secret.

mod answer;
mod keeper;

use std::fmt;

use crate::time::Time;

pub use keeper::{Kept, Lent, Tokens};

/// A token, and until when it is used.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    value: String,
    until: Time,
}

impl Token {
    /// The token itself: characters that can stand in a header.
    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    /// Whether it is still to be used. It isn't for the last moments of its life, in which a request might come too
    /// late.
    #[must_use]
    pub fn lasts(&self, now: Time) -> bool {
        now < self.until
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Token").field("until", &self.until).finish_non_exhaustive()
    }
}

/// Whose token it is: where it is asked for, and by which id and secret, so that whoever changes one of them gets
/// another token.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenKey {
    url: String,
    id: String,
    secret: String,
}

impl TokenKey {
    pub(crate) fn new(url: String, id: String, secret: String) -> Self {
        TokenKey { url, id, secret }
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TokenKey").finish_non_exhaustive()
    }
}
