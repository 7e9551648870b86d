//! Plain scenarios, one behaviour each. What they assert besides is the last word on it; the pair compares everything
//! after every event.

use super::*;

#[test]
fn a_job_is_searched_enriched_charged_and_over() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let (yoga, fitness) = (pair.lease(0), pair.lease(1));
    pair.page(&yoga, 0, &["ann", "bob"], Some("2"));
    pair.page(&fitness, 0, &["bob", "cem"], None);
    pair.page(&yoga, 1, &[], None);
    let batches: Vec<TaskId> = vec![2, 3];
    for task in batches {
        let lease = pair.lease(task);
        pair.profiles(&lease, read);
    }
    assert_eq!(pair.status(), Status::Completed);
    for charge in pair.charges.clone() {
        pair.tell(Event::Charged(charge));
    }
    assert_eq!(pair.model.picture().owed.map(|owed| (owed.known, owed.closed, owed.under_way)), Some((3, true, None)));
    assert_eq!(pair.job.alarm(), None);
}

#[test]
fn a_message_that_comes_twice_finds_the_task_taken_and_later_done() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let lease = pair.lease(0);
    assert_eq!(pair.report(Report::Lease { task: 0 }), Reply::Busy);
    pair.page(&lease, 0, &[], None);
    assert_eq!(pair.report(Report::Lease { task: 0 }), Reply::Gone);
}

#[test]
fn a_page_that_is_reported_twice_is_counted_once() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let lease = pair.lease(0);
    pair.page(&lease, 0, &["ann"], Some("2"));
    pair.wait(1_000);
    assert_eq!(pair.page(&lease, 0, &["ann"], Some("2")), Reply::Continue { cursor: Some("2".into()), page: 1 });
    assert_eq!(pair.model.picture().calls_made, 1);
}

#[test]
fn a_zombie_is_not_heard_after_its_lease() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let zombie = pair.lease(0);
    pair.wait(40_000);
    pair.alarm();
    let lease = pair.lease(0);
    assert_eq!(pair.page(&zombie, 0, &["zoe"], Some("2")), Reply::Stop);
    assert_eq!(pair.failed(&zombie, Fault::NotFound), Reply::Stop);
    assert_eq!(pair.page(&lease, 0, &["ann"], None), Reply::Stop);
    assert_eq!(pair.job.creators().len(), 1);
}

#[test]
fn five_lost_leases_fail_a_keyword_and_nothing_else() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    for _ in 0..5 {
        pair.lease(0);
        pair.wait(31_000);
        pair.alarm();
    }
    assert_eq!(pair.report(Report::Lease { task: 0 }), Reply::Gone);
    let lease = pair.lease(1);
    pair.page(&lease, 0, &[], None);
    assert_eq!(pair.status(), Status::Partial);
}

#[test]
fn a_dead_letter_ends_only_what_nobody_took_since() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let lease = pair.lease(0);
    pair.report(Report::DeadLettered { task: 0, fence: 0, detail: "gave up".into() });
    pair.page(&lease, 0, &["ann"], None);
    pair.report(Report::DeadLettered { task: 1, fence: 0, detail: "gave up".into() });
    assert_eq!(pair.model.picture().keywords[1].outcome, Some(super::super::Outcome::Failed(Reason::Lost)));
}

#[test]
fn a_job_that_is_cancelled_ends_at_once_and_goes_on_when_it_is_tried_again() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let lease = pair.lease(0);
    pair.page(&lease, 0, &["ann"], Some("2"));
    pair.tell(Event::Cancelled);
    assert_eq!(pair.status(), Status::Cancelled);
    assert_eq!(pair.page(&lease, 1, &["bob"], None), Reply::Gone);
    pair.tell(Event::Retried { waits: false });
    assert_eq!(pair.page(&lease, 1, &["bob"], None), Reply::Stop);
    let again = pair.lease(0);
    assert!(matches!(again.work, Granted::Search { page: 1, .. }));
    pair.page(&again, 1, &["bob"], None);
    let lease = pair.lease(1);
    pair.page(&lease, 0, &[], None);
    for task in 2..pair.job.tasks().len() as u32 {
        if let Reply::Granted(lease) = pair.report(Report::Lease { task }) {
            pair.profiles(&lease, read);
        }
    }
    assert_eq!(pair.status(), Status::Completed);
    assert_eq!(pair.model.picture().run, 1);
}

#[test]
fn a_retry_of_what_went_well_changes_nothing() {
    let mut pair = Pair::dispatched(&Wish { target: 1, ..Wish::default() });
    pair.ring();
    pair.tell(Event::Retried { waits: false });
    let lease = pair.lease(0);
    pair.page(&lease, 0, &["ann", "bob"], Some("2"));
    let lease = pair.lease(2);
    pair.profiles(&lease, read);
    pair.tell(Event::Retried { waits: false });
    assert_eq!(pair.status(), Status::Completed);
    assert_eq!(pair.model.picture().run, 0);
}

#[test]
fn no_call_is_granted_over_the_budget() {
    let mut pair = Pair::dispatched(&Wish { calls: Some(3), ..Wish::default() });
    pair.ring();
    let lease = pair.lease(0);
    pair.page(&lease, 0, &["ann", "bob", "cem"], None);
    let lease = pair.lease(2);
    assert!(matches!(lease.work, Granted::Profiles { calls_max: 2, .. }));
    pair.profiles(&lease, read);
    assert_eq!(pair.status(), Status::Partial);
    assert_eq!(pair.model.picture().stopped, Some(Reason::CallBudget));
    pair.tell(Event::Retried { waits: false });
    assert_eq!(pair.status(), Status::Partial);
}

