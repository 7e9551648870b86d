//! YouTube as ScrapeCreators sells it: videos, shorts, lives and channels by keyword, and one channel per call.

mod page;
mod row;
mod text;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::draw::{BASE_64, Draw};
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::scrapecreators;
use crate::world::{Creator, Naming, World};
use page::Pages;

/// How channels are named. Google's own interface shows the same ones.
pub(crate) const NAMING: Naming = Naming { platform: "youtube", identity: channel_id, handle };

/// What a token begins with; the number of the page follows, and then what nobody reads.
const TOKEN: &str = "EqQD";

/// The fake YouTube.
pub(crate) struct Youtube {
    world: Arc<World>,
}

fn channel_id(mut draw: Draw) -> String {
    format!("UC{}", draw.text(BASE_64, 22))
}

fn handle(slug: &str, number: Option<u64>, draw: Draw) -> String {
    let number = number.map_or_else(String::new, |number| number.to_string());
    match draw.branch("handle").below(4) {
        0 => format!("{slug}{number}.films"),
        1 => format!("The_{slug}{number}"),
        _ => format!("{slug}{number}"),
    }
}

impl Platform for Youtube {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/v1/youtube/search" => "search",
            "/v1/youtube/channel" => "profiles",
            scrapecreators::BALANCE => "credit",
            _ => "unknown",
        }
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let endpoint = self.endpoint(&ask.path);
        scrapecreators::serve(ask, endpoint, || if endpoint == "search" { self.search(ask) } else { self.channel(ask) })
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        scrapecreators::refuse(refusal)
    }
}

impl Youtube {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Youtube { world }
    }

    fn search(&self, ask: &Ask) -> Answer {
        let keyword = ask.parameter("query").unwrap_or_default();
        if keyword.trim().is_empty() {
            return scrapecreators::complaint("You must provide a query");
        }
        let Some(number) = ask.parameter("continuationToken").map_or(Some(0), page_of) else {
            return scrapecreators::complaint("continuationToken is invalid");
        };
        let population = self.population();
        let pages = Pages {
            population: &population,
            keyword,
            kind: ask.parameter("type"),
            in_page: self.rate(Quirk::DuplicatesInPage),
            between: self.rate(Quirk::DuplicatesBetweenPages),
        };
        let (page, more) = pages.page(number);
        let style = row::Style {
            extras: ask.parameter("includeExtras") == Some("true"),
            no_handle: self.rate(Quirk::MissingHandles),
            cut: self.rate(Quirk::CutBios),
        };
        let mut answer = page.write(&population, style);
        // At the end the token is null or absent.
        match more {
            true => answer["continuationToken"] = json!(token(number + 1, ask.draw)),
            false if ask.draw.branch("no-token").chance(0.5) => answer["continuationToken"] = Value::Null,
            false => {}
        }
        Answer::json(200, &scrapecreators::enveloped(answer, ask.draw))
    }

    fn channel(&self, ask: &Ask) -> Answer {
        let population = self.population();
        let found = match (ask.parameter("channelId"), ask.parameter("handle")) {
            (Some(id), _) => population.by_identity(id),
            (None, Some(handle)) => population.by_handle(handle).filter(|creator| self.has_handle(creator)),
            (None, None) => return scrapecreators::complaint("You must provide a handle or a channelId"),
        };
        let Some(creator) = found.filter(|creator| !self.odd(creator, Quirk::Deactivated, "deactivated")) else {
            return scrapecreators::not_found("Channel does not exist");
        };
        Answer::json(200, &scrapecreators::enveloped(profile(creator, self.has_handle(creator)), ask.draw))
    }

    fn has_handle(&self, creator: &Creator) -> bool {
        has_handle(creator, self.rate(Quirk::MissingHandles))
    }
}

/// Whether a channel has a handle, which this share of all has not.
pub(crate) fn has_handle(creator: &Creator, without: f64) -> bool {
    !creator.is("no-handle", without)
}

