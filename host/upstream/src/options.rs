//! What can be chosen about a server.

use crate::faults::Faults;
use crate::quirks::Quirks;

/// What can be chosen about a server.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What everything follows from: the same seed and request give the same bytes.
    pub seed: u64,
    /// Creators of every platform.
    pub creators: u32,
    /// How long every answer takes at least, in milliseconds.
    pub latency_ms: u64,
    /// How much longer it may take, in milliseconds; each call draws its own.
    pub jitter_ms: u64,
    /// How long the body of an answer takes that the fault `slow` happens to, in milliseconds.
    pub slow_ms: u64,
    /// How long answers that refuse too many calls say to wait, in seconds. Short by default, so that demos go on.
    pub retry_after_s: u32,
    /// What is odd with the platforms even on a good day.
    pub quirks: Quirks,
    /// What goes wrong.
    pub faults: Faults,
}

impl Default for Options {
    /// Seed 1, 20 000 creators, no latency, 10 s for slow answers, 1 s to wait after too many calls, quirks at their usual rates, no faults.
    fn default() -> Self {
        Options {
            seed: 1,
            creators: 20_000,
            latency_ms: 0,
            jitter_ms: 0,
            slow_ms: 10_000,
            retry_after_s: 1,
            quirks: Quirks::usual(),
            faults: Faults::none(),
        }
    }
}
