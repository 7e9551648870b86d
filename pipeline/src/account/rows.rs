//! What an account is made of, and the rows in which it is kept.
//!
//! An account has one row of its own, one for each job that its list keeps and one for each hundred entries of its ledger:
//! at most 1 + [`JOBS_KEPT_MAX`](crate::limits::JOBS_KEPT_MAX) + [`LEDGER_ROWS_MAX`](crate::limits::LEDGER_ROWS_MAX).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ledger::Entry;
use super::month::Month;
use super::plan::Plan;
use crate::job::{Status, Wake};
use crate::time::Time;

/// The kinds of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// How the account stands; one row.
    Standing,
    /// One row a job; keys grow in the order in which jobs came.
    Job,
    /// A hundred entries of the ledger; keys grow.
    Ledger,
}

impl Table {
    /// Every kind.
    pub const ALL: [Table; 3] = [Table::Standing, Table::Job, Table::Ledger];

    /// The name of the kind, for stores that keep it as text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Table::Standing => "standing",
            Table::Job => "job",
            Table::Ledger => "ledger",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// One row: written over the one of the same table and key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The kind.
    pub table: Table,
    /// The key within its kind.
    pub key: u32,
    /// The row, as JSON.
    pub value: String,
}

/// Why rows are not an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the row {key} of {} can't be read: {detail}", table.name())]
pub struct Corrupt {
    /// The kind of the row.
    pub table: Table,
    /// Its key.
    pub key: u32,
    /// What is wrong with it.
    pub detail: String,
}

/// What is written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Rows, each over the one of the same table and key.
    pub rows: Vec<Row>,
    /// Rows that are not kept any longer.
    pub gone: Vec<(Table, u32)>,
    /// What becomes of the account's alarm.
    pub alarm: Wake,
}

/// How an account stands, as far as it does not follow from its jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standing {
    /// The account's id.
    pub(super) id: String,
    pub(super) terms: Terms,
    /// Creators that were counted, by the month that their runs belong to.
    pub(super) used: BTreeMap<Month, u32>,
    /// The key of the next job's row.
    pub(super) next_job: u32,
    /// The number of the next place in line.
    pub(super) next_ticket: u32,
    /// The row of the ledger that is being filled, and the oldest one that is kept.
    pub(super) ledger: u32,
    pub(super) oldest: u32,
    /// When the operator's list is told (again); `None` when it knows.
    pub(super) announce: Option<Again>,
}

/// The plan of an account, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    /// The plan as it was last known.
    pub(super) plan: Plan,
    /// When the account was put on it. Its days and searches count from then.
    pub(super) since: Time,
    /// How many plans there were before it.
    pub(super) number: u32,
    /// Searches that have delivered something since.
    pub(super) searches: u32,
}

/// A job as its account knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct JobRow {
    pub(super) id: String,
    pub(super) platform: String,
    /// The first few.
    pub(super) keywords: Vec<String>,
    pub(super) target: u32,
    /// When it was asked for.
    pub(super) at: Time,
    /// As it was last told.
    pub(super) status: Status,
    /// As it was told before the latest run was let in.
    pub(super) status_before: Status,
    pub(super) entry: Entry,
    /// The month in which the latest run was let in.
    pub(super) month: Month,
    /// The number of the terms under which the latest run was let in.
    pub(super) terms: u32,
    pub(super) stage: Stage,
    /// When the job is asked whether it knows of the run; `None` once it has been heard of.
    pub(super) ask: Option<Again>,
    /// When the run was let in, for the last time that somebody asked.
    pub(super) let_in_at: Time,
}

/// How far the latest run of a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// In line, in the order of these numbers.
    Waiting(u32),
    /// Its turn has come, and the job is told so until it says that it heard.
    Starting(Again),
    /// It runs.
    Running,
    /// It is over.
    Over,
}

/// Something that is said until it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Again {
    /// When it is said (again).
    pub(super) at: Time,
    /// How often it was said.
    pub(super) sends: u32,
}

impl JobRow {
    pub(super) fn is_open(&self) -> bool {
        self.entry.open
    }

    /// Whether it takes one of the places of jobs that run.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Starting(_) | Stage::Running)
    }

    pub(super) fn ticket(&self) -> Option<u32> {
        match self.stage {
            Stage::Waiting(ticket) => Some(ticket),
            _ => None,
        }
    }

    /// Whether it holds one of the searches that a plan allows, without having used it up.
    pub(super) fn holds_a_search(&self, terms: u32) -> bool {
        self.is_open() && self.entry.settled == 0 && self.terms == terms
    }
}
