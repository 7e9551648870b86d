//! A guard over a program and everything that it starts.
//!
//! wrangler starts workerd, and workerd outlives it. So each program runs in a process group of its own, led by
//! a guard (this program again, as `xtask guard`). The guard holds the reading end of a pipe whose other end
//! only we have. However we end, even by kill -9, the pipe closes, and the guard ends its whole group.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, getpgrp, kill_process_group};

use crate::signals::Stop;

/// How long a program may take to end when asked politely.
const POLITE: Duration = Duration::from_secs(3);

/// How often a guard looks whether its program or its owner has ended.
const GLANCE: Duration = Duration::from_millis(20);

/// A program that runs under guard. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Guarded {
    name: &'static str,
    guard: Child,
    /// Closing it asks the guard to end its group.
    leash: Option<ChildStdin>,
}

impl Guarded {
    /// Starts a command under guard; gives what it prints on standard output.
    pub(super) fn start(name: &'static str, command: &Command) -> Result<(Self, ChildStdout)> {
        let myself = std::env::current_exe().context("this program does not know where it stands")?;
        let mut guard = Command::new(myself);
        guard.arg("guard").arg("--").arg(command.get_program()).args(command.get_args());
        guard.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(folder) = command.get_current_dir() {
            guard.current_dir(folder);
        }
        guard.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut guard = guard.spawn().with_context(|| format!("{name} can't be started"))?;
        let leash = guard.stdin.take();
        let output = guard.stdout.take().with_context(|| format!("{name} has no output"))?;
        Ok((Self { name, guard, leash }, output))
    }

    /// Whether the program is over.
    pub(super) fn is_over(&mut self) -> bool {
        !matches!(self.guard.try_wait(), Ok(None))
    }

    /// What people call the program.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.leash.take());
        let started = Instant::now();
        while !self.is_over() && started.elapsed() < POLITE * 2 {
            std::thread::sleep(GLANCE);
        }
        // The guard has ended its group by now; should it hang, the group is ended from here.
        if !self.is_over() {
            end(Pid::from_child(&self.guard), Signal::KILL);
            let _ = self.guard.wait();
        }
    }
}

/// Runs a command as its guard, until it ends or the owner does, and then ends the whole group, itself included.
pub(crate) fn stand(words: &[String]) -> Result<()> {
    let stop = Stop::on_signals()?;
    let (program, given) = words.split_first().context("there is nothing to guard")?;
    let mut child = Command::new(program).args(given).stdin(Stdio::null()).spawn().with_context(|| {
        format!("{program} can't be started\nhint: `cargo xtask dev` installs what it needs; is node_modules complete?")
    })?;
    watch_owner(stop.clone());
    while !stop.is_wanted() && matches!(child.try_wait(), Ok(None)) {
        std::thread::sleep(GLANCE);
    }
    let group = getpgrp();
    end(group, Signal::TERM);
    let started = Instant::now();
    while matches!(child.try_wait(), Ok(None)) && started.elapsed() < POLITE {
        std::thread::sleep(GLANCE);
    }
    end(group, Signal::KILL);
    Ok(())
}

/// The owner never writes: reading ends when the owner does.
fn watch_owner(stop: Stop) {
    std::thread::spawn(move || {
        let _ = std::io::stdin().read(&mut [0]);
        stop.want();
    });
}

fn end(group: Pid, signal: Signal) {
    // A group that is gone already is what is wanted.
    let _ = kill_process_group(group, signal);
}
