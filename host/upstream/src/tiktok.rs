//! TikTok as ScrapeCreators sells it: videos by keyword, one profile per call, and a balance of credits.

mod frame;
mod pages;
mod parts;
mod profile;
mod row;
mod template;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::draw::{DIGITS, Draw};
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::scrapecreators;
use crate::world::{Creator, Naming, Population, World};
use pages::{Pages, Row};
use row::Templates;

const NAMING: Naming = Naming { platform: "tiktok", identity: uid, handle };

/// How far the cursor goes with every page, however many rows it has.
const CURSOR_STEP: u64 = 30;

/// The fake TikTok.
pub(crate) struct Tiktok {
    world: Arc<World>,
    templates: Templates,
}

/// Nineteen digits: more than a double holds exactly.
fn uid(mut draw: Draw) -> String {
    let first = draw.pick(&["6", "7"]);
    format!("{first}{}", draw.text(DIGITS, 18))
}

fn handle(slug: &str, number: Option<u64>, draw: Draw) -> String {
    let number = number.map_or_else(String::new, |number| number.to_string());
    match draw.branch("handle").below(4) {
        0 => format!("{slug}{number}_"),
        1 => format!("the{slug}{number}"),
        _ => format!("{slug}{number}"),
    }
}

impl Platform for Tiktok {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/v1/tiktok/search/keyword" => "search",
            "/v1/tiktok/profile" => "profiles",
            scrapecreators::BALANCE => "credit",
            _ => "unknown",
        }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let endpoint = self.endpoint(&ask.path);
        scrapecreators::serve(ask, endpoint, || if endpoint == "search" { self.search(ask) } else { self.profile(ask) })
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        scrapecreators::refuse(refusal)
    }
}

impl Tiktok {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Tiktok { templates: Templates::new(Draw::of(world.seed(), &["template", NAMING.platform])), world }
    }

    fn search(&self, ask: &Ask) -> Answer {
        let keyword = ask.parameter("query").unwrap_or_default();
        if keyword.trim().is_empty() {
            return scrapecreators::complaint("You must provide a query");
        }
        let Ok(cursor) = ask.parameter("cursor").map_or(Ok(0), str::parse::<u32>) else {
            return scrapecreators::complaint("cursor must be a number");
        };
        let cursor = u64::from(cursor);
        let population = self.population();
        let pages = Pages::of(&population, keyword, self.rate(Quirk::DuplicatesInPage), self.rate(Quirk::DuplicatesBetweenPages));
        let rows = pages.page((cursor / CURSOR_STEP) as usize);
        let trim = ask.parameter("trim") == Some("true");
        let rows = self.rows(&population, population.keyword(keyword), rows, trim);
        let more = pages.more_after((cursor / CURSOR_STEP) as usize) && !self.false_end(ask);
        let frame =
            frame::Frame { keyword, next: cursor + CURSOR_STEP, more, misspelt: self.misspelt(&population, keyword), draw: ask.draw };
        Answer::json_text(200, if trim { frame.trimmed(&rows) } else { frame.full(&rows) })
    }

    /// The rows as JSON, separated by commas.
    fn rows(&self, population: &Population, keyword: Draw, rows: &[Row], trim: bool) -> String {
        let mut out = String::with_capacity(rows.len() * if trim { 8 << 10 } else { 84 << 10 });
        for row in rows {
            let Some(creator) = population.get(row.creator) else { continue };
            if !out.is_empty() {
                out.push(',');
            }
            self.templates.write(creator, creator.draw.branch("video").nth(row.take ^ keyword.nth(0).bits()), trim, &mut out);
        }
        out
    }

    fn false_end(&self, ask: &Ask) -> bool {
        ask.draw.branch("false-end").chance(self.rate(Quirk::FalseEnd))
    }

    fn misspelt(&self, population: &Population, keyword: &str) -> bool {
        population.keyword(keyword).branch("misspelt").chance(self.rate(Quirk::Misspelt))
    }

    fn profile(&self, ask: &Ask) -> Answer {
        let handle = ask.parameter("handle").unwrap_or_default().trim().trim_start_matches('@');
        if handle.is_empty() {
            return scrapecreators::complaint("You must provide a handle");
        }
        let population = self.population();
        let Some(creator) = population.by_handle(handle) else {
            return scrapecreators::not_found("Account does not exist");
        };
        Answer::json(200, &scrapecreators::enveloped(self.profile_of(creator), ask.draw))
    }

    /// What a call for a profile gives: all of it, or one of two answers without a user that are 200 and yet none.
    fn profile_of(&self, creator: &Creator) -> Value {
        if self.odd(creator, Quirk::Deactivated, "deactivated") {
            return json!({ "account_deactivated": true, "handle": creator.handle, "message": "This account is deactivated" });
        }
        if self.odd(creator, Quirk::Private, "private") {
            return json!({ "account_private": true, "handle": creator.handle });
        }
        profile::profile(creator)
    }
}
