//! GitHub's REST interface: accounts by keyword, and profiles one at a time.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::quirks::Quirk;
use crate::world::{Creator, EPOCH_S, Naming, World, timestamp};

const NAMING: Naming = Naming { platform: "github", identity: number, handle: login };

/// Accounts of a page, when nothing is asked and at most.
const LIMIT: (u64, u64) = (30, 100);

/// Accounts that a query gives at most, whatever the page.
const ROWS_MAX: u64 = 1_000;

/// Share of organisations. They are not people, so nobody who searches for users is shown one.
const ORGANISATIONS: f64 = 0.1;

/// The token that is wrong; any other is right, and so is none.
const WRONG_TOKEN: &str = "invalid";

const PROFILES: &str = "/users/";

/// The fake GitHub.
pub(crate) struct Github {
    world: Arc<World>,
}

/// A number long enough that no two of a million accounts have the same.
fn number(mut draw: Draw) -> String {
    draw.between(10_000_000_000, 999_999_999_999).to_string()
}

fn login(slug: &str, number: Option<u64>, _: Draw) -> String {
    format!("{}{}", slug.replace('.', "-"), number.map_or_else(String::new, |number| format!("-{number}")))
}

impl Platform for Github {
    fn world(&self) -> &World {
        &self.world
    }

    fn naming(&self) -> Naming {
        NAMING
    }

    fn endpoint(&self, path: &str) -> &'static str {
        match path {
            "/search/users" => "search",
            _ if path.strip_prefix(PROFILES).is_some_and(|login| !login.is_empty() && !login.contains('/')) => "profiles",
            _ => "unknown",
        }
    }

    /// Whom a search for users reaches, which is what is asked for unless somebody chooses otherwise.
    fn reach(&self, keyword: &str) -> Vec<u32> {
        let population = self.population();
        population
            .reach(keyword)
            .into_iter()
            .filter(|&number| population.get(number).is_some_and(|account| !is_organisation(account)))
            .collect()
    }

    fn answer(&self, ask: &Ask) -> Answer {
        if ask.header("user-agent").is_none_or(|agent| agent.trim().is_empty()) {
            let text = "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header.\r\n";
            return Answer::html(403, text.to_owned());
        }
        if ask.header("authorization").is_some_and(|given| given.ends_with(&format!(" {WRONG_TOKEN}"))) {
            return self.refuse(Refusal::Unauthorized);
        }
        let answer = match self.endpoint(&ask.path) {
            "search" => self.search(ask),
            "profiles" => self.profile(&ask.path[PROFILES.len()..]),
            _ => error(404, "Not Found"),
        };
        answer.header("x-ratelimit-limit", 60).header("x-ratelimit-remaining", 59).header("x-ratelimit-reset", EPOCH_S + 3_600)
    }

    /// A limit is a 403 here, and only headers tell it from other refusals. The time is counted from the `Date` that
    /// every answer carries.
    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::RateLimited { retry_after_s } => error(403, "API rate limit exceeded for 127.0.0.1.")
                .header("x-ratelimit-limit", 60)
                .header("x-ratelimit-remaining", 0)
                .header("x-ratelimit-reset", EPOCH_S + i64::from(retry_after_s)),
            // The real one sells nothing here; this is how its errors look.
            Refusal::OutOfCredit => error(402, "Payment required"),
            Refusal::Unauthorized => error(401, "Bad credentials"),
            Refusal::Blocked => error(403, "Access to this resource is forbidden"),
        }
    }
}

fn error(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message, "documentation_url": "https://docs.github.test/rest", "status": status.to_string() }))
}

