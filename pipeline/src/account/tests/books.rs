//! The ledger's entries, and the check that finds what does not add up.

use super::*;
use crate::limits::{LEDGER_ROW_ENTRIES, LEDGER_ROWS_MAX};

fn kinds(stage: &Stage) -> Vec<String> {
    let postings = stage.pages().into_iter().flat_map(|page| page.postings);
    let name = |what: &What| match what {
        What::Reserved(item) => format!("reserved {}", item.amount),
        What::Counted(item) => format!("counted {}", item.amount),
        What::Released(item) => format!("released {}", item.amount),
        What::Plan { plan } => format!("plan {plan}"),
    };
    postings.map(|posting| name(&posting.what)).collect()
}

#[test]
fn everything_that_happens_to_the_figures_is_an_entry() {
    let mut stage = Stage::of(100);
    stage.validate(search("j", 60)).unwrap();
    stage.charge("j", 20);
    stage.charge("j", 20);
    stage.event(Event::Plan(plan("large", 1_000, 50)));
    stage.end("j", 25);
    assert_eq!(kinds(&stage), ["plan test", "reserved 60", "counted 20", "plan large", "counted 5", "released 35"]);
}

#[test]
fn an_entry_says_when_what_whose_and_of_which_month() {
    let mut stage = Stage::of(100);
    stage.validate(search("j", 60)).unwrap();
    let json = serde_json::to_value(&stage.pages()[0].postings[1]).unwrap();
    let expected = serde_json::json!({ "at": NOON.0, "kind": "reserved", "job": "j", "run": 0, "month": "2026-11", "amount": 60 });
    assert_eq!(json, expected);
}

#[test]
fn a_row_holds_a_hundred_entries_and_the_next_begins_with_their_sums() {
    let mut stage = Stage::of(1_000);
    stage.validate(search("j", 500)).unwrap();
    for delivered in 1..LEDGER_ROW_ENTRIES as u32 - 1 {
        stage.charge("j", delivered);
    }
    assert_eq!(stage.pages().len(), 1);
    stage.charge("j", 99);
    let pages = stage.pages();
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[1].opening.held["j"], Held { run: 0, month: Month::of(NOON), reserved: 402 });
}

#[test]
fn old_rows_are_folded_into_the_sums_of_the_next_and_the_rest_still_adds_up() {
    let mut stage = Stage::of(1_000);
    stage.validate(search("j", 500)).unwrap();
    stage.charge("j", 20);
    // So many events would take a while; their entries are written by the next one.
    let fill = |stage: &mut Stage, entries: usize| {
        (0..entries).for_each(|_| stage.account.post(What::Plan { plan: "test".into() }, NOON));
        stage.event(Event::Announced);
        (stage.pages().len() as u32, stage.account.first_posting())
    };
    let full = LEDGER_ROWS_MAX as usize * LEDGER_ROW_ENTRIES;
    assert_eq!(fill(&mut stage, full - 3), (LEDGER_ROWS_MAX, 0));
    assert_eq!(fill(&mut stage, 1), (LEDGER_ROWS_MAX, 100));
    stage.end("j", 30);
    assert_eq!(stage.books(), (30, 0, 970));
}

/// A ledger of two rows with one job under way.
fn two_rows() -> Stage {
    let mut stage = Stage::of(1_000);
    stage.validate(search("j", 500)).unwrap();
    for delivered in 1..150 {
        stage.charge("j", delivered);
    }
    stage
}

fn differences(change: impl FnOnce(&mut Vec<Page>)) -> Vec<String> {
    let stage = two_rows();
    let mut pages = stage.pages();
    change(&mut pages);
    let verdict = stage.account.check(&pages);
    assert_eq!(verdict.agrees, verdict.differences.is_empty());
    verdict.differences
}

#[test]
fn a_ledger_that_was_left_alone_agrees() {
    assert!(differences(|_| {}).is_empty());
}

#[test]
fn an_entry_that_is_missing_is_found() {
    let found = differences(|pages| drop(pages[0].postings.remove(5)));
    assert!(found[0].starts_with("a page begins with other sums than the one before it ends with: 97 creators"), "{found:?}");
    let found = differences(|pages| drop(pages[1].postings.pop()));
    assert!(
        found[0].starts_with("the account says otherwise than its entries: 148 creators were counted in 2026-11, and not 149"),
        "{found:?}"
    );
}

#[test]
fn an_amount_that_was_changed_is_found() {
    let found = differences(|pages| {
        if let What::Counted(item) = &mut pages[1].postings[0].what {
            item.amount += 1_000;
        }
    });
    assert!(found[0].contains("more than it held"), "{found:?}");
}

#[test]
fn a_row_that_is_missing_is_found() {
    assert!(!differences(|pages| pages.truncate(1)).is_empty());
    assert!(!differences(Vec::clear).is_empty());
}

#[test]
fn an_entry_of_a_run_that_was_never_let_in_is_found() {
    let found = differences(|pages| {
        let item = Item { job: "k".into(), run: 0, month: Month::of(NOON), amount: 0 };
        pages[1].postings.push(Posting { at: NOON, what: What::Released(item) });
    });
    assert!(found[0].contains("it held nothing in 2026-11"), "{found:?}");
}

#[test]
fn rows_that_are_no_account_are_named() {
    for table in Table::ALL {
        let row = Row { table, key: 0, value: "{".into() };
        let corrupt = Account::load("", [row], &Plans::default(), Plans::default().default_plan()).unwrap_err();
        assert_eq!((corrupt.table, corrupt.key, Table::named(table.name())), (table, 0, Some(table)));
    }
}
