//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_bluesky::Bluesky;
use scout_sdk::testing::{hostile, query, typed};

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<Bluesky>(
        &[query("yoga")],
        &[typed("did:plc:fixtureana0000000000001"), typed("ana.test"), typed("")],
        &[
            include_str!("../fixtures/search.json"),
            include_str!("../fixtures/profiles.json"),
            include_str!("../fixtures/profile.json"),
            include_str!("../fixtures/error-profile-not-found.json"),
            include_str!("../fixtures/error-deactivated.json"),
            include_str!("../fixtures/error-rate-limited.json"),
        ],
    );
}
