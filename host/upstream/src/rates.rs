//! How often something happens, as it is written on a command line: `kind=rate`.

use std::str::FromStr;

use clap::ValueEnum;

/// How often something happens: 0 is never, 1 always.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Rate(f64);

impl Rate {
    /// It never happens.
    pub const NEVER: Rate = Rate(0.0);
    /// It always happens.
    pub const ALWAYS: Rate = Rate(1.0);

    /// This rate, if it is a number from 0 to 1.
    pub fn new(rate: f64) -> Option<Self> {
        (0.0..=1.0).contains(&rate).then_some(Rate(rate))
    }

    /// The rate as a number from 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        text.parse().ok().and_then(Rate::new).ok_or_else(|| RateError::NoRate { text: text.to_owned() })
    }
}

/// Why a text names no kind and rate. Each message ends with what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// There is no `=` in it.
    #[error("`{text}` says no rate\nhint: write `{text}=1` for always, or any rate from 0 to 1")]
    Bare {
        /// The whole text.
        text: String,
    },
    /// What stands after the `=` is no number from 0 to 1.
    #[error("`{text}` is no rate\nhint: a rate is a number from 0 (never) to 1 (always), such as 0.1")]
    NoRate {
        /// What stands after the `=`.
        text: String,
    },
    /// What stands before the `=` is unknown.
    #[error("there is no {what} `{name}`\nhint: the {what}s are {known}")]
    Unknown {
        /// What was expected, such as `fault`.
        what: &'static str,
        /// The name that is unknown.
        name: String,
        /// The names that are known, separated by commas.
        known: String,
    },
}

/// Splits `name=rate`.
pub(crate) fn split(text: &str) -> Result<(&str, Rate), RateError> {
    let (name, rate) = text.split_once('=').ok_or_else(|| RateError::Bare { text: text.to_owned() })?;
    Ok((name.trim(), rate.trim().parse()?))
}

/// The kind of this name, or an error that lists those there are.
pub(crate) fn kind<Kind: ValueEnum>(what: &'static str, name: &str) -> Result<Kind, RateError> {
    Kind::from_str(name, false).map_err(|_| RateError::Unknown { what, name: name.to_owned(), known: names::<Kind>().join(", ") })
}

/// The names of all kinds, in the order in which they are declared.
pub(crate) fn names<Kind: ValueEnum>() -> Vec<String> {
    Kind::value_variants().iter().map(name).collect()
}

/// The name of one kind, as it is written on a command line.
pub(crate) fn name<Kind: ValueEnum>(kind: &Kind) -> String {
    kind.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// Every kind with its sentence, one a line, for the help.
pub(crate) fn table<Kind: ValueEnum>() -> String {
    let line = |kind: &Kind| {
        let value = kind.to_possible_value()?;
        Some(format!("  {:<24} {}", value.get_name(), value.get_help()?))
    };
    Kind::value_variants().iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_from_0_to_1() {
        for (text, rate) in [("0", 0.0), ("0.25", 0.25), ("1", 1.0)] {
            assert_eq!(text.parse(), Ok(Rate(rate)));
        }
        for text in ["-0.1", "1.01", "NaN", "inf", "", "often", "10%"] {
            assert!(text.parse::<Rate>().unwrap_err().to_string().contains("hint: a rate is a number from 0"), "{text}");
        }
    }

    #[test]
    fn a_name_without_a_rate_is_answered_with_how_to_write_one() {
        let error = split("unavailable").unwrap_err();
        assert_eq!(error.to_string(), "`unavailable` says no rate\nhint: write `unavailable=1` for always, or any rate from 0 to 1");
    }
}
