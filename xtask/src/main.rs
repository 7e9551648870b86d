//! Scout's chores, run as `cargo xtask NAME`.

mod build;
mod npm;
mod progress;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use workspace::Workspace;

/// Scout's chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Chores {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Builds adapters, Worker and page into build/ and web/dist/, ready for `wrangler deploy`.
    Build(build::Options),
}

fn main() -> ExitCode {
    match run(Chores::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", error.chain().map(ToString::to_string).collect::<Vec<_>>().join("\n  because: "));
            ExitCode::FAILURE
        }
    }
}

fn run(chores: Chores) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match chores.chore {
        Chore::Build(options) => build::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
    }
}
