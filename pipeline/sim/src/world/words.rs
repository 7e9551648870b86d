//! What happens to a job, in a few words each, for traces.

use scout_pipeline::job::{Effect, Event};
use scout_pipeline::protocol::{Reply, Report};

/// What is lost with an effect.
pub(super) fn name_of_effect(effect: &Effect) -> &'static str {
    match effect {
        Effect::Persist(_) => "rows",
        Effect::Send(_) => "messages",
        Effect::Plan(_) => "the question to the planner",
        Effect::Charge(_) => "a charge",
        Effect::Publish(_) => "notices",
        Effect::Reply(_) => "the reply",
        Effect::Finish(_) => "the end",
    }
}

/// An event in a few words.
pub(super) fn words(event: &Event) -> String {
    match event {
        Event::Report(Report::Lease { task }) => format!("a lease is asked for task {task}"),
        Event::Report(Report::Page(page)) => format!(
            "page {} of task {} under fence {}: {} creators{}",
            page.page,
            page.task,
            page.fence,
            page.creators.len(),
            if page.next.is_some() { ", more follow" } else { "" }
        ),
        Event::Report(Report::Profiles(report)) => {
            format!("{} profiles of task {} under fence {}", report.results.len(), report.task, report.fence)
        }
        Event::Report(Report::Failed(failed)) => format!("task {} failed under fence {}: {:?}", failed.task, failed.fence, failed.trouble),
        Event::Report(Report::Deferred(deferred)) => {
            format!("task {} has to wait until {} under fence {}", deferred.task, deferred.until.0, deferred.fence)
        }
        Event::Report(Report::DeadLettered { task, fence, .. }) => format!("a dead letter of task {task} from fence {fence}"),
        Event::Planned(plan) => format!("round {} is planned: {} keywords", plan.round, plan.keywords.len()),
        Event::Charged(charge) => format!("the account acknowledges {} in run {}, closes {}", charge.delivered, charge.run, charge.closes),
        Event::Cancelled => "the client cancels".into(),
        Event::Retried { .. } => "the client has what failed tried again".into(),
        Event::Admitted => "the account lets it go on".into(),
        Event::Orphaned => "everybody who worked on it is gone".into(),
        Event::Alarm => "the alarm rings".into(),
    }
}

/// A reply in a few words.
pub(super) fn words_of_reply(reply: &Reply) -> String {
    match reply {
        Reply::Granted(lease) => format!("granted under fence {}: {:?}", lease.fence, lease.work),
        Reply::Continue { cursor, page } => format!("go on with page {page} from {cursor:?}"),
        Reply::Busy => "busy".into(),
        Reply::Gone => "nothing to do".into(),
        Reply::Stop => "stop".into(),
    }
}
