//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_sdk::testing::{found, hostile, query, typed};
use scout_tiktok::Tiktok;

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<Tiktok>(
        &[query("yoga")],
        &[found("6800000000000000001", "ana.example"), typed("shy.example"), typed("")],
        &[
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
        ],
    );
}
