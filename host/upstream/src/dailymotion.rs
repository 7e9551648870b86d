//! Dailymotion's API: videos and users by keyword, each with exactly the fields that are asked for.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::draw::{BASE_36, Draw};
use crate::markup;
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::world::{Creator, EPOCH_S, Naming, Population, World};

const NAMING: Naming = Naming { platform: "dailymotion", identity: user_id, handle };

/// Rows of a page, when nothing is asked and at most.
const LIMIT: (usize, usize) = (10, 100);

/// Rows that a query gives at most, whatever the page.
const ROWS_MAX: usize = 1_000;

/// Topics, which stand where one would look for the uploader.
const CHANNELS: [&str; 6] = ["fun", "tech", "school", "creation", "lifestyle", "sport"];

/// The fake Dailymotion.
pub(crate) struct Dailymotion {
    world: Arc<World>,
}

/// A row before its fields are chosen: a creator and, of videos, which one.
type Row<'p> = (&'p Creator, u64);

fn user_id(mut draw: Draw) -> String {
    format!("x{}", draw.text(BASE_36, 8))
}

fn handle(slug: &str, number: Option<u64>, _: Draw) -> String {
    format!("{slug}{}", number.map_or_else(String::new, |number| format!("-{number}")))
}

impl Platform for Dailymotion {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        if matches!(path, "/videos" | "/users") { "search" } else { "unknown" }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let answer = match ask.path.as_str() {
            "/videos" => self.search(ask, videos, video_field, &["id", "title", "channel", "owner"]),
            "/users" => self.search(ask, users, |(creator, _), field| user_field(creator, field), &["id", "screenname"]),
            _ => Err(Box::new(error(404, "not_found", "Unknown path"))),
        };
        answer.map_or_else(|refusal| *refusal, |value| Answer::json(200, &value))
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::RateLimited { retry_after_s } => {
                error(429, "rate_limit_exceeded", "Too many calls from this address").header("retry-after", retry_after_s)
            }
            // The real one sells nothing; this is how its errors look.
            Refusal::OutOfCredit => error(402, "payment_required", "Out of credit"),
            Refusal::Unauthorized => error(401, "invalid_token", "The access token is not valid"),
            Refusal::Blocked => error(403, "access_forbidden", "You are not allowed to do this"),
        }
    }
}

fn error(status: u16, kind: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": { "code": status, "message": message, "type": kind, "error_data": { "reason": kind } } }))
}

fn invalid(message: &str) -> Box<Answer> {
    Box::new(error(400, "invalid_parameter", message))
}

impl Dailymotion {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Dailymotion { world }
    }

    /// One page of rows, each with the fields that are asked for under exactly the names they are asked for by.
    fn search(
        &self,
        ask: &Ask,
        rows: impl for<'p> Fn(&'p Population, &str) -> Vec<Row<'p>>,
        field: impl Fn(Row<'_>, &str) -> Option<Value>,
        unasked: &[&str],
    ) -> Result<Value, Box<Answer>> {
        let (page, limit) = (number(ask, "page", 1, usize::MAX / LIMIT.1)?, number(ask, "limit", LIMIT.0, LIMIT.1)?);
        let asked: Vec<&str> = ask.parameter("fields").map_or_else(|| unasked.to_vec(), |fields| fields.split(',').collect());
        let population = self.population();
        // What is known is the same of everybody, so anybody shows it, also where no row is shown.
        if let Some(anybody) = population.get(0) {
            chosen((anybody, 0), &asked, &field)?;
        }
        let mut rows = rows(&population, ask.parameter("search").unwrap_or_default());
        let total = rows.len();
        rows.truncate(ROWS_MAX);
        let from = (page - 1) * limit;
        let shown = rows.iter().skip(from).take(limit);
        let list: Result<Vec<Value>, _> = shown.map(|&row| chosen(row, &asked, &field)).collect();
        // The total is an estimate, and nobody can say of what.
        let total = total.div_ceil(10) * 10;
        Ok(json!({ "page": page, "limit": limit, "explicit": false, "total": total, "has_more": from + limit < rows.len(), "list": list? }))
    }
}

