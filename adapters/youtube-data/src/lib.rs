//! YouTube through Google's YouTube Data API, with a free key.
//!
//! A search gives 50 videos or channels a page, and there are 100 pages a day; one profile call gives the description and
//! subscribers of 50 channels.

mod channel;
mod found;
mod refusal;

use scout_sdk::{
    Absence, Auth, CreatorRef, Credential, Enrichment, Fault, Hints, Manifest, Origin, Outcome, Page, Planned, Platform, Profile, Query,
    Request, Response, Setting,
    contract::{DAILY_SEARCHES, MEDIUM},
    counts::Count,
    json::{Body, List, Object, missing},
    paging,
    text::{Text, bare},
};
use serde::Deserialize;

use channel::Channel;
use found::Found;

/// Rows that one search call may give.
const SEARCH_LIMIT: u32 = 50;

/// Searches that a key has a day unless its owner was granted more.
const SEARCHES_A_DAY: &str = "100";

/// Channels that one call may ask for.
const PROFILES_LIMIT: usize = 50;

/// YouTube, by its official interface.
pub struct YoutubeData;

scout_sdk::export!(YoutubeData);

impl Platform for YoutubeData {
    fn describe() -> Manifest {
        let key = Credential { name: "key".into(), secret: "YOUTUBE_API_KEY".into() };
        Manifest {
            platform: "youtube-data".into(),
            label: "YouTube (Data API)".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://www.googleapis.com/youtube/v3".into(), auth: Auth::Query(key) }],
            enrichment: Enrichment::Required(PROFILES_LIMIT as u32),
            // Every page is one of 100 a day, so few keywords are searched, and each of them far.
            hints: Hints { page_size: SEARCH_LIMIT, creators_per_keyword: 100, pages_per_keyword: 5, calls_per_minute: None },
            reports_views: false,
            settings: settings(),
            extra: vec![(MEDIUM.into(), "video".into()), (DAILY_SEARCHES.into(), SEARCHES_A_DAY.into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        let kind = query.choice("type", &[("video", "video"), ("channel", "channel")])?;
        Ok(Request::get("api", "/search")
            .with("part", "snippet")
            .with("type", kind)
            .with("q", query.keyword.as_str())
            .with("maxResults", SEARCH_LIMIT.to_string())
            .with_some("pageToken", cursor)
            .with_some("order", query.setting("order"))
            .with_some("regionCode", query.setting("region"))
            .with_some("relevanceLanguage", query.setting("language")))
    }

    fn read_search(_query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        let answer: Answer<'_, Found<'_>> = body.read()?;
        answer.check(response)?;
        let found = answer.items.require_any("items[].snippet.channelId", |found| found.creator().is_some())?;
        let next = paging::another(cursor, answer.next_page_token.get()).filter(|_| answer.items.given() > 0);
        Ok(Page::of(found.iter().filter_map(Found::creator).collect(), next))
    }

    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        let (mut known, mut typed) = (Vec::new(), Vec::new());
        for (place, creator) in (0..).zip(creators) {
            match channel::channel_id(creator) {
                Some(id) => known.push((place, id)),
                None => typed.push((place, format!("@{}", bare(&creator.username)))),
            }
        }
        let batches = Planned::batches(&known, PROFILES_LIMIT, |batch| {
            let ids: Vec<_> = batch.iter().map(|(_, id)| *id).collect();
            channels("id", ids.join(",")).with("maxResults", PROFILES_LIMIT.to_string())
        });
        // Of channels whose handle alone is known, a call takes one.
        let alone = typed.into_iter().map(|(place, handle)| Planned { request: channels("forHandle", handle), covers: vec![place] });
        Ok(batches.into_iter().chain(alone).collect())
    }

    fn read_profiles(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        let answer: Answer<'_, Channel<'_>> = body.read()?;
        answer.check(response)?;
        let channels = answer.items.require_any("items[].id", |channel| channel.id().is_some())?;
        let alone = creators.len() == 1;
        let outcome = |creator: &CreatorRef| {
            let channel = channels.iter().find(|channel| channel.is(creator, alone));
            channel.map_or(Outcome::Empty(Absence::Missing), Channel::outcome)
        };
        Ok(creators.iter().map(|creator| Profile::of(creator, outcome(creator))).collect())
    }
}

/// The request for channels, chosen in one of the interface's ways.
fn channels(by: &str, which: String) -> Request {
    Request::get("api", "/channels").with("part", "snippet,statistics,brandingSettings").with(by, which)
}

fn settings() -> Vec<Setting> {
    vec![
        Setting::new("type", "video", "What is searched for: video finds channels by what they publish, channel by what they are called."),
        Setting::new(
            "order",
            "",
            "The order of results, such as relevance, date or viewCount; empty for the platform's own, which is relevance.",
        ),
        Setting::new("region", "", "The country in which results can be watched, as two capital letters; empty for any."),
        Setting::new("language", "", "The language that results are best in, such as en; it prefers and filters nothing."),
    ]
}

/// A list of either kind.
#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a, Row: Deserialize<'de>"))]
struct Answer<'a, Row> {
    items: List<Row>,
    #[serde(borrow)]
    next_page_token: Text<'a>,
    page_info: Object<PageInfo>,
}

impl<Row> Default for Answer<'_, Row> {
    fn default() -> Self {
        Self { items: List::default(), next_page_token: Text::default(), page_info: Object::default() }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PageInfo {
    total_results: Count,
}

impl<Row> Answer<'_, Row> {
    /// Lets an answer pass that has rows. When nothing matches, the list may be left out beside a total of 0.
    fn check(&self, response: &Response) -> Result<(), Fault> {
        if self.items.given() > 0 {
            return Ok(());
        }
        let says_none = self.page_info.get().is_some_and(|info| info.total_results.get() == Some(0));
        match refusal::husk(response) {
            Some(fault) => Err(fault),
            None if self.items.is_list() || says_none => Ok(()),
            None => Err(missing("items")),
        }
    }
}
