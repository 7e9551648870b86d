//! The figures of an audit, for people.

use std::collections::BTreeMap;
use std::fmt;

use scout_upstream::Counters;
use serde_json::Value;

use super::Told;
use crate::api::creators;

/// Sums over all jobs.
pub(super) struct Totals {
    lines: Vec<(&'static str, BTreeMap<String, u64>)>,
}

impl Totals {
    /// Adds up what was told of jobs and seen at the platforms.
    pub(super) fn of(told: &[Told], counters: &Counters) -> Totals {
        let mut wanted = BTreeMap::new();
        for job in told {
            *wanted.entry("wanted".to_owned()).or_default() += job.target as u64;
            *wanted.entry("delivered".to_owned()).or_default() += creators(&job.status).len() as u64;
        }
        let keywords =
            told.iter().flat_map(|job| job.job["keywords"].as_array().unwrap()).map(|keyword| outcome(&keyword["outcome"], "kind"));
        let profiles = told.iter().flat_map(|job| creators(&job.status)).map(|creator| outcome(&creator["enrichment"], "outcome"));
        let statuses = counters.platforms.values().flat_map(|platform| &platform.statuses);
        let mut answers = BTreeMap::new();
        for (status, times) in statuses {
            *answers.entry(status.to_string()).or_default() += times;
        }
        let lines = vec![
            ("jobs", tally(told.iter().map(|job| job.status["status"].as_str().unwrap().to_owned()))),
            ("creators", wanted),
            ("keywords", tally(keywords)),
            ("profiles", tally(profiles)),
            ("calls", [("told".to_owned(), told.iter().map(Told::calls).sum()), ("served".to_owned(), counters.calls)].into()),
            ("answers", answers),
            ("faults", counters.faults.clone()),
        ];
        Totals { lines }
    }
}

fn tally(words: impl Iterator<Item = String>) -> BTreeMap<String, u64> {
    words.fold(BTreeMap::new(), |mut tally, word| {
        *tally.entry(word).or_default() += 1;
        tally
    })
}

/// An outcome with its reason, if it has one.
fn outcome(outcome: &Value, kind: &str) -> String {
    let reason = outcome["reason"].as_str().map(|reason| format!(" ({reason})")).unwrap_or_default();
    format!("{}{reason}", outcome[kind].as_str().unwrap_or_default())
}

impl fmt::Display for Totals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, figures) in &self.lines {
            let figures: Vec<String> = figures.iter().map(|(what, times)| format!("{what} {times}")).collect();
            writeln!(out, "{name:<9} {}", figures.join(", "))?;
        }
        Ok(())
    }
}
