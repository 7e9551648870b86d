//! The audit: many jobs while platforms fail, and what the API reports of each compared with what was served.
//!
//! `SCOUT_AUDIT_JOBS` says how many jobs there are; 12 if it says nothing. A table of totals is printed at the end
//! (`--nocapture` shows it).

mod books;
mod totals;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use futures::StreamExt as _;
use scout_upstream::{Faults, Options, Quirks, Running, start};
use serde_json::{Value, json};

use crate::api::{Api, check_ended, check_outcomes, creators, reasons, without_creators};
use crate::worker::Worker;
use books::Books;
use totals::Totals;

/// What goes wrong, and how often.
const FAULTS: [&str; 8] = [
    "unavailable=0.06",
    "search:rate-limited=0.08",
    "profiles:rate-limited=0.03",
    "truncated=0.02",
    "html=0.01",
    "malformed=0.01",
    "disconnect=0.03",
    "slow=0.05",
];

/// Jobs that are under way at the same time.
const AT_ONCE: usize = 6;

/// Pages of a keyword that are read at most, on both platforms.
const PAGES_MAX: u64 = 5;

const WORDS: [&str; 10] = ["yoga", "chess", "baking", "sewing", "hiking", "drums", "pottery", "surfing", "gardening", "poetry"];

/// A job that is over, as the API tells of it.
pub(crate) struct Told {
    platform: &'static str,
    target: usize,
    calls_max: Option<u64>,
    status: Value,
    job: Value,
}

fn platform(number: usize) -> &'static str {
    ["bluesky", "tiktok"][number % 2]
}

/// The search of a number: platforms in turn, targets from 1 to 150, one to three keywords of its own.
fn wish(number: usize) -> Value {
    let keywords: Vec<String> = (0..=number % 3).map(|place| format!("{} {number}", WORDS[(number + place) % WORDS.len()])).collect();
    let mut wish = json!({
        "platform": platform(number),
        "keywords": keywords,
        "targetResults": number * 37 % 150 + 1,
        "enableExpansion": number % 4 != 3,
        "minViews": 0,
    });
    match number % 6 {
        4 => wish["maxUpstreamCalls"] = json!(number % 20 + 1),
        5 => wish["keywords"].as_array_mut().unwrap().push(json!(format!("nothing {number}"))),
        _ => {}
    }
    wish
}

async fn run(api: &Api, number: usize) -> Told {
    let wish = wish(number);
    let id = api.begin(wish.clone()).await;
    Told {
        platform: platform(number),
        target: wish["targetResults"].as_u64().unwrap() as usize,
        calls_max: wish["maxUpstreamCalls"].as_u64(),
        status: api.ended(&id).await,
        job: api.job(&id).await,
    }
}

