//! Instagram through ScrapeCreators, a paid provider.
//!
//! A search gives reels with their owners, about 12 a page and without bios, and a profile call adds one owner's bio; or it
//! gives whole profiles, which need no further call. The operator chooses by a setting. Every call costs one credit.

mod account;
mod answer;
mod endpoint;
mod profile;
mod reel;

use scout_sdk::{
    Auth, CreatorRef, Credential, Enrichment, Fault, Hints, Manifest, Origin, Page, Planned, Platform, Profile, Query, Request, Response,
    Setting,
    contract::{CREDIT_FIELD, PRICE},
    provider,
};

use endpoint::{Endpoint, Place};

/// Instagram.
pub struct Instagram;

scout_sdk::export!(Instagram);

impl Platform for Instagram {
    fn describe() -> Manifest {
        let key = Credential { name: "x-api-key".into(), secret: "SCRAPECREATORS_API_KEY".into() };
        Manifest {
            platform: "instagram".into(),
            label: "Instagram".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.scrapecreators.com".into(), auth: Auth::Header(key) }],
            enrichment: Enrichment::Required(1),
            hints: Hints { page_size: 12, creators_per_keyword: 30, pages_per_keyword: 5, calls_per_minute: None },
            // The endpoint that is asked by default has none.
            reports_views: false,
            settings: settings(),
            extra: vec![(PRICE.into(), "paid".into()), (CREDIT_FIELD.into(), provider::CREDIT.into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        let endpoint = Endpoint::of(query)?;
        let place = Place::of(cursor)?;
        let keyword = if place.hyphenated { endpoint::hyphenated(&query.keyword) } else { query.keyword.clone() };
        Ok(endpoint.request(query, &keyword, place.page))
    }

    fn read_search(query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        let endpoint = Endpoint::of(query)?;
        let place = Place::of(cursor)?;
        if let Err(fault) = provider::check(response) {
            return endpoint.refused(query, cursor, response, fault);
        }
        match endpoint {
            Endpoint::Profiles => profile::read_page(place, response),
            Endpoint::Reels | Endpoint::OldReels => reel::read_page(endpoint, place, response),
        }
    }

    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        Ok(Planned::each(creators, profile::request))
    }

    fn read_profiles(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
        profile::read(creators, response)
    }
}

fn settings() -> Vec<Setting> {
    vec![
        Setting::new(
            "search",
            "reels",
            "What is searched: reels, profiles (which need no further call), or old-reels, the older endpoint, slow and with views.",
        ),
        Setting::new("date-posted", "", "How recent reels must be, such as last-week or last-month; empty for any time."),
    ]
}
