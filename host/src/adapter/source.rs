//! Where components and answers come from.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::bundle;
use crate::engine::{Component, Engine};
use crate::failure::Failure;

/// A component by the name of an installed adapter, or by the path of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An adapter that is part of this program.
    Installed(&'static str),
    /// A component file.
    File(PathBuf),
}

impl Source {
    /// Finds out which of the two a name means: installed adapters come first, and a file's name ends in
    /// `.wasm` or has a folder before it.
    ///
    /// # Errors
    /// When it is neither; the hint lists what is installed.
    pub fn of(name: &str) -> Result<Self, Failure> {
        if let Some(installed) = bundle::names().find(|installed| *installed == name) {
            return Ok(Self::Installed(installed));
        }
        let path = Path::new(name);
        if path.extension().is_some_and(|extension| extension == "wasm") || path.components().count() > 1 {
            return Ok(Self::File(path.to_owned()));
        }
        let installed = bundle::names().collect::<Vec<_>>().join(", ");
        Err(Failure::input(format_args!("no adapter named {name:?} is installed"))
            .hint(format_args!("installed are: {installed}; a component file is given by its path, ending in .wasm")))
    }

    /// The component's bytes; at most one more than the engine takes.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn bytes(&self, engine: &Engine) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Installed(name) => Ok(bundle::component(name).unwrap_or_default().to_vec()),
            // One byte more is enough for the engine to see that it is too many.
            Self::File(path) => read_up_to(path, engine.limits().component_bytes + 1),
        }
    }

    /// Loads the component.
    ///
    /// # Errors
    /// When it can't be read, or is refused.
    pub fn load(&self, engine: &Engine) -> Result<Component, Failure> {
        Ok(engine.load(&self.bytes(engine)?)?)
    }
}

/// Reads a file, or standard input for `-`, that may have so many bytes.
///
/// # Errors
/// When it can't be read or is longer.
pub fn read_at_most(path: &Path, max: usize) -> Result<Vec<u8>, Failure> {
    let bytes = read_up_to(path, max + 1)?;
    if bytes.len() > max {
        return Err(Failure::input(format_args!("{} has more than {max} bytes", shown(path))).hint("no longer answer is ever read"));
    }
    Ok(bytes)
}

fn read_up_to(path: &Path, bytes: usize) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        let failure = Failure::input(format_args!("{} can't be read: {}", shown(path), cause(error.kind())));
        failure.hint("give the path of a file, or `-` for standard input")
    };
    let source: Box<dyn Read> =
        if is_stdin(path) { Box::new(std::io::stdin().lock()) } else { Box::new(File::open(path).map_err(unreadable)?) };
    let mut read = Vec::new();
    source.take(bytes as u64).read_to_end(&mut read).map_err(unreadable)?;
    Ok(read)
}

fn cause(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => "there is no such file".into(),
        ErrorKind::IsADirectory => "it is a folder".into(),
        other => other.to_string(),
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The path as the user gave it.
fn shown(path: &Path) -> String {
    if is_stdin(path) { "standard input".into() } else { path.display().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_an_installed_adapter_or_a_path() {
        let first = bundle::names().next().unwrap();
        assert_eq!(Source::of(first), Ok(Source::Installed(first)));
        assert_eq!(Source::of("mine.wasm"), Ok(Source::File("mine.wasm".into())));
        assert_eq!(Source::of("./mine"), Ok(Source::File("./mine".into())));
        assert!(Source::of("mine").unwrap_err().to_string().contains(first));
    }

    #[test]
    fn a_file_may_have_just_as_many_bytes_as_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.json");
        std::fs::write(&path, b"12345").unwrap();
        assert_eq!(read_at_most(&path, 5).unwrap(), b"12345");
        assert!(read_at_most(&path, 4).unwrap_err().to_string().contains("more than 4 bytes"));
    }
}
