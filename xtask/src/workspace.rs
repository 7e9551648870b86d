//! Where things are: the workspace's folders and the commands that run in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The workspace that a chore works on.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace that this program was built from.
    ///
    /// Cargo says where it is. The folder that was compiled in serves when the program is started without it.
    pub(crate) fn find() -> Result<Self> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.parent().context("the chores stand in no workspace\nhint: run them as `cargo xtask NAME`")?;
        Ok(Self::at(root))
    }

    /// The workspace at a folder.
    pub(crate) fn at(root: &Path) -> Self {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        Self { root: root.to_owned(), target }
    }

    /// The folder that holds the workspace's `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub(crate) fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join(below)
    }

    /// Where the Worker is put together.
    pub(crate) fn build(&self) -> PathBuf {
        self.root.join("build")
    }

    /// Cargo's folder for what it compiles.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// A command of the cargo that runs us, at the root.
    pub(crate) fn cargo(&self) -> Command {
        self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// A command at the root, with the npm packages' programs (and their newer Node) found first.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.search_path());
        command
    }

    fn search_path(&self) -> std::ffi::OsString {
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let first = std::iter::once(self.root.join("node_modules/.bin"));
        std::env::join_paths(first.chain(std::env::split_paths(&usual))).unwrap_or(usual)
    }
}

/// Runs a command to its end and passes on what it prints.
///
/// # Errors
/// When it can't be started or does not succeed; `hint` is the line that says what to do then.
pub(crate) fn run(command: &mut Command, hint: &str) -> Result<()> {
    let name = name(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("{name} can't be started\nhint: {hint}"))?;
    if !status.success() {
        bail!("{name} failed ({status})\nhint: {hint}");
    }
    Ok(())
}

/// What a command's first words are, without the path of its program.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let words = command.get_args().take_while(|word| !word.to_string_lossy().starts_with('-')).take(2);
    words.fold(program, |name, word| format!("{name} {}", word.to_string_lossy()))
}

/// Writes a file where it differs, and makes its folder; says whether it did.
///
/// An unchanged file keeps its time, so that whoever watches it sees no change.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<bool> {
    if std::fs::read(path).is_ok_and(|there| there == content) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {} can't be made", shown(folder)))?;
    }
    std::fs::write(path, content).with_context(|| format!("{} can't be written", shown(path)))?;
    Ok(true)
}

/// The last three parts of a path: enough to find it, without this machine's own folders.
pub(crate) fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts[parts.len().saturating_sub(3)..].join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_file_is_not_written_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("below/file");
        assert!(write(&file, b"one").expect("written"));
        assert!(!write(&file, b"one").expect("left alone"));
        assert!(write(&file, b"two").expect("written again"));
    }

    #[test]
    fn a_command_that_fails_is_named_with_the_hint() {
        let error = run(Command::new("cargo").arg("no-such-command").stderr(Stdio::null()), "try another").expect_err("it fails");
        let text = format!("{error:#}");
        assert!(text.starts_with("cargo no-such-command failed"), "{text}");
        assert!(text.ends_with("hint: try another"), "{text}");
    }

    #[test]
    fn a_program_that_does_not_exist_is_named_with_the_hint() {
        let error = run(&mut Command::new("scout-has-no-such-program"), "install it").expect_err("it is not there");
        assert!(format!("{error}").contains("scout-has-no-such-program can't be started\nhint: install it"));
    }

    #[test]
    fn a_path_is_shown_without_the_folders_of_the_machine() {
        assert_eq!(shown(Path::new("/somewhere/scout/build/adapters/index.js")), "build/adapters/index.js");
    }
}
