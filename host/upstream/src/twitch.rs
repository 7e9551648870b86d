//! Twitch's Helix: channels by keyword, users 100 at a time, and the tokens that both want.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::counters::TOKEN;
use crate::draw::{BASE_36, Draw};
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::world::{Creator, EPOCH_S, Naming, World};

const NAMING: Naming = Naming { platform: "twitch", identity, handle };

/// Users that one call may ask for.
const USERS_MAX: usize = 100;

/// Rows of a page, when nothing is asked and at most.
const FIRST: (usize, usize) = (20, 100);

/// Points a minute.
const POINTS: u32 = 800;

/// How long a token lives, in seconds: nearly two months, as the real ones do.
const TOKEN_LIFE_S: u32 = 5_011_271;

/// The id and the secret that are wrong; any others are right.
const WRONG: &str = "invalid";

/// Letters of a login that leave room for a number.
const LOGIN_LETTERS_MAX: usize = 18;

/// The fake Twitch.
pub(crate) struct Twitch {
    world: Arc<World>,
}

fn identity(mut draw: Draw) -> String {
    draw.between(100_000_000_000, 999_999_999_999).to_string()
}

fn handle(slug: &str, number: Option<u64>, _: Draw) -> String {
    let letters: String = slug.replace('.', "_").chars().take(LOGIN_LETTERS_MAX).collect();
    number.map_or_else(|| letters.clone(), |number| format!("{letters}{number}"))
}

impl Platform for Twitch {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/search/channels" => "search",
            "/users" => "profiles",
            "/oauth2/token" => TOKEN,
            _ => "unknown",
        }
    }

    fn takes_forms(&self, path: &str) -> bool {
        self.endpoint(path) == TOKEN
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let endpoint = self.endpoint(&ask.path);
        if endpoint == TOKEN {
            return self.exchange(ask).unwrap_or_else(|refusal| *refusal);
        }
        let answer = self.admit(ask).and_then(|()| match endpoint {
            "search" => self.search(ask),
            "profiles" => self.users(ask),
            _ => Err(refused(404, "Not Found", "")),
        });
        answer.map_or_else(|refusal| *refusal, |value| with_points(Answer::json(200, &value), POINTS - 1, 1))
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        *match refusal {
            Refusal::RateLimited { retry_after_s } => {
                return with_points(*refused(429, "Too Many Requests", "Too many requests"), 0, retry_after_s);
            }
            // The real one sells nothing and has no such answer; this is how its errors look.
            Refusal::OutOfCredit => refused(402, "Payment Required", "Out of credit"),
            Refusal::Unauthorized => refused(401, "Unauthorized", "Invalid OAuth token"),
            Refusal::Blocked => Box::new(Answer::html(403, "<html><head><title>403 Forbidden</title></head></html>".to_owned())),
        }
    }
}

fn refused(status: u16, error: &str, message: &str) -> Box<Answer> {
    Box::new(Answer::json(status, &json!({ "error": error, "status": status, "message": message })))
}

fn bad(message: &str) -> Box<Answer> {
    refused(400, "Bad Request", message)
}

/// How many points are left, and when there will be all of them again: counted from the `Date` that every answer carries.
fn with_points(answer: Answer, remaining: u32, reset_s: u32) -> Answer {
    answer
        .header("ratelimit-limit", POINTS)
        .header("ratelimit-remaining", remaining)
        .header("ratelimit-reset", EPOCH_S + i64::from(reset_s))
}

