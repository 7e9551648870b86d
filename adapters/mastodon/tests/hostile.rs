//! Goal: no answer makes the adapter panic, nor say what no adapter may say, whatever its bytes.

use scout_mastodon::Mastodon;
use scout_sdk::testing::{hostile, query, query_with, typed};

const FIXTURES: [&str; 4] = [
    include_str!("../fixtures/search.json"),
    include_str!("../fixtures/relatives.json"),
    r#"{"error":"The access token is invalid"}"#,
    r#"{"accounts":[{"acct":"ana","url":"https://a.test/@ana","moved":{"acct":"bo@b.test","url":"https://b.test/@bo"}}],"statuses":[]}"#,
];

#[test]
fn no_answer_breaks_the_adapter() {
    let queries = [query("yoga"), query_with("yoga", &[("source", "directory"), ("bots", "true")])];
    hostile::<Mastodon>(&queries, &[typed("https://home.test/users/ana")], &FIXTURES);
}