async fn upstream(faults: &[&str]) -> Running {
    let faults: Faults = faults.iter().map(|rule| rule.parse().unwrap()).collect();
    let quirks = Quirks::usual().with("hidden=0".parse().unwrap());
    start(Options { slow_ms: 400, faults, quirks, ..Options::default() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_reports_of_many_jobs_under_faults_is_what_the_platforms_served() {
    let jobs: usize = std::env::var("SCOUT_AUDIT_JOBS").map_or(12, |jobs| jobs.parse().expect("SCOUT_AUDIT_JOBS is a number"));
    let fake = upstream(&FAULTS).await;
    let worker = Worker::over(&fake);
    let api = Api::at(&worker.url);
    let began = Instant::now();
    let told: Vec<Told> = futures::stream::iter(0..jobs).map(|number| run(&api, number)).buffer_unordered(AT_ONCE).collect().await;
    let took = began.elapsed();
    let counters = fake.counters();
    let made: u64 = told.iter().map(Told::calls).sum();
    // The same world without faults, to see what was on the pages that were served.
    let books = Books::of(&fake, &upstream(&[]).await).await;
    eprintln!("{jobs} jobs in {:.0} s, {AT_ONCE} at once\n{}", took.as_secs_f64(), Totals::of(&told, &counters));
    check_keywords_are_of_one_job_each(&told);
    books.check_no_page_twice();
    assert_eq!((made, counters.in_flight), (counters.calls, 0), "the jobs' own counts add up to what was served");
    check_that_nobody_calls_any_more(&api, &fake, jobs).await;
    let wrong = told.iter().filter(|job| catch_unwind(AssertUnwindSafe(|| job.check(&books))).is_err()).count();
    assert_eq!(wrong, 0, "what is wrong with each job was said above");
}

/// Runs one job more: while it runs, nobody else makes a call.
async fn check_that_nobody_calls_any_more(api: &Api, fake: &Running, jobs: usize) {
    fake.reset();
    let last = run(api, jobs).await;
    assert_eq!(fake.counters().calls, last.calls(), "jobs that are over make no call");
}

/// What is served for a keyword can be told apart by it.
fn check_keywords_are_of_one_job_each(told: &[Told]) {
    let mut seen = BTreeSet::new();
    for job in told {
        for keyword in job.keywords() {
            assert!(seen.insert((job.platform, keyword.to_lowercase())), "{keyword} was searched for by two jobs");
        }
    }
}

impl Told {
    fn calls(&self) -> u64 {
        self.status["benchmark"]["apiCalls"].as_u64().unwrap()
    }

    fn keywords(&self) -> impl Iterator<Item = &str> {
        self.job["keywords"].as_array().unwrap().iter().map(|keyword| keyword["keyword"].as_str().unwrap())
    }

    /// The identities of all creators.
    fn delivered(&self) -> BTreeSet<String> {
        let prefix = format!("{}:", self.platform);
        let identity = |creator: &Value| creator["mergeKey"].as_str().unwrap().strip_prefix(&prefix).unwrap().to_owned();
        creators(&self.status).iter().map(identity).collect()
    }

    fn check(&self, books: &Books) {
        check_ended(&self.status);
        check_outcomes(&self.job);
        self.check_creators(books);
        self.check_profiles(books);
        self.check_calls(books);
        self.check_verdict();
    }

    /// Delivered is what was served, up to the target; and what there was to find, where all was searched.
    fn check_creators(&self, books: &Books) {
        let (delivered, served) = (self.delivered(), books.creators(self.platform, self.keywords()));
        assert!(delivered.is_subset(&served), "{}", self.job);
        assert_eq!(delivered.len(), self.target.min(served.len()), "{}", self.job);
        if delivered.len() < self.target && self.is_searched_to_the_end() {
            assert_eq!(delivered, books.reach(self.platform, self.keywords()), "{}", self.job);
        }
    }

    fn is_searched_to_the_end(&self) -> bool {
        let keywords = self.job["keywords"].as_array().unwrap();
        keywords.iter().all(|keyword| {
            ["ok", "empty"].contains(&keyword["outcome"]["kind"].as_str().unwrap()) && keyword["pages"].as_u64() < Some(PAGES_MAX)
        })
    }

    /// Enriched is what a right answer told, with the followers and addresses that there are.
    fn check_profiles(&self, books: &Books) {
        for creator in creators(&self.status) {
            let (enrichment, person) = (&creator["enrichment"], &creator["creator"]);
            let known = books.known(self.platform, creator["mergeKey"].as_str().unwrap());
            let answered = books.answered(self.platform, known);
            match enrichment["outcome"].as_str().unwrap() {
                "enriched" => {
                    assert!(answered, "{creator}");
                    assert_eq!(person["followers"], known.followers, "{creator}");
                    let emails: Vec<String> = known.email.iter().map(|email| email.to_lowercase()).collect();
                    assert_eq!(person["emails"], json!(emails), "{creator}");
                }
                "empty" => assert!(answered && person["emails"] == json!([]), "{creator}"),
                "failed" | "skipped" => assert!(enrichment["reason"].is_string() && person["emails"] == json!([]), "{creator}"),
                other => panic!("the profile is {other}: {creator}"),
            }
        }
    }

    fn check_calls(&self, books: &Books) {
        assert!(self.calls_max.is_none_or(|max| self.calls() <= max), "{}", self.job);
        assert!(books.searches(self.platform, self.keywords()) <= self.calls(), "{}", self.job);
    }

    /// Complete is what nothing is missing from, and nothing else is.
    fn check_verdict(&self) {
        let outcomes = || self.job["keywords"].as_array().unwrap().iter().map(|keyword| &keyword["outcome"]);
        let cut_off = outcomes().any(|outcome| outcome["kind"] == "skipped" && outcome["reason"] != "target_met");
        let lost = |creator: &&Value| ["failed", "skipped"].contains(&creator["enrichment"]["outcome"].as_str().unwrap());
        let missing = !reasons(&self.job).is_empty() || cut_off || creators(&self.status).iter().any(|creator| lost(&creator));
        let shown = without_creators(self.status.clone());
        assert_eq!(self.status["status"] == "completed", !missing, "{shown}");
        assert_eq!(self.status["shortfall"].is_object(), creators(&self.status).len() < self.target, "{shown}");
        assert!(self.status["status"] != "error" || creators(&self.status).is_empty(), "{shown}");
    }
}
