//! The commands, as they are typed.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::adapter;
use crate::failure::{Failure, Outcome};
use crate::output::print;
use crate::search;

/// Finds creators from this machine.
#[derive(Debug, Parser)]
#[command(name = "scout", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 error, 2 bad input.")]
struct Scout {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find creators: a whole search on this machine, from keywords to export.
    Search(search::Wish),
    /// Go on with a search that was cut off, try again what failed in one, or print it.
    Resume(search::Resume),
    /// End a search that was cut off for good, and print what it found.
    Cancel(search::Cancel),
    /// List the searches that are kept on this machine.
    Jobs(search::Jobs),
    /// Look at adapters and at what they make of answers.
    #[command(subcommand, arg_required_else_help = true)]
    Adapter(adapter::Command),
    /// Serve fake platforms on this machine until Ctrl-C.
    Upstream(scout_upstream::Args),
}

/// Runs the command that these arguments ask for, the program's name first.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Scout::try_parse_from(arguments) {
        Ok(scout) => start(scout.command).unwrap_or_else(|failure| failure.report()),
        Err(refused) => {
            // Help goes to standard output and errors to standard error; either may be closed.
            let _ = refused.print();
            ExitCode::from(if refused.use_stderr() { 2 } else { 0 })
        }
    }
}

fn start(command: Command) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::error(format_args!("threads can't be started: {}", error.kind())))?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Search(wish) => search::search(wish).await,
            Command::Resume(resume) => search::resume(resume).await,
            Command::Cancel(cancel) => search::cancel(&cancel),
            Command::Jobs(jobs) => search::jobs(&jobs),
            Command::Adapter(command) => adapter::run(command).await,
            Command::Upstream(arguments) => serve(arguments).await,
        }
    });
    // An adapter that still computes for a search that was stopped is not waited for.
    runtime.shutdown_background();
    outcome
}

async fn serve(arguments: scout_upstream::Args) -> Outcome {
    let announce = |address| {
        // Whoever waits for this line may have closed the pipe; serving goes on all the same.
        let _ = print(&format!("listening on http://{address}\n"));
    };
    match arguments.run(announce).await {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => Err(Failure::error(error)),
    }
}
