//! TikTok through ScrapeCreators, a paid provider.
//!
//! A search gives posts with their authors, up to 30 a page and 2.5 MB long; a profile call gives one author's bio,
//! exact counts and link. Every call costs one credit.

mod post;
mod profile;

use scout_sdk::{
    Auth, CreatorRef, Credential, Enrichment, Fault, Hints, Manifest, Origin, Page, Planned, Platform, Profile, Query, Request, Response,
    Setting,
    contract::{CREDIT_FIELD, MEDIUM, PRICE},
    counts::Count,
    flags::Flag,
    json::{Body, List, missing},
    paging, provider,
    text::bare,
};
use serde::Deserialize;

use post::Row;

/// TikTok.
pub struct Tiktok;

scout_sdk::export!(Tiktok);

impl Platform for Tiktok {
    fn describe() -> Manifest {
        let key = Credential { name: "x-api-key".into(), secret: "SCRAPECREATORS_API_KEY".into() };
        Manifest {
            platform: "tiktok".into(),
            label: "TikTok".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.scrapecreators.com".into(), auth: Auth::Header(key) }],
            enrichment: Enrichment::Required(1),
            hints: Hints { page_size: 30, creators_per_keyword: 25, pages_per_keyword: 5, calls_per_minute: None },
            reports_views: true,
            settings: settings(),
            extra: vec![(PRICE.into(), "paid".into()), (MEDIUM.into(), "video".into()), (CREDIT_FIELD.into(), provider::CREDIT.into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        paging::offset(cursor)?;
        Ok(Request::get("api", "/v1/tiktok/search/keyword")
            .with("query", query.keyword.as_str())
            .with_some("cursor", cursor)
            .with_some("region", query.setting("region"))
            .with_some("date_posted", query.setting("date-posted"))
            .with_some("sort_by", query.setting("sort-by"))
            .with_some("trim", query.switch("trim")?.then_some("true")))
    }

    fn read_search(_query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        provider::check(response)?;
        let body = Body::of(response);
        let found: Found<'_> = body.read()?;
        found.check(response)?;
        let rows = found.search_item_list.require_any("search_item_list[].aweme_info.author.uid", |row| row.creator().is_some())?;
        Ok(Page::of(rows.iter().filter_map(Row::creator).collect(), found.next(cursor)))
    }

    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        Ok(Planned::each(creators, |creator| Request::get("api", "/v1/tiktok/profile").with("handle", bare(&creator.username))))
    }

    fn read_profiles(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
        // Everybody was asked for by a name that a search gave a moment ago, so nothing failed.
        if provider::knows_nobody(response) {
            return Ok(Profile::nobody(creators));
        }
        provider::check(response)?;
        let body = Body::of(response);
        let answer: profile::Answer<'_> = body.read()?;
        Ok(creators.iter().map(|creator| Profile::of(creator, answer.outcome(creator, creators.len() == 1, response))).collect())
    }
}

fn settings() -> Vec<Setting> {
    vec![
        Setting::new("region", "", "The country whose proxies ask, as two capital letters; it biases results and filters nothing."),
        Setting::new("date-posted", "", "How recent posts must be, such as this-week or last-6-months; empty for any time."),
        Setting::new("sort-by", "", "The order of posts, such as relevance or most-liked; empty for the platform's own."),
        Setting::new("trim", "false", "Whether pages come in the provider's smaller form, true or false."),
    ]
}

/// The answer to a search. What else it holds, up to 2.5 MB of it, is skipped.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found<'a> {
    #[serde(borrow, deserialize_with = "post::rows")]
    search_item_list: List<Row<'a>>,
    aweme_list: List<Flag>,
    cursor: Count,
    has_more: Flag,
    status_code: Count,
}

impl Found<'_> {
    /// Lets an answer pass that has rows, or says in one of its two ways that there are none.
    fn check(&self, response: &Response) -> Result<(), Fault> {
        if self.search_item_list.given() == 0 {
            self.check_status_code()?;
        }
        if self.search_item_list.is_list() || self.aweme_list.is_empty_or_null() {
            return Ok(());
        }
        Err(provider::husk(response).unwrap_or_else(|| missing("search_item_list")))
    }

    /// TikTok's own status, which stands in the body while HTTP says that all is well; without it a refusal would
    /// look like finding nobody.
    fn check_status_code(&self) -> Result<(), Fault> {
        match self.status_code.get() {
            None | Some(0) => Ok(()),
            Some(code) => Err(Fault::Unavailable(format!("TikTok answered the provider with its status_code {code}"))),
        }
    }

    /// The cursor that was returned, whatever the number of rows, as long as there may be more.
    fn next(&self, asked: Option<&str>) -> Option<String> {
        let may_have_more = self.search_item_list.given() > 0 && !self.has_more.is_no();
        paging::onward(asked, self.cursor.get()).filter(|_| may_have_more)
    }
}
