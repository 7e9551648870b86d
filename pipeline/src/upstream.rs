//! What may be asked of an upstream, and who is next: rate, slots and quota, one [`Budget`] for each base URL.
//!
//! Nobody calls a platform without a permit. Permits come in bundles: one [`Ask`] for all that a lease may take, and
//! one [`Settlement`] that gives back what it did not. A permit may be smaller than what was asked for; whoever needs
//! more asks again. One that nobody settles ends by itself and counts as used, so that a consumer that dies blocks
//! nothing for long and hides no call.
//!
//! Whoever has to wait keeps a place in line by asking again in time. Places go by how much an account has already
//! had, so that one that floods an upstream waits for itself and not the others for it.

mod breaker;
mod bucket;
mod budget;
mod budgets;
mod credit;
mod line;
mod quota;
mod rates;
mod seen;
mod view;

use serde::{Deserialize, Serialize};

use crate::time::Time;
use crate::trouble::Trouble;

pub use budget::Budget;
pub use budgets::{Budgets, Unmetered};
pub use credit::{CREDIT_FIELD, Credit};
pub use rates::{DAILY_SEARCHES, Rates, budget_variable, rates_in_force, share, upstreams};
pub use seen::Seen;
pub use view::{BudgetView, Gate};

/// An upstream, and what may be asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upstream {
    /// The base URL in force, which names it: platforms that share a provider share its budget.
    pub base_url: String,
    /// What it allows.
    pub rates: Rates,
}

/// May I call?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Who asks: the same for the same piece of work, so that asking again keeps the place in line.
    pub ticket: String,
    /// For whom.
    pub account: String,
    /// Calls that are to be under way at the same time, at least 1.
    pub slots: u32,
    /// Calls in all, at least 1.
    pub calls: u32,
    /// Whether they are searches, which have limits of their own.
    pub searches: bool,
}

/// What is answered to an [`Ask`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// Call.
    Granted(Permit),
    /// Not now. Waiting is nobody's failure and uses up no attempt.
    Wait {
        /// When to ask again. Whoever asks again much later has lost the place in line.
        until: Time,
        /// What is waited for.
        why: Why,
    },
    /// Calling would be in vain: why, as if the upstream had said it itself.
    Refused(Trouble),
}

/// The right to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// Its number, by which it is settled.
    pub id: u64,
    /// Calls that may be under way at the same time.
    pub slots: u32,
    /// Calls in all.
    pub calls: u32,
    /// When it ends by itself. No call may begin that could take longer.
    pub until: Time,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// So many calls in so short a time are not allowed.
    Rate,
    /// All slots are taken, or promised to those who come first.
    Slots,
    /// The account has as many slots as one account may have.
    Share,
    /// The upstream said to wait.
    Paused,
    /// The rest of the day's calls is with others, who may give some back.
    Quota,
    /// The upstream has been failing, not for long.
    Failing,
    /// One call is finding out whether the upstream works again.
    Probe,
    /// Whoever gives permits can't be reached.
    Unreachable,
}

/// What became of a permit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The permit.
    pub permit: u64,
    /// Calls that were made, those included that a token took.
    pub calls: u32,
    /// How each of them ended, in order.
    pub seen: Vec<Seen>,
    /// What the upstream said of what is left.
    #[serde(default)]
    pub credit: Credit,
}

#[cfg(test)]
mod tests;
