//! `scout upstream` as it is typed.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A running command that is ended whatever the test does.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which is what tests hope for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn upstream(arguments: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scout"));
    command.arg("upstream").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    Running(command.spawn().unwrap())
}

/// The address in the line that says it is ready.
fn address(running: &mut Running) -> String {
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    line.trim().strip_prefix("listening on http://").expect("the first line is the address").to_owned()
}

#[test]
fn it_listens_and_ends_cleanly_on_an_interrupt() {
    let mut running = upstream(&["--port", "0"]);
    let address = address(&mut running);
    assert!(std::net::TcpStream::connect(&address).is_ok());
    let interrupt = Command::new("kill").args(["-INT", &running.0.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    assert!(std::net::TcpStream::connect(&address).is_err());
}

#[test]
fn a_port_that_is_taken_is_an_error_with_a_hint() {
    let mut first = upstream(&["--port", "0"]);
    let taken = address(&mut first);
    let port = taken.rsplit_once(':').unwrap().1;
    let second = Command::new(env!("CARGO_BIN_EXE_scout")).args(["upstream", "--port", port]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.starts_with("error: ") && said.contains("\nhint: "), "{said}");
}
