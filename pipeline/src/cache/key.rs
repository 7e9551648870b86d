//! What was asked, as a number: the same question has the same key, whoever asks.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::contract::{CreatorRef, Manifest, Query, Request};
use crate::outbound::{Setup, base_url};

/// The SHA-256 of a question: of the adapter and its version, the base URLs and settings in force, and what is asked.
/// Credentials take no part, because they are put into a request later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of a page. The request is the one that the adapter planned.
    #[must_use]
    pub fn page(manifest: &Manifest, setup: &Setup, query: &Query, cursor: Option<&str>, request: &Request) -> Key {
        Key::of(manifest, setup, &("page", query, cursor, request))
    }

    /// The key of a creator's profile.
    #[must_use]
    pub fn profile(manifest: &Manifest, setup: &Setup, creator: &CreatorRef) -> Key {
        Key::of(manifest, setup, &("profile", creator))
    }

    /// JSON has a beginning and an end for everything in it, so that no two questions are written the same way.
    fn of(manifest: &Manifest, setup: &Setup, question: &impl Serialize) -> Key {
        let bases: Vec<_> = manifest.origins.iter().map(|origin| (&origin.name, base_url(origin, setup))).collect();
        let asked = (&manifest.platform, &manifest.version, bases, setup.settings_in_force(manifest), question);
        let mut hash = Hash(Sha256::new());
        // Neither the types nor a hash can refuse to be written.
        let _ = serde_json::to_writer(&mut hash, &asked);
        Key(hash.0.finalize().into())
    }

    /// 64 hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Key> {
        let mut key = [0; 32];
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        for (place, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(hex.get(2 * place..2 * place + 2)?, 16).ok()?;
        }
        Some(Key(key))
    }

    /// Which of 16 shards keeps it, by its first digit.
    #[must_use]
    pub fn shard(&self) -> u8 {
        self.0[0] >> 4
    }
}

/// Hashes what is written to it.
struct Hash(Sha256);

impl std::io::Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Key({})", self.hex())
    }
}

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.hex())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        let hex = String::deserialize(deserializer)?;
        Key::parse(&hex).ok_or_else(|| serde::de::Error::custom("a key has 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Auth, Credential, Enrichment, Hints, Method, Origin, Setting};
    use crate::outbound::{BaseUrl, Secrets};

    fn manifest() -> Manifest {
        let auth = Auth::Header(Credential { name: "x-api-key".into(), secret: "KEY".into() });
        Manifest {
            platform: "sample".into(),
            label: "Sample".into(),
            version: "1.0.0".into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.sample.test".into(), auth }],
            enrichment: Enrichment::None,
            hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: None },
            reports_views: false,
            settings: vec![Setting { name: "region".into(), default: "any".into(), doc: "Where.".into() }],
            extra: vec![],
        }
    }

    fn request(path: &str) -> Request {
        Request { origin: "api".into(), method: Method::Get, path: path.into(), query: vec![], headers: vec![], body: None }
    }

    fn query(keyword: &str) -> Query {
        Query { keyword: keyword.into(), settings: vec![], extra: vec![] }
    }

    fn page(manifest: &Manifest, setup: &Setup) -> Key {
        Key::page(manifest, setup, &query("yoga"), None, &request("/search"))
    }

    #[test]
    fn the_same_question_has_the_same_key_whatever_the_secret_is() {
        let with = |secret: &str| Setup { secrets: Secrets::from_iter([("KEY", secret)]), ..Setup::default() };
        assert_eq!(page(&manifest(), &with("one")), page(&manifest(), &with("other")));
        assert_eq!(page(&manifest(), &with("one")), page(&manifest(), &Setup::default()));
    }

    #[test]
    fn whatever_may_change_the_answer_changes_the_key() {
        let setup = Setup::default();
        let mut elsewhere = Setup::default();
        elsewhere.base_urls.insert("api".into(), BaseUrl::parse("http://127.0.0.1:1").unwrap());
        let mut chosen = Setup::default();
        chosen.settings.insert("region".into(), "it".into());
        let newer = Manifest { version: "1.0.1".into(), ..manifest() };
        let other = Manifest { platform: "other".into(), ..manifest() };
        let creator = CreatorRef { identity: "a".into(), username: "a".into(), ids: vec![] };
        let keys = [
            page(&manifest(), &setup),
            page(&manifest(), &elsewhere),
            page(&manifest(), &chosen),
            page(&newer, &setup),
            page(&other, &setup),
            Key::page(&manifest(), &setup, &query("chess"), None, &request("/search")),
            Key::page(&manifest(), &setup, &query("yoga"), Some("2"), &request("/search")),
            Key::page(&manifest(), &setup, &query("yoga"), None, &request("/find")),
            Key::profile(&manifest(), &setup, &creator),
            Key::profile(&manifest(), &setup, &CreatorRef { ids: vec![("x".into(), "1".into())], ..creator.clone() }),
        ];
        let different: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
    }

    #[test]
    fn a_key_is_written_in_64_digits_and_read_again() {
        let key = page(&manifest(), &Setup::default());
        assert_eq!(Key::parse(&key.hex()), Some(key));
        assert_eq!(serde_json::from_str::<Key>(&serde_json::to_string(&key).unwrap()).unwrap(), key);
        assert_eq!(format!("{:x}", key.shard()), key.hex()[..1]);
        for text in ["", &key.hex()[1..], &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
