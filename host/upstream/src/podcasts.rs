//! Apple's podcast search: one page of up to 200 shows for each country's store, whatever the offset.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::world::{Creator, EPOCH_S, Naming, World, timestamp};

const NAMING: Naming = Naming { platform: "podcasts", identity: collection_id, handle };

/// Shows of an answer, when nothing is asked and at most.
const LIMIT: (usize, usize) = (50, 200);

/// What every answer is said to be, although it is JSON.
const MEDIA_TYPE: &str = "text/javascript; charset=utf-8";

const GENRES: [&str; 6] = ["Health & Fitness", "Food", "Society & Culture", "Technology", "Arts", "Education"];

/// Countries that have a store, by the two letters that ask for it and the three that its rows show.
#[rustfmt::skip]
const STORES: [(&str, &str); 60] = [
    ("ae", "ARE"), ("ar", "ARG"), ("at", "AUT"), ("au", "AUS"), ("be", "BEL"), ("bg", "BGR"), ("br", "BRA"), ("ca", "CAN"), ("ch", "CHE"),
    ("cl", "CHL"), ("cn", "CHN"), ("co", "COL"), ("cz", "CZE"), ("de", "DEU"), ("dk", "DNK"), ("ee", "EST"), ("eg", "EGY"), ("es", "ESP"),
    ("fi", "FIN"), ("fr", "FRA"), ("gb", "GBR"), ("gr", "GRC"), ("hk", "HKG"), ("hr", "HRV"), ("hu", "HUN"), ("id", "IDN"), ("ie", "IRL"),
    ("il", "ISR"), ("in", "IND"), ("is", "ISL"), ("it", "ITA"), ("jp", "JPN"), ("ke", "KEN"), ("kr", "KOR"), ("lt", "LTU"), ("lv", "LVA"),
    ("mx", "MEX"), ("my", "MYS"), ("ng", "NGA"), ("nl", "NLD"), ("no", "NOR"), ("nz", "NZL"), ("pe", "PER"), ("ph", "PHL"), ("pl", "POL"),
    ("pt", "PRT"), ("ro", "ROU"), ("sa", "SAU"), ("se", "SWE"), ("sg", "SGP"), ("si", "SVN"), ("sk", "SVK"), ("th", "THA"), ("tr", "TUR"),
    ("tw", "TWN"), ("ua", "UKR"), ("us", "USA"), ("uy", "URY"), ("vn", "VNM"), ("za", "ZAF"),
];

/// The fake Apple podcasts.
pub(crate) struct Podcasts {
    world: Arc<World>,
}

/// A number long enough that no two of a million shows have the same.
fn collection_id(mut draw: Draw) -> String {
    draw.between(10_000_000_000, 999_999_999_999).to_string()
}

/// Shows have no handle; what stands in their pages' addresses is their number.
fn handle(_: &str, _: Option<u64>, draw: Draw) -> String {
    format!("id{}", collection_id(draw.branch("identity")))
}

impl Platform for Podcasts {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        if path == "/search" { "search" } else { "unknown" }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        match self.endpoint(&ask.path) {
            "search" => self.search(ask),
            _ => Answer::html(404, "<html><head><title>404 Not Found</title></head></html>".to_owned()),
        }
    }

    /// Whoever calls too often gets a 403 without a word, and no hint how long to wait.
    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::RateLimited { .. } => Answer::text(403, String::new()),
            Refusal::Blocked => Answer::html(403, "<html><head><title>Access Denied</title></head></html>".to_owned()),
            // The real one sells nothing and knows no keys; this is how its errors look.
            Refusal::OutOfCredit => error(402, "Out of credit"),
            Refusal::Unauthorized => error(401, "Not authorized"),
        }
    }
}

fn error(status: u16, message: &str) -> Answer {
    Answer { media_type: MEDIA_TYPE, ..Answer::json(status, &json!({ "errorMessage": message, "queryParameters": {} })) }
}

