//! Keys of accounts, for programs: `sk_` and 256 random bits.
//!
//! A key is shown once and then forgotten; what is kept is its hash. It has so many random bits that a fast hash is as
//! good as a slow one: there is nothing to guess.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// An API key, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// What every key begins with.
    pub const BEGINNING: &str = "sk_";

    /// Characters after the beginning that are no secret: they show which key it is, and where it is looked up.
    pub const PREFIX_CHARS: usize = 8;

    /// The key that these random bytes are.
    #[must_use]
    pub fn of_random(bytes: [u8; 32]) -> ApiKey {
        ApiKey(format!("{}{}", Self::BEGINNING, Base64UrlUnpadded::encode_string(&bytes)))
    }

    /// Reads a text that has the form of a key.
    #[must_use]
    pub fn read(text: &str) -> Option<ApiKey> {
        let mut bytes = [0; 32];
        let decoded = Base64UrlUnpadded::decode(text.strip_prefix(Self::BEGINNING)?, &mut bytes).ok()?;
        (decoded.len() == 32).then(|| ApiKey(text.to_owned()))
    }

    /// The characters that are no secret.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.get(Self::BEGINNING.len()..Self::BEGINNING.len() + Self::PREFIX_CHARS).unwrap_or_default()
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        KeyHash(Sha256::digest(&self.0).into())
    }

    /// The key itself, to be shown to whoever asked for it, once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ApiKey").field("prefix", &self.prefix()).finish_non_exhaustive()
    }
}

/// The SHA-256 of an API key. Two are compared in a time that says nothing about them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyHash([u8; 32]);

impl PartialEq for KeyHash {
    fn eq(&self, other: &KeyHash) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for KeyHash {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_43_characters_behind_its_beginning_of_which_8_are_its_prefix() {
        let key = ApiKey::of_random([0xfb; 32]);
        assert_eq!(key.reveal(), "sk_-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s");
        assert_eq!((key.reveal().len(), key.prefix()), (46, "-_v7-_v7"));
        assert_eq!(ApiKey::read(key.reveal()), Some(key));
    }

    #[test]
    fn what_is_no_key_by_its_form_is_none() {
        let good = ApiKey::of_random([7; 32]);
        let text = good.reveal();
        let longer = format!("{text}A");
        // The last character of 256 bits has two bits that mean nothing; only one way to write them counts.
        let twin = format!("{}d", &text[..45]);
        assert_ne!(twin, text);
        for wrong in ["", "sk_", &text[3..], &text[..45], &longer, &twin, &text.replace("sk_", "SK_"), &text.replace('c', "+")] {
            assert_eq!(ApiKey::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_hash_is_the_standards_and_another_key_has_another() {
        let key = ApiKey::read("sk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert_eq!(key, ApiKey::of_random([0; 32]));
        assert_eq!(key.hash(), key.clone().hash());
        let mut other = [0; 32];
        other[31] = 1;
        assert_ne!(key.hash(), ApiKey::of_random(other).hash());
    }

    #[test]
    fn nothing_that_is_printed_holds_more_of_a_key_than_its_prefix() {
        let key = ApiKey::of_random([9; 32]);
        let printed = format!("{key:?} {:?}", key.hash());
        assert!(printed.contains(key.prefix()) && !printed.contains(&key.reveal()[..12]), "{printed}");
    }
}
