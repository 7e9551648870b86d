//! Goal: a search asks for what GitHub understands, and reads whatever it answers.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_github::Github;
use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Auth, Creator, Enrichment, Fault, Page, Platform};

const SEARCH: &str = include_str!("../fixtures/search.json");

fn read(cursor: Option<&str>, body: &str) -> Result<Page, Fault> {
    Github::read_search(&query("kiln"), cursor, &answer(200, body))
}

fn creators() -> Vec<Creator> {
    read(None, SEARCH).expect("it is a page").creators
}

fn asked(settings: &[(&str, &str)]) -> String {
    let request = Github::plan_search(&query_with("kiln", settings), None).expect("it can be planned");
    values(&request, "q")[0].to_owned()
}

#[test]
fn github_reads_profiles_one_at_a_time_and_knows_its_limit() {
    let manifest = Github::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("github", "GitHub"));
    assert_eq!(manifest.enrichment, Enrichment::Required(1));
    assert_eq!(manifest.hints.calls_per_minute, Some(10));
    assert!(!manifest.reports_views);
    assert!(manifest.extra.contains(&("medium".to_owned(), "code".to_owned())));
}

#[test]
fn a_token_is_sent_where_there_is_one_and_not_missed_where_there_is_none() {
    let manifest = Github::describe();
    assert_eq!(manifest.origins.len(), 1);
    assert_eq!(manifest.origins[0].auth, Auth::Bearer("GITHUB_TOKEN".into()));
    assert!(manifest.extra.contains(&("optional-secret".to_owned(), "GITHUB_TOKEN".to_owned())));
}

#[test]
fn a_page_is_a_hundred_accounts_of_a_version_that_is_named() {
    let request = Github::plan_search(&query("kiln firmware"), None).expect("it can be planned");
    assert_eq!(request.path, "/search/users");
    assert_eq!((values(&request, "per_page"), values(&request, "page")), (vec!["100"], vec!["1"]));
    assert!(values(&request, "sort").is_empty());
    let headers = [("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")];
    assert_eq!(request.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn users_organisations_or_both_are_searched_as_the_setting_says() {
    assert_eq!(asked(&[]), "kiln type:user");
    assert_eq!(asked(&[("accounts", "users")]), "kiln type:user");
    assert_eq!(asked(&[("accounts", "organisations")]), "kiln type:org");
    assert_eq!(asked(&[("accounts", "all")]), "kiln");
    let refused = Github::plan_search(&query_with("kiln", &[("accounts", "robots")]), None);
    assert!(matches!(refused, Err(Fault::Unsupported(text)) if text.contains("`accounts` is `robots`")));
}

#[test]
fn the_order_is_asked_for_where_one_is_set() {
    let request = Github::plan_search(&query_with("kiln", &[("sort", "followers")]), Some("3")).expect("it can be planned");
    assert_eq!((values(&request, "sort"), values(&request, "page")), (vec!["followers"], vec!["3"]));
}

#[test]
fn an_account_is_known_by_its_number_and_shown_by_its_login() {
    let anou = &creators()[0];
    assert_eq!((anou.identity.as_str(), anou.username.as_str()), ("90000001", "anou-builds"));
    assert_eq!(anou.profile_url.as_deref(), Some("https://code.test/anou-builds"));
    assert_eq!(anou.avatar_url.as_deref(), Some("https://avatars.test/u/90000001?v=4"));
    assert_eq!(anou.extra, [("account".to_owned(), "User".to_owned())]);
    assert_eq!((&anou.name, anou.followers, &anou.bio, &anou.content), (&None, None, &None, &None));
    assert!(!anou.complete);
}

#[test]
fn an_organisation_says_that_it_is_one() {
    let tools = &creators()[1];
    assert_eq!((tools.identity.as_str(), tools.username.as_str()), ("90000002", "clay-tools"));
    assert_eq!(tools.extra, [("account".to_owned(), "Organization".to_owned())]);
    assert_eq!(tools.profile_url.as_deref(), Some("https://github.com/clay-tools"));
    assert_eq!(tools.avatar_url, None);
}

#[test]
fn bots_and_rows_without_id_or_login_are_left_out_alone() {
    let logins: Vec<_> = creators().into_iter().map(|creator| creator.username).collect();
    assert_eq!(logins, ["anou-builds", "clay-tools"]);
    let bots = read(None, r#"{"total_count":1,"items":[{"login":"b","id":1,"type":"Bot"}]}"#).expect("it is a page");
    assert!(bots.creators.is_empty());
}

/// A page of so many accounts, of so many in all.
fn page_of(rows: usize, total: &str) -> String {
    let rows: Vec<_> = (0..rows).map(|number| format!(r#"{{"login":"a{number}","id":{number}}}"#)).collect();
    format!(r#"{{"total_count":{total},"items":[{}]}}"#, rows.join(","))
}

#[test]
fn pages_go_on_until_all_were_shown_and_end_with_the_thousandth() {
    let next = |cursor, rows, total| read(cursor, &page_of(rows, total)).expect("it is a page").next;
    assert_eq!(next(None, 100, "101").as_deref(), Some("2"));
    assert_eq!(next(None, 100, "100"), None);
    assert_eq!(next(Some("9"), 100, "6038").as_deref(), Some("10"));
    assert_eq!(next(Some("10"), 100, "6038"), None);
    assert_eq!(next(None, 97, "6038").as_deref(), Some("2"), "accounts may have been left out");
    assert_eq!(next(None, 100, "null").as_deref(), Some("2"), "without a total a full page is not the last");
    assert_eq!(next(None, 99, "null"), None);
    assert_eq!(next(Some("2"), 0, "6038"), None);
}

#[test]
fn a_cursor_of_somebody_else_is_refused() {
    for cursor in ["", "1", "11", "next"] {
        assert!(matches!(Github::plan_search(&query("kiln"), Some(cursor)), Err(Fault::Unsupported(_))), "{cursor}");
    }
}

#[test]
fn finding_nobody_is_an_empty_page_but_giving_up_is_not() {
    let page = read(None, r#"{"total_count":0,"incomplete_results":false,"items":[]}"#).expect("it is a page");
    assert_eq!((page.creators.len(), page.next), (0, None));
    let cut_short = read(None, r#"{"total_count":0,"incomplete_results":true,"items":[]}"#);
    assert!(matches!(cut_short, Err(Fault::Unavailable(_))), "{cut_short:?}");
    let some = read(None, r#"{"total_count":1,"incomplete_results":true,"items":[{"login":"ana","id":1}]}"#);
    assert_eq!(some.expect("it is a page").creators.len(), 1);
}
