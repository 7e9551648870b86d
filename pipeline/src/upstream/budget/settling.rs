//! What follows from how calls ended.

use super::{Budget, Held, PACE_WHOLE};
use crate::limits::{PACE_CALLS, PACE_PART_MIN, RETRY_AFTER_MS_MAX, UPSTREAM_PAUSE_MS};
use crate::time::Time;
use crate::upstream::{Seen, Settlement};

impl Budget {
    /// Ends a permit: calls that were not made are given back, and how the others ended decides what is asked next. A
    /// permit that has ended before changes nothing any more.
    pub fn settle(&mut self, settlement: &Settlement, now: Time) {
        self.refresh(now);
        let Some(held) = self.permits.remove(&settlement.permit) else { return };
        self.give_back(&held, settlement.calls, now);
        self.held_ms = (self.held_ms * 7 + now.since(held.granted)) / 8;
        for seen in &settlement.seen {
            self.breaker.saw(seen, settlement.permit, now);
            self.follow(seen, &held, now);
        }
        self.breaker.over(settlement.permit);
        if let Some(until) = settlement.credit.none_until {
            let rest = &mut self.rests[usize::from(held.searches)];
            *rest = (*rest).max(until.min(now.plus(RETRY_AFTER_MS_MAX)));
        }
        self.credit = settlement.credit.or(self.credit);
    }

    fn give_back(&mut self, held: &Held, made: u32, now: Time) {
        let (unused, ago_ms) = (held.calls.saturating_sub(made), now.since(held.granted));
        // What a token took was not granted; it is paid for all the same.
        self.take(made.saturating_sub(held.calls), held.searches, now);
        self.day.give_back(held.day, unused, held.searches);
        self.line.given_back(&held.account, unused);
        if let Some((pour, bucket)) = self.rates.calls().zip(self.calls.as_mut()) {
            bucket.give_back(unused, ago_ms, pour);
        }
        if let Some((pour, bucket)) = self.rates.searches().zip(self.searches.as_mut()).filter(|_| held.searches) {
            bucket.give_back(unused, ago_ms, pour);
        }
    }

    /// Slows down at the upstream's word, and comes back to the whole pace call by call.
    fn follow(&mut self, seen: &Seen, held: &Held, now: Time) {
        match seen {
            Seen::Fine => self.pace = (self.pace + PACE_WHOLE / 2 / PACE_CALLS).min(PACE_WHOLE),
            Seen::RateLimited { after_s } => {
                let ms = after_s.map_or(UPSTREAM_PAUSE_MS, |seconds| u64::from(seconds) * 1_000).min(RETRY_AFTER_MS_MAX);
                self.paused = self.paused.max(now.plus(ms));
                if self.slowed.is_none_or(|slowed| held.granted > slowed) {
                    self.pace = (self.pace / 2).max(PACE_WHOLE / PACE_PART_MIN);
                    self.slowed = Some(now);
                }
            }
            Seen::Other | Seen::Failed(_) | Seen::Refused(_) => {}
        }
    }
}
