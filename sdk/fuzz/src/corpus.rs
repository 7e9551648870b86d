//! Where inputs begin: an adapter's fixtures, and what earlier runs found.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use crate::case::HEAD_BYTES;
use crate::vocabulary::Vocabulary;

/// The folder below an adapter's fixtures that holds whole inputs.
const FOUND: &str = "found";

/// Words of JSON that stand in no fixture and matter everywhere.
const WORDS: [&str; 22] = [
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "\"\"",
    "0",
    "-1",
    "1e19",
    "1.5",
    "18446744073709551615",
    "-9223372036854775808",
    "99999999999999999999",
    "\"0\"",
    "\"-1\"",
    "\"1.2K\"",
    "\"https://a.test/\"",
    "\"2026-01-02T03:04:05Z\"",
    "\\u0000",
    "\\ud800",
    "&amp;",
    "<br />",
];

/// What inputs are made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corpus {
    /// Bodies of the adapter's fixtures, in the order of their names.
    pub bodies: Vec<Vec<u8>>,
    /// Whole inputs that once led somewhere new.
    pub found: Vec<Vec<u8>>,
}

impl Corpus {
    /// Reads an adapter's folder `fixtures/`.
    ///
    /// # Errors
    /// When the folder or one of its files can't be read.
    pub fn read(fixtures: &Path) -> io::Result<Self> {
        let found = fixtures.join(FOUND);
        Ok(Self { bodies: files(fixtures)?, found: if found.is_dir() { files(&found)? } else { Vec::new() } })
    }

    /// The inputs to begin with: each body as a search and as profiles, under the settings there are, and what was found.
    #[must_use]
    pub fn seeds(&self, vocabulary: &Vocabulary) -> Vec<Vec<u8>> {
        let settings = 0..=u8::try_from(vocabulary.settings()).unwrap_or(u8::MAX);
        let heads = settings.map(|setting| [0, 0, 0, 0, setting, 0]).chain((0..8).map(|creator| [1, 0, 0, 0, 0, creator]));
        let heads: Vec<[u8; HEAD_BYTES]> = heads.collect();
        let made = self.bodies.iter().flat_map(|body| heads.iter().map(move |head| [head.as_slice(), body].concat()));
        made.chain(self.found.iter().cloned()).collect()
    }

    /// Words to put into inputs: the names of the fixtures' fields, in their quotes, and what JSON has everywhere.
    #[must_use]
    pub fn words(&self) -> Vec<Vec<u8>> {
        let names: BTreeSet<&[u8]> = self.bodies.iter().flat_map(|body| names(body)).collect();
        names.into_iter().chain(WORDS.map(str::as_bytes)).map(<[u8]>::to_vec).collect()
    }
}

/// The texts of a body that a colon follows, with their quotes.
fn names(body: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut rest = body;
    while let Some(start) = rest.iter().position(|byte| *byte == b'"') {
        let Some(length) = rest[start + 1..].iter().position(|byte| *byte == b'"') else { break };
        let end = start + length + 2;
        let follows = rest[end..].iter().find(|byte| !byte.is_ascii_whitespace());
        if follows == Some(&b':') {
            names.push(&rest[start..end]);
        }
        rest = &rest[end..];
    }
    names
}

/// The contents of a folder's own files, in the order of their names.
fn files(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(std::fs::read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixtures_are_bodies_and_what_was_found_are_whole_inputs() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(FOUND)).expect("made");
        for (name, content) in [("b.json", "two"), ("a.json", "one"), ("found/x", "\0\0\0\0\0\0three")] {
            std::fs::write(folder.path().join(name), content).expect("written");
        }
        let corpus = Corpus::read(folder.path()).expect("read");
        assert_eq!(corpus.bodies, [b"one", b"two"]);
        assert_eq!(corpus.found, [b"\0\0\0\0\0\0three"]);
        let seeds = corpus.seeds(&Vocabulary::default());
        assert_eq!(seeds.first().map(Vec::as_slice), Some(&b"\0\0\0\0\0\0one"[..]));
        assert_eq!(seeds.last().map(Vec::as_slice), Some(&b"\0\0\0\0\0\0three"[..]));
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        assert!(Corpus::read(Path::new("there-is-none")).is_err());
    }

    #[test]
    fn words_are_names_of_fields_and_no_values() {
        let corpus = Corpus { bodies: vec![br#"{"a": "b", "c":["d"], "c": "e: f"}"#.to_vec()], found: Vec::new() };
        let words: Vec<_> = corpus.words().into_iter().take(2).collect();
        assert_eq!(words, [b"\"a\"", b"\"c\""]);
        assert_eq!(corpus.words().len(), 2 + WORDS.len());
    }
}
