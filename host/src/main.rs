//! The command `scout`.

fn main() -> std::process::ExitCode {
    scout_host::cli::run(std::env::args_os())
}
