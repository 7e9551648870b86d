//! `GET /api/v2/platforms`: what is installed and what each can do.

use scout_pipeline::contract::{Enrichment, Hints, Manifest};
use scout_pipeline::outbound::missing_secrets;
use serde::Serialize;
use serde_json::json;
use worker::Env;

use crate::adapters::installed;
use crate::answer::Answer;
use crate::config::Config;

/// A platform as callers see it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Platform<'a> {
    platform: &'a str,
    label: &'a str,
    version: &'a str,
    reports_views: bool,
    enrichment: &'static str,
    hints: Hints,
    /// Whether it can be searched now.
    ready: bool,
    /// The secrets that have to be set first, by name.
    missing_secrets: Vec<String>,
}

/// Lists all platforms.
pub(super) fn list(env: &Env, config: &Config) -> Answer {
    let adapters = installed(env, config);
    let one = |(manifest, missing)| platform(manifest, missing);
    let platforms: Vec<_> =
        adapters.iter().map(|installed| (&installed.manifest, missing_secrets(&installed.manifest, &installed.setup))).map(one).collect();
    Answer::json(200, &json!({ "platforms": platforms }))
}

fn platform(manifest: &Manifest, missing_secrets: Vec<String>) -> Platform<'_> {
    Platform {
        platform: &manifest.platform,
        label: &manifest.label,
        version: &manifest.version,
        reports_views: manifest.reports_views,
        enrichment: match manifest.enrichment {
            Enrichment::None => "none",
            Enrichment::Optional(_) => "optional",
            Enrichment::Required(_) => "required",
        },
        hints: manifest.hints,
        ready: missing_secrets.is_empty(),
        missing_secrets,
    }
}
