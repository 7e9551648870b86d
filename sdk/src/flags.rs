//! Answers to yes or no in the forms that platforms write them in.

use serde::de::{Deserialize, Deserializer};

use crate::scalar::Scalar;

/// A yes or no: a boolean, 0 or 1, or one of these as text. Anything else is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flag(Option<bool>);

impl Flag {
    /// The answer, or `None` when it is unknown.
    pub fn get(self) -> Option<bool> {
        self.0
    }

    /// Whether the answer is known to be yes.
    pub fn is_yes(self) -> bool {
        self.0 == Some(true)
    }

    /// Whether the answer is known to be no.
    pub fn is_no(self) -> bool {
        self.0 == Some(false)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Bool(value) => Some(value),
            Scalar::Whole(0) => Some(false),
            Scalar::Whole(1) => Some(true),
            Scalar::Text(text) => match text.trim() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_as_booleans_numbers_and_text() {
        let flag = |json| serde_json::from_str::<Flag>(json).expect("no form is an error").get();
        assert_eq!(["true", "1", r#""true""#, r#""1""#].map(flag), [Some(true); 4]);
        assert_eq!(["false", "0", r#""false""#, r#""0""#].map(flag), [Some(false); 4]);
        assert_eq!(["null", "2", "-1", "1.0", r#""yes""#, "[]", "{}"].map(flag), [None; 7]);
        assert!(Flag(Some(false)).is_no() && !Flag(None).is_no() && !Flag(None).is_yes());
    }
}