fn chosen(row: Row<'_>, asked: &[&str], field: &impl Fn(Row<'_>, &str) -> Option<Value>) -> Result<Value, Box<Answer>> {
    let mut fields = Map::new();
    for &name in asked {
        let value = field(row, name).ok_or_else(|| invalid(&format!("The `{name}' field is not known")))?;
        fields.insert(name.to_owned(), value);
    }
    Ok(Value::Object(fields))
}

fn number(ask: &Ask, name: &str, unasked: usize, most: usize) -> Result<usize, Box<Answer>> {
    let number = ask.parameter(name).map_or(Some(unasked), |text| text.parse().ok());
    number.filter(|number| (1..=most).contains(number)).ok_or_else(|| invalid(&format!("`{name}' is out of range")))
}

fn users<'p>(population: &'p Population, keyword: &str) -> Vec<Row<'p>> {
    population.reach(keyword).into_iter().filter_map(|number| Some((population.get(number)?, 0))).collect()
}

/// One video of everybody, and after those a second one of some, so that uploaders come more than once.
fn videos<'p>(population: &'p Population, keyword: &str) -> Vec<Row<'p>> {
    let first = users(population, keyword);
    let second: Vec<_> = first.iter().filter(|(creator, _)| creator.is("second-video", 0.15)).map(|&(creator, _)| (creator, 1)).collect();
    first.into_iter().chain(second).collect()
}

/// A field of a video; `None` when there is none of this name.
fn video_field((creator, place): Row<'_>, name: &str) -> Option<Value> {
    let draw = creator.draw.branch("video").nth(place);
    let id = format!("x{}", draw.branch("id").text(BASE_36, 6));
    Some(match name {
        "id" => json!(id),
        "title" => json!(format!("{} #{}", creator.person.name, place + 1)),
        "description" => json!(format!("A video by {}.<br />#fake", markup::escaped(&creator.person.name))),
        "url" => json!(format!("https://www.dailymotion.test/video/{id}")),
        "thumbnail_360_url" => json!(format!("http://img.dailymotion.test/{id}/x360")),
        "created_time" => json!(EPOCH_S - draw.branch("age").between(1, 900) as i64 * 86_400),
        "duration" => json!(draw.branch("duration").below(3_600)),
        // Some are not counted.
        "views_total" if draw.branch("uncounted").chance(0.05) => Value::Null,
        "views_total" => json!(draw.branch("views").between(1_000, 2_000_000)),
        "likes_total" => json!(draw.branch("likes").below(900)),
        "tags" => json!(["fake", creator.person.language]),
        "channel" => json!(draw.branch("channel").pick(&CHANNELS)),
        "owner" => json!(creator.identity),
        _ => return user_field(creator, name.strip_prefix("owner.")?),
    })
}

/// A field of a user; `None` when there is none of this name.
fn user_field(creator: &Creator, name: &str) -> Option<Value> {
    let person = &creator.person;
    let link = |share: f64, link: String| if creator.is(name, share) { json!(link) } else { Value::Null };
    Some(match name {
        "id" => json!(creator.identity),
        "username" => json!(creator.handle),
        "screenname" => json!(person.name),
        "description" => person.bio.as_deref().map_or(Value::Null, |bio| json!(markup::lines(bio))),
        "url" => json!(format!("https://www.dailymotion.test/{}", creator.handle)),
        "avatar_360_url" => json!(format!("http://img.dailymotion.test/{}/360", creator.identity)),
        "followers_total" => json!(creator.followers),
        "videos_total" => json!(creator.draw.branch("videos").between(1, 4_000)),
        "verified" => json!(creator.verified),
        "country" => json!(person.region),
        "language" => json!(person.language),
        "website_url" => person.link.as_deref().map_or(Value::Null, |link| json!(link)),
        "facebook_url" => link(0.1, format!("https://facebook.test/{}", creator.handle)),
        "instagram_url" => link(0.2, format!("https://instagram.test/{}", creator.handle)),
        "linkedin_url" => link(0.02, format!("https://linkedin.test/{}", creator.handle)),
        "twitter_url" => link(0.15, format!("https://twitter.test/{}", creator.handle)),
        _ => return None,
    })
}
