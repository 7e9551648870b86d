//! Charging: law L4.

use super::*;
use crate::account::{self, Account, Plans, Search};
use crate::limits::RESEND_MS_MIN;

fn stage() -> Stage {
    Stage::started(&Wish { account: Some("ana"), enrichment: Enrichment::None, ..Wish::default() })
}

fn last(stage: &Stage) -> (u32, bool) {
    let charge = stage.charges.last().expect("something was charged");
    (charge.delivered, charge.closes)
}

#[test]
fn a_page_charges_for_what_was_admitted_and_the_end_says_that_it_is_the_end() {
    let mut stage = stage();
    let (first, second) = (stage.lease(0), stage.lease(1));
    assert_eq!(stage.charges, []);
    stage.page(&first, 0, creators("a", 5), None);
    assert_eq!(last(&stage), (5, false));
    stage.page(&second, 0, creators("a", 7), None);
    assert_eq!(last(&stage), (7, true));
    assert_eq!(stage.charges.len(), 2);
}

#[test]
fn a_report_that_comes_again_charges_nothing() {
    let mut stage = stage();
    let lease = stage.lease(0);
    stage.page(&lease, 0, creators("a", 5), Some("2"));
    stage.page(&lease, 0, creators("a", 5), Some("2"));
    assert_eq!(stage.charges.len(), 1);
}

#[test]
fn nobody_is_charged_where_there_is_no_account() {
    let mut stage = Stage::started(&Wish::default());
    stage.run(|keyword| creators(keyword, 5));
    assert_eq!(stage.charges, []);
    assert_eq!(stage.job.alarm(), None);
}

#[test]
fn a_charge_is_sent_until_it_is_acknowledged_even_after_the_end() {
    let mut stage = stage();
    stage.event(Event::Cancelled);
    assert_eq!(last(&stage), (0, true));
    let sent = stage.now;
    stage.alarm();
    assert_eq!((stage.charges.len(), stage.now.since(sent)), (2, RESEND_MS_MIN));
    stage.alarm();
    assert_eq!((stage.charges.len(), stage.now.since(sent)), (3, 3 * RESEND_MS_MIN));
    stage.alarm();
    assert_eq!((stage.charges.len(), stage.now.since(sent)), (4, 7 * RESEND_MS_MIN));
    let charge = stage.charges[3].clone();
    stage.event(Event::Charged(charge));
    assert_eq!(stage.job.alarm(), None);
}

#[test]
fn an_acknowledgement_of_less_than_was_delivered_leaves_the_rest_owed() {
    let mut stage = stage();
    let (first, second) = (stage.lease(0), stage.lease(1));
    stage.page(&first, 0, creators("a", 5), None);
    stage.page(&second, 0, creators("b", 5), None);
    let early = stage.charges[0].clone();
    stage.event(Event::Charged(early));
    assert_eq!(stage.job.progress().bill.charged, 5);
    assert!(stage.job.alarm().is_some());
    let late = stage.charges[1].clone();
    stage.event(Event::Charged(late));
    assert_eq!(stage.job.progress().bill, Bill { charged: 10, closed: true, sent: None });
}

#[test]
fn an_acknowledgement_that_comes_again_changes_no_row() {
    let mut stage = stage();
    stage.event(Event::Cancelled);
    let charge = stage.charges[0].clone();
    stage.event(Event::Charged(charge.clone()));
    let version = stage.job.progress().version;
    stage.event(Event::Charged(charge));
    assert_eq!(stage.job.progress().version, version);
}

#[test]
fn the_end_of_an_earlier_run_does_not_close_the_bill_of_the_next() {
    let mut stage = stage();
    let lease = stage.lease(0);
    stage.failed(&lease, Fault::Blocked("no".into()));
    stage.event(Event::Cancelled);
    let end_of_first = stage.charges.last().unwrap().clone();
    stage.event(Event::Retried { waits: false });
    stage.event(Event::Cancelled);
    stage.event(Event::Charged(end_of_first));
    assert!(!stage.job.progress().bill.closed);
    assert_eq!(stage.charges.last().unwrap().run, 1);
}

#[test]
fn the_account_counts_what_was_delivered_whatever_happens_to_charges() {
    let mut stage = stage();
    stage.run(|keyword| creators(keyword, 30));
    let plans = Plans::default();
    let mut account = Account::load("ana", [], &plans, plans.unlimited()).unwrap();
    account.handle(account::Event::Validate(Search::of(stage.job.dispatch(), 0, 0)), stage.now);
    for charge in stage.charges.iter().chain(&stage.charges).cloned() {
        account.handle(account::Event::Charge { charge, status: stage.job.status() }, stage.now);
    }
    let usage = account.usage(stage.now);
    assert_eq!((usage.used, usage.reserved), (stage.job.creators().len() as u32, 0));
}
