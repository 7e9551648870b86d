//! What consumers and a job say to each other.
//!
//! A message names a task and nothing more: the job's rows are the truth, so a message may come twice,
//! late, out of order or not at all. Whoever receives one asks the job for a lease, works, and reports;
//! every report carries the fence number of its lease, and one that has been superseded changes nothing.
//! The types are serialised as JSON wherever a runtime has a wire between the two.

use serde::{Deserialize, Serialize};

use crate::contract::{Creator, CreatorRef, Outcome, Query};
use crate::limits::LANES;
use crate::time::Time;
use crate::trouble::Trouble;

/// The number of a task within its job.
pub type TaskId = u32;

/// Which queue a message travels through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// One message per keyword.
    Search,
    /// One message per batch of profiles.
    Enrich,
}

/// The lane of a queue that an account's messages travel through, 0 to [`LANES`] - 1: the same one for all of its jobs, so
/// that an account with much to do fills one lane and no other. Jobs without an account share the first.
#[must_use]
pub fn lane(account: Option<&str>) -> u32 {
    // FNV-1a: small, well spread, and the same everywhere for ever. Nothing is safer for another lane, so that it need
    // not be hard to find a name for one.
    let hash = |account: &str| account.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    account.map_or(0, |account| hash(account) % LANES)
}

/// That a task can be worked on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Message {
    /// The job's id.
    pub job: String,
    /// The task's number.
    pub task: TaskId,
    /// The number of the task's latest lease when this was sent: one that was given up long after others went
    /// on must not end their work.
    #[serde(default)]
    pub fence: u32,
    /// The queue it belongs to.
    pub queue: Queue,
}

/// What a consumer says to a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub enum Report {
    /// May I work on this?
    Lease {
        /// The task.
        task: TaskId,
    },
    /// A page was read.
    Page(PageReport),
    /// A batch of profiles was worked through.
    Profiles(ProfilesReport),
    /// The task got nowhere.
    Failed(FailedReport),
    /// The task has to wait, and nobody has tried it in vain.
    Deferred(DeferredReport),
    /// The queue gave the message up.
    DeadLettered {
        /// The task.
        task: TaskId,
        /// The message's own fence number.
        fence: u32,
        /// Why, as far as known.
        detail: String,
    },
}

/// How much was asked of the platform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Requests that were sent, answered or not. The exchange of a token and the repetition of a request whose token had
    /// ended count here.
    pub made: u32,
    /// How many of them nobody had granted: those that a token took. A job grants what adapters plan and takes these
    /// from what is left, so a cap is passed by no more than them.
    #[serde(default)]
    pub ungranted: u32,
    /// How many that were granted were not needed, because the answer was known or the work has to wait: the job takes
    /// them back.
    #[serde(default)]
    pub unused: u32,
    /// Answers that came from the cache: pages, and profiles.
    #[serde(default)]
    pub cached: u32,
    /// The time they took together, in milliseconds.
    pub ms: u64,
}

impl Calls {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Calls) -> Calls {
        Calls {
            made: self.made.saturating_add(other.made),
            ungranted: self.ungranted.saturating_add(other.ungranted),
            unused: self.unused.saturating_add(other.unused),
            cached: self.cached.saturating_add(other.cached),
            ms: self.ms.saturating_add(other.ms),
        }
    }
}

/// A page that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageReport {
    /// The task.
    pub task: TaskId,
    /// The lease's fence number.
    pub fence: u32,
    /// Which page it is, from 0. A report whose answer got lost may be made again.
    pub page: u32,
    /// Who stands on it.
    pub creators: Vec<Creator>,
    /// Where the next one begins; `None` after the last.
    pub next: Option<String>,
    /// What it took.
    pub calls: Calls,
}

/// A batch of profiles that was worked through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfilesReport {
    /// The task.
    pub task: TaskId,
    /// The lease's fence number.
    pub fence: u32,
    /// What became of each creator of the lease.
    pub results: Vec<ProfileResult>,
    /// When the creators that are not among the results are to be tried, where they have to wait; it is no attempt.
    #[serde(default)]
    pub until: Option<Time>,
    /// What it took.
    pub calls: Calls,
}

/// What became of one creator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileResult {
    /// Who it is about.
    pub identity: String,
    /// What there is to say.
    pub answer: ProfileAnswer,
}

/// An answer about one creator, or none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "short-lived, and nearly always the large one")]
pub enum ProfileAnswer {
    /// The adapter read an answer.
    Read(Outcome),
    /// There was no answer to read.
    Trouble(Trouble),
}

/// A task that got nowhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedReport {
    /// The task.
    pub task: TaskId,
    /// The lease's fence number.
    pub fence: u32,
    /// Why.
    pub trouble: Trouble,
    /// What it took.
    pub calls: Calls,
}

/// A task that has to wait: for a permit to ask its platform, or for an answer that somebody else is asking for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeferredReport {
    /// The task.
    pub task: TaskId,
    /// The lease's fence number.
    pub fence: u32,
    /// When it is worth another look. A job believes it within bounds.
    pub until: Time,
    /// What it took.
    pub calls: Calls,
}

/// What a job answers to a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// The work is yours until the lease runs out.
    Granted(Lease),
    /// Somebody else works on it, or it has to wait; the message can be dropped, the job sends another.
    Busy,
    /// There is nothing to do: the task is done, superseded or unknown. The message can be dropped.
    Gone,
    /// Go on with the next page; the lease is renewed.
    Continue {
        /// Where it begins.
        cursor: Option<String>,
        /// Which page it is, from 0.
        page: u32,
    },
    /// The task is done, or waits for another attempt.
    Stop,
}

/// The right to work on a task for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lease {
    /// The task.
    pub task: TaskId,
    /// The number that reports must carry.
    pub fence: u32,
    /// When the right ends.
    pub until: Time,
    /// The platform whose adapter does it.
    pub platform: String,
    /// Whose job it is, so that accounts share a platform fairly; `None` where there are no accounts.
    #[serde(default)]
    pub account: Option<String>,
    /// How old an answer of the cache may be, in seconds; `None` is as old as the cache keeps them.
    #[serde(default)]
    pub max_age: Option<u32>,
    /// What there is to do.
    pub work: Work,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Work {
    /// Read a keyword's pages.
    Search {
        /// What to search for.
        query: Query,
        /// Where to begin.
        cursor: Option<String>,
        /// Which page that is, from 0.
        page: u32,
    },
    /// Read these creators' profiles.
    Profiles {
        /// Whose.
        creators: Vec<CreatorRef>,
        /// Requests that may be sent at most.
        calls_max: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_keeps_its_lane_and_accounts_are_spread_over_all_of_them() {
        let mut sizes = [0_u32; LANES as usize];
        for number in 0..1_000 {
            let account = format!("account-{number}");
            assert_eq!(lane(Some(&account)), lane(Some(&account)));
            sizes[lane(Some(&account)) as usize] += 1;
        }
        assert!(sizes.iter().all(|size| (200..300).contains(size)), "{sizes:?}");
        assert_eq!(lane(None), 0);
    }

    #[test]
    fn a_lane_never_moves_because_messages_are_under_way_in_it() {
        assert_eq!(["local", "ana", "ben", "a much longer name than most"].map(|name| lane(Some(name))), [0, 1, 2, 3]);
    }
}
