//! `scout adapter …` as it is typed.

use std::path::PathBuf;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::guest::{Guest, good, of_platform};

/// A folder with components and answers, and the command in it.
struct Desk {
    folder: TempDir,
}

/// What a command did.
struct Done {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scout"));
        command.current_dir(self.folder.path());
        // Compiled components are kept between tests, and away from the user's own.
        command.env("XDG_CACHE_HOME", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        command
    }

    fn run(&self, arguments: &str) -> Done {
        let output = self.command().args(arguments.split_whitespace()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Done { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn desk() -> Desk {
    Desk::new().with("good.wasm", good().component()).with("body.txt", "Hello from the bio")
}

impl Done {
    /// Everything that the user sees, for a snapshot.
    fn shown(&self) -> String {
        format!("{}{}exit code {}", self.out, self.err, self.code)
    }
}

#[test]
fn list_shows_every_adapter_of_this_program() {
    let done = Desk::new().run("adapter list");
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let platforms: Vec<_> = done.out.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(platforms, scout_host::bundle::names().collect::<Vec<_>>());
}

#[test]
fn inspect_shows_what_a_component_is_and_says_of_itself() {
    insta::assert_snapshot!(desk().run("adapter inspect good.wasm").shown(), @r#"
    kind        component
    size        8.9 KiB of at most 32 MiB
    modules     1
    imports     none
    exports     scout:adapter/adapter@1.0.0
    memory      128 KiB at the start, 128 KiB after `describe`, at most 128 MiB
    platform    example
    label       Example
    version     1.2.3
    origin      api https://api.example.test/v1 (no credentials)
    profiles    optional, 25 a call
    hints       20 creators a page, 10 a keyword, 3 pages a keyword, calls a minute unknown
    views       reported
    setting     endpoint = "top": Which of two endpoints is asked.
    verdict     accepted
    exit code 0
    "#);
}

#[test]
fn inspect_shows_a_refused_manifest_and_why() {
    let desk = Desk::new().with("odd.wasm", of_platform("Odd One").component());
    insta::assert_snapshot!(desk.run("adapter inspect odd.wasm").shown(), @r#"
    kind        component
    size        8.9 KiB of at most 32 MiB
    modules     1
    imports     none
    exports     scout:adapter/adapter@1.0.0
    memory      128 KiB at the start, at most 128 MiB
    platform    Odd One
    label       Example
    version     1.2.3
    origin      api https://api.example.test/v1 (no credentials)
    profiles    optional, 25 a call
    hints       20 creators a page, 10 a keyword, 3 pages a keyword, calls a minute unknown
    views       reported
    setting     endpoint = "top": Which of two endpoints is asked.
    verdict     refused
    error: the component is refused: its manifest breaks the contract: platform is "Odd One"; it must be 2 to 32 characters of a-z, 0-9 and -
    exit code 1
    "#);
}

#[test]
fn inspect_shows_a_core_module_as_far_as_it_can() {
    let desk = Desk::new().with("module.wasm", good().module());
    insta::assert_snapshot!(desk.run("adapter inspect module.wasm").shown(), @"
    kind        core module
    size        2.4 KiB of at most 32 MiB
    modules     1
    imports     none
    exports     memory
                cabi_realloc
                scout:adapter/adapter@1.0.0#describe
                scout:adapter/adapter@1.0.0#plan-search
                scout:adapter/adapter@1.0.0#read-search
                scout:adapter/adapter@1.0.0#plan-profiles
                scout:adapter/adapter@1.0.0#read-profiles
    memory      128 KiB at the start, at most 128 MiB
    verdict     refused
    error: the component is refused: it is a core module, not a component
    hint: wrap it with `wit-component`, as the author's kit does
    exit code 1
    ");
}

#[test]
fn inspect_takes_any_file() {
    insta::assert_snapshot!(desk().run("adapter inspect body.txt").shown(), @"
    kind        not WebAssembly
    size        18 bytes of at most 32 MiB
    verdict     refused
    error: the component is refused: it is not WebAssembly: it begins with other bytes
    hint: give the `.wasm` file of a component
    exit code 1
    ");
}

#[test]
fn inspect_says_which_file_is_missing() {
    insta::assert_snapshot!(desk().run("adapter inspect gone.wasm").shown(), @"
    error: gone.wasm can't be read: there is no such file
    hint: give the path of a file, or `-` for standard input
    exit code 2
    ");
}

#[test]
fn inspect_takes_installed_adapters_by_name() {
    let name = scout_host::bundle::names().next().unwrap();
    let done = Desk::new().run(&format!("adapter inspect {name}"));
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("imports     none\n"), "{}", done.out);
}

#[test]
fn read_search_prints_the_page_in_the_contracts_names() {
    let done = desk().run("adapter read-search ./good.wasm --response body.txt --query yoga");
    insta::assert_snapshot!(done.shown(), @r#"
    {
      "ok": {
        "creators": [
          {
            "avatar-url": null,
            "bio": "Hello from the bio",
            "complete": false,
            "content": null,
            "country": null,
            "email": null,
            "extra": [],
            "followers": null,
            "identity": "id-1",
            "ids": [],
            "language": null,
            "links": [],
            "name": "Ana Example",
            "profile-url": "https://example.test/ana",
            "username": "yoga",
            "verified": null
          }
        ],
        "next": "2"
      }
    }
    exit code 0
    "#);
}

#[test]
fn read_search_hands_the_cursor_on() {
    let done = desk().run("adapter read-search good.wasm --response body.txt --cursor 2");
    assert!(done.out.contains("\"next\": null"), "{}", done.out);
}

#[test]
fn a_fault_is_printed_as_json_and_is_no_error() {
    let limited = desk().run("adapter read-search good.wasm --response body.txt --status 429");
    insta::assert_snapshot!(limited.shown(), @r#"
    {
      "fault": {
        "detail": 30,
        "kind": "rate-limited"
      }
    }
    exit code 0
    "#);
    let broke = desk().run("adapter read-search good.wasm --response body.txt --status 402");
    insta::assert_snapshot!(broke.shown(), @r#"
    {
      "fault": {
        "detail": "no credit is left",
        "kind": "out-of-credit"
      }
    }
    exit code 0
    "#);
}

#[test]
fn read_profiles_prints_an_outcome_for_each_creator() {
    let done = desk().run("adapter read-profiles good.wasm --creator @ana.example --response body.txt");
    insta::assert_snapshot!(done.shown(), @r#"
    {
      "ok": {
        "profiles": [
          {
            "identity": "ana.example",
            "outcome": {
              "enriched": {
                "avatar-url": null,
                "bio": null,
                "complete": false,
                "content": null,
                "country": null,
                "email": null,
                "extra": [],
                "followers": null,
                "identity": "id-1",
                "ids": [],
                "language": null,
                "links": [],
                "name": "Ana Example",
                "profile-url": "https://example.test/ana",
                "username": "ana",
                "verified": null
              }
            }
          },
          {
            "identity": "ana.example",
            "outcome": {
              "empty": "private"
            }
          },
          {
            "identity": "ana.example",
            "outcome": {
              "failed": {
                "detail": 5,
                "kind": "rate-limited"
              }
            }
          }
        ]
      }
    }
    exit code 0
    "#);
}

#[test]
fn an_answer_can_come_from_standard_input() {
    let desk = desk();
    let mut command = desk.command();
    let piped = command.args(["adapter", "read-search", "good.wasm", "--response", "-"]).write_stdin("from the pipe").output().unwrap();
    assert!(String::from_utf8(piped.stdout).unwrap().contains("\"bio\": \"from the pipe\""));
}

#[test]
fn an_adapter_that_traps_is_an_error_with_a_hint() {
    insta::assert_snapshot!(desk().run("adapter read-search good.wasm --response body.txt --status 500").shown(), @"
    error: the adapter failed: it trapped: unreachable
    hint: in Rust that is a panic; run the adapter's own tests on the same answer to see its text
    exit code 1
    ");
}

#[test]
fn an_adapter_that_loops_is_stopped_at_the_products_limit() {
    let desk = Desk::new().with("loop.wasm", Guest::searching("(loop $again (br $again)) unreachable").component()).with("body.txt", "");
    insta::assert_snapshot!(desk.run("adapter read-search loop.wasm --response body.txt").shown(), @"
    error: the adapter failed: it computed for more than 2000 ms
    hint: look for a loop that does not end on this input
    exit code 1
    ");
}

#[test]
fn an_adapter_that_is_not_installed_is_bad_input() {
    let done = desk().run("adapter read-search nowhere --response body.txt");
    assert_eq!(done.code, 2);
    assert!(done.err.starts_with("error: no adapter named \"nowhere\" is installed\nhint: installed are: "), "{}", done.err);
}

#[test]
fn an_answer_that_is_missing_is_bad_input() {
    insta::assert_snapshot!(desk().run("adapter read-search good.wasm --response gone.json").shown(), @"
    error: gone.json can't be read: there is no such file
    hint: give the path of a file, or `-` for standard input
    exit code 2
    ");
}

#[test]
fn a_refused_component_is_an_error() {
    let desk = Desk::new().with("odd.wasm", "not wasm").with("body.txt", "");
    insta::assert_snapshot!(desk.run("adapter read-search odd.wasm --response body.txt").shown(), @"
    error: the component is refused: it is not WebAssembly: it begins with other bytes
    hint: give the `.wasm` file of a component
    exit code 1
    ");
}

#[test]
fn a_setting_that_the_adapter_does_not_have_is_bad_input() {
    let desk = desk();
    insta::assert_snapshot!(desk.run("adapter read-search good.wasm --response body.txt --setting mode=fast").shown(), @r#"
    error: the adapter has no setting named "mode"
    hint: its settings are: endpoint
    exit code 2
    "#);
    assert_eq!(desk.run("adapter read-search good.wasm --response body.txt --setting endpoint=recent").code, 0);
}

#[test]
fn arguments_out_of_range_are_bad_input() {
    for arguments in [
        "adapter read-search good.wasm",
        "adapter read-search good.wasm --response body.txt --status 99",
        "adapter read-search good.wasm --response body.txt --status 600",
        "adapter read-search good.wasm --response body.txt --header nothing",
        "adapter read-profiles good.wasm --response body.txt",
        "adapter dance",
        "adapter",
        "",
    ] {
        let done = desk().run(arguments);
        assert_eq!(done.code, 2, "{arguments}: {}", done.out);
        assert!(!done.err.is_empty(), "{arguments}");
    }
}

#[test]
fn at_most_100_creators_are_asked_about() {
    let with = |count: usize| format!("adapter read-profiles good.wasm --response body.txt{}", " --creator ana".repeat(count));
    assert_eq!(desk().run(&with(100)).code, 0);
    let done = desk().run(&with(101));
    assert_eq!(done.code, 2);
    assert!(done.err.contains("101 creators are asked about"), "{}", done.err);
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let desk = desk();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_scout"));
    command.current_dir(desk.folder.path()).args(["adapter", "inspect", "good.wasm"]).stdout(writer);
    let output = command.stderr(std::process::Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.success());
}

#[test]
fn help_and_version_are_no_errors() {
    let help = Desk::new().run("adapter read-search --help");
    assert_eq!(help.code, 0);
    assert!(help.out.contains("Examples:"), "{}", help.out);
    assert_eq!(Desk::new().run("--version").out, format!("scout {}\n", env!("CARGO_PKG_VERSION")));
}
