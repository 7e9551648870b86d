//! Trying again what failed.

use super::*;
use crate::limits::JOB_MS_MAX;

/// A job that is partial: `yoga` failed behind its first page, `fitness` was searched.
fn partial() -> Stage {
    let mut stage = Stage::started(&Wish { enrichment: Enrichment::None, ..Wish::default() });
    let (yoga, fitness) = (stage.lease(0), stage.lease(1));
    stage.page(&yoga, 0, creators("a", 5), Some("page-2"));
    stage.failed(&yoga, Fault::Malformed("search_item_list".into()));
    stage.page(&fitness, 0, creators("b", 5), None);
    assert_eq!(stage.job.status(), Status::Partial);
    stage
}

#[test]
fn what_failed_goes_on_behind_its_last_page_and_nothing_else_is_done_again() {
    let mut stage = partial();
    assert_eq!(stage.job.may_retry(), Ok(Again { keywords: 1, profiles: 0, wanted: 90 }));
    stage.sent.clear();
    stage.event(Event::Retried { waits: false });
    assert_eq!(stage.sent.iter().map(|message| message.task).collect::<Vec<_>>(), [0]);
    let lease = stage.lease(0);
    assert!(matches!(&lease.work, Work::Search { cursor: Some(cursor), page: 1, .. } if cursor == "page-2"));
    stage.page(&lease, 1, creators("c", 5), None);
    assert_eq!(stage.job.status(), Status::Completed);
    assert_eq!(stage.job.creators().len(), 15);
    assert_eq!(stage.outcome(0), &TaskOutcome::Ok { creators: 10 });
}

#[test]
fn a_job_that_runs_is_not_begun_again() {
    let mut stage = Stage::started(&Wish::default());
    assert_eq!(stage.job.may_retry(), Err(NoRetry::Running));
    let version = stage.job.progress().version;
    stage.event(Event::Retried { waits: false });
    assert_eq!(stage.job.progress().version, version);
}

#[test]
fn a_job_in_which_nothing_failed_is_not_begun_again() {
    let mut stage = Stage::started(&Wish::default());
    stage.run(|keyword| creators(keyword, 60));
    assert_eq!(stage.job.may_retry(), Err(NoRetry::NothingFailed));
    stage.event(Event::Retried { waits: false });
    assert_eq!((stage.job.status(), stage.job.progress().run), (Status::Completed, 0));
}

#[test]
fn a_job_that_used_up_its_calls_is_not_begun_again() {
    let mut stage = Stage::started(&Wish { calls: Some(1), ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, vec![], None);
    stage.event(Event::Alarm);
    stage.tell(Report::Lease { task: 1 });
    assert_eq!(stage.job.status(), Status::Partial);
    assert_eq!(stage.job.may_retry(), Err(NoRetry::NoCallsLeft));
    stage.event(Event::Retried { waits: false });
    assert_eq!(stage.job.progress().run, 0);
}

#[test]
fn profiles_that_failed_are_read_again_and_others_are_not() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 3), None);
    let batch = stage.lease(1);
    stage.profiles(&batch, |identity| match identity {
        "a-1" => Outcome::Failed(Fault::Blocked("no".into())),
        _ => enriched(identity),
    });
    assert_eq!(stage.job.status(), Status::Partial);
    assert_eq!(stage.job.may_retry(), Ok(Again { keywords: 0, profiles: 1, wanted: 97 }));
    stage.event(Event::Retried { waits: false });
    let again = stage.lease(2);
    assert!(matches!(&again.work, Work::Profiles { creators, .. } if creators.len() == 1 && creators[0].identity == "a-1"));
    stage.profiles(&again, enriched);
    assert_eq!(stage.job.status(), Status::Completed);
    assert_eq!(stage.job.counters().creators_enriched, 3);
}

