use serde_json::json;

use super::super::{Denied, Jwks, Jwt};
use super::signing::{By, NOW, claims_with, ec_key, ed_key, expected, set, token};
use crate::limits::{JWKS_AGAIN_MS_MIN, JWKS_FETCHES_MAX, JWKS_FRESH_MS, JWKS_KEPT_MS_MAX, JWKS_MS_MAX, JWKS_UNKNOWN_MS_MIN};
use crate::time::Time;

/// A token of this key that is valid at all times of these tests.
fn of_key(kid: &str) -> Jwt {
    let claims = claims_with("exp", json!(9_000_000_000_u64));
    Jwt::read(&token(By::Ec, &json!({ "alg": "ES256", "kid": kid }), &claims)).unwrap()
}

fn fetched(kids: &[&str], now: Time) -> Jwks {
    let mut jwks = Jwks::default();
    fetch(&mut jwks, kids, now);
    jwks
}

fn fetch(jwks: &mut Jwks, kids: &[&str], now: Time) {
    jwks.begin(now);
    let keys: Vec<_> = kids.iter().map(|kid| ec_key(kid)).collect();
    assert_eq!(jwks.take(Some(set(&keys).as_bytes()), now), Ok(vec![]));
}

fn fail(jwks: &mut Jwks, now: Time) {
    jwks.begin(now);
    assert_eq!(jwks.take(None, now), Ok(vec![]));
}

fn account(jwks: &Jwks, kid: &str, now: Time) -> Result<String, Denied> {
    jwks.account(&of_key(kid), &expected(), now)
}

#[test]
fn keys_are_fetched_for_the_first_token_and_not_for_the_next() {
    let jwks = Jwks::default();
    assert!(jwks.wants(&of_key("1"), NOW));
    assert_eq!(account(&jwks, "1", NOW), Err(Denied::NoKeys));
    let jwks = fetched(&["1"], NOW);
    assert!(!jwks.wants(&of_key("1"), NOW));
    assert_eq!(account(&jwks, "1", NOW), Ok("ana".into()));
}

#[test]
fn keys_are_fresh_for_ten_minutes_and_stay_in_use_while_new_ones_are_fetched() {
    let jwks = fetched(&["1"], NOW);
    assert!(!jwks.wants(&of_key("1"), NOW.plus(JWKS_FRESH_MS - 1)));
    assert!(jwks.wants(&of_key("1"), NOW.plus(JWKS_FRESH_MS)));
    assert!(account(&jwks, "1", NOW.plus(JWKS_FRESH_MS)).is_ok());
}

#[test]
fn an_unknown_key_is_asked_for_at_most_once_a_minute() {
    let mut jwks = fetched(&["1"], NOW);
    assert!(!jwks.wants(&of_key("2"), NOW.plus(JWKS_UNKNOWN_MS_MIN - 1)));
    let later = NOW.plus(JWKS_UNKNOWN_MS_MIN);
    assert!(jwks.wants(&of_key("2"), later));
    fetch(&mut jwks, &["1"], later);
    for kid in ["2", "3", "4"] {
        assert!(!jwks.wants(&of_key(kid), later.plus(JWKS_UNKNOWN_MS_MIN - 1)), "another name changes nothing");
    }
    assert_eq!(account(&jwks, "2", later), Err(Denied::UnknownKey));
    assert!(jwks.wants(&of_key("2"), later.plus(JWKS_UNKNOWN_MS_MIN)));
}

#[test]
fn a_rotated_key_is_found_and_the_one_before_is_gone() {
    let mut jwks = fetched(&["1"], NOW);
    let later = NOW.plus(JWKS_UNKNOWN_MS_MIN);
    fetch(&mut jwks, &["2"], later);
    assert_eq!(account(&jwks, "2", later), Ok("ana".into()));
    assert_eq!(account(&jwks, "1", later), Err(Denied::UnknownKey));
}

#[test]
fn who_comes_while_a_new_key_is_fetched_is_asked_to_come_again() {
    let mut jwks = fetched(&["1"], NOW);
    let later = NOW.plus(JWKS_UNKNOWN_MS_MIN);
    jwks.begin(later);
    assert!(!jwks.wants(&of_key("2"), later));
    assert_eq!(account(&jwks, "2", later), Err(Denied::KeysPending));
    assert!(account(&jwks, "1", later).is_ok());
    // Whoever was fetching has gone without a word.
    assert_eq!(account(&jwks, "2", later.plus(JWKS_MS_MAX.into())), Err(Denied::UnknownKey));
}

