//! `cargo xtask tidy`: what the compiler does not check about this repository.

mod contract;
mod graph;
mod platforms;
mod sources;
mod texts;

use std::fmt;
use std::process::Stdio;

use anyhow::{Result, bail};

use crate::platforms::check_needs;
use crate::progress::Progress;
use crate::workspace::{Workspace, run as run_command};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    /// A file, perhaps with its line, or a package.
    place: String,
    /// What is wrong there.
    what: String,
    /// What to do about it.
    hint: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}\n  hint: {}", self.place, self.what, self.hint)
    }
}

/// Checks everything, prints every finding, and fails when there is one.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let progress = Progress::of("tidy");
    let mut format = workspace.cargo();
    format.args(["fmt", "--all", "--check"]);
    progress.step("formatting", || run_command(&mut format, "cargo fmt --all"))?;
    let mut lock = workspace.cargo();
    lock.args(["metadata", "--locked", "--format-version", "1", "--quiet"]).stdout(Stdio::null());
    progress.step("Cargo.lock", || run_command(&mut lock, "run `cargo metadata --format-version 1` and commit Cargo.lock"))?;
    let findings = progress.step("crate graph, names, sources and contract", || findings(workspace))?;
    // Asks the adapters themselves, so it builds `scout` where that is not there yet.
    progress.step("the page of platforms", || check_needs(workspace))?;
    for finding in &findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 thing is not tidy"),
        many => bail!("{many} things are not tidy"),
    }
}

fn findings(workspace: &Workspace) -> Result<Vec<Finding>> {
    let texts = texts::read(workspace)?;
    let names = scout_component::names(workspace.root())?;
    let mut findings = graph::check(workspace)?;
    findings.extend(platforms::check(&texts, &names));
    findings.extend(sources::check(&texts));
    findings.extend(contract::check(&workspace.path("wit")));
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_tidy() {
        let workspace = Workspace::find().expect("a workspace");
        let found = findings(&workspace).expect("checked");
        assert!(found.is_empty(), "{}", found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn a_finding_says_place_reason_and_way_out() {
        let finding = Finding { place: "a/b.rs:3".to_owned(), what: "it is wrong".to_owned(), hint: "right it" };
        assert_eq!(finding.to_string(), "a/b.rs:3: it is wrong\n  hint: right it");
    }
}
