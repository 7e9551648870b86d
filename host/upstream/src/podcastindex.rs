//! Podcast Index: feeds by keyword, for who signs the question.

use std::sync::Arc;

use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

use crate::draw::Draw;
use crate::markup;
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::world::{Creator, EPOCH_S, Naming, World};

const NAMING: Naming = Naming { platform: "podcastindex", identity, handle };

/// Rows of an answer, when nothing is asked and at most.
const MAX: (usize, usize) = (60, 1_000);

/// The key that is wrong; any other is right.
const WRONG: &str = "invalid";

/// The secret of every key.
const SECRET: &str = "fake";

/// Words of a description that is not asked for as a whole. The real ones are cut after a hundred, which the short
/// descriptions of the invented shows never have.
const WORDS: usize = 4;

/// The fake Podcast Index.
pub(crate) struct PodcastIndex {
    world: Arc<World>,
}

fn identity(mut draw: Draw) -> String {
    draw.between(100_000_000_000, 499_999_999_999).to_string()
}

/// Shows have no handle; this one is only for whoever asks the world for it.
fn handle(slug: &str, number: Option<u64>, _: Draw) -> String {
    number.map_or_else(|| slug.to_owned(), |number| format!("{slug}{number}"))
}

impl Platform for PodcastIndex {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        if path == "/search/byterm" { "search" } else { "unknown" }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let answer = admit(ask).and_then(|()| match self.endpoint(&ask.path) {
            "search" => self.search(ask),
            _ => Err(Box::new(no(404, "Not found"))),
        });
        answer.map_or_else(|refusal| *refusal, |value| Answer::json(200, &value))
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::RateLimited { retry_after_s } => no(429, "Too many requests.").header("retry-after", retry_after_s),
            // The real one sells nothing and has no such answer; this is how its errors look.
            Refusal::OutOfCredit => no(402, "Out of credit."),
            Refusal::Unauthorized => unsigned("Authorization header incorrect."),
            Refusal::Blocked => no(403, "This key may not be used any more."),
        }
    }
}

fn no(status: u16, description: &str) -> Answer {
    Answer::json(status, &json!({ "status": "false", "description": description }))
}

/// Whoever signs wrongly is told so in plain text.
fn unsigned(why: &str) -> Answer {
    Answer::text(401, format!("{why}\n"))
}

/// Lets in who says who is asking and signs with the secret of the key. The time is checked for being one in seconds; that
/// it is this very moment can't be asked of questions that are answered the same way every time.
fn admit(ask: &Ask) -> Result<(), Box<Answer>> {
    let given = |name: &str| ask.header(name).filter(|value| !value.is_empty());
    let unset = |name: &str| Box::new(unsigned(&format!("{name} header value either not set or blank.")));
    given("user-agent").ok_or_else(|| unset("User-Agent"))?;
    let key = given("x-auth-key").ok_or_else(|| unset("X-Auth-Key"))?;
    let date = given("x-auth-date").ok_or_else(|| unset("X-Auth-Date"))?;
    let signature = given("authorization").ok_or_else(|| unset("Authorization"))?;
    if date.len() != 10 || !date.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Box::new(unsigned("X-Auth-Date header value is no time in seconds.")));
    }
    let digest = Sha1::digest(format!("{key}{SECRET}{date}"));
    let expected: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let right = key != WRONG && signature == expected;
    if right { Ok(()) } else { Err(Box::new(unsigned("Authorization header incorrect."))) }
}

impl PodcastIndex {
    pub(crate) fn new(world: Arc<World>) -> Self {
        PodcastIndex { world }
    }

    fn search(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        let term = ask.parameter("q").map(str::trim).filter(|term| !term.is_empty());
        let Some(term) = term else { return Err(Box::new(no(400, "The q parameter is missing."))) };
        let max = match ask.parameter("max").map_or(Ok(MAX.0), str::parse) {
            Ok(max) if max > 0 => max.min(MAX.1),
            _ => return Err(Box::new(no(400, "The max parameter is no number above 0."))),
        };
        let (clean, whole) = (ask.parameter("clean").is_some(), ask.parameter("fulltext").is_some());
        let population = self.population();
        let reached = population.reach(term).into_iter().filter_map(|number| population.get(number));
        let feeds: Vec<Value> =
            reached.filter(|creator| !clean || !is_explicit(creator)).flat_map(|creator| self.rows(creator, whole)).take(max).collect();
        let description = if feeds.is_empty() { "No feeds match this query." } else { "Found matching feeds." };
        Ok(json!({ "status": "true", "count": feeds.len(), "feeds": feeds, "query": term, "description": description }))
    }

