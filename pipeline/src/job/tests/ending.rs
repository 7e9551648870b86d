//! When a job is over and as what: laws L2, L5, L6, L8 and L9.

use super::*;
use crate::limits::JOB_MS_MAX;

#[test]
fn a_job_whose_keywords_are_all_empty_completes_and_says_why_nobody_was_found() {
    let mut stage = Stage::started(&Wish::default());
    stage.run(|_| vec![]);
    assert_eq!(stage.job.status(), Status::Completed);
    let shortfall = stage.job.status_view(0, 10, stage.now).shortfall.unwrap();
    assert_eq!((shortfall.missing, shortfall.reason.as_str()), (100, "keywords_exhausted"));
}

#[test]
fn a_job_is_finished_once_and_its_alarm_is_put_away() {
    let mut stage = Stage::started(&Wish::default());
    stage.run(|keyword| creators(keyword, 60));
    assert_eq!(stage.finished, [Status::Completed]);
    assert_eq!(stage.job.alarm(), None);
    stage.event(Event::Alarm);
    stage.event(Event::Cancelled);
    assert_eq!(stage.finished, [Status::Completed]);
}

#[test]
fn a_failed_keyword_makes_the_job_partial_even_where_the_target_was_met() {
    let mut stage = Stage::started(&Wish { target: 5, enrichment: Enrichment::None, ..Wish::default() });
    let (failing, giving) = (stage.lease(0), stage.lease(1));
    stage.failed(&failing, Fault::Blocked("no".into()));
    stage.page(&giving, 0, creators("a", 5), None);
    assert_eq!(stage.job.status(), Status::Partial);
}

#[test]
fn a_keyword_that_fails_keeps_what_it_gave_before() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], enrichment: Enrichment::None, ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 5), Some("2"));
    stage.failed(&lease, Fault::Malformed("search_item_list".into()));
    assert_eq!(stage.job.status(), Status::Partial);
    assert_eq!(stage.job.creators().len(), 5);
}

#[test]
fn a_refused_credential_ends_everything_at_once_and_is_named() {
    let mut stage = Stage::started(&Wish { keywords: &["a1", "b1", "c1"], ..Wish::default() });
    let lease = stage.lease(0);
    stage.lease(1);
    stage.failed(&lease, Fault::Unauthorized("wrong key".into()));
    assert_eq!(stage.job.status(), Status::Error);
    assert_eq!(stage.job.status_view(0, 0, stage.now).error.unwrap().reason, Reason::Unauthorized);
    assert_eq!(stage.tell(Report::Lease { task: 2 }), Reply::Gone);
}

#[test]
fn an_empty_purse_keeps_what_was_found_and_is_partial() {
    let mut stage = Stage::started(&Wish::default());
    let (first, second) = (stage.lease(0), stage.lease(1));
    stage.page(&first, 0, creators("a", 5), None);
    stage.failed(&second, Fault::OutOfCredit("buy more".into()));
    assert_eq!(stage.job.status(), Status::Partial);
    assert_eq!(stage.job.creators().len(), 5);
    assert_eq!(stage.job.record(0).unwrap().enrichment.reason.as_deref(), Some("out_of_credit"));
}

#[test]
fn a_cancelled_job_keeps_what_it_has_and_admits_nobody_else() {
    let mut stage = Stage::started(&Wish::default());
    let (first, second) = (stage.lease(0), stage.lease(1));
    stage.page(&first, 0, creators("a", 5), None);
    stage.event(Event::Cancelled);
    assert_eq!(stage.job.status(), Status::Cancelled);
    assert_eq!(stage.page(&second, 0, creators("b", 5), None), Reply::Gone);
    assert_eq!(stage.job.creators().len(), 5);
    assert_eq!(stage.outcome(1), &TaskOutcome::Skipped { reason: Reason::Cancelled });
}

#[test]
fn a_job_that_nobody_works_on_ends_by_itself_within_its_time() {
    let mut stage = Stage::started(&Wish::default());
    let begun = stage.now;
    while !stage.job.status().is_final() {
        stage.alarm();
    }
    assert_eq!(stage.now.since(begun), JOB_MS_MAX);
    assert_eq!(stage.job.status(), Status::Partial);
    assert_eq!(stage.job.status_view(0, 0, stage.now).error.unwrap().reason, Reason::TimeBudget);
}

#[test]
fn no_more_calls_are_allowed_than_the_caller_wants_to_pay_for() {
    for limit in 1..12 {
        let mut stage = Stage::started(&Wish { calls: Some(limit), keywords: &["yoga"], ..Wish::default() });
        stage.run(|keyword| creators(keyword, 10));
        assert!(stage.job.progress().calls.made <= limit, "{:?} of {limit}", stage.job.progress().calls);
        let expected = if limit == 11 { Status::Completed } else { Status::Partial };
        assert_eq!(stage.job.status(), expected, "{limit}");
    }
}

