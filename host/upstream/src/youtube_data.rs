//! YouTube by Google's own interface: videos or channels by keyword, and 50 channels per call. The channels are the
//! same as those of the fake YouTube.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::draw::{BASE_64, Draw};
use crate::markup::escaped;
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::world::{Creator, EPOCH_S, Naming, Population, World, timestamp};
use crate::youtube::{self, NAMING};

/// Rows of a page, when nothing is asked and at most.
const ROWS: (usize, usize) = (5, 50);

/// Channels that one call may ask for.
const CHANNELS_MAX: usize = 50;

/// The total of every search that finds anything.
const TOTAL: u32 = 1_000_000;

/// The key that is wrong; any other is right.
const WRONG_KEY: &str = "invalid";

/// Channels whose address has a name of an older kind, which is no handle.
const OLD_ADDRESS_SHARE: f64 = 0.05;

/// What a search finds, by its name.
const KINDS: [(&str, Kind); 3] = [("video", Kind::Video), ("channel", Kind::Channel), ("playlist", Kind::Playlist)];

/// What videos are called, with signs that searches escape.
const TITLES: [&str; 8] = [
    "Ten minutes & nothing else",
    "Why I don't do it any more",
    "The \"right\" way to begin",
    "#beginner mistakes",
    "Día 12 de no rendirse",
    "Was wirklich hilft",
    "いつもの朝 ☀️",
    "My routine <2026>",
];

/// What a row of a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Video,
    Channel,
    Playlist,
}

/// A row of a search: something that a creator made, or the creator's channel.
struct Row {
    creator: u32,
    kind: Kind,
    draw: Draw,
}

/// The fake interface.
pub(crate) struct YoutubeData {
    world: Arc<World>,
}

impl Platform for YoutubeData {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn name(&self) -> &'static str {
        "youtube-data"
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/search" => "search",
            "/channels" => "profiles",
            _ => "unknown",
        }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let endpoint = self.endpoint(&ask.path);
        if endpoint == "unknown" {
            return Answer::html(404, "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n".to_owned());
        }
        match ask.parameter("key") {
            None | Some("") => unregistered(),
            Some(WRONG_KEY) => self.refuse(Refusal::Unauthorized),
            Some(_) if ask.parameter("part").is_none_or(str::is_empty) => bad("missingRequiredParameter", "No filter selected.", "part"),
            Some(_) if endpoint == "search" => self.search(ask),
            Some(_) => self.channels(ask),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::RateLimited { retry_after_s } => {
                let message = "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'.";
                error(429, "rateLimitExceeded", message).header("retry-after", retry_after_s)
            }
            Refusal::OutOfCredit => {
                error(403, "quotaExceeded", "You have exceeded your <a href=\"/youtube/v3/getting-started#quota\">quota</a>.")
            }
            Refusal::Unauthorized => wrong_key(),
            Refusal::Blocked => error(403, "forbidden", "Access forbidden. The request may not be properly authorized."),
        }
    }
}

impl YoutubeData {
    pub(crate) fn new(world: Arc<World>) -> Self {
        YoutubeData { world }
    }

    fn search(&self, ask: &Ask) -> Answer {
        let keyword = ask.parameter("q").unwrap_or_default();
        let Some(limit) = ask.parameter("maxResults").map_or(Some(ROWS.0), |text| text.parse().ok()).filter(|&rows| rows <= ROWS.1) else {
            return bad("invalidParameter", "Invalid value. Values must be within the range: [0, 50]", "maxResults");
        };
        let Some(from) = ask.parameter("pageToken").map_or(Some(0), place_of) else {
            return bad("invalidPageToken", "The request specifies an invalid page token.", "pageToken");
        };
        let Some(kinds) = kinds_of(ask.parameter("type")) else {
            return bad("invalidParameter", "Invalid value. Values must be among: [channel, playlist, video]", "type");
        };
        let population = self.population();
        let rows = self.rows(&population, keyword, &kinds);
        let page = rows.iter().skip(from).take(limit);
        let cut = self.rate(Quirk::CutBios);
        let items: Vec<_> = page.filter_map(|row| Some(item(population.get(row.creator)?, row, cut))).collect();
        let total = if rows.is_empty() { 0 } else { TOTAL };
        let mut answer = list("searchListResponse", total, items.len(), ask.draw);
        answer["regionCode"] = json!("US");
        answer["items"] = json!(items);
        if limit > 0 && from + limit < rows.len() {
            answer["nextPageToken"] = json!(token(from + limit));
        }
        Answer::json(200, &answer)
    }

