//! Counts in the forms that platforms write them in.

use serde::de::{Deserialize, Deserializer};

use crate::scalar::Scalar;

/// A whole number of people, views or likes, read from whatever a field holds.
///
/// Whole numbers and digit strings are exact; short text such as `"1.2M subscribers"` is a rounded number. A
/// negative number is an overflow, and a float is a guess that lost its unit (`1.4` for "1.4K"), so both are
/// unknown, as is anything else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    value: Option<u64>,
    rounded: bool,
}

impl Count {
    /// The count, or `None` when it is unknown.
    pub fn get(self) -> Option<u64> {
        self.value
    }

    /// The better of two forms of one count: an exact one before a rounded one, this one before the other.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self.value, other.value) {
            (Some(_), None) => self,
            (Some(_), Some(_)) if !self.rounded || other.rounded => self,
            _ => other,
        }
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Scalar::deserialize(deserializer)? {
            Scalar::Whole(value) => Self { value: Some(value), rounded: false },
            Scalar::Text(text) => of_text(&text),
            _ => Self::default(),
        })
    }
}

/// Reads a count from text: `"656000"`, `"7,470,787 views"`, `"20M"`, `"1.2M subscribers"`.
pub fn of_text(text: &str) -> Count {
    read(text.trim()).unwrap_or_default()
}

fn read(text: &str) -> Option<Count> {
    let (whole, rest) = whole_part(text)?;
    let (fraction, rest) = fraction_part(rest)?;
    let (unit, rest) = unit(rest);
    let words_follow = rest.is_empty() || rest.starts_with(char::is_whitespace);
    // Digits in the words make it something else, such as "3 of 10".
    if !words_follow || rest.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    // Without a unit a fraction is the same guess as a float.
    if unit == 1 && !fraction.is_empty() {
        return None;
    }
    let value = whole.checked_mul(unit)?.checked_add(scaled(fraction, unit)?)?;
    Some(Count { value: Some(value), rounded: unit > 1 })
}

/// The digits before a point, with or without commas between groups of three, and what follows them.
fn whole_part(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != ',').unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let mut groups = digits.split(',');
    let first = groups.next().filter(|group| !group.is_empty())?;
    let mut joined = first.to_owned();
    for group in groups {
        if first.len() > 3 || group.len() != 3 {
            return None;
        }
        joined.push_str(group);
    }
    Some((joined.parse().ok()?, rest))
}

/// The digits after a point, if there is one, and what follows them.
fn fraction_part(text: &str) -> Option<(&str, &str)> {
    let Some(after) = text.strip_prefix('.') else { return Some(("", text)) };
    let end = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
    (end > 0).then(|| after.split_at(end))
}

/// The unit as a factor. Apart from its number it is a capital, so that "20 m" stays 20.
fn unit(text: &str) -> (u64, &str) {
    let apart = text.trim_start();
    let mut letters = apart.chars();
    let factor = match letters.next() {
        Some('K') => 1_000,
        Some('M') => 1_000_000,
        Some('B') => 1_000_000_000,
        Some('T') => 1_000_000_000_000,
        Some('k') if apart.len() == text.len() => 1_000,
        Some('m') if apart.len() == text.len() => 1_000_000,
        Some('b') if apart.len() == text.len() => 1_000_000_000,
        _ => return (1, text),
    };
    let rest = letters.as_str();
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace) || apart.len() == text.len();
    if ends { (factor, rest) } else { (1, text) }
}

/// What digits after the point are worth in a unit, rounded down.
fn scaled(fraction: &str, unit: u64) -> Option<u64> {
    let mut place = unit;
    let mut value: u64 = 0;
    for digit in fraction.chars() {
        place /= 10;
        value = value.checked_add(place.checked_mul(u64::from(digit.to_digit(10)?))?)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<u64>) {
        let count: Count = serde_json::from_str(json).expect("no form is an error");
        assert_eq!(count.get(), expected, "{json}");
    }

    #[test]
    fn a_whole_number_is_taken_as_it_is() {
        check("0", Some(0));
        check("656000", Some(656_000));
        check("49997308061", Some(49_997_308_061));
        check("18446744073709551615", Some(u64::MAX));
    }

    #[test]
    fn a_number_beyond_64_bits_is_unknown() {
        check("18446744073709551616", None);
        check(r#""18446744073709551616""#, None);
        check(r#""99999999999999999999999999999999999999999999""#, None);
        check(r#""99999999999999999999T""#, None);
    }

    #[test]
    fn a_negative_count_is_unknown() {
        check("-255946397", None);
        check(r#""-5""#, None);
    }

    #[test]
    fn a_float_is_never_trusted() {
        check("1.4", None);
        check("1000.0", None);
        check("1e3", None);
        check(r#""1.4""#, None);
    }

    #[test]
    fn digit_strings_are_exact() {
        check(r#""656000""#, Some(656_000));
        check(r#"" 17 ""#, Some(17));
        check(r#""8333988195""#, Some(8_333_988_195));
    }

    #[test]
    fn short_text_is_read_with_its_unit() {
        check(r#""20M""#, Some(20_000_000));
        check(r#""1.2M subscribers""#, Some(1_200_000));
        check(r#""1.23K""#, Some(1_230));
        check(r#""750k""#, Some(750_000));
        check(r#""2.5B views""#, Some(2_500_000_000));
        check(r#""14K watching""#, Some(14_000));
        check(r#""1.2 M followers""#, Some(1_200_000));
        check(r#""1.23456K""#, Some(1_234));
    }

    #[test]
    fn grouped_digits_are_read_exactly() {
        check(r#""7,470,787 views""#, Some(7_470_787));
        check(r#""8,269,610""#, Some(8_269_610));
        check(r#""1,2""#, None);
        check(r#""1234,567""#, None);
        check(r#"",567""#, None);
    }

    #[test]
    fn a_word_is_not_a_unit() {
        check(r#""20 minutes""#, Some(20));
        check(r#""20 Members""#, Some(20));
        check(r#""20x""#, None);
        check(r#""20Members""#, None);
    }

    #[test]
    fn anything_else_is_unknown() {
        for json in [
            "null",
            "true",
            "[]",
            r#"{"count":1}"#,
            r#""""#,
            r#""No views""#,
            r#""3 of 10""#,
            r#""1.""#,
            r#"".5K""#,
            r#""1.2.3K""#,
            r#""٣""#,
        ] {
            check(json, None);
        }
    }

    #[test]
    fn an_exact_form_is_preferred_over_a_rounded_one() {
        let (exact, rounded, unknown) = (of_text("1738332"), of_text("1.7M"), Count::default());
        assert_eq!(rounded.or(exact).get(), Some(1_738_332));
        assert_eq!(exact.or(rounded).get(), Some(1_738_332));
        assert_eq!(unknown.or(rounded).get(), Some(1_700_000));
        assert_eq!(rounded.or(unknown).get(), Some(1_700_000));
        assert_eq!(exact.or(of_text("1")).get(), Some(1_738_332));
        assert_eq!(unknown.or(unknown).get(), None);
    }
}
