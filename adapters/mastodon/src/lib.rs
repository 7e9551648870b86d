//! Mastodon, and what speaks its language, through the public interface of one instance.
//!
//! The operator says which instance by giving the origin another base URL. A search gives up to 40 accounts with
//! bio, fields and counts, so there are no profile calls; strangers get one page of it. The instance's directory,
//! which has no search of its own, can be read instead.

mod account;
mod prose;
mod refusal;

use scout_sdk::{
    Auth, Creator, Enrichment, Fault, Hints, Manifest, Origin, Page, Platform, Query, Request, Response, Setting,
    json::{Body, List, missing},
    paging,
    text::folded,
};
use serde::Deserialize;

use account::Account;

/// Accounts that one search call may give.
const SEARCH_LIMIT: u32 = 40;

/// Accounts that one call of the directory may give.
const DIRECTORY_LIMIT: u32 = 80;

/// Mastodon.
pub struct Mastodon;

scout_sdk::export!(Mastodon);

impl Platform for Mastodon {
    fn describe() -> Manifest {
        Manifest {
            platform: "mastodon".into(),
            label: "Mastodon".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://mastodon.social".into(), auth: Auth::None }],
            enrichment: Enrichment::None,
            // A full page less those who don't want to be found and those found before. Only the directory has more pages.
            hints: Hints { page_size: SEARCH_LIMIT, creators_per_keyword: 20, pages_per_keyword: 5, calls_per_minute: Some(60) },
            reports_views: false,
            settings: settings(),
            extra: Vec::new(),
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        // It changes nothing of the request, and yet a value that means nothing is refused.
        query.switch("bots")?;
        match (Source::of(query)?, cursor) {
            (Source::Search, None) => Ok(Request::get("api", "/api/v2/search")
                .with("q", query.keyword.as_str())
                .with("type", "accounts")
                .with("limit", SEARCH_LIMIT.to_string())),
            // Any offset, even 0, is refused without a token.
            (Source::Search, Some(_)) => Err(Fault::Unsupported("a search has one page only; further ones need a token".into())),
            (Source::Directory, cursor) => Ok(Request::get("api", "/api/v1/directory")
                .with("order", "active")
                .with("limit", DIRECTORY_LIMIT.to_string())
                .with("offset", paging::offset(cursor)?.to_string())),
        }
    }

    fn read_search(query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        match Source::of(query)? {
            Source::Search => {
                let accounts = found(&body, response)?;
                Ok(Page::of(creators(query, &accounts, &[], "accounts[].acct")?, None))
            }
            Source::Directory => {
                let accounts = listed(&body, response)?;
                let words: Vec<String> = query.keyword.split_whitespace().map(|word| folded(word).collect()).collect();
                let next = u64::try_from(accounts.given()).ok().filter(|&given| given > 0);
                let next = next.and_then(|given| paging::offset(cursor).ok()?.checked_add(given));
                Ok(Page::of(creators(query, &accounts, &words, "[].acct")?, next.map(|next| next.to_string())))
            }
        }
    }
}

fn settings() -> Vec<Setting> {
    vec![
        Setting::new(
            "source",
            "search",
            "Where accounts come from: search, or directory for those in the instance's directory whose profile has the keyword's words.",
        ),
        Setting::new("bots", "false", "Whether accounts that say they are automated, and groups, are found as well, true or false."),
    ]
}

/// Where accounts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Search,
    Directory,
}

impl Source {
    fn of(query: &Query) -> Result<Self, Fault> {
        query.choice("source", &[("search", Self::Search), ("directory", Self::Directory)])
    }
}

/// The answer to a search. What else it may hold, posts and hashtags, was not asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found<'a> {
    #[serde(borrow)]
    accounts: List<Account<'a>>,
}

fn found<'a>(body: &'a Body<'_>, response: &Response) -> Result<List<Account<'a>>, Fault> {
    if body.is_list() {
        return Err(missing("accounts"));
    }
    let found: Found<'a> = body.read()?;
    found.accounts.require("accounts").map_err(|fault| refusal::named(response).unwrap_or(fault))?;
    Ok(found.accounts)
}

/// The directory is a bare list.
fn listed<'a>(body: &'a Body<'_>, response: &Response) -> Result<List<Account<'a>>, Fault> {
    body.read_list().map_err(|fault| refusal::named(response).unwrap_or(fault))
}

/// The accounts that want to be found, are people unless others are wanted as well, and have all these words.
fn creators(query: &Query, accounts: &List<Account<'_>>, words: &[String], path: &str) -> Result<Vec<Creator>, Fault> {
    let rows = accounts.require_any(path, Account::is_known)?;
    let with_bots = query.switch("bots")?;
    let is_wanted = |account: &Account<'_>| !account.is_hidden() && (with_bots || !account.is_automated()) && account.has_all(words);
    // Who has moved is found where they are now, unless they do not want to be found at one of both.
    let creator = |account: &Account<'_>| match account.moved().filter(|_| !account.is_hidden()) {
        Some(moved) => is_wanted(&moved).then(|| moved.creator()).flatten(),
        None => is_wanted(account).then(|| account.creator()).flatten(),
    };
    Ok(rows.iter().filter_map(creator).collect())
}
