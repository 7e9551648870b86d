//! L1, L3, L11 and L12: who belongs to a job, and what is known of them.

use scout_pipeline::contract::Enrichment;
use scout_pipeline::job::{Event, ProfileState, StatusView};
use scout_pipeline::protocol::{ProfileAnswer, Report};
use scout_pipeline::trouble::Reason;

use super::{Law, Laws, Turn};
use crate::scenario::PLATFORM;
use crate::stored::Stored;
use crate::upstream::{Record, is_of_profile, is_of_search};

impl Laws {
    pub(super) fn creators(&mut self, turn: &Turn<'_>) {
        let Some(changed) = turn.changed else { return };
        let (job, stored) = (turn.job, turn.stored);
        let Some(dispatch) = &stored.dispatch else { return };
        let (delivered, target) = (stored.creators.len(), dispatch.accepted.target as usize);
        self.check(delivered <= target, Law::L1, job, || format!("{delivered} creators are stored, and {target} were asked for"));
        self.check(stored.identities.len() == delivered, Law::L3, job, || {
            format!("{delivered} creators are stored, and {} of them are different", stored.identities.len())
        });
        for found in &stored.creators[changed.creators_before.min(delivered)..] {
            let views = found.creator.content.as_ref().and_then(|content| content.views);
            let enough = !matches!((views, dispatch.accepted.min_views), (Some(views), Some(least)) if views < least);
            self.check(enough, Law::L8, job, || format!("{} has {views:?} views, which are too few", found.creator.identity));
        }
    }

    /// What became of profiles agrees with what the platform answered about them.
    pub(super) fn profiles(&mut self, turn: &Turn<'_>) {
        for (seq, before) in turn.changed_profiles() {
            let Some(found) = turn.stored.creators.get(*seq as usize) else { continue };
            let retried = matches!(turn.event, Some(Event::Retried { .. }));
            self.check(before.is_open() || retried, Law::L12, turn.job, || {
                format!("the profile of {} was {before:?} and is {:?}", found.creator.identity, found.profile)
            });
            self.profile(turn, *seq);
        }
        if turn.ends() {
            let open = turn.stored.creators.iter().find(|found| found.profile.is_open());
            self.check(open.is_none(), Law::L12, turn.job, || {
                format!("the job is over, and nobody read the profile of {}", open.map_or("", |found| &found.creator.identity))
            });
        }
        self.answers_are_kept(turn);
    }

    fn profile(&mut self, turn: &Turn<'_>, seq: u32) {
        let found = &turn.stored.creators[seq as usize];
        let identity = &found.creator.identity;
        let told = turn.record.creators.get(identity);
        let none = turn.stored.dispatch.as_ref().is_some_and(|dispatch| dispatch.manifest.enrichment == Enrichment::None);
        match &found.profile {
            ProfileState::Open { .. } => {}
            ProfileState::Enriched { emails, .. } => {
                let by_row = none || told.is_some_and(|told| told.complete_row);
                let by_profile = told.is_some_and(|told| told.enriched);
                self.check(by_row || by_profile, Law::L12, turn.job, || {
                    format!("{identity} is enriched, and its profile was never served")
                });
                for email in emails {
                    let is_known =
                        by_row && is_of_search(&email.address, identity) || by_profile && is_of_profile(&email.address, identity);
                    self.check(is_known, Law::L11, turn.job, || format!("{identity} has {}, which no profile of it says", email.address));
                }
            }
            ProfileState::Empty { absence, .. } => {
                let served = told.is_some_and(|told| told.absences.contains(absence));
                self.check(served, Law::L12, turn.job, || format!("{identity} is {absence:?}, and the platform never said so"));
            }
            ProfileState::Failed { failure, .. } => {
                let reason = failure.reason.name();
                let known = told.is_some_and(|told| told.failed.contains(reason))
                    || turn.record.failed.contains(reason) && is_of_all(failure.reason)
                    || failure.reason == Reason::Lost && is_a_loss(turn.event);
                self.check(known, Law::L12, turn.job, || format!("the profile of {identity} failed as {reason}, and no call about it did"));
            }
            ProfileState::Skipped { reason } => {
                let known = self.is_a_known_stop(turn, *reason);
                self.check(known, Law::L8, turn.job, || format!("the profile of {identity} is skipped as {reason:?}, and that is not so"));
            }
        }
    }

