//! Bugs in who belongs to a job and what is known of them: laws L1, L3, L11 and L12.

use std::collections::{BTreeMap, BTreeSet};

use scout_pipeline::contract::{Creator, Outcome};
use scout_pipeline::email;
use scout_pipeline::job::{Effect, Event, ProfileState, Row, State, StatusView, Table, TaskOutcome, Write};
use scout_pipeline::protocol::{ProfileAnswer, Queue, Reply, Report, TaskId};

use super::hooks::{OnView, OnWrite, add_creators, after, alter, next_page, row_of};
use super::{Handling, Known, Sabotage, Scene};
use crate::laws::Law;

pub(super) const ALL: &[Known] = &[
    Known {
        name: "slack_of_50",
        law: Law::L1,
        text: "up to 50 creators are admitted above the target, as the replaced system did to be on the safe side",
        build: || Box::new(OnWrite(slack_of_50)),
    },
    Known {
        name: "count_read_before_the_lock",
        law: Law::L1,
        text: "a page is cut to what was missing when its lease was granted, not to what is missing now; the replaced system read its count before it took the lock",
        build: || Box::new(CountReadBefore::default()),
    },
    Known {
        name: "found_plus_one_on_redelivery",
        law: Law::L1,
        text: "creatorsFound is counted up with each page, and again when the page is reported again; the replaced system's counters did that",
        build: || Box::new(FoundPlusOne::default()),
    },
    Known {
        name: "deduped_within_a_page",
        law: Law::L3,
        text: "creators are compared with those of their own page only",
        build: || Box::new(OnWrite(deduped_within_a_page)),
    },
    Known {
        name: "deduped_by_post",
        law: Law::L3,
        text: "a creator who comes with another post is taken for another creator",
        build: || Box::new(OnWrite(deduped_by_post)),
    },
    Known {
        name: "newest_first_pages",
        law: Law::L3,
        text: "pages of results show the newest creators first, so that the same one moves on to the next page while others arrive",
        build: || Box::new(OnView(newest_first)),
    },
    Known {
        name: "emails_of_search_bios",
        law: Law::L11,
        text: "addresses are shown that were found in the cut bios of search answers, as the replaced system did",
        build: || Box::new(OnView(emails_of_search_bios)),
    },
    Known {
        name: "emails_of_both_bios",
        law: Law::L11,
        text: "an enriched creator also gets the addresses of the search answer",
        build: || Box::new(OnWrite(emails_of_both_bios)),
    },
    Known {
        name: "emails_by_position",
        law: Law::L11,
        text: "the addresses of a batch are handed out by position, and end with the wrong creators",
        build: || Box::new(OnWrite(emails_by_position)),
    },
    Known {
        name: "attempted_is_enriched",
        law: Law::L12,
        text: "a profile that could not be read counts as enriched because it was tried; the replaced system set its flag before the call",
        build: || Box::new(OnWrite(attempted_is_enriched)),
    },
    Known {
        name: "enriched_plus_one_on_redelivery",
        law: Law::L12,
        text: "creatorsEnriched is counted up with each report of profiles, also with one that comes again; the replaced system's counters did that",
        build: || Box::new(EnrichedPlusOne::default()),
    },
    Known {
        name: "enrichment_lost_in_a_crash",
        law: Law::L12,
        text: "a batch of profiles exists only as a message, so that it is gone when its sender dies; the replaced system lost enrichments like that",
        build: || Box::new(EnrichmentLost),
    },
];

fn slack_of_50(scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    let target = scene.stored.dispatch.as_ref().map_or(0, |dispatch| dispatch.accepted.target as usize);
    overfill(scene, event, write, target + 50)
}

/// Admits whom a page has, until there are so many.
fn overfill(scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>, limit: usize) -> bool {
    let Some(page) = next_page(scene, event) else { return false };
    let then = after(scene, write);
    let mut known = then.identities.clone();
    let new = page.creators.iter().filter(|creator| !creator.username.is_empty() && known.insert(creator.identity.clone()));
    let more: Vec<&Creator> = new.take(limit.saturating_sub(then.creators.len())).collect();
    add_creators(scene, write, page, more)
}

/// Remembers how many creators there were when a task was leased.
#[derive(Debug, Default)]
struct CountReadBefore(BTreeMap<(usize, TaskId), usize>);

impl Sabotage for CountReadBefore {
    fn write(&mut self, scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
        let Some(page) = next_page(scene, event) else { return false };
        let Some(before) = self.0.get(&(scene.job, page.task)).copied() else { return false };
        let target = scene.stored.dispatch.as_ref().map_or(0, |dispatch| dispatch.accepted.target as usize);
        let missed = scene.stored.creators.len().saturating_sub(before);
        let altered = overfill(scene, event, write, target + missed);
        self.0.insert((scene.job, page.task), after(scene, write).creators.len());
        altered
    }

    fn effects(&mut self, scene: &Scene<'_>, _: Option<&Event>, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Reply(Reply::Granted(lease)) = effect {
                self.0.insert((scene.job, lease.task), scene.stored.creators.len());
            }
        }
    }
}

/// Counts the rows of pages that come again.
#[derive(Debug, Default)]
struct FoundPlusOne(BTreeMap<usize, u32>);

impl Sabotage for FoundPlusOne {
    fn event(&mut self, scene: &Scene<'_>, event: Event) -> Handling {
        if let Event::Report(Report::Page(page)) = &event
            && scene.stored.tasks.get(page.task as usize).and_then(|task| task.search()).is_some_and(|search| search.pages > page.page)
        {
            *self.0.entry(scene.job).or_default() += page.creators.len() as u32;
        }
        Handling::Handle(event)
    }

