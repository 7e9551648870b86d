//! Bluesky's public XRPC: actors by keyword, and profiles 25 at a time.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::draw::{BASE_32, Draw};
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::world::{Creator, EPOCH_S, Naming, World, timestamp};

const NAMING: Naming = Naming { platform: "bluesky", identity: did, handle };

/// Profiles that one call may ask for.
const PROFILES_MAX: usize = 25;

/// Rows of a page, when nothing is asked and at most.
const LIMIT: (usize, usize) = (25, 100);

/// The fake Bluesky.
pub(crate) struct Bluesky {
    world: Arc<World>,
}

fn did(mut draw: Draw) -> String {
    format!("did:plc:{}", draw.text(BASE_32, 24))
}

/// Most handles are under the platform's own name, some are a domain of the creator's.
fn handle(slug: &str, number: Option<u64>, draw: Draw) -> String {
    let number = number.map_or_else(String::new, |number| number.to_string());
    let label = slug.replace('.', "-");
    let suffix = if draw.branch("domain").chance(0.25) { "test" } else { "bsky.test" };
    format!("{label}{number}.{suffix}")
}

impl Platform for Bluesky {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/app.bsky.actor.searchActors" => "search",
            "/app.bsky.actor.getProfiles" => "profiles",
            _ => "unknown",
        }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let answer = match self.endpoint(&ask.path) {
            "search" => self.search(ask),
            "profiles" => self.profiles(ask),
            _ => Err(Box::new(error(501, "MethodNotImplemented", "Method Not Implemented"))),
        };
        answer.map_or_else(|refusal| *refusal, |value| Answer::json(200, &value))
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::RateLimited { retry_after_s } => rate_limited(retry_after_s),
            // The real one sells nothing and has no such answer; this is how its errors look.
            Refusal::OutOfCredit => error(402, "PaymentRequired", "Out of credit"),
            Refusal::Unauthorized => error(401, "AuthMissing", "Authentication Required"),
            Refusal::Blocked => error(403, "Forbidden", "Request blocked"),
        }
    }
}

/// The wait stands in headers; the reset time is counted from the `Date` that every answer carries.
fn rate_limited(retry_after_s: u32) -> Answer {
    error(429, "RateLimitExceeded", "Rate Limit Exceeded")
        .header("ratelimit-limit", 3_000)
        .header("ratelimit-remaining", 0)
        .header("ratelimit-reset", EPOCH_S + i64::from(retry_after_s))
        .header("ratelimit-policy", "3000;w=300")
        .header("retry-after", retry_after_s)
}

fn error(status: u16, name: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": name, "message": message }))
}

fn invalid(message: &str) -> Box<Answer> {
    Box::new(error(400, "InvalidRequest", message))
}