    /// The rows of one show: its feed, and with some of them where it was before, or a dead one of the same name.
    fn rows(&self, creator: &Creator, whole: bool) -> Vec<Value> {
        let mut rows = vec![feed(creator, whole)];
        if self.odd(creator, Quirk::DuplicatesInPage, "moved") {
            rows.push(json!({
                "id": number(creator) + 500_000_000_000,
                "title": title(creator),
                "url": address(creator),
                "duplicateOf": number(creator),
            }));
        }
        if self.odd(creator, Quirk::Deactivated, "died") {
            let mut dead = feed(creator, whole);
            dead["id"] = json!(number(creator) + 600_000_000_000);
            dead["dead"] = json!(1);
            dead["lastHttpStatus"] = json!(404);
            rows.push(dead);
        }
        rows
    }
}

fn feed(creator: &Creator, whole: bool) -> Value {
    let (name, draw) = (&creator.person.name, creator.draw);
    let picture = format!("https://images.feeds.test/{}.jpg", creator.identity);
    let crawled = EPOCH_S - draw.branch("crawled").below(86_400) as i64;
    let categories = if creator.is("uncategorised", 0.15) { Value::Null } else { draw_categories(draw) };
    json!({
        "id": number(creator),
        "podcastGuid": draw.branch("guid").uuid(),
        "title": title(creator),
        "url": address(creator),
        "originalUrl": address(creator),
        "link": creator.person.page().unwrap_or_default(),
        "description": description(creator, whole),
        "author": name,
        "ownerName": if creator.is("anonymous", 0.1) { "" } else { name.as_str() },
        "image": picture,
        "artwork": if creator.is("artless", 0.1) { "" } else { picture.as_str() },
        "lastUpdateTime": crawled,
        "lastCrawlTime": crawled,
        "lastParseTime": crawled,
        "lastGoodHttpStatusTime": crawled,
        "lastHttpStatus": 200,
        "contentType": "application/rss+xml",
        "itunesId": if creator.is("on-itunes", 0.12) { json!(draw.branch("itunes").between(100_000_000, 1_799_999_999)) } else { Value::Null },
        "generator": "an invented host",
        "language": if creator.is("speechless", 0.05) { String::new() } else { language(creator) },
        "explicit": is_explicit(creator),
        "type": 0,
        "medium": "podcast",
        "dead": 0,
        "episodeCount": draw.branch("episodes").between(1, 900),
        "crawlErrors": 0,
        "parseErrors": 0,
        "categories": categories,
        "locked": 0,
        "imageUrlHash": draw.branch("hash").below(4_000_000_000),
        "newestItemPubdate": crawled - draw.branch("newest").below(9_000_000) as i64,
    })
}

/// The feed's number; identities are numbers by how they are made.
fn number(creator: &Creator) -> u64 {
    creator.identity.parse().unwrap_or_default()
}

fn title(creator: &Creator) -> String {
    match creator.draw.branch("title").below(3) {
        0 => format!("The {} Show", creator.person.name),
        1 => format!("Talking with {}", creator.person.name),
        _ => creator.person.name.clone(),
    }
}

fn address(creator: &Creator) -> String {
    format!("https://feeds.test/{}/rss.xml", creator.handle)
}

/// What the show is about, as HTML in half of all feeds.
fn description(creator: &Creator, whole: bool) -> String {
    let bio = creator.person.bio.as_deref().unwrap_or_default();
    let beginning: String = bio.split_inclusive(char::is_whitespace).take(WORDS).collect();
    let text = if whole { bio } else { beginning.trim_end() };
    if text.is_empty() || creator.is("plain", 0.5) {
        return text.to_owned();
    }
    format!("<p>{}</p>", markup::lines(text))
}

fn language(creator: &Creator) -> String {
    let person = &creator.person;
    if creator.is("regional", 0.6) { format!("{}-{}", person.language, person.region.to_lowercase()) } else { person.language.to_owned() }
}

fn is_explicit(creator: &Creator) -> bool {
    creator.is("explicit", 0.1)
}

fn draw_categories(draw: Draw) -> Value {
    let mut draw = draw.branch("categories");
    let names = [("1", "Arts"), ("9", "Business"), ("20", "Education"), ("28", "Leisure"), ("31", "Hobbies"), ("104", "Tv")];
    let (first, second) = (draw.pick(&names), draw.pick(&names));
    json!({ first.0: first.1, second.0: second.1 })
}
