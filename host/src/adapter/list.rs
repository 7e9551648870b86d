//! `scout adapter list`

use std::process::ExitCode;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use scout_pipeline::contract::{Auth, Enrichment, Manifest};

use super::Source;
use crate::bundle;
use crate::engine::Engine;
use crate::failure::{Failure, Outcome};
use crate::output::print;

/// Prints one line for each installed adapter. One that is refused does not hide the others.
pub(super) fn run(engine: &Engine) -> Outcome {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["PLATFORM", "LABEL", "VERSION", "PROFILES", "SECRETS"]);
    let mut refused = Vec::new();
    for name in bundle::names() {
        match Source::Installed(name).load(engine) {
            Ok(adapter) => drop(table.add_row(row(adapter.manifest()))),
            Err(failure) => refused.push((name, failure)),
        }
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    print(&format!("{}\n", table.trim_fmt()))?;
    match refused.into_iter().next() {
        None => Ok(ExitCode::SUCCESS),
        Some((name, failure)) => Err(Failure::error(format_args!("the adapter {name} can't be used: {}", failure.text()))),
    }
}

fn row(manifest: &Manifest) -> [String; 5] {
    let secrets = manifest.origins.iter().flat_map(|origin| secrets(&origin.auth)).collect::<Vec<_>>();
    [
        manifest.platform.clone(),
        manifest.label.clone(),
        manifest.version.clone(),
        profiles(manifest.enrichment),
        if secrets.is_empty() { "none".into() } else { secrets.join(", ") },
    ]
}

/// How profiles are read, in a few words.
pub(super) fn profiles(enrichment: Enrichment) -> String {
    match enrichment {
        Enrichment::None => "in search answers".into(),
        Enrichment::Optional(creators) => format!("optional, {creators} a call"),
        Enrichment::Required(creators) => format!("required, {creators} a call"),
    }
}

/// The names of the secrets that an origin takes.
pub(super) fn secrets(auth: &Auth) -> Vec<&str> {
    match auth {
        Auth::None => Vec::new(),
        Auth::Header(credential) | Auth::Query(credential) => vec![&credential.secret],
        Auth::Bearer(secret) => vec![secret],
        Auth::ClientCredentials(exchange) => vec![&exchange.id, &exchange.secret],
        Auth::Signed(signed) => vec![&signed.key, &signed.secret],
    }
}