    fn view(&mut self, scene: &Scene<'_>, view: &mut StatusView) {
        view.progress.creators_found += self.0.get(&scene.job).copied().unwrap_or(0);
    }
}

fn deduped_within_a_page(scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    twins(scene, event, write, |_, _| true)
}

fn deduped_by_post(scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>) -> bool {
    twins(scene, event, write, |known, again| post(known) != post(again))
}

fn post(creator: &Creator) -> Option<&str> {
    creator.content.as_ref().map(|content| content.id.as_str())
}

/// Admits again who is known, where `other` says that it is somebody else.
fn twins(scene: &Scene<'_>, event: Option<&Event>, write: &mut Option<Write>, other: fn(&Creator, &Creator) -> bool) -> bool {
    let Some(page) = next_page(scene, event) else { return false };
    let room = missing(scene, write);
    let is_twin = |creator: &&Creator| {
        let known = scene.stored.creators.iter().find(|found| found.creator.identity == creator.identity);
        known.is_some_and(|found| other(&found.creator, creator))
    };
    let again: Vec<&Creator> = page.creators.iter().filter(is_twin).take(room).collect();
    add_creators(scene, write, page, again)
}

fn missing(scene: &Scene<'_>, write: &Option<Write>) -> usize {
    let target = scene.stored.dispatch.as_ref().map_or(0, |dispatch| dispatch.accepted.target as usize);
    target.saturating_sub(after(scene, write).creators.len())
}

fn newest_first(_: &Scene<'_>, view: &mut StatusView) {
    for results in &mut view.results {
        let places: Vec<u32> = results.creators.iter().map(|creator| creator.sequence).collect();
        results.creators.reverse();
        results.creators.iter_mut().zip(places).for_each(|(creator, place)| creator.sequence = place);
    }
}

fn emails_of_search_bios(scene: &Scene<'_>, view: &mut StatusView) {
    for record in view.results.iter_mut().flat_map(|results| &mut results.creators).filter(|record| !record.bio_enriched) {
        if let Some(found) = scene.stored.creators.get(record.sequence as usize) {
            record.creator.emails = email::of_creator(&found.creator).into_iter().map(|found| found.address).collect();
        }
    }
}

fn emails_of_both_bios(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    alter(write, Table::Profiles, |profiles: &mut BTreeMap<u32, ProfileState>| {
        let mut altered = false;
        for (seq, profile) in profiles {
            let Some(found) = scene.stored.creators.get(*seq as usize) else { continue };
            if let ProfileState::Enriched { profile: Some(_), emails, .. } = profile {
                emails.extend(email::of_creator(&found.creator));
                altered = true;
            }
        }
        altered
    })
}

fn emails_by_position(_: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    alter(write, Table::Profiles, |profiles: &mut BTreeMap<u32, ProfileState>| {
        let mut lists: Vec<&mut Vec<email::Address>> = profiles
            .values_mut()
            .filter_map(|profile| match profile {
                ProfileState::Enriched { emails, .. } => Some(emails),
                _ => None,
            })
            .collect();
        let moved = lists.len() > 1;
        for place in 1..lists.len() {
            let (before, from) = lists.split_at_mut(place);
            std::mem::swap(before[place - 1], from[0]);
        }
        moved
    })
}

fn attempted_is_enriched(scene: &Scene<'_>, _: Option<&Event>, write: &mut Option<Write>) -> bool {
    alter(write, Table::Profiles, |profiles: &mut BTreeMap<u32, ProfileState>| {
        let mut altered = false;
        for profile in profiles.values_mut() {
            if let ProfileState::Failed { attempts, .. } = profile {
                *profile = ProfileState::Enriched { profile: None, emails: Vec::new(), at: scene.now, attempts: *attempts };
                altered = true;
            }
        }
        altered
    })
}

/// Counts profiles that are reported again.
#[derive(Debug, Default)]
struct EnrichedPlusOne(BTreeMap<usize, u32>);

impl Sabotage for EnrichedPlusOne {
    fn event(&mut self, scene: &Scene<'_>, event: Event) -> Handling {
        if let Event::Report(Report::Profiles(report)) = &event {
            let enriched = scene.stored.creators.iter().filter(|found| matches!(found.profile, ProfileState::Enriched { .. }));
            let enriched: BTreeSet<&str> = enriched.map(|found| found.creator.identity.as_str()).collect();
            let read = report.results.iter().filter(|result| matches!(result.answer, ProfileAnswer::Read(Outcome::Enriched(_))));
            let again = read.filter(|result| enriched.contains(result.identity.as_str())).count();
            *self.0.entry(scene.job).or_default() += again as u32;
        }
        Handling::Handle(event)
    }

    fn view(&mut self, scene: &Scene<'_>, view: &mut StatusView) {
        view.progress.creators_enriched += self.0.get(&scene.job).copied().unwrap_or(0);
    }
}

/// Nobody knows any more of a batch whose message never went out.
#[derive(Debug)]
struct EnrichmentLost;

impl Sabotage for EnrichmentLost {
    fn died(&mut self, scene: &Scene<'_>, lost: &[Effect]) -> Vec<Row> {
        let messages = lost.iter().filter_map(|effect| if let Effect::Send(messages) = effect { Some(messages) } else { None });
        let batches = messages.flatten().filter(|message| message.queue == Queue::Enrich);
        let forgotten = batches.filter_map(|message| scene.stored.tasks.get(message.task as usize)).map(|task| {
            let mut task = task.clone();
            task.state = State::Done { outcome: TaskOutcome::Empty };
            row_of(&task)
        });
        forgotten.collect()
    }
}
