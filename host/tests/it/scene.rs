//! Where commands are run in tests: a folder of their own, and fake platforms of their own.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use scout_pipeline::job::{Job, Row, Table};
use scout_upstream::{FaultRule, Faults, Options, Running};
use serde_json::Value;
use tempfile::TempDir;

/// A folder for jobs and results, and fake platforms of its own.
pub(crate) struct Scene {
    folder: TempDir,
    runtime: tokio::runtime::Runtime,
    upstream: Option<Running>,
}

impl Scene {
    pub(crate) fn new() -> Scene {
        Scene::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Scene {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let upstream = runtime.block_on(scout_upstream::start(options)).unwrap();
        Scene { folder: tempfile::tempdir().unwrap(), runtime, upstream: Some(upstream) }
    }

    /// Fake platforms that fail in these ways.
    pub(crate) fn failing(rules: &[&str]) -> Scene {
        Scene::with(Options { faults: faults(rules), ..Options::default() })
    }

    /// Fake platforms whose every answer takes so long.
    pub(crate) fn slow(latency_ms: u64) -> Scene {
        Scene::with(Options { latency_ms, ..Options::default() })
    }

    pub(crate) fn upstream(&self) -> &Running {
        self.upstream.as_ref().unwrap()
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scout"));
        command.current_dir(self.folder.path());
        command.env("XDG_CACHE_HOME", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        command.env("XDG_DATA_HOME", self.folder.path());
        command.args(arguments.replace("UPSTREAM", &self.upstream().url()).split_whitespace());
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// A search that is under way: it has asked for so many things, and has more to ask for.
    pub(crate) fn under_way(&self, arguments: &str, calls: u64) -> Begun {
        let mut child = self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while self.upstream().counters().calls < calls {
            assert!(child.try_wait().unwrap().is_none(), "the search is over before it was under way");
            std::thread::yield_now();
        }
        Begun(child)
    }

    /// The list of searches, as `scout jobs --json` has it.
    pub(crate) fn jobs(&self) -> Vec<Value> {
        let output = self.run("jobs --json");
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let list: Value = serde_json::from_slice(&output.stdout).unwrap();
        list["jobs"].as_array().unwrap().clone()
    }

    /// The file that searches are kept in.
    pub(crate) fn state(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file("scout/jobs.sqlite")).unwrap()
    }

    /// A search as its rows have it.
    pub(crate) fn job(&self, id: &str) -> Job {
        let state = self.state();
        let mut select = state.prepare("SELECT kind, key, value FROM rows WHERE job = ?1").unwrap();
        let rows = select.query_map([id], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let rows = rows.map(Result::unwrap).map(|(kind, key, value)| Row { table: Table::named(&kind).unwrap(), key, value });
        Job::load(rows.collect::<Vec<_>>()).unwrap().unwrap()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.file(name), bytes).unwrap();
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if let Some(upstream) = self.upstream.take() {
            // The test has said what it had to say.
            let _ = self.runtime.block_on(upstream.stop());
        }
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn records(output: &[u8]) -> Vec<Value> {
    text(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn distinct(records: &[Value]) -> usize {
    records.iter().map(|record| record["mergeKey"].as_str().unwrap().to_owned()).collect::<HashSet<_>>().len()
}

/// Exit code, and what was said on standard error.
pub(crate) fn ended(output: &Output) -> (i32, String) {
    (output.status.code().unwrap(), text(&output.stderr))
}

/// What goes wrong, as it is written on a command line.
pub(crate) fn faults(rules: &[&str]) -> Faults {
    rules.iter().map(|rule| rule.parse::<FaultRule>().unwrap()).collect()
}

/// A command that runs; it is killed when the test is over, if it is not.
pub(crate) struct Begun(Child);

impl Begun {
    /// Sends it a signal, by its short name.
    pub(crate) fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status().unwrap().success());
    }

    /// Reads its standard error up to a line that begins so.
    pub(crate) fn says(&mut self, beginning: &str) {
        let mut lines = BufReader::new(self.0.stderr.as_mut().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().starts_with(beginning)), "it never said {beginning:?}");
    }

    /// Kills it as nothing can prepare for.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Waits until it has ended.
    pub(crate) fn output(mut self) -> Output {
        // Both pipes are small enough for what tests print, or read at the same time.
        let stdout = self.0.stdout.take().map(read_all);
        let stderr = self.0.stderr.take().map(read_all);
        let status = self.0.wait().unwrap();
        let join = |reader: Option<std::thread::JoinHandle<Vec<u8>>>| reader.map(|reader| reader.join().unwrap()).unwrap_or_default();
        Output { status, stdout: join(stdout), stderr: join(stderr) }
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // It has ended, which is what tests hope for, or the test has failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn read_all(mut from: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        bytes
    })
}
