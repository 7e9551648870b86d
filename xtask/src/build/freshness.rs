//! Whether something was already made from exactly these inputs.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

use crate::workspace::{shown, write};

/// Folders that hold no sources, wherever they stand.
const NOT_SOURCES: [&str; 5] = ["node_modules", "target", "dist", "build", "tests"];

/// Remembers, in a file beside what was made, what it was made from.
#[derive(Debug)]
pub(crate) struct Stamp {
    path: PathBuf,
    content: String,
}

impl Stamp {
    /// A stamp for what is made from these inputs.
    pub(crate) fn new(path: PathBuf, inputs: u64) -> Self {
        Self { path, content: format!("{inputs:016x}\n") }
    }

    /// Whether the inputs are the same as when the stamp was last set and everything made is still there.
    pub(crate) fn holds(&self, made: &[PathBuf]) -> bool {
        made.iter().all(|path| path.exists()) && std::fs::read_to_string(&self.path).is_ok_and(|there| there == self.content)
    }

    /// Says that the thing is made. Called last, so that a build that was cut short is done again.
    pub(crate) fn set(&self) -> Result<()> {
        write(&self.path, self.content.as_bytes()).map(drop)
    }
}

/// A number that changes when any of these bytes do.
pub(crate) fn of_bytes<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        part.hash(&mut hasher);
    }
    hasher.finish()
}

/// A number that changes when a file below these paths appears, goes or is written.
///
/// It looks at names, times and lengths only, so that it can be asked twice a second.
pub(crate) fn of_sources(paths: &[PathBuf]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        note(path, &mut hasher)?;
    }
    Ok(hasher.finish())
}

fn note(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let Ok(about) = std::fs::metadata(path) else {
        // It may have gone since its folder was read; that too is a change.
        return Ok(());
    };
    path.hash(hasher);
    if !about.is_dir() {
        about.len().hash(hasher);
        about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).hash(hasher);
        return Ok(());
    }
    for entry in entries(path)? {
        if !is_skipped(&entry) {
            note(&entry, hasher)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = std::fs::read_dir(folder).with_context(|| format!("the folder {} can't be read", shown(folder)))?;
    let mut entries: Vec<_> = listed.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    entries.sort();
    Ok(entries)
}

fn is_skipped(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || NOT_SOURCES.contains(&&*name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(file: &str, content: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join(file), content.as_bytes()).expect("written");
        folder
    }

    fn sources(folder: &tempfile::TempDir) -> u64 {
        of_sources(&[folder.path().to_owned()]).expect("readable")
    }

    #[test]
    fn a_source_that_is_written_changes_the_number() {
        let folder = folder_with("src/lib.rs", "one");
        let before = sources(&folder);
        write(&folder.path().join("src/lib.rs"), b"longer").expect("written");
        assert_ne!(before, sources(&folder));
    }

    #[test]
    fn a_source_that_goes_changes_the_number() {
        let folder = folder_with("src/lib.rs", "one");
        let before = sources(&folder);
        std::fs::remove_file(folder.path().join("src/lib.rs")).expect("removed");
        assert_ne!(before, sources(&folder));
    }

    #[test]
    fn packages_and_hidden_files_are_no_sources() {
        let folder = folder_with("src/lib.rs", "one");
        let before = sources(&folder);
        write(&folder.path().join("node_modules/x/index.js"), b"x").expect("written");
        write(&folder.path().join(".cache/x"), b"x").expect("written");
        assert_eq!(before, sources(&folder));
    }

    #[test]
    fn a_stamp_holds_until_its_inputs_change_or_its_product_goes() {
        let folder = folder_with("product", "made");
        let made = [folder.path().join("product")];
        let stamp = |inputs| Stamp::new(folder.path().join("product.stamp"), inputs);
        assert!(!stamp(1).holds(&made), "nothing was stamped yet");
        stamp(1).set().expect("written");
        assert!(stamp(1).holds(&made));
        assert!(!stamp(2).holds(&made), "the inputs changed");
        std::fs::remove_file(&made[0]).expect("removed");
        assert!(!stamp(1).holds(&made), "the product is gone");
    }

    #[test]
    fn where_bytes_are_parted_matters() {
        assert_ne!(of_bytes([b"ab".as_slice(), b"c"]), of_bytes([b"a".as_slice(), b"bc"]));
    }
}
