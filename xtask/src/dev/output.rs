//! What a program under guard prints: watched for the line that says it is ready, and passed on.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::signals::Stop;

/// How many lines are shown of a program that does not get ready.
const LINES_SHOWN: usize = 30;

/// How often waiting looks whether it should stop.
const GLANCE: Duration = Duration::from_millis(50);

/// A program's lines, as they come.
#[derive(Debug)]
pub(super) struct Output {
    lines: Receiver<String>,
}

impl Output {
    /// Reads on a thread of its own, so that the program never waits for us.
    pub(super) fn of(output: impl Read + Send + 'static) -> Self {
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Self { lines }
    }

    /// Waits for the line that holds `sign` and gives what follows it there.
    pub(super) fn wait_for(&self, name: &str, sign: &str, limit: Duration, stop: &Stop) -> Result<String> {
        let started = Instant::now();
        let mut last = VecDeque::new();
        loop {
            match self.lines.recv_timeout(GLANCE) {
                Ok(line) => {
                    if let Some((_, rest)) = line.split_once(sign) {
                        return Ok(rest.trim().to_owned());
                    }
                    last.truncate(LINES_SHOWN - 1);
                    last.push_front(line);
                }
                Err(RecvTimeoutError::Disconnected) => bail!("{name} ended before it was ready; its last lines:\n{}", shown(&last)),
                Err(RecvTimeoutError::Timeout) if stop.is_wanted() => bail!("stopped while {name} was starting"),
                Err(RecvTimeoutError::Timeout) if started.elapsed() < limit => {}
                Err(RecvTimeoutError::Timeout) => {
                    bail!("{name} is not ready after {} s; its last lines:\n{}", limit.as_secs(), shown(&last))
                }
            }
        }
    }

    /// Prints what has come since the last time.
    pub(super) fn pass_on(&self) {
        for line in self.lines.try_iter().filter(|line| !line.trim().is_empty()) {
            println!("{line}");
        }
    }
}

/// Oldest first, as they were printed.
fn shown(last: &VecDeque<String>) -> String {
    last.iter().rev().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(20);

    fn wait(printed: &'static str, sign: &str) -> Result<String> {
        Output::of(printed.as_bytes()).wait_for("it", sign, LIMIT, &Stop::default())
    }

    #[test]
    fn what_follows_the_sign_is_given() {
        assert_eq!(wait("hello\nReady on http://localhost:1\n", "Ready on ").expect("ready"), "http://localhost:1");
    }

    #[test]
    fn a_program_that_ends_first_is_an_error_with_its_lines_in_order() {
        let error = wait("first\nsecond\n", "Ready").expect_err("not ready").to_string();
        assert!(error.ends_with("its last lines:\n  first\n  second"), "{error}");
    }

    #[test]
    fn only_the_last_lines_of_many_are_shown() {
        let error = wait(Box::leak("line\n".repeat(1000).into_boxed_str()), "Ready").expect_err("not ready").to_string();
        assert_eq!(error.matches("  line").count(), LINES_SHOWN);
    }

    /// Prints nothing and never ends.
    struct Silent;
    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            loop {
                std::thread::park();
            }
        }
    }

    #[test]
    fn waiting_ends_when_it_should_stop() {
        let stop = Stop::default();
        stop.want();
        let error = Output::of(Silent).wait_for("it", "Ready", LIMIT, &stop).expect_err("stopped");
        assert_eq!(error.to_string(), "stopped while it was starting");
    }

    #[test]
    fn waiting_has_a_limit() {
        let error = Output::of(Silent).wait_for("it", "Ready", Duration::ZERO, &Stop::default()).expect_err("too long");
        assert!(error.to_string().starts_with("it is not ready after 0 s"));
    }
}