#[test]
fn the_percentage_never_falls_and_is_100_exactly_at_the_end() {
    let mut stage = Stage::started(&Wish { target: 150, expand: true, ..Wish::default() });
    stage.run(|keyword| creators(keyword, 20));
    assert!(stage.percents.is_sorted(), "{:?}", stage.percents);
    assert_eq!(stage.percents.last(), Some(&100));
    assert_eq!(stage.percents.iter().filter(|percent| **percent == 100).count(), 1);
}

#[test]
fn every_keyword_ends_in_exactly_one_outcome() {
    let mut stage = Stage::started(&Wish { target: 150, expand: true, ..Wish::default() });
    stage.run(|keyword| creators(keyword, 40));
    let view = stage.job.view(stage.now);
    assert!(view.keywords.iter().all(|keyword| keyword.outcome.is_some() && keyword.state == "done"));
    assert_eq!(view.progress.keywords_completed + view.progress.keywords_failed, view.progress.keywords_dispatched);
}

#[test]
fn creators_that_come_after_the_last_allowed_call_are_kept_and_their_profiles_skipped() {
    let mut stage = Stage::started(&Wish { calls: Some(2), ..Wish::default() });
    let (first, second) = (stage.lease(0), stage.lease(1));
    assert_eq!(stage.page(&first, 0, creators("a", 3), Some("2")), Reply::Stop);
    stage.page(&second, 0, creators("b", 3), None);
    assert_eq!(stage.job.status(), Status::Partial);
    assert_eq!(stage.job.record(5).unwrap().enrichment.reason.as_deref(), Some("call_budget"));
}

#[test]
fn a_batch_that_is_only_partly_allowed_reads_what_it_may() {
    let mut stage = Stage::started(&Wish { calls: Some(3), keywords: &["yoga"], ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 5), None);
    let batch = stage.lease(1);
    stage.profiles(&batch, enriched);
    let outcomes: Vec<_> = (0..5).map(|seq| stage.job.record(seq).unwrap().enrichment.outcome).collect();
    assert_eq!(outcomes, ["enriched", "enriched", "skipped", "skipped", "skipped"]);
    assert_eq!(stage.job.status(), Status::Partial);
}

#[test]
fn an_alarm_so_late_that_a_lease_and_the_deadline_are_due_ends_the_job_and_revives_nothing() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    stage.lease(0);
    stage.now = stage.now.plus(JOB_MS_MAX);
    stage.event(Event::Alarm);
    assert_eq!(stage.job.status(), Status::Partial);
    assert_eq!(stage.outcome(0), &TaskOutcome::Skipped { reason: Reason::TimeBudget });
}

#[test]
fn the_time_in_which_no_runtime_was_there_is_not_the_jobs() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    stage.lease(0);
    stage.now = stage.now.plus(2 * JOB_MS_MAX);
    stage.event(Event::Orphaned);
    stage.run(|_| vec![]);
    assert_eq!(stage.job.status(), Status::Completed);
}

#[test]
fn calls_that_a_token_took_are_no_longer_there_for_others() {
    let wish = Wish { calls: Some(3), keywords: &["yoga"], enrichment: Enrichment::Required(4), ..Wish::default() };
    for (ungranted, left) in [(0, 2), (1, 1)] {
        let mut stage = Stage::started(&wish);
        let lease = stage.lease(0);
        let calls = Calls { made: 1 + ungranted, ungranted, ms: 1, ..Calls::default() };
        let creators = creators("a", 8);
        stage.tell(Report::Page(PageReport { task: 0, fence: lease.fence, page: 0, creators, next: None, calls }));
        let batch = stage.lease(1);
        assert!(matches!(&batch.work, Work::Profiles { calls_max, .. } if *calls_max == left), "{:?}", batch.work);
    }
}

#[test]
fn calls_that_are_left_cover_as_many_creators_as_they_can() {
    // One call for the page, and the two that eight profiles need at four a call; or one of them.
    let wish = Wish { calls: Some(3), keywords: &["yoga"], enrichment: Enrichment::Required(4), ..Wish::default() };
    let mut stage = Stage::started(&wish);
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 8), None);
    let batch = stage.lease(1);
    assert!(matches!(&batch.work, Work::Profiles { creators, calls_max: 2 } if creators.len() == 8), "{:?}", batch.work);

    let mut stage = Stage::started(&Wish { calls: Some(2), ..wish });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 8), None);
    let batch = stage.lease(1);
    assert!(matches!(&batch.work, Work::Profiles { creators, calls_max: 1 } if creators.len() == 4), "{:?}", batch.work);
}
