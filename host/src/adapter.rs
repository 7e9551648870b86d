//! `scout adapter`: look at adapters and at what they make of recorded answers, without any network.

mod call;
mod inspect;
mod list;
mod read;
mod source;
mod wire;

use clap::Subcommand;

use crate::engine::{Engine, Options};
use crate::failure::Outcome;

pub use source::{Source, read_at_most};

/// What can be done with adapters.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the adapters that are part of this program.
    List,
    /// Show what a component is made of and what it says of itself, or why it is refused.
    Inspect(inspect::Arguments),
    /// Show what an adapter makes of a recorded search answer, as JSON.
    ReadSearch(read::SearchArguments),
    /// Show what an adapter makes of a recorded profile answer, as JSON.
    ReadProfiles(read::ProfilesArguments),
    /// Answer calls of the contract, a line of JSON each, from standard input: what runtimes are compared by.
    #[command(hide = true)]
    Call,
}

/// Runs one of the commands.
///
/// # Errors
/// When the input names nothing that exists, or the adapter is refused or fails; a fault that an adapter
/// reports is an answer, not a failure.
pub async fn run(command: Command) -> Outcome {
    let engine = Engine::new(Options::of_this_user())?;
    match command {
        Command::List => list::run(&engine),
        Command::Inspect(arguments) => inspect::run(&engine, &arguments),
        Command::ReadSearch(arguments) => read::search(&engine, arguments).await,
        Command::ReadProfiles(arguments) => read::profiles(&engine, arguments).await,
        Command::Call => call::run(&engine).await,
    }
}
