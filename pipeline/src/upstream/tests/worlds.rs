//! Budgets in random worlds: whoever asks, when and for how much, no limit is passed and nobody waits for ever.

use std::collections::{BTreeMap, BTreeSet};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::upstream::bucket::Pour;

/// Worlds of each kind.
const WORLDS: u64 = 12;

/// How long a world lasts, in milliseconds.
const WORLD_MS: u64 = 120_000;

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The job of this number asks.
    Ask(usize),
    /// The permit of this number is over.
    Over(u64),
}

/// A piece of work that asks for permits, one after the other.
struct Work {
    ask: Ask,
    since: u64,
}

/// Somebody who holds a permit.
struct Holder {
    work: usize,
    permit: Permit,
    account: String,
    made: u32,
}

struct World {
    chance: ChaCha8Rng,
    /// One permit in so many is never settled.
    lost_in: u32,
    rates: Rates,
    budget: Budget,
    events: BTreeSet<(u64, u64, Event)>,
    count: u64,
    works: Vec<Work>,
    holders: BTreeMap<u64, Holder>,
    /// When calls were granted that were made, and whether they are searches.
    made: Vec<(u64, bool)>,
    longest_ms: BTreeMap<String, u64>,
    works_served: BTreeSet<usize>,
    served: BTreeMap<String, u32>,
}

impl World {
    fn new(seed: u64, rates: &str, accounts: &[usize]) -> World {
        let rates = Rates::parse(rates).unwrap();
        let mut world = World {
            chance: ChaCha8Rng::seed_from_u64(seed),
            lost_in: 200,
            budget: Budget::new(rates.clone()),
            rates,
            events: BTreeSet::new(),
            count: 0,
            works: Vec::new(),
            holders: BTreeMap::new(),
            made: Vec::new(),
            longest_ms: BTreeMap::new(),
            works_served: BTreeSet::new(),
            served: BTreeMap::new(),
        };
        for (number, works) in accounts.iter().enumerate() {
            for _ in 0..*works {
                world.add(&format!("account-{number}"));
            }
        }
        world
    }

    fn add(&mut self, account: &str) {
        let work = self.works.len();
        let ask = self.wish(account, work);
        let since = self.chance.random_range(0..2_000);
        self.works.push(Work { ask, since });
        self.at(since, Event::Ask(work));
    }

    fn wish(&mut self, account: &str, work: usize) -> Ask {
        let searches = self.chance.random_range(0..2) == 0;
        let (slots, calls) = if searches { (1, self.chance.random_range(1..=5)) } else { (self.chance.random_range(1..=6), 10) };
        Ask { ticket: work.to_string(), account: account.into(), slots, calls, searches }
    }

    fn at(&mut self, at: u64, event: Event) {
        self.count += 1;
        self.events.insert((at, self.count, event));
    }

    fn run(&mut self) {
        while let Some((now, _, event)) = self.events.pop_first().filter(|(now, ..)| *now < WORLD_MS) {
            match event {
                Event::Ask(work) => self.ask(work, now),
                Event::Over(permit) => self.over(permit, now),
            }
            self.check(now);
        }
    }

    fn ask(&mut self, number: usize, now: u64) {
        let Work { ask, since } = &self.works[number];
        let (ask, since) = (ask.clone(), *since);
        match self.budget.ask(ask.clone(), MIDNIGHT.plus(now)) {
            Answer::Granted(permit) => {
                assert!((1..=ask.slots).contains(&permit.slots) && (1..=ask.calls).contains(&permit.calls));
                let longest = self.longest_ms.entry(ask.account.clone()).or_default();
                *longest = (*longest).max(now - since);
                self.works_served.insert(number);
                *self.served.entry(ask.account.clone()).or_default() += permit.calls;
                let made = self.chance.random_range(0..=permit.calls);
                self.made.extend(std::iter::repeat_n((now, ask.searches), made as usize));
                let held = self.chance.random_range(50..3_000);
                let dies = self.chance.random_range(0..self.lost_in) == 0;
                self.at(now + if dies { PERMIT_MS } else { held }, Event::Over(permit.id));
                let made = if dies { permit.calls } else { made };
                let holder = Holder { work: number, permit, account: ask.account, made };
                self.holders.insert(permit.id, holder);
            }
            Answer::Wait { until, .. } => {
                // A message takes its time.
                let late = self.chance.random_range(0..1_000);
                self.at(until.since(MIDNIGHT) + late, Event::Ask(number));
            }
            Answer::Refused(_) => {}
        }
    }