/// What a search shows of a description: all of it in one line, or of this share of all the words of its first half.
pub(crate) fn beginning(creator: &Creator, cut: f64) -> String {
    let bio = creator.person.bio.as_deref().unwrap_or_default().replace('\n', " ");
    let words: Vec<_> = bio.split(' ').collect();
    if creator.is("cut-bio", cut) && words.len() > 1 { format!("{} ...", words[..words.len() / 2].join(" ")) } else { bio }
}

/// How many repeats come after each row that is none, so that they are this share of all rows; one at most.
pub(crate) fn repeats_per_fresh(share: f64) -> f64 {
    share / (1.0 - share)
}

/// Subscribers as the platform tells anybody: three digits and then nothing.
pub(crate) fn subscribers(creator: &Creator) -> u64 {
    text::three_digits(creator.followers)
}

/// How many videos there are.
pub(crate) fn videos(creator: &Creator) -> u64 {
    creator.draw.branch("videos").between(1, 9_000) / creator.draw.branch("industry").between(1, 40)
}

/// How often all of them were watched: on large channels more often than 32 bits hold.
pub(crate) fn views(creator: &Creator) -> u64 {
    creator.followers * creator.draw.branch("watched").between(20, 190) + creator.draw.branch("seldom").below(900)
}

/// The channel's picture at a size.
pub(crate) fn picture(creator: &Creator, size: u32) -> String {
    let name = creator.draw.branch("picture").text(BASE_64, 40);
    format!("https://yt3.cdn.test/{name}=s{size}-c-k-c0x00ffffff-no-rj")
}

fn token(page: usize, draw: Draw) -> String {
    format!("{TOKEN}{page:04}{}", draw.branch("token").text(BASE_64, 580))
}

fn page_of(token: &str) -> Option<usize> {
    token.strip_prefix(TOKEN)?.get(..4)?.parse().ok()
}

/// Everything that a call for a channel gives. Each link is there twice: in the list, and under its title.
fn profile(creator: &Creator, has_handle: bool) -> Value {
    let shown = subscribers(creator);
    let address = if has_handle { format!("@{}", creator.handle) } else { format!("channel/{}", creator.identity) };
    let source = |size: u32| json!({ "url": picture(creator, size), "width": size, "height": size });
    let mut profile = json!({
        "channelId": creator.identity,
        "channel": format!("http://www.youtube.test/{address}"),
        "name": creator.person.name,
        "avatar": {
            "image": { "sources": [source(72), source(120), source(160)], "processor": { "borderImageProcessor": { "circular": true } } },
            "avatarImageSize": "AVATAR_SIZE_XL",
            "loggingDirectives": { "trackingParams": creator.draw.branch("tracking").text(BASE_64, 40), "visibility": { "types": "12" } },
        },
        "description": creator.person.bio.as_deref().unwrap_or_default(),
        "subscriberCount": shown,
        "subscriberCountText": format!("{} subscribers", text::short(shown)),
        "videoCountText": format!("{} videos", text::grouped(videos(creator))),
        "videoCount": videos(creator),
        "viewCountText": format!("{} views", text::grouped(views(creator))),
        "viewCount": views(creator),
        "joinedDateText": text::joined(creator.created_s),
        "tags": if creator.is("tags", 0.7) { json!("practice, tutorial, small creator") } else { Value::Null },
        "email": Value::Null,
        "links": [],
        "country": if creator.is("country", 0.8) { json!(text::country(creator.person.region)) } else { Value::Null },
    });
    if has_handle {
        profile["handle"] = json!(format!("@{}", creator.handle));
    }
    if let Some(link) = creator.person.page() {
        let title = creator.draw.branch("title").pick(&["website", "my_shop!", "check_us_out_on_x_(twitter)", "links.test"]);
        profile[title] = json!(link);
        profile["links"] = json!([link]);
    }
    profile
}
