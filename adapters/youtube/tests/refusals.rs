//! Goal: a refusal is told apart from finding nothing, and from every other refusal.

use scout_sdk::testing::provider_refusals;
use scout_youtube::Youtube;

#[test]
fn the_provider_s_refusals_are_told_by_both_readers() {
    provider_refusals::<Youtube>("anamoves");
}