impl Github {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Github { world }
    }

    fn search(&self, ask: &Ask) -> Answer {
        let (keyword, kind) = qualified(ask.parameter("q").unwrap_or_default());
        if keyword.is_empty() {
            return error(422, "Validation Failed");
        }
        // What is no number counts as not asked, and what is too large as the most.
        let count = |name: &str| ask.parameter(name).and_then(|text| text.parse::<u64>().ok()).filter(|&number| number > 0);
        let (page, limit) = (count("page").unwrap_or(1), count("per_page").unwrap_or(LIMIT.0).min(LIMIT.1));
        let from = (page - 1).saturating_mul(limit);
        if from >= ROWS_MAX {
            return error(422, "Only the first 1000 search results are available");
        }
        let population = self.population();
        let reached: Vec<_> = population.reach(&keyword).into_iter().filter_map(|number| population.get(number)).collect();
        let fitting: Vec<_> = reached.into_iter().filter(|account| kind.is_none_or(|kind| kind == kind_of(account))).collect();
        let items: Vec<_> = fitting.iter().skip(from as usize).take(limit as usize).map(|account| row(account)).collect();
        Answer::json(200, &json!({ "total_count": fitting.len(), "incomplete_results": false, "items": items }))
    }

    fn profile(&self, login: &str) -> Answer {
        let population = self.population();
        match population.by_handle(login).filter(|account| !self.odd(account, Quirk::Deactivated, "deactivated")) {
            Some(account) => Answer::json(200, &profile(account)),
            None => error(404, "Not Found"),
        }
    }
}

/// A query without its qualifiers, and the kind of account that one of them asks for.
fn qualified(query: &str) -> (String, Option<&'static str>) {
    let (mut words, mut kind) = (Vec::new(), None);
    for word in query.split_whitespace() {
        match word {
            "type:user" => kind = Some("User"),
            "type:org" => kind = Some("Organization"),
            _ => words.push(word),
        }
    }
    (words.join(" "), kind)
}

fn is_organisation(account: &Creator) -> bool {
    account.is("organisation", ORGANISATIONS)
}

fn kind_of(account: &Creator) -> &'static str {
    if is_organisation(account) { "Organization" } else { "User" }
}

/// A row of search results: no name and no counts.
fn row(account: &Creator) -> Value {
    let (id, login): (u64, _) = (account.identity.parse().unwrap_or_default(), &account.handle);
    let api = format!("https://api.github.test/users/{login}");
    json!({
        "login": login, "id": id, "node_id": format!("FAKE_{id}"), "avatar_url": format!("https://avatars.github.test/u/{id}?v=4"), "gravatar_id": "",
        "url": api, "html_url": format!("https://github.test/{login}"), "followers_url": format!("{api}/followers"),
        "following_url": format!("{api}/following{{/other_user}}"), "gists_url": format!("{api}/gists{{/gist_id}}"),
        "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"), "subscriptions_url": format!("{api}/subscriptions"),
        "organizations_url": format!("{api}/orgs"), "repos_url": format!("{api}/repos"), "events_url": format!("{api}/events{{/privacy}}"),
        "received_events_url": format!("{api}/received_events"), "type": kind_of(account), "user_view_type": "public", "site_admin": false, "score": 1.0,
    })
}

/// A profile: the row without its score, and what only profiles have.
fn profile(account: &Creator) -> Value {
    let (person, draw) = (&account.person, account.draw);
    let mut profile = row(account);
    if let Some(fields) = profile.as_object_mut() {
        fields.remove("score");
    }
    profile["name"] = json!(person.name);
    profile["company"] = if account.is("company", 0.3) { json!(format!("@{}", person.slug)) } else { Value::Null };
    // Whoever has no website has a blank one.
    profile["blog"] = json!(person.link.as_deref().unwrap_or_default());
    profile["location"] = if account.is("location", 0.5) { json!(person.region) } else { Value::Null };
    profile["email"] = if account.is("public-address", 0.5) { json!(person.email) } else { Value::Null };
    profile["hireable"] = Value::Null;
    profile["bio"] = json!(person.bio);
    profile["twitter_username"] = if account.is("twitter", 0.2) { json!(person.slug.replace('.', "_")) } else { Value::Null };
    profile["public_repos"] = json!(draw.branch("repositories").below(300));
    profile["public_gists"] = json!(draw.branch("gists").below(40));
    profile["followers"] = json!(account.followers);
    profile["following"] = json!(draw.branch("following").below(900));
    profile["created_at"] = json!(timestamp(account.created_s).replace(".000Z", "Z"));
    profile["updated_at"] = json!(timestamp(EPOCH_S - 86_400).replace(".000Z", "Z"));
    profile
}
