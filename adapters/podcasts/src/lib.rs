//! Podcasts through Apple's keyless search.
//!
//! A call gives up to 200 shows of one country's store. There is no second page: `offset` is ignored. So further pages are
//! further countries, whose stores hold other shows and rank the same ones differently.

mod refusal;
mod show;
mod stores;

use scout_sdk::{
    Auth, Enrichment, Fault, Hints, Manifest, Origin, Page, Platform, Query, Request, Response, Setting,
    contract::MEDIUM,
    counts::Count,
    json::{Body, List, missing},
    status,
};
use serde::Deserialize;

use show::Show;
use stores::Stores;

/// Shows that one call may give.
const SEARCH_LIMIT: u32 = 200;

/// Apple podcasts.
pub struct Podcasts;

scout_sdk::export!(Podcasts);

impl Platform for Podcasts {
    fn describe() -> Manifest {
        Manifest {
            platform: "podcasts".into(),
            label: "Apple Podcasts".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://itunes.apple.com".into(), auth: Auth::None }],
            enrichment: Enrichment::None,
            hints: Hints { page_size: SEARCH_LIMIT, creators_per_keyword: 100, pages_per_keyword: 5, calls_per_minute: Some(20) },
            reports_views: false,
            settings: vec![Setting::new(
                stores::SETTING,
                stores::DEFAULT,
                "The countries whose stores are searched one after another, as two letters each with commas between; each is one call a keyword.",
            )],
            extra: vec![(MEDIUM.into(), "audio".into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        let stores = Stores::of(query)?;
        Ok(Request::get("api", "/search")
            .with("term", query.keyword.as_str())
            .with("country", stores.asked(cursor)?)
            .with("media", "podcast")
            .with("entity", "podcast")
            .with("limit", SEARCH_LIMIT.to_string()))
    }

    fn read_search(query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        let found: Found<'_> = body.read()?;
        found.check(response)?;
        let shows = found.results.require_any("results[].collectionId", |show| show.creator().is_some())?;
        // What one store does not have another may.
        Ok(Page::of(shows.iter().filter_map(Show::creator).collect(), Stores::of(query)?.after(cursor)))
    }
}

/// The answer to a search.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Found<'a> {
    result_count: Count,
    #[serde(borrow)]
    results: List<Show<'a>>,
}

impl Found<'_> {
    /// Lets an answer pass that has rows. None is nothing found only when the count does not say otherwise.
    fn check(&self, response: &Response) -> Result<(), Fault> {
        self.results.require("results").map_err(|fault| status::told(response).unwrap_or(fault))?;
        let counted = self.result_count.get().unwrap_or_default();
        if self.results.given() == 0 && counted > 0 { Err(missing("results[]")) } else { Ok(()) }
    }
}
