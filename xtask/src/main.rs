//! Scout's chores, run as `cargo xtask NAME`.

mod build;
mod dev;
mod fuzz;
mod npm;
mod platforms;
mod progress;
mod signals;
mod suite;
mod tidy;
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
    /// Runs everything on this machine, and builds again when a source changes, until Ctrl-C.
    Dev(dev::Options),
    /// Runs the whole suite, from rules to browser.
    Test(suite::Options),
    /// Feeds adapters spoiled answers, led by the code that they reach, and stops at one that an adapter does not survive.
    Fuzz(fuzz::Options),
    /// Reads every recording on both runtimes, and compares the page of platforms with it and the manifests.
    Platforms(platforms::Options),
    /// Checks what the compiler does not: who uses whom, names, sources, the contract.
    Tidy,
    /// Runs a program and ends all that it started when its owner ends. Used by `dev`.
    #[command(hide = true)]
    Guard {
        /// The program and its arguments.
        #[arg(last = true, required = true)]
        words: Vec<String>,
    },
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
        Chore::Build(options) => build::run(&workspace, &options)?,
        Chore::Dev(options) => dev::run(&workspace, &options)?,
        Chore::Test(options) => suite::run(&workspace, &options)?,
        Chore::Fuzz(options) => fuzz::run(&workspace, &options)?,
        Chore::Platforms(options) => platforms::run(&workspace, &options)?,
        Chore::Tidy => tidy::run(&workspace)?,
        Chore::Guard { words } => dev::stand(&words)?,
    }
    Ok(ExitCode::SUCCESS)
}
