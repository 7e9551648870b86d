//! Times in the forms that platforms write them in.

mod calendar;
mod forms;

use serde::de::{Deserialize, Deserializer};

use crate::scalar::Scalar;
use calendar::Moment;

/// A moment, read from whatever a field holds.
///
/// Numbers are seconds or milliseconds since 1970, told apart by their size. Text is RFC 3339 with any offset, a
/// date, the mail form (`Tue, 07 Jan 2025 18:23:09 +0000`), the old Twitter form (`Wed Dec 01 19:13:23 +0000
/// 2010`), or digits. Text relative to now (`2 weeks ago`) is unknown, since an adapter has no clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Time(Option<Moment>);

/// Smaller numbers are years, ages or flags rather than times; it is March 1973.
const SECONDS_MIN: u64 = 100_000_000;

/// From here on a number counts milliseconds: as seconds it would be past the year 5000, as milliseconds it is 1973.
const MILLISECONDS_MIN: u64 = 100_000_000_000;

/// Larger numbers are neither.
const MILLISECONDS_MAX: u64 = 100_000_000_000_000;

impl Time {
    /// The time as RFC 3339 in UTC, or `None` when it is unknown.
    pub fn get(self) -> Option<String> {
        self.0?.to_text()
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> Option<i64> {
        self.0.map(|moment| moment.seconds)
    }

    /// This time, or the other one when this is unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Scalar::deserialize(deserializer)? {
            Scalar::Whole(number) => of_number(number),
            // Some platforms write seconds as a float; the fraction says nothing, and the cast saturates.
            Scalar::Float(number) => of_number(number as u64),
            Scalar::Text(text) => of_text(&text),
            _ => Self::default(),
        })
    }
}

/// Reads seconds or milliseconds since 1970.
pub fn of_number(number: u64) -> Time {
    Time(match number {
        SECONDS_MIN..MILLISECONDS_MIN => Moment::of_milliseconds(number * 1000),
        MILLISECONDS_MIN..MILLISECONDS_MAX => Moment::of_milliseconds(number),
        _ => None,
    })
}

