//! Profiles: who is asked for with whom, and what becomes of each.

use super::*;
use crate::contract::Absence;
use crate::limits::ATTEMPTS_MAX;

/// A job with one keyword that gave this many creators.
fn found(count: u32, enrichment: Enrichment) -> Stage {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], target: 100, enrichment, ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", count), None);
    stage
}

fn sizes(stage: &Stage) -> Vec<usize> {
    let size = |task: &Task| match &task.kind {
        Kind::Profiles { creators } => Some(creators.len()),
        Kind::Search(_) => None,
    };
    stage.job.tasks().iter().filter_map(size).collect()
}

#[test]
fn profiles_that_are_read_one_by_one_travel_in_tens() {
    assert_eq!(sizes(&found(23, Enrichment::Required(1))), [10, 10, 3]);
}

#[test]
fn profiles_that_are_read_together_travel_together() {
    assert_eq!(sizes(&found(60, Enrichment::Required(25))), [25, 25, 10]);
    assert_eq!(sizes(&found(20, Enrichment::Required(4))), [8, 8, 4]);
}

#[test]
fn a_search_that_says_all_needs_no_profiles() {
    let stage = found(5, Enrichment::None);
    assert!(stage.batches().is_empty());
    assert_eq!(stage.job.counters().creators_enriched, 5);
    assert_eq!(stage.job.status(), Status::Completed);
}

#[test]
fn a_row_that_says_all_for_itself_is_not_asked_for() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let lease = stage.lease(0);
    let complete = Creator { complete: true, bio: Some("mail full@mail.test".into()), ..creator("full") };
    stage.page(&lease, 0, vec![complete, creator("part")], None);
    assert_eq!(sizes(&stage), [1]);
    assert_eq!(stage.job.record(0).unwrap().creator.emails, ["full@mail.test"]);
}

#[test]
fn addresses_come_from_the_profile_that_was_read() {
    let mut stage = found(1, Enrichment::Required(1));
    assert!(stage.job.record(0).unwrap().creator.emails.is_empty());
    let lease = stage.lease(1);
    stage.profiles(&lease, enriched);
    assert_eq!(stage.job.record(0).unwrap().creator.emails, ["a-0@mail.test"]);
}

#[test]
fn each_creator_of_a_batch_has_an_outcome_of_its_own() {
    let mut stage = found(3, Enrichment::Required(1));
    let lease = stage.lease(1);
    stage.profiles(&lease, |identity| match identity {
        "a-0" => enriched(identity),
        "a-1" => Outcome::Empty(Absence::Private),
        _ => Outcome::Failed(Fault::Malformed("user".into())),
    });
    let outcomes: Vec<_> = (0..3).map(|seq| stage.job.record(seq).unwrap().enrichment.outcome).collect();
    assert_eq!(outcomes, ["enriched", "empty", "failed"]);
    assert_eq!(stage.job.status(), Status::Partial);
}

#[test]
fn a_private_account_is_no_failure() {
    let mut stage = found(2, Enrichment::Required(1));
    let lease = stage.lease(1);
    stage.profiles(&lease, |_| Outcome::Empty(Absence::Private));
    assert_eq!(stage.job.status(), Status::Completed);
    assert_eq!(stage.job.counters().creators_enriched, 0);
}

#[test]
fn a_profile_that_can_not_be_read_makes_the_job_partial_even_where_profiles_are_optional() {
    for enrichment in [Enrichment::Optional(1), Enrichment::Required(1)] {
        let mut stage = found(2, enrichment);
        let lease = stage.lease(1);
        stage.profiles(&lease, |_| Outcome::Failed(Fault::Blocked("no".into())));
        assert_eq!(stage.job.status(), Status::Partial);
    }
}

#[test]
fn only_what_is_outstanding_is_asked_for_again() {
    let mut stage = found(3, Enrichment::Required(1));
    let lease = stage.lease(1);
    stage.profiles(&lease, |identity| match identity {
        "a-1" => Outcome::Failed(Fault::Unavailable("down".into())),
        _ => enriched(identity),
    });
    stage.alarm();
    let again = stage.lease(1);
    let Work::Profiles { creators, calls_max } = &again.work else { panic!() };
    assert_eq!((creators.len(), creators[0].identity.as_str(), *calls_max), (1, "a-1", 1));
    stage.profiles(&again, enriched);
    assert_eq!(stage.job.status(), Status::Completed);
    assert_eq!(stage.job.record(1).unwrap().enrichment.attempts, 2);
}

