use serde_json::{Value, json};

use super::super::{BadKeys, Keys, Unusable};
use super::signing::{ED_X, RSA_N, bytes, ec_key, ed_key, rsa_key, set, text};
use crate::limits::{JWKS_BYTES_MAX, JWKS_KEYS_MAX};

fn read(keys: &[Value]) -> Result<Vec<Unusable>, BadKeys> {
    Keys::read(set(keys).as_bytes()).map(|(_, unusable)| unusable)
}

fn with(mut key: Value, name: &str, value: Value) -> Value {
    key[name] = value;
    key
}

fn why(key: Value) -> Unusable {
    match read(&[key]) {
        Err(BadKeys::NoneUsable(unusable)) => unusable[0],
        other => panic!("{other:?}"),
    }
}

/// A modulus of so many bits. It is odd, which is all that is asked of one before it is used.
fn modulus(bits: usize) -> String {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    bytes[0] = 0xff >> (bytes.len() * 8 - bits);
    text(&bytes)
}

#[test]
fn keys_for_signatures_by_the_three_algorithms_are_taken_and_others_left_out() {
    let rsa = || rsa_key("r");
    for key in [
        rsa(),
        ec_key("e"),
        ed_key("d"),
        with(ed_key("d"), "alg", json!("EdDSA")),
        with(ed_key("d"), "alg", json!("Ed25519")),
        with(rsa(), "key_ops", json!(["sign", "verify"])),
        with(rsa(), "x5t", json!("anything")),
    ] {
        assert_eq!(read(std::slice::from_ref(&key)), Ok(vec![]), "{key}");
    }
    for (key, expected) in [
        (with(rsa(), "use", json!("enc")), Unusable::OtherUse),
        (with(rsa(), "key_ops", json!(["encrypt"])), Unusable::OtherUse),
        (with(rsa(), "alg", json!("RS512")), Unusable::OtherAlgorithm),
        (with(rsa(), "alg", json!("HS256")), Unusable::OtherAlgorithm),
        (with(rsa(), "kty", json!("rsa")), Unusable::OtherAlgorithm),
        (with(ec_key("e"), "crv", json!("P-384")), Unusable::OtherAlgorithm),
        (with(ec_key("e"), "alg", json!("RS256")), Unusable::OtherAlgorithm),
        (with(ed_key("d"), "crv", json!("X25519")), Unusable::OtherAlgorithm),
        (json!({ "kty": "oct", "k": "c2VjcmV0" }), Unusable::OtherAlgorithm),
    ] {
        assert_eq!(why(key.clone()), expected, "{key}");
    }
    assert_eq!(read(&[json!({ "kty": "oct", "k": "c2VjcmV0" }), rsa()]), Ok(vec![Unusable::OtherAlgorithm]));
}

#[test]
fn what_is_no_key_is_left_out_and_no_panic() {
    let zero = text(&[0; 32]);
    for key in [
        json!(null),
        json!("key"),
        json!({}),
        json!({ "kty": 1 }),
        with(rsa_key("r"), "kid", json!(7)),
        with(rsa_key("r"), "n", json!("not base64!")),
        with(rsa_key("r"), "e", json!("")),
        with(rsa_key("r"), "e", json!("AA")),
        with(rsa_key("r"), "e", json!("Ag")),
        with(rsa_key("r"), "e", json!(text(&[0xff; 9]))),
        with(ec_key("e"), "x", json!(zero)),
        with(ec_key("e"), "x", json!("AQ")),
        with(ec_key("e"), "y", json!(text(&[0; 33]))),
        with(ed_key("d"), "x", json!("AQ")),
    ] {
        assert_eq!(why(key.clone()), Unusable::Malformed, "{key}");
    }
    // An even number is no product of two large primes, and the arithmetic could not do with it.
    let mut even = bytes(RSA_N);
    *even.last_mut().unwrap() &= 0xfe;
    assert_eq!(why(with(rsa_key("r"), "n", json!(text(&even)))), Unusable::Malformed);
}

#[test]
fn rsa_keys_have_2048_to_4096_bits_whatever_stands_before_them() {
    let of = |n: String| with(rsa_key("r"), "n", json!(n));
    assert_eq!(read(&[of(modulus(2_048)), of(modulus(4_096))]), Ok(vec![]));
    assert_eq!(why(of(modulus(2_047))), Unusable::Weak);
    assert_eq!(why(of(modulus(1_024))), Unusable::Weak);
    assert_eq!(why(of(modulus(4_097))), Unusable::Long);
    let padded = [vec![0; 128], bytes(&modulus(1_024))].concat();
    assert_eq!(why(of(text(&padded))), Unusable::Weak);
    assert_eq!(why(of(String::new())), Unusable::Weak);
}

#[test]
fn an_ed25519_key_by_which_anything_is_signed_is_refused() {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(why(with(ed_key("d"), "x", json!(text(&neutral)))), Unusable::Weak);
    assert_ne!(text(&neutral), ED_X);
}

#[test]
fn a_set_has_a_length_and_a_number_of_keys_that_it_must_keep_to() {
    let keys = |number: usize| vec![ed_key("d"); number];
    assert_eq!(read(&keys(JWKS_KEYS_MAX)), Ok(vec![]));
    assert_eq!(read(&keys(JWKS_KEYS_MAX + 1)), Err(BadKeys::TooMany(JWKS_KEYS_MAX + 1)));
    let set = set(&[ed_key("d")]);
    let padded = |bytes: usize| format!("{set}{}", " ".repeat(bytes - set.len()));
    assert!(Keys::read(padded(JWKS_BYTES_MAX).as_bytes()).is_ok());
    assert_eq!(Keys::read(padded(JWKS_BYTES_MAX + 1).as_bytes()).map(drop), Err(BadKeys::TooLong));
}

#[test]
fn what_is_no_set_is_told_from_one_without_usable_keys() {
    for text in ["", "null", "[]", "{}", r#"{"keys":null}"#, r#"{"keys":{}}"#, "<html>", r#"{"keys":["#] {
        assert_eq!(Keys::read(text.as_bytes()).map(drop), Err(BadKeys::Malformed), "{text}");
    }
    assert_eq!(read(&[]), Err(BadKeys::NoneUsable(vec![])));
    let weak = with(rsa_key("r"), "n", json!(modulus(1_024)));
    let error = read(&[weak.clone(), json!({ "kty": "oct" }), weak]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no key of the set can check a token: a key is for none of RS256, ES256 and EdDSA: an RSA key has fewer than 2048 bits"
    );
}
