//! Every known bug is found by the law that it breaks, soon enough: a simulator that can't catch a bug proves nothing.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::collections::BTreeMap;
use std::sync::Mutex;

use scout_sim::laws::Law;
use scout_sim::sabotage::{self, Known, SEEDS_MAX};
use scout_sim::world::{self, Outcome, Settings};

const LAWS: [Law; 12] = [Law::L1, Law::L2, Law::L3, Law::L4, Law::L5, Law::L6, Law::L7, Law::L8, Law::L9, Law::L10, Law::L11, Law::L12];

/// The law is broken by the bug, and kept by the same world without it.
fn is_its_doing(known: &Known, found: &Outcome) {
    let violation = found.violation.as_ref().unwrap();
    assert_eq!(violation.law, known.law, "{} was found by another law: {}", known.name, violation.text);
    println!("{:32} seed {:4}: {}", known.name, found.seed, violation.text);
    let settings = Settings { only: Some(known.law), ..Settings::default() };
    let without = world::run(found.seed, &settings, None);
    assert_eq!(without.violation, None, "{} was found in a world in which its law is broken without it", known.name);
}

/// Hunts every known bug on as many threads as there are, and says at which seed each was found.
fn hunt_all() -> Vec<(Known, Option<u64>)> {
    let left = Mutex::new(sabotage::all());
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(known) = { left.lock().unwrap().pop() } {
                    let outcome = sabotage::hunt(&known, 0, SEEDS_MAX, &Settings::default());
                    outcome.iter().for_each(|outcome| is_its_doing(&known, outcome));
                    found.lock().unwrap().push((known, outcome.map(|outcome| outcome.seed)));
                }
            });
        }
    });
    found.into_inner().unwrap()
}

#[test]
fn every_known_bug_is_found_by_the_law_that_it_breaks() {
    let missed: Vec<&str> = hunt_all().into_iter().filter(|(_, seed)| seed.is_none()).map(|(known, _)| known.name).collect();
    assert!(missed.is_empty(), "not found within {SEEDS_MAX} seeds: {missed:?}");
}

#[test]
fn every_law_has_two_known_bugs_at_least_and_every_bug_a_name_of_its_own() {
    let mut by_law: BTreeMap<Law, usize> = BTreeMap::new();
    let mut names = Vec::new();
    for known in sabotage::all() {
        *by_law.entry(known.law).or_default() += 1;
        names.push(known.name);
    }
    for law in LAWS {
        assert!(by_law.get(&law).is_some_and(|bugs| *bugs >= 2), "{law:?}: {by_law:?}");
    }
    names.sort_unstable();
    names.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
    assert!(sabotage::named("zombie_writes").is_some() && sabotage::named("zombies").is_none());
}
