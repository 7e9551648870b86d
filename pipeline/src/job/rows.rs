//! What a job is made of, and the rows in which it is kept.
//!
//! Rows are packed, because rows written are what a durable object costs: one for what never changes,
//! one for what does, one a task, one for the creators of each page, one for the profiles of each batch.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::accept::Accepted;
use crate::contract::{Absence, Creator, Manifest, Pair};
use crate::email::Address;
use crate::keyword::Keyword;
use crate::limits::CREATE_MS_MAX;
use crate::protocol::{Calls, Queue, TaskId};
use crate::time::Time;
use crate::trouble::{Failure, Reason};

/// The kinds of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// What was asked for; one row.
    Request,
    /// How it stands; one row.
    Progress,
    /// One row a task.
    Task,
    /// The creators of one page; the key is the number of the first.
    Creators,
    /// What became of the profiles of one report; the key counts up.
    Profiles,
    /// What watchers are told of one event; the key is the number of the first notice.
    Notices,
}

impl Table {
    /// Every kind, in the order in which rows are read.
    pub const ALL: [Table; 6] = [Table::Request, Table::Progress, Table::Task, Table::Creators, Table::Profiles, Table::Notices];

    /// The name of the kind, for stores that keep it as text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Table::Request => "request",
            Table::Progress => "progress",
            Table::Task => "task",
            Table::Creators => "creators",
            Table::Profiles => "profiles",
            Table::Notices => "notices",
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

/// Why rows are not a job.
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

/// What a job is made from. It never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The job's id.
    pub id: String,
    /// What was asked for, as accepted.
    pub accepted: Accepted,
    /// The adapter as it was when the job began.
    pub manifest: Manifest,
    /// The adapter's settings with the values in force.
    pub settings: Vec<Pair>,
    /// Where the job's chance comes from.
    pub seed: u64,
    /// When it was asked for.
    pub at: Time,
    /// Who is charged for what is delivered; `None` where nobody is.
    #[serde(default)]
    pub account: Option<String>,
    /// Whether it has to wait until its account lets it go on with [`Event::Admitted`](super::Event::Admitted).
    #[serde(default)]
    pub waits: bool,
}

impl Dispatch {
    /// Whether it is too late to make a job of it: whoever was to pay for it may have been told that there is none.
    #[must_use]
    pub fn is_too_late(&self, now: Time) -> bool {
        now > self.at.plus(CREATE_MS_MAX)
    }
}

/// Where a job stands. The last four are final.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Accepted; nothing has been done yet.
    #[default]
    Pending,
    /// A round of keywords is being planned.
    Dispatching,
    /// Keywords are being searched.
    Searching,
    /// Profiles are being read, and no keyword is open.
    Enriching,
    /// The target was reached, or every keyword was searched to its end.
    Completed,
    /// Something is missing, and the job says what.
    Partial,
    /// Nothing could be searched.
    Error,
    /// The owner stopped it.
    Cancelled,
}

impl Status {
    /// Whether nothing will happen any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        self >= Status::Completed
    }
}

/// How a job stands, as far as it does not follow from tasks and creators.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Where it stands.
    pub status: Status,
    /// Counts changes; two answers of one version are the same.
    pub version: u64,
    /// Highest percentage ever shown, 0 to 100.
    pub percent: u8,
    /// The round that is being planned, and since when; `None` while none is.
    pub planning: Option<Planning>,
    /// The last round that was planned; 0 is the first.
    pub round: u32,
    /// Upstream calls that leases have allowed so far; never above the job's own limit.
    pub calls_granted: u32,
    /// Upstream calls that were reported.
    pub calls: Calls,
    /// Why the job stopped before it was done, if it did.
    pub stopped: Option<Failure>,
    /// What callers should know besides, such as that keywords were expanded by another expander.
    pub notes: Vec<String>,
    /// When it reached a final state.
    pub finished_at: Option<Time>,
    /// How often it was begun again to make up for what failed; 0 is the first run.
    #[serde(default)]
    pub run: u32,
    /// Whether this run waits for others of its account.
    #[serde(default)]
    pub held: bool,
    /// When this run's time began: at its beginning, when its account let it go on, or when it was taken up after the
    /// runtime was started again.
    /// `None` while it is the time of the dispatch.
    #[serde(default)]
    pub begun_at: Option<Time>,
    /// What the account is owed and knows.
    #[serde(default)]
    pub bill: Bill,
}

/// What was charged, as far as the account has acknowledged it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Creators that the account has counted, in all runs together.
    pub charged: u32,
    /// Whether the account knows that this run is over.
    pub closed: bool,
    /// The last charge that was sent, when it is sent again and how often it was; `None` when all is settled.
    pub sent: Option<SentCharge>,
}

/// A charge that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCharge {
    /// Creators delivered by then, in all runs together.
    pub delivered: u32,
    /// Whether it says that the run is over.
    pub closes: bool,
    /// When it is sent again.
    pub at: Time,
    /// How often it was sent.
    pub sends: u32,
}

