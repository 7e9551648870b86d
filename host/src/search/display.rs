//! What a search shows while it runs: a bar on a terminal, plain lines anywhere else.

use std::cell::{Cell, RefCell};
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use scout_pipeline::job::{Counters, Job, KeywordView, Status, TaskOutcome};
use scout_pipeline::time::Time;

use super::machine::{STOP_MS_MAX, Watch};

/// Shows a job's progress on standard error.
pub(super) struct Display {
    bar: Option<ProgressBar>,
    quiet: bool,
    shown: Cell<Option<u8>>,
    line: RefCell<String>,
}

/// Plain lines are written once for so many percent, so that a log stays readable.
const PERCENT_A_LINE: u8 = 10;

impl Display {
    /// A display that fits where standard error goes.
    #[must_use]
    pub(super) fn new(quiet: bool) -> Display {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(100);
            if let Ok(style) = ProgressStyle::with_template("{bar:30.cyan/dim} {percent:>3} %  {msg}  {elapsed:.dim}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(std::time::Duration::from_millis(200));
            bar
        });
        Display { bar, quiet, shown: Cell::new(None), line: RefCell::default() }
    }

    fn show_line(&self, percent: u8, text: String) {
        let step = percent / PERCENT_A_LINE;
        if self.quiet || self.shown.get() == Some(step) || *self.line.borrow() == text {
            return;
        }
        self.shown.set(Some(step));
        say(&format!("{percent:>3} %  {text}"));
        *self.line.borrow_mut() = text;
    }

    /// Says how the job ended, and what is missing.
    pub(super) fn end(&self, job: &Job, now: Time) {
        self.clear();
        if !self.quiet {
            lines(job, now).iter().for_each(|line| say(line));
        }
    }

    /// Says where a job is that was stopped before its end, and how to go on, which is never left out: nothing else
    /// is printed.
    pub(super) fn interrupted(&self, job: &Job, now: Time, kept: &Path, hints: &[String]) {
        self.clear();
        if !self.quiet {
            say(&head("interrupted", job, now));
            say(&format!("  nothing is printed before it is over; what was found is kept in {}", kept.display()));
        }
        hints.iter().for_each(|hint| say(&format!("hint: {hint}")));
    }

    /// Says something that is neither progress nor an error.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            say(&format!("note: {text}"));
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Display {
    fn changed(&self, job: &Job, counters: &Counters) {
        let text = text(job, counters);
        match &self.bar {
            Some(bar) => {
                bar.set_position(u64::from(counters.percent_complete));
                bar.set_message(text);
            }
            None => self.show_line(counters.percent_complete, text),
        }
    }

    fn stopping(&self, _: &Job, at_work: usize) {
        if self.quiet || at_work == 0 {
            return;
        }
        let line = format!("stopping: waiting up to {} s for what was asked already; once more stops at once", STOP_MS_MAX / 1_000);
        match &self.bar {
            Some(bar) => bar.println(line),
            None => say(&line),
        }
    }
}

/// With standard error closed there is nobody to tell.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

fn text(job: &Job, counters: &Counters) -> String {
    format!(
        "{} of {} keywords · {} of {} creators · {} profiles",
        counters.keywords_completed + counters.keywords_failed,
        counters.keywords_dispatched,
        counters.creators_found,
        job.dispatch().accepted.target,
        counters.creators_enriched
    )
}

/// How it ended and what it took.
fn head(name: &str, job: &Job, now: Time) -> String {
    let (counters, took) = (job.counters(), job.benchmark(now));
    format!(
        "{name}: {} of {} creators, {} profiles read, {} calls, {:.1} s",
        counters.creators_found,
        job.dispatch().accepted.target,
        counters.creators_enriched,
        took.api_calls,
        took.total_duration_ms as f64 / 1_000.0
    )
}

/// The last lines: how it ended, what it took, what is missing and what to do.
fn lines(job: &Job, now: Time) -> Vec<String> {
    let view = job.view(now);
    let mut lines = vec![head(name(view.status), job, now)];
    lines.extend(job.progress().notes.iter().map(|note| format!("  {note}")));
    lines.extend(view.keywords.iter().filter_map(failed));
    lines.extend(unread_profiles(job));
    if let Some(stopped) = &view.error {
        lines.push(format!("  stopped: {}", stopped.detail));
    }
    if let Some(shortfall) = &view.shortfall {
        lines.push(format!("  {} fewer than asked for: {}", shortfall.missing, shortfall.detail));
    }
    if view.status == Status::Completed && view.shortfall.is_some() {
        lines.push("hint: give further keywords: these reach nobody else".to_owned());
    }
    lines
}

fn failed(keyword: &KeywordView) -> Option<String> {
    match &keyword.outcome {
        Some(TaskOutcome::Failed(failure)) => Some(format!("  keyword {:?} failed: {}", keyword.keyword, failure.detail)),
        _ => None,
    }
}

/// Profiles that were not read, counted by reason. An account that shows nothing is not among them.
fn unread_profiles(job: &Job) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::<(String, String), u32>::new();
    for enrichment in (0..).map_while(|seq| job.record(seq)).map(|record| record.enrichment) {
        if matches!(enrichment.outcome.as_str(), "failed" | "skipped") {
            *counts.entry((enrichment.outcome, enrichment.reason.unwrap_or_default())).or_default() += 1;
        }
    }
    counts.into_iter().map(|((outcome, reason), count)| format!("  {count} profiles {outcome}: {reason}")).collect()
}

/// What a state is called; whatever is not over is one thing to somebody who looks at it from outside.
pub(super) fn name(status: Status) -> &'static str {
    match status {
        Status::Completed => "completed",
        Status::Partial => "partial",
        Status::Error => "error",
        Status::Cancelled => "cancelled",
        Status::Pending | Status::Dispatching | Status::Searching | Status::Enriching => "unfinished",
    }
}
