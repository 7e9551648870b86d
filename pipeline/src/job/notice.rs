//! What watchers are told: every visible change of a job, numbered and kept, so that whoever connects late or
//! again misses nothing.

use serde::{Deserialize, Serialize};

use super::{Changes, Counters, Job, Row, Status, Table, row};
use crate::protocol::TaskId;
use crate::time::Time;

/// One thing that watchers are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its number within the job, from 0 and without a gap.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// What happened.
    pub what: What,
}

/// What happened to a job. Notices name creators and keywords; what they are now is in the rows, so that a notice
/// that is read late or twice leads to the same picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A keyword was planned, ended, or is taken up again.
    Keyword {
        /// Its task.
        task: TaskId,
    },
    /// Creators were admitted.
    Creators {
        /// The sequence number of the first.
        from: u32,
        /// The one after the last.
        to: u32,
    },
    /// Profiles were read or given up, or are taken up again.
    Enriched {
        /// The sequence numbers of their creators.
        creators: Vec<u32>,
    },
    /// The job's state or counters changed; they are these now.
    Progress {
        /// Where it stands.
        status: Status,
        /// How it stands.
        counters: Counters,
    },
    /// The job has reached a final state. The last notice, unless what failed is tried again.
    Done {
        /// The state.
        status: Status,
    },
}

impl Job {
    /// Notes what watchers are told of an event's changes, as the row in which it is kept.
    pub(super) fn tell(&mut self, changes: &Changes, now: Time) -> Option<Row> {
        let first = self.notices.len();
        for task in changes.keywords.iter().copied().filter(|task| self.tasks[*task as usize].search().is_some()).collect::<Vec<_>>() {
            self.note(What::Keyword { task }, now);
        }
        if let Some(from) = changes.creators_from {
            self.note(What::Creators { from, to: self.creators.len() as u32 }, now);
        }
        if !changes.profiles.is_empty() {
            self.note(What::Enriched { creators: changes.profiles.keys().copied().collect() }, now);
        }
        let (status, counters) = (self.progress.status, self.counters());
        let before = self.last_progress();
        if before != Some((status, counters)) {
            self.note(What::Progress { status, counters }, now);
        }
        if status.is_final() && before.is_none_or(|(before, _)| !before.is_final()) {
            self.note(What::Done { status }, now);
        }
        (first < self.notices.len()).then(|| row(Table::Notices, first as u32, &self.notices[first..]))
    }

    fn note(&mut self, what: What, at: Time) {
        self.notices.push(Notice { seq: self.notices.len() as u64, at, what });
    }

    fn last_progress(&self) -> Option<(Status, Counters)> {
        self.notices.iter().rev().find_map(|notice| match notice.what {
            What::Progress { status, counters } => Some((status, counters)),
            _ => None,
        })
    }
}
