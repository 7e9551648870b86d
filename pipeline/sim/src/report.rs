//! A failure as people read it: the law, how it was broken, the smallest world in which it still is, what happened in
//! it, and the command that shows it again.

use std::fmt::Write as _;

use crate::faults::{FaultKind, Rates};
use crate::laws::Violation;
use crate::world::{self, Settings};

/// Lines of a trace that are shown at most; what led to a failure is at its end.
const LINES_MAX: usize = 400;

/// Runs a failing seed again with kinds of faults and jobs switched off one after another, as long as it still breaks
/// the same law, and returns the settings of the smallest world that does.
#[must_use]
pub fn shrink(seed: u64, settings: &Settings, violation: &Violation) -> Settings {
    let mut smallest = settings.clone();
    let fails = |settings: &Settings| world::run_caught(seed, settings, None).violation.is_some_and(|found| found.law == violation.law);
    for job in 0..settings.jobs.unwrap_or(3) {
        let candidate = Settings { without: [smallest.without.clone(), vec![job]].concat(), ..smallest.clone() };
        if fails(&candidate) {
            smallest = candidate;
        }
    }
    let struck = world::run_caught(seed, &smallest, None).coverage;
    for kind in FaultKind::ALL {
        let candidate = Settings { off: [smallest.off.clone(), vec![*kind]].concat(), ..smallest.clone() };
        if struck.faults(*kind) == 0 || fails(&candidate) {
            smallest = candidate;
        }
    }
    smallest
}

/// The command that runs a seed again with these settings.
#[must_use]
pub fn command(seed: u64, settings: &Settings) -> String {
    let mut command = format!("cargo run -p scout-sim -- --seed {seed}");
    if let Some(jobs) = settings.jobs {
        let _ = write!(command, " --jobs {jobs}");
    }
    for job in &settings.without {
        let _ = write!(command, " --without {job}");
    }
    let named = |kinds: Vec<FaultKind>| kinds.into_iter().map(FaultKind::name).collect::<Vec<_>>().join(",");
    let on: Vec<FaultKind> = FaultKind::ALL.iter().copied().filter(|kind| !settings.off.contains(kind)).collect();
    match (settings.off.len(), on.len()) {
        (0, _) => {}
        (_, 0) => command.push_str(" --only none"),
        (off, on_count) if on_count < off => {
            let _ = write!(command, " --only {}", named(on));
        }
        _ => {
            let _ = write!(command, " --off {}", named(settings.off.clone()));
        }
    }
    command
}

/// Puts a failure into words.
#[must_use]
pub fn failure(seed: u64, settings: &Settings, violation: &Violation) -> String {
    let smallest = shrink(seed, settings, violation);
    let traced = world::run_caught(seed, &Settings { trace: true, ..smallest.clone() }, None);
    let violation = traced.violation.as_ref().unwrap_or(violation);
    let lines = traced.trace.lines();
    let mut text = String::new();
    let _ = writeln!(text, "seed {seed} breaks {}", violation.law.text());
    let _ = writeln!(text, "  job-{}: {}\n", violation.job, violation.text);
    if lines.len() > LINES_MAX {
        let _ = writeln!(text, "  … {} lines before", lines.len() - LINES_MAX);
    }
    for line in &lines[lines.len().saturating_sub(LINES_MAX)..] {
        let _ = writeln!(text, "  {line}");
    }
    let left: Vec<&str> = FaultKind::ALL.iter().filter(|kind| traced.coverage.faults(**kind) > 0).map(|kind| kind.name()).collect();
    let _ = writeln!(text, "\nfaults that it takes: {}", if left.is_empty() { "none".into() } else { left.join(", ") });
    let _ = writeln!(text, "again, as it was found: {}", command(seed, settings));
    let _ = write!(text, "again, at its smallest: {} --trace", command(seed, &smallest));
    text
}

/// The rates of a seed, for people who want to know how wild it was.
#[must_use]
pub fn rates(rates: &Rates) -> String {
    let on = FaultKind::ALL.iter().filter(|kind| rates.of(**kind) > 0);
    on.map(|kind| format!("{} {}‰", kind.name(), rates.of(*kind))).collect::<Vec<_>>().join(", ")
}
