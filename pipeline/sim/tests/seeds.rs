//! Whole worlds: they keep every law, they are the same each time, and what breaks a law is found, told and shown again.

use scout_sim::coverage::Coverage;
use scout_sim::faults::{FaultKind, Rates};
use scout_sim::laws::Law;
use scout_sim::report::{self, Case};
use scout_sim::sabotage;
use scout_sim::sweep::sweep;
use scout_sim::world::{Settings, run};

/// Seeds that every change has to pass here; the gate runs many more.
const SEEDS: u64 = 300;

#[test]
fn three_hundred_worlds_keep_every_law() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let swept = sweep(0, SEEDS, threads, &Settings::default(), &|| {});
    if let Some((seed, violation)) = &swept.failed {
        panic!("{}", report::failure(&Case { seed: *seed, settings: Settings::default(), known: None }, violation));
    }
    assert_eq!(swept.seeds, SEEDS);
}

#[test]
fn a_seed_is_the_same_world_every_time_with_and_without_a_trace() {
    for seed in 0..30 {
        let traced = Settings { trace: true, ..Settings::default() };
        let (one, other) = (run(seed, &traced, None), run(seed, &traced, None));
        assert_eq!(one.trace.lines(), other.trace.lines(), "seed {seed}");
        assert_eq!(one.trace.digest(), other.trace.digest(), "seed {seed}");
        assert_eq!(one.coverage, run(seed, &Settings::default(), None).coverage, "a trace changes seed {seed}");
    }
}

#[test]
fn two_seeds_are_two_worlds() {
    assert_ne!(run(1, &Settings::default(), None).trace.digest(), run(2, &Settings::default(), None).trace.digest());
}

#[test]
fn the_number_of_threads_changes_nothing_that_is_met() {
    let met = |threads| sweep(0, 40, threads, &Settings::default(), &|| {}).coverage;
    assert_eq!(met(1), met(3));
}

#[test]
fn a_kind_of_fault_that_is_switched_off_never_strikes_and_the_others_still_do() {
    let wild = {
        let mut rates = Rates::none();
        FaultKind::ALL.iter().for_each(|kind| rates.set(*kind, 60));
        rates
    };
    for off in FaultKind::ALL {
        let settings = Settings { rates: Some(wild.clone()), off: vec![*off], ..Settings::default() };
        let mut met = Coverage::default();
        (0..5).for_each(|seed| met.add(&run(seed, &settings, None).coverage));
        assert_eq!(met.faults(*off), 0, "{}", off.name());
        let others = FaultKind::ALL.iter().filter(|kind| met.faults(**kind) > 0).count();
        assert!(others > FaultKind::ALL.len() / 3, "without {} only {others} kinds struck", off.name());
    }
}

#[test]
fn a_world_without_faults_has_none_and_ends_with_every_job_over() {
    for seed in 0..50 {
        let outcome = run(seed, &Settings { rates: Some(Rates::none()), ..Settings::default() }, None);
        assert_eq!(outcome.violation, None, "seed {seed}");
        assert!(FaultKind::ALL.iter().all(|kind| outcome.coverage.faults(*kind) == 0));
    }
}

#[test]
fn a_broken_law_is_found_told_with_its_command_and_found_again_by_the_same_seed() {
    let known = sabotage::all().into_iter().find(|known| known.law == Law::L9).expect("every law has a known bug");
    let found = sabotage::hunt(&known, 0, sabotage::SEEDS_MAX, &Settings::default()).expect("it is found");
    let violation = found.violation.expect("it breaks a law");
    let settings = Settings { only: Some(known.law), ..Settings::default() };
    let case = Case { seed: found.seed, settings, known: Some(&known) };
    assert_eq!(case.run().violation.as_ref(), Some(&violation), "the same seed breaks the same law in the same way");
    assert_eq!(case.run().trace.digest(), found.trace.digest());
    let text = report::failure(&case, &violation);
    for part in [&format!("seed {} breaks L9", found.seed), "job-", " s  ", &format!("--seed {} --sabotage {}", found.seed, known.name)] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn a_failure_is_shrunk_to_fewer_faults_and_jobs_that_still_break_the_law() {
    let known = sabotage::all().into_iter().find(|known| known.law == Law::L9).expect("every law has a known bug");
    let found = sabotage::hunt(&known, 0, sabotage::SEEDS_MAX, &Settings::default()).expect("it is found");
    let case = Case { seed: found.seed, settings: Settings { only: Some(Law::L9), ..Settings::default() }, known: Some(&known) };
    let small = case.shrunk(Law::L9);
    assert!(small.run().violation.is_some_and(|violation| violation.law == Law::L9));
    assert!(small.settings.off.len() > FaultKind::ALL.len() / 2, "{}", small.command());
}
