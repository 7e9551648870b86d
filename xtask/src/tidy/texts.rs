//! The repository's own texts: every file that git knows or would take in, and that is written by people.

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// A file of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// Its path below the root, with `/`.
    pub(super) path: String,
    /// What stands in it.
    pub(super) content: String,
}

/// Endings of files that are written by people.
const ENDINGS: [&str; 14] = ["rs", "ts", "js", "mjs", "svelte", "toml", "wit", "md", "json", "html", "css", "yml", "sh", "run"];

impl Text {
    /// Its lines, each with its number from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.content.lines().enumerate().map(|(place, line)| (place + 1, line))
    }

    /// The path's ending after the last dot, or the name where there is none.
    pub(super) fn ending(&self) -> &str {
        self.path.rsplit(['.', '/']).next().unwrap_or_default()
    }
}

/// Reads every such file.
pub(super) fn read(workspace: &Workspace) -> Result<Vec<Text>> {
    let mut git = workspace.command("git");
    let output = git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).output().context("git can't be started")?;
    if !output.status.success() {
        bail!("git does not know this folder\nhint: tidy works in a clone of the repository");
    }
    let listed = String::from_utf8(output.stdout).context("git lists a path that is not UTF-8")?;
    Ok(listed.lines().filter_map(|path| text(workspace, path)).collect())
}

/// `None` for a file of another kind, one that is gone, and one that is no text.
fn text(workspace: &Workspace, path: &str) -> Option<Text> {
    let text = Text { path: path.to_owned(), content: String::new() };
    if !ENDINGS.contains(&text.ending()) || is_recorded(path) {
        return None;
    }
    let content = std::fs::read_to_string(workspace.path(path)).ok()?;
    Some(Text { content, ..text })
}

/// Lock files and fixtures are written by tools and platforms.
fn is_recorded(path: &str) -> bool {
    path.ends_with("package-lock.json") || path.split('/').any(|part| part == "fixtures" || part == "snapshots")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one() {
        let text = Text { path: "a.rs".to_owned(), content: "x\ny\n".to_owned() };
        assert_eq!(text.lines().collect::<Vec<_>>(), [(1, "x"), (2, "y")]);
    }

    #[test]
    fn a_file_without_an_ending_has_its_name_for_one() {
        let text = Text { path: ".ci/run".to_owned(), content: String::new() };
        assert_eq!(text.ending(), "run");
    }

    #[test]
    fn fixtures_are_not_written_by_people() {
        assert!(is_recorded("adapters/x/fixtures/search.json"));
        assert!(!is_recorded("adapters/x/src/search.rs"));
    }
}
