//! Goal: no answer makes the adapter panic, whatever its bytes.

use scout_sdk::Platform;
use scout_sdk::testing::{answer, query, spoiled, typed};
use scout_tiktok::Tiktok;

const FIXTURES: [&str; 12] = [
    include_str!("../fixtures/search.json"),
    include_str!("../fixtures/search-trim.json"),
    include_str!("../fixtures/search-empty-absent.json"),
    include_str!("../fixtures/search-empty-list.json"),
    include_str!("../fixtures/profile.json"),
    include_str!("../fixtures/profile-without-exact-counts.json"),
    include_str!("../fixtures/profile-private.json"),
    include_str!("../fixtures/profile-deactivated.json"),
    include_str!("../fixtures/error-out-of-credits.json"),
    include_str!("../fixtures/error-no-key.json"),
    include_str!("../fixtures/error-forbidden.json"),
    include_str!("../fixtures/error-unknown-route.html"),
];

/// Reads a body with both readers, and checks what must hold for any answer.
fn read(status: u16, body: &[u8]) {
    let response = answer(status, body);
    if let Ok(page) = Tiktok::read_search(&query("yoga"), Some("0"), &response) {
        assert!(page.creators.iter().all(|creator| !creator.identity.is_empty() && !creator.username.is_empty()));
    }
    let asked = [typed("ana.example"), typed("")];
    if let Ok(profiles) = Tiktok::read_profiles(&asked, &response) {
        assert!(profiles.iter().map(|profile| &profile.identity).eq(asked.iter().map(|creator| &creator.identity)));
    }
}

#[test]
fn fixtures_that_were_cut_or_spoiled_at_any_byte_never_panic() {
    for fixture in FIXTURES {
        for body in spoiled(fixture.as_bytes(), 1) {
            read(200, &body);
        }
    }
}

#[test]
fn refusals_that_were_cut_or_spoiled_never_panic() {
    for fixture in FIXTURES {
        for body in spoiled(fixture.as_bytes(), 7) {
            read(402, &body);
            read(500, &body);
        }
    }
}

#[test]
fn a_cut_page_is_malformed_and_never_a_shorter_page() {
    let page = FIXTURES[0].trim_end();
    for end in 0..page.len() {
        assert!(Tiktok::read_search(&query("yoga"), None, &answer(200, &page.as_bytes()[..end])).is_err(), "cut after {end} bytes");
    }
}

#[test]
fn wrapping_without_end_never_panics() {
    read(200, "{\"aweme_info\":".repeat(100_000).as_bytes());
    let nested = format!("{{\"search_item_list\":[{}{}]}}", "{\"aweme_info\":".repeat(10_000), "}".repeat(10_000));
    read(200, nested.as_bytes());
    let rows = format!("{{\"search_item_list\":[{}1{}]}}", "{\"aweme_info\":".repeat(10_000), "}".repeat(10_000));
    read(200, rows.as_bytes());
}

#[test]
fn every_status_has_an_answer() {
    for status in 100..600 {
        read(status, b"");
        read(status, FIXTURES[8].as_bytes());
    }
}
