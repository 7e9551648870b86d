//! Podcasts through Podcast Index, an open directory of feeds.
//!
//! A search gives up to 1 000 shows in one call, each with its whole description, so that there is nothing further to be
//! read. Every call is signed, which is the host's to do.

mod feed;
mod refusal;

use scout_sdk::{
    Auth, Enrichment, Fault, Hints, Manifest, Origin, Page, Platform, Query, Request, Response, Setting, Signed,
    contract::MEDIUM,
    json::{Body, List},
};
use serde::Deserialize;

use feed::Feed;

/// Feeds that one search call may give.
const SEARCH_LIMIT: u32 = 1_000;

/// The setting that leaves out shows that are marked as explicit.
const CLEAN: &str = "clean";

/// Podcast Index.
pub struct PodcastIndex;

scout_sdk::export!(PodcastIndex);

impl Platform for PodcastIndex {
    fn describe() -> Manifest {
        Manifest {
            platform: "podcastindex".into(),
            label: "Podcast Index".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.podcastindex.org/api/1.0".into(), auth: auth() }],
            enrichment: Enrichment::None,
            hints: Hints { page_size: SEARCH_LIMIT, creators_per_keyword: 100, pages_per_keyword: 1, calls_per_minute: None },
            reports_views: false,
            settings: vec![Setting::new(CLEAN, "false", "Whether shows are left out that are marked as explicit: true or false.")],
            extra: vec![(MEDIUM.into(), "audio".into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        if let Some(cursor) = cursor {
            return Err(Fault::Unsupported(format!("the cursor `{cursor}` is none of this adapter's, which has one page a keyword")));
        }
        // Without `fulltext` descriptions are cut after 100 words, and half a description is no full profile.
        Ok(Request::get("api", "/search/byterm")
            .with("q", query.keyword.as_str())
            .with("max", SEARCH_LIMIT.to_string())
            .with("fulltext", "true")
            // Its mere presence would leave out explicit shows, so `false` is not sent.
            .with_some("clean", query.switch(CLEAN)?.then_some("true")))
    }

    fn read_search(_query: &Query, _cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        let found: Found<'_> = body.read()?;
        found.feeds.require("feeds")?;
        let feeds = found.feeds.require_any("feeds[].id", |feed| feed.id().is_some())?;
        // A show that has ended stays in the directory, and one that moved is there twice.
        let creators = feeds.iter().filter(|feed| !feed.is_gone()).filter_map(Feed::creator).collect();
        Ok(Page::of(creators, None))
    }
}

fn auth() -> Auth {
    Auth::Signed(Signed {
        scheme: "sha1-key-secret-date".into(),
        key: "PODCASTINDEX_API_KEY".into(),
        secret: "PODCASTINDEX_API_SECRET".into(),
    })
}

/// The answer to a search.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found<'a> {
    #[serde(borrow)]
    feeds: List<Feed<'a>>,
}
