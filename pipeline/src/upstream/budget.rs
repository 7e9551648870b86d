//! The budget of one upstream: a state machine that is asked and told, with the time from outside.

mod settling;
mod waits;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::breaker::{Breaker, Passage, refusal};
use super::bucket::Bucket;
use super::line::{Ahead, Line};
use super::quota::{Day, day};
use super::{Answer, Ask, BudgetView, Credit, Permit, Rates, Why};
use crate::contract::Fault;
use crate::limits::{PACE_PART_MIN, PERMIT_MS, SEARCH_BUNDLE_PART};
use crate::time::Time;
use crate::trouble::Trouble;

/// A pace that is not slowed down.
const PACE_WHOLE: u32 = 64 * PACE_PART_MIN;

/// What may be asked of one upstream, and who holds permits.
///
/// Serialised, it keeps everything but the line: whoever waits asks again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    rates: Rates,
    permits: BTreeMap<u64, Held>,
    next: u64,
    /// Full ones where there is none.
    calls: Option<Bucket>,
    searches: Option<Bucket>,
    day: Day,
    breaker: Breaker,
    /// Of [`PACE_WHOLE`].
    pace: u32,
    /// When it was last slowed down: what was granted before says the same once more.
    slowed: Option<Time>,
    /// Until when the upstream allows nothing.
    paused: Time,
    /// Until when it allows no calls of one kind: others, and searches.
    rests: [Time; 2],
    credit: Credit,
    /// How long permits are held, in milliseconds.
    held_ms: u64,
    #[serde(skip)]
    line: Line,
}

/// A permit that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    account: String,
    slots: u32,
    calls: u32,
    searches: bool,
    granted: Time,
    until: Time,
    day: u64,
}

/// What is free for one ask.
struct Room {
    ahead: Ahead,
    slots: u32,
    /// As many as the account may still have.
    share: u32,
    calls: u32,
    /// As many as there should be before any are given, so that asking pays.
    enough: u32,
}

impl Budget {
    /// A budget of which nothing is used.
    #[must_use]
    pub fn new(rates: Rates) -> Budget {
        Budget {
            rates,
            permits: BTreeMap::new(),
            next: 0,
            calls: None,
            searches: None,
            day: Day::default(),
            breaker: Breaker::default(),
            pace: PACE_WHOLE,
            slowed: None,
            paused: Time(0),
            rests: [Time(0); 2],
            credit: Credit::default(),
            held_ms: 1_000,
            line: Line::default(),
        }
    }

    /// Lets other rates hold from now on.
    pub fn allow(&mut self, rates: Rates, now: Time) {
        if rates != self.rates {
            self.refresh(now);
            self.rates = rates;
        }
    }

    /// May this be called now? Whoever has to wait keeps the place in line by asking again at the time that is said.
    ///
    /// A permit is for as many slots and calls as are free, up to what is asked for.
    pub fn ask(&mut self, ask: Ask, now: Time) -> Answer {
        let calls = ask.calls.min(self.bundle(ask.searches)).max(1);
        let ask = Ask { slots: ask.slots.max(1), calls, ..ask };
        self.refresh(now);
        let passage = self.breaker.passage(now);
        match passage {
            Passage::Closed { until, fault } => {
                self.line.leave(&ask.ticket);
                return Answer::Refused(refusal(fault, until));
            }
            Passage::Failing { until } => return self.wait(ask, until, Why::Failing),
            Passage::Free | Passage::Probe | Passage::Probing => {}
        }
        let paused = self.paused.max(self.rests[usize::from(ask.searches)]);
        if now < paused {
            return self.wait(ask, paused, Why::Paused);
        }
        match self.quota_left(ask.searches) {
            0 if self.may_come_back(ask.searches) => return self.wait_a_little(ask, Why::Quota, now),
            0 => {
                self.line.leave(&ask.ticket);
                return Answer::Refused(self.used_up(ask.searches, now));
            }
            _ => {}
        }
        match passage {
            Passage::Probing => self.wait_a_little(ask, Why::Probe, now),
            Passage::Probe => self.probe(ask, now),
            Passage::Free | Passage::Failing { .. } | Passage::Closed { .. } => self.ask_for_room(ask, now),
        }
    }

