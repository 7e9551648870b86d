//! YouTube through ScrapeCreators, a paid provider.
//!
//! A search gives videos, shorts, lives and channels, about 20 to 40 creators a page; a profile call gives one channel's
//! description, subscribers, links and address. Every call costs one credit.

mod channel;
mod figure;
mod search;
mod video;

use scout_sdk::{
    Auth, CreatorRef, Credential, Enrichment, Fault, Hints, Manifest, Origin, Page, Planned, Platform, Profile, Query, Request, Response,
    Setting,
    contract::{CREDIT_FIELD, MEDIUM, PRICE},
    json::Body,
    paging, provider,
    text::bare,
};

/// YouTube.
pub struct Youtube;

scout_sdk::export!(Youtube);

impl Platform for Youtube {
    fn describe() -> Manifest {
        let key = Credential { name: "x-api-key".into(), secret: "SCRAPECREATORS_API_KEY".into() };
        Manifest {
            platform: "youtube".into(),
            label: "YouTube".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.scrapecreators.com".into(), auth: Auth::Header(key) }],
            enrichment: Enrichment::Required(1),
            hints: Hints { page_size: 20, creators_per_keyword: 40, pages_per_keyword: 5, calls_per_minute: None },
            reports_views: true,
            settings: settings(),
            extra: vec![(PRICE.into(), "paid".into()), (MEDIUM.into(), "video".into()), (CREDIT_FIELD.into(), provider::CREDIT.into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        // It changes nothing of the request, and yet a value that means nothing is refused before a call is paid for.
        cut_is_enough(query)?;
        Ok(Request::get("api", "/v1/youtube/search")
            .with("query", query.keyword.as_str())
            .with_some("continuationToken", cursor)
            .with_some("type", query.setting("type"))
            .with_some("uploadDate", query.setting("upload-date"))
            .with_some("duration", query.setting("duration"))
            .with_some("sortBy", query.setting("sort-by"))
            .with_some("region", query.setting("region"))
            .with_some("includeExtras", query.switch("extras")?.then_some("true")))
    }

    fn read_search(query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        provider::check(response)?;
        let body = Body::of(response);
        let answer: search::Answer<'_> = body.read()?;
        answer.check(response)?;
        let creators = answer.creators(cut_is_enough(query)?)?;
        let next = paging::another(cursor, answer.continuation_token.get()).filter(|_| answer.given() > 0);
        Ok(Page::of(creators, next))
    }

    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        let request = |creator: &CreatorRef| {
            let request = Request::get("api", "/v1/youtube/channel");
            match channel::channel_id(creator) {
                Some(id) => request.with("channelId", id),
                None => request.with("handle", bare(&creator.username)),
            }
        };
        Ok(Planned::each(creators, request))
    }

    fn read_profiles(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
        // Everybody was asked for as a search gave them a moment ago, so nothing failed.
        if provider::knows_nobody(response) {
            return Ok(Profile::nobody(creators));
        }
        provider::check(response)?;
        let body = Body::of(response);
        let answer: channel::Profile<'_> = body.read()?;
        Ok(creators.iter().map(|creator| Profile::of(creator, answer.outcome(creator, response))).collect())
    }
}

/// Whether a description that the search cut needs no profile call.
fn cut_is_enough(query: &Query) -> Result<bool, Fault> {
    query.choice("cut-descriptions", &[("read", false), ("keep", true)])
}

fn settings() -> Vec<Setting> {
    vec![
        Setting::new("type", "", "What is searched for, such as video, shorts or channel; empty for all of it."),
        Setting::new(
            "upload-date",
            "",
            "How recent videos must be, such as today, this_week, this_month or this_year; empty for any time.",
        ),
        Setting::new("duration", "", "How long videos must be, as the provider names it; empty for any length."),
        Setting::new("sort-by", "", "The order of results, such as relevance or upload_date; empty for the platform's own."),
        Setting::new("region", "", "The country that results are for, as two capital letters; empty for the provider's own."),
        Setting::new("extras", "false", "Whether videos come with likes and comments, true or false; answers take longer with them."),
        Setting::new(
            "cut-descriptions",
            "read",
            "What becomes of a channel whose description the search cut: read makes a profile call for the rest; keep does without, \
             unless an address may stand there.",
        ),
    ]
}
