//! Accounts to which everything happens in any order: what must hold always does.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::*;

/// A job as the world has it: what its account may not know yet.
#[derive(Debug, Clone, Default)]
struct Truth {
    run: u32,
    delivered: u32,
    reserved: u32,
    begun: bool,
    over: bool,
}

const JOBS: usize = 12;
const LIMIT: u32 = 400;

struct World {
    stage: Stage,
    chance: ChaCha8Rng,
    jobs: Vec<Truth>,
    /// Charges that were ever sent; any may come (again) at any time.
    charges: Vec<(usize, u32, u32, bool)>,
    turns: u32,
}

impl World {
    fn step(&mut self) {
        let job = self.chance.random_range(0..JOBS);
        self.stage.now = self.stage.now.plus(self.chance.random_range(0..40_000_000));
        match self.chance.random_range(0..10) {
            0..3 => self.ask(job),
            3..6 => self.deliver(job),
            6..8 => self.hear(),
            8 => self.ring(),
            _ => {
                let plan = plan(["small", "test", "large"][self.chance.random_range(0..3)], LIMIT, self.chance.random_range(1..5));
                self.stage.event(Event::Plan(plan));
            }
        }
        let usage = self.stage.account.usage(self.stage.now);
        assert!(usage.used + usage.reserved <= LIMIT, "{usage:?}");
    }

    /// A run asks to be let in, and begins unless the caller dies in between.
    fn ask(&mut self, number: usize) {
        let truth = self.jobs[number].clone();
        if truth.begun && !truth.over {
            return;
        }
        let run = truth.run + u32::from(truth.begun);
        let wanted = self.chance.random_range(0..100);
        let Ok(answer) = self.stage.validate(again(&number.to_string(), run, wanted, truth.delivered)) else { return };
        if self.chance.random_bool(0.8) {
            // A run that waits begins too: it is held.
            let waits = answer.place.is_some();
            self.jobs[number] = Truth { run, reserved: truth.delivered + wanted, begun: true, over: false, ..truth };
            if !waits && self.chance.random_bool(0.5) {
                self.deliver(number);
            }
            // Once it has begun, it is heard of before its time is up.
            self.stage.event(Event::Begun { job: number.to_string(), run });
        }
    }

    fn deliver(&mut self, number: usize) {
        let held = self.stage.account.place(&number.to_string()).is_some();
        let truth = &mut self.jobs[number];
        if !truth.begun || truth.over {
            return;
        }
        if !held {
            truth.delivered = self.chance.random_range(truth.delivered..=truth.reserved);
        }
        truth.over = self.chance.random_bool(0.3);
        self.charges.push((number, truth.run, truth.delivered, truth.over));
    }

    fn hear(&mut self) {
        if self.charges.is_empty() {
            return;
        }
        let (number, run, delivered, over) = self.charges[self.chance.random_range(0..self.charges.len())];
        let status = if over { Status::Completed } else { Status::Searching };
        self.stage.charge_of(&number.to_string(), run, delivered, status);
    }

    fn ring(&mut self) {
        for effect in self.stage.after(0) {
            match effect {
                Effect::Start { job, run } => {
                    self.turns += 1;
                    self.answer(job, run, true);
                }
                Effect::Ask { job, run } => self.answer(job, run, false),
                _ => drop(self.stage.event(Event::Announced)),
            }
        }
    }

    fn answer(&mut self, job: String, run: u32, start: bool) {
        let truth = &self.jobs[job.parse::<usize>().unwrap()];
        let event = match (truth.begun && truth.run >= run, start) {
            (false, _) => Event::Missing { job, run },
            (true, true) => Event::Started { job, run },
            (true, false) => Event::Begun { job, run },
        };
        self.stage.event(event);
    }

    /// Everybody comes to an end, and everything that was said is heard.
    fn end(&mut self) {
        for number in 0..JOBS {
            let truth = &mut self.jobs[number];
            if truth.begun {
                truth.over = true;
                let (run, delivered) = (truth.run, truth.delivered);
                self.stage.charge_of(&number.to_string(), run, delivered, Status::Cancelled);
            }
        }
        for _ in 0..4 {
            self.stage.now = self.stage.now.plus(DAY_MS);
            self.ring();
        }
    }
}

#[test]
fn whatever_happens_in_whatever_order_used_is_what_was_delivered_and_nothing_stays_reserved() {
    let mut turns = 0;
    for seed in 0..30 {
        let stage = Stage::new(plan("test", LIMIT, 2));
        let chance = ChaCha8Rng::seed_from_u64(seed);
        let mut world = World { stage, chance, jobs: vec![Truth::default(); JOBS], charges: Vec::new(), turns: 0 };
        for _ in 0..150 {
            world.step();
        }
        world.end();
        let delivered: u32 = world.jobs.iter().map(|job| job.delivered).sum();
        let used: u32 = world.stage.account.standing.used.values().sum();
        assert_eq!(used, delivered, "seed {seed}");
        let held = world.stage.account.jobs.values().filter(|job| job.is_open()).count();
        assert_eq!((held, world.stage.account.alarm()), (0, None), "seed {seed}");
        turns += world.turns;
    }
    assert!(turns > 100, "somebody has to wait: {turns}");
}
