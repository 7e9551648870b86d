use serde_json::{Value, json};

use super::super::{Credential, Denied, Expected, Jwt, Keys, Presented, is_account};
use super::signing::{By, NOW, SECRET, claims, claims_with, expected, keys, rsa_key, seen, set, text, token, token_of};
use crate::limits::ACCOUNT_BYTES_MAX;
use crate::time::Time;

fn ana() -> Result<String, Denied> {
    Ok("ana".to_owned())
}

fn ec(claims: &Value) -> String {
    token(By::Ec, &json!({ "alg": "ES256", "kid": "e" }), claims)
}

fn after_s(seconds: u64) -> Time {
    NOW.plus(seconds * 1_000)
}

#[test]
fn a_token_signed_by_any_of_the_public_keys_speaks_for_its_subject() {
    for (by, algorithm, kid) in [(By::Rsa, "RS256", "r"), (By::Ec, "ES256", "e"), (By::Ed, "EdDSA", "d"), (By::Ed, "Ed25519", "d")] {
        let token = token(by, &json!({ "alg": algorithm, "kid": kid, "typ": "JWT" }), &claims());
        assert_eq!(seen(&token, &keys(), NOW), ana(), "{algorithm}");
    }
}

#[test]
fn a_token_signed_by_the_shared_secret_speaks_for_its_subject_whatever_it_calls_the_key() {
    let keys = Keys::of_secret(SECRET);
    for header in [json!({ "alg": "HS256" }), json!({ "alg": "HS256", "kid": "any", "typ": "at+jwt" })] {
        assert_eq!(seen(&token(By::Secret(SECRET), &header, &claims()), &keys, NOW), ana());
    }
    let other = token(By::Secret(b"another secret of 32 bytes or more"), &json!({ "alg": "HS256" }), &claims());
    assert_eq!(seen(&other, &keys, NOW), Err(Denied::Signature));
}

