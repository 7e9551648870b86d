//! `cargo xtask build`: adapters, Worker and page, each only where something changed.

mod adapters;
pub(crate) mod freshness;
mod page;
mod worker;

use anyhow::Result;
use clap::Args;

use crate::progress::{Progress, seconds};
use crate::workspace::Workspace;

/// What to build.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Leave out the page.
    #[arg(long)]
    pub(crate) no_page: bool,
}

/// Builds the adapters alone, for whoever needs them on the Worker's runtime and not the Worker.
pub(crate) fn adapters(workspace: &Workspace, progress: Progress) -> Result<()> {
    adapters::build(workspace, progress)
}

/// Builds everything that is not up to date.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let started = std::time::Instant::now();
    let progress = Progress::of("build");
    adapters::build(workspace, progress)?;
    worker::build(workspace, progress)?;
    if !options.no_page {
        page::build(workspace, progress)?;
    }
    progress.say(format_args!("everything is in build/ and web/dist/ ({})", seconds(started.elapsed())));
    Ok(())
}
