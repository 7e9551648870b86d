//! `cargo xtask dev`: everything on this machine, from the sources, until Ctrl-C.

mod guard;
mod output;

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::build::{self, freshness};
use crate::npm;
use crate::progress::Progress;
use crate::signals::Stop;
use crate::workspace::{Workspace, run as run_command};
use guard::Guarded;
use output::Output;

pub(crate) use guard::stand;

/// How often sources are looked at.
const GLANCE: Duration = Duration::from_millis(300);

/// How long wrangler or the fake platforms may take to start; a slow machine's first start takes several seconds.
const START_MAX: Duration = Duration::from_secs(60);

/// What a change of means that something has to be built again. The page's own packages are not among them.
const SOURCES: [&str; 8] = ["adapters", "sdk", "pipeline", "edge", "wit", "web", "Cargo.toml", "package.json"];

/// How to run Scout on this machine.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where searches go: the platforms themselves, or fake ones on this machine, which need no network and no key.
    #[arg(long, value_enum, default_value_t = Upstream::Live)]
    upstream: Upstream,
    /// The port of the page and the API.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The folder that keeps jobs and their rows between runs [default: .scout/dev].
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

/// Where searches go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Upstream {
    /// The platforms themselves; keys are read from .dev.vars.
    Live,
    /// Fake platforms on this machine.
    Fake,
}

/// Builds, starts, says where the page is, and builds again whenever a source changes.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let stop = Stop::on_signals()?;
    let progress = Progress::of("dev");
    ensure_free(options.port)?;
    let built = sources(workspace)?;
    build_all(workspace)?;
    let fake = match options.upstream {
        Upstream::Fake => Some(start_fake(workspace, progress, &stop)?),
        Upstream::Live => None,
    };
    let fake_url = fake.as_ref().map(|fake| fake.url.as_str());
    let worker = progress.step("starting the Worker", || start_worker(workspace, options, fake_url, &stop))?;
    eprintln!("{}", welcome(&worker.url, fake_url));
    let mut running: Vec<Running> = fake.into_iter().chain([worker]).collect();
    let ended = attend(workspace, &mut running, built, &stop, progress);
    progress.say("stopping …");
    drop(running);
    progress.say("stopped; nothing is left running");
    ended
}

/// A started program, its lines and where it answers.
#[derive(Debug)]
struct Running {
    program: Guarded,
    output: Output,
    url: String,
}

impl Running {
    fn start(name: &'static str, command: &Command, ready: &str, stop: &Stop) -> Result<Self> {
        let (program, output) = Guarded::start(name, command)?;
        let output = Output::of(output);
        let url = output.wait_for(name, ready, START_MAX, stop)?;
        Ok(Self { program, output, url })
    }
}

fn build_all(workspace: &Workspace) -> Result<()> {
    build::run(workspace, &build::Options { no_page: false })
}

/// Watches programs and sources until it is time to stop or a program ends by itself.
fn attend(workspace: &Workspace, running: &mut [Running], mut built: u64, stop: &Stop, progress: Progress) -> Result<()> {
    while !stop.is_wanted() {
        for one in running.iter_mut() {
            one.output.pass_on();
            if one.program.is_over() && !stop.is_wanted() {
                bail!("{} ended by itself\nhint: its last lines stand above", one.program.name());
            }
        }
        let now = sources(workspace)?;
        if now != built {
            built = now;
            progress.say("a source changed");
            // An error in a source is for the person who is writing it; the last good build goes on serving.
            if let Err(error) = build_all(workspace) {
                progress.say(format_args!("{error:#}\ndev: the last good build goes on serving"));
            }
        }
        std::thread::sleep(GLANCE);
    }
    Ok(())
}

fn sources(workspace: &Workspace) -> Result<u64> {
    freshness::of_sources(&SOURCES.map(|source| workspace.path(source)))
}

fn ensure_free(port: u16) -> Result<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) => bail!("port {port} can't be used: {error}\nhint: end what listens there, or choose another with --port"),
    }
}

fn start_fake(workspace: &Workspace, progress: Progress, stop: &Stop) -> Result<Running> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--quiet", "--package", "scout-upstream", "--bin", "scout-upstream"]);
    progress.step("the fake platforms", || run_command(&mut cargo, "`cargo build -p scout-upstream` shows it alone"))?;
    let mut program = workspace.command(workspace.target().join("debug/scout-upstream"));
    program.args(["--port", "0"]);
    Running::start("the fake platforms", &program, "listening on ", stop)
}

fn start_worker(workspace: &Workspace, options: &Options, fake: Option<&str>, stop: &Stop) -> Result<Running> {
    npm::install(workspace, Progress::of("dev"))?;
    let state = options.state.clone().unwrap_or_else(|| workspace.path(".scout/dev"));
    std::fs::create_dir_all(&state).context("the folder for jobs can't be made\nhint: choose another with --state")?;
    let mut wrangler = workspace.command("wrangler");
    wrangler.args(["dev", "--local", "--ip", "127.0.0.1", "--inspector-port", "0", "--port", &options.port.to_string()]);
    wrangler.arg("--persist-to").arg(&state).args(["--var", "SCOUT_ENV:local"]);
    if let Some(url) = fake {
        wrangler.args(["--var", &format!("SCOUT_UPSTREAM:{url}")]);
    }
    wrangler.envs(QUIET);
    Running::start("wrangler", &wrangler, "Ready on ", stop)
}

/// wrangler's own questions, reports and look-ups, none of which belong on this machine. Its store of traces would keep the
/// URLs that platforms are asked, and with them keys.
const QUIET: [(&str, &str); 6] = [
    ("WRANGLER_SEND_METRICS", "false"),
    ("WRANGLER_SEND_ERROR_REPORTS", "false"),
    ("WRANGLER_HIDE_BANNER", "true"),
    ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
    ("X_LOCAL_OBSERVABILITY", "false"),
    ("CI", "1"),
];

fn welcome(url: &str, fake: Option<&str>) -> String {
    let upstream = fake.map_or_else(
        || "the platforms themselves (keys from .dev.vars)".to_owned(),
        |url| format!("fake platforms at {url} (no network, no key)"),
    );
    format!(
        "\n  Scout is running.\n\n    page      {url}\n    API       {url}/api/v2  (with the header Authorization: Bearer local)\n    upstream  {upstream}\n\n  It builds again when a source changes. Ctrl-C stops everything.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_refused_with_a_way_out() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = taken.local_addr().expect("an address").port();
        let error = ensure_free(port).expect_err("it is taken").to_string();
        assert!(error.contains("--port"), "{error}");
    }

    #[test]
    fn the_welcome_says_where_and_how_to_stop() {
        let text = welcome("http://127.0.0.1:8787", Some("http://127.0.0.1:9"));
        for part in ["page      http://127.0.0.1:8787", "fake platforms at http://127.0.0.1:9", "Ctrl-C"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn without_fake_platforms_the_welcome_says_where_keys_come_from() {
        assert!(welcome("http://127.0.0.1:8787", None).contains(".dev.vars"));
    }
}
