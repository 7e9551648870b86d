//! An account's jobs, as they are listed.

use super::*;
use crate::limits::{JOB_KEYWORDS_KEPT_MAX, JOBS_KEPT_MAX};

fn ids(page: &JobsPage) -> Vec<&str> {
    page.jobs.iter().map(|job| job.job_id.as_str()).collect()
}

#[test]
fn jobs_are_listed_the_newest_first_page_by_page() {
    let mut stage = Stage::of(100);
    for job in ["a", "b", "c", "d", "e"] {
        stage.validate(search(job, 1)).unwrap();
    }
    let mut cursor = None;
    for (expected, more) in [(&["e", "d"][..], true), (&["c", "b"], true), (&["a"], false)] {
        let page = stage.account.jobs(cursor, 2);
        assert_eq!((ids(&page), page.next_cursor.is_some()), (expected.to_vec(), more));
        cursor = page.next_cursor.map(|cursor| cursor.parse().unwrap());
    }
}

#[test]
fn a_job_that_comes_meanwhile_moves_no_page() {
    let mut stage = Stage::of(100);
    for job in ["a", "b", "c"] {
        stage.validate(search(job, 1)).unwrap();
    }
    let cursor = stage.account.jobs(None, 2).next_cursor.unwrap().parse().unwrap();
    stage.validate(search("d", 1)).unwrap();
    assert_eq!(ids(&stage.account.jobs(Some(cursor), 2)), ["a"]);
}

#[test]
fn a_job_is_shown_as_it_was_last_told() {
    let mut stage = Stage::of(100);
    stage.validate(Search { target: 60, ..search("j", 60) }).unwrap();
    stage.charge("j", 7);
    let page = stage.account.jobs(None, 1);
    let job = &page.jobs[0];
    assert_eq!((job.status, job.creators_found, job.target_results, job.place), (Status::Searching, 7, 60, None));
    assert_eq!(
        (job.platform.as_str(), job.created_at.as_str(), &job.keywords[..]),
        ("sample", "2026-11-25T12:00:00.000Z", &["yoga".to_owned()][..])
    );
    stage.charge_of("j", 0, 9, Status::Partial);
    // One that is late says nothing of how it stands now.
    stage.charge("j", 8);
    let job = &stage.account.jobs(None, 1).jobs[0];
    assert_eq!((job.status, job.creators_found), (Status::Partial, 9));
}

#[test]
fn the_first_keywords_are_kept_and_no_more() {
    let mut stage = Stage::of(100);
    let keywords = (0..=JOB_KEYWORDS_KEPT_MAX).map(|number| format!("k{number}")).collect();
    stage.validate(Search { keywords, ..search("j", 1) }).unwrap();
    assert_eq!(stage.account.jobs(None, 1).jobs[0].keywords.len(), JOB_KEYWORDS_KEPT_MAX);
}

#[test]
fn the_newest_jobs_are_kept_and_those_that_are_open() {
    let mut stage = Stage::new(plan("test", 100_000, 2));
    stage.validate(search("open", 1)).unwrap();
    stage.many(JOBS_KEPT_MAX - 1);
    assert_eq!(stage.account.jobs(None, 2_000).jobs.len(), JOBS_KEPT_MAX);
    stage.validate(search("one more", 1)).unwrap();
    let page = stage.account.jobs(None, 2_000);
    assert_eq!(page.jobs.len(), JOBS_KEPT_MAX);
    assert!(page.jobs.iter().any(|job| job.job_id == "open") && page.jobs.iter().all(|job| job.job_id != "0"));
}

#[test]
fn a_job_that_is_not_listed_any_more_can_run_again() {
    let mut stage = Stage::of(100);
    stage.validate(again("long ago", 1, 40, 20)).unwrap();
    assert_eq!(stage.books(), (0, 40, 60));
    assert_eq!(stage.charge_of("long ago", 1, 50, Status::Partial), 30);
    assert_eq!(stage.books(), (30, 0, 70));
}
