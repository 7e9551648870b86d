//! GitHub through its REST interface, with or without a token.
//!
//! A search gives up to 100 accounts a page, without names and counts; a profile call gives one account's name, bio, links,
//! e-mail address and followers.

mod account;
mod refusal;

use scout_sdk::{
    Absence, Auth, CreatorRef, Enrichment, Fault, Hints, Manifest, Origin, Outcome, Page, Planned, Platform, Profile, Query, Request,
    Response, Setting,
    contract::{MEDIUM, OPTIONAL_SECRET},
    counts::Count,
    flags::Flag,
    json::{Body, List, missing},
    paging, status,
    text::bare,
};
use serde::Deserialize;

use account::Account;

/// Accounts that one search call may give.
const PAGE_LIMIT: u64 = 100;

/// Pages that one query gives at most: GitHub shows the first 1 000 accounts and no more.
const PAGES: u64 = 1_000 / PAGE_LIMIT;

/// The secret that holds a token, where the operator has one.
const TOKEN: &str = "GITHUB_TOKEN";

/// GitHub.
pub struct Github;

scout_sdk::export!(Github);

impl Platform for Github {
    fn describe() -> Manifest {
        Manifest {
            platform: "github".into(),
            label: "GitHub".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.github.com".into(), auth: Auth::Bearer(TOKEN.into()) }],
            enrichment: Enrichment::Required(1),
            hints: Hints { page_size: PAGE_LIMIT as u32, creators_per_keyword: 80, pages_per_keyword: 5, calls_per_minute: Some(10) },
            reports_views: false,
            settings: settings(),
            // Strangers are answered, too, only far less often.
            extra: vec![(OPTIONAL_SECRET.into(), TOKEN.into()), (MEDIUM.into(), "code".into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        let page = paging::page(cursor, PAGES)?.to_string();
        let request = Request::get("api", "/search/users")
            .with("q", format!("{}{}", query.keyword, qualifier(query)?))
            .with("per_page", PAGE_LIMIT.to_string())
            .with("page", page)
            .with_some("sort", query.setting("sort"));
        Ok(versioned(request))
    }

    fn read_search(_query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        let found: Found<'_> = body.read()?;
        found.check(response)?;
        found.items.require_any("items[].id", |account| account.id().is_some())?;
        let accounts = found.items.require_any("items[].login", |account| account.creator().is_some())?;
        let creators = accounts.iter().filter(|account| !account.is_bot()).filter_map(Account::creator).collect();
        Ok(Page::of(creators, found.next(paging::page(cursor, PAGES)?)))
    }

    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        let request = |creator: &CreatorRef| versioned(Request::get("api", &format!("/users/{}", bare(&creator.username))));
        Ok(Planned::each(creators, request))
    }

    fn read_profiles(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
        if let ([creator], true) = (creators, refusal::knows_nobody(response)) {
            // Deleted, renamed and suspended accounts look all the same.
            return Ok(vec![Profile::of(creator, Outcome::Empty(Absence::Missing))]);
        }
        refusal::check(response)?;
        let body = Body::of(response);
        let account: Account<'_> = body.read()?;
        if account.id().is_none() {
            return Err(missing("id"));
        }
        Ok(creators.iter().map(|creator| Profile::of(creator, outcome(creator, &account))).collect())
    }
}

fn settings() -> Vec<Setting> {
    vec![
        Setting::new("accounts", "users", "Whose accounts are searched: users, organisations or all."),
        Setting::new("sort", "", "The order: followers, repositories or joined; empty for the best match first."),
    ]
}

/// The part of a query that says whose accounts are meant.
fn qualifier(query: &Query) -> Result<&'static str, Fault> {
    query.choice("accounts", &[("users", " type:user"), ("organisations", " type:org"), ("all", "")])
}

/// The request for the version of the interface that is read here, so that a later default changes nothing.
fn versioned(mut request: Request) -> Request {
    request.headers.push(("accept".into(), "application/vnd.github+json".into()));
    request.headers.push(("x-github-api-version".into(), "2022-11-28".into()));
    request
}

/// What a profile says of the creator who was asked for. A login that was given up may be somebody else's by now.
fn outcome(creator: &CreatorRef, account: &Account<'_>) -> Outcome {
    if !account.is(creator) {
        return Outcome::Empty(Absence::Missing);
    }
    match account.profile() {
        Some(profile) => Outcome::Enriched(profile),
        None => Outcome::Failed(missing("login")),
    }
}

/// The answer to a search.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found<'a> {
    total_count: Count,
    incomplete_results: Flag,
    #[serde(borrow)]
    items: List<Account<'a>>,
}

impl Found<'_> {
    /// Lets an answer pass that has rows. None is nobody found only if GitHub searched to the end.
    fn check(&self, response: &Response) -> Result<(), Fault> {
        self.items.require("items").map_err(|fault| status::told(response).unwrap_or(fault))?;
        if self.items.given() == 0 && self.incomplete_results.is_yes() {
            return Err(Fault::Unavailable("the search took GitHub too long and gave nothing".into()));
        }
        Ok(())
    }

    /// The next page, as long as there are accounts that were not shown yet.
    fn next(&self, page: u64) -> Option<String> {
        let given = self.items.given() as u64;
        let shown = page * PAGE_LIMIT;
        let more = self.total_count.get().map_or(given >= PAGE_LIMIT, |total| total > shown);
        paging::next_page(page, PAGES).filter(|_| given > 0 && more)
    }
}
