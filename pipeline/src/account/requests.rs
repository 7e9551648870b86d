//! How many requests an account may make in a minute.
//!
//! The generic cell rate algorithm: a whole minute's requests may come at once, and each comes back after its share
//! of a minute. The account's object has the [`Meter`]; each isolate of the Worker works on a [`Mirror`] of it and
//! compares notes after a few requests or seconds, so that not every request asks the object. With one isolate this is exact;
//! each further one can let through a bundle more.

use serde::{Deserialize, Serialize};

use crate::limits::{REQUESTS_BUNDLE_MAX, REQUESTS_SYNC_MS};
use crate::time::Time;

/// The time in which what a plan allows may be asked for, in seconds.
pub const REQUEST_WINDOW_S: u32 = 60;

/// Of how many requests a minute one may be made before an isolate compares notes.
const BUNDLES_PER_MINUTE: u32 = 20;

/// Shortest time after which a refusal is compared with the object again, in milliseconds: whoever floods is refused
/// without costing the object a call each time.
const REFUSED_SYNC_MS: u64 = 1_000;

/// When all requests have come back: microseconds since 1970, because a minute of many requests has no whole
/// milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Meter {
    free_at_us: u64,
}

/// What became of a request, with what callers are told of their limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Whether it may be answered.
    pub allowed: bool,
    /// Requests a minute.
    pub limit: u32,
    /// Requests that could be made now.
    pub remaining: u32,
    /// Seconds until the whole limit is there again.
    pub reset_s: u32,
    /// Seconds until the next request may be made; 0 where it may be made now.
    pub retry_after_s: u32,
}

/// What an isolate tells the object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Requests that it let through since it last asked.
    pub requests: u32,
    /// Its meter afterwards.
    pub meter: Meter,
}

/// What the object answers to an isolate that could not decide on a request by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// What becomes of that request.
    pub rate: Rate,
    /// The account's meter after it.
    pub meter: Meter,
    /// Requests a minute by the account's plan, at least 1.
    pub per_minute: u32,
}

impl Meter {
    /// Takes one request, if it is there.
    pub fn take(&mut self, per_minute: u32, now: Time) -> Rate {
        let (now, share, free_at) = (micros(now), share_us(per_minute), self.free_at_us);
        let free_at = free_at.max(now);
        let all = share * u64::from(per_minute.max(1));
        let allowed = free_at + share <= now + all;
        self.free_at_us = if allowed { free_at + share } else { free_at };
        let taken = self.free_at_us - now;
        let short = (taken + share).saturating_sub(all);
        Rate {
            allowed,
            limit: per_minute,
            remaining: whole(all.saturating_sub(taken) / share),
            reset_s: seconds(taken),
            retry_after_s: seconds(short),
        }
    }

    /// Answers an isolate that asks for one request more, having taken in what it let through before.
    pub fn answer(&mut self, spent: Spent, per_minute: u32, now: Time) -> Allowed {
        self.spend(spent, per_minute);
        Allowed { rate: self.take(per_minute, now), meter: *self, per_minute }
    }

    fn spend(&mut self, spent: Spent, per_minute: u32) {
        let used = share_us(per_minute) * u64::from(spent.requests);
        // Where nobody else made a request, this is the isolate's own meter; what others spent meanwhile comes on top.
        self.free_at_us = self.free_at_us.max(spent.meter.free_at_us.saturating_sub(used)) + used;
    }
}

/// An isolate's copy of an account's meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mirror {
    meter: Meter,
    per_minute: u32,
    spent: u32,
    at: Time,
}

impl Mirror {
    /// A copy of what the object has just said.
    #[must_use]
    pub fn new(allowed: Allowed, now: Time) -> Mirror {
        Mirror { meter: allowed.meter, per_minute: allowed.per_minute, spent: 0, at: now }
    }