/// A round of keywords that is being planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planning {
    /// The round, 0 for the first.
    pub round: u32,
    /// How many derived keywords it wants.
    pub wanted: usize,
    /// When planning is asked for (again).
    pub at: Time,
    /// How often it was asked for.
    #[serde(default)]
    pub asked: u32,
}

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its number within the job.
    pub id: TaskId,
    /// What there is to do.
    pub kind: Kind,
    /// How far it is.
    pub state: State,
    /// The number of the latest lease; reports of earlier ones change nothing. It also grows when those who know it are
    /// not to be heard any more, so that a dead letter of before ends nothing.
    pub fence: u32,
    /// Attempts in a row that got nowhere.
    pub attempts: u32,
}

impl Task {
    /// A task that nobody has been told of.
    pub(super) fn new(id: TaskId, kind: Kind, state: State) -> Self {
        Task { id, kind, state, fence: 0, attempts: 0 }
    }

    /// Whether anything of it is still to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state.is_open()
    }

    /// The queue its messages travel through.
    #[must_use]
    pub fn queue(&self) -> Queue {
        match self.kind {
            Kind::Search(_) => Queue::Search,
            Kind::Profiles { .. } => Queue::Enrich,
        }
    }

    /// The keyword, if it is one.
    #[must_use]
    pub fn search(&self) -> Option<&Search> {
        match &self.kind {
            Kind::Search(search) => Some(search),
            Kind::Profiles { .. } => None,
        }
    }
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Search a keyword.
    Search(Search),
    /// Read profiles.
    Profiles {
        /// Whose: sequence numbers of creators.
        creators: Vec<u32>,
    },
}

/// A keyword that is searched, and how far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The keyword.
    pub keyword: Keyword,
    /// Where it comes from.
    pub origin: Origin,
    /// The round it belongs to, from 0.
    pub round: u32,
    /// Pages read so far; the checkpoint that a redelivered message resumes from.
    pub pages: u32,
    /// Where the next page begins.
    pub cursor: Option<String>,
    /// Creators that stood on its pages, twins included.
    pub returned: u32,
    /// New creators that it gave to the job.
    pub admitted: u32,
}

/// Where a keyword comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// The caller named it.
    Given,
    /// It was derived.
    Derived {
        /// The keyword it was derived from.
        from: Keyword,
    },
}

/// How far a task is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not released yet.
    Waiting,
    /// To be worked on. The row itself is the outbox: the message goes out at this time, and again until
    /// somebody takes a lease.
    Queued {
        /// When the message is (next) sent.
        at: Time,
        /// How often it was sent since it was queued.
        sends: u32,
    },
    /// Somebody works on it.
    Leased {
        /// Until then nobody else may.
        until: Time,
    },
    /// Nothing of it is to come.
    Done {
        /// How it ended.
        outcome: TaskOutcome,
    },
}

impl State {
    /// Whether anything is still to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self, State::Done { .. })
    }
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TaskOutcome {
    /// It was worked through and gave this many new creators, or read this many profiles.
    Ok {
        /// How many.
        creators: u32,
    },
    /// The platform knows nothing for it.
    Empty,
    /// It could not be worked through; what it gave before stays.
    Failed(Failure),
    /// It was not needed or not allowed any more.
    Skipped {
        /// Why.
        reason: Reason,
    },
}

/// A creator of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The search task that gave it.
    pub task: TaskId,
    /// What the search said.
    pub creator: Creator,
    /// When it was admitted.
    pub at: Time,
    /// Whether its profile is read, and what it said.
    #[serde(skip, default = "ProfileState::untouched")]
    pub profile: ProfileState,
}

/// What became of a creator's profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileState {
    /// It is to be read.
    Open {
        /// Attempts that got nowhere.
        attempts: u32,
    },
    /// It was read, or the search already said all.
    Enriched {
        /// What it said; `None` where the search said it.
        profile: Option<Box<Creator>>,
        /// The addresses in it.
        emails: Vec<Address>,
        /// When.
        at: Time,
        /// Attempts it took.
        attempts: u32,
    },
    /// The platform answered, and there is no profile to read.
    Empty {
        /// Why not.
        absence: Absence,
        /// Attempts it took.
        attempts: u32,
    },
    /// It could not be read.
    Failed {
        /// Why not.
        failure: Failure,
        /// Attempts it took.
        attempts: u32,
    },
    /// It was not read, because the job ended before.
    Skipped {
        /// Why the job ended.
        reason: Reason,
    },
}

impl ProfileState {
    /// Nobody has tried yet.
    #[must_use]
    pub fn untouched() -> Self {
        ProfileState::Open { attempts: 0 }
    }

    /// Whether it is still to be read.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, ProfileState::Open { .. })
    }

    /// Whether it is wanted and was not read: it failed, or the job ended before.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, ProfileState::Failed { .. } | ProfileState::Skipped { .. })
    }
}

/// The profiles of one report, by the creators' sequence numbers.
pub(super) type ProfilesRow = BTreeMap<u32, ProfileState>;
