//! `cargo xtask test`: the whole suite, from rules to browser.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;

use crate::build;
use crate::fuzz;
use crate::npm;
use crate::platforms;
use crate::progress::Progress;
use crate::workspace::{Workspace, run as run_command};

/// Tests of the Worker that need workerd or a browser.
const SLOW: &str = "package(scout-edge) & kind(test)";

/// Worlds that are the same in every run, and worlds that are new in each.
const WORLDS_FIXED: u64 = 1_000;
const WORLDS_FRESH: u64 = 2_000;

/// Where Debian puts the browser.
const CHROMIUM: &str = "/usr/bin/chromium";

/// What to test.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Leave out what needs the Worker, Node or a browser.
    #[arg(long)]
    quick: bool,
    /// Further arguments for `cargo nextest run`, such as the name of a test.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    nextest: Vec<String>,
}

/// Runs the suite. The summary of the Rust tests is the last thing printed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let progress = Progress::of("test");
    ensure_nextest(workspace, progress)?;
    if !options.quick {
        ensure_chromium()?;
        build::run(workspace, &build::Options { no_page: false })?;
        test_glue(workspace, progress)?;
        platforms::check_recordings(workspace, progress)?;
        test_page(workspace, progress)?;
    }
    simulate(workspace, progress)?;
    fuzz::short(workspace, progress)?;
    let mut doc = workspace.cargo();
    doc.args(["test", "--quiet", "--workspace", "--doc"]);
    progress.step("examples in the documentation", || run_command(&mut doc, "`cargo test --doc` shows them alone"))?;
    let mut nextest = workspace.cargo();
    nextest.args(nextest_words(options));
    progress.say("the Rust tests …");
    run_command(&mut nextest, "`cargo nextest run NAME` runs one test alone")
}

fn nextest_words(options: &Options) -> Vec<String> {
    let mut words: Vec<String> = ["nextest", "run", "--workspace", "--no-fail-fast"].map(String::from).into();
    if options.quick {
        words.extend(["--filterset".to_owned(), format!("not ({SLOW})")]);
    }
    words.extend(options.nextest.iter().cloned());
    words
}

/// Jobs in worlds in which everything goes wrong that can.
fn simulate(workspace: &Workspace, progress: Progress) -> Result<()> {
    for (worlds, base) in [(WORLDS_FIXED, 0), (WORLDS_FRESH, fresh_base())] {
        let mut sim = workspace.cargo();
        sim.args([
            "run",
            "--quiet",
            "--package",
            "scout-sim",
            "--",
            "--quiet",
            "--seeds",
            &worlds.to_string(),
            "--base",
            &base.to_string(),
        ]);
        let again = format!("`cargo run -p scout-sim -- --seeds {worlds} --base {base}` shows it again");
        progress.step(format_args!("the laws in {worlds} worlds from seed {base}"), || run_command(&mut sim, &again))?;
    }
    Ok(())
}

/// Somewhere that no run has begun before, most likely; in the output, so that what fails there can be shown again.
fn fresh_base() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    // Seconds times worlds: the next run begins behind the last one's end.
    since.as_secs() * WORLDS_FRESH
}

/// The JavaScript between the Worker's Rust and the adapters.
fn test_glue(workspace: &Workspace, progress: Progress) -> Result<()> {
    let mut node = workspace.command("node");
    node.args(["--test", "--test-reporter=dot", "edge/js/tests/adapters.mjs"]);
    progress.step("the glue to adapters", || run_command(&mut node, "`node --test edge/js/tests/` shows it alone"))
}

/// The page's own checks and tests, those in a browser included.
fn test_page(workspace: &Workspace, progress: Progress) -> Result<()> {
    npm::install(workspace, progress)?;
    for script in ["check", "test"] {
        let mut npm = workspace.command("npm");
        npm.args(["run", "--silent", script, "--workspace", "web"]);
        progress.step(format_args!("the page ({script})"), || run_command(&mut npm, "`npm run test -w web` shows it alone"))?;
    }
    Ok(())
}

fn ensure_nextest(workspace: &Workspace, progress: Progress) -> Result<()> {
    let there = workspace.cargo().args(["nextest", "--version"]).output();
    if there.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    let mut install = workspace.cargo();
    install.args(["install", "--quiet", "--locked", "cargo-nextest"]);
    progress.step("cargo-nextest, once for this machine (several minutes)", || {
        run_command(&mut install, "cargo install --locked cargo-nextest")
    })
}

/// Finds the browser before anything is built, rather than after minutes.
fn ensure_chromium() -> Result<()> {
    let browser = std::env::var_os("SCOUT_CHROMIUM").map_or_else(|| PathBuf::from(CHROMIUM), PathBuf::from);
    ensure_browser(&browser)
}

fn ensure_browser(browser: &Path) -> Result<()> {
    if browser.exists() {
        return Ok(());
    }
    bail!(
        "the tests of the page need Chromium, and none is at the place where it is expected\nhint: apt-get install chromium, or set SCOUT_CHROMIUM to one; `cargo xtask test --quick` needs none"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_suite_leaves_nothing_out() {
        let words = nextest_words(&Options { quick: false, nextest: vec![] });
        assert_eq!(words, ["nextest", "run", "--workspace", "--no-fail-fast"]);
    }

    #[test]
    fn the_quick_suite_leaves_out_what_needs_workerd() {
        let words = nextest_words(&Options { quick: true, nextest: vec![] });
        assert_eq!(words.last().map(String::as_str), Some("not (package(scout-edge) & kind(test))"));
    }

    #[test]
    fn further_words_go_to_nextest_at_the_end() {
        let words = nextest_words(&Options { quick: true, nextest: vec!["a_name".to_owned()] });
        assert_eq!(words.last().map(String::as_str), Some("a_name"));
    }

    #[test]
    fn a_browser_that_is_missing_is_an_error_with_a_way_out() {
        let error = ensure_browser(Path::new("there/is/none")).expect_err("it is missing").to_string();
        assert!(error.contains("hint: apt-get install chromium"), "{error}");
    }
}