impl Podcasts {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Podcasts { world }
    }

    fn search(&self, ask: &Ask) -> Answer {
        let country = ask.parameter("country").unwrap_or("us").to_ascii_lowercase();
        let Some(&store) = STORES.iter().find(|(code, _)| *code == country) else {
            return error(400, "Invalid value(s) for key(s): [country]");
        };
        let Ok(limit) = ask.parameter("limit").map_or(Ok(LIMIT.0), str::parse::<usize>) else {
            return error(400, "Invalid value(s) for key(s): [limit]");
        };
        let wants_shows = ask.parameter("media") == Some("podcast") && ask.parameter("entity").is_none_or(|entity| entity == "podcast");
        let population = self.population();
        let reached = if wants_shows { population.reach(ask.parameter("term").unwrap_or_default()) } else { Vec::new() };
        let sold = reached.iter().filter_map(|&number| population.get(number)).filter(|show| is_in_store(show, &country));
        let rows: Vec<_> = sold.take(limit.min(LIMIT.1)).map(|show| row(show, store)).collect();
        framed(&rows, ask.parameter("callback"))
    }
}

/// Whether a country's store has a show. Whoever is missing from the first store is in the second, so that both together
/// have all.
fn is_in_store(show: &Creator, country: &str) -> bool {
    let in_first = show.is("store-us", 0.8);
    match country {
        "us" => in_first,
        "gb" => !in_first || show.is("store-gb", 0.7),
        _ => show.is(&format!("store-{country}"), 0.6),
    }
}

/// The answer as Apple writes it: with blank lines around it, and as a call where one is asked for.
fn framed(rows: &[Value], callback: Option<&str>) -> Answer {
    let list: Vec<_> = rows.iter().map(Value::to_string).collect();
    let body = format!("{{\n \"resultCount\":{},\n \"results\": [\n{}]\n}}", rows.len(), list.join(", \n"));
    let text = match callback {
        Some(callback) => format!("\n\n\n{callback}({body});\n\n\n"),
        None => format!("\n\n\n{body}\n\n\n"),
    };
    Answer { media_type: MEDIA_TYPE, ..Answer::json_text(200, text) }
}

fn row(show: &Creator, (country, shown): (&str, &str)) -> Value {
    let name = &show.person.name;
    let id: u64 = show.identity.parse().unwrap_or_default();
    let slug = show.person.slug.replace('.', "-");
    let page = format!("https://podcasts.apple.test/{country}/podcast/{slug}/id{id}?uo=4");
    let art = |size: u32| format!("https://art.apple.test/{id}/{size}x{size}bb.jpg");
    let genre = show.draw.branch("genre").pick(&GENRES);
    let mut row = json!({
        "wrapperType": "track", "kind": "podcast", "collectionId": id, "trackId": id, "artistName": name, "collectionName": name, "trackName": name,
        "collectionCensoredName": name, "trackCensoredName": name, "collectionViewUrl": page, "trackViewUrl": page,
        "artworkUrl30": art(30), "artworkUrl60": art(60), "artworkUrl100": art(100), "artworkUrl600": art(600),
        "collectionPrice": 0.0, "trackPrice": 0.0, "trackRentalPrice": 0, "collectionHdPrice": 0, "trackHdPrice": 0, "trackHdRentalPrice": 0,
        "releaseDate": timestamp(EPOCH_S - show.draw.branch("release").between(1, 90) as i64 * 86_400).replace(".000Z", "Z"),
        "collectionExplicitness": "cleaned", "trackExplicitness": "cleaned", "trackCount": show.draw.branch("episodes").between(1, 900),
        "country": shown, "currency": "USD", "primaryGenreName": genre, "contentAdvisoryRating": "Clean",
        "genreIds": ["1301", "26"], "genres": [genre, "Podcasts"],
    });
    // Several shows may be of one artist, and some are of none.
    if show.is("artist", 0.9) {
        let artist = 900_000_000 + show.draw.branch("artist").below(5_000);
        row["artistId"] = json!(artist);
        row["artistViewUrl"] = json!(format!("https://podcasts.apple.test/{country}/artist/{artist}?uo=4"));
    }
    // Exclusive shows have no feed.
    if show.is("feed", 0.97) {
        row["feedUrl"] = json!(format!("https://feeds.{slug}.test/{id}.xml"));
    }
    row
}
