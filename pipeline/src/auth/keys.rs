//! Keys that check signatures. What algorithm is checked by is a matter of the key, never of the token: a token's word
//! only has to agree.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Verifier as _;
use rsa::BoxedUint;
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use super::Denied;
use crate::limits::{JWKS_BYTES_MAX, JWKS_KEYS_MAX, RSA_BITS_MAX, RSA_BITS_MIN};

/// The keys of an issuer: a secret that is shared with it, or its public ones.
#[derive(Debug, Clone)]
pub struct Keys(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Secret(Verifier),
    Public(Vec<Key>),
}

/// A public key and its name.
#[derive(Debug, Clone)]
struct Key {
    kid: Option<String>,
    verifier: Verifier,
}

/// A key with its one algorithm.
#[derive(Clone)]
pub(super) enum Verifier {
    Hs256(Vec<u8>),
    Rs256(rsa::pkcs1v15::VerifyingKey<Sha256>),
    Es256(p256::ecdsa::VerifyingKey),
    EdDsa(ed25519_dalek::VerifyingKey),
}

/// Why a set of keys can't be used. No text repeats anything of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    /// It is longer than [`JWKS_BYTES_MAX`]; it was not read.
    #[error("the set of keys is longer than {JWKS_BYTES_MAX} bytes")]
    TooLong,
    /// It is no JSON object with a list `keys`.
    #[error("the set of keys is no JSON object with a list \"keys\"")]
    Malformed,
    /// It has more keys than [`JWKS_KEYS_MAX`].
    #[error("there are {0} keys in the set, and at most {JWKS_KEYS_MAX} are read")]
    TooMany(usize),
    /// No key of it can check a token.
    #[error("no key of the set can check a token{}", reasons(.0))]
    NoneUsable(Vec<Unusable>),
}

/// Why one key of a set is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Unusable {
    /// It is for something else than signatures.
    #[error("a key is not for signatures")]
    OtherUse,
    /// It is of another type, curve or algorithm than RS256, ES256 and EdDSA have.
    #[error("a key is for none of RS256, ES256 and EdDSA")]
    OtherAlgorithm,
    /// It is an RSA key shorter than [`RSA_BITS_MIN`].
    #[error("an RSA key has fewer than {RSA_BITS_MIN} bits")]
    Weak,
    /// It is an RSA key longer than [`RSA_BITS_MAX`].
    #[error("an RSA key has more than {RSA_BITS_MAX} bits")]
    Long,
    /// It can't be read, or is no key.
    #[error("a key can't be read")]
    Malformed,
}

fn reasons(unusable: &[Unusable]) -> String {
    let mut different = unusable.to_vec();
    different.sort_unstable();
    different.dedup();
    different.iter().map(|one| format!(": {one}")).collect()
}

impl Keys {
    /// One secret, by which tokens are signed with HS256.
    #[must_use]
    pub fn of_secret(secret: &[u8]) -> Keys {
        Keys(Kind::Secret(Verifier::Hs256(secret.to_owned())))
    }

    /// Reads a JSON Web Key Set (RFC 7517). Keys that can't check a token are left out, and it is said why.
    ///
    /// # Errors
    /// The set is out of bounds, or has no key that can be used.
    pub fn read(set: &[u8]) -> Result<(Keys, Vec<Unusable>), BadKeys> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        if set.len() > JWKS_BYTES_MAX {
            return Err(BadKeys::TooLong);
        }
        let Set { keys } = serde_json::from_slice(set).map_err(|_| BadKeys::Malformed)?;
        if keys.len() > JWKS_KEYS_MAX {
            return Err(BadKeys::TooMany(keys.len()));
        }
        let (mut usable, mut unusable) = (Vec::new(), Vec::new());
        for key in keys {
            match key_of(key) {
                Ok(key) => usable.push(key),
                Err(why) => unusable.push(why),
            }
        }
        match usable.is_empty() {
            true => Err(BadKeys::NoneUsable(unusable)),
            false => Ok((Keys(Kind::Public(usable)), unusable)),
        }
    }

    /// The one key by which a token of this algorithm and with this key's name can be signed.
    pub(super) fn find(&self, algorithm: &str, kid: Option<&str>) -> Result<&Verifier, Denied> {
        match &self.0 {
            // There is one, whatever the token calls it.
            Kind::Secret(secret) => secret.is_for(algorithm).then_some(secret).ok_or(Denied::Algorithm),
            Kind::Public(keys) => find(keys, algorithm, kid),
        }
    }
}

fn find<'a>(keys: &'a [Key], algorithm: &str, kid: Option<&str>) -> Result<&'a Verifier, Denied> {
    if !PUBLIC_ALGORITHMS.contains(&algorithm) {
        return Err(Denied::Algorithm);
    }
    let named = || keys.iter().filter(|key| kid.is_none() || key.kid.as_deref() == kid);
    let mut fitting = named().map(|key| &key.verifier).filter(|verifier| verifier.is_for(algorithm));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(Denied::AmbiguousKey),
        (None, _) if kid.is_some() && named().next().is_some() => Err(Denied::Algorithm),
        (None, _) => Err(Denied::UnknownKey),
    }
}

