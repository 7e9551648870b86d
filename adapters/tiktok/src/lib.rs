//! TikTok through ScrapeCreators, a paid provider.
//!
//! A search gives posts with their authors, up to 30 a page and 2.5 MB long; a profile call gives one author's bio,
//! exact counts and link. Every call costs one credit.

mod post;
mod profile;

use scout_sdk::{
    Auth, CreatorRef, Credential, Enrichment, Fault, Hints, Manifest, Origin, Page, Planned, Platform, Profile, Query, Request, Response,
    Setting,
    contract::{MEDIUM, PRICE},
    counts::Count,
    flags::Flag,
    json::{Body, List, missing},
    paging, provider,
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
            extra: vec![(PRICE.into(), "paid".into()), (MEDIUM.into(), "video".into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        if let Some(foreign) = cursor.filter(|cursor| cursor.parse::<u64>().is_err()) {
            return Err(Fault::Unsupported(format!("the cursor `{foreign}` is none of this adapter's, which are numbers")));
        }
        let trim = query.setting("trim").filter(|&value| value != "false");
        Ok(Request::get("api", "/v1/tiktok/search/keyword")
            .with("query", query.keyword.as_str())
            .with_some("cursor", cursor)
            .with_some("region", query.setting("region"))
            .with_some("date_posted", query.setting("date-posted"))
            .with_some("sort_by", query.setting("sort-by"))
            .with_some("trim", trim))
    }

    fn read_search(_query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        provider::check(response)?;
        let body = Body::of(response);
        let found: Found<'_> = body.read()?;
        let rows = found.rows(response)?;
        let creators: Vec<_> = rows.iter().filter_map(Row::creator).collect();
        if creators.is_empty() && found.search_item_list.given() > 0 {
            // Rows that all lack an author are a changed shape, which is not the same as finding nobody.
            return Err(missing("search_item_list[].aweme_info.author.uid"));
        }
        Ok(Page::of(creators, found.next(cursor)))
    }

    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        let plan = |(place, creator): (u32, &CreatorRef)| {
            let handle = creator.username.trim_start_matches('@');
            Planned { request: Request::get("api", "/v1/tiktok/profile").with("handle", handle), covers: vec![place] }
        };
        Ok((0..).zip(creators).map(plan).collect())
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
    let setting = |name: &str, default: &str, doc: &str| Setting { name: name.into(), default: default.into(), doc: doc.into() };
    vec![
        setting("region", "", "The country whose proxies ask, as two capital letters; it biases results and filters nothing."),
        setting("date-posted", "", "How recent posts must be, such as this-week or last-6-months; empty for any time."),
        setting("sort-by", "", "The order of posts, such as relevance or most-liked; empty for the platform's own."),
        setting("trim", "false", "Whether pages come in the provider's smaller form, true or false."),
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
    /// The rows; none when the answer says in one of its two ways that there are none.
    fn rows(&self, response: &Response) -> Result<&[Row<'_>], Fault> {
        if self.search_item_list.given() == 0 {
            self.check_status_code()?;
        }
        if self.search_item_list.is_list() {
            return Ok(self.search_item_list.rows());
        }
        if self.aweme_list.is_empty_or_null() {
            return Ok(&[]);
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
