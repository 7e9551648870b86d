//! A budget as operators see it.

use serde::{Deserialize, Serialize};

use super::{Credit, Rates};
use crate::trouble::Failure;

/// How an upstream's budget stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetView {
    /// What is allowed.
    pub rates: Rates,
    /// What it is slowed down to by the upstream's own word, in percent.
    pub pace_percent: u32,
    /// Slots that are taken.
    pub slots_taken: u32,
    /// Slots that there are at this pace.
    pub slots: u32,
    /// Permits that are held.
    pub permits: u32,
    /// How many wait for one.
    pub waiting: u32,
    /// For how many accounts.
    pub waiting_accounts: u32,
    /// Calls of this day, those included that are granted.
    pub calls_today: u32,
    /// Those of them that are searches.
    pub searches_today: u32,
    /// When the next day begins, RFC 3339.
    pub day_ends: String,
    /// Whether calls go through.
    pub gate: Gate,
    /// Until when the upstream said that it allows no calls, RFC 3339.
    pub paused_until: Option<String>,
    /// What the upstream said of what is left.
    pub credit: Credit,
}

/// Whether calls go through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Gate {
    /// They do.
    Open,
    /// One at a time does, to find out whether the upstream works again.
    #[serde(rename_all = "camelCase")]
    Probing {
        /// Since when the upstream has not been working, RFC 3339.
        since: String,
        /// Why calls were stopped.
        failure: Failure,
    },
    /// None does.
    #[serde(rename_all = "camelCase")]
    Closed {
        /// Since when the upstream has not been working, RFC 3339.
        since: String,
        /// Until when, RFC 3339.
        until: String,
        /// Why.
        failure: Failure,
    },
}
