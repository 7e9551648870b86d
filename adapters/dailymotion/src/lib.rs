//! Dailymotion through its keyless API.
//!
//! A search gives up to 100 videos or users a page. Every field is asked for by name, those of a video's uploader, too, so
//! that a page already holds whole profiles and no further call is needed.

mod refusal;
mod row;
mod user;

use scout_sdk::{
    Auth, Enrichment, Fault, Hints, Manifest, Origin, Page, Platform, Query, Request, Response, Setting,
    contract::MEDIUM,
    flags::Flag,
    json::{Body, List},
    paging,
};
use serde::Deserialize;

use row::Row;

/// Rows that one call may give.
const PAGE_LIMIT: u64 = 100;

/// Pages that one query gives at most: Dailymotion shows the first 1 000 rows and no more.
const PAGES: u64 = 1_000 / PAGE_LIMIT;

/// Dailymotion.
pub struct Dailymotion;

scout_sdk::export!(Dailymotion);

impl Platform for Dailymotion {
    fn describe() -> Manifest {
        Manifest {
            platform: "dailymotion".into(),
            label: "Dailymotion".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.dailymotion.com".into(), auth: Auth::None }],
            enrichment: Enrichment::None,
            hints: Hints { page_size: PAGE_LIMIT as u32, creators_per_keyword: 60, pages_per_keyword: 5, calls_per_minute: None },
            reports_views: true,
            settings: settings(),
            extra: vec![(MEDIUM.into(), "video".into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        let kind = Kind::of(query)?;
        let page = paging::page(cursor, PAGES)?.to_string();
        Ok(Request::get("api", kind.path())
            .with("search", query.keyword.as_str())
            .with("fields", kind.fields())
            .with("limit", PAGE_LIMIT.to_string())
            .with("page", page)
            .with_some("sort", query.setting("sort"))
            .with_some("country", query.setting("country"))
            .with_some(kind.language_parameter(), query.setting("language")))
    }

    fn read_search(query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let kind = Kind::of(query)?;
        let body = Body::of(response);
        let found: Found<'_> = body.read()?;
        found.list.require("list").map_err(|fault| refusal::named(response).unwrap_or(fault))?;
        let rows = found.list.require_any(kind.identity_path(), |row| row.creator(kind).is_some())?;
        Ok(Page::of(rows.iter().filter_map(|row| row.creator(kind)).collect(), found.next(paging::page(cursor, PAGES)?)))
    }
}

fn settings() -> Vec<Setting> {
    vec![
        Setting::new("find", "videos", "What is searched, videos or users; users come without a video and so without views."),
        Setting::new("sort", "", "The order, such as relevance, recent or visited for videos and relevance, recent or popular for users."),
        Setting::new("country", "", "The country of what is found, as two letters; empty for all."),
        Setting::new("language", "", "The language of what is found, as two letters; empty for all."),
    ]
}

/// What is searched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Videos with their uploaders.
    Videos,
    /// Users by their names and descriptions.
    Users,
}

impl Kind {
    fn of(query: &Query) -> Result<Self, Fault> {
        query.choice("find", &[("videos", Self::Videos), ("users", Self::Users)])
    }

    fn path(self) -> &'static str {
        match self {
            Self::Videos => "/videos",
            Self::Users => "/users",
        }
    }

    /// All that is read of a row. A field that Dailymotion does not know would be refused, so these are all known ones that
    /// need no login.
    fn fields(self) -> String {
        let owner = |field: &str| format!("owner.{field}");
        match self {
            Self::Videos => {
                row::VIDEO_FIELDS.iter().map(|&field| field.to_owned()).chain(user::FIELDS.map(owner)).collect::<Vec<_>>().join(",")
            }
            Self::Users => user::FIELDS.join(","),
        }
    }

    /// Videos may have several languages to choose from, users have one.
    fn language_parameter(self) -> &'static str {
        match self {
            Self::Videos => "languages",
            Self::Users => "language",
        }
    }

    fn identity_path(self) -> &'static str {
        match self {
            Self::Videos => "list[].owner.id",
            Self::Users => "list[].id",
        }
    }
}

/// The answer to a search. Its `total` is an estimate and not read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found<'a> {
    #[serde(borrow)]
    list: List<Row<'a>>,
    has_more: Flag,
}

impl Found<'_> {
    /// The next page, as long as there is more.
    fn next(&self, page: u64) -> Option<String> {
        let full = self.list.given() as u64 >= PAGE_LIMIT;
        paging::next_page(page, PAGES).filter(|_| self.has_more.get().unwrap_or(full))
    }
}
