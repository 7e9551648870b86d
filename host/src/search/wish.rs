//! What `scout search` is asked for, and the job that comes of it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use scout_pipeline::accept::{self, Accepted, Offer, Refusal};
use scout_pipeline::contract::Manifest;
use scout_pipeline::outbound::{Setup, missing_secrets};
use serde_json::json;

use super::sheet::Format;
use crate::failure::Failure;

/// `scout search`
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  scout search --platform bluesky --target 100 fitness yoga
  scout search --platform bluesky --upstream fake --format csv --output found.csv yoga

Exit codes: 0 completed, 3 partial (something is missing, and the last lines say what), 1 error, 2 bad input,
130 interrupted. Secrets come from environment variables of their names; `scout adapter inspect` lists them.")]
pub struct Wish {
    /// Where to search: an installed adapter (see `scout adapter list`) or a .wasm file.
    #[arg(long, short)]
    pub(super) platform: String,
    /// What to search for, 1 to 50 keywords. Quote those of several words.
    #[arg(required = true)]
    pub(super) keywords: Vec<String>,
    /// How many creators to find, 1 to 5000. Never one more is given.
    #[arg(long, short, default_value = "100", value_name = "N", allow_negative_numbers = true)]
    pub(super) target: String,
    /// Whether further keywords are derived when the given ones are not enough.
    #[arg(long, value_enum, default_value = "rules")]
    pub(super) expand: Expand,
    /// Leave out creators whose best post has fewer views, where the platform reports views [default: 1000].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(super) min_views: Option<String>,
    /// End the search after this many calls to the platform.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(super) max_calls: Option<String>,
    /// Choose a setting of the adapter; may be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    pub(super) settings: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) surroundings: Surroundings,
}

/// Where a search runs and where its results go.
#[derive(Debug, Args)]
pub(super) struct Surroundings {
    /// Whom to ask: the real platform, the built-in fake one, or fake platforms at a URL.
    #[arg(long, default_value = "live", value_name = "live|fake|URL")]
    pub(super) upstream: Upstream,
    /// How creators are printed.
    #[arg(long, short, value_enum, default_value = "table")]
    pub(super) format: Format,
    /// Write creators to this file rather than to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Where jobs are kept [default: a file in your data folder].
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// Say nothing about progress.
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// How further keywords are derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Expand {
    /// Search for nothing but what was given.
    Off,
    /// Derive keywords by rules, without asking anybody.
    Rules,
}

/// Whom to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Upstream {
    /// The real platform.
    Live,
    /// Fake platforms within this program.
    Fake,
    /// Fake platforms elsewhere.
    At(String),
}

impl std::str::FromStr for Upstream {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "live" => Ok(Upstream::Live),
            "fake" => Ok(Upstream::Fake),
            url if url.starts_with("http://") || url.starts_with("https://") => Ok(Upstream::At(url.to_owned())),
            _ => Err("it is `live`, `fake` or a URL that begins with http:// or https://".to_owned()),
        }
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it has the form NAME=VALUE".to_owned()),
    }
}

impl Wish {
    /// Checks everything that was asked for, and names all that is wrong with it at once.
    pub(super) fn accept(&self, offers: &[Offer], platform: &str) -> Result<Accepted, Failure> {
        let mut body = json!({
            "platform": platform,
            "keywords": self.keywords,
            "targetResults": number(&self.target),
            "enableExpansion": self.expand == Expand::Rules,
        });
        for (name, value) in [("minViews", &self.min_views), ("maxUpstreamCalls", &self.max_calls)] {
            if let Some(value) = value {
                body[name] = number(value);
            }
        }
        accept::accept(body.to_string().as_bytes(), offers).map_err(refused)
    }

    /// Refuses settings that the adapter does not have.
    pub(super) fn check_settings(&self, manifest: &Manifest) -> Result<(), Failure> {
        let known = || manifest.settings.iter().map(|setting| setting.name.as_str());
        match self.settings.iter().find(|(name, _)| !known().any(|known| known == name)) {
            None => Ok(()),
            Some((name, _)) => {
                let known: Vec<_> = known().collect();
                let hint = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
                Err(Failure::input(format_args!("the adapter has no setting {name}")).hint(hint))
            }
        }
    }
}

/// A number as JSON has it; anything else stays text, so that it is refused in the same words everywhere.
fn number(text: &str) -> serde_json::Value {
    serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| json!(text), serde_json::Value::Number)
}

fn refused(refusal: Refusal) -> Failure {
    match &refusal {
        Refusal::Fields(errors) => {
            let lines: Vec<_> = errors.iter().map(|error| format!("{}: {}", option(&error.pointer), error.detail)).collect();
            let mut hints: Vec<_> = errors.iter().map(|error| error.hint.as_str()).collect();
            hints.dedup();
            hints.into_iter().fold(Failure::input(lines.join("\n       ")), Failure::hint)
        }
        other => Failure::input(other).hint(other.hint()),
    }
}

/// The option that a place in the request came from.
fn option(pointer: &str) -> String {
    let mut parts = pointer.trim_start_matches('/').splitn(2, '/');
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("keywords", Some(place)) => format!("keyword {}", place.parse::<usize>().map_or(0, |place| place + 1)),
        ("targetResults", _) => "--target".to_owned(),
        ("minViews", _) => "--min-views".to_owned(),
        ("maxUpstreamCalls", _) => "--max-calls".to_owned(),
        ("platform", _) => "--platform".to_owned(),
        (other, _) => other.to_owned(),
    }
}

/// Where requests go and what they carry.
pub(super) fn setup(manifest: &Manifest, upstream: &Upstream, fake: Option<&str>, settings: &[(String, String)]) -> Result<Setup, Failure> {
    let mut setup = match (upstream, fake) {
        (Upstream::At(url), _) => Setup::fake(manifest, url),
        (_, Some(url)) => Setup::fake(manifest, url),
        (_, None) => Ok(Setup::default()),
    }
    .map_err(|error| Failure::input(error).hint("--upstream live asks the real platform"))?;
    if *upstream == Upstream::Live {
        for name in missing_secrets(manifest, &setup) {
            setup.secrets.set(name.clone(), &std::env::var(&name).unwrap_or_default());
        }
    }
    setup.settings = settings.iter().cloned().collect();
    match missing_secrets(manifest, &setup).as_slice() {
        [] => Ok(setup),
        missing => Err(Failure::input(format_args!("{} needs the secret {}", manifest.label, missing.join(" and ")))
            .hint(format_args!("export {}=…", missing[0]))
            .hint("--upstream fake tries it out without any")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_the_request_are_named_after_the_options_they_came_from() {
        assert_eq!(option("/keywords/0"), "keyword 1");
        assert_eq!(option("/keywords"), "keywords");
        assert_eq!(option("/targetResults"), "--target");
    }

    #[test]
    fn an_upstream_is_live_fake_or_a_url() {
        assert_eq!("live".parse(), Ok(Upstream::Live));
        assert_eq!("http://127.0.0.1:1".parse(), Ok(Upstream::At("http://127.0.0.1:1".into())));
        assert!("ftp://x".parse::<Upstream>().is_err());
    }

    #[test]
    fn a_number_that_is_none_is_refused_in_the_words_of_the_request() {
        assert_eq!(number("12"), json!(12));
        assert_eq!(number("twelve"), json!("twelve"));
        assert_eq!(number("1.5"), json!(1.5));
    }
}
