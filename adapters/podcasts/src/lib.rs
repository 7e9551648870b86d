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
            settings: vec![Setting {
                name: stores::SETTING.into(),
                default: stores::DEFAULT.into(),
                doc: "The countries whose stores are searched one after another, as two letters each with commas between; each is one call a keyword."
                    .into(),
            }],
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
        let shows = found.shows(response)?;
        let creators: Vec<_> = shows.iter().filter_map(Show::creator).collect();
        if creators.is_empty() && found.results.given() > 0 {
            // Rows that all lack an id are a changed shape, which is not the same as finding nothing.
            return Err(missing("results[].collectionId"));
        }
        // What one store does not have another may.
        Ok(Page::of(creators, Stores::of(query)?.after(cursor)))
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
    /// The rows. None is nothing found only when the count does not say otherwise.
    fn shows(&self, response: &Response) -> Result<&[Show<'_>], Fault> {
        let rows = self.results.require("results").map_err(|fault| refusal::named(response).unwrap_or(fault))?;
        let counted = self.result_count.get().unwrap_or_default();
        if self.results.given() == 0 && counted > 0 { Err(missing("results[]")) } else { Ok(rows) }
    }
}
