//! `scout adapter read-search` and `scout adapter read-profiles`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use scout_pipeline::contract::{CreatorRef, Pair, Query, Response, Setting};
use scout_pipeline::limits::{PROFILE_CREATORS_MAX, RESPONSE_BYTES_MAX};
use scout_pipeline::ports::Adapter as _;
use serde_json::Value;

use super::{Source, read_at_most, wire};
use crate::engine::Engine;
use crate::failure::{Failure, Outcome};
use crate::output::print;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  scout adapter read-search NAME --response page.json
  scout adapter read-search ./my-platform.wasm --response - --status 429 --header retry-after=30 < body.json

A fault that the adapter reports is printed as JSON too, and the exit code is 0.")]
pub struct SearchArguments {
    /// An installed adapter, or the path of a component file
    name: String,
    #[command(flatten)]
    answer: Answer,
    /// The keyword that was searched for
    #[arg(long, value_name = "TEXT", default_value = "keyword")]
    query: String,
    /// The cursor that the page before gave
    #[arg(long)]
    cursor: Option<String>,
    /// A setting of the adapter in place of its default; may repeat
    #[arg(long = "setting", value_name = "NAME=VALUE", value_parser = pair)]
    settings: Vec<Pair>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  scout adapter read-profiles NAME --creator ana.example --response profile.json
  scout adapter read-profiles NAME --creator ana.example --creator ben.example --response profiles.json

A fault that the adapter reports is printed as JSON too, and the exit code is 0.")]
pub struct ProfilesArguments {
    /// An installed adapter, or the path of a component file
    name: String,
    #[command(flatten)]
    answer: Answer,
    /// The identity or the handle of a creator who was asked about; may repeat
    #[arg(long = "creator", value_name = "KEY", required = true)]
    creators: Vec<String>,
}

/// A recorded answer.
#[derive(Debug, Args)]
struct Answer {
    /// The file that holds the answer's body, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    response: PathBuf,
    /// The answer's HTTP status
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(100..=599))]
    status: u16,
    /// A header of the answer; may repeat
    #[arg(long = "header", value_name = "NAME=VALUE", value_parser = pair)]
    headers: Vec<Pair>,
}

impl Answer {
    fn read(self) -> Result<Response, Failure> {
        let body = read_at_most(&self.response, RESPONSE_BYTES_MAX)?;
        let headers = self.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        Ok(Response { status: self.status, headers, body })
    }
}

/// Reads `name=value`.
fn pair(text: &str) -> Result<Pair, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it must have the form NAME=VALUE".into()),
    }
}

pub(super) async fn search(engine: &Engine, arguments: SearchArguments) -> Outcome {
    let source = Source::of(&arguments.name)?;
    let response = arguments.answer.read()?;
    let adapter = source.load(engine)?;
    let settings = in_force(&adapter.manifest().settings, arguments.settings)?;
    let query = Query { keyword: arguments.query, settings, extra: Vec::new() };
    let read = adapter.read_search(&query, arguments.cursor.as_deref(), response).await;
    show(&wire::answer(read, wire::page)?)
}

pub(super) async fn profiles(engine: &Engine, arguments: ProfilesArguments) -> Outcome {
    let source = Source::of(&arguments.name)?;
    let creators = asked_about(&arguments.creators)?;
    let response = arguments.answer.read()?;
    let adapter = source.load(engine)?;
    let read = adapter.read_profiles(&creators, response).await;
    show(&wire::answer(read, |profiles| wire::profiles(profiles))?)
}

/// Every setting of the manifest with the value in force.
fn in_force(known: &[Setting], chosen: Vec<Pair>) -> Result<Vec<Pair>, Failure> {
    let mut settings: Vec<Pair> = known.iter().map(|setting| (setting.name.clone(), setting.default.clone())).collect();
    for (name, value) in chosen {
        let Some(setting) = settings.iter_mut().find(|(known, _)| *known == name) else {
            let names = known.iter().map(|setting| setting.name.as_str()).collect::<Vec<_>>().join(", ");
            let hint = if names.is_empty() { "it has no settings".to_owned() } else { format!("its settings are: {names}") };
            return Err(Failure::input(format_args!("the adapter has no setting named {name:?}")).hint(hint));
        };
        setting.1 = value;
    }
    Ok(settings)
}

/// A key may be either, so each stands in both places.
fn asked_about(keys: &[String]) -> Result<Vec<CreatorRef>, Failure> {
    if keys.len() > PROFILE_CREATORS_MAX {
        let text = format!("{} creators are asked about, and one call covers at most {PROFILE_CREATORS_MAX}", keys.len());
        return Err(Failure::input(text).hint("give fewer `--creator`"));
    }
    let creator = |key: &String| {
        let key = key.strip_prefix('@').unwrap_or(key).to_owned();
        CreatorRef { identity: key.clone(), username: key, ids: Vec::new() }
    };
    Ok(keys.iter().map(creator).collect())
}

fn show(value: &Value) -> Outcome {
    print(&format!("{value:#}\n"))?;
    Ok(ExitCode::SUCCESS)
}
