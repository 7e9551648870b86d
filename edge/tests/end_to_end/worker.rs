//! A Worker of its own for a test: `wrangler dev` over what `cargo xtask build` made.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tempfile::TempDir;

/// The token of the operator of every Worker that has one.
pub(crate) const OPERATOR: &str = "operator-token-of-these-tests-and-no-others";

/// How long wrangler may take to start on a busy machine.
const START_MAX: Duration = Duration::from_secs(120);

/// Runs its arguments and ends its whole process group as soon as its own input is closed, which happens
/// however a test ends, even by kill -9. wrangler's own children would outlive it otherwise.
const GUARD: &str = r#""$@" 2>&1 & read -r _; kill -KILL 0"#;

/// What the Worker has printed so far.
#[derive(Debug, Default)]
struct Log {
    text: Mutex<String>,
    grown: Condvar,
}

/// A running Worker. Dropping it is a kill -9 of wrangler and workerd; its state folder goes with it.
#[derive(Debug)]
pub(crate) struct Worker {
    guard: Child,
    leash: Option<ChildStdin>,
    log: Arc<Log>,
    state: Option<TempDir>,
    /// Where it answers, without a final slash.
    pub(crate) url: String,
}

impl Worker {
    /// A Worker with these variables and nothing in its state folder.
    pub(crate) fn start(variables: &[(&str, &str)]) -> Worker {
        Worker::start_on(tempfile::tempdir().unwrap(), variables)
    }

    /// A Worker that serves this machine and talks to these fake platforms.
    pub(crate) fn over(upstream: &scout_upstream::Running) -> Worker {
        Worker::start(&local(&upstream.url()))
    }

    /// A Worker with these variables whose binding `AI` is the stub of `edge/tests/ai.mjs`: the real one needs an account.
    pub(crate) fn with_ai(variables: &[(&str, &str)]) -> Worker {
        let state = tempfile::tempdir().unwrap();
        let configs = ai_configs(state.path());
        Worker::spawn(state, variables, &configs)
    }

    /// Kills everything and starts again with what was kept in the state folder.
    pub(crate) fn restart(mut self, variables: &[(&str, &str)]) -> Worker {
        let state = self.state.take().unwrap();
        drop(self);
        Worker::start_on(state, variables)
    }

    fn start_on(state: TempDir, variables: &[(&str, &str)]) -> Worker {
        Worker::spawn(state, variables, &[])
    }

    /// Starts wrangler with these configurations, or the workspace's own where there are none.
    fn spawn(state: TempDir, variables: &[(&str, &str)], configs: &[PathBuf]) -> Worker {
        let mut guard = command(state.path(), variables, configs).spawn().expect("sh can't be started");
        let leash = guard.stdin.take();
        let log = Arc::new(Log::default());
        let lines = BufReader::new(guard.stdout.take().unwrap()).lines();
        let filled = Arc::clone(&log);
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| filled.add(&line)));
        let url = log.wait_for("Ready on ", START_MAX);
        let url = url.trim_end_matches('/').to_owned();
        Worker { guard, leash, log, state: Some(state), url }
    }

    /// All that it has printed so far.
    pub(crate) fn log(&self) -> String {
        self.log.text.lock().unwrap().clone()
    }

    /// The folder of everything that it keeps.
    pub(crate) fn state(&self) -> &Path {
        self.state.as_ref().unwrap().path()
    }

    /// Waits until a line of the log has this in it; gives what follows it in the line.
    pub(crate) fn wait_for_log(&self, wanted: &str, max: Duration) -> String {
        self.log.wait_for(wanted, max)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.leash.take());
        let _ = self.guard.wait();
    }
}

/// The variables of a Worker that serves this machine and talks to fake platforms.
pub(crate) fn local(upstream: &str) -> [(&'static str, &str); 4] {
    with_faults(upstream, "routes")
}

/// The same of one in which something goes wrong on purpose.
pub(crate) fn with_faults<'a>(upstream: &'a str, faults: &'a str) -> [(&'static str, &'a str); 4] {
    [("SCOUT_ENV", "local"), ("SCOUT_UPSTREAM", upstream), ("SCOUT_FAULTS", faults), ("SCOUT_OPERATOR_TOKEN", OPERATOR)]
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The search path with the npm packages' programs first, among them a Node that is new enough.
pub(crate) fn search_path() -> std::ffi::OsString {
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let first = std::iter::once(root().join("node_modules/.bin"));
    std::env::join_paths(first.chain(std::env::split_paths(&usual))).unwrap()
}

/// The workspace's configuration with the stub as its binding `AI`, and that of the stub.
fn ai_configs(folder: &Path) -> [PathBuf; 2] {
    let root = root().display().to_string();
    let own = std::fs::read_to_string(format!("{root}/wrangler.toml")).unwrap();
    let own = own.replace("\"build/shim.js\"", &format!("\"{root}/build/shim.js\""));
    let own = own.replace("\"./web/dist\"", &format!("\"{root}/web/dist\""));
    let own = own + "\n[[services]]\nbinding = \"AI\"\nservice = \"scout-ai\"\n";
    let stub = format!("name = \"scout-ai\"\nmain = \"{root}/edge/tests/ai.mjs\"\ncompatibility_date = \"2026-11-01\"\n");
    [("scout", own), ("ai", stub)].map(|(name, text)| {
        let file = folder.join(name).join("wrangler.toml");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        file
    })
}

fn command(state: &Path, variables: &[(&str, &str)], configs: &[PathBuf]) -> Command {
    for needed in ["build/shim.js", "web/dist/index.html"] {
        assert!(root().join(needed).exists(), "{needed} is missing\nhint: cargo xtask build");
    }
    let mut command = Command::new("sh");
    command.args(["-c", GUARD, "guard", "wrangler", "dev", "--local", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0"]);
    for config in configs {
        command.arg("--config").arg(config);
    }
    // A developer's own .dev.vars must not change what is tested.
    command.arg("--env-file").arg(root().join("edge/tests/no.vars"));
    command.arg("--persist-to").arg(state);
    for (name, value) in variables {
        command.arg("--var").arg(format!("{name}:{value}"));
    }
    // As `cargo xtask dev` starts it; the last one is a store of traces, with the URLs that platforms are asked.
    let quiet = ["WRANGLER_SEND_METRICS", "WRANGLER_SEND_ERROR_REPORTS", "CLOUDFLARE_CF_FETCH_ENABLED", "X_LOCAL_OBSERVABILITY"]
        .map(|name| (name, "false"));
    command.current_dir(root()).env("PATH", search_path()).envs(quiet).env("CI", "1").env("NO_COLOR", "1").process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

impl Log {
    fn add(&self, line: &str) {
        let mut text = self.text.lock().unwrap();
        text.push_str(line);
        text.push('\n');
        self.grown.notify_all();
    }

    fn wait_for(&self, wanted: &str, max: Duration) -> String {
        let text = self.text.lock().unwrap();
        let missing = |text: &mut String| !text.contains(wanted);
        let (text, waited) = self.grown.wait_timeout_while(text, max, missing).unwrap();
        assert!(!waited.timed_out(), "the Worker did not say {wanted:?} within {max:?}, but:\n{text}");
        let after = text.split_once(wanted).map(|(_, after)| after).unwrap_or_default();
        after.lines().next().unwrap_or_default().to_owned()
    }
}
