//! Bugs in what is stored and told besides: that rows are the whole job, and that watchers miss nothing.

use scout_pipeline::job::{Event, Table, Write};
use scout_pipeline::protocol::Report;

use super::hooks::OnWrite;
use super::{Known, Scene};
use crate::laws::Law;

pub(super) const ALL: &[Known] = &[
    Known {
        name: "lease_kept_in_memory",
        law: Law::Rows,
        text: "who works on a task is known in memory and not stored, so that an eviction forgets it",
        build: || Box::new(OnWrite(lease_kept_in_memory)),
    },
    Known {
        name: "watchers_told_of_reports_only",
        law: Law::Notices,
        text: "what alarms change is told to nobody",
        build: || Box::new(OnWrite(watchers_told_of_reports_only)),
    },
];

/// The job in memory is left as it is: it has what the rows lack.
fn lease_kept_in_memory(_: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    if let (Some(Event::Report(Report::Lease { .. })), Some(write)) = (event, write) {
        write.rows.retain(|row| row.table != Table::Task);
    }
    false
}

fn watchers_told_of_reports_only(_: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    if let (Some(Event::Alarm), Some(write)) = (event, write) {
        write.rows.retain(|row| row.table != Table::Notices);
    }
    false
}
