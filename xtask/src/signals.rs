//! Being asked to stop: Ctrl-C, a polite end from outside, or the terminal being closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Whether someone asked this program to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on these signals only set the flag; whoever works looks at it.
    pub(crate) fn on_signals() -> Result<Self> {
        let stop = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&stop.0)).context("signals can't be watched")?;
        }
        Ok(stop)
    }

    /// Whether it is time to stop.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Asks for the stop from inside.
    pub(crate) fn want(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
