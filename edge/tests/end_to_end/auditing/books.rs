//! What fake platforms served, call by call.

use std::collections::{BTreeSet, HashMap, HashSet};

use reqwest::Client;
use scout_upstream::{Known, Running, Served};
use serde_json::Value;

const PLATFORMS: [&str; 2] = ["bluesky", "tiktok"];

/// A keyword's right pages, each by what it was asked with.
type Pages = HashMap<Vec<(String, String)>, BTreeSet<String>>;

/// What was served.
#[derive(Default)]
pub(super) struct Books {
    pages: HashMap<(&'static str, String), Pages>,
    searches: HashMap<(&'static str, String), u64>,
    reach: HashMap<(&'static str, String), BTreeSet<String>>,
    known: HashMap<String, Known>,
    asked: HashSet<(&'static str, String)>,
    /// Right search answers that had been given before.
    again: Vec<Served>,
}

impl Books {
    /// Reads what `fake` served; `twin` is the same world, which shows what was on a page.
    pub(super) async fn of(fake: &Running, twin: &Running) -> Books {
        let mut books = Books::default();
        for call in fake.served() {
            match call.endpoint {
                "search" => books.enter_search(call, twin).await,
                "profiles" if call.is_right() => {
                    books.asked.extend(call.query.into_iter().map(|(_, creator)| (call.platform, creator.to_lowercase())));
                }
                _ => {}
            }
        }
        books
    }

    async fn enter_search(&mut self, call: Served, twin: &Running) {
        let key = (call.platform, keyword(&call));
        *self.searches.entry(key.clone()).or_default() += 1;
        if !self.reach.contains_key(&key) {
            let reached = twin.reach(call.platform, &key.1).unwrap();
            self.reach.insert(key.clone(), reached.iter().map(|known| known.identity.clone()).collect());
            self.known.extend(reached.into_iter().map(|known| (format!("{}:{}", call.platform, known.identity), known)));
        }
        if !call.is_right() {
            return;
        }
        let page = page(&call, twin).await;
        if self.pages.entry(key).or_default().insert(call.query.clone(), page).is_some() {
            self.again.push(call);
        }
    }

    /// Everybody on the pages that were served for these keywords.
    pub(super) fn creators<'a>(&self, platform: &'static str, keywords: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
        let pages = keywords.filter_map(|keyword| self.pages.get(&(platform, keyword.to_lowercase())));
        pages.flat_map(HashMap::values).flatten().cloned().collect()
    }

    /// Everybody whom these keywords reach.
    pub(super) fn reach<'a>(&self, platform: &'static str, keywords: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
        keywords.filter_map(|keyword| self.reach.get(&(platform, keyword.to_lowercase()))).flatten().cloned().collect()
    }

    /// How many searches for these keywords came, right or not.
    pub(super) fn searches<'a>(&self, platform: &'static str, keywords: impl Iterator<Item = &'a str>) -> u64 {
        keywords.filter_map(|keyword| self.searches.get(&(platform, keyword.to_lowercase()))).sum()
    }

    /// What is so of a creator.
    pub(super) fn known(&self, platform: &str, merge_key: &str) -> &Known {
        self.known.get(merge_key).unwrap_or_else(|| panic!("{platform} has no {merge_key}"))
    }

    /// Whether a right answer about a creator was given.
    pub(super) fn answered(&self, platform: &'static str, known: &Known) -> bool {
        [&known.identity, &known.username].into_iter().any(|name| self.asked.contains(&(platform, name.to_lowercase())))
    }

    /// A page that was read is never asked for again.
    pub(super) fn check_no_page_twice(&self) {
        assert!(self.again.is_empty(), "{:?}", self.again);
        assert!(self.pages.keys().all(|(platform, _)| PLATFORMS.contains(platform)));
    }
}

fn keyword(call: &Served) -> String {
    let keyword = call.query.iter().find(|(name, _)| name == "q" || name == "query");
    keyword.map(|(_, keyword)| keyword.to_lowercase()).unwrap_or_default()
}

/// Who was on a page.
async fn page(call: &Served, twin: &Running) -> BTreeSet<String> {
    let (path, rows, identity) = match call.platform {
        "bluesky" => ("app.bsky.actor.searchActors", "actors", "/did"),
        _ => ("v1/tiktok/search/keyword", "search_item_list", "/author/uid"),
    };
    // Trimmed rows are of the same creators, and a tenth as long.
    let trim = [("trim".to_owned(), "true".to_owned())];
    let query: Vec<_> =
        call.query.iter().filter(|(name, _)| name != "trim").chain(trim.iter().filter(|_| call.platform == "tiktok")).collect();
    let url = format!("{}/{path}", twin.base_url(call.platform, "api"));
    let answer = Client::new().get(url).query(&query).header("x-api-key", "right").send().await.unwrap();
    let json: Value = answer.json().await.unwrap();
    let rows = json[rows].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .map(|row| row.pointer(identity).and_then(Value::as_str).unwrap_or_else(|| panic!("no {identity}: {row}")).to_owned())
        .collect()
}
