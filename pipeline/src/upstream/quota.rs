//! Calls of one day.

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// A day, in milliseconds.
const DAY_MS: u64 = 86_400_000;

/// A minute, in milliseconds.
const MINUTE_MS: u64 = 60_000;

/// The day that a point in time belongs to, and the point at which it ends, where days begin so many minutes after
/// midnight in UTC.
pub(super) fn day(now: Time, resets_min: u16) -> (u64, Time) {
    let shift = u64::from(resets_min) * MINUTE_MS;
    // The day before the first one is the first one's, which no clock that is right will ever show.
    let day = now.0.saturating_sub(shift) / DAY_MS;
    (day, Time((day + 1).saturating_mul(DAY_MS).saturating_add(shift)))
}

/// What was granted on one day, less what was given back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Day {
    /// Which day.
    pub(super) day: u64,
    /// Calls.
    pub(super) calls: u32,
    /// Those of them that are searches.
    pub(super) searches: u32,
}

impl Day {
    /// Begins a new day when the old one is over. A clock that goes backwards gives nothing back.
    pub(super) fn turn(&mut self, day: u64) {
        if day > self.day {
            *self = Day { day, ..Day::default() };
        }
    }

    pub(super) fn take(&mut self, calls: u32, searches: bool) {
        self.calls = self.calls.saturating_add(calls);
        self.searches = self.searches.saturating_add(if searches { calls } else { 0 });
    }

    /// Gives back what was taken on that day and not used; what belongs to an earlier day is gone with it.
    pub(super) fn give_back(&mut self, day: u64, calls: u32, searches: bool) {
        if day == self.day {
            self.calls = self.calls.saturating_sub(calls);
            self.searches = self.searches.saturating_sub(if searches { calls } else { 0 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-09-01T00:00:00Z.
    const MIDNIGHT: u64 = 1_788_220_800_000;

    #[test]
    fn a_day_begins_at_midnight_or_when_the_operator_says() {
        assert_eq!(day(Time(MIDNIGHT), 0).1, Time(MIDNIGHT + DAY_MS));
        assert_eq!(day(Time(MIDNIGHT - 1), 0).1, Time(MIDNIGHT));
        let eight = MIDNIGHT + 8 * 60 * MINUTE_MS;
        assert_eq!(day(Time(eight - 1), 480).1, Time(eight));
        assert_eq!(day(Time(eight), 480).1, Time(eight + DAY_MS));
        assert_ne!(day(Time(eight), 480).0, day(Time(eight - 1), 480).0);
    }

    #[test]
    fn a_new_day_begins_with_nothing_and_an_old_one_never_comes_back() {
        let mut counted = Day { day: 5, calls: 9, searches: 4 };
        counted.turn(4);
        assert_eq!(counted.calls, 9);
        counted.turn(6);
        counted.give_back(5, 9, true);
        assert_eq!(counted, Day { day: 6, calls: 0, searches: 0 });
    }

    #[test]
    fn what_is_given_back_was_taken_the_same_day() {
        let mut counted = Day::default();
        counted.take(5, true);
        counted.give_back(0, 3, true);
        assert_eq!(counted, Day { day: 0, calls: 2, searches: 2 });
    }
}
