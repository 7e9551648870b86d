//! `GET /api/v2/operator/upstreams`: how the budget of each upstream stands.

use std::collections::BTreeMap;

use futures::future::join_all;
use scout_pipeline::upstream::{BudgetView, Upstream, upstreams};
use serde::Serialize;
use serde_json::json;
use worker::{Env, console_error};

use crate::adapters::installed;
use crate::answer::Answer;
use crate::config::Config;
use crate::permits::Office;

/// An upstream as operators see it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    base_url: String,
    /// The platforms whose requests go there.
    platforms: Vec<String>,
    /// Nothing where it can't be reached.
    budget: Option<BudgetView>,
}

/// Lists the upstreams of all installed adapters.
pub(super) async fn list(env: &Env, config: &Config) -> Answer {
    let mut platforms: BTreeMap<String, (Upstream, Vec<String>)> = BTreeMap::new();
    for adapter in installed(env, config).iter() {
        for (_, upstream) in upstreams(adapter) {
            let (_, shared) = platforms.entry(upstream.base_url.clone()).or_insert_with(|| (upstream, Vec::new()));
            shared.push(adapter.manifest.platform.clone());
        }
    }
    let office = Office::new(env);
    let shown = platforms.into_values().map(async |(upstream, platforms)| {
        let budget = office.view(&upstream).await;
        let budget = budget.inspect_err(|error| console_error!("an upstream's object gave no answer: {error}")).ok();
        Shown { base_url: upstream.base_url, platforms, budget }
    });
    Answer::json(200, &json!({ "upstreams": join_all(shown).await }))
}
