//! Many seeds, spread over threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::coverage::Coverage;
use crate::laws::Violation;
use crate::world::{self, Settings};

/// Fewer seeds than this can't be expected to meet everything, so that what they never met is no failure.
pub const SEEDS_FOR_COVERAGE: u64 = 20_000;

/// What came of many seeds.
#[derive(Debug, Default)]
pub struct Swept {
    /// Seeds that were run.
    pub seeds: u64,
    /// What they met together.
    pub coverage: Coverage,
    /// The failing seed with the smallest number among those that were run, and the law that it broke.
    pub failed: Option<(u64, Violation)>,
    /// Things that happened in all worlds together.
    pub happenings: u64,
}

/// Runs so many seeds from `base` on, and stops early once one fails. `tick` is told of every seed that is done.
#[must_use]
pub fn sweep(base: u64, seeds: u64, threads: usize, settings: &Settings, tick: &(dyn Fn() + Sync)) -> Swept {
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let sum = Mutex::new(Swept::default());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let swept = worker(base, seeds, settings, &next, &stop, tick);
                let mut sum = sum.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                sum.take(swept);
            });
        }
    });
    sum.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn worker(base: u64, seeds: u64, settings: &Settings, next: &AtomicU64, stop: &AtomicBool, tick: &(dyn Fn() + Sync)) -> Swept {
    let mut swept = Swept::default();
    while !stop.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= seeds {
            break;
        }
        let outcome = world::run(base.wrapping_add(number), settings, None);
        swept.seeds += 1;
        swept.happenings += outcome.happenings;
        swept.coverage.add(&outcome.coverage);
        if let Some(violation) = outcome.violation {
            swept.failed = Some((outcome.seed, violation));
            stop.store(true, Ordering::Relaxed);
        }
        tick();
    }
    swept
}

impl Swept {
    fn take(&mut self, other: Swept) {
        self.seeds += other.seeds;
        self.happenings += other.happenings;
        self.coverage.add(&other.coverage);
        let smaller = |mine: &u64, theirs: &u64| theirs < mine;
        match (&self.failed, other.failed) {
            (_, None) => {}
            (Some((mine, _)), Some((theirs, _))) if !smaller(mine, &theirs) => {}
            (_, failed) => self.failed = failed,
        }
    }
}
