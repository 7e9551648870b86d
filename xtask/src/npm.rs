//! Node packages: wrangler, which runs and deploys the Worker, what builds the page, and a Node that is new
//! enough for both.

use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::progress::Progress;
use crate::workspace::{Workspace, run};

/// The oldest major version of Node that wrangler works with.
const NODE_MAJOR_MIN: u32 = 22;

/// Where npm notes what it installed.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// Installs the packages when there are none or when the lock file is newer than they are.
///
/// `npm install` and not `npm ci`: a lock file that was written on one system may leave out packages of another,
/// which `npm ci` refuses. No package's script is run.
pub(crate) fn install(workspace: &Workspace, progress: Progress) -> Result<()> {
    if is_current(workspace) {
        return Ok(());
    }
    ensure_npm(workspace)?;
    let mut npm = workspace.command("npm");
    npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    progress.step("npm packages", || run(&mut npm, "npm needs its registry; see `npm config get registry`"))?;
    note_installed(workspace)?;
    ensure_node(workspace)
}

/// npm leaves its note alone when it had nothing to do, which would look like work to do for ever.
fn note_installed(workspace: &Workspace) -> Result<()> {
    let note = std::fs::File::options().append(true).open(workspace.path(INSTALLED)).context("npm left no node_modules")?;
    note.set_modified(SystemTime::now()).context("node_modules can't be written")
}

fn is_current(workspace: &Workspace) -> bool {
    let Some(installed) = modified(&workspace.path(INSTALLED)) else {
        return false;
    };
    let wanted = ["package-lock.json", "package.json", "web/package.json"];
    wanted.iter().filter_map(|file| modified(&workspace.path(file))).all(|time| time <= installed)
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|about| about.modified()).ok()
}

fn ensure_npm(workspace: &Workspace) -> Result<()> {
    match workspace.command("npm").arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => bail!(
            "npm is not installed; the page and the local Worker need it\nhint: install Node (https://nodejs.org), or on Debian: apt-get install npm"
        ),
    }
}

fn ensure_node(workspace: &Workspace) -> Result<()> {
    let output = workspace.command("node").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    match major(&version) {
        Some(major) if major >= NODE_MAJOR_MIN => Ok(()),
        _ => bail!(
            "Node is {}, and wrangler needs {NODE_MAJOR_MIN} or newer\nhint: install a newer Node and put it first in PATH",
            if version.is_empty() { "not there" } else { &version }
        ),
    }
}

/// `24` of `v24.21.0`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::write;

    #[test]
    fn the_major_version_is_read_from_what_node_prints() {
        assert_eq!(major("v24.21.0"), Some(24));
        assert_eq!(major("24"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn a_workspace_without_packages_is_not_current() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join("package-lock.json"), b"{}").expect("written");
        assert!(!is_current(&Workspace::at(folder.path())));
    }

    #[test]
    fn packages_installed_after_the_lock_file_are_current() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join("package-lock.json"), b"{}").expect("written");
        write(&folder.path().join(INSTALLED), b"{}").expect("written");
        assert!(is_current(&Workspace::at(folder.path())));
    }

    #[test]
    fn a_lock_file_newer_than_the_packages_asks_for_them_again() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join(INSTALLED), b"{}").expect("written");
        let lock = std::fs::File::create(folder.path().join("package-lock.json")).expect("made");
        lock.set_modified(SystemTime::now() + std::time::Duration::from_secs(60)).expect("set");
        assert!(!is_current(&Workspace::at(folder.path())));
    }
}
