//! What was read before is not called for again: pages and profiles as an adapter read them, across accounts.
//!
//! A [`Key`] says what was asked and never by whom, nor with which secret. Errors are not kept; that there was nothing
//! is, for a few minutes. Whoever finds nothing gets a claim and calls; others who ask the same in the meantime come
//! again when that call may be over, so that one call serves all of them. A claim that nobody settles ends by itself.

mod key;
mod memory;
mod shelf;

use serde::{Deserialize, Serialize};

use crate::contract::{Fault, Outcome, Page};
use crate::limits::{CACHE_NOTHING_S, CACHE_PAGES_S_DEFAULT, CACHE_PROFILES_S_DEFAULT, CLAIM_PAGE_MS, CLAIM_PROFILE_MS};
use crate::time::Time;

pub use key::Key;
pub use memory::{Memory, NoCache};
pub use shelf::{Found, Kept, Shelf, Slot};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page of search results.
    Page,
    /// A creator's profile.
    Profile,
}

impl Kind {
    /// How long a claim lasts that nobody settles, in milliseconds.
    #[must_use]
    pub fn claim_ms(self) -> u64 {
        match self {
            Kind::Page => CLAIM_PAGE_MS,
            Kind::Profile => CLAIM_PROFILE_MS,
        }
    }
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "short-lived: it is on its way to a row or from one")]
pub enum Value {
    /// A page of search results.
    Page(Page),
    /// What there is to say of a creator's profile.
    Profile(Outcome),
}

/// How long values are given again, in seconds. Nothing is kept of a kind that lives for 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lives {
    /// Pages.
    pub pages_s: u32,
    /// Profiles.
    pub profiles_s: u32,
}

impl Default for Lives {
    fn default() -> Self {
        Lives { pages_s: CACHE_PAGES_S_DEFAULT, profiles_s: CACHE_PROFILES_S_DEFAULT }
    }
}

impl Lives {
    /// Whether anything of this kind is kept.
    #[must_use]
    pub fn keeps(self, kind: Kind) -> bool {
        match kind {
            Kind::Page => self.pages_s > 0,
            Kind::Profile => self.profiles_s > 0,
        }
    }

    /// How long a value is given again, in seconds; 0 where it is not kept.
    #[must_use]
    pub fn of(self, value: &Value) -> u32 {
        match value {
            Value::Page(Page { creators, next: None }) if creators.is_empty() => self.pages_s.min(CACHE_NOTHING_S),
            Value::Page(_) => self.pages_s,
            Value::Profile(Outcome::Enriched(_)) => self.profiles_s,
            Value::Profile(Outcome::Empty(_) | Outcome::Failed(Fault::NotFound)) => self.profiles_s.min(CACHE_NOTHING_S),
            Value::Profile(Outcome::Failed(_)) => 0,
        }
    }
}

/// What was found under a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "short-lived, and nearly always the large one")]
pub enum Looked {
    /// This.
    Hit {
        /// The value.
        value: Value,
        /// How old it is, in milliseconds.
        age_ms: u64,
    },
    /// Nothing: call for it, and settle this claim.
    Yours {
        /// The claim's number.
        claim: u64,
    },
    /// Nothing yet: somebody calls for it.
    Underway {
        /// When to look again.
        until: Time,
    },
    /// Nothing is kept, or the cache can't be reached: call for it.
    Off,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// What was claimed.
    pub key: Key,
    /// The claim.
    pub claim: u64,
    /// What came of it; `None` gives it back.
    pub value: Option<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Absence, Creator};

    #[test]
    fn errors_are_never_kept_and_that_there_was_nothing_is_kept_shortly() {
        let lives = Lives::default();
        let page = |creators: Vec<Creator>, next: Option<&str>| Value::Page(Page { creators, next: next.map(str::to_owned) });
        for (value, seconds) in [
            (page(vec![Creator::default()], None), CACHE_PAGES_S_DEFAULT),
            (page(vec![], Some("2")), CACHE_PAGES_S_DEFAULT),
            (page(vec![], None), CACHE_NOTHING_S),
            (Value::Profile(Outcome::Enriched(Creator::default())), CACHE_PROFILES_S_DEFAULT),
            (Value::Profile(Outcome::Empty(Absence::Private)), CACHE_NOTHING_S),
            (Value::Profile(Outcome::Failed(Fault::NotFound)), CACHE_NOTHING_S),
            (Value::Profile(Outcome::Failed(Fault::RateLimited(None))), 0),
            (Value::Profile(Outcome::Failed(Fault::Malformed("x".into()))), 0),
        ] {
            assert_eq!(lives.of(&value), seconds, "{value:?}");
        }
    }

    #[test]
    fn what_lives_for_0_seconds_is_not_kept() {
        let off = Lives { pages_s: 0, profiles_s: 0 };
        assert!(!off.keeps(Kind::Page) && !off.keeps(Kind::Profile) && Lives::default().keeps(Kind::Page));
        assert_eq!(off.of(&Value::Profile(Outcome::Empty(Absence::Private))), 0);
    }
}
