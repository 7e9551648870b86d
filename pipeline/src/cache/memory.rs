//! Caches without a network: one in the memory of a process, and none at all.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{Found, Key, Kind, Lives, Looked, Settled, Shelf, Value};
use crate::ports::Cache;
use crate::time::Time;

/// A cache in memory.
#[derive(Debug, Default)]
pub struct Memory {
    lives: Lives,
    kept: RefCell<(Shelf, HashMap<Key, Value>)>,
}

impl Memory {
    /// A cache whose values live so long.
    #[must_use]
    pub fn new(lives: Lives) -> Memory {
        Memory { lives, ..Memory::default() }
    }
}

impl Cache for Memory {
    async fn look(&self, kind: Kind, keys: &[Key], max_age_s: Option<u32>, now: Time) -> Vec<Looked> {
        let mut kept = self.kept.borrow_mut();
        let (shelf, values) = &mut *kept;
        let mut one = |key: &Key| match shelf.look(kind, *key, max_age_s, now) {
            Found::Hit { age_ms } => values.get(key).map_or(Looked::Off, |value| Looked::Hit { value: value.clone(), age_ms }),
            Found::Yours { claim } => Looked::Yours { claim },
            Found::Underway { until } => Looked::Underway { until },
        };
        match self.lives.keeps(kind) {
            true => keys.iter().map(&mut one).collect(),
            false => keys.iter().map(|_| Looked::Off).collect(),
        }
    }

    async fn settle(&self, settled: Vec<Settled>, now: Time) {
        let mut kept = self.kept.borrow_mut();
        let (shelf, values) = &mut *kept;
        for Settled { key, claim, value } in settled {
            let Some(value) = value else {
                shelf.give_back(key, claim);
                continue;
            };
            let bytes = serde_json::to_vec(&value).map_or(usize::MAX, |json| json.len());
            let done = shelf.keep(key, claim, bytes, self.lives.of(&value), now);
            for gone in done.gone.into_iter().chain(shelf.sweep(now)) {
                values.remove(&gone);
            }
            if done.write.is_some() {
                values.insert(key, value);
            }
        }
    }
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCache;

impl Cache for NoCache {
    async fn look(&self, _: Kind, keys: &[Key], _: Option<u32>, _: Time) -> Vec<Looked> {
        keys.iter().map(|_| Looked::Off).collect()
    }

    async fn settle(&self, _: Vec<Settled>, _: Time) {}
}