    /// Everybody whom a keyword reaches, in rows of these kinds by turns. Where videos are among them, some creators have
    /// another one further down.
    fn rows(&self, population: &Population, keyword: &str, kinds: &[Kind]) -> Vec<Row> {
        let reached = population.reach(keyword);
        let mut draw = population.keyword(keyword).branch("data-rows");
        let mut rows = Vec::with_capacity(reached.len() * 2);
        let repeats = if kinds.contains(&Kind::Video) { youtube::repeats_per_fresh(self.rate(Quirk::DuplicatesInPage)) } else { 0.0 };
        for (place, (&creator, &kind)) in reached.iter().zip(kinds.iter().cycle()).enumerate() {
            rows.push(Row { creator, kind, draw: draw.branch("video").nth(u64::from(creator)) });
            if draw.chance(repeats) {
                let again = reached[draw.below(place as u64 + 1) as usize];
                rows.push(Row { creator: again, kind: Kind::Video, draw: draw.branch("another").nth(place as u64) });
            }
        }
        rows
    }

    fn channels(&self, ask: &Ask) -> Answer {
        let population = self.population();
        let found: Vec<_> = match (ask.parameter("id"), ask.parameter("forHandle")) {
            (Some(ids), _) => {
                let ids: Vec<_> = ids.split(',').filter(|id| !id.is_empty()).collect();
                if ids.len() > CHANNELS_MAX {
                    return bad("invalidFilters", "The request specifies too many values.", "id");
                }
                ids.into_iter().filter_map(|id| population.by_identity(id)).collect()
            }
            (None, Some(handle)) => population.by_handle(handle).filter(|creator| self.has_handle(creator)).into_iter().collect(),
            (None, None) => return bad("missingRequiredParameter", "No filter selected. Expected one of: id, forHandle", "parameters."),
        };
        let parts: Vec<_> = ask.parameter("part").unwrap_or_default().split(',').collect();
        // Who is unknown, or gone, is left out without a word.
        let there = found.into_iter().filter(|creator| !self.odd(creator, Quirk::Deactivated, "deactivated"));
        let items: Vec<_> = there.map(|creator| self.channel(creator, &parts)).collect();
        let mut answer = list("channelListResponse", items.len() as u32, ROWS.0, ask.draw);
        // The list itself is left out when nobody is on it.
        if !items.is_empty() {
            answer["items"] = json!(items);
        }
        Answer::json(200, &answer)
    }

    fn has_handle(&self, creator: &Creator) -> bool {
        youtube::has_handle(creator, self.rate(Quirk::MissingHandles))
    }

    /// A channel with the parts that are asked for.
    fn channel(&self, creator: &Creator, parts: &[&str]) -> Value {
        let mut channel = json!({ "kind": "youtube#channel", "etag": etag(creator.draw), "id": creator.identity });
        let bio = creator.person.bio.as_deref().unwrap_or_default();
        if parts.contains(&"snippet") {
            channel["snippet"] = self.snippet(creator, bio);
        }
        if parts.contains(&"statistics") {
            channel["statistics"] = self.statistics(creator);
        }
        if parts.contains(&"brandingSettings") {
            channel["brandingSettings"] = json!({ "channel": { "title": creator.person.name, "description": bio } });
        }
        channel
    }

    fn snippet(&self, creator: &Creator, bio: &str) -> Value {
        let mut snippet = json!({
            "title": creator.person.name, "description": bio, "publishedAt": timestamp(creator.created_s),
            "thumbnails": thumbnails(|size| youtube::picture(creator, size), [88, 240, 800]),
            "localized": { "title": creator.person.name, "description": bio },
        });
        if self.has_handle(creator) {
            let sign = if creator.is("old-address", OLD_ADDRESS_SHARE) { "" } else { "@" };
            snippet["customUrl"] = json!(format!("{sign}{}", creator.handle.to_lowercase()));
        }
        if creator.is("country", 0.8) {
            snippet["country"] = json!(creator.person.region);
        }
        if creator.is("language", 0.2) {
            snippet["defaultLanguage"] = json!(creator.person.language);
        }
        snippet
    }

    /// Counts as strings. Who hides the subscribers shows none instead.
    fn statistics(&self, creator: &Creator) -> Value {
        let hidden = self.odd(creator, Quirk::HiddenFollowers, "hidden-followers");
        let shown = if hidden { 0 } else { youtube::subscribers(creator) };
        json!({
            "viewCount": youtube::views(creator).to_string(), "subscriberCount": shown.to_string(),
            "hiddenSubscriberCount": hidden, "videoCount": youtube::videos(creator).to_string(),
        })
    }
}