#[test]
fn no_token_that_can_not_be_signed_by_an_issuer_has_keys_fetched() {
    let jwks = fetched(&["1"], NOW);
    for (by, algorithm) in [(By::Nothing, "none"), (By::Secret(b"x"), "HS256")] {
        let jwt = Jwt::read(&token(by, &json!({ "alg": algorithm, "kid": "2" }), &json!({}))).unwrap();
        assert!(!jwks.wants(&jwt, NOW.plus(JWKS_UNKNOWN_MS_MIN)), "{algorithm}");
    }
}

#[test]
fn an_issuer_that_is_down_is_asked_again_after_a_while_and_its_keys_are_kept_for_a_day() {
    let mut jwks = fetched(&["1"], NOW);
    let stale = NOW.plus(JWKS_FRESH_MS);
    fail(&mut jwks, stale);
    assert!(!jwks.wants(&of_key("1"), stale.plus(JWKS_AGAIN_MS_MIN - 1)));
    assert!(jwks.wants(&of_key("1"), stale.plus(JWKS_AGAIN_MS_MIN)));
    let last = NOW.plus(JWKS_KEPT_MS_MAX - 1);
    fail(&mut jwks, last);
    assert!(account(&jwks, "1", last).is_ok());
    assert_eq!(account(&jwks, "1", last.plus(1)), Err(Denied::NoKeys));
}

#[test]
fn an_issuer_that_never_answered_is_not_asked_by_every_request() {
    let mut jwks = Jwks::default();
    fail(&mut jwks, NOW);
    assert!(!jwks.wants(&of_key("1"), NOW.plus(JWKS_AGAIN_MS_MIN - 1)));
    assert!(jwks.wants(&of_key("1"), NOW.plus(JWKS_AGAIN_MS_MIN)));
}

#[test]
fn who_comes_while_the_first_keys_are_fetched_fetches_too_and_a_crowd_makes_few_fetches() {
    let mut jwks = Jwks::default();
    for _ in 0..JWKS_FETCHES_MAX {
        assert!(jwks.wants(&of_key("1"), NOW));
        jwks.begin(NOW);
    }
    assert!(!jwks.wants(&of_key("1"), NOW));
    // Those that hang are over when their time is, and then it is a matter of the last one.
    assert!(!jwks.wants(&of_key("1"), NOW.plus(JWKS_AGAIN_MS_MIN - 1)));
    assert!(jwks.wants(&of_key("1"), NOW.plus(JWKS_AGAIN_MS_MIN)));
}

#[test]
fn a_fetch_that_fails_does_not_end_another_that_is_still_under_way() {
    let mut jwks = fetched(&["1"], NOW);
    let later = NOW.plus(JWKS_UNKNOWN_MS_MIN);
    jwks.begin(later);
    jwks.begin(later);
    assert!(jwks.take(None, later).is_ok());
    assert_eq!(account(&jwks, "2", later), Err(Denied::KeysPending));
}

#[test]
fn an_answer_that_can_not_be_used_leaves_the_keys_as_they_are() {
    let mut jwks = fetched(&["1"], NOW);
    let stale = NOW.plus(JWKS_FRESH_MS);
    for answer in ["<html>", r#"{"keys":[]}"#] {
        jwks.begin(stale);
        assert!(jwks.take(Some(answer.as_bytes()), stale).is_err());
        assert!(account(&jwks, "1", stale).is_ok());
    }
    assert!(!jwks.wants(&of_key("1"), stale.plus(JWKS_AGAIN_MS_MIN - 1)));
}

#[test]
fn a_clock_that_goes_backwards_stops_nobody() {
    let jwks = fetched(&["1"], NOW);
    assert!(!jwks.wants(&of_key("1"), Time(NOW.0 - 1)));
    assert!(account(&jwks, "1", Time(NOW.0 - 1)).is_ok());
}

#[test]
fn keys_that_are_left_out_of_a_set_are_named_by_the_reason() {
    let mut jwks = Jwks::default();
    jwks.begin(NOW);
    let answer = set(&[ed_key("1"), json!({ "kty": "oct" })]);
    assert_eq!(jwks.take(Some(answer.as_bytes()), NOW).unwrap().len(), 1);
}
