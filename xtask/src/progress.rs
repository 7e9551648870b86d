//! What a chore says while it works: one line as a step begins, one with the time it took.

use std::fmt::Display;
use std::time::{Duration, Instant};

use anyhow::Result;

/// Speaks for one chore, on standard error, so that standard output stays free for what tools print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    chore: &'static str,
}

impl Progress {
    /// Speaks under the chore's name, such as `build`.
    pub(crate) fn of(chore: &'static str) -> Self {
        Self { chore }
    }

    /// Says one thing.
    pub(crate) fn say(self, what: impl Display) {
        eprintln!("{}: {what}", self.chore);
    }

    /// Runs a step, says what it is before and how long it took after.
    pub(crate) fn step<T>(self, what: impl Display, step: impl FnOnce() -> Result<T>) -> Result<T> {
        self.say(format_args!("{what} …"));
        let started = Instant::now();
        let done = step()?;
        self.say(format_args!("{what}: done in {}", seconds(started.elapsed())));
        Ok(done)
    }
}

/// A duration as people read it: `0.3 s`, `12 s`, `2 min 5 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match whole {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{whole} s"),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_times_have_a_tenth_and_long_ones_minutes() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_millis(12_900)), "12 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }

    #[test]
    fn a_failed_step_gives_its_error() {
        let failed: Result<()> = Progress::of("test").step("failing", || anyhow::bail!("no"));
        assert_eq!(failed.map_err(|error| error.to_string()), Err("no".to_owned()));
    }
}