/// What stands around the rows of any list.
fn list(kind: &str, total: u32, rows: usize, draw: Draw) -> Value {
    json!({ "kind": format!("youtube#{kind}"), "etag": etag(draw), "pageInfo": { "totalResults": total, "resultsPerPage": rows } })
}

/// The kinds that are asked for, which are all where nothing is said; `None` where one of them is none.
fn kinds_of(types: Option<&str>) -> Option<Vec<Kind>> {
    let Some(types) = types.filter(|types| !types.is_empty()) else { return Some(KINDS.map(|(_, kind)| kind).to_vec()) };
    types.split(',').map(|name| KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)).collect()
}

/// A row as a search shows it. Titles and descriptions are escaped.
fn item(creator: &Creator, row: &Row, cut: f64) -> Value {
    let name = escaped(&creator.person.name);
    let (id, mut snippet) = match row.kind {
        Kind::Video => {
            let id = row.draw.branch("id").text(BASE_64, 11);
            let told = published(row.draw, &id, "More about it, and the links that I mention ...");
            (json!({ "kind": "youtube#video", "videoId": id }), told)
        }
        Kind::Playlist => {
            let id = format!("PL{}", row.draw.branch("id").text(BASE_64, 32));
            (json!({ "kind": "youtube#playlist", "playlistId": id }), published(row.draw, &id, ""))
        }
        Kind::Channel => {
            let told = json!({
                "publishedAt": timestamp(creator.created_s), "title": name, "description": escaped(&youtube::beginning(creator, cut)),
                "thumbnails": thumbnails(|size| youtube::picture(creator, size), [88, 240, 800]), "liveBroadcastContent": "none",
            });
            (json!({ "kind": "youtube#channel", "channelId": creator.identity }), told)
        }
    };
    snippet["channelId"] = json!(creator.identity);
    snippet["channelTitle"] = json!(name);
    json!({ "kind": "youtube#searchResult", "etag": etag(creator.draw), "id": id, "snippet": snippet })
}

/// What a search tells of something that a creator made.
fn published(draw: Draw, id: &str, description: &str) -> Value {
    let at = timestamp(EPOCH_S - draw.branch("age").between(3_600, 6 * 365 * 86_400) as i64);
    json!({
        "publishedAt": at, "title": escaped(draw.branch("title").pick(&TITLES)), "description": description,
        "thumbnails": thumbnails(|size| format!("https://i.cdn.test/vi/{id}/{size}.jpg"), [120, 320, 480]),
        "liveBroadcastContent": "none", "publishTime": at,
    })
}

fn thumbnails(url: impl Fn(u32) -> String, sizes: [u32; 3]) -> Value {
    let named = ["default", "medium", "high"].into_iter().zip(sizes);
    named.map(|(name, size)| (name.to_owned(), json!({ "url": url(size), "width": size, "height": size }))).collect()
}

fn etag(draw: Draw) -> String {
    draw.branch("etag").text(BASE_64, 27)
}

/// Where the next page begins, in a form that means nothing to anybody else.
fn token(place: usize) -> String {
    format!("C{place:06}QAA")
}

fn place_of(token: &str) -> Option<usize> {
    let place: u32 = token.strip_prefix('C')?.strip_suffix("QAA")?.parse().ok()?;
    Some(place as usize)
}

fn error(status: u16, reason: &str, message: &str) -> Answer {
    let cause = json!({ "message": message, "domain": "global", "reason": reason });
    Answer::json(status, &json!({ "error": { "code": status, "message": message, "errors": [cause] } }))
}

/// A parameter is missing or wrong; the answer says which.
fn bad(reason: &str, message: &str, location: &str) -> Answer {
    let cause =
        json!({ "message": message, "domain": "youtube.parameter", "reason": reason, "location": location, "locationType": "parameter" });
    Answer::json(400, &json!({ "error": { "code": 400, "message": message, "errors": [cause] } }))
}

/// No key at all.
fn unregistered() -> Answer {
    error(403, "forbidden", "Method doesn't allow unregistered callers (callers without established identity).")
}

/// A key that is none: the reason stands in the second of the details.
fn wrong_key() -> Answer {
    let message = "API key not valid. Please pass a valid API key.";
    let cause = json!({ "message": message, "domain": "global", "reason": "badRequest" });
    let details = json!([
        { "@type": "type.googleapis.test/google.rpc.LocalizedMessage", "locale": "en-US", "message": message },
        { "@type": "type.googleapis.test/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.test" },
    ]);
    Answer::json(
        400,
        &json!({ "error": { "code": 400, "message": message, "errors": [cause], "status": "INVALID_ARGUMENT", "details": details } }),
    )
}
