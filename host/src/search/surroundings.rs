//! Where a search runs, where it is kept and where its results go.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum as _};
use etcetera::BaseStrategy as _;
use scout_pipeline::contract::Manifest;
use scout_pipeline::outbound::{Setup, missing_secrets, secret_names};
use scout_pipeline::upstream as budget;

use super::expander::Expand;
use super::sheet::{self, Format};
use crate::failure::Failure;

/// Where a search runs, where it is kept and where its results go.
#[derive(Debug, Args)]
pub(super) struct Surroundings {
    /// Whom to ask: the real platform, the built-in fake one, or fake platforms at a URL.
    #[arg(long, default_value = "live", value_name = "live|fake|URL")]
    pub(super) upstream: Upstream,
    /// How further keywords are derived when the given ones are not enough.
    #[arg(long, value_enum, default_value = "rules")]
    pub(super) expand: Expand,
    #[command(flatten)]
    pub(super) printing: Printing,
    #[command(flatten)]
    pub(super) place: Place,
}

/// How creators are printed, and where.
#[derive(Debug, Args)]
pub(super) struct Printing {
    /// How creators are printed.
    #[arg(long, short, value_enum, default_value = "table")]
    pub(super) format: Format,
    /// Write creators to this file rather than to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Say nothing about progress.
    #[arg(long, short)]
    pub(super) quiet: bool,
}

impl Printing {
    /// Refuses an output that could not be written, before there is anything to write.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.output.as_deref().map_or(Ok(()), sheet::check)
    }

    /// The options that make for the same results, as they are typed.
    fn options(&self) -> String {
        let format = self.format.to_possible_value().filter(|_| self.format != Format::Table);
        let format = format.map(|format| format!(" --format {}", format.get_name())).unwrap_or_default();
        let output = self.output.as_deref().map(|file| format!(" --output {}", quoted_path(file))).unwrap_or_default();
        format + &output
    }
}

/// Where searches are kept.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// Where searches are kept [default: a file in your data folder].
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
}

impl Place {
    /// The file.
    pub(super) fn file(&self) -> Result<PathBuf, Failure> {
        if let Some(file) = &self.state {
            return Ok(file.clone());
        }
        let folders =
            etcetera::choose_base_strategy().map_err(|_| Failure::error("your home folder is unknown").hint("name a file by --state"))?;
        Ok(folders.data_dir().join("scout").join("jobs.sqlite"))
    }

    /// A command about these searches, as it is typed.
    pub(super) fn command(&self, command: &str) -> String {
        match &self.state {
            Some(file) => format!("scout {command} --state {}", quoted_path(file)),
            None => format!("scout {command}"),
        }
    }
}

impl Surroundings {
    /// What to type to go on with a search, or to give it up.
    pub(super) fn ways_on(&self, id: &str, component: Option<&str>) -> [String; 2] {
        let upstream = match &self.upstream {
            Upstream::Live => String::new(),
            Upstream::Fake => " --upstream fake".to_owned(),
            Upstream::At(url) => format!(" --upstream {}", quoted(url)),
        };
        let expand = if self.expand == Expand::Openai { " --expand openai" } else { "" };
        let component = component.map(|file| format!(" --platform {}", quoted(file))).unwrap_or_default();
        let printing = self.printing.options();
        let resume = self.place.command(&format!("resume {id}{upstream}{expand}{component}{printing}"));
        let cancel = self.place.command(&format!("cancel {id}{printing}"));
        [format!("{resume} goes on"), format!("{cancel} ends it and prints what was found")]
    }
}

/// A text as a shell takes it for one word. One with a NUL in it is none that could be typed, and stays as it is.
fn quoted(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), String::from)
}

fn quoted_path(path: &Path) -> String {
    quoted(&path.display().to_string())
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

impl Upstream {
    /// Where the fake platforms are, if they are asked; `built_in` are those of this program.
    pub(super) fn fake_url<'a>(&'a self, built_in: Option<&'a str>) -> Option<&'a str> {
        match self {
            Upstream::Live => None,
            Upstream::Fake => built_in,
            Upstream::At(url) => Some(url),
        }
    }
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

/// Where requests go and what they carry.
pub(super) fn setup(manifest: &Manifest, upstream: &Upstream, fake: Option<&str>, settings: &[(String, String)]) -> Result<Setup, Failure> {
    let mut setup = match (upstream, fake) {
        (Upstream::At(url), _) => Setup::fake(manifest, url),
        (_, Some(url)) => Setup::fake(manifest, url),
        (_, None) => Ok(Setup::default()),
    }
    .map_err(|error| Failure::input(error).hint("--upstream live asks the real platform"))?;
    if *upstream == Upstream::Live {
        for name in secret_names(manifest) {
            setup.secrets.set(name.clone(), &std::env::var(&name).unwrap_or_default());
        }
    }
    setup.settings = settings.iter().cloned().collect();
    setup.rates = budget::rates_in_force(manifest, *upstream != Upstream::Live, |name| std::env::var(name).ok())
        .map_err(|wrong| Failure::input(wrong.join("; ")).hint("export SCOUT_BUDGET_…=\"per_second=10 concurrent=20 daily=10000\""))?;
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
    fn an_upstream_is_live_fake_or_a_url() {
        assert_eq!("live".parse(), Ok(Upstream::Live));
        assert_eq!("http://127.0.0.1:1".parse(), Ok(Upstream::At("http://127.0.0.1:1".into())));
        assert!("ftp://x".parse::<Upstream>().is_err());
    }

    #[test]
    fn a_command_can_be_pasted_whatever_the_file_is_called() {
        let place = |file: &str| Place { state: Some(file.into()) };
        for file in ["a/b.sqlite", "my jobs", "it's", "a\"b", "$HOME", "*", "jobs;rm"] {
            let words = shlex::split(&place(file).command("jobs")).unwrap();
            assert_eq!(words, ["scout", "jobs", "--state", file]);
        }
        assert_eq!(place("a/b.sqlite").command("jobs"), "scout jobs --state a/b.sqlite", "nothing is quoted that need not be");
        assert_eq!(Place { state: None }.command("jobs"), "scout jobs");
    }

    #[test]
    fn the_ways_on_name_the_same_upstream_expander_adapter_and_output() {
        let printing = Printing { format: Format::Csv, output: Some("my found.csv".into()), quiet: false };
        let upstream = Upstream::At("http://127.0.0.1:1/?a=1&b=2".into());
        let surroundings = Surroundings { upstream, expand: Expand::Openai, printing, place: Place { state: None } };
        let [resume, cancel] = surroundings.ways_on("id-1", Some("my adapter.wasm")).map(|line| shlex::split(&line).unwrap());
        assert_eq!(resume[..5], ["scout", "resume", "id-1", "--upstream", "http://127.0.0.1:1/?a=1&b=2"]);
        assert_eq!(resume[5..9], ["--expand", "openai", "--platform", "my adapter.wasm"]);
        assert_eq!(resume[9..13], ["--format", "csv", "--output", "my found.csv"]);
        assert_eq!(cancel[..7], ["scout", "cancel", "id-1", "--format", "csv", "--output", "my found.csv"]);
    }
}
