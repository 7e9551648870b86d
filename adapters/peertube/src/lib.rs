//! PeerTube through SepiaSearch, the index of its public channels and videos.
//!
//! A search of channels gives up to 100 of them with description and followers, so there are no profile calls. A
//! search of videos, which finds channels by what they published, can be chosen instead.

mod channel;
mod picture;
mod refusal;
mod video;

use scout_sdk::{
    Auth, Creator, Enrichment, Fault, Hints, Manifest, Origin, Page, Platform, Query, Request, Response, Setting,
    contract::MEDIUM,
    counts::Count,
    json::{Body, List, missing},
    paging, status,
};
use serde::Deserialize;

use channel::Channel;
use video::Video;

/// Rows that one call may give.
const COUNT: u32 = 100;

/// PeerTube.
pub struct Peertube;

scout_sdk::export!(Peertube);

impl Platform for Peertube {
    fn describe() -> Manifest {
        Manifest {
            platform: "peertube".into(),
            label: "PeerTube".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://sepiasearch.org".into(), auth: Auth::None }],
            enrichment: Enrichment::None,
            hints: Hints { page_size: COUNT, creators_per_keyword: 60, pages_per_keyword: 5, calls_per_minute: None },
            // Channels have no views, and videos here so few that a usual least number would leave hardly any.
            reports_views: false,
            settings: settings(),
            extra: vec![(MEDIUM.into(), "video".into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        Ok(Request::get("api", Source::of(query)?.path())
            .with("search", query.keyword.as_str())
            .with("start", paging::offset(cursor)?.to_string())
            .with("count", COUNT.to_string())
            .with_some("sort", query.setting("sort")))
    }

    fn read_search(query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        if body.is_list() {
            return Err(missing("data"));
        }
        match Source::of(query)? {
            Source::Channels => page(&body.read()?, cursor, response, Channel::creator, "data[].name"),
            Source::Videos => page(&body.read()?, cursor, response, Video::creator, "data[].channel.name"),
        }
    }
}

fn settings() -> Vec<Setting> {
    vec![
        Setting::new(
            "source",
            "channels",
            "What is searched: channels, or videos for the channels of videos about the keyword, which come without bio and followers.",
        ),
        Setting::new("sort", "", "The order, such as -match, -createdAt or, of videos, -views; empty for the best match first."),
    ]
}

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Channels,
    Videos,
}

impl Source {
    fn of(query: &Query) -> Result<Self, Fault> {
        query.choice("source", &[("channels", Self::Channels), ("videos", Self::Videos)])
    }

    fn path(self) -> &'static str {
        match self {
            Self::Channels => "/api/v1/search/video-channels",
            Self::Videos => "/api/v1/search/videos",
        }
    }
}

/// An answer: rows, and how many there are in all.
#[derive(Deserialize)]
#[serde(default, bound(deserialize = "T: Deserialize<'de>"))]
struct Found<T> {
    data: List<T>,
    total: Count,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { data: List::default(), total: Count::default() }
    }
}

fn page<T>(
    found: &Found<T>,
    cursor: Option<&str>,
    response: &Response,
    creator: impl Fn(&T) -> Option<Creator>,
    path: &str,
) -> Result<Page, Fault> {
    found.data.require("data").map_err(|fault| status::told(response).unwrap_or(fault))?;
    let rows = found.data.require_any(path, |row| creator(row).is_some())?;
    Ok(Page::of(rows.iter().filter_map(creator).collect(), next(paging::offset(cursor)?, found)))
}

/// Where the next page begins: after the rows that were given, unless that is the end. Without a total a page that
/// is not full is the last.
fn next<T>(start: u64, found: &Found<T>) -> Option<String> {
    let given = u64::try_from(found.data.given()).ok().filter(|&given| given > 0)?;
    let seen = start.checked_add(given)?;
    let has_more = found.total.get().map_or(given >= u64::from(COUNT), |total| seen < total);
    has_more.then(|| seen.to_string())
}
