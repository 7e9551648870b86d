//! Signatures of requests, by the name of their scheme. Time and secret are arguments, so that the same
//! request at the same second is signed the same way everywhere.

use sha1::{Digest as _, Sha1};

use crate::{contract::Pair, time::Time};

/// The schemes that can be signed by.
///
/// | scheme | headers |
/// |---|---|
/// | `sha1-key-secret-date` | `X-Auth-Key`, `X-Auth-Date` in whole seconds since 1970, and `Authorization`: the SHA-1 of key, secret and date, one after the other, in hexadecimal |
pub const SIGNATURES: [&str; 1] = ["sha1-key-secret-date"];

/// The headers that sign a request, or `None` when the scheme is unknown.
pub(super) fn sign(scheme: &str, key: &str, secret: &str, now: Time) -> Option<Vec<Pair>> {
    let [sha1_key_secret_date] = SIGNATURES;
    (scheme == sha1_key_secret_date).then(|| key_secret_date(key, secret, &(now.0 / 1_000).to_string()))
}

fn key_secret_date(key: &str, secret: &str, date: &str) -> Vec<Pair> {
    let digest = Sha1::new().chain_update(key).chain_update(secret).chain_update(date).finalize();
    let signature = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![("x-auth-key".into(), key.to_owned()), ("x-auth-date".into(), date.to_owned()), ("authorization".into(), signature)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(now: u64) -> Vec<String> {
        let signed = sign("sha1-key-secret-date", "abc", "d", Time(now)).unwrap();
        signed.into_iter().map(|(_, value)| value).collect()
    }

    #[test]
    fn a_signature_is_the_hash_of_key_secret_and_second() {
        // What `printf 'abcd1788220800' | sha1sum` prints.
        assert_eq!(values(1_788_220_800_000), ["abc", "1788220800", "9a30f7d8bfb11a8f18c6f334d9da7b21c7195f17"]);
    }

    #[test]
    fn a_signature_lasts_for_its_second() {
        assert_eq!(values(1_788_220_800_999), values(1_788_220_800_000));
        assert_ne!(values(1_788_220_801_000), values(1_788_220_800_999));
    }

    #[test]
    fn a_scheme_that_is_almost_known_is_unknown() {
        for scheme in ["", "sha1", "SHA1-KEY-SECRET-DATE", "sha1-key-secret-date-2"] {
            assert_eq!(sign(scheme, "abc", "d", Time(0)), None, "{scheme}");
        }
    }
}
