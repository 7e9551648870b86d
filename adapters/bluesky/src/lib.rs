//! Bluesky through its public, keyless XRPC interface.
//!
//! A search gives actors without counts, 100 a page; one profile call gives the counts of 25 of them.

mod actor;
mod refusal;

use scout_sdk::{
    Absence, Auth, CreatorRef, Enrichment, Fault, Hints, Manifest, Origin, Outcome, Page, Planned, Platform, Profile, Query, Request,
    Response,
    json::{Body, List, missing},
    paging,
    text::{Text, bare},
};
use serde::Deserialize;

use actor::Actor;

/// Actors that one search call may give.
const SEARCH_LIMIT: u32 = 100;

/// Profiles that one call may ask for.
const PROFILES_LIMIT: usize = 25;

/// Bluesky.
pub struct Bluesky;

scout_sdk::export!(Bluesky);

impl Platform for Bluesky {
    fn describe() -> Manifest {
        Manifest {
            platform: "bluesky".into(),
            label: "Bluesky".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://public.api.bsky.app/xrpc".into(), auth: Auth::None }],
            enrichment: Enrichment::Required(PROFILES_LIMIT as u32),
            hints: Hints { page_size: SEARCH_LIMIT, creators_per_keyword: 60, pages_per_keyword: 5, calls_per_minute: None },
            reports_views: false,
            settings: Vec::new(),
            extra: Vec::new(),
        }
    }

    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
        Ok(Request::get("api", "/app.bsky.actor.searchActors")
            .with("q", query.keyword.as_str())
            .with("limit", SEARCH_LIMIT.to_string())
            .with_some("cursor", cursor))
    }

    fn read_search(_query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
        refusal::check(response)?;
        let body = Body::of(response);
        if body.is_list() {
            return Err(missing("actors"));
        }
        let found: Found<'_> = body.read()?;
        found.actors.require("actors").map_err(|fault| refusal::named(response).unwrap_or(fault))?;
        let actors = found.actors.require_any("actors[].did", |actor| actor.did().is_some())?;
        // Who doesn't want to be shown to visitors that are not logged in is not found either.
        let shown = actors.iter().filter(|actor| !actor.is_hidden());
        let creators = shown.filter_map(Actor::creator).collect();
        let next = paging::another(cursor, found.cursor.get()).filter(|_| found.actors.given() > 0);
        Ok(Page::of(creators, next))
    }

    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        let numbered = (0..).zip(creators).map(|(place, creator)| (place, bare(&creator.identity)));
        // One name that is none refuses the whole call, so it is asked for alone.
        let (names, others): (Vec<_>, Vec<_>) = numbered.partition(|(_, key)| is_name(key));
        let batches = Planned::batches(&names, PROFILES_LIMIT, profiles_of);
        Ok(batches.into_iter().chain(Planned::batches(&others, 1, profiles_of)).collect())
    }

    fn read_profiles(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
        if let ([creator], Some(absence)) = (creators, refusal::absence(response)) {
            return Ok(vec![Profile::of(creator, Outcome::Empty(absence))]);
        }
        refusal::check(response)?;
        let body = Body::of(response);
        let actors = profiles(&body, response)?;
        let actors = actors.require_any("profiles[].did", |actor| actor.did().is_some())?;
        Ok(creators.iter().map(|creator| Profile::of(creator, outcome(creator, actors))).collect())
    }
}

/// The call for some creators' profiles.
fn profiles_of(batch: &[(u32, &str)]) -> Request {
    let request = Request::get("api", "/app.bsky.actor.getProfiles");
    batch.iter().fold(request, |request, (_, key)| request.with("actors", *key))
}

/// Whether a key looks like an id or a handle, which is a domain.
fn is_name(key: &str) -> bool {
    let mut parts = key.split(['.', ':']);
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_%".contains(&byte));
    (key.starts_with("did:") || key.contains('.')) && parts.all(is_plain)
}

/// The answer to a search.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found<'a> {
    #[serde(borrow)]
    actors: List<Actor<'a>>,
    #[serde(borrow)]
    cursor: Text<'a>,
}

/// The answer to a call for profiles.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Profiles<'a> {
    #[serde(borrow)]
    profiles: List<Actor<'a>>,
}

/// The profiles of an answer: those of `getProfiles`, the one of `getProfile`, or a bare list of them.
fn profiles<'a>(body: &'a Body<'_>, response: &Response) -> Result<List<Actor<'a>>, Fault> {
    if body.is_list() {
        let bare: List<Actor<'a>> = body.read_list()?;
        // An empty one says nothing of anybody: `getProfiles` names its list, also when nobody is on it.
        return if bare.given() > 0 { Ok(bare) } else { Err(missing("profiles")) };
    }
    let answer: Profiles<'a> = body.read()?;
    if answer.profiles.is_list() {
        return Ok(answer.profiles);
    }
    let single: Actor<'a> = body.read()?;
    if single.did().is_some() {
        return Ok(List::from(vec![single]));
    }
    Err(refusal::named(response).unwrap_or_else(|| missing("profiles")))
}

/// What the answer says of one creator, who may have been asked for by id or by handle.
fn outcome(creator: &CreatorRef, actors: &[Actor<'_>]) -> Outcome {
    let key = bare(&creator.identity);
    let Some(actor) = actors.iter().find(|actor| actor.is_called(key)) else {
        return Outcome::Empty(Absence::Missing);
    };
    if actor.is_hidden() {
        return Outcome::Empty(Absence::Hidden);
    }
    actor.profile().map_or(Outcome::Empty(Absence::Missing), Outcome::Enriched)
}