impl Bluesky {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Bluesky { world }
    }

    fn search(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        let limit = limit(ask.parameter("limit"))?;
        let from = offset(ask.parameter("cursor"))?;
        let population = self.population();
        let reached = population.reach(ask.parameter("q").unwrap_or_default());
        let page = reached.iter().skip(from).take(limit).filter_map(|&number| population.get(number));
        let actors: Vec<_> = page.map(|creator| self.row(creator)).collect();
        let mut answer = json!({ "actors": actors });
        // The cursor is absent at the end; it is never null or empty.
        if let Some(last) = reached.get(..from + limit).filter(|shown| shown.len() < reached.len()).and_then(|shown| shown.last()) {
            let last = population.get(*last).map_or("", |creator| creator.identity.as_str());
            answer["cursor"] = json!(format!("{}::{last}", from + limit));
        }
        Ok(answer)
    }

    fn profiles(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        // The square brackets are another spelling that the real one takes.
        let wanted: Vec<_> = ask.parameters("actors").chain(ask.parameters("actors[]")).collect();
        match wanted.len() {
            0 => return Err(invalid("Error: Params must have the property \"actors\"")),
            1..=PROFILES_MAX => {}
            _ => return Err(invalid("Error: actors must not have more than 25 elements")),
        }
        let population = self.population();
        let find = |actor: &&str| if actor.starts_with("did:") { population.by_identity(actor) } else { population.by_handle(actor) };
        // Who is unknown, or gone, is left out without a word.
        let found = wanted.iter().filter_map(find).filter(|creator| !self.odd(creator, Quirk::Deactivated, "deactivated"));
        Ok(json!({ "profiles": found.map(|creator| self.profile(creator)).collect::<Vec<_>>() }))
    }

    /// A row of search results: no counts.
    fn row(&self, creator: &Creator) -> Value {
        let mut row = json!({
            "did": creator.identity,
            "handle": self.shown_handle(creator),
            "viewer": { "muted": false, "blockedBy": false },
            "labels": self.labels(creator),
            "createdAt": timestamp(creator.created_s),
        });
        if !self.odd(creator, Quirk::MissingNames, "nameless") {
            row["displayName"] = json!(creator.person.name);
        }
        if let Some(bio) = &creator.person.bio {
            row["description"] = json!(bio);
        }
        if !self.odd(creator, Quirk::MissingAvatars, "faceless") {
            row["avatar"] = json!(picture(creator, "avatar"));
        }
        if creator.is("indexed", 0.76) {
            row["indexedAt"] = json!(timestamp(creator.created_s + 3_600));
        }
        if creator.is("chat", 0.3) {
            row["associated"] = json!({ "chat": { "allowIncoming": "following" } });
        }
        row
    }

    /// A profile: the row and what only profiles have.
    fn profile(&self, creator: &Creator) -> Value {
        let mut profile = self.row(creator);
        profile["followersCount"] = json!(creator.followers);
        profile["followsCount"] = json!(creator.draw.branch("follows").below(4_000));
        profile["postsCount"] = json!(creator.draw.branch("posts").below(9_000));
        profile["associated"] = json!({ "lists": 0, "feedgens": 0, "starterPacks": 0, "labeler": false });
        // Who has no name shows as an absent one in half of all profiles and as an empty one in the others.
        if profile.get("displayName").is_none() && creator.is("empty-name", 0.5) {
            profile["displayName"] = json!("");
        }
        if creator.is("banner", 0.6) {
            profile["banner"] = json!(picture(creator, "banner"));
        }
        if creator.verified {
            profile["verification"] = json!({ "verifications": [], "verifiedStatus": "valid", "trustedVerifierStatus": "none" });
        }
        profile
    }

    fn shown_handle<'a>(&self, creator: &'a Creator) -> &'a str {
        if self.odd(creator, Quirk::InvalidHandles, "invalid-handle") { "handle.invalid" } else { &creator.handle }
    }

    fn labels(&self, creator: &Creator) -> Value {
        if !self.odd(creator, Quirk::Hidden, "hidden") {
            return json!([]);
        }
        json!([{
            "src": creator.identity,
            "uri": format!("at://{}/app.bsky.actor.profile/self", creator.identity),
            "cid": content_id(creator, "label"),
            "val": "!no-unauthenticated",
            "cts": timestamp(creator.created_s),
        }])
    }
}

fn limit(text: Option<&str>) -> Result<usize, Box<Answer>> {
    match text.map_or(Ok(LIMIT.0), str::parse) {
        Ok(0) => Err(invalid("Error: limit can not be less than 1")),
        Ok(limit) if limit <= LIMIT.1 => Ok(limit),
        Ok(_) => Err(invalid("Error: limit can not be greater than 100")),
        Err(_) => Err(invalid("Error: limit must be an integer")),
    }
}

/// Where a page begins. Cursors are opaque to everyone else: the number of rows shown, and the last of them.
fn offset(cursor: Option<&str>) -> Result<usize, Box<Answer>> {
    let Some(cursor) = cursor else { return Ok(0) };
    let shown = cursor.split_once("::").and_then(|(shown, _)| shown.parse::<u32>().ok());
    shown.map(|shown| shown as usize).ok_or_else(|| invalid("Error: Malformed cursor"))
}

fn picture(creator: &Creator, kind: &str) -> String {
    format!("https://cdn.bsky.test/img/{kind}/plain/{}/{}@jpeg", creator.identity, content_id(creator, kind))
}

fn content_id(creator: &Creator, of: &str) -> String {
    format!("bafkrei{}", creator.draw.branch("content-id").branch(of).text(BASE_32, 52))
}
