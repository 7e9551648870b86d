//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_github::Github;
use scout_sdk::testing::{hostile, query, query_with, typed};

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<Github>(
        &[query("kiln"), query_with("kiln", &[("accounts", "organisations")])],
        &[typed("90000001"), typed("clay-tools"), typed(" who? "), typed("")],
        &[
            include_str!("../fixtures/search.json"),
            include_str!("../fixtures/user.json"),
            include_str!("../fixtures/organisation.json"),
            include_str!("../fixtures/error-rate-limited.json"),
            include_str!("../fixtures/error-secondary.json"),
            include_str!("../fixtures/error-query.json"),
        ],
    );
}
