//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_sdk::testing::{found, hostile, query, query_with, typed};
use scout_twitch::Twitch;

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<Twitch>(
        &[query("chess"), query_with("chess", &[("live-only", "true")])],
        &[found("700100200", "ana_example"), typed("midori_example"), typed("")],
        &[
            include_str!("../fixtures/search.json"),
            include_str!("../fixtures/users.json"),
            include_str!("../fixtures/error-unauthorized.json"),
            include_str!("../fixtures/error-rate-limited.json"),
            include_str!("../fixtures/error-forbidden.json"),
        ],
    );
}
