//! The fake platforms as a program of their own, for whoever wants them without building the host.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// Fake platforms over real HTTP, in the real shapes, for tests and demos.
#[derive(Debug, Parser)]
#[command(name = "scout-upstream", version)]
struct Command {
    #[command(flatten)]
    args: scout_upstream::Args,
}

#[tokio::main]
async fn main() -> ExitCode {
    let announce = |address| {
        // Whoever started this may have closed the pipe; serving goes on all the same.
        let _ = writeln!(std::io::stdout(), "listening on http://{address}").and_then(|()| std::io::stdout().flush());
    };
    match Command::parse().args.run(announce).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
