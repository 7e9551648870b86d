//! Goal: no answer makes the component of any adapter trap, answer twice in two ways, or take more than a little of
//! what calls may take. `cargo xtask fuzz --components` reads more of them than the suite does.

use std::path::Path;

use scout_fuzz::{Case, Corpus, Mutator, Reader, Vocabulary};
use scout_host::bundle;
use scout_host::engine::{Component, Engine, Limits, Options};
use scout_pipeline::contract::{CreatorRef, Query, Response};
use scout_pipeline::ports::{Adapter as _, AdapterError};

/// Answers for each component in the suite.
const RUNS: usize = 300;

/// What one call may have here: an eighth of what the product allows.
const MEMORY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What one call may compute here, for an answer of at most 32 KiB.
const FUEL_MAX: u64 = 100_000_000;

/// An engine that allows so little that whoever needs more is noticed.
fn engine() -> Engine {
    // What a call computes is bounded; how long that takes depends on what else the machine does.
    let limits = Limits { memory_bytes: MEMORY_BYTES_MAX, call_fuel: Some(FUEL_MAX), call_ms: 600_000, ..Limits::default() };
    // Compiled components are kept between runs, and away from the user's own.
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    Engine::new(Options { limits, cache: Some(cache) }).unwrap()
}

fn corpus(name: &str) -> Corpus {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../adapters").join(name).join("fixtures");
    Corpus::read(&folder).unwrap()
}

/// What a component gives for a case, as text; or why it broke.
async fn read(component: &Component, case: &Case) -> Result<String, String> {
    let query = Query { keyword: case.query.keyword.clone(), settings: case.query.settings.clone(), extra: Vec::new() };
    let response = || Response { status: case.response.status, headers: case.response.headers.clone(), body: case.response.body.clone() };
    let cursor = case.cursor.as_deref();
    match case.reader {
        Reader::Search => {
            let planned = whole(component.plan_search(&query, cursor).await)?;
            Ok(planned + &whole(component.read_search(&query, cursor, response()).await)?)
        }
        Reader::Profiles => {
            let creators: Vec<CreatorRef> = case.creators.iter().map(creator).collect();
            let planned = whole(component.plan_profiles(&creators).await)?;
            Ok(planned + &whole(component.read_profiles(&creators, response()).await)?)
        }
    }
}

/// An answer or a fault; both are what a component should give.
fn whole<T: std::fmt::Debug>(called: Result<T, AdapterError>) -> Result<String, String> {
    match called {
        Err(AdapterError::Broken(why)) => Err(why),
        told => Ok(format!("{told:?}")),
    }
}

fn creator(creator: &scout_fuzz::CreatorRef) -> CreatorRef {
    CreatorRef { identity: creator.identity.clone(), username: creator.username.clone(), ids: creator.ids.clone() }
}

/// What inputs choose from, as the component itself gives it for its fixtures.
async fn learn(component: &Component, corpus: &Corpus) -> Vocabulary {
    let settings: Vec<_> = component.manifest().settings.iter().map(|s| (s.name.clone(), s.default.clone(), s.doc.clone())).collect();
    let query = Query {
        keyword: "yoga".into(),
        settings: settings.iter().map(|(name, default, _)| (name.clone(), default.clone())).collect(),
        extra: vec![],
    };
    let (mut cursors, mut creators) = (Vec::new(), Vec::new());
    for body in &corpus.bodies {
        let response = Response { status: 200, headers: Vec::new(), body: body.clone() };
        if let Ok(page) = component.read_search(&query, None, response).await {
            cursors.extend(page.next);
            creators.extend(page.creators.into_iter().map(|c| scout_fuzz::CreatorRef {
                identity: c.identity,
                username: c.username,
                ids: c.ids,
            }));
        }
    }
    Vocabulary::new(&settings, cursors, creators)
}

/// How many answers to read: as many as the chore asks for, or a few.
fn runs() -> usize {
    std::env::var("SCOUT_FUZZ_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS)
}

/// Reads spoiled answers, each twice, and panics at the first that breaks the component.
async fn check(engine: &Engine, name: &str, runs: usize) {
    let component = engine.load(bundle::component(name).unwrap()).unwrap();
    let corpus = corpus(name);
    let vocabulary = learn(&component, &corpus).await;
    let (seeds, words) = (corpus.seeds(&vocabulary), corpus.words());
    let mut mutator = Mutator::new(5, &seeds, &words);
    let inputs = seeds.iter().cloned().chain(std::iter::from_fn(|| Some(mutator.input())));
    for (number, input) in inputs.take(seeds.len() + runs).enumerate() {
        let case = Case::of(&input, &vocabulary);
        let once = read(&component, &case).await.unwrap_or_else(|why| panic!("{name}, input {number}: {why}\n{}", input.escape_ascii()));
        assert_eq!(Ok(once), read(&component, &case).await, "{name}, input {number}: {}", input.escape_ascii());
    }
    eprintln!("{name}: {} answers through the component", seeds.len() + runs);
}

#[tokio::test]
async fn no_spoiled_answer_breaks_a_component_or_takes_much() {
    let engine = engine();
    let only = std::env::var("SCOUT_FUZZ_ADAPTER").ok();
    for name in bundle::names().filter(|name| only.as_deref().is_none_or(|only| only == *name)) {
        check(&engine, name, runs()).await;
    }
}