    /// The same copy after the object has said something more to another request that was waiting for it.
    #[must_use]
    pub fn updated(self, allowed: Allowed, now: Time) -> Mirror {
        let mut meter = allowed.meter;
        meter.spend(self.spent(), allowed.per_minute);
        Mirror { meter, per_minute: allowed.per_minute, spent: self.spent, at: now }
    }

    /// Decides on a request, or says that the object has to be asked first.
    pub fn take(&mut self, now: Time) -> Option<Rate> {
        let age = now.since(self.at);
        if self.spent >= bundle(self.per_minute) || age >= REQUESTS_SYNC_MS {
            return None;
        }
        let rate = self.meter.take(self.per_minute, now);
        match rate.allowed {
            true => self.spent += 1,
            false if age >= REFUSED_SYNC_MS => return None,
            false => {}
        }
        Some(rate)
    }

    /// What was let through since the object was last asked.
    #[must_use]
    pub fn spent(&self) -> Spent {
        Spent { requests: self.spent, meter: self.meter }
    }
}

/// Requests that an isolate may let through without asking.
fn bundle(per_minute: u32) -> u32 {
    (per_minute / BUNDLES_PER_MINUTE).clamp(1, REQUESTS_BUNDLE_MAX)
}

/// After how long one request comes back, in microseconds.
fn share_us(per_minute: u32) -> u64 {
    u64::from(REQUEST_WINDOW_S) * 1_000_000 / u64::from(per_minute.max(1))
}

fn micros(time: Time) -> u64 {
    // A clock beyond any calendar is no reason to overflow.
    time.0.min(u64::MAX / 4_000).saturating_mul(1_000)
}

fn seconds(us: u64) -> u32 {
    whole(us.div_ceil(1_000_000))
}

