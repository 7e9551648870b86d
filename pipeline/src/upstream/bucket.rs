//! A token bucket in whole numbers: millionths of a call and milliseconds.

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// One call, in the bucket's own unit.
const CALL: i64 = 1_000_000;

/// How a bucket fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pour {
    /// Calls that a full one holds, at least 1.
    pub(super) burst: u32,
    /// Millionths of a call that come in each millisecond.
    pub(super) rate: u64,
}

impl Pour {
    /// So many thousandths of a call a second, and as many at once as a second brings.
    pub(super) fn a_second(milli: u32) -> Pour {
        Pour { burst: milli.div_ceil(1_000).max(1), rate: u64::from(milli) }
    }

    /// So many calls in any minute, however they are spread: a fifth of them at once, and the rest evenly.
    pub(super) fn a_minute(calls: u32) -> Pour {
        let burst = (calls / 5).max(1);
        // A single call a minute is nothing but its burst; it comes back when the minute is over.
        let evenly = u64::from(calls.saturating_sub(burst).max(1));
        Pour { burst, rate: (evenly * 1_000_000 / 60_000).max(1) }
    }
}

/// Calls that may be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bucket {
    /// Less than nothing where more was called than allowed.
    level: i64,
    at: Time,
}

impl Bucket {
    /// A full one.
    pub(super) fn full(pour: Pour, now: Time) -> Bucket {
        Bucket { level: i64::from(pour.burst) * CALL, at: now }
    }

    /// Lets in what came since the last time, `part` of `whole` of what `pour` gives.
    pub(super) fn refill(&mut self, pour: Pour, (part, whole): (u32, u32), now: Time) {
        let came = u128::from(now.since(self.at)) * u128::from(pour.rate) * u128::from(part) / u128::from(whole.max(1));
        self.level = self.level.saturating_add(i64::try_from(came).unwrap_or(i64::MAX)).min(i64::from(pour.burst) * CALL);
        self.at = self.at.max(now);
    }

    /// Whole calls that may be made now.
    pub(super) fn calls(&self) -> u32 {
        u32::try_from(self.level.max(0) / CALL).unwrap_or(u32::MAX)
    }

    /// Takes calls out, more than there are if need be.
    pub(super) fn take(&mut self, calls: u32) {
        self.level = self.level.saturating_sub(i64::from(calls) * CALL);
    }

    /// Puts calls back that were taken so many milliseconds ago and not made, less what has come in since then: had they
    /// not been taken, the bucket may have been full and that much would have run over.
    pub(super) fn give_back(&mut self, calls: u32, ago_ms: u64, pour: Pour) {
        let over = i64::try_from(ago_ms.saturating_mul(pour.rate)).unwrap_or(i64::MAX);
        let back = (i64::from(calls) * CALL).saturating_sub(over).max(0);
        self.level = self.level.saturating_add(back).min(i64::from(pour.burst) * CALL);
    }

    /// How long it takes until so many calls may be made, in milliseconds.
    pub(super) fn ms_until(&self, calls: u32, pour: Pour, (part, whole): (u32, u32)) -> u64 {
        let missing = i64::from(calls) * CALL - self.level;
        let rate = u128::from(pour.rate) * u128::from(part);
        let ms = (u128::from(missing.max(0).unsigned_abs()) * u128::from(whole)).div_ceil(rate.max(1));
        u64::try_from(ms).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: (u32, u32) = (1, 1);

    #[test]
    fn a_bucket_gives_what_it_holds_and_then_what_comes_in() {
        let pour = Pour::a_second(10_000);
        let mut bucket = Bucket::full(pour, Time(0));
        assert_eq!(bucket.calls(), 10);
        bucket.take(10);
        bucket.refill(pour, WHOLE, Time(99));
        assert_eq!((bucket.calls(), bucket.ms_until(1, pour, WHOLE)), (0, 1));
        bucket.refill(pour, WHOLE, Time(100));
        assert_eq!(bucket.calls(), 1);
    }

    #[test]
    fn a_bucket_never_holds_more_than_its_burst() {
        let pour = Pour::a_second(500);
        let mut bucket = Bucket::full(pour, Time(0));
        bucket.refill(pour, WHOLE, Time(u64::MAX));
        bucket.give_back(9, 0, pour);
        assert_eq!(bucket.calls(), 1);
    }

    #[test]
    fn a_slower_pace_lets_in_its_part() {
        let pour = Pour::a_second(10_000);
        let mut bucket = Bucket::full(pour, Time(0));
        bucket.take(10);
        assert_eq!(bucket.ms_until(1, pour, (1, 4)), 400);
        bucket.refill(pour, (1, 4), Time(400));
        assert_eq!(bucket.calls(), 1);
    }

    #[test]
    fn any_minute_has_as_many_calls_as_a_minute_may_have_and_not_one_more() {
        for a_minute in [1, 2, 3, 10, 20, 60, 800] {
            let pour = Pour::a_minute(a_minute);
            let mut bucket = Bucket::full(pour, Time(0));
            let mut taken = Vec::new();
            for now in (0..600_000).step_by(50) {
                bucket.refill(pour, WHOLE, Time(now));
                let calls = bucket.calls();
                bucket.take(calls);
                taken.extend(std::iter::repeat_n(now, calls as usize));
            }
            for (place, first) in taken.iter().enumerate() {
                let within = taken[place..].iter().take_while(|at| **at < first + 60_000).count();
                assert!(within <= a_minute as usize, "{within} of {a_minute} in the minute from {first}");
            }
            assert!(taken.len() >= a_minute as usize * 5, "{} of {a_minute}", taken.len());
        }
    }

    #[test]
    fn what_is_given_back_late_has_run_over() {
        let pour = Pour::a_second(10_000);
        for (ago_ms, calls) in [(0, 5), (200, 3), (500, 0), (u64::MAX, 0)] {
            let mut bucket = Bucket::full(pour, Time(0));
            bucket.take(10);
            bucket.give_back(5, ago_ms, pour);
            assert_eq!(bucket.calls(), calls, "{ago_ms} ms");
        }
    }

    #[test]
    fn calls_that_nobody_had_allowed_are_paid_for_later() {
        let pour = Pour::a_second(1_000);
        let mut bucket = Bucket::full(pour, Time(0));
        bucket.take(3);
        assert_eq!((bucket.calls(), bucket.ms_until(1, pour, WHOLE)), (0, 3_000));
    }
}