#[test]
fn a_profile_that_never_comes_is_failed_and_not_enriched() {
    let mut stage = found(1, Enrichment::Required(1));
    for attempt in 0..ATTEMPTS_MAX {
        if attempt > 0 {
            stage.alarm();
        }
        let lease = stage.lease(1);
        stage.profiles(&lease, |_| Outcome::Failed(Fault::Unavailable("down".into())));
    }
    let enrichment = stage.job.record(0).unwrap().enrichment;
    assert_eq!((enrichment.outcome.as_str(), enrichment.reason.as_deref()), ("failed", Some("unavailable")));
    assert_eq!(stage.job.counters().creators_enriched, 0);
}

#[test]
fn an_outcome_for_somebody_who_was_not_asked_about_changes_nobody() {
    let mut stage = found(15, Enrichment::Required(1));
    let lease = stage.lease(1);
    let results = vec![ProfileResult { identity: "a-14".into(), answer: ProfileAnswer::Read(enriched("a-14")) }];
    stage.tell(Report::Profiles(ProfilesReport { task: 1, fence: lease.fence, results, until: None, calls: Calls::default() }));
    assert_eq!(stage.job.counters().creators_enriched, 0);
}

#[test]
fn a_batch_whose_consumers_all_die_fails_its_creators() {
    let mut stage = found(2, Enrichment::Required(1));
    for _ in 0..ATTEMPTS_MAX {
        stage.lease(1);
        stage.alarm();
    }
    assert_eq!(stage.job.record(0).unwrap().enrichment.reason.as_deref(), Some("lost"));
    assert_eq!(stage.job.status(), Status::Partial);
}

#[test]
fn an_outcome_says_how_many_attempts_it_took() {
    let mut stage = found(3, Enrichment::Required(1));
    let lease = stage.lease(1);
    stage.profiles(&lease, |_| Outcome::Failed(Fault::Unavailable("down".into())));
    stage.alarm();
    let lease = stage.lease(1);
    stage.profiles(&lease, |identity| match identity {
        "a-0" => enriched(identity),
        "a-1" => Outcome::Empty(Absence::Missing),
        _ => Outcome::Failed(Fault::Blocked("no".into())),
    });
    let attempts: Vec<_> = (0..3).map(|seq| stage.job.record(seq).unwrap().enrichment.attempts).collect();
    assert_eq!(attempts, [2, 2, 2]);
}

#[test]
fn every_task_attempt_and_creator_waits_by_a_draw_of_its_own() {
    let mut stage = found(3, Enrichment::Required(1));
    let of_creators = (0..5_000).map(|seq| stage.job.draw_for(1, seq)).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(of_creators.len(), 5_000);
    let first = stage.job.draw(1);
    let lease = stage.lease(1);
    stage.failed(&lease, Fault::Unavailable("down".into()));
    assert_ne!(stage.job.draw(1), first);
    let of_tasks = (0..5_000).map(|task| stage.job.draw(task)).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(of_tasks.len(), 5_000);
}

#[test]
fn a_batch_ends_as_what_became_of_its_profiles() {
    let ends = |outcome: fn(&str) -> Outcome| {
        let mut stage = found(2, Enrichment::Required(1));
        let lease = stage.lease(1);
        stage.profiles(&lease, outcome);
        stage.outcome(1).clone()
    };
    assert_eq!(ends(enriched), TaskOutcome::Ok { creators: 2 });
    assert_eq!(ends(|_| Outcome::Empty(Absence::Private)), TaskOutcome::Empty);
    let blocked = ends(|_| Outcome::Failed(Fault::Blocked("no".into())));
    assert!(matches!(&blocked, TaskOutcome::Failed(failure) if failure.reason == Reason::Blocked), "{blocked:?}");
    let mixed = ends(|identity| if identity == "a-0" { enriched(identity) } else { Outcome::Failed(Fault::NotFound) });
    assert_eq!(mixed, TaskOutcome::Ok { creators: 1 });
}
