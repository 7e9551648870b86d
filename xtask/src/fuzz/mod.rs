//! `cargo xtask fuzz`: spoiled answers for every adapter, drawn from a seed or led by the code that they reach.

mod driver;
mod engine;

use anyhow::{Result, bail};
use clap::Args;

use crate::progress::Progress;
use crate::workspace::{Workspace, run as run_command};
use driver::Driver;

/// Inputs for each adapter in the suite.
const SHORT_RUNS: u32 = 20_000;

/// Which adapters are fed, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The adapter's folder; each of them when left out.
    adapter: Option<String>,
    /// Inputs for each adapter, unless something is found before.
    #[arg(long, default_value_t = 1_000_000)]
    runs: u32,
    /// Seconds for each adapter, after which it ends before all inputs were read.
    #[arg(long)]
    seconds: Option<u32>,
    /// Only what the suite does: inputs that are drawn from a seed, without an engine.
    #[arg(long, conflicts_with_all = ["runs", "seconds", "components", "keep"])]
    short: bool,
    /// Feed the built components instead, within the host's limits.
    #[arg(long, conflicts_with_all = ["seconds", "keep"])]
    components: bool,
    /// Afterwards keep the few smallest inputs that reach what no fixture does, in the adapter's fixtures/found/.
    #[arg(long)]
    keep: bool,
}

/// Feeds the adapters that were asked for.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let progress = Progress::of("fuzz");
    let names = chosen(&scout_component::names(workspace.root())?, options.adapter.as_deref())?;
    if options.components {
        return components(workspace, progress, options);
    }
    let driver = Driver::write(workspace)?;
    if options.short {
        return draw(workspace, progress, &driver, options.adapter.as_deref());
    }
    engine::run(workspace, progress, &driver, &names, options)
}

/// What the suite runs.
pub(crate) fn short(workspace: &Workspace, progress: Progress) -> Result<()> {
    draw(workspace, progress, &Driver::write(workspace)?, None)
}

fn draw(workspace: &Workspace, progress: Progress, driver: &Driver, adapter: Option<&str>) -> Result<()> {
    let mut build = driver.build(workspace, "short");
    progress.step("the program that feeds adapters", || run_command(&mut build, "cargo build -p scout-fuzz"))?;
    let mut short = workspace.command(driver.program("short"));
    // What it says is where the adapter failed; how it came there is for a debugger.
    short.args(["short", &SHORT_RUNS.to_string()]).args(adapter).env("RUST_BACKTRACE", "0");
    progress.step(format_args!("{SHORT_RUNS} spoiled answers for each adapter"), || {
        run_command(&mut short, "`cargo xtask fuzz ADAPTER --short` shows one of them alone")
    })
}

/// The host's own test, with as many inputs as were asked for.
fn components(workspace: &Workspace, progress: Progress, options: &Options) -> Result<()> {
    let mut test = workspace.cargo();
    test.args(["nextest", "run", "--package", "scout-host", "--no-capture", "mutated::"]);
    test.env("SCOUT_FUZZ_RUNS", options.runs.to_string());
    if let Some(adapter) = &options.adapter {
        test.env("SCOUT_FUZZ_ADAPTER", adapter);
    }
    progress.step(format_args!("{} spoiled answers for each component", options.runs), || {
        run_command(&mut test, "`cargo xtask fuzz ADAPTER --components` shows one of them alone")
    })
}

fn chosen(names: &[String], adapter: Option<&str>) -> Result<Vec<String>> {
    let Some(adapter) = adapter else { return Ok(names.to_vec()) };
    if !names.iter().any(|name| name == adapter) {
        bail!("there is no adapter {adapter}\nhint: there are {}", names.join(", "));
    }
    Ok(vec![adapter.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adapter_that_there_is_is_chosen_alone_and_without_one_all_are() {
        let names = ["one", "two"].map(str::to_owned);
        assert_eq!(chosen(&names, None).expect("chosen"), names);
        assert_eq!(chosen(&names, Some("two")).expect("chosen"), ["two"]);
    }

    #[test]
    fn an_adapter_that_there_is_not_is_an_error_that_names_those_there_are() {
        let error = chosen(&["one".to_owned()], Some("three")).expect_err("there is none").to_string();
        assert_eq!(error, "there is no adapter three\nhint: there are one");
    }
}