/// Reads a time from text; a date alone is its midnight, and a time without an offset is in UTC.
pub fn of_text(text: &str) -> Time {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return of_number(number);
    }
    let text = text.as_bytes();
    Time(forms::rfc3339(text).or_else(|| forms::mail(text)).or_else(|| forms::old_twitter(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<&str>) {
        let time: Time = serde_json::from_str(json).expect("no form is an error");
        assert_eq!(time.get().as_deref(), expected, "{json}");
    }

    #[test]
    fn seconds_and_milliseconds_are_told_apart_by_their_size() {
        check("1756918837", Some("2025-09-03T17:00:37Z"));
        check("1756918837000", Some("2025-09-03T17:00:37Z"));
        check("1756918837123", Some("2025-09-03T17:00:37.123Z"));
        check("99999999999", Some("5138-11-16T09:46:39Z"));
        check("100000000000", Some("1973-03-03T09:46:40Z"));
    }

    #[test]
    fn numbers_that_are_too_small_or_too_large_are_unknown() {
        check("99999999", None);
        check("100000000", Some("1973-03-03T09:46:40Z"));
        check("99999999999999", Some("5138-11-16T09:46:39.999Z"));
        check("100000000000000", None);
        check("18446744073709551615", None);
        check("0", None);
        check("-1", None);
    }

    #[test]
    fn seconds_may_be_a_float_or_a_digit_string() {
        check("1756918837.0", Some("2025-09-03T17:00:37Z"));
        check(r#""1756918837""#, Some("2025-09-03T17:00:37Z"));
        check("1e300", None);
        check("-1.5", None);
    }

    #[test]
    fn rfc_3339_is_read_with_any_offset_and_any_fraction() {
        check(r#""2025-01-07T18:23:09Z""#, Some("2025-01-07T18:23:09Z"));
        check(r#""2025-01-07T18:23:09+00:00""#, Some("2025-01-07T18:23:09Z"));
        check(r#""2025-01-07T18:23:09-07:00""#, Some("2025-01-08T01:23:09Z"));
        check(r#""2025-01-07T18:23:09.672Z""#, Some("2025-01-07T18:23:09.672Z"));
        check(r#""2025-01-07T18:23:09.672123Z""#, Some("2025-01-07T18:23:09.672123Z"));
    }

    #[test]
    fn a_date_alone_is_its_midnight() {
        check(r#""2026-08-01""#, Some("2026-08-01T00:00:00Z"));
    }

    #[test]
    fn a_time_without_an_offset_is_in_utc() {
        check(r#""2026-08-01T10:11:12""#, Some("2026-08-01T10:11:12Z"));
        check(r#""2026-08-01 10:11:12""#, Some("2026-08-01T10:11:12Z"));
    }

    #[test]
    fn the_mail_form_is_read() {
        check(r#""Tue, 07 Jan 2025 18:23:09 +0000""#, Some("2025-01-07T18:23:09Z"));
        check(r#""Tue, 07 Jan 2025 18:23:09 GMT""#, Some("2025-01-07T18:23:09Z"));
        check(r#""Tue, 07 Jan 2025 18:23:09 -0700""#, Some("2025-01-08T01:23:09Z"));
    }

    #[test]
    fn the_old_twitter_form_is_read() {
        check(r#""Wed Dec 01 19:13:23 +0000 2010""#, Some("2010-12-01T19:13:23Z"));
    }

    #[test]
    fn a_time_relative_to_now_is_unknown() {
        check(r#""2 weeks ago""#, None);
        check(r#""Streamed 2 weeks ago""#, None);
        check(r#""yesterday""#, None);
    }

    #[test]
    fn a_year_that_rfc_3339_can_t_write_is_unknown() {
        check(r#""-000044-03-15T00:00:00Z""#, None);
        check(r#""0001-01-01T00:00:00Z""#, Some("0001-01-01T00:00:00Z"));
    }

    #[test]
    fn anything_else_is_unknown() {
        for json in ["null", "true", "[]", "{}", r#""""#, r#""2025""#, r#""2025-13-01""#, r#""☃☃☃☃""#, r#""2025-02-30T00:00:00Z""#]
        {
            check(json, None);
        }
    }

    #[test]
    fn the_first_known_time_counts() {
        let (known, unknown) = (of_number(1_756_918_837), Time::default());
        assert_eq!(unknown.or(known), known);
        assert_eq!(known.or(of_number(1_000_000_000)), known);
        assert_eq!(known.seconds(), Some(1_756_918_837));
        assert_eq!(unknown.seconds(), None);
    }

    /// What a library that knows time makes of a text.
    fn by_library(text: &str) -> Option<String> {
        let moment = text.parse::<jiff::Timestamp>().ok();
        let local = || jiff::tz::Offset::UTC.to_timestamp(text.parse().ok()?).ok();
        let mail = || jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok();
        moment.or_else(local).or_else(mail).map(|moment| moment.to_string())
    }

    #[test]
    fn a_library_for_times_reads_the_same_from_whatever_was_spoiled() {
        for whole in ["2024-02-29T18:23:09.672+07:00", "1999-06-30 23:59:60", "Thu, 29 Feb 2024 18:23:09 -0330", "1 Mar 99 01:02 EDT"] {
            for place in 0..whole.len() {
                for byte in *b"0123456789-+:.,TZ " {
                    let mut spoiled = whole.as_bytes().to_vec();
                    spoiled[place] = byte;
                    let spoiled = String::from_utf8(spoiled).expect("it is ASCII");
                    // The library alone knows the extension for time zones, seconds of offsets and hours without minutes.
                    if let Some(read) = of_text(&spoiled).get() {
                        assert_eq!(Some(read), by_library(spoiled.trim()), "{spoiled}");
                    }
                }
            }
        }
    }
}
