//! Goal: no answer makes the adapter panic, nor say what no adapter may say, whatever its bytes.

use scout_peertube::Peertube;
use scout_sdk::testing::{hostile, query, query_with, typed};

const FIXTURES: [&str; 3] = [
    include_str!("../fixtures/channels.json"),
    include_str!("../fixtures/videos.json"),
    r#"{"errors":[{"msg":"Should have a valid sort","param":"sort"}]}"#,
];

#[test]
fn no_answer_breaks_the_adapter() {
    let queries = [query("yoga"), query_with("yoga", &[("source", "videos")])];
    hostile::<Peertube>(&queries, &[typed("ana_yoga@videos.test")], &FIXTURES);
}
