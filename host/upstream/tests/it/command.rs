use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use clap::Parser;
use scout_upstream::{Args, Fault, Options, Quirks};

/// A command that flattens the arguments, as the host's does.
#[derive(Debug, Parser)]
struct Host {
    #[command(flatten)]
    args: Args,
}

fn parse(args: &[&str]) -> Result<Args, String> {
    let all = ["host"].iter().chain(args);
    Host::try_parse_from(all).map(|host| host.args).map_err(|error| error.to_string())
}

#[test]
fn without_arguments_the_options_are_the_defaults_on_port_9797() {
    let args = parse(&[]).unwrap();
    assert_eq!((args.port, args.options()), (9797, Options::default()));
}

#[test]
fn every_argument_becomes_an_option() {
    let args = parse(&[
        "--port",
        "0",
        "--seed",
        "7",
        "--creators",
        "300",
        "--latency",
        "20",
        "--jitter",
        "5",
        "--slow",
        "900",
        "--retry-after",
        "3",
        "--fault",
        "rate-limited=0.1",
        "--fault",
        "profiles:slow=1",
        "--quirk",
        "none",
        "--quirk",
        "private=0.5",
    ]);
    let args = args.unwrap();
    let faults = ["rate-limited=0.1", "profiles:slow=1"].iter().map(|rule| rule.parse().unwrap()).collect();
    let quirks = Quirks::none().with("private=0.5".parse().unwrap());
    let expected = Options { seed: 7, creators: 300, latency_ms: 20, jitter_ms: 5, slow_ms: 900, retry_after_s: 3, quirks, faults };
    assert_eq!((args.port, args.options()), (0, expected));
}

#[test]
fn a_wrong_fault_quirk_or_rate_is_a_clear_error() {
    let error = parse(&["--fault", "teapot=1"]).unwrap_err();
    assert!(error.contains("there is no fault `teapot`") && error.contains("hint: the faults are rate-limited, out-of-credit"), "{error}");
    let error = parse(&["--fault", "slow=often"]).unwrap_err();
    assert!(error.contains("`often` is no rate") && error.contains("from 0 (never) to 1 (always)"), "{error}");
    let error = parse(&["--quirk", "privat=1"]).unwrap_err();
    assert!(error.contains("there is no quirk `privat`") && error.contains("private, deactivated"), "{error}");
}

#[test]
fn the_number_of_creators_has_limits() {
    for (creators, right) in [("0", false), ("1", true), ("1000000", true), ("1000001", false)] {
        assert_eq!(parse(&["--creators", creators]).is_ok(), right, "{creators}");
    }
}

#[test]
fn the_readme_names_every_fault_and_quirk() {
    use clap::ValueEnum;
    let readme = include_str!("../../README.md");
    let faults = Fault::value_variants().iter().map(|fault| fault.to_possible_value().unwrap());
    let quirks = scout_upstream::Quirk::value_variants().iter().map(|quirk| quirk.to_possible_value().unwrap());
    for value in faults.chain(quirks) {
        assert!(readme.contains(&format!("| `{}` |", value.get_name())), "{}", value.get_name());
    }
}

/// The program; it ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(args: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scout-upstream"));
    Program(command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

/// The address that the program says it listens at.
fn address(program: &mut Program) -> String {
    let mut line = String::new();
    BufReader::new(program.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}")).trim().to_owned()
}

#[tokio::test]
async fn the_program_says_where_it_listens_and_answers_there() {
    let mut program = program(&["--port", "0", "--creators", "100"]);
    let address = address(&mut program);
    let answer = crate::client().get(format!("{address}/bluesky/api/app.bsky.actor.searchActors?q=yoga")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[test]
fn a_port_that_is_taken_is_a_clear_error() {
    let mut first = program(&["--port", "0"]);
    let address = address(&mut first);
    let (_, port) = address.rsplit_once(':').unwrap();
    let second = Command::new(env!("CARGO_BIN_EXE_scout-upstream")).args(["--port", port]).output().unwrap();
    let error = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(error.starts_with("error: can't listen on 127.0.0.1:") && error.contains("hint: choose another with --port"), "{error}");
}

#[cfg(unix)]
#[test]
fn the_program_ends_well_when_it_is_asked_to() {
    let mut program = program(&["--port", "0"]);
    address(&mut program);
    let asked = Command::new("kill").args(["-TERM", &program.0.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(program.0.wait().unwrap().code(), Some(0));
}
