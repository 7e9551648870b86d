//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_dailymotion::Dailymotion;
use scout_sdk::testing::{hostile, query, query_with, typed};

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<Dailymotion>(
        &[query("pottery"), query_with("pottery", &[("find", "users")])],
        &[typed("x3fixao"), typed("")],
        &[
            include_str!("../fixtures/videos.json"),
            include_str!("../fixtures/users.json"),
            include_str!("../fixtures/error-field.json"),
            include_str!("../fixtures/error-rate-limited.json"),
        ],
    );
}