#[test]
fn a_call_budget_that_ends_between_two_pages_ends_the_keyword_there() {
    let mut pair = Pair::dispatched(&Wish { calls: Some(1), keywords: vec![keyword("yoga")], ..Wish::default() });
    pair.ring();
    let lease = pair.lease(0);
    assert_eq!(pair.page(&lease, 0, &["ann"], Some("2")), Reply::Stop);
    assert_eq!(pair.status(), Status::Partial);
}

#[test]
fn credentials_that_are_refused_stop_everything() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let (lease, other) = (pair.lease(0), pair.lease(1));
    pair.failed(&lease, Fault::Unauthorized("no".into()));
    assert_eq!(pair.status(), Status::Error);
    assert_eq!(pair.page(&other, 0, &["ann"], None), Reply::Gone);
    pair.tell(Event::Retried { waits: false });
    let lease = pair.lease(1);
    pair.page(&lease, 0, &["ann"], None);
    assert_eq!(pair.status(), Status::Searching);
}

#[test]
fn every_profile_is_tried_on_its_own() {
    let mut pair = Pair::dispatched(&Wish { keywords: vec![keyword("yoga")], ..Wish::default() });
    pair.ring();
    let lease = pair.lease(0);
    pair.page(&lease, 0, &["ann", "bob", "cem"], None);
    for _ in 0..5 {
        pair.now = pair.job.alarm().unwrap_or(pair.now).max(pair.now);
        pair.alarm();
        if let Reply::Granted(lease) = pair.report(Report::Lease { task: 1 }) {
            pair.profiles(&lease, |_, identity| match identity {
                "id-ann" => read(0, identity),
                "id-bob" => fault(Fault::RateLimited(Some(2))),
                _ => fault(Fault::Blocked("no".into())),
            });
        }
    }
    assert_eq!(pair.status(), Status::Partial);
}

#[test]
fn the_target_ends_the_search_and_not_the_profiles() {
    let mut pair = Pair::dispatched(&Wish { target: 2, ..Wish::default() });
    pair.ring();
    let lease = pair.lease(0);
    assert_eq!(pair.page(&lease, 0, &["ann", "bob", "cem"], Some("2")), Reply::Stop);
    assert_eq!(pair.status(), Status::Enriching);
    assert_eq!(pair.report(Report::Lease { task: 1 }), Reply::Gone);
}

#[test]
fn rounds_are_planned_while_keywords_pay() {
    let wish = Wish { expand: true, keywords: vec![keyword("yoga")], target: 100, enrichment: Enrichment::None, ..Wish::default() };
    let mut pair = Pair::dispatched(&wish);
    pair.ring();
    pair.plan(0, &["hot yoga", "Yoga"]);
    for task in 0..2 {
        let lease = pair.lease(task);
        let names: Vec<String> = (0..4).map(|number| format!("{task}-{number}")).collect();
        pair.page(&lease, 0, &names.iter().map(String::as_str).collect::<Vec<_>>(), None);
    }
    assert_eq!(pair.status(), Status::Dispatching);
    pair.plan(0, &["too late"]);
    pair.plan(1, &["power yoga", "hot yoga"]);
    let lease = pair.lease(2);
    pair.page(&lease, 0, &["0-1"], None);
    assert_eq!(pair.status(), Status::Completed);
}

#[test]
fn the_deadline_ends_a_job_with_what_it_has() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let lease = pair.lease(0);
    pair.page(&lease, 0, &["ann"], Some("2"));
    pair.wait(JOB_MS_MAX);
    pair.alarm();
    assert_eq!(pair.status(), Status::Partial);
    assert_eq!(pair.model.picture().keywords[0].outcome, Some(super::super::Outcome::Skipped(Reason::TimeBudget)));
}

#[test]
fn a_runtime_that_was_started_again_gives_everything_out_again() {
    let mut pair = Pair::dispatched(&Wish::default());
    pair.ring();
    let lost = pair.lease(0);
    pair.wait(1_000);
    pair.reload();
    pair.tell(Event::Orphaned);
    let lease = pair.lease(0);
    assert_eq!(pair.page(&lost, 0, &["ann"], None), Reply::Stop);
    pair.page(&lease, 0, &["ann"], None);
}

#[test]
fn a_difference_names_what_differs() {
    let pair = Pair::dispatched(&Wish::default());
    let (job, mut model) = (Picture::of(&pair.job), pair.model.picture());
    assert_eq!(job.difference(&model), None);
    model.keywords[1].pages = 3;
    let difference = job.difference(&model).unwrap();
    assert!(difference.starts_with("keyword 1: the job says") && difference.contains("pages: 3"), "{difference}");
    model = pair.model.picture();
    model.due.clear();
    assert!(job.difference(&model).unwrap().contains("the job alone waits for [Plan at 1800000000000"));
    model = pair.model.picture();
    model.keywords.pop();
    assert_eq!(job.difference(&model).unwrap(), "number of entries, keyword: the job says 2, the model 1");
}
