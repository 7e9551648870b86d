//! What happened in a world, as lines for people. Nothing is put into words while nobody asked for it.

use scout_pipeline::time::Time;

use crate::chance::number_of;
use crate::scenario::BEGIN;

/// The lines of one run, and a number that two runs share only if the same happened in both.
#[derive(Debug, Default)]
pub struct Trace {
    on: bool,
    lines: Vec<String>,
    digest: u64,
}

impl Trace {
    /// A trace that keeps lines, or only the number.
    #[must_use]
    pub fn new(on: bool) -> Self {
        Trace { on, ..Trace::default() }
    }

    /// Notes a line, and puts it into words only if somebody wants to read it.
    pub fn note(&mut self, at: Time, line: impl FnOnce() -> String) {
        if self.on {
            let line = format!("{:>9.3} s  {}", at.since(BEGIN) as f64 / 1_000.0, line());
            self.mix(number_of(&line));
            self.lines.push(line);
        }
    }

    /// Takes a number into the digest, whether lines are kept or not.
    pub fn mix(&mut self, number: u64) {
        self.digest = (self.digest.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    /// The lines so far.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The number so far.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest
    }
}