#[test]
fn the_standards_own_examples_have_right_signatures() {
    // RFC 7515, appendices A.1 and A.3: what is wrong with them is only that they expired in 2011.
    let claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let ec =
        format!("eyJhbGciOiJFUzI1NiJ9.{claims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
    let rsa = format!(
        "eyJhbGciOiJSUzI1NiJ9.{claims}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5\
         jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOL\
         n6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGl\
         UPQGe77Rw"
    );
    let hs = format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{claims}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let secret = super::signing::bytes("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    assert_eq!(seen(&ec, &keys(), NOW), Err(Denied::Expired));
    assert_eq!(seen(&rsa, &keys(), NOW), Err(Denied::Expired));
    assert_eq!(seen(&hs, &Keys::of_secret(&secret), NOW), Err(Denied::Expired));
}

#[test]
fn no_token_chooses_its_algorithm() {
    // The published key of an issuer as the secret, in the forms in which it is published.
    let modulus: &'static [u8] = super::signing::RSA_N.as_bytes();
    let written: &'static [u8] = rsa_key("r").to_string().leak().as_bytes();
    for (by, algorithm) in [
        (By::Nothing, "none"),
        (By::Nothing, "None"),
        (By::Nothing, ""),
        (By::Rsa, "RS384"),
        (By::Rsa, "PS256"),
        (By::Rsa, "ES256"),
        (By::Secret(modulus), "HS256"),
        (By::Secret(written), "HS256"),
        (By::Secret(b""), "HS256"),
    ] {
        for header in [json!({ "alg": algorithm, "kid": "r" }), json!({ "alg": algorithm, "kid": "nobody's" }), json!({ "alg": algorithm })]
        {
            let denied = seen(&token(by, &header, &claims()), &Keys::read(set(&[rsa_key("r")]).as_bytes()).unwrap().0, NOW).unwrap_err();
            assert!(matches!(denied, Denied::Algorithm | Denied::UnknownKey), "{header} {denied:?}");
        }
    }
    for (by, algorithm) in [(By::Nothing, "none"), (By::Rsa, "RS256"), (By::Secret(SECRET), "HS512")] {
        assert_eq!(seen(&token(by, &json!({ "alg": algorithm }), &claims()), &Keys::of_secret(SECRET), NOW), Err(Denied::Algorithm));
    }
}

#[test]
fn a_signature_by_another_key_of_the_same_issuer_is_wrong() {
    for (by, algorithm, kid) in [(By::Ec, "RS256", "r"), (By::Ed, "ES256", "e"), (By::Ec, "EdDSA", "d"), (By::Nothing, "RS256", "r")] {
        assert_eq!(seen(&token(by, &json!({ "alg": algorithm, "kid": kid }), &claims()), &keys(), NOW), Err(Denied::Signature), "{kid}");
    }
}

#[test]
fn a_token_that_was_changed_anywhere_is_refused() {
    let good = ec(&claims());
    let other = ec(&claims_with("sub", json!("berta")));
    let parts: Vec<&str> = good.split('.').collect();
    let others: Vec<&str> = other.split('.').collect();
    assert_eq!(seen(&[parts[0], others[1], parts[2]].join("."), &keys(), NOW), Err(Denied::Signature));
    assert_eq!(seen(&[parts[0], parts[1], others[2]].join("."), &keys(), NOW), Err(Denied::Signature));
    assert_eq!(seen(&format!("{good}A"), &keys(), NOW), Err(Denied::Signature));
    assert_eq!(seen(&format!("{good}AAAA"), &keys(), NOW), Err(Denied::Signature));
    assert_eq!(seen(&format!("{good}="), &keys(), NOW), Err(Denied::Malformed), "there is one way to write it");
}

#[test]
fn a_token_without_a_key_name_works_where_one_key_fits() {
    let nameless = token(By::Ec, &json!({ "alg": "ES256" }), &claims());
    assert_eq!(seen(&nameless, &keys(), NOW), ana());
    let two = Keys::read(set(&[super::signing::ec_key("1"), super::signing::ec_key("2")]).as_bytes()).unwrap().0;
    assert_eq!(seen(&nameless, &two, NOW), Err(Denied::AmbiguousKey));
    let none = Keys::read(set(&[rsa_key("1")]).as_bytes()).unwrap().0;
    assert_eq!(seen(&nameless, &none, NOW), Err(Denied::UnknownKey));
}

#[test]
fn a_token_expires_after_the_tolerance_and_not_before() {
    let token = ec(&claims());
    assert_eq!(seen(&token, &keys(), Time(after_s(660).0 - 1)), ana());
    assert_eq!(seen(&token, &keys(), after_s(660)), Err(Denied::Expired));
    assert_eq!(seen(&token, &keys(), Time(u64::MAX)), Err(Denied::Expired));
}

#[test]
fn a_token_is_valid_as_soon_as_the_tolerance_allows() {
    let token = ec(&claims_with("nbf", json!(1_800_000_060)));
    assert_eq!(seen(&token, &keys(), NOW), ana());
    assert_eq!(seen(&token, &keys(), Time(NOW.0 - 1)), Err(Denied::NotYet));
    assert_eq!(seen(&ec(&claims_with("nbf", Value::Null)), &keys(), Time(0)), ana(), "it need not say since when");
}

#[test]
fn without_tolerance_clocks_must_agree() {
    let strict = Expected { tolerance_s: 0, ..expected() };
    let at = |now| Jwt::read(&ec(&claims())).unwrap().account(&keys(), &strict, now);
    assert_eq!((at(after_s(599)), at(after_s(600))), (ana(), Err(Denied::Expired)));
    assert_eq!((at(Time(NOW.0 - 10_000)), at(Time(NOW.0 - 10_001))), (ana(), Err(Denied::NotYet)));
}

#[test]
fn a_time_may_have_a_fraction_and_must_be_a_number() {
    assert_eq!(seen(&ec(&claims_with("exp", json!(1_800_000_000.5))), &keys(), Time(after_s(60).0 + 499)), ana());
    assert_eq!(seen(&ec(&claims_with("exp", json!(1_800_000_000.5))), &keys(), Time(after_s(60).0 + 500)), Err(Denied::Expired));
    assert_eq!(seen(&ec(&claims_with("exp", json!(1e300))), &keys(), NOW), ana());
    assert_eq!(seen(&ec(&claims_with("exp", json!(-1))), &keys(), NOW), Err(Denied::Expired));
    assert_eq!(seen(&ec(&claims_with("exp", Value::Null)), &keys(), NOW), Err(Denied::NoExpiry));
    for wrong in [json!("1800000600"), json!([]), json!(true)] {
        assert_eq!(seen(&ec(&claims_with("exp", wrong)), &keys(), NOW), Err(Denied::Malformed));
    }
}

#[test]
fn issuer_and_audience_must_be_the_ones_that_are_set() {
    for wrong in [Value::Null, json!("https://id.test"), json!("")] {
        assert_eq!(seen(&ec(&claims_with("iss", wrong.clone())), &keys(), NOW), Err(Denied::Issuer), "{wrong}");
    }
    for wrong in [Value::Null, json!("other"), json!([]), json!(["a", "Scout"])] {
        assert_eq!(seen(&ec(&claims_with("aud", wrong.clone())), &keys(), NOW), Err(Denied::Audience), "{wrong}");
    }
    assert_eq!(seen(&ec(&claims_with("aud", json!(["other", "scout"]))), &keys(), NOW), ana());
    assert_eq!(seen(&ec(&claims_with("aud", json!({ "scout": true }))), &keys(), NOW), Err(Denied::Malformed));
}

#[test]
fn a_subject_is_an_account_up_to_its_length() {
    let longest = "x".repeat(ACCOUNT_BYTES_MAX);
    assert_eq!(seen(&ec(&claims_with("sub", json!(longest))), &keys(), NOW), Ok(longest.clone()));
    for wrong in [Value::Null, json!(""), json!("a\nb"), json!("a\u{7f}"), json!(longest + "x")] {
        assert_eq!(seen(&ec(&claims_with("sub", wrong.clone())), &keys(), NOW), Err(Denied::Subject), "{wrong}");
    }
    assert!(is_account("auth0|5f7c8ec7c33c6c004bbafe82") && !is_account("\u{0}"));
}

#[test]
fn what_a_header_demands_is_refused_where_it_is_not_understood() {
    for (name, value, denied) in [
        ("crit", json!(["b64"]), Denied::Critical),
        ("crit", json!([]), Denied::Critical),
        ("typ", json!("logout+jwt"), Denied::OtherType),
        ("typ", json!(""), Denied::OtherType),
        ("kid", json!(7), Denied::Malformed),
        ("alg", json!(null), Denied::Malformed),
    ] {
        let mut header = json!({ "alg": "ES256", "kid": "e" });
        header[name] = value;
        assert_eq!(seen(&token(By::Ec, &header, &claims()), &keys(), NOW), Err(denied), "{header}");
    }
    for typ in ["JWT", "at+jwt", "application/at+jwt", "Application/JWT"] {
        assert_eq!(seen(&token(By::Ec, &json!({ "alg": "ES256", "kid": "e", "typ": typ }), &claims()), &keys(), NOW), ana(), "{typ}");
    }
}

#[test]
fn nothing_is_said_twice_in_a_token() {
    let header = br#"{"alg":"ES256","kid":"e","alg":"none"}"#;
    assert_eq!(seen(&token_of(By::Ec, header, claims().to_string().as_bytes()), &keys(), NOW), Err(Denied::Malformed));
    let claims = br#"{"sub":"ana","sub":"berta","iss":"https://id.test/","aud":"scout","exp":1800000600}"#;
    assert_eq!(seen(&token_of(By::Ec, br#"{"alg":"ES256"}"#, claims), &keys(), NOW), Err(Denied::Malformed));
}

#[test]
fn what_can_not_be_read_is_malformed_and_no_panic() {
    let header = text(br#"{"alg":"ES256"}"#);
    let deep = text("[".repeat(5_000).as_bytes());
    for token in [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "....",
        "é.é.é",
        &format!("{header}.e30"),
        &format!("{deep}.e30.AA"),
        &format!("{header}.{header}.{header}.A"),
    ] {
        assert_eq!(Jwt::read(token), Err(Denied::Malformed), "{token}");
    }
    for claims in [&b""[..], b"null", b"[]", b"{", b"\xff\xfe", b"\"sub\""] {
        assert_eq!(seen(&token_of(By::Ec, br#"{"alg":"ES256"}"#, claims), &keys(), NOW), Err(Denied::Malformed));
    }
}

#[test]
fn claims_are_looked_at_only_once_the_signature_is_right() {
    let foreign = token(By::Ed, &json!({ "alg": "ES256", "kid": "e" }), &claims_with("exp", json!(1)));
    assert_eq!(seen(&foreign, &keys(), NOW), Err(Denied::Signature));
}

#[test]
fn a_token_in_a_header_is_read_as_one_and_never_printed() {
    let token = ec(&claims());
    let Ok(Credential::Jwt(jwt)) = Presented::read(Some(&format!("Bearer {token}"))).unwrap().credential() else { panic!("it is none") };
    assert_eq!(jwt.account(&keys(), &expected(), NOW), ana());
    let printed = format!("{jwt:?} {:?} {:?}", keys(), Keys::of_secret(SECRET));
    for part in token.split('.').chain(["ana", "secret"]) {
        assert!(!printed.contains(part), "{printed}");
    }
}

#[test]
fn who_tries_tokens_hears_the_same_of_every_one_that_no_issuer_signed() {
    let all = [Denied::Unrecognized, Denied::LocalOnly, Denied::Malformed, Denied::OtherType, Denied::Critical];
    let keys = [Denied::Algorithm, Denied::UnknownKey, Denied::AmbiguousKey];
    for denied in all.into_iter().chain(keys) {
        assert_eq!((denied.to_string(), denied.hint()), (Denied::Signature.to_string(), Denied::Signature.hint()), "{denied:?}");
        assert_ne!(denied.code(), Denied::Signature.code(), "the log tells them apart");
    }
}
