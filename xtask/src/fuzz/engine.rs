//! libFuzzer, on the stable compiler: the code is compiled so that it counts which of its parts are reached.

use std::fs::File;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Options;
use super::driver::Driver;
use crate::progress::Progress;
use crate::workspace::{Workspace, run as run_command, shown};

/// What makes code count its edges, remember what it compares, and say where it is.
const FLAGS: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "--cfg=fuzzing",
];

/// Limits of one input: its length, its seconds, and what the process may hold by then.
const LIMITS: [&str; 3] = ["-max_len=32768", "-timeout=5", "-rss_limit_mb=512"];

/// Inputs that are kept for each adapter.
const KEPT: usize = 24;

/// How long those are, in bytes. Shorter ones only choose, and bring nothing to read; what is no JSON never gets past its
/// parser, which all adapters share.
const KEPT_BYTES: RangeInclusive<u64> = 32..=2_048;

/// Feeds one adapter after another.
pub(super) fn run(workspace: &Workspace, progress: Progress, driver: &Driver, names: &[String], options: &Options) -> Result<()> {
    let target = target(workspace)?;
    build(workspace, progress, driver, &target)?;
    let program = driver.path("target").join(&target).join("engine/engine");
    for name in names {
        let engine = Engine { workspace, driver, program: &program, name };
        progress.step(format_args!("{name}: {} inputs", options.runs), || {
            progress.say(format_args!("{name}: {}", engine.feed(options)?));
            Ok(())
        })?;
        if options.keep {
            progress.say(format_args!("{name}: {} inputs kept", engine.keep()?));
        }
    }
    Ok(())
}

/// The machine's own target. Naming it keeps the flags away from build scripts and macros.
fn target(workspace: &Workspace) -> Result<String> {
    let output = workspace.command("rustc").arg("-vV").output().context("rustc can't be started")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say what machine this is\nhint: rustc -vV")
}

fn build(workspace: &Workspace, progress: Progress, driver: &Driver, target: &str) -> Result<()> {
    let mut engine = driver.build(workspace, "engine");
    engine.args(["--features", "engine", "--target", target]).env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    progress
        .step("adapters that count what they reach", || run_command(&mut engine, "libFuzzer needs a C++ compiler: apt-get install g++"))?;
    let mut short = driver.build(workspace, "short");
    progress.step("the program that writes seeds", || run_command(&mut short, "cargo build -p scout-fuzz"))
}

struct Engine<'a> {
    workspace: &'a Workspace,
    driver: &'a Driver,
    program: &'a Path,
    name: &'a str,
}

impl Engine<'_> {
    /// Feeds the adapter, and says how much it read and what that reached.
    fn feed(&self, options: &Options) -> Result<String> {
        let folder = self.folder();
        std::fs::create_dir_all(folder.join("corpus")).context("the folder for inputs can't be made")?;
        let mut seeds = self.workspace.command(self.driver.program("short"));
        seeds.arg("seeds").arg(self.name).arg(&folder);
        run_command(&mut seeds, "cargo xtask fuzz ADAPTER --short")?;
        let mut engine = self.command();
        engine.args(LIMITS).args([format!("-runs={}", options.runs), format!("-max_total_time={}", options.seconds.unwrap_or(0))]);
        engine.arg(format!("-dict={}", folder.join("words.dict").display())).arg("-print_final_stats=1");
        engine.arg(format!("-artifact_prefix={}/", folder.display()));
        engine.arg(folder.join("corpus")).arg(folder.join("seeds"));
        let log = self.log(engine, "log")?;
        Ok(summary(&log))
    }

    /// Keeps the smallest inputs that reach what seeds don't, among those that earlier runs kept.
    fn keep(&self) -> Result<usize> {
        let (folder, found) = (self.folder(), self.workspace.path(format!("adapters/{}/fixtures/found", self.name)));
        let all = folder.join("all");
        let _ = std::fs::remove_dir_all(&all);
        std::fs::create_dir_all(&all).context("the folder for inputs can't be made")?;
        let mut merge = self.command();
        // Edges alone count: how often one was taken makes too many inputs differ.
        merge.args(LIMITS).args(["-use_counters=0", "-merge=1"]).arg(&all).arg(folder.join("seeds")).arg(folder.join("corpus"));
        self.log(merge, "merge.log")?;
        let mut inputs = new_inputs(&all, &folder.join("corpus"))?;
        inputs.sort();
        inputs.truncate(KEPT);
        std::fs::create_dir_all(&found).context("fixtures/found/ can't be made")?;
        for (_, name) in &inputs {
            std::fs::copy(all.join(name), found.join(&name[..name.len().min(12)])).context("an input can't be kept")?;
        }
        Ok(inputs.len())
    }

    fn command(&self) -> Command {
        let mut command = self.workspace.command(self.program);
        command.env("SCOUT_FUZZ_ADAPTER", self.name).env("RUST_BACKTRACE", "0");
        command
    }

    /// Runs to the end and gives what was said on the way.
    fn log(&self, mut command: Command, name: &str) -> Result<String> {
        let path = self.folder().join(name);
        let file = File::create(&path).context("the engine's log can't be written")?;
        let status = command.stderr(file).status().context("the engine can't be started")?;
        let log = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
        if !status.success() {
            bail!("{}", failure(self.name, &log, &shown(&path)));
        }
        Ok(log)
    }

    fn folder(&self) -> std::path::PathBuf {
        self.driver.path("adapters").join(self.name)
    }
}