#[test]
fn a_cancelled_job_goes_on_where_it_was_cut_off() {
    let mut stage = Stage::started(&Wish::default());
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 3), Some("page-2"));
    stage.event(Event::Cancelled);
    stage.event(Event::Retried { waits: false });
    assert_eq!(stage.job.may_retry(), Err(NoRetry::Running));
    assert_eq!(stage.page(&lease, 1, creators("z", 3), None), Reply::Stop, "the consumer of the last run is a zombie");
    stage.sent.clear();
    stage.event(Event::Orphaned);
    stage.run(|keyword| creators(keyword, 5));
    assert_eq!(stage.job.status(), Status::Completed);
    assert_eq!(stage.job.creators().len(), 13);
}

#[test]
fn a_failed_keyword_that_the_target_does_not_need_is_not_searched_again() {
    let mut stage = Stage::started(&Wish { target: 5, enrichment: Enrichment::None, ..Wish::default() });
    let (failing, giving) = (stage.lease(0), stage.lease(1));
    stage.failed(&failing, Fault::Blocked("no".into()));
    stage.page(&giving, 0, creators("a", 5), None);
    stage.sent.clear();
    stage.event(Event::Retried { waits: false });
    assert_eq!(stage.job.status(), Status::Completed);
    assert_eq!(stage.outcome(0), &TaskOutcome::Skipped { reason: Reason::TargetMet });
    assert!(stage.sent.is_empty());
}

#[test]
fn another_run_has_its_own_time_and_its_own_percentage() {
    let mut stage = partial();
    stage.now = stage.now.plus(JOB_MS_MAX - 1);
    stage.event(Event::Retried { waits: false });
    assert!(stage.job.counters().percent_complete < 100);
    assert_eq!(stage.job.view(stage.now).finished_at, None);
    let begun = stage.now;
    while !stage.job.status().is_final() {
        stage.alarm();
    }
    assert_eq!(stage.now.since(begun), JOB_MS_MAX);
}

#[test]
fn what_made_the_last_run_stop_is_forgotten() {
    let mut stage = Stage::started(&Wish { keywords: &["a1", "b1"], enrichment: Enrichment::None, ..Wish::default() });
    let lease = stage.lease(0);
    stage.failed(&lease, Fault::OutOfCredit("buy more".into()));
    assert_eq!(stage.job.status(), Status::Error);
    stage.sent.clear();
    stage.event(Event::Retried { waits: false });
    assert_eq!(stage.job.status_view(0, 0, stage.now).error, None);
    stage.run(|keyword| creators(keyword, 5));
    assert_eq!(stage.job.status(), Status::Completed);
}

#[test]
fn another_run_survives_a_restart() {
    let mut stage = partial();
    stage.event(Event::Retried { waits: false });
    assert_eq!(format!("{:?}", stage.reloaded().progress()), format!("{:?}", stage.job.progress()));
    assert_eq!(stage.reloaded().tasks(), stage.job.tasks());
}

#[test]
fn callers_are_told_what_trying_again_would_do() {
    let mut stage = partial();
    let again = Again { keywords: 1, profiles: 0, wanted: 90 };
    let view = stage.job.view(stage.now);
    assert_eq!((view.retry, stage.job.status_view(0, 0, stage.now).retry, view.run), (Some(again), Some(again), 0));
    stage.event(Event::Retried { waits: false });
    let view = stage.job.view(stage.now);
    assert_eq!((view.retry, stage.job.status_view(0, 0, stage.now).retry, view.run), (None, None, 1));
}

#[test]
fn a_dead_letter_of_the_last_run_ends_nothing_in_this_one() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let fence = stage.sent[0].fence;
    stage.event(Event::Cancelled);
    stage.event(Event::Retried { waits: false });
    stage.tell(Report::DeadLettered { task: 0, fence, detail: "given up".into() });
    assert_eq!(stage.job.status(), Status::Searching);
    assert_eq!(stage.sent.last().unwrap().fence, fence + 1);
}
