//! How a command fails: what happened, what to do about it, and the exit code.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use scout_pipeline::ports::AdapterError;

use crate::engine::{EngineError, Refusal};

/// What a command ends with.
pub type Outcome = Result<ExitCode, Failure>;

/// Why a command did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    text: String,
    hints: Vec<String>,
    code: u8,
}

impl Failure {
    /// Something went wrong although the input was good: exit code 1. Lines of the text that begin with
    /// `hint: ` become hints.
    #[must_use]
    pub fn error(text: impl fmt::Display) -> Self {
        Self::new(&text.to_string(), 1)
    }

    /// The input is at fault: exit code 2.
    #[must_use]
    pub fn input(text: impl fmt::Display) -> Self {
        Self::new(&text.to_string(), 2)
    }

    /// Adds what the user can do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hints.push(hint.to_string());
        self
    }

    /// What happened, without hints.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn new(text: &str, code: u8) -> Self {
        let (hints, facts): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("hint: "));
        let hints = hints.iter().map(|line| line.trim_start_matches("hint: ").to_owned()).collect();
        Self { text: facts.join("\n"), hints, code }
    }

    /// Says it on standard error, where that still exists, and gives the exit code.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        // With standard error closed there is nobody left to tell.
        let _ = write!(std::io::stderr().lock(), "{self}");
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "error: {}", self.text)?;
        self.hints.iter().try_for_each(|hint| writeln!(out, "hint: {hint}"))
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::error(error).hint("adapters take a 64-bit system that lets a program reserve address space")
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.reasons.as_slice() {
            [reason] => Self::error(format_args!("the component is refused: {reason}")),
            reasons => Self::error(format_args!("the component is refused:\n  {}", reasons.join("\n  "))),
        }
    }
}

impl From<AdapterError> for Failure {
    fn from(error: AdapterError) -> Self {
        Self::error(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_hints_come_last() {
        let failure = Failure::error("it trapped\nhint: look").hint("again");
        assert_eq!(failure.to_string(), "error: it trapped\nhint: look\nhint: again\n");
    }

    #[test]
    fn several_reasons_stand_below_each_other() {
        let refusal = Refusal::from(vec!["a".to_owned(), "b\nhint: c".to_owned()]);
        assert_eq!(Failure::from(refusal).to_string(), "error: the component is refused:\n  a\n  b\nhint: c\n");
    }
}
