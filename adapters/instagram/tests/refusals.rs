//! Goal: a refusal is told apart from finding nothing, and from every other refusal.

use scout_instagram::Instagram;
use scout_sdk::testing::{answer, provider_refusals, query};
use scout_sdk::{Fault, Platform};

#[test]
fn the_provider_s_refusals_are_told_by_both_readers() {
    provider_refusals::<Instagram>("ana.example");
}

#[test]
fn a_failure_with_200_is_no_empty_page() {
    let failed = answer(200, include_str!("../fixtures/error-failed.json"));
    let read = Instagram::read_search(&query("yoga"), None, &failed);
    assert_eq!(read.err(), Some(Fault::Other("HTTP 200: Something went wrong".into())));
}
