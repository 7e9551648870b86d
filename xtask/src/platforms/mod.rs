//! `cargo xtask platforms`: what every platform needs, gives and costs, as `adapters/README.md` has it.
//!
//! Needs come from manifests. What is known comes from recorded answers, each read by the built component on wasmtime and
//! on workerd, which have to agree. What is given and costs come from searches of the fake platforms.

mod calls;
mod costs;
mod known;
mod needs;
mod page;

use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::build;
use crate::npm;
use crate::progress::Progress;
use crate::workspace::Workspace;
use page::{Page, Part};

/// What to do with the page.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Write the page where it differs, and search every fake platform for what 1 000 creators cost.
    #[arg(long)]
    write: bool,
}

/// Reads everything, and compares the page with it or writes it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let progress = Progress::of("platforms");
    build::adapters(workspace, progress)?;
    npm::install(workspace, progress)?;
    let mut page = Page::read(workspace)?;
    page.put(Part::Needs, &needs::table(&manifests(workspace)?))?;
    read_recordings(workspace, progress, &mut page)?;
    if options.write {
        let searched = progress.step("1 000 creators of every fake platform", || costs::search_all(workspace))?;
        page.put(Part::Gives, &costs::table_of_fields(&searched))?;
        page.put(Part::Costs, &costs::table(&searched))?;
        return page.write(workspace);
    }
    page.check()
}

/// Reads every recording on both runtimes, and compares what they make of them and the page's tables with it.
///
/// # Errors
/// When the runtimes disagree, an adapter traps, or the tables are not up to date.
pub(crate) fn check_recordings(workspace: &Workspace, progress: Progress) -> Result<()> {
    let mut page = Page::read(workspace)?;
    read_recordings(workspace, progress, &mut page)?;
    page.check()
}

/// Compares the page with the adapters' manifests, and sees that no platform is missing in it.
///
/// # Errors
/// When it is not up to date.
pub(crate) fn check_needs(workspace: &Workspace) -> Result<()> {
    let manifests = manifests(workspace)?;
    let mut page = Page::read(workspace)?;
    page.put(Part::Needs, &needs::table(&manifests))?;
    for manifest in &manifests {
        page.check_rows(manifest["platform"].as_str().unwrap_or_default())?;
    }
    page.check()
}

/// Puts the tables of recordings into the page; leaves them as they are where there are no recordings.
fn read_recordings(workspace: &Workspace, progress: Progress, page: &mut Page) -> Result<()> {
    let calls = progress.step("what recordings are read as", || calls::recorded(workspace))?;
    if calls.is_empty() {
        progress.say("skipped: no recordings are at hand in ../shared/samples, so their tables stay as they are");
        return Ok(());
    }
    let outcomes =
        progress.step(format_args!("{} readings on wasmtime and on workerd", calls.len()), || calls::on_both(workspace, &calls))?;
    let known = known::count(&calls, &outcomes);
    page.put(Part::Read, &known::table_of_rows(&known))?;
    page.put(Part::Known, &known::table_of_fields(&known))
}

/// The manifest of every adapter, in the order of their names.
fn manifests(workspace: &Workspace) -> Result<Vec<Value>> {
    let names = scout_component::names(workspace.root())?;
    let calls: Vec<Value> = names.iter().map(|name| json!({ "adapter": name, "function": "describe" })).collect();
    let described = calls::on_wasmtime(workspace, &calls)?;
    match described.iter().zip(&names).find(|(described, _)| described["ok"].is_null()) {
        Some((described, name)) => bail!("the adapter {name} does not say what it is: {described}"),
        None => Ok(described.into_iter().map(|mut described| described["ok"].take()).collect()),
    }
}
