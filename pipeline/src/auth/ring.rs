//! Where API keys are kept. There are two places, because two questions are asked: an account wants to see all of its
//! keys, and whoever presents one is to be found by it alone. A key is in force exactly while it hangs on its door.
//!
//! A new key is put on the ring first and on its door then, and a revoked one taken off in the other order. What breaks
//! off in between leaves a key that is listed and opens nothing, which its account can revoke. Where a key is revoked while
//! it is being made, whoever makes it looks at the ring afterwards, and whoever revokes it takes it off the door once more:
//! one of the two comes last, and no key that somebody was shown opens without being listed.

use serde::{Deserialize, Serialize};

use super::KeyHash;
use crate::limits::{ACCOUNT_KEYS_MAX, KEY_USED_MS_MIN};
use crate::time::Time;

/// What an account sees of one of its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyInfo {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Its characters that are no secret.
    pub prefix: String,
    /// When it was made.
    pub created_at: Time,
}

/// All keys of one account, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyRing(pub Vec<KeyInfo>);

/// The account has as many keys as it can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account has {ACCOUNT_KEYS_MAX} API keys, as many as it can have")]
pub struct RingFull;

impl KeyRing {
    /// Adds a key.
    ///
    /// # Errors
    /// There are [`ACCOUNT_KEYS_MAX`] already.
    pub fn add(&mut self, key: KeyInfo) -> Result<(), RingFull> {
        if self.0.len() >= ACCOUNT_KEYS_MAX {
            return Err(RingFull);
        }
        self.0.push(key);
        Ok(())
    }

    /// The key of this id.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&KeyInfo> {
        self.0.iter().find(|key| key.id == id)
    }
}

/// A key in force, as its door knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The key's hash.
    pub hash: KeyHash,
    /// The key's id.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// When it was used, as far as it was written.
    pub used_at: Option<Time>,
}

/// The keys in force that share a prefix, which is hardly ever more than one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Door(pub Vec<Entry>);

/// Somebody came in by a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The account that the key is of.
    pub account: String,
    /// The entry as it is to be written now; nothing, where it was written a short time ago.
    pub write: Option<Entry>,
}

impl Door {
    /// Lets in whoever has a key of this hash.
    #[must_use]
    pub fn enter(&self, hash: KeyHash, now: Time) -> Option<Entered> {
        let entry = self.0.iter().find(|entry| entry.hash == hash)?;
        let is_written = entry.used_at.is_some_and(|used| now.since(used) < KEY_USED_MS_MIN);
        let write = (!is_written).then(|| Entry { used_at: Some(now), ..entry.clone() });
        Some(Entered { account: entry.account.clone(), write })
    }
}

#[cfg(test)]
mod tests {
    use super::super::ApiKey;
    use super::*;

    fn key(id: &str) -> KeyInfo {
        KeyInfo { id: id.into(), name: "for tests".into(), prefix: "AAAAAAAA".into(), created_at: Time(1) }
    }

    fn hash(of: u8) -> KeyHash {
        ApiKey::of_random([of; 32]).hash()
    }

    fn entry(of: u8) -> Entry {
        Entry { hash: hash(of), id: format!("key {of}"), account: format!("account {of}"), used_at: None }
    }

    #[test]
    fn an_account_has_25_keys_and_no_more_until_one_is_gone() {
        let mut ring = KeyRing::default();
        for number in 0..ACCOUNT_KEYS_MAX {
            assert_eq!(ring.add(key(&number.to_string())), Ok(()));
        }
        assert_eq!((ring.add(key("more")), ring.0.len()), (Err(RingFull), 25));
        ring.0.retain(|key| key.id != "3");
        assert_eq!(ring.key("3"), None);
        assert_eq!(ring.add(key("more")), Ok(()));
        assert_eq!(ring.key("more"), Some(&key("more")));
    }

    #[test]
    fn a_key_opens_its_own_door_for_its_own_account() {
        let door = Door(vec![entry(1), entry(2)]);
        assert_eq!(door.enter(hash(2), Time(5)).unwrap().account, "account 2");
        assert_eq!(door.enter(hash(3), Time(5)), None);
        assert_eq!(Door::default().enter(hash(1), Time(5)), None);
    }

    #[test]
    fn that_a_key_was_used_is_written_once_a_minute() {
        let mut door = Door(vec![entry(1)]);
        let written = door.enter(hash(1), Time(5)).unwrap().write.unwrap();
        assert_eq!(written, Entry { used_at: Some(Time(5)), ..entry(1) });
        door.0 = vec![written];
        assert_eq!(door.enter(hash(1), Time(5 + KEY_USED_MS_MIN - 1)).unwrap().write, None);
        let again = door.enter(hash(1), Time(5 + KEY_USED_MS_MIN)).unwrap().write;
        assert_eq!(again.and_then(|entry| entry.used_at), Some(Time(5 + KEY_USED_MS_MIN)));
    }
}