    fn ask_for_room(&mut self, ask: Ask, now: Time) -> Answer {
        let room = self.room(&ask, now);
        let slots = ask.slots.min(room.slots).min(room.share);
        if slots == 0 || room.calls < room.enough {
            let (until, why) = self.when(&ask, &room, now);
            return self.wait(ask, until, why);
        }
        let calls = ask.calls.min(room.calls).min(self.quota_left(ask.searches));
        self.grant(ask, slots, calls, now)
    }

    /// One call that finds out whether the upstream works again. It takes what is free of the rate, whoever is next.
    fn probe(&mut self, ask: Ask, now: Time) -> Answer {
        if self.rate_left(ask.searches) == 0 {
            return self.wait_a_little(ask, Why::Rate, now);
        }
        let answer = self.grant(ask, 1, 1, now);
        if let Answer::Granted(permit) = &answer {
            self.breaker.probed_by(permit.id);
        }
        answer
    }

    fn grant(&mut self, ask: Ask, slots: u32, calls: u32, now: Time) -> Answer {
        self.line.leave(&ask.ticket);
        let until = now.plus(PERMIT_MS);
        let id = self.next;
        self.next += 1;
        self.take(calls, ask.searches, now);
        let day = self.day.day;
        let held = Held { account: ask.account, slots, calls, searches: ask.searches, granted: now, until, day };
        let accounts = self.accounts_with(&held.account);
        self.line.granted(&held.account, calls, accounts);
        self.permits.insert(id, held);
        Answer::Granted(Permit { id, slots, calls, until })
    }

    /// How many accounts hold a permit or wait for one, this one included.
    fn accounts_with(&self, account: &str) -> u32 {
        let mut accounts = self.line.accounts();
        accounts.extend(self.permits.values().map(|held| held.account.as_str()));
        accounts.insert(account);
        u32::try_from(accounts.len()).unwrap_or(u32::MAX)
    }

    /// Ends what has ended and lets in what has come since the last time.
    fn refresh(&mut self, now: Time) {
        let ended: Vec<u64> = self.permits.iter().filter(|(_, held)| held.until <= now).map(|(id, _)| *id).collect();
        for id in ended {
            self.permits.remove(&id);
            self.breaker.over(id);
        }
        self.line.forget_the_late(now);
        self.day.turn(day(now, self.rates.resets()).0);
        let pace = (self.pace, PACE_WHOLE);
        let pours = [(self.rates.calls(), &mut self.calls), (self.rates.searches(), &mut self.searches)];
        for (pour, bucket) in pours {
            match (pour, bucket) {
                (Some(pour), Some(bucket)) => bucket.refill(pour, pace, now),
                (Some(pour), bucket) => *bucket = Some(Bucket::full(pour, now)),
                (None, bucket) => *bucket = None,
            }
        }
    }

    fn take(&mut self, calls: u32, searches: bool, now: Time) {
        self.day.turn(day(now, self.rates.resets()).0);
        self.day.take(calls, searches);
        if let Some(bucket) = &mut self.calls {
            bucket.take(calls);
        }
        if let Some(bucket) = self.searches.as_mut().filter(|_| searches) {
            bucket.take(calls);
        }
    }

    /// Slots at the present pace.
    fn slots(&self) -> u32 {
        let slots = u64::from(self.rates.slots()) * u64::from(self.pace) / u64::from(PACE_WHOLE);
        u32::try_from(slots).unwrap_or(u32::MAX).max(1)
    }

    fn slots_taken(&self) -> u32 {
        total(self.permits.values().map(|held| held.slots))
    }

    /// Slots that an account may still take: three quarters belong to one alone, so that a newcomer finds room.
    fn share_left(&self, account: &str) -> u32 {
        let taken = total(self.permits.values().filter(|held| held.account == account).map(|held| held.slots));
        let share = u64::from(self.slots()) * 3 / 4;
        u32::try_from(share).unwrap_or(u32::MAX).max(1).saturating_sub(taken)
    }

    /// Calls that come at once at most.
    fn burst(&self, searches: bool) -> u32 {
        let calls = self.rates.calls().map_or(u32::MAX, |pour| pour.burst);
        let searched = self.rates.searches().filter(|_| searches).map_or(u32::MAX, |pour| pour.burst);
        calls.min(searched)
    }

