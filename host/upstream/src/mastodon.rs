//! One Mastodon instance: accounts by keyword, 40 and no more for strangers, and the directory page by page.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::markup;
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::world::{Creator, EPOCH_S, Naming, World, timestamp};

const NAMING: Naming = Naming { platform: "mastodon", identity: uri, handle };

/// Accounts of a search, when nothing is asked and at most.
const SEARCH_LIMIT: (usize, usize) = (20, 40);

/// Accounts of a page of the directory, likewise.
const DIRECTORY_LIMIT: (usize, usize) = (40, 80);

/// The instance that is asked.
const HOME: &str = "home.test";

/// Where the other accounts are that it knows; half of all are its own.
const HOSTS: [&str; 8] = [HOME, "kunst.test", HOME, "fosse.test", HOME, "tea.example.test", HOME, "social.test"];

/// The fake instance.
pub(crate) struct Mastodon {
    world: Arc<World>,
}

/// What all instances know an account by, in the form that new accounts have.
fn uri(draw: Draw) -> String {
    format!("https://{}/ap/users/{}", host(draw), id(draw))
}

/// A local account has its name only, a remote one its host as well.
fn handle(slug: &str, number: Option<u64>, draw: Draw) -> String {
    let number = number.map_or_else(String::new, |number| number.to_string());
    let username = format!("{}{number}", slug.replace('.', "_"));
    match host(draw.branch("identity")) {
        HOME => username,
        host => format!("{username}@{host}"),
    }
}

/// Both take the draws of the identity, which are all that a name in the platform's own form is made of.
fn host(draw: Draw) -> &'static str {
    draw.branch("host").pick(&HOSTS)
}

fn id(draw: Draw) -> u64 {
    110_000_000_000_000_000 + draw.branch("number").below(7_000_000_000_000_000)
}

impl Platform for Mastodon {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/api/v2/search" | "/api/v1/directory" => "search",
            _ => "unknown",
        }
    }

    /// Strangers get one page.
    fn reach(&self, keyword: &str) -> Vec<u32> {
        let mut reached = self.population().reach(keyword);
        reached.truncate(SEARCH_LIMIT.1);
        reached
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let answer = match ask.path.as_str() {
            "/api/v2/search" => self.search(ask),
            "/api/v1/directory" => self.directory(ask),
            _ => Err(Box::new(error(404, "Not Found"))),
        };
        let answer = answer.map_or_else(|refusal| *refusal, |value| Answer::json(200, &value));
        limits(answer, 299, 300)
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::RateLimited { retry_after_s } => limits(error(429, "Too many requests"), 0, retry_after_s),
            // The real one sells nothing; this is how its errors look.
            Refusal::OutOfCredit => error(402, "Payment required"),
            Refusal::Unauthorized => error(401, "This method requires an authenticated user"),
            Refusal::Blocked => error(403, "This action is not allowed"),
        }
    }
}

/// Every answer says how much is left; when it starts anew is a time and not a number of seconds.
fn limits(answer: Answer, remaining: u32, reset_in_s: u32) -> Answer {
    let reset = timestamp(EPOCH_S + i64::from(reset_in_s)).replace(".000Z", ".000000Z");
    answer.header("x-ratelimit-limit", 300).header("x-ratelimit-remaining", remaining).header("x-ratelimit-reset", reset)
}

fn error(status: u16, text: &str) -> Answer {
    Answer::json(status, &json!({ "error": text }))
}

