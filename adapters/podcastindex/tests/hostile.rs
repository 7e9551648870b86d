//! Goal: no answer makes the adapter panic or say something that no adapter may say, whatever its bytes.

use scout_podcastindex::PodcastIndex;
use scout_sdk::testing::{hostile, query, query_with};

#[test]
fn no_answer_leads_the_adapter_astray() {
    hostile::<PodcastIndex>(
        &[query("kitchen"), query_with("kitchen", &[("clean", "true")])],
        &[],
        &[include_str!("../fixtures/search.json"), include_str!("../fixtures/error-400.json"), include_str!("../fixtures/error-401.txt")],
    );
}
