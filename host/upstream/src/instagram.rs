//! Instagram as ScrapeCreators sells it: reels or profiles by keyword, and one profile per call in three generations.

mod pages;
mod profile;
mod reel;

use std::sync::Arc;

use serde_json::json;

use crate::draw::{DIGITS, Draw};
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::scrapecreators;
use crate::world::{Creator, Naming, Population, World};
use pages::Pages;

const NAMING: Naming = Naming { platform: "instagram", identity: id, handle };

/// The last page that there is; asking for more is a bad request.
const PAGE_MAX: usize = 11;

/// The most reels that the older search gives at once.
const AMOUNT_MAX: usize = 60;

/// The fake Instagram.
pub(crate) struct Instagram {
    world: Arc<World>,
}

/// Ten or eleven digits, as younger accounts have.
fn id(mut draw: Draw) -> String {
    let digits = draw.between(9, 10) as usize;
    format!("{}{}", draw.between(1, 9), draw.text(DIGITS, digits))
}

fn handle(slug: &str, number: Option<u64>, draw: Draw) -> String {
    let number = number.map_or_else(String::new, |number| number.to_string());
    match draw.branch("handle").below(4) {
        0 => format!("{slug}.{number}ig"),
        1 => format!("_{slug}{number}"),
        _ => format!("{slug}{number}"),
    }
}

impl Platform for Instagram {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/v2/instagram/reels/search" | "/v1/instagram/reels/search" | "/v1/instagram/search/profiles" => "search",
            "/v1/instagram/profile" | "/v1/instagram/basic-profile" => "profiles",
            scrapecreators::BALANCE => "credit",
            _ => "unknown",
        }
    }

    /// What stands on the pages that there are, of reels as of profiles.
    fn reach(&self, keyword: &str) -> Vec<u32> {
        pages::reach(&self.population(), &words(keyword))
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let endpoint = self.endpoint(&ask.path);
        scrapecreators::serve(ask, endpoint, || match ask.path.as_str() {
            "/v1/instagram/profile" => self.profile(ask),
            "/v1/instagram/basic-profile" => self.basic_profile(ask),
            _ => self.search(ask),
        })
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        scrapecreators::refuse(refusal)
    }
}

impl Instagram {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Instagram { world }
    }

    fn search(&self, ask: &Ask) -> Answer {
        let asked = ask.parameter("query").unwrap_or_default();
        let keyword = words(asked);
        if keyword.is_empty() {
            return scrapecreators::complaint("query is required");
        }
        let population = self.population();
        let pages = Pages::of(&population, &keyword, self.rate(Quirk::DuplicatesBetweenPages));
        match ask.path.as_str() {
            "/v1/instagram/search/profiles" => self.profiles(ask, &population, &pages),
            "/v1/instagram/reels/search" => old_reels(ask, &population, &pages),
            _ if asked.trim().contains(char::is_whitespace) && self.fails_on_words(&population, &keyword) => {
                scrapecreators::failure(500, "Something went wrong. Please try again.")
            }
            _ => reels(ask, &population, &pages),
        }
    }

    /// Whether the search for reels can't take the spaces of this keyword. It never can, or always.
    fn fails_on_words(&self, population: &Population, keyword: &str) -> bool {
        population.keyword(keyword).branch("words").chance(self.rate(Quirk::WordsFail))
    }

    fn profiles(&self, ask: &Ask, population: &Population, pages: &Pages) -> Answer {
        let Some(page) = page_of(ask, "cursor") else { return out_of_pages("cursor") };
        let found = pages.fresh(page).iter().filter_map(|&number| population.get(number));
        let rows: Vec<_> = found.map(|creator| profile::found(creator, self.is_private(creator))).collect();
        let mut answer = json!({ "profiles": rows });
        if pages.more_after(page) {
            // Pages are counted from 1 outside.
            answer["cursor"] = json!((page + 2).to_string());
        }
        Answer::json(200, &scrapecreators::enveloped(answer, ask.draw))
    }

    fn profile(&self, ask: &Ask) -> Answer {
        let handle = ask.parameter("handle").unwrap_or_default().trim().trim_start_matches('@');
        if handle.is_empty() {
            return scrapecreators::complaint("handle is required");
        }
        let population = self.population();
        let Some(creator) = population.by_handle(handle).filter(|creator| !self.is_gone(creator)) else {
            return nobody(ask);
        };
        let shape = profile::Shape::of(creator, ask.parameter("trim") == Some("true"));
        Answer::json(200, &scrapecreators::enveloped(profile::profile(creator, shape, self.is_private(creator)), ask.draw))
    }

    fn basic_profile(&self, ask: &Ask) -> Answer {
        let population = self.population();
        match ask.parameter("userId") {
            None | Some("") => scrapecreators::complaint("userId is required"),
            Some(id) => match population.by_identity(id).filter(|creator| !self.is_gone(creator)) {
                Some(creator) => Answer::json(200, &profile::basic(creator, self.is_private(creator))),
                None => nobody(ask),
            },
        }
    }

    fn is_gone(&self, creator: &Creator) -> bool {
        self.odd(creator, Quirk::Deactivated, "deactivated")
    }

    fn is_private(&self, creator: &Creator) -> bool {
        self.odd(creator, Quirk::Private, "private")
    }
}

fn reels(ask: &Ask, population: &Population, pages: &Pages) -> Answer {
    let Some(page) = page_of(ask, "page") else { return out_of_pages("page") };
    let rows: Vec<_> = pages.rows(page).iter().filter_map(|row| Some(reel::reel(population.get(row.creator)?, row.take))).collect();
    Answer::json(200, &scrapecreators::enveloped(json!({ "reels": rows }), ask.draw))
}

/// The older search: as many reels as one asks for at once, up to 60, and they tell how often they were seen.
fn old_reels(ask: &Ask, population: &Population, pages: &Pages) -> Answer {
    let Ok(amount) = ask.parameter("amount").map_or(Ok(10), str::parse::<usize>) else {
        return scrapecreators::complaint("amount must be a number");
    };
    let rows = (0..PAGE_MAX).flat_map(|page| pages.rows(page)).take(amount.min(AMOUNT_MAX));
    let rows: Vec<_> = rows.filter_map(|row| Some(reel::old(population.get(row.creator)?, row.take))).collect();
    Answer::json(200, &scrapecreators::enveloped(json!({ "reels": rows }), ask.draw))
}

/// The page that is asked for, from 0; `None` for what is no page.
fn page_of(ask: &Ask, parameter: &str) -> Option<usize> {
    let page = ask.parameter(parameter).map_or(Ok(1), str::parse::<usize>).ok()?;
    page.checked_sub(1).filter(|page| *page < PAGE_MAX)
}

fn out_of_pages(parameter: &str) -> Answer {
    scrapecreators::complaint(&format!("{parameter} must be between 1 and {PAGE_MAX}"))
}

/// Nobody has this name: half the time a 404, and half the time a success that says so.
fn nobody(ask: &Ask) -> Answer {
    let message = "This account does not exist";
    match ask.draw.branch("nobody").chance(0.5) {
        true => scrapecreators::not_found(message),
        false => Answer::json(200, &json!({ "success": true, "error": "not_found", "errorStatus": 404, "message": message })),
    }
}

/// A keyword's words, however they are joined.
fn words(keyword: &str) -> String {
    keyword.replace('-', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