impl Mastodon {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Mastodon { world }
    }

    fn search(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        let query = ask.parameter("q").unwrap_or_default();
        if query.is_empty() {
            return Err(Box::new(error(400, "param is missing or the value is empty or invalid: q")));
        }
        // Any offset counts, also 0.
        if ask.parameter("offset").is_some_and(|offset| !offset.is_empty()) {
            return Err(Box::new(error(401, "Search queries pagination is not supported without authentication")));
        }
        if ask.parameter("resolve").is_some_and(|resolve| !matches!(resolve, "" | "0" | "false")) {
            return Err(Box::new(error(401, "Search queries that resolve remote resources are not supported without authentication")));
        }
        let population = self.population();
        let wanted = matches!(ask.parameter("type"), None | Some("accounts"));
        let reached = if wanted { population.reach(query) } else { Vec::new() };
        let limit = number(ask.parameter("limit"), SEARCH_LIMIT);
        let accounts = reached.iter().take(limit).filter_map(|&number| population.get(number));
        Ok(json!({
            "accounts": accounts.map(|creator| self.account(creator)).collect::<Vec<_>>(),
            "statuses": [],
            "hashtags": [],
            "collections": [],
        }))
    }

    /// Who wants to be discovered; keywords mean nothing here.
    fn directory(&self, ask: &Ask) -> Result<Value, Box<Answer>> {
        let population = self.population();
        let local = ask.parameter("local").is_some_and(|local| !matches!(local, "" | "0" | "false"));
        let everybody = (0..).map_while(|number| population.get(number));
        let listed = everybody.filter(|creator| self.wish(creator) == Wish::Discovery && (!local || !creator.handle.contains('@')));
        let offset = number(ask.parameter("offset"), (0, usize::MAX));
        let page = listed.skip(offset).take(number(ask.parameter("limit"), DIRECTORY_LIMIT));
        Ok(page.map(|creator| self.account(creator)).collect())
    }

    fn wish(&self, creator: &Creator) -> Wish {
        match self.odd(creator, Quirk::Hidden, "hidden") {
            true if creator.is("unindexed", 0.2) => Wish::Noindex,
            true => Wish::NoDiscovery,
            false if creator.is("silent", 0.15) => Wish::Unsaid,
            false => Wish::Discovery,
        }
    }

    fn account(&self, creator: &Creator) -> Value {
        let (username, remote) = creator.handle.split_once('@').map_or((creator.handle.as_str(), None), |(name, host)| (name, Some(host)));
        let wish = self.wish(creator);
        let avatar = self.avatar(creator);
        let mut account = json!({
            "id": (creator.draw.branch("local-id").below(7_000_000_000_000_000) + 110_000_000_000_000_000).to_string(),
            "username": username,
            "acct": creator.handle,
            "display_name": self.display_name(creator),
            "locked": creator.is("locked", 0.05),
            "bot": self.odd(creator, Quirk::Automated, "bot"),
            "discoverable": match wish { Wish::Discovery | Wish::Noindex => json!(true), Wish::NoDiscovery => json!(false), Wish::Unsaid => Value::Null },
            "indexable": creator.is("indexable", 0.4),
            "group": false,
            "created_at": format!("{}T00:00:00.000Z", &timestamp(creator.created_s)[..10]),
            "note": note(creator),
            "url": format!("https://{}/@{username}", remote.unwrap_or(HOME)),
            "uri": creator.identity,
            "avatar": avatar,
            "avatar_static": avatar,
            "header": format!("https://{HOME}/headers/original/missing.png"),
            "header_static": format!("https://{HOME}/headers/original/missing.png"),
            "followers_count": if self.odd(creator, Quirk::HiddenFollowers, "uncounted") { json!(-1) } else { json!(creator.followers) },
            "following_count": creator.draw.branch("follows").below(2_000),
            "statuses_count": creator.draw.branch("posts").below(9_000),
            "last_status_at": creator.is("active", 0.5).then(|| timestamp(EPOCH_S - 86_400)[..10].to_owned()),
            "hide_collections": Value::Null,
            "avatar_description": "",
            "header_description": "",
            "show_media": true,
            "show_media_replies": true,
            "show_featured": true,
            "feature_approval": { "automatic": [], "manual": [], "current_user": "denied" },
            "emojis": emojis(creator),
            "fields": fields(creator),
        });
        if remote.is_none() {
            account["noindex"] = json!(wish == Wish::Noindex);
            account["roles"] = json!([]);
        } else if wish == Wish::Noindex {
            account["discoverable"] = json!(false);
        }
        if self.odd(creator, Quirk::Deactivated, "deactivated") {
            account["suspended"] = json!(true);
        }
        account
    }

    fn display_name(&self, creator: &Creator) -> String {
        match self.odd(creator, Quirk::MissingNames, "nameless") {
            true => String::new(),
            false if creator.is("emoji", 0.15) => format!("{} :{EMOJI}:", creator.person.name),
            false => creator.person.name.clone(),
        }
    }

    fn avatar(&self, creator: &Creator) -> String {
        match self.odd(creator, Quirk::MissingAvatars, "faceless") {
            true => format!("https://{HOME}/avatars/original/missing.png"),
            false => format!("https://files.{HOME}/accounts/avatars/original/{:016x}.png", creator.draw.branch("avatar").bits()),
        }
    }
}

/// What the owner of an account said of being found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Discovery,
    NoDiscovery,
    Noindex,
    Unsaid,
}

/// The one custom emoji that people use here.
const EMOJI: &str = "blobwave";

fn emojis(creator: &Creator) -> Value {
    let picture = format!("https://files.{HOME}/custom_emojis/{EMOJI}.png");
    match creator.is("emoji", 0.15) {
        true => json!([{ "shortcode": EMOJI, "url": picture, "static_url": picture, "visible_in_picker": true }]),
        false => json!([]),
    }
}

/// The bio as HTML: lines, a link in three parts, a mention and a hashtag.
fn note(creator: &Creator) -> String {
    let Some(bio) = &creator.person.bio else { return String::new() };
    let mut note = format!("<p>{}</p>", markup::lines(bio));
    if creator.is("mentions", 0.2) {
        note += &format!(
            "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://{HOME}/@mods\" class=\"u-url mention\">@<span>mods</span></a></span> <a href=\"https://{HOME}/tags/art\" class=\"mention hashtag\" rel=\"tag\">#<span>art</span></a></p>"
        );
    }
    note
}

fn fields(creator: &Creator) -> Value {
    let link = creator.person.link.as_deref().map(|link| {
        let (_, shown) = link.split_once("://").unwrap_or(("", link));
        json!({
            "name": "Web",
            "value": format!("<a href=\"https://{shown}\" target=\"_blank\" rel=\"nofollow noopener me\" translate=\"no\"><span class=\"invisible\">https://</span><span class=\"\">{shown}</span><span class=\"invisible\"></span></a>"),
            "verified_at": creator.verified.then(|| timestamp(creator.created_s + 86_400).replace("Z", "+00:00")),
        })
    });
    let place = creator.is("says-where", 0.3).then(|| json!({ "name": "From", "value": creator.person.region, "verified_at": null }));
    link.into_iter().chain(place).collect()
}

/// A number as the real one takes it: anything else is the default, more than the most is the most.
fn number(text: Option<&str>, (default, most): (usize, usize)) -> usize {
    text.and_then(|text| text.parse().ok()).unwrap_or(default).min(most)
}
