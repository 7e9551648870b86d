//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_mastodon::Mastodon;
use scout_sdk::testing::{Reading, Recording, answer, query, query_with, recordings, samples};
use scout_sdk::{Creator, Fault, Page, Platform, Query};
use serde_json::Value;

/// Answers to searches of today and of 2017.
const SEARCHES: [&str; 2] = ["search-v2", "search-v1"];

/// Bare lists of accounts, which is what the directory gives.
const LISTS: [&str; 2] = ["accounts-search", "accounts-followers"];

/// The directory with bots, read without any words that a profile would have to have.
fn everybody() -> Query {
    query_with("", &[("source", "directory"), ("bots", "true")])
}

fn search(body: &[u8]) -> Result<Page, Fault> {
    Mastodon::read_search(&query("yoga"), None, &answer(200, body))
}

fn listed(body: &[u8]) -> Vec<Creator> {
    Mastodon::read_search(&everybody(), None, &answer(200, body)).expect("it is a list").creators
}

/// Every account that stands anywhere in a recording.
fn accounts(value: &Value) -> Vec<&Value> {
    let own = value.get("acct").and(value.get("followers_count")).map(|_| value);
    let within: Vec<_> = match value {
        Value::Array(rows) => rows.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    };
    own.into_iter().chain(within.into_iter().flat_map(accounts)).collect()
}

fn is_hidden(account: &Value) -> bool {
    account["discoverable"] == false || account["noindex"] == true || account["source"]["pleroma"]["discoverable"] == false
}

/// Whether there is nothing in HTML but tags and white space.
fn is_blank(html: &str) -> bool {
    html.split('<')
        .enumerate()
        .all(|(number, part)| if number == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) }.trim().is_empty())
}

#[test]
fn every_recording_is_read_and_counted() {
    let reading = |recording: &Recording| match recording {
        recording if recording.is(&SEARCHES) => Reading::Search(query("yoga")),
        recording if recording.is(&LISTS) => Reading::Search(everybody()),
        _ => Reading::Other,
    };
    if let Some(tally) = samples::<Mastodon>("mastodon", reading) {
        assert!(tally.search.rows > 0 && tally.search.fields["followers"] > 0, "{tally:?}");
    }
}

#[test]
fn recorded_searches_give_every_account_that_may_be_shown() {
    for recording in recordings("mastodon", &SEARCHES) {
        let recorded = recording.json();
        let rows = recorded["accounts"].as_array().expect("a search has accounts");
        let shown: Vec<_> = rows.iter().filter(|row| !is_hidden(row)).collect();
        let page = search(&recording.body).expect(&recording.name);
        assert_eq!(page.creators.len(), shown.len(), "{}", recording.name);
        assert!(page.creators.iter().zip(shown).all(|(creator, row)| Some(creator.username.as_str()) == row["acct"].as_str()));
    }
}

#[test]
fn an_account_in_any_recording_of_any_software_is_read_as_it_stands_there() {
    let (mut read, mut hidden) = (0, 0);
    for recording in recordings("mastodon", &["account", "search", "timeline", "trends", "status"]) {
        let recorded = recording.json();
        for account in accounts(&recorded) {
            let body = serde_json::json!({ "accounts": [account] }).to_string();
            let query = query_with("yoga", &[("bots", "true")]);
            let found = Mastodon::read_search(&query, None, &answer(200, body)).expect(&recording.name).creators;
            if is_hidden(account) {
                hidden += 1;
                assert_eq!(found, [], "{}", recording.name);
                continue;
            }
            read += 1;
            let creator = found.first().expect(&recording.name);
            let counts_are_hidden = account["pleroma"]["hide_followers_count"] == true;
            assert_eq!(creator.followers, account["followers_count"].as_u64().filter(|_| !counts_are_hidden), "{}", recording.name);
            assert_eq!(
                Some(creator.identity.as_str()),
                account["uri"].as_str().or(account["pleroma"]["ap_id"].as_str()).or(account["url"].as_str())
            );
            assert_eq!(creator.profile_url.as_deref(), account["url"].as_str(), "{}", recording.name);
            let bio = creator.bio.as_deref().unwrap_or_default();
            assert_eq!(bio.is_empty(), is_blank(account["note"].as_str().unwrap_or_default()), "{}", recording.name);
            assert!(!bio.contains("</") && !bio.contains("&amp;"), "{bio}");
        }
    }
    println!("{read} accounts read, {hidden} that don't want to be found");
}

#[test]
fn recorded_lists_are_read_as_a_directory() {
    for recording in recordings("mastodon", &LISTS) {
        let recorded = recording.json();
        let shown = recorded.as_array().expect("it is a list").iter().filter(|row| !is_hidden(row)).count();
        assert_eq!(listed(&recording.body).len(), shown, "{}", recording.name);
    }
}

#[test]
fn recorded_refusals_have_their_fault() {
    let refused = |status: u16, body: &[u8]| Mastodon::read_search(&query("yoga"), None, &answer(status, body)).expect_err("it is refused");
    for recording in recordings("mastodon", &["error-401"]) {
        assert_eq!(refused(401, &recording.body), Fault::Unauthorized("HTTP 401: The access token is invalid".into()));
    }
    for recording in recordings("mastodon", &["error-404"]) {
        assert!(matches!(refused(404, &recording.body), Fault::Unsupported(text) if text.starts_with("HTTP 404: ")));
    }
    for recording in recordings("mastodon", &["error-422"]) {
        assert!(
            matches!(refused(422, &recording.body), Fault::Other(text) if text.starts_with("HTTP 422: ")),
            "another language is no login"
        );
    }
}

#[test]
fn recordings_of_other_endpoints_name_what_is_missing() {
    for recording in recordings("mastodon", &["timeline", "trends", "tag", "account_", "account-"]) {
        assert_eq!(search(&recording.body), Err(Fault::Malformed("`accounts` is missing".into())), "{}", recording.name);
    }
}
