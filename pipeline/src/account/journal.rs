//! The entries of a ledger: what was reserved, counted and released, in order, from which an account's figures can be
//! made again.
//!
//! Entries are only ever added. They stand in pages of a hundred, and each page begins with the sums of everything before
//! it, so that old pages can go and what is left still adds up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::month::Month;
use crate::limits::LEDGER_ROW_ENTRIES;
use crate::time::Time;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Posting {
    /// When.
    pub at: Time,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A run was let in, and may deliver as many creators.
    Reserved(Item),
    /// So many creators of a run were delivered.
    Counted(Item),
    /// A run is over, and what it did not deliver is free again.
    Released(Item),
    /// The account was put on a plan.
    Plan {
        /// Its name.
        plan: String,
    },
}

/// Creators of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The job.
    pub job: String,
    /// The run, from 0.
    pub run: u32,
    /// The month that the run belongs to.
    pub month: Month,
    /// How many creators.
    pub amount: u32,
}

/// What entries add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Creators that were counted, by month.
    pub used: BTreeMap<Month, u32>,
    /// What runs that are not over may still deliver, by job.
    pub held: BTreeMap<String, Held>,
}

/// What the run of a job may still deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The run.
    pub run: u32,
    /// The month that it belongs to.
    pub month: Month,
    /// How many creators.
    pub reserved: u32,
}

/// A row of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// What everything before it adds up to.
    pub opening: Balance,
    /// Its entries, in order.
    pub postings: Vec<Posting>,
}

/// Whether a ledger agrees with its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether it does.
    pub agrees: bool,
    /// Each disagreement as a sentence.
    pub differences: Vec<String>,
}

impl Balance {
    /// Adds an entry up.
    ///
    /// # Errors
    /// The entry does not follow from those before it; a sentence says why. It changes as much as it can.
    pub fn add(&mut self, what: &What) -> Result<(), String> {
        match what {
            What::Plan { .. } => Ok(()),
            What::Reserved(Item { job, run, month, amount }) => {
                let before = self.held.insert(job.clone(), Held { run: *run, month: *month, reserved: *amount });
                before.map_or(Ok(()), |before| Err(format!("run {run} of the job {job} was let in while run {} was not over", before.run)))
            }
            What::Counted(item) => {
                let used = self.used.entry(item.month).or_default();
                *used = used.saturating_add(item.amount);
                self.take(item)
            }
            What::Released(item) => {
                let taken = self.take(item);
                let left = self.held.remove(&item.job).map_or(0, |held| held.reserved);
                taken.and(match left {
                    0 => Ok(()),
                    left => Err(format!("run {} of the job {} ended with {left} creators held", item.run, item.job)),
                })
            }
        }
    }

    fn take(&mut self, Item { job, run, month, amount }: &Item) -> Result<(), String> {
        let Some(held) = self.held.get_mut(job).filter(|held| (held.run, held.month) == (*run, *month)) else {
            return Err(format!("{amount} creators of run {run} of the job {job} were taken, and it held nothing in {month}"));
        };
        let left = held.reserved.checked_sub(*amount);
        held.reserved = left.unwrap_or_default();
        left.map(drop).ok_or_else(|| format!("run {run} of the job {job} took {amount} creators, more than it held"))
    }
}

impl Page {
    /// An empty page after everything that adds up to this.
    pub(super) fn after(balance: &Balance) -> Page {
        Page { opening: balance.clone(), postings: Vec::new() }
    }

    pub(super) fn is_full(&self) -> bool {
        self.postings.len() >= LEDGER_ROW_ENTRIES
    }

    /// What it and everything before it add up to, with what does not add up.
    #[must_use]
    pub fn close(&self) -> (Balance, Vec<String>) {
        let mut balance = self.opening.clone();
        let wrong = self.postings.iter().filter_map(|posting| balance.add(&posting.what).err()).collect();
        (balance, wrong)
    }
}

/// Adds pages up, in order, and says where they disagree with each other or with what they should come to.
#[must_use]
pub fn check(pages: &[Page], expected: &Balance) -> Verdict {
    let mut differences = Vec::new();
    let mut last: Option<Balance> = None;
    for page in pages {
        if let Some(last) = last {
            differences.extend(compare("a page begins with other sums than the one before it ends with", &last, &page.opening));
        }
        let (balance, wrong) = page.close();
        differences.extend(wrong);
        last = Some(balance);
    }
    differences.extend(compare("the account says otherwise than its entries", &last.unwrap_or_default(), expected));
    Verdict { agrees: differences.is_empty(), differences }
}

fn compare(where_: &str, entries: &Balance, said: &Balance) -> Vec<String> {
    let mut differences = Vec::new();
    for month in entries.used.keys().chain(said.used.keys().filter(|month| !entries.used.contains_key(month))) {
        let (ours, theirs) = [entries, said].map(|balance| balance.used.get(month).copied().unwrap_or_default()).into();
        if ours != theirs {
            differences.push(format!("{where_}: {ours} creators were counted in {month}, and not {theirs}"));
        }
    }
    for job in entries.held.keys().chain(said.held.keys().filter(|job| !entries.held.contains_key(*job))) {
        let (ours, theirs) = (entries.held.get(job), said.held.get(job));
        if ours != theirs {
            let text = |held: Option<&Held>| {
                held.map_or("nothing".to_owned(), |held| format!("{} creators of run {} in {}", held.reserved, held.run, held.month))
            };
            differences.push(format!("{where_}: the job {job} holds {}, and not {}", text(ours), text(theirs)));
        }
    }
    differences
}
