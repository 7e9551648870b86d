//! SepiaSearch, the index of PeerTube: channels by keyword, and videos with their channels.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::draw::{BASE_32, Draw};
use crate::markup;
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::world::{Creator, EPOCH_S, Naming, World, timestamp};

const NAMING: Naming = Naming { platform: "peertube", identity: name_at_host, handle };

/// Rows of a page, when nothing is asked and at most.
const COUNT: (usize, usize) = (20, 100);

/// The most rows that a search says there are, and that it leads to.
const TOTAL_MAX: usize = 10_000;

/// Videos of one channel that a search finds, at most.
const VIDEOS_MAX: u64 = 3;

/// Instances that are indexed.
const HOSTS: [&str; 5] = ["tube.kunst.test", "videos.test", "films.example.test", "peertube.tea.test", "media.fosse.test"];

/// Orders that a search knows; videos know some more.
const SORTS: [&str; 6] = ["match", "-match", "createdAt", "-createdAt", "name", "-name"];
const VIDEO_SORTS: [&str; 8] = ["publishedAt", "-publishedAt", "views", "-views", "likes", "-likes", "duration", "-duration"];

/// The fake index.
pub(crate) struct Peertube {
    world: Arc<World>,
}

/// A channel's name and its instance, which is all that a channel is known by. Some names are made by the software
/// rather than by people.
fn name_at_host(draw: Draw) -> String {
    let name = match draw.branch("made-name").chance(0.15) {
        true => draw.branch("name").uuid(),
        false => format!("{}_channel", draw.branch("name").text(BASE_32, 12)),
    };
    format!("{name}@{}", draw.branch("host").pick(&HOSTS))
}

/// The same as the identity, whoever owns the channel.
fn handle(_: &str, _: Option<u64>, draw: Draw) -> String {
    name_at_host(draw.branch("identity"))
}

impl Platform for Peertube {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/api/v1/search/video-channels" | "/api/v1/search/videos" => "search",
            _ => "unknown",
        }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let answer = match ask.path.as_str() {
            "/api/v1/search/video-channels" => self.channels(ask),
            "/api/v1/search/videos" => self.videos(ask),
            path => Err(Box::new(Answer::html(404, markup::unknown_path(path)))),
        };
        answer.map_or_else(|refusal| *refusal, |value| Answer::json(200, &value))
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::RateLimited { retry_after_s } => Answer::text(429, "Too many requests, please try again later.".to_owned())
                .header("ratelimit-limit", 50)
                .header("ratelimit-remaining", 0)
                .header("ratelimit-reset", retry_after_s)
                .header("retry-after", retry_after_s),
            // The real one sells nothing and knows no accounts; this is how its problems look.
            Refusal::OutOfCredit => problem(402, "Payment Required", "Out of credit"),
            Refusal::Unauthorized => problem(401, "Unauthorized", "Not authenticated"),
            Refusal::Blocked => problem(403, "Forbidden", "Search is not allowed"),
        }
    }
}

fn problem(status: u16, title: &str, detail: &str) -> Answer {
    Answer::json(status, &json!({ "type": "about:blank", "title": title, "detail": detail, "status": status, "error": detail }))
}

/// How the index names a parameter that it does not take.
fn invalid(parameter: &str) -> Box<Answer> {
    let message = format!("Should have a valid {parameter}");
    Box::new(Answer::json(400, &json!({ "errors": [{ "msg": message, "param": parameter, "location": "query" }] })))
}

