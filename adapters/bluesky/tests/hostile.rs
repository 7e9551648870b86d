//! Goal: no answer makes the adapter panic, whatever its bytes.

use scout_bluesky::Bluesky;
use scout_sdk::Platform;
use scout_sdk::testing::{answer, query, spoiled, typed};

const FIXTURES: [&str; 6] = [
    include_str!("../fixtures/search.json"),
    include_str!("../fixtures/profiles.json"),
    include_str!("../fixtures/profile.json"),
    include_str!("../fixtures/error-profile-not-found.json"),
    include_str!("../fixtures/error-deactivated.json"),
    include_str!("../fixtures/error-rate-limited.json"),
];

/// Reads a body with both readers, and checks what must hold for any answer.
fn read(status: u16, body: &[u8]) {
    let response = answer(status, body);
    if let Ok(page) = Bluesky::read_search(&query("yoga"), None, &response) {
        assert!(page.creators.iter().all(|creator| !creator.identity.is_empty() && !creator.username.is_empty()));
    }
    let asked = [typed("did:plc:fixtureana0000000000001"), typed("")];
    if let Ok(profiles) = Bluesky::read_profiles(&asked, &response) {
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
            read(400, &body);
            read(429, &body);
        }
    }
}

#[test]
fn bytes_of_no_meaning_never_panic() {
    for byte in 0..=u8::MAX {
        read(200, &[byte; 64]);
        read(500, &[b'{', byte, b'}']);
    }
    read(200, "[".repeat(100_000).as_bytes());
    read(200, "{\"actors\":".repeat(100_000).as_bytes());
}

#[test]
fn every_status_has_an_answer() {
    for status in 100..600 {
        read(status, b"");
        read(status, FIXTURES[5].as_bytes());
    }
}
