//! A guard leaves nothing behind, whoever ends first.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a panic in a test is a failed test")]

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Far more than ending takes; reached only when something is left behind.
const LIMIT: Duration = Duration::from_secs(30);

/// A program that starts another one which would outlive it, says so, and then does as told.
fn guarded(then: &str) -> Child {
    let script = format!("sleep 1000 & echo started; {then}");
    let mut guard = Command::new(env!("CARGO_BIN_EXE_xtask"));
    guard.args(["guard", "--", "sh", "-c", &script]).process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut guard = guard.spawn().expect("the guard starts");
    let mut line = String::new();
    BufReader::new(guard.stdout.take().expect("piped")).read_line(&mut line).expect("it says something");
    assert_eq!(line, "started\n");
    guard
}

/// How many processes of this group there are, those that nobody has collected yet left out.
fn alive(group: u32) -> usize {
    let processes = std::fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
    let stats = processes.filter_map(|process| std::fs::read_to_string(process.path().join("stat")).ok());
    stats.filter(|stat| is_of(stat, group)).count()
}

/// Whether a line of `/proc/PID/stat` is of a living process of the group: after the name in parentheses come
/// state, parent and group.
fn is_of(stat: &str, group: u32) -> bool {
    let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let state = fields.next();
    state != Some("Z") && fields.nth(1) == Some(&group.to_string())
}

fn assert_all_gone(mut guard: Child) {
    let group = guard.id();
    guard.wait().expect("the guard ends");
    let started = Instant::now();
    while alive(group) > 0 {
        assert!(started.elapsed() < LIMIT, "{} processes are left", alive(group));
        std::thread::yield_now();
    }
}

#[test]
fn everything_ends_when_the_owner_does() {
    let mut guard = guarded("sleep 1000");
    assert!(alive(guard.id()) >= 3, "the guard, the program and what it started");
    // The system closes the pipe of an owner that was killed; here it is closed by hand.
    drop(guard.stdin.take());
    assert_all_gone(guard);
}

#[test]
fn what_a_program_started_ends_with_it() {
    assert_all_gone(guarded("exit 0"));
}

#[test]
fn a_program_that_ignores_the_polite_request_ends_all_the_same() {
    let mut guard = guarded("trap '' TERM; while :; do sleep 1; done");
    drop(guard.stdin.take());
    assert_all_gone(guard);
}
