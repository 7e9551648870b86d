//! An issuer's public keys over time: fetched, kept, and replaced. A runtime does the fetching; here it says when.

use super::{BadKeys, Denied, Expected, Jwt, Keys, Unusable};
use crate::limits::{JWKS_AGAIN_MS_MIN, JWKS_FETCHES_MAX, JWKS_FRESH_MS, JWKS_KEPT_MS_MAX, JWKS_MS_MAX, JWKS_UNKNOWN_MS_MIN};
use crate::time::Time;

/// The keys as they are known to one runtime.
///
/// For each token: ask whether keys are [wanted](Jwks::wants); if so, say that a fetch [begins](Jwks::begin), fetch, and
/// hand in what [came](Jwks::take) of it; then ask for the [account](Jwks::account). Several may do so at the same time.
#[derive(Debug, Clone, Default)]
pub struct Jwks {
    kept: Option<Kept>,
    /// When the last fetch began.
    begun: Option<Time>,
    /// Fetches that have not come to an end.
    under_way: u32,
}

#[derive(Debug, Clone)]
struct Kept {
    keys: Keys,
    at: Time,
}

impl Jwks {
    /// Whether keys are to be fetched before this token is looked at.
    #[must_use]
    pub fn wants(&self, jwt: &Jwt, now: Time) -> bool {
        let since_last = self.begun.map(|begun| now.since(begun));
        let is_longer_ago = |ms: u64| since_last.is_none_or(|since| since >= ms);
        match self.usable(now) {
            // Whoever comes while the first fetch is under way can't wait for it, and fetches too; a few do.
            None => (self.is_under_way(now) && self.under_way < JWKS_FETCHES_MAX) || is_longer_ago(JWKS_AGAIN_MS_MIN),
            Some(kept) if now.since(kept.at) >= JWKS_FRESH_MS => is_longer_ago(JWKS_AGAIN_MS_MIN),
            Some(kept) => jwt.is_of_unknown_key(&kept.keys) && is_longer_ago(JWKS_UNKNOWN_MS_MIN),
        }
    }

    /// A fetch begins.
    pub fn begin(&mut self, now: Time) {
        // Those before it that were given up without a word are over.
        self.under_way = if self.is_under_way(now) { self.under_way.saturating_add(1) } else { 1 };
        self.begun = Some(now);
    }

    /// Takes in what was fetched: the body of a good answer, or nothing. The keys before it stay where it can't be used.
    ///
    /// # Errors
    /// Why the answer can't be used. Otherwise, why keys of it are left out.
    pub fn take(&mut self, answer: Option<&[u8]>, now: Time) -> Result<Vec<Unusable>, BadKeys> {
        self.under_way = self.under_way.saturating_sub(1);
        let Some(answer) = answer else { return Ok(Vec::new()) };
        let (keys, unusable) = Keys::read(answer)?;
        self.kept = Some(Kept { keys, at: now });
        Ok(unusable)
    }

    /// The account that a token speaks for.
    ///
    /// # Errors
    /// [`Denied::NoKeys`] without keys, [`Denied::KeysPending`] where somebody is fetching the key that it may be signed
    /// by, and all that [`Jwt::account`] finds wrong.
    pub fn account(&self, jwt: &Jwt, expected: &Expected, now: Time) -> Result<String, Denied> {
        let Kept { keys, .. } = self.usable(now).ok_or(Denied::NoKeys)?;
        if jwt.is_of_unknown_key(keys) && self.is_under_way(now) {
            return Err(Denied::KeysPending);
        }
        jwt.account(keys, expected, now)
    }

    fn usable(&self, now: Time) -> Option<&Kept> {
        self.kept.as_ref().filter(|kept| now.since(kept.at) < JWKS_KEPT_MS_MAX)
    }

    /// A fetch that was given up without a word is over when its time is.
    fn is_under_way(&self, now: Time) -> bool {
        self.under_way > 0 && self.begun.is_some_and(|begun| now.since(begun) < u64::from(JWKS_MS_MAX))
    }
}
