//! Points in time, as the runtimes hand them in. The rules have no clock of their own.

use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub u64);

impl Time {
    /// This many milliseconds later; the end of time rather than a wrapped number.
    #[must_use]
    pub fn plus(self, ms: u64) -> Time {
        Time(self.0.saturating_add(ms))
    }

    /// Milliseconds since `earlier`, and 0 when a clock went backwards.
    #[must_use]
    pub fn since(self, earlier: Time) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// RFC 3339 in UTC with milliseconds, such as `2026-09-01T12:00:00.250Z`; a time that no calendar
    /// holds becomes the first one.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let ms = i64::try_from(self.0).unwrap_or(0);
        let time = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        format!("{time:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc_with_milliseconds() {
        assert_eq!(Time(1_788_220_800_250).rfc3339(), "2026-09-01T00:00:00.250Z");
    }

    #[test]
    fn the_end_of_time_is_neither_wrapped_nor_a_panic() {
        assert_eq!(Time(u64::MAX).plus(1), Time(u64::MAX));
        assert_eq!(Time(u64::MAX).rfc3339(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_clock_that_went_backwards_gives_no_time_passed() {
        assert_eq!(Time(5).since(Time(9)), 0);
    }
}
