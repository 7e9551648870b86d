//! What `scout search` is asked for, and the job that comes of it.

use clap::Args;
use scout_pipeline::accept::{self, Accepted, Offer, Refusal};
use scout_pipeline::contract::Manifest;
use serde_json::json;

use super::expander::Expand;
use super::surroundings::Surroundings;
use crate::failure::Failure;

/// `scout search`
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  scout search --platform bluesky --target 100 fitness yoga
  scout search --platform bluesky --upstream fake --format csv --output found.csv yoga
  scout search --platform bluesky --upstream fake --expand openai yoga

--expand openai asks any OpenAI-compatible endpoint: SCOUT_OPENAI_MODEL names the model,
SCOUT_OPENAI_KEY is the key, SCOUT_OPENAI_BASE_URL the URL before /chat/completions unless it is
OpenAI's own, SCOUT_EXPANDER_MS how long an answer may take (at most 9500). One that fails is not
asked again: rules derive the keywords, and the last lines say so.

Ctrl-C stops it cleanly and says how to go on: what was found is kept, and nothing is printed
before it is over. Ctrl-C once more stops at once.

Exit codes: 0 completed, 3 partial (something is missing, and the last lines say what), 1 error,
2 bad input, 130 interrupted (143 by SIGTERM). Secrets come from environment variables of their
names; `scout adapter inspect` lists them.")]
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
            "enableExpansion": self.surroundings.expand != Expand::Off,
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
    fn a_number_that_is_none_is_refused_in_the_words_of_the_request() {
        assert_eq!(number("12"), json!(12));
        assert_eq!(number("twelve"), json!("twelve"));
        assert_eq!(number("1.5"), json!(1.5));
    }
}
