//! Calendar months in UTC: what plans allow is counted by them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::time::Time;

/// A month of a year in UTC, such as `2026-11`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month that a time lies in; a time that no calendar holds lies in the first one.
    #[must_use]
    pub fn of(time: Time) -> Month {
        let ms = i64::try_from(time.0).unwrap_or(0);
        let date = Offset::UTC.to_datetime(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH));
        Month { year: date.year(), month: date.month() }
    }

    /// When the next month begins; the end of time after the last month of the calendar.
    #[must_use]
    pub fn end(self) -> Time {
        let (year, month) = if self.month == 12 { (self.year.saturating_add(1), 1) } else { (self.year, self.month + 1) };
        let begins = DateTime::new(year, month, 1, 0, 0, 0, 0).and_then(|date| Offset::UTC.to_timestamp(date));
        begins.ok().and_then(|time| u64::try_from(time.as_millisecond()).ok()).map_or(Time(u64::MAX), Time)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year, self.month)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let read = text.split_once('-').and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
        match read {
            Some((year, month)) if (1..=12).contains(&month) => Ok(Month { year, month }),
            _ => Err(format!("{text:?} is no month")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last millisecond of November 2026, in UTC.
    const LAST: Time = Time(1_796_083_199_999);

    #[test]
    fn a_month_ends_at_midnight_of_utc_and_not_before() {
        assert_eq!(Month::of(LAST).to_string(), "2026-11");
        assert_eq!(Month::of(LAST.plus(1)).to_string(), "2026-12");
        assert_eq!(Month::of(LAST).end(), LAST.plus(1));
    }

    #[test]
    fn january_follows_december() {
        let december = Month::of(LAST.plus(1));
        assert_eq!(Month::of(december.end()).to_string(), "2027-01");
    }

    #[test]
    fn months_are_written_as_text_and_read_again() {
        let month = Month::of(LAST);
        assert_eq!(serde_json::to_string(&month).unwrap(), r#""2026-11""#);
        assert_eq!(serde_json::from_str::<Month>(r#""2026-11""#).unwrap(), month);
        for text in [r#""2026-13""#, r#""2026""#, r#""""#, "11"] {
            assert!(serde_json::from_str::<Month>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        assert_eq!(Month::of(Time(u64::MAX)).to_string(), "1970-01");
        assert_eq!(Month { year: 9_999, month: 12 }.end(), Time(u64::MAX));
    }
}