    /// What a report under the latest lease says of a creator is what is stored.
    fn answers_are_kept(&mut self, turn: &Turn<'_>) {
        let Some(Event::Report(Report::Profiles(report))) = turn.event else { return };
        if !turn.is_latest(report.task, report.fence) {
            return;
        }
        for result in &report.results {
            let found = turn.stored.creators.iter().find(|found| found.creator.identity == result.identity);
            let Some(found) = found.filter(|_| turn.is_of_task(report.task, &result.identity)) else { continue };
            if let ProfileAnswer::Read(scout_pipeline::contract::Outcome::Enriched(_)) = result.answer {
                let kept = matches!(found.profile, ProfileState::Enriched { .. });
                self.check(kept, Law::L12, turn.job, || format!("{} was read, and is {:?}", result.identity, found.profile));
            }
        }
    }

    /// Records show what is stored, and addresses of nobody who was not enriched.
    pub(super) fn view_records(&mut self, job: usize, stored: &Stored, view: &StatusView, record: &Record) {
        for seen in view.results.iter().flat_map(|results| &results.creators) {
            let Some(found) = stored.creators.get(seen.sequence as usize) else {
                self.broken(Law::L3, job, || format!("a client sees {}, who is not stored", seen.merge_key));
                continue;
            };
            let identity = &found.creator.identity;
            let enriched = matches!(found.profile, ProfileState::Enriched { .. });
            let merge_key = format!("{PLATFORM}:{identity}");
            self.check(seen.merge_key == merge_key, Law::L3, job, || {
                format!("a client sees {} in the place of {identity}", seen.merge_key)
            });
            self.check(seen.bio_enriched == enriched, Law::L12, job, || {
                format!("a client sees {identity} enriched: {}, and it is {:?}", seen.bio_enriched, found.profile)
            });
            let told = record.creators.get(identity);
            for address in &seen.creator.emails {
                let from_row = stored.dispatch.as_ref().is_some_and(|dispatch| dispatch.manifest.enrichment == Enrichment::None)
                    || told.is_some_and(|told| told.complete_row);
                let known = from_row && is_of_search(address, identity)
                    || told.is_some_and(|told| told.enriched) && is_of_profile(address, identity);
                self.check(known && enriched, Law::L11, job, || format!("a client sees {address} of {identity}, which no profile says"));
            }
        }
    }

    pub(super) fn view_counts(&mut self, job: usize, stored: &Stored, view: &StatusView) {
        let enriched = stored.creators.iter().filter(|found| matches!(found.profile, ProfileState::Enriched { .. })).count();
        let shown = view.progress.creators_enriched as usize;
        self.check(shown == enriched, Law::L12, job, || format!("a client sees {shown} creators enriched, and {enriched} are"));
        let (seen, known) = (view.progress.creators_found as usize, stored.creators.len());
        self.check(seen == known, Law::L1, job, || format!("a client sees {seen} creators found, and {known} are stored"));
        let (searches, failed) = super::keywords::count(stored);
        let seen = (view.progress.keywords_dispatched as usize, view.progress.keywords_failed as usize);
        self.check(seen == (searches, failed), Law::L2, job, || {
            format!("a client sees {} keywords, {} of them failed; it is {searches} and {failed}", seen.0, seen.1)
        });
    }
}

/// Whether a reason ends everything that a job still wants, or lies with the machine that a consumer runs on.
pub(super) fn is_of_all(reason: Reason) -> bool {
    matches!(reason, Reason::Unauthorized | Reason::OutOfCredit | Reason::AdapterFailed)
}

/// Whether an event can say that work was lost.
pub(super) fn is_a_loss(event: Option<&Event>) -> bool {
    matches!(event, Some(Event::Alarm | Event::Report(Report::DeadLettered { .. })))
}
