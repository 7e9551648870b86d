//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_podcasts::Podcasts;
use scout_sdk::testing::{hostile, query, query_with, typed};

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<Podcasts>(
        &[query("bread"), query_with("bread", &[("countries", "de")])],
        &[typed("1900000001"), typed("")],
        &[include_str!("../fixtures/search.json"), include_str!("../fixtures/empty.json"), include_str!("../fixtures/error-country.json")],
    );
}