impl Peertube {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Peertube { world }
    }

    fn channels(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        let range = Range::of(ask, &SORTS)?;
        let population = self.population();
        let reached = population.reach(ask.parameter("search").unwrap_or_default());
        let page = range.page(&reached).iter().filter_map(|&number| population.get(number));
        let rows: Vec<_> = page.map(|creator| self.channel(creator)).collect();
        Ok(json!({ "total": reached.len().min(TOTAL_MAX), "data": rows }))
    }

    /// Up to three videos of each channel, the first of each before the second of any.
    fn videos(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        let sorts: Vec<&str> = SORTS.into_iter().chain(VIDEO_SORTS).collect();
        let range = Range::of(ask, &sorts)?;
        let population = self.population();
        let reached: Vec<_> =
            population.reach(ask.parameter("search").unwrap_or_default()).into_iter().filter_map(|number| population.get(number)).collect();
        let many = |creator: &Creator| creator.draw.branch("videos").between(1, VIDEOS_MAX);
        let videos: Vec<(&Creator, u64)> = (0..VIDEOS_MAX)
            .flat_map(|round| reached.iter().filter(move |creator| many(creator) > round).map(move |creator| (*creator, round)))
            .collect();
        let rows: Vec<_> = range.page(&videos).iter().map(|(creator, number)| self.video(creator, *number)).collect();
        Ok(json!({ "total": videos.len().min(TOTAL_MAX), "data": rows }))
    }

    /// A channel with all that the index tells of it.
    fn channel(&self, creator: &Creator) -> Value {
        let mut channel = self.summary(creator);
        let owner = creator.person.slug.replace('.', "_");
        let (_, host) = named(creator);
        channel["score"] = json!(1);
        channel["description"] = json!(creator.person.bio);
        channel["support"] = json!(creator.person.link.as_deref().filter(|_| creator.is("support", 0.5)).map(support));
        channel["followersCount"] = json!(creator.followers);
        channel["followingCount"] = json!(0);
        channel["videosCount"] = json!(creator.draw.branch("video-count").between(1, 300));
        channel["createdAt"] = json!(timestamp(creator.created_s));
        channel["updatedAt"] = json!(timestamp(EPOCH_S - 3_600));
        channel["isLocal"] = json!(false);
        channel["banner"] = Value::Null;
        channel["banners"] = json!([]);
        channel["ownerAccount"] = json!({
            "id": creator.draw.branch("owner").below(9_000), "name": owner, "displayName": creator.person.name, "host": host,
            "url": format!("https://{host}/accounts/{owner}"), "description": null, "avatar": null, "avatars": [],
            "followersCount": creator.draw.branch("owner-followers").below(90), "followingCount": 0,
        });
        channel
    }

    /// A channel as far as its videos name it.
    fn summary(&self, creator: &Creator) -> Value {
        let (name, host) = named(creator);
        // Numbers are each instance's own, so they repeat.
        json!({
            "id": creator.draw.branch("number").between(1, 900),
            "name": name,
            "displayName": creator.person.name,
            "url": format!("https://{host}/video-channels/{name}"),
            "host": host,
            "avatar": null,
            "avatars": self.avatars(creator, host),
        })
    }

    fn avatars(&self, creator: &Creator, host: &str) -> Value {
        if self.odd(creator, Quirk::MissingAvatars, "faceless") {
            return json!([]);
        }
        let size = |width: Option<u32>| {
            let path =
                format!("/lazy-static/avatars/{}.png", creator.draw.branch("avatar").nth(u64::from(width.unwrap_or_default())).uuid());
            let url = format!("https://{host}{path}");
            json!({ "url": url, "path": path, "fileUrl": url, "width": width, "createdAt": timestamp(creator.created_s), "updatedAt": timestamp(creator.created_s) })
        };
        json!([size(Some(48)), size(Some(120)), size(Some(600)), size(None)])
    }

    fn video(&self, creator: &Creator, number: u64) -> Value {
        let mut draw = creator.draw.branch("video").nth(number);
        let (_, host) = named(creator);
        let id = draw.uuid();
        let published = timestamp(creator.created_s + 86_400 * (1 + draw.below(80) as i64));
        let views = draw.below(creator.followers + 200);
        let is_live = draw.chance(0.02);
        let known = creator.is("names-language", 0.7);
        json!({
            "id": draw.between(1, 90_000), "uuid": id, "shortUUID": draw.text(b"123456789abcdefghijkmnopqrstuvwx", 22), "score": 1,
            "createdAt": published, "updatedAt": timestamp(EPOCH_S - 3_600), "publishedAt": published,
            "originallyPublishedAt": "1970-01-01T00:00:00.000Z",
            "category": { "id": 15, "label": "Science & Technology" },
            "licence": { "id": 2, "label": "Attribution - Share Alike" },
            "language": if known { json!({ "id": creator.person.language, "label": creator.person.language }) } else { json!({ "id": null, "label": "Unknown" }) },
            "privacy": { "id": 1, "label": "Public" },
            "name": format!("Episode {} with {}", number + 1, creator.person.name),
            "description": creator.person.bio, "truncatedDescription": creator.person.bio,
            "duration": if is_live { 0 } else { draw.between(20, 7_200) },
            "tags": if draw.chance(0.6) { json!(["diary", " slow living"]) } else { json!([]) },
            "thumbnailPath": format!("/lazy-static/thumbnails/{id}.jpg"), "thumbnailUrl": format!("https://{host}/lazy-static/thumbnails/{id}.jpg"),
            "previewPath": format!("/lazy-static/previews/{id}.jpg"), "previewUrl": format!("https://{host}/lazy-static/previews/{id}.jpg"),
            "embedPath": format!("/videos/embed/{id}"), "embedUrl": format!("https://{host}/videos/embed/{id}"),
            "url": format!("https://{host}/videos/watch/{id}"),
            "views": views, "viewers": 0, "likes": draw.below(views / 20 + 1), "dislikes": 0, "comments": draw.below(9),
            "isLive": is_live, "nsfw": false, "nsfwFlags": 0, "nsfwSummary": null,
            "account": { "id": creator.draw.branch("owner").below(9_000), "name": creator.person.slug.replace('.', "_"), "displayName": creator.person.name, "host": host, "url": format!("https://{host}/accounts/{}", creator.person.slug.replace('.', "_")), "avatar": null, "avatars": [] },
            "channel": self.summary(creator),
        })
    }
}

/// A channel's name and its instance.
fn named(creator: &Creator) -> (&str, &str) {
    creator.handle.split_once('@').unwrap_or((&creator.handle, ""))
}

/// How people ask for support: in Markdown, or with a bare link.
fn support(link: &str) -> String {
    let (_, bare) = link.split_once("://").unwrap_or(("", link));
    if link.contains("://") { format!("Keep this going [with a coffee](https://{bare}).") } else { format!("https://{bare}") }
}

/// The rows that a page asks for.
struct Range {
    start: usize,
    count: usize,
}

impl Range {
    fn of(ask: &Ask, sorts: &[&str]) -> Result<Self, Box<Answer>> {
        let number = |name: &str, default: usize, most: usize| match ask.parameter(name) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|&number| number <= most).ok_or_else(|| invalid(name)),
        };
        if ask.parameter("sort").is_some_and(|sort| !sorts.contains(&sort)) {
            return Err(invalid("sort"));
        }
        Ok(Range { start: number("start", 0, TOTAL_MAX)?, count: number("count", COUNT.0, COUNT.1)? })
    }

    fn page<'r, T>(&self, rows: &'r [T]) -> &'r [T] {
        let start = self.start.min(rows.len());
        &rows[start..(start + self.count).min(rows.len())]
    }
}
