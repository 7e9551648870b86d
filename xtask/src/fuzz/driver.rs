//! The program that feeds adapters: made from whatever folders there are, so that a new one needs no line here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::workspace::{Workspace, write};

/// A crate below the target folder, which no manifest of the workspace names.
#[derive(Debug)]
pub(super) struct Driver {
    folder: PathBuf,
}

impl Driver {
    /// Writes the crate where it differs.
    pub(super) fn write(workspace: &Workspace) -> Result<Self> {
        let names = scout_component::names(workspace.root())?;
        let folder = workspace.target().join("fuzz");
        let source = |main: &str| format!("//! Written by `cargo xtask fuzz`.\n{}{main}", members(&names));
        write(&folder.join("Cargo.toml"), manifest(workspace.root(), &names).as_bytes())?;
        write(&folder.join("src/short.rs"), source(SHORT).as_bytes())?;
        write(&folder.join("src/engine.rs"), format!("#![no_main]\n{}", source(ENGINE)).as_bytes())?;
        // The workspace's own versions; cargo leaves out what the program does not need.
        let lock = std::fs::read(workspace.path("Cargo.lock")).context("Cargo.lock can't be read")?;
        if write(&folder.join("workspace.lock"), &lock)? {
            write(&folder.join("Cargo.lock"), &lock)?;
        }
        Ok(Self { folder })
    }

    /// A folder of its own for something that is made while feeding.
    pub(super) fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.folder.join(below)
    }

    /// The command that builds one of the two programs. Overflow is looked for, and optimisation makes up for it.
    pub(super) fn build(&self, workspace: &Workspace, program: &str) -> Command {
        let mut cargo = workspace.cargo();
        cargo.args(["build", "--quiet", "--profile", program, "--bin", program, "--manifest-path"]).arg(self.path("Cargo.toml"));
        cargo.arg("--target-dir").arg(self.path("target"));
        cargo
    }

    /// Where a program stands once it is built, without a target of its own.
    pub(super) fn program(&self, program: &str) -> PathBuf {
        self.path("target").join(program).join(program)
    }
}

const SHORT: &str = "\nfn main() -> std::process::ExitCode {\n    scout_fuzz::run(MEMBERS, std::env::args().skip(1))\n}\n";

const ENGINE: &str = "\nlibfuzzer_sys::fuzz_target!(|input: &[u8]| scout_fuzz::engine_input(MEMBERS, input));\n";

fn members(names: &[String]) -> String {
    let mut text = String::from("\nconst MEMBERS: &[scout_fuzz::Member] = &[\n");
    for name in names {
        let _ = writeln!(text, "    scout_fuzz::Member::of::<scout_{}::Exported>({name:?}),", name.replace('-', "_"));
    }
    text + "];\n"
}

fn manifest(root: &Path, names: &[String]) -> String {
    let mut text = String::from(MANIFEST);
    let folders =
        std::iter::once(("fuzz", root.join("sdk/fuzz"))).chain(names.iter().map(|name| (name.as_str(), root.join("adapters").join(name))));
    for (name, folder) in folders {
        // Debug formatting of text is a TOML string of it, too, as far as paths go.
        let _ = writeln!(text, "scout-{name} = {{ path = {:?} }}", folder.to_string_lossy());
    }
    text
}

const MANIFEST: &str = r#"# Written by `cargo xtask fuzz`.
[package]
name = "scout-fuzz-driver"
version = "0.0.0"
edition = "2024"
publish = false

[[bin]]
name = "short"
path = "src/short.rs"

[[bin]]
name = "engine"
path = "src/engine.rs"
required-features = ["engine"]

[features]
engine = ["scout-fuzz/engine", "dep:libfuzzer-sys"]

[workspace]

[profile.short]
inherits = "dev"
opt-level = 1
debug = "line-tables-only"

[profile.engine]
inherits = "release"
debug = "line-tables-only"
debug-assertions = true
overflow-checks = true
codegen-units = 4

[dependencies]
# Its macro wants it to be named here; the version is the workspace's, by the lock file.
libfuzzer-sys = { version = "*", optional = true }
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_knows_each_adapter_by_its_folder() {
        let names = ["one".to_owned(), "two-data".to_owned()];
        let expected = "    scout_fuzz::Member::of::<scout_two_data::Exported>(\"two-data\"),\n];\n";
        assert!(members(&names).ends_with(expected), "{}", members(&names));
        let manifest = manifest(Path::new("here"), &names);
        assert!(
            manifest.ends_with("scout-one = { path = \"here/adapters/one\" }\nscout-two-data = { path = \"here/adapters/two-data\" }\n")
        );
        assert!(manifest.contains("scout-fuzz = { path = \"here/sdk/fuzz\" }"));
    }
}
