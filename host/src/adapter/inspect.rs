//! `scout adapter inspect`

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use scout_pipeline::contract::{Auth, Manifest};

use super::Source;
use super::list::{profiles, secrets};
use crate::engine::{Anatomy, Component, Engine, Kind, Refusal, size};
use crate::failure::{Failure, Outcome};
use crate::output::print;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  scout adapter inspect ./my-platform.wasm\n\nA refused component is shown as far as it can be, and the exit code is 1."
)]
pub struct Arguments {
    /// The component file, or the name of an installed adapter
    #[arg(value_name = "FILE")]
    file: String,
}

pub(super) fn run(engine: &Engine, arguments: &Arguments) -> Outcome {
    // Whatever is not installed is taken for a file here, whatever its name ends in.
    let source = Source::of(&arguments.file).unwrap_or_else(|_| Source::File(arguments.file.clone().into()));
    let bytes = source.bytes(engine)?;
    let anatomy = Anatomy::of(&bytes, engine.limits());
    let loaded = engine.load(&bytes);
    print(&report(engine, &anatomy, &loaded))?;
    match loaded {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(refusal) => Err(Failure::from(refusal)),
    }
}

fn report(engine: &Engine, anatomy: &Anatomy, loaded: &Result<Component, Refusal>) -> String {
    let mut report = String::new();
    let mut line = |name: &str, value: String| {
        // Writing to text can't fail.
        let _ = writeln!(report, "{name:<12}{value}");
    };
    line("kind", kind(anatomy.kind).into());
    let limits = engine.limits();
    line("size", format!("{} of at most {}", weight(anatomy, limits.component_bytes), size(limits.component_bytes)));
    if anatomy.kind != Kind::Foreign {
        line("modules", anatomy.modules.to_string());
        line("imports", listed(&anatomy.imports));
        line("exports", listed(&anatomy.exports));
        line("memory", memory(anatomy, loaded, limits.memory_bytes));
    }
    let manifest = match loaded {
        Ok(component) => Some(component.manifest()),
        Err(refusal) => refusal.manifest.as_deref(),
    };
    if let Some(manifest) = manifest {
        describe(manifest, &mut line);
    }
    line("verdict", if loaded.is_ok() { "accepted" } else { "refused" }.into());
    report
}

/// The size, or that there is more of it than was read.
fn weight(anatomy: &Anatomy, max: usize) -> String {
    if anatomy.bytes > max { "more".into() } else { size(anatomy.bytes) }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Component => "component",
        Kind::Module => "core module",
        Kind::Foreign => "not WebAssembly",
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join("\n            ") }
}

fn memory(anatomy: &Anatomy, loaded: &Result<Component, Refusal>, max: usize) -> String {
    let initial = anatomy.memories.iter().fold(0_u64, |sum, memory| sum.saturating_add(memory.initial_bytes));
    let mut text = format!("{} at the start", size(usize::try_from(initial).unwrap_or(usize::MAX)));
    if let Ok(component) = loaded {
        let _ = write!(text, ", {} after `describe`", size(component.describe_bytes()));
    }
    let _ = write!(text, ", at most {}", size(max));
    text
}

fn describe(manifest: &Manifest, line: &mut impl FnMut(&str, String)) {
    line("platform", manifest.platform.clone());
    line("label", manifest.label.clone());
    line("version", manifest.version.clone());
    for origin in &manifest.origins {
        line("origin", format!("{} {} ({})", origin.name, origin.base_url, credentials(&origin.auth)));
    }
    line("profiles", profiles(manifest.enrichment));
    let hints = &manifest.hints;
    line(
        "hints",
        format!(
            "{} creators a page, {} a keyword, {} pages a keyword, {}",
            hints.page_size,
            hints.creators_per_keyword,
            hints.pages_per_keyword,
            hints.calls_per_minute.map_or("calls a minute unknown".into(), |calls| format!("{calls} calls a minute")),
        ),
    );
    line("views", if manifest.reports_views { "reported" } else { "not reported" }.into());
    for setting in &manifest.settings {
        line("setting", format!("{} = {:?}: {}", setting.name, setting.default, setting.doc));
    }
}

fn credentials(auth: &Auth) -> String {
    let way = match auth {
        Auth::None => return "no credentials".into(),
        Auth::Header(credential) => format!("header {}", credential.name),
        Auth::Query(credential) => format!("query parameter {}", credential.name),
        Auth::Bearer(_) => "bearer token".into(),
        Auth::ClientCredentials(exchange) => format!("client credentials at {}", exchange.token_url),
        Auth::Signed(signed) => format!("signed by {}", signed.scheme),
    };
    format!("{way}, from {}", secrets(auth).join(" and "))
}