fn whole(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_796_083_200_000);

    /// How many of `asked` requests are let through at one moment.
    fn burst(meter: &mut Meter, per_minute: u32, asked: u32, now: Time) -> u32 {
        (0..asked).filter(|_| meter.take(per_minute, now).allowed).count() as u32
    }

    #[test]
    fn a_whole_minute_may_come_at_once_and_not_one_more() {
        for per_minute in [1, 7, 60, 120, 6_000, 59_999] {
            assert_eq!(burst(&mut Meter::default(), per_minute, per_minute + 5, NOW), per_minute);
        }
    }

    #[test]
    fn one_request_comes_back_after_its_share_of_a_minute_and_not_before() {
        let mut meter = Meter::default();
        burst(&mut meter, 60, 60, NOW);
        assert!(!meter.take(60, NOW.plus(999)).allowed);
        assert!(meter.take(60, NOW.plus(1_000)).allowed);
        assert!(!meter.take(60, NOW.plus(1_000)).allowed);
    }

    #[test]
    fn what_remains_and_when_it_comes_back_is_said() {
        let mut meter = Meter::default();
        let first = meter.take(60, NOW);
        assert_eq!(first, Rate { allowed: true, limit: 60, remaining: 59, reset_s: 1, retry_after_s: 0 });
        burst(&mut meter, 60, 59, NOW);
        let refused = meter.take(60, NOW);
        assert_eq!(refused, Rate { allowed: false, limit: 60, remaining: 0, reset_s: 60, retry_after_s: 1 });
    }

    /// Decides on a request as an isolate does; says whether the object was asked.
    fn decide(mirror: &mut Option<Mirror>, meter: &mut Meter, per_minute: u32, now: Time) -> (bool, bool) {
        if let Some(rate) = mirror.as_mut().and_then(|mirror| mirror.take(now)) {
            return (rate.allowed, false);
        }
        let spent = mirror.take().map_or(Spent::default(), |mirror| mirror.spent());
        let allowed = meter.answer(spent, per_minute, now);
        *mirror = Some(Mirror::new(allowed, now));
        (allowed.rate.allowed, true)
    }

    /// What one isolate lets through of requests at these times, and how often it asked the object.
    fn through_isolate(per_minute: u32, times: impl Iterator<Item = Time>) -> (Vec<bool>, usize) {
        let (mut mirror, mut meter) = (None, Meter::default());
        let (allowed, asked): (Vec<bool>, Vec<bool>) = times.map(|now| decide(&mut mirror, &mut meter, per_minute, now)).unzip();
        (allowed, asked.into_iter().filter(|asked| *asked).count())
    }

    #[test]
    fn one_isolate_decides_exactly_as_the_object_would() {
        for per_minute in [1, 30, 60, 600] {
            for step_ms in [0, 1, 90, 700, 2_900, 11_000] {
                let times = || (0..800).map(move |number| NOW.plus(number * step_ms));
                let mut exact = Meter::default();
                let expected: Vec<bool> = times().map(|now| exact.take(per_minute, now).allowed).collect();
                let (got, _) = through_isolate(per_minute, times());
                assert_eq!(got, expected, "{per_minute} a minute, one each {step_ms} ms");
            }
        }
    }

    #[test]
    fn an_isolate_asks_for_a_bundle_and_not_for_each_request() {
        let (_, asked) = through_isolate(6_000, (0..1_050).map(|number| NOW.plus(number * 10)));
        // The one that asks is answered by the object, and a bundle follows it.
        assert_eq!(asked, 1_050 / (REQUESTS_BUNDLE_MAX as usize + 1));
        let (allowed, asked) = through_isolate(60, (0..5_000).map(|_| NOW));
        assert_eq!(
            (allowed.iter().filter(|allowed| **allowed).count(), asked),
            (60, 60 / 4 + 1),
            "of the refusals, the object was asked about one"
        );
    }

    #[test]
    fn refusals_are_compared_with_the_object_once_a_second() {
        let per_minute = 1;
        let (_, asked) = through_isolate(per_minute, (0..5_000).map(|ms| NOW.plus(ms)));
        assert_eq!(asked, 5, "at first, and each second after that");
    }

    #[test]
    fn requests_that_ask_at_the_same_time_are_each_counted_once() {
        let mut meter = Meter::default();
        let answers: Vec<Allowed> = (0..10).map(|_| meter.answer(Spent::default(), 60, NOW)).collect();
        // Their answers come in another order, and requests come in between.
        let mut mirror = Mirror::new(answers[4], NOW);
        for number in [7, 1, 9, 0] {
            mirror.take(NOW);
            mirror = mirror.updated(answers[number], NOW);
        }
        let through = mirror.spent().requests;
        let rest = meter.answer(mirror.spent(), 60, NOW).rate;
        assert_eq!((through, rest.remaining), (3, 60 - 10 - 3 - 1));
    }

    #[test]
    fn a_bundle_is_at_least_one_request_and_never_more_than_its_limit() {
        assert_eq!([1, 39, 40, 60, 400, 420, 60_000].map(bundle), [1, 1, 2, 3, 20, REQUESTS_BUNDLE_MAX, REQUESTS_BUNDLE_MAX]);
    }

    #[test]
    fn several_isolates_let_no_more_than_a_bundle_each_through_on_top() {
        let (mut meter, mut mirrors) = (Meter::default(), [None; 4]);
        let mut through = 0;
        for _ in 0..100 {
            for mirror in &mut mirrors {
                through += u32::from(decide(mirror, &mut meter, 60, NOW).0);
            }
        }
        assert!((60..=60 + 4 * bundle(60)).contains(&through), "{through}");
    }

    #[test]
    fn notes_are_compared_after_a_while_even_of_few_requests() {
        let mut mirror = Mirror::new(Meter::default().answer(Spent::default(), 600, NOW), NOW);
        assert!(mirror.take(NOW.plus(REQUESTS_SYNC_MS - 1)).is_some());
        assert!(mirror.take(NOW.plus(REQUESTS_SYNC_MS)).is_none());
    }

    #[test]
    fn the_end_of_time_and_no_limit_at_all_are_no_panic() {
        assert!(Meter::default().take(0, Time(u64::MAX)).allowed);
        assert!(!Meter { free_at_us: u64::MAX / 2 }.take(60, NOW).allowed);
    }
}
