//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_instagram::Instagram;
use scout_sdk::testing::{found, hostile, query, query_with, typed};

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<Instagram>(
        &[query("vegan baking"), query_with("yoga", &[("search", "profiles")]), query_with("yoga", &[("search", "old-reels")])],
        &[found("6100000001", "ana.example"), typed("mira.example"), typed("")],
        &[
            include_str!("../fixtures/reels.json"),
            include_str!("../fixtures/old-reels.json"),
            include_str!("../fixtures/reels-empty.json"),
            include_str!("../fixtures/profiles.json"),
            include_str!("../fixtures/profile.json"),
            include_str!("../fixtures/profile-trim.json"),
            include_str!("../fixtures/profile-newest.json"),
            include_str!("../fixtures/basic-profile.json"),
            include_str!("../fixtures/husk-not-found.json"),
            include_str!("../fixtures/husk-private.json"),
            include_str!("../fixtures/error-no-key.json"),
            include_str!("../fixtures/error-failed.json"),
        ],
    );
}
