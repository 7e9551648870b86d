//! `GET /api/v2/operator/adapters`: what is installed and how each is set up, without any secret's value.

use scout_pipeline::contract::{Manifest, Pair};
use scout_pipeline::outbound::{Setup, missing_secrets};
use serde::Serialize;
use serde_json::json;
use worker::Env;

use crate::adapters::installed;
use crate::answer::Answer;
use crate::config::Config;

/// An adapter as the operator sees it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Adapter<'a> {
    platform: &'a str,
    label: &'a str,
    version: &'a str,
    origins: Vec<Origin<'a>>,
    /// With the values in force.
    settings: Vec<Pair>,
    missing_secrets: Vec<String>,
}

/// A host that it talks to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Origin<'a> {
    name: &'a str,
    /// The one in force.
    base_url: &'a str,
}

/// Lists all adapters.
pub(super) fn list(env: &Env, config: &Config) -> Answer {
    let installed = installed(env, config);
    let adapters: Vec<Adapter<'_>> = installed.iter().map(|installed| adapter(&installed.manifest, &installed.setup)).collect();
    Answer::json(200, &json!({ "adapters": adapters }))
}

fn adapter<'a>(manifest: &'a Manifest, setup: &'a Setup) -> Adapter<'a> {
    let base_url = |name: &str| setup.base_urls.get(name).map(|url| url.as_str());
    let origins =
        manifest.origins.iter().map(|origin| Origin { name: &origin.name, base_url: base_url(&origin.name).unwrap_or(&origin.base_url) });
    Adapter {
        platform: &manifest.platform,
        label: &manifest.label,
        version: &manifest.version,
        origins: origins.collect(),
        settings: setup.settings_in_force(manifest),
        missing_secrets: missing_secrets(manifest, setup),
    }
}