    /// Calls of one permit. Searches often end after a page or two, and what a slow rate has given to them comes back
    /// too late to be of use: they get little at a time.
    fn bundle(&self, searches: bool) -> u32 {
        match self.burst(searches) {
            u32::MAX => u32::MAX,
            burst if searches => (burst / SEARCH_BUNDLE_PART).max(1),
            burst => burst,
        }
    }

    /// Calls that the rate allows now.
    fn rate_left(&self, searches: bool) -> u32 {
        let calls = self.calls.map_or(u32::MAX, |bucket| bucket.calls());
        let searched = self.searches.filter(|_| searches).map_or(u32::MAX, |bucket| bucket.calls());
        calls.min(searched)
    }

    fn room(&self, ask: &Ask, now: Time) -> Room {
        let ahead = self.line.ahead(ask, now, |account| self.share_left(account));
        let calls = self.calls.map_or(u32::MAX, |bucket| bucket.calls().saturating_sub(ahead.calls));
        let searches = self.searches.filter(|_| ask.searches).map_or(u32::MAX, |bucket| bucket.calls().saturating_sub(ahead.searches));
        Room {
            ahead,
            slots: self.slots().saturating_sub(self.slots_taken()).saturating_sub(ahead.slots),
            share: self.share_left(&ask.account),
            calls: calls.min(searches),
            enough: ask.calls.min(self.burst(ask.searches)).max(1),
        }
    }

    /// Calls that the day still has.
    fn quota_left(&self, searches: bool) -> u32 {
        let left = |limit: Option<u32>, used: u32| limit.map_or(u32::MAX, |limit| limit.saturating_sub(used));
        let calls = left(self.rates.daily, self.day.calls);
        if searches { calls.min(left(self.rates.daily_searches, self.day.searches)) } else { calls }
    }

    /// Whether others hold calls of this day that they may give back.
    fn may_come_back(&self, searches: bool) -> bool {
        let of_today = |held: &&Held| held.day == self.day.day;
        let held = |only_searches: bool| {
            total(self.permits.values().filter(of_today).filter(|held| held.searches || !only_searches).map(|held| held.calls))
        };
        let full = |limit: Option<u32>, used: u32, held: u32| limit.is_some_and(|limit| used.saturating_sub(held) >= limit);
        let calls = full(self.rates.daily, self.day.calls, held(false));
        let searched = searches && full(self.rates.daily_searches, self.day.searches, held(true));
        !calls && !searched
    }

    /// Why nothing is to be had of this upstream today.
    fn used_up(&self, searches: bool, now: Time) -> Trouble {
        let calls_are = self.rates.daily.is_some_and(|limit| self.day.calls >= limit);
        let what = match (calls_are, self.rates.daily, self.rates.daily_searches) {
            (true, Some(calls), _) => format!("{calls} calls"),
            (_, _, Some(limit)) if searches => format!("{limit} searches"),
            _ => "calls".into(),
        };
        let until = day(now, self.rates.resets()).1.rfc3339();
        Trouble::Fault { fault: Fault::OutOfCredit(format!("the {what} that a day has are used until {until}")) }
    }

    /// How it stands, for operators.
    #[must_use]
    pub fn view(&self, now: Time) -> BudgetView {
        let mut at = self.clone();
        at.refresh(now);
        let paused = at.paused.max(at.rests[0]).max(at.rests[1]);
        BudgetView {
            pace_percent: at.pace * 100 / PACE_WHOLE,
            slots_taken: at.slots_taken(),
            slots: at.slots(),
            permits: u32::try_from(at.permits.len()).unwrap_or(u32::MAX),
            waiting: u32::try_from(at.line.len()).unwrap_or(u32::MAX),
            waiting_accounts: u32::try_from(at.line.accounts().len()).unwrap_or(u32::MAX),
            calls_today: at.day.calls,
            searches_today: at.day.searches,
            day_ends: day(now, at.rates.resets()).1.rfc3339(),
            gate: at.breaker.gate(now),
            paused_until: (now < paused).then(|| paused.rfc3339()),
            credit: at.credit,
            rates: at.rates,
        }
    }
}

/// A sum that stays at the most there can be.
fn total(counts: impl Iterator<Item = u32>) -> u32 {
    counts.fold(0, u32::saturating_add)
}
