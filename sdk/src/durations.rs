//! Durations of videos and episodes.

use serde::de::{Deserialize, Deserializer};

use crate::scalar::Scalar;

/// Whole seconds, read from a field that holds them as a number, with or without a fraction, or as digits.
///
/// The fraction is dropped. Nothing lasts 0 seconds: that is how platforms write that they don't know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seconds(Option<u32>);

impl Seconds {
    /// The seconds, or `None` when they are unknown.
    pub fn get(self) -> Option<u32> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = match Scalar::deserialize(deserializer)? {
            Scalar::Whole(seconds) => u32::try_from(seconds).ok(),
            // The cast saturates, and a number that is none becomes 0.
            Scalar::Float(seconds) => Some(seconds as u32).filter(|&seconds| seconds < u32::MAX),
            Scalar::Text(text) => whole(text.trim()),
            _ => None,
        };
        Ok(Self(seconds.filter(|&seconds| seconds > 0)))
    }
}

/// The digits before a point, if all of it is digits.
fn whole(text: &str) -> Option<u32> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.bytes().all(|digit| digit.is_ascii_digit()) { seconds.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<u32>) {
        let seconds: Seconds = serde_json::from_str(json).expect("no form is an error");
        assert_eq!(seconds.get(), expected, "{json}");
    }

    #[test]
    fn seconds_are_whole_or_lose_their_fraction() {
        check("74", Some(74));
        check("74.96", Some(74));
        check(r#"" 74.96 ""#, Some(74));
        check("4294967295", Some(u32::MAX));
    }

    #[test]
    fn nothing_lasts_no_time_or_less() {
        for json in ["0", "0.4", "-7", "-7.5", r#""0""#] {
            check(json, None);
        }
    }

    #[test]
    fn what_is_no_number_of_seconds_is_unknown() {
        for json in ["null", "true", "[]", "4294967296", "1e300", r#""1:14""#, r#""1.x""#, r#""""#] {
            check(json, None);
        }
    }
}
