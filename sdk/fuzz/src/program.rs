//! The program that the chore makes of this crate and the adapters there are.

use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;

use scout_sdk::Platform;

use crate::corpus::Corpus;
use crate::mutator::Mutator;
use crate::subject::Subject;

/// What every run draws from unless it is told otherwise.
const SEED: u64 = 4;

/// Bytes of an input that are shown; the file has all of them.
const SHOWN_BYTES: usize = 120;

/// Names the adapter that the engine feeds.
const ADAPTER: &str = "SCOUT_FUZZ_ADAPTER";

/// One adapter of the program.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    name: &'static str,
    subject: fn(&Corpus) -> Subject,
}

impl Member {
    /// The adapter in the folder of this name.
    #[must_use]
    pub const fn of<P: Platform>(name: &'static str) -> Self {
        Self { name, subject: Subject::of::<P> }
    }

    fn corpus(self) -> io::Result<Corpus> {
        Corpus::read(&Path::new("adapters").join(self.name).join("fixtures"))
    }
}

/// Does what its words say, from the workspace's root:
///
/// - `short RUNS [NAME]` feeds the adapter of that name, or each of them, inputs that are drawn from a seed, and says how
///   many it read. It fails when an adapter did not survive one, after keeping it.
/// - `seeds NAME FOLDER` writes what the engine begins with.
pub fn run(members: &[Member], words: impl Iterator<Item = String>) -> ExitCode {
    let words: Vec<String> = words.collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_done = match *words.as_slice() {
        ["short", runs, ref only @ ..] => runs.parse().is_ok_and(|runs| short(members, runs, only.first().copied())),
        ["seeds", name, folder] => match write_for_engine(members, name, Path::new(folder)) {
            Ok(()) => true,
            Err(error) => unreadable(name, &error),
        },
        _ => false,
    };
    if is_done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every adapter is fed, also when one before it failed.
fn short(members: &[Member], runs: usize, only: Option<&str>) -> bool {
    let chosen = members.iter().filter(|member| only.is_none_or(|only| only == member.name));
    chosen.filter(|member| !survives(**member, runs)).count() == 0
}

fn unreadable(name: &str, error: &io::Error) -> bool {
    eprintln!("error: the fixtures of {name} can't be read: {error}\nhint: `cargo xtask fuzz` runs this where they are");
    false
}

fn survives(member: Member, runs: usize) -> bool {
    let name = member.name;
    let corpus = match member.corpus() {
        Ok(corpus) => corpus,
        Err(error) => return unreadable(name, &error),
    };
    let subject = (member.subject)(&corpus);
    let (seeds, words) = (corpus.seeds(subject.vocabulary()), corpus.words());
    let mut mutator = Mutator::new(SEED, &seeds, &words);
    let inputs = seeds.iter().cloned().chain(std::iter::from_fn(|| Some(mutator.input()))).take(runs);
    for (number, input) in inputs.enumerate() {
        if catch_unwind(AssertUnwindSafe(|| subject.read(&input))).is_err() {
            report(name, number, &input);
            return false;
        }
    }
    println!("{name}: {runs} inputs from {} seeds", seeds.len());
    true
}

/// Keeps an input for whoever looks for the cause.
fn report(name: &str, number: usize, input: &[u8]) {
    let file = std::env::temp_dir().join(format!("scout-fuzz-{name}-{number}"));
    let kept = std::fs::File::create(&file).and_then(|mut file| file.write_all(input));
    let place = kept.map_or_else(|error| format!("it can't be kept: {error}"), |()| format!("kept as {}", file.display()));
    let start = &input[..input.len().min(SHOWN_BYTES)];
    eprintln!("error: {name} did not survive input {number}, which begins with {} ({place})", start.escape_ascii());
    eprintln!("hint: put it into adapters/{name}/fixtures/found/, make a test of its body, and mend the adapter");
}

/// Reads one input of the engine with the adapter that the environment names.
///
/// # Panics
/// When the adapter does not survive it; the engine then keeps the input.
pub fn engine_input(members: &[Member], input: &[u8]) {
    static SUBJECT: OnceLock<Subject> = OnceLock::new();
    let subject = SUBJECT.get_or_init(|| {
        let name = std::env::var(ADAPTER).expect("the chore names an adapter");
        let member = members.iter().find(|member| member.name == name).expect("the chore names an adapter that there is");
        (member.subject)(&member.corpus().expect("the fixtures can be read"))
    });
    subject.read(input);
}

/// Writes an adapter's seeds, a file each, and its words as the engine's dictionary.
fn write_for_engine(members: &[Member], name: &str, folder: &Path) -> io::Result<()> {
    let member = members.iter().find(|member| member.name == name).ok_or(io::ErrorKind::NotFound)?;
    let corpus = member.corpus()?;
    let seeds = folder.join("seeds");
    std::fs::create_dir_all(&seeds)?;
    for (number, seed) in corpus.seeds((member.subject)(&corpus).vocabulary()).iter().enumerate() {
        std::fs::write(seeds.join(format!("{number:05}")), seed)?;
    }
    let words: String = corpus.words().iter().map(|word| format!("\"{}\"\n", quoted(word))).collect();
    std::fs::write(folder.join("words.dict"), words)
}

/// Bytes as the engine's dictionaries write them.
fn quoted(word: &[u8]) -> String {
    word.iter().map(|byte| if byte.is_ascii_alphanumeric() { char::from(*byte).to_string() } else { format!("\\x{byte:02x}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_byte_by_byte() {
        assert_eq!(quoted(b"\"a_1\""), "\\x22a\\x5f1\\x22");
    }

    #[test]
    fn words_that_mean_nothing_fail() {
        let run = |words: &str| run(&[], words.split(' ').map(str::to_owned));
        assert_eq!(run("short 10"), ExitCode::SUCCESS);
        for words in ["", "short", "short many", "seeds", "seeds nobody nowhere"] {
            assert_eq!(run(words), ExitCode::FAILURE, "{words}");
        }
    }
}
