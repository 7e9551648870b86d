//! When to ask again.

use super::{Budget, Room};
use crate::limits::{PERMIT_WAIT_MS_MAX, PERMIT_WAIT_MS_MIN, UPSTREAM_NEAR_MS};
use crate::time::Time;
use crate::upstream::budget::PACE_WHOLE;
use crate::upstream::{Answer, Ask, Why};

impl Budget {
    /// When there may be room, going by how fast calls come in and how long permits are held.
    pub(super) fn when(&self, ask: &Ask, room: &Room, now: Time) -> (Time, Why) {
        let rate = self.ms_of_rate(ask, room);
        let slots = self.ms_of_slots(ask, room);
        let why = match (rate >= slots, room.share) {
            (true, _) => Why::Rate,
            (false, 0) => Why::Share,
            (false, _) => Why::Slots,
        };
        // Whoever is next is kept a slot for, and so asks soon.
        let most = if room.ahead.all_calls == 0 && why != Why::Rate { UPSTREAM_NEAR_MS } else { PERMIT_WAIT_MS_MAX };
        (now.plus(rate.max(slots).clamp(PERMIT_WAIT_MS_MIN, most)), why)
    }

    fn ms_of_rate(&self, ask: &Ask, room: &Room) -> u64 {
        let pace = (self.pace, PACE_WHOLE);
        let calls = self.rates.calls().zip(self.calls);
        let calls = calls.map_or(0, |(pour, bucket)| bucket.ms_until(room.enough.saturating_add(room.ahead.all_calls), pour, pace));
        let searches = self.rates.searches().zip(self.searches).filter(|_| ask.searches);
        let searches =
            searches.map_or(0, |(pour, bucket)| bucket.ms_until(room.enough.saturating_add(room.ahead.all_searches), pour, pace));
        calls.max(searches)
    }

    fn ms_of_slots(&self, ask: &Ask, room: &Room) -> u64 {
        if ask.slots.min(room.slots).min(room.share) > 0 {
            return 0;
        }
        // All slots are free once in the time that permits are held.
        let before = u64::from(room.ahead.all_slots) + 1;
        self.held_ms.saturating_mul(before) / u64::from(self.slots())
    }

    pub(super) fn wait(&mut self, ask: Ask, until: Time, why: Why) -> Answer {
        self.line.keep(ask, until);
        Answer::Wait { until, why }
    }

    /// Waits for something that is over soon.
    pub(super) fn wait_a_little(&mut self, ask: Ask, why: Why, now: Time) -> Answer {
        self.wait(ask, now.plus(self.held_ms.clamp(PERMIT_WAIT_MS_MIN, UPSTREAM_NEAR_MS)), why)
    }
}