    fn over(&mut self, permit: u64, now: u64) {
        let holder = self.holders.remove(&permit).unwrap();
        let seen = vec![Seen::Fine; holder.made as usize];
        let settlement = Settlement { permit, calls: holder.made, seen, credit: Credit::default() };
        self.budget.settle(&settlement, MIDNIGHT.plus(now));
        let ask = self.wish(&holder.account, holder.work);
        self.works[holder.work] = Work { ask, since: now };
        self.at(now, Event::Ask(holder.work));
    }

    fn check(&self, now: u64) {
        let live = || self.holders.values().filter(|holder| holder.permit.until > MIDNIGHT.plus(now));
        let taken: u32 = live().map(|holder| holder.permit.slots).sum();
        assert!(taken <= self.rates.slots(), "{taken} slots at {now}");
        let mut of: BTreeMap<&str, u32> = BTreeMap::new();
        for holder in live() {
            *of.entry(&holder.account).or_default() += holder.permit.slots;
        }
        let share = (self.rates.slots() * 3 / 4).max(1);
        assert!(of.values().all(|slots| *slots <= share), "{of:?} at {now}");
    }

    /// How many calls of one kind were made in any stretch of so many milliseconds, at most.
    fn most_within(&self, ms: u64, only_searches: bool) -> usize {
        let times: Vec<u64> = self.made.iter().filter(|(_, search)| *search || !only_searches).map(|(at, _)| *at).collect();
        let mut first = 0;
        let mut most = 0;
        for (last, at) in times.iter().enumerate() {
            while times[first] + ms <= *at {
                first += 1;
            }
            most = most.max(last + 1 - first);
        }
        most
    }
}

#[test]
fn no_stretch_of_time_has_more_calls_than_the_rate_allows() {
    for seed in 0..WORLDS {
        let mut world = World::new(seed, "per_second=5 concurrent=20 searches_per_minute=30", &[3, 20, 1]);
        world.run();
        let pour: Pour = world.rates.calls().unwrap();
        for seconds in [1, 5, 60] {
            let allowed = u64::from(pour.burst) + seconds * pour.rate / 1_000;
            assert!(world.most_within(seconds * 1_000, false) as u64 <= allowed, "seed {seed}, {seconds} s");
        }
        assert!(world.most_within(60_000, true) <= 30, "seed {seed}: {}", world.most_within(60_000, true));
        assert!(world.made.len() > 120, "seed {seed}: {}", world.made.len());
    }
}

#[test]
fn a_day_never_has_more_calls_or_searches_than_it_may() {
    for seed in 0..WORLDS {
        let mut world = World::new(seed, "daily=120 daily_searches=40", &[5, 5]);
        world.run();
        let searches = world.made.iter().filter(|(_, search)| *search).count();
        assert!(world.made.len() <= 120 && searches <= 40, "seed {seed}: {} {searches}", world.made.len());
    }
}

#[test]
fn every_account_that_keeps_asking_is_served_in_time_however_others_flood() {
    for seed in 0..WORLDS {
        let mut world = World { lost_in: u32::MAX, ..World::new(seed, "concurrent=8", &[60, 1, 1, 1, 1]) };
        world.run();
        // A slot is held for 1.5 s on average and up to 3 s. Whoever finds none is told to come within 15 s, and whoever is
        // first then has one kept.
        for number in 1..5 {
            let longest = world.longest_ms[&format!("account-{number}")];
            assert!(longest <= PERMIT_WAIT_MS_MAX + 6_000, "seed {seed}: {longest} ms");
        }
        assert_eq!(world.works_served.len(), world.works.len(), "seed {seed}: one of the flood was never served");
    }
}

#[test]
fn a_flood_makes_a_quiet_account_wait_no_longer_than_a_few_permits_are_held() {
    for seed in 0..WORLDS {
        let mut world = World::new(seed, "per_second=20 concurrent=8", &[60]);
        world.run();
        let flood = world.served["account-0"];
        let mut both = World::new(seed, "per_second=20 concurrent=8", &[60, 2]);
        both.run();
        let quiet = both.served["account-1"];
        let alone = {
            let mut world = World::new(seed, "per_second=20 concurrent=8", &[0, 2]);
            world.run();
            world.served["account-1"]
        };
        assert!(quiet * 4 >= alone, "seed {seed}: {quiet} of {alone} beside a flood of {flood}");
    }
}