impl Twitch {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Twitch { world }
    }

    /// Trades an id and a secret for a token, in the token endpoint's own way to say no.
    fn exchange(&self, ask: &Ask) -> Result<Answer, Box<Answer>> {
        let no = |status, message: &str| Err(Box::new(Answer::json(status, &json!({ "status": status, "message": message }))));
        match ask.field("grant_type") {
            None | Some("") => return no(400, "missing grant type"),
            Some("client_credentials") => {}
            Some(_) => return no(400, "invalid grant type"),
        }
        match (ask.field("client_id"), ask.field("client_secret")) {
            (None | Some(""), _) => no(400, "missing client id"),
            (Some(WRONG), _) => no(400, "invalid client"),
            (_, None | Some("")) => no(400, "missing client secret"),
            (_, Some(WRONG)) => no(403, "invalid client secret"),
            (Some(id), _) => {
                Ok(Answer::json(200, &json!({ "access_token": self.token(id), "expires_in": TOKEN_LIFE_S, "token_type": "bearer" })))
            }
        }
    }

    /// The token of an id: the same every time, and another one's for nobody else.
    fn token(&self, id: &str) -> String {
        Draw::of(self.world.seed(), &[self.name(), TOKEN, id]).text(BASE_36, 30)
    }

    /// Lets in who shows an id and its token.
    fn admit(&self, ask: &Ask) -> Result<(), Box<Answer>> {
        let no = |message| Err(refused(401, "Unauthorized", message));
        let Some(token) = ask.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) else {
            return no("OAuth token is missing");
        };
        match ask.header("client-id") {
            None | Some("") => no("Client ID is missing"),
            Some(id) if self.token(id) == token => Ok(()),
            Some(_) => no("Client ID and OAuth token do not match"),
        }
    }

    fn search(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        let Some(keyword) = ask.parameter("query").filter(|keyword| !keyword.is_empty()) else {
            return Err(bad("Missing required parameter \"query\""));
        };
        let first = first(ask.parameter("first"))?;
        let population = self.population();
        let live_only = ask.parameter("live_only") == Some("true");
        let reached = population.reach(keyword).into_iter().filter_map(|number| population.get(number));
        let found: Vec<&Creator> = reached.filter(|creator| !live_only || is_live(creator)).collect();
        let from = offset(ask.parameter("after"))?;
        let page = found.iter().skip(from).take(first).map(|creator| self.row(creator)).collect::<Vec<_>>();
        let shown = from + page.len();
        let pagination = if shown < found.len() { json!({ "cursor": cursor(shown) }) } else { json!({}) };
        Ok(json!({ "data": page, "pagination": pagination }))
    }

    fn users(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        let (ids, logins): (Vec<_>, Vec<_>) = (ask.parameters("id").collect(), ask.parameters("login").collect());
        if ids.iter().any(|id| id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(bad("Invalid user id. User IDs must be numeric"));
        }
        match ids.len() + logins.len() {
            0 => return Err(bad("Must provide an ID, Login or OAuth Token")),
            1..=USERS_MAX => {}
            _ => return Err(bad("The total number of IDs and Logins must not exceed 100")),
        }
        let population = self.population();
        let by_id = ids.into_iter().filter_map(|id| population.by_identity(id));
        let by_login = logins.into_iter().filter_map(|login| population.by_handle(login));
        // Who is unknown, or banned since they were found, is left out without a word.
        let found = by_id.chain(by_login).filter(|creator| !self.odd(creator, Quirk::Deactivated, "deactivated"));
        Ok(json!({ "data": found.map(user).collect::<Vec<_>>() }))
    }

    /// A row of search results: neither description nor counts.
    fn row(&self, creator: &Creator) -> Value {
        let live = is_live(creator);
        let language = if creator.is("other-language", 0.03) { "other" } else { creator.person.language };
        let started = EPOCH_S - creator.draw.branch("started").between(60, 36_000) as i64;
        json!({
            "broadcaster_language": language,
            "broadcaster_login": creator.handle,
            "display_name": display_name(creator),
            "game_id": creator.draw.branch("game").between(1_000, 999_999).to_string(),
            "game_name": creator.draw.branch("game-name").pick(&GAMES),
            "id": creator.identity,
            "is_live": live,
            "tag_ids": [],
            "tags": [language.to_uppercase()],
            "thumbnail_url": picture(creator),
            "title": creator.draw.branch("title").pick(&TITLES),
            "started_at": if live { rfc3339(started, "") } else { String::new() },
        })
    }
}

/// What is played, invented.
const GAMES: [&str; 6] = ["Lantern Vale", "Just Talking", "Gravel Rally 9", "Hexes & Hedges", "Deep Dredge", ""];

/// How streams are called.
const TITLES: [&str; 6] =
    ["first time here, be kind", "road to the top | !socials", "Sunday special ☕", "ゆっくり配信", "chill & chat", ""];

/// A profile.
fn user(creator: &Creator) -> Value {
    let kind = if creator.verified { "partner" } else { creator.draw.branch("kind").pick(&["affiliate", "", ""]) };
    let micros = format!(".{:06}", creator.draw.branch("micros").below(1_000_000));
    json!({
        "id": creator.identity,
        "login": creator.handle,
        "display_name": display_name(creator),
        "type": "",
        "broadcaster_type": kind,
        "description": creator.person.bio.as_deref().unwrap_or_default(),
        "profile_image_url": picture(creator),
        "offline_image_url": "",
        "view_count": 0,
        "created_at": rfc3339(creator.created_s, if creator.is("micros", 0.5) { &micros } else { "" }),
    })
}

fn is_live(creator: &Creator) -> bool {
    creator.is("live", 0.2)
}

/// Most show their login in another case; some a name in their own script.
fn display_name(creator: &Creator) -> String {
    if creator.is("own-script", 0.1) {
        return creator.person.name.clone();
    }
    let mut letters = creator.handle.chars();
    letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn picture(creator: &Creator) -> String {
    format!("https://static-cdn.jtv.test/jtv_user_pictures/{}-profile_image-300x300.png", creator.draw.branch("picture").text(BASE_36, 16))
}

/// A time with this fraction of a second, such as `.250000`.
fn rfc3339(unix_s: i64, fraction: &str) -> String {
    let time = jiff::Timestamp::from_second(unix_s).unwrap_or_default();
    format!("{}{fraction}Z", time.strftime("%Y-%m-%dT%H:%M:%S"))
}

fn first(text: Option<&str>) -> Result<usize, Box<Answer>> {
    match text.map_or(Ok(FIRST.0), str::parse) {
        Ok(0) => Err(bad("The parameter \"first\" was malformed: the value must be greater than or equal to 1")),
        Ok(first) if first <= FIRST.1 => Ok(first),
        Ok(_) => Err(bad("The parameter \"first\" was malformed: the value must be less than or equal to 100")),
        Err(_) => Err(bad("The parameter \"first\" was malformed: the value must be an integer")),
    }
}

/// Where a page begins.
fn offset(cursor: Option<&str>) -> Result<usize, Box<Answer>> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(0) };
    place_of(cursor).ok_or_else(|| bad("The parameter \"after\" was malformed: invalid cursor"))
}

/// Where the next page begins, in a form that means nothing to anybody else.
fn cursor(place: usize) -> String {
    format!("eyJi{place:06}In19")
}

fn place_of(cursor: &str) -> Option<usize> {
    let place: u32 = cursor.strip_prefix("eyJi")?.strip_suffix("In19")?.parse().ok()?;
    Some(place as usize)
}
