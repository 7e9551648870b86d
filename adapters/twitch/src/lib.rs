//! Twitch through its Helix interface.
//!
//! A search gives channels without descriptions, 100 a page; one call for users gives the descriptions of 100 of them. The
//! token that every call carries is the host's to get.

mod channel;
mod refusal;
mod user;

use scout_sdk::{
    Absence, Auth, ClientCredentials, CreatorRef, Enrichment, Fault, Hints, Manifest, Origin, Outcome, Page, Planned, Platform, Profile,
    Query, Request, Response, Setting,
    contract::MEDIUM,
    json::{Body, List, Object, missing},
    paging,
    text::{Text, bare},
};
use serde::Deserialize;

use channel::Channel;
use user::User;

/// Channels that one search call may give.
const SEARCH_LIMIT: u32 = 100;

/// Users that one call may ask for.
const USERS_LIMIT: usize = 100;

/// Points a minute, of which each of these calls takes one.
const POINTS_PER_MINUTE: u32 = 800;

/// The setting that leaves out who is not streaming.
const LIVE_ONLY: &str = "live-only";

/// Twitch.
pub struct Twitch;

scout_sdk::export!(Twitch);

impl Platform for Twitch {
    fn describe() -> Manifest {
        Manifest {
            platform: "twitch".into(),
            label: "Twitch".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.twitch.tv/helix".into(), auth: auth() }],
            enrichment: Enrichment::Required(USERS_LIMIT as u32),
            hints: Hints {
                page_size: SEARCH_LIMIT,
                creators_per_keyword: 80,
                pages_per_keyword: 5,
                calls_per_minute: Some(POINTS_PER_MINUTE),
            },
            reports_views: false,
            settings: vec![Setting::new(
                LIVE_ONLY,
                "false",
                "Whether only channels are found that are streaming at this moment: true or false.",
            )],
            extra: vec![(MEDIUM.into(), "video".into())],
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        Ok(Request::get("api", "/search/channels")
            .with("query", query.keyword.as_str())
            .with("first", SEARCH_LIMIT.to_string())
            .with_some("live_only", query.switch(LIVE_ONLY)?.then_some("true"))
            .with_some("after", cursor))
    }

    fn read_search(_query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        let answer: Answer<'_, Channel<'_>> = body.read()?;
        answer.check(response)?;
        let channels = answer.data.require_any("data[].id", |channel| channel.id().is_some())?;
        let creators = channels.iter().filter_map(Channel::creator).collect();
        Ok(Page::of(creators, answer.next(cursor)))
    }

    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        let numbered: Vec<(u32, &CreatorRef)> = (0..).zip(creators).collect();
        let ask = |request: Request, (_, creator): &(u32, &CreatorRef)| match key(creator) {
            Key::Id(id) => request.with("id", id),
            Key::Login(login) => request.with("login", login),
        };
        Ok(Planned::batches(&numbered, USERS_LIMIT, |batch| batch.iter().fold(Request::get("api", "/users"), ask)))
    }

    fn read_profiles(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        let answer: Answer<'_, User<'_>> = body.read()?;
        answer.check(response)?;
        let users = answer.data.require_any("data[].id", |user| user.id().is_some())?;
        Ok(creators.iter().map(|creator| Profile::of(creator, outcome(creator, users))).collect())
    }
}

fn auth() -> Auth {
    Auth::ClientCredentials(ClientCredentials {
        token_url: "https://id.twitch.tv/oauth2/token".into(),
        id: "TWITCH_CLIENT_ID".into(),
        secret: "TWITCH_CLIENT_SECRET".into(),
        id_header: Some("Client-Id".into()),
    })
}

/// Every answer: rows, and where the next ones begin.
#[derive(Deserialize)]
#[serde(default, bound(deserialize = "T: Deserialize<'de>"))]
struct Answer<'a, T> {
    data: List<T>,
    #[serde(borrow)]
    pagination: Object<Pagination<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pagination<'a> {
    #[serde(borrow)]
    cursor: Text<'a>,
}

impl<T> Default for Answer<'_, T> {
    fn default() -> Self {
        Self { data: List::default(), pagination: Object::default() }
    }
}

impl<T> Answer<'_, T> {
    /// Lets an answer pass that has rows; one that found nothing says so by an empty list or by null.
    fn check(&self, response: &Response) -> Result<(), Fault> {
        if self.data.given() > 0 {
            return Ok(());
        }
        // A refusal may say null, too.
        match refusal::named(response) {
            Some(fault) => Err(fault),
            None if self.data.is_empty_or_null() => Ok(()),
            None => Err(missing("data")),
        }
    }

    fn next(&self, cursor: Option<&str>) -> Option<String> {
        let returned = self.pagination.get().and_then(|pagination| pagination.cursor.get());
        paging::another(cursor, returned).filter(|_| self.data.given() > 0)
    }
}

/// How a creator is asked for.
enum Key<'a> {
    Id(&'a str),
    Login(&'a str),
}

/// An id has digits only; anything else is a login as people type it.
fn key(creator: &CreatorRef) -> Key<'_> {
    let identity = creator.identity.as_str();
    if !identity.is_empty() && identity.bytes().all(|byte| byte.is_ascii_digit()) {
        return Key::Id(identity);
    }
    Key::Login(bare(identity))
}

/// What the answer says of one creator. Whoever is unknown, closed or banned is left out by the platform.
fn outcome(creator: &CreatorRef, users: &[User<'_>]) -> Outcome {
    let is_meant = |user: &&User<'_>| match key(creator) {
        Key::Id(id) => user.id() == Some(id),
        Key::Login(login) => user.is_called(login),
    };
    users.iter().find(is_meant).and_then(User::creator).map_or(Outcome::Empty(Absence::Missing), Outcome::Enriched)
}