/// What a token signed by a public key can say: the two names of the last are the older and the newer one (RFC 9864).
const PUBLIC_ALGORITHMS: [&str; 4] = ["RS256", "ES256", "EdDSA", "Ed25519"];

impl Verifier {
    /// Whether this is what the key is for, by the names of RFC 7518, RFC 8037 and RFC 9864.
    fn is_for(&self, algorithm: &str) -> bool {
        match self {
            Verifier::Hs256(_) => algorithm == "HS256",
            Verifier::Rs256(_) => algorithm == "RS256",
            Verifier::Es256(_) => algorithm == "ES256",
            Verifier::EdDsa(_) => matches!(algorithm, "EdDSA" | "Ed25519"),
        }
    }

    /// Whether this is the key's signature of these bytes.
    pub(super) fn verify(&self, signed: &[u8], signature: &[u8]) -> bool {
        match self {
            // Any length is a key; the comparison takes the same time wherever it differs.
            Verifier::Hs256(secret) => {
                Hmac::<Sha256>::new_from_slice(secret).is_ok_and(|mac| mac.chain_update(signed).verify_slice(signature).is_ok())
            }
            Verifier::Rs256(key) => {
                rsa::pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| key.verify(signed, &signature).is_ok())
            }
            Verifier::Es256(key) => {
                p256::ecdsa::Signature::from_slice(signature).is_ok_and(|signature| key.verify(signed, &signature).is_ok())
            }
            Verifier::EdDsa(key) => {
                ed25519_dalek::Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(signed, &signature).is_ok())
            }
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Verifier::Hs256(_) => "Hs256",
            Verifier::Rs256(_) => "Rs256",
            Verifier::Es256(_) => "Es256",
            Verifier::EdDsa(_) => "EdDsa",
        })
    }
}

/// A key as it is written (RFC 7517 and RFC 7518, section 6).
#[derive(Deserialize)]
struct Written {
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

fn key_of(value: Value) -> Result<Key, Unusable> {
    let written: Written = serde_json::from_value(value).map_err(|_| Unusable::Malformed)?;
    let for_signatures = written.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
    let for_checking = written.key_ops.as_ref().is_none_or(|uses| uses.iter().any(|one| one == "verify"));
    if !for_signatures || !for_checking {
        return Err(Unusable::OtherUse);
    }
    let verifier = match (&*written.kty, written.crv.as_deref()) {
        ("RSA", _) => rsa_key(&written)?,
        ("EC", Some("P-256")) => p256_key(&written)?,
        ("OKP", Some("Ed25519")) => ed25519_key(&written)?,
        _ => return Err(Unusable::OtherAlgorithm),
    };
    match written.alg.as_deref().is_none_or(|algorithm| verifier.is_for(algorithm)) {
        true => Ok(Key { kid: written.kid, verifier }),
        false => Err(Unusable::OtherAlgorithm),
    }
}

fn rsa_key(written: &Written) -> Result<Verifier, Unusable> {
    let (modulus, exponent) = (bytes(&written.n)?, bytes(&written.e)?);
    // Zeros in front would make a short one look long.
    let modulus = &modulus[modulus.iter().take_while(|byte| **byte == 0).count()..];
    let bits = modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize);
    if bits < RSA_BITS_MIN {
        return Err(Unusable::Weak);
    }
    if bits > RSA_BITS_MAX {
        return Err(Unusable::Long);
    }
    // The library takes no longer one either.
    if exponent.len() > 8 {
        return Err(Unusable::Malformed);
    }
    let number = BoxedUint::from_be_slice_vartime;
    let key = rsa::PublicKey::new(number(modulus), number(&exponent)).map_err(|_| Unusable::Malformed)?;
    Ok(Verifier::Rs256(rsa::pkcs1v15::VerifyingKey::new(key)))
}

fn p256_key(written: &Written) -> Result<Verifier, Unusable> {
    let (x, y) = (bytes(&written.x)?, bytes(&written.y)?);
    if (x.len(), y.len()) != (32, 32) {
        return Err(Unusable::Malformed);
    }
    let point = [&[4], &*x, &*y].concat();
    p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).map(Verifier::Es256).map_err(|_| Unusable::Malformed)
}

fn ed25519_key(written: &Written) -> Result<Verifier, Unusable> {
    let x: [u8; 32] = bytes(&written.x)?.try_into().map_err(|_| Unusable::Malformed)?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&x).map_err(|_| Unusable::Malformed)?;
    // By a point of small order anything is signed.
    if key.is_weak() { Err(Unusable::Weak) } else { Ok(Verifier::EdDsa(key)) }
}

fn bytes(text: &Option<String>) -> Result<Vec<u8>, Unusable> {
    text.as_deref().and_then(|text| Base64UrlUnpadded::decode_vec(text).ok()).ok_or(Unusable::Malformed)
}
