//! A failure as people read it: the law, how it was broken, the smallest world in which it still is, what happened in
//! it, and the command that shows it again.

use std::fmt::Write as _;

use crate::faults::FaultKind;
use crate::laws::{Law, Violation};
use crate::sabotage::Known;
use crate::world::{self, Outcome, Settings};

/// Lines of a trace that are shown at most; what led to a failure is at its end.
const LINES_MAX: usize = 400;

/// A seed and everything that decides what happens in it.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The seed.
    pub seed: u64,
    /// How it is run.
    pub settings: Settings,
    /// The bug that is switched in.
    pub known: Option<&'a Known>,
}

impl Case<'_> {
    /// Runs it.
    #[must_use]
    pub fn run(&self) -> Outcome {
        world::run(self.seed, &self.settings, self.known.map(|known| (known.build)()))
    }

    /// Runs it again with kinds of faults and jobs switched off one after another, as long as it still breaks the
    /// same law, and returns the smallest that does.
    #[must_use]
    pub fn shrunk(&self, law: Law) -> Self {
        let mut smallest = self.clone();
        let fails = |case: &Self| case.run().violation.is_some_and(|found| found.law == law);
        for job in 0..self.settings.jobs.unwrap_or(3) {
            let mut candidate = smallest.clone();
            candidate.settings.without.push(job);
            if fails(&candidate) {
                smallest = candidate;
            }
        }
        let struck = smallest.run().coverage;
        for kind in FaultKind::ALL.iter().filter(|kind| !self.settings.off.contains(kind)) {
            let mut candidate = smallest.clone();
            candidate.settings.off.push(*kind);
            if struck.faults(*kind) == 0 || fails(&candidate) {
                smallest = candidate;
            }
        }
        smallest
    }

    /// The command that runs it again.
    #[must_use]
    pub fn command(&self) -> String {
        let mut command = format!("cargo run -p scout-sim -- --seed {}", self.seed);
        if let Some(known) = self.known {
            let _ = write!(command, " --sabotage {}", known.name);
        }
        if let Some(jobs) = self.settings.jobs {
            let _ = write!(command, " --jobs {jobs}");
        }
        for job in &self.settings.without {
            let _ = write!(command, " --without {job}");
        }
        command + &switches(&self.settings.off)
    }
}

/// The switches for these kinds of faults to be off, in the shorter of two ways.
fn switches(off: &[FaultKind]) -> String {
    let named = |kinds: &[FaultKind]| kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(",");
    let on: Vec<FaultKind> = FaultKind::ALL.iter().copied().filter(|kind| !off.contains(kind)).collect();
    match (off.len(), on.len()) {
        (0, _) => String::new(),
        (_, 0) => " --only none".into(),
        (off, left) if left < off => format!(" --only {}", named(&on)),
        _ => format!(" --off {}", named(off)),
    }
}

/// Puts a failure into words.
#[must_use]
pub fn failure(case: &Case<'_>, violation: &Violation) -> String {
    let mut smallest = case.shrunk(violation.law);
    smallest.settings.trace = true;
    let traced = smallest.run();
    let violation = traced.violation.as_ref().unwrap_or(violation);
    let lines = traced.trace.lines();
    let mut text = String::new();
    let _ = writeln!(text, "seed {} breaks {}", case.seed, violation.law.text());
    let _ = writeln!(text, "  job-{}: {}\n", violation.job, violation.text);
    if lines.len() > LINES_MAX {
        let _ = writeln!(text, "  … {} lines before", lines.len() - LINES_MAX);
    }
    for line in &lines[lines.len().saturating_sub(LINES_MAX)..] {
        let _ = writeln!(text, "  {line}");
    }
    let struck: Vec<&str> = FaultKind::ALL.iter().filter(|kind| traced.coverage.faults(**kind) > 0).map(|kind| kind.name()).collect();
    let _ = writeln!(text, "\nfaults that struck: {}", if struck.is_empty() { "none".into() } else { struck.join(", ") });
    let _ = writeln!(text, "again, as it was found: {}", case.command());
    let _ = write!(text, "again, at its smallest: {} --trace", smallest.command());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(off: &[FaultKind], without: Vec<usize>) -> String {
        Case { seed: 7, settings: Settings { off: off.to_vec(), without, ..Settings::default() }, known: None }.command()
    }

    #[test]
    fn the_command_says_what_is_off_in_the_shorter_way() {
        assert_eq!(command(&[], vec![]), "cargo run -p scout-sim -- --seed 7");
        assert_eq!(command(&[FaultKind::MessageLost], vec![1]), "cargo run -p scout-sim -- --seed 7 --without 1 --off message_lost");
        assert_eq!(command(&FaultKind::ALL[1..], vec![]), "cargo run -p scout-sim -- --seed 7 --only message_lost");
        assert_eq!(command(FaultKind::ALL, vec![]), "cargo run -p scout-sim -- --seed 7 --only none");
    }
}
