//! An issuer of tests. Its keys are those that the standards print as examples: everybody knows them.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Signer as _;
use rsa::BoxedUint;
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::{Denied, Expected, Jwt, Keys};
use crate::time::Time;

/// RFC 7515, appendix A.2.
pub(super) const RSA_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs\
                                D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV\
                                MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const RSA_P: &str = "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPG\
                     BY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc";
const RSA_Q: &str = "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA\
                     -njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc";

/// RFC 7515, appendix A.3.
pub(super) const EC_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
pub(super) const EC_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const EC_D: &str = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

/// RFC 8037, appendix A.
pub(super) const ED_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const ED_D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

pub(super) const SECRET: &[u8] = b"a secret of 32 bytes or somewhat more";

pub(super) const NOW: Time = Time(1_800_000_000_000);

/// By what a token is signed.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    Rsa,
    Ec,
    Ed,
    Secret(&'static [u8]),
    Nothing,
}

pub(super) fn bytes(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

pub(super) fn text(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn signature(by: By, signed: &[u8]) -> Vec<u8> {
    match by {
        By::Rsa => {
            let number = |text: &str| BoxedUint::from_be_slice_vartime(&bytes(text));
            let key = rsa::PrivateKey::from_p_q(number(RSA_P), number(RSA_Q), BoxedUint::from(65_537_u64)).unwrap();
            let signature: Box<[u8]> = rsa::pkcs1v15::SigningKey::<Sha256>::new(key).sign(signed).into();
            signature.into()
        }
        By::Ec => {
            let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from_slice(&bytes(EC_D)).unwrap().sign(signed);
            signature.to_bytes().to_vec()
        }
        By::Ed => ed25519_dalek::SigningKey::from_bytes(&bytes(ED_D).try_into().unwrap()).sign(signed).to_bytes().to_vec(),
        By::Secret(secret) => Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(signed).finalize().into_bytes().to_vec(),
        By::Nothing => Vec::new(),
    }
}

/// A token with this header and these claims.
pub(super) fn token(by: By, header: &Value, claims: &Value) -> String {
    token_of(by, header.to_string().as_bytes(), claims.to_string().as_bytes())
}

pub(super) fn token_of(by: By, header: &[u8], claims: &[u8]) -> String {
    let signed = format!("{}.{}", text(header), text(claims));
    let signature = text(&signature(by, signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// Claims that nothing is wrong with.
pub(super) fn claims() -> Value {
    json!({ "sub": "ana", "iss": "https://id.test/", "aud": "scout", "exp": 1_800_000_600, "nbf": 1_799_999_990 })
}

/// The same with one of them changed, or taken out.
pub(super) fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
        value => claims[name] = value,
    }
    claims
}

pub(super) fn expected() -> Expected {
    Expected { issuer: "https://id.test/".into(), audience: "scout".into(), tolerance_s: 60 }
}

pub(super) fn rsa_key(kid: &str) -> Value {
    json!({ "kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": RSA_N, "e": "AQAB" })
}

pub(super) fn ec_key(kid: &str) -> Value {
    json!({ "kty": "EC", "kid": kid, "crv": "P-256", "x": EC_X, "y": EC_Y })
}

pub(super) fn ed_key(kid: &str) -> Value {
    json!({ "kty": "OKP", "kid": kid, "crv": "Ed25519", "x": ED_X })
}

pub(super) fn set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

/// The keys of an issuer that has one of each kind.
pub(super) fn keys() -> Keys {
    Keys::read(set(&[rsa_key("r"), ec_key("e"), ed_key("d")]).as_bytes()).unwrap().0
}

/// What becomes of a token at a time.
pub(super) fn seen(token: &str, keys: &Keys, now: Time) -> Result<String, Denied> {
    Jwt::read(token)?.account(keys, &expected(), now)
}