/// Size and name of the inputs of one folder that stand in the other, too, hold JSON and are neither too short nor too
/// long.
fn new_inputs(all: &Path, corpus: &Path) -> Result<Vec<(u64, String)>> {
    let mut inputs = Vec::new();
    for entry in std::fs::read_dir(all)? {
        let (entry, name) = entry.map(|entry| (entry.metadata(), entry.file_name()))?;
        let bytes = entry?.len();
        if KEPT_BYTES.contains(&bytes) && corpus.join(&name).is_file() && holds_json(&std::fs::read(all.join(&name))?) {
            inputs.push((bytes, name.to_string_lossy().into_owned()));
        }
    }
    Ok(inputs)
}

/// Whether an input ends with an object or a list that is JSON; what stands before chooses how it is read.
fn holds_json(input: &[u8]) -> bool {
    let body = input.iter().position(|byte| matches!(byte, b'{' | b'[')).and_then(|place| input.get(place..));
    body.is_some_and(|body| serde_json::from_slice::<serde_json::Value>(body).is_ok())
}

/// How many inputs were read, and what the last line says of what they reached.
fn summary(log: &str) -> String {
    let read = log.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")).unwrap_or("?").trim();
    let memory = log.lines().find_map(|line| line.strip_prefix("stat::peak_rss_mb:")).unwrap_or("?").trim();
    let words = log.lines().rev().find(|line| line.contains(" cov: ")).unwrap_or_default().split_whitespace();
    let reached = words.skip_while(|word| *word != "cov:").take(6).collect::<Vec<_>>().join(" ");
    format!("{read} inputs read, {reached}, {memory} MB")
}

/// What the adapter said before it died, and where the input is.
fn failure(name: &str, log: &str, place: &str) -> String {
    let said =
        log.lines().skip_while(|line| !line.contains("panicked at") && !line.contains("ERROR:")).take(3).collect::<Vec<_>>().join("\n  ");
    let input =
        log.lines().find_map(|line| line.split("Test unit written to ").nth(1)).map_or("?", |path| path.rsplit('/').next().unwrap_or(path));
    format!(
        "{name} did not survive an input\n  {said}\nhint: {place} says more, {input} beside it is the input; put it into adapters/{name}/fixtures/found/"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_what_the_engine_counted() {
        let log = "#2 INITED cov: 10 ft: 11 corp: 1/1b exec/s: 0\n#9 DONE   cov: 20 ft: 31 corp: 5/1Kb lim: 4 exec/s: 0 rss: 40Mb\n\
            stat::number_of_executed_units: 9\nstat::peak_rss_mb: 41\n";
        assert_eq!(summary(log), "9 inputs read, cov: 20 ft: 31 corp: 5/1Kb, 41 MB");
    }

    #[test]
    fn a_failure_says_what_the_adapter_said_and_where_the_input_is() {
        let log = "#2 INITED\nthread 'x' panicked at adapters/x/src/lib.rs:1:2:\nattempt to add with overflow\nnote: backtrace\nmore\n\
            artifact_prefix='a/'; Test unit written to a/crash-123\n";
        let text = failure("x", log, "adapters/x/log");
        assert!(text.contains("attempt to add with overflow") && text.contains("crash-123 beside it"), "{text}");
    }

    #[test]
    fn only_inputs_that_were_found_hold_json_and_are_neither_short_nor_long_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let (all, corpus) = (folder.path().join("all"), folder.path().join("corpus"));
        let (min, max) = (*KEPT_BYTES.start() as usize, *KEPT_BYTES.end() as usize);
        for (path, bytes) in [("all/a", min), ("all/b", min), ("all/c", max + 1), ("all/d", min - 1), ("all/e", max)] {
            crate::workspace::write(&folder.path().join(path), &format!("{:>bytes$}", "{}").into_bytes()).expect("written");
        }
        crate::workspace::write(&all.join("f"), &format!("{:>min$}", "{").into_bytes()).expect("written");
        for found in ["a", "c", "d", "e", "f"] {
            crate::workspace::write(&corpus.join(found), b"x").expect("written");
        }
        let mut kept = new_inputs(&all, &corpus).expect("read");
        kept.sort();
        assert_eq!(kept, [(min as u64, "a".to_owned()), (max as u64, "e".to_owned())]);
    }
}
