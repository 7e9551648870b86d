//! Which keywords are searched when, and which of the creators they give belong to the job.

use std::collections::HashMap;

use super::{Effect, Found, Job, Kind, Origin, Plan, PlanRequest, Planning, ProfileState, Search, State, Status, Task, TaskOutcome};
use crate::contract::{Content, Creator, Enrichment};
use crate::email;
use crate::expand;
use crate::keyword::Keyword;
use crate::limits::{IDENTITY_BYTES_MAX, KEYWORDS_MAX, PLAN_MS_MAX, ROUND_YIELD_MIN, ROUNDS_MAX, WINDOW_TASKS};
use crate::protocol::TaskId;
use crate::time::Time;
use crate::trouble::Reason;

impl Job {
    /// How many derived keywords the first round wants.
    pub(super) fn first_round(&self) -> usize {
        let accepted = &self.dispatch.accepted;
        let given = accepted.keywords.len();
        let needed = expand::needed(accepted.target, self.dispatch.manifest.hints.creators_per_keyword, given as u32) as usize;
        if accepted.expand { needed.saturating_sub(given) } else { 0 }
    }

    /// What is being planned; `None` while nothing is, or when nothing is wanted.
    #[must_use]
    pub fn plan_request(&self) -> Option<PlanRequest> {
        let planning = self.progress.planning.filter(|planning| planning.wanted > 0)?;
        Some(PlanRequest {
            round: planning.round,
            platform: self.dispatch.manifest.label.clone(),
            medium: expand::Medium::of(&self.dispatch.manifest),
            given: self.dispatch.accepted.keywords.clone(),
            tried: self.searches().map(|(_, search)| search.keyword.clone()).collect(),
            wanted: planning.wanted,
            again: planning.asked > 1,
            until: planning.at,
        })
    }

    /// The search tasks with their numbers.
    pub(super) fn searches(&self) -> impl Iterator<Item = (&Task, &Search)> {
        self.tasks.iter().filter_map(|task| Some((task, task.search()?)))
    }

    pub(super) fn add_keyword(&mut self, keyword: Keyword, origin: Origin, round: u32) {
        let search = Search { keyword, origin, round, pages: 0, cursor: None, returned: 0, admitted: 0 };
        self.add_task(Kind::Search(search), State::Waiting);
    }

    pub(super) fn add_task(&mut self, kind: Kind, state: State) {
        let id = self.tasks.len() as TaskId;
        self.tasks.push(Task::new(id, kind, state));
        self.changes.tasks.insert(id);
        self.changes.keywords.insert(id);
    }

    /// Takes in the keywords of a round, unless it is another one than is being planned. As many as are wanted fit into
    /// the job.
    pub(super) fn planned(&mut self, plan: Plan) {
        let Some(planning) = self.progress.planning.filter(|planning| planning.round == plan.round) else { return };
        self.progress.planning = None;
        self.progress.round = plan.round;
        self.progress.notes.extend(plan.note);
        self.changes.progress = true;
        let mut added = 0;
        for derived in plan.keywords {
            let twin = self.searches().any(|(_, search)| search.keyword.key() == derived.keyword.key());
            if !twin && added < planning.wanted {
                self.add_keyword(derived.keyword, Origin::Derived { from: derived.from }, plan.round);
                added += 1;
            }
        }
    }

    /// Whether another round of keywords would pay, and how many it should have.
    pub(super) fn next_round(&self, now: Time) -> Option<Planning> {
        let accepted = &self.dispatch.accepted;
        let round = self.progress.round;
        let last: Vec<&Search> = self.searches().map(|(_, search)| search).filter(|search| search.round == round).collect();
        let gained: u32 = last.iter().map(|search| search.admitted).sum();
        let pays = !last.is_empty() && gained >= ROUND_YIELD_MIN * last.len() as u32;
        let room = KEYWORDS_MAX.saturating_sub(self.searches().count());
        if !accepted.expand || self.target_met() || self.progress.stopped.is_some() || round >= ROUNDS_MAX || room == 0 || !pays {
            return None;
        }
        let shortfall = accepted.target - self.creators.len() as u32;
        let wanted = expand::needed_again(shortfall, self.dispatch.manifest.hints.creators_per_keyword) as usize;
        // It is asked for as soon as it is noted, and again only if nobody answers.
        Some(Planning { round: round + 1, wanted: wanted.min(room), at: now.plus(PLAN_MS_MAX), asked: 1 })
    }

    /// Ends a keyword that was not searched to its end, for a reason that is nobody's fault.
    pub(super) fn end_search(&mut self, id: TaskId, reason: Reason) {
        // What gave creators before the target was met did what was wanted of it. What gave none may have more on
        // pages that nobody read, and is not called empty.
        let gave = self.tasks.get(id as usize).and_then(Task::search).filter(|search| search.returned > 0);
        let outcome = match gave {
            Some(search) if reason == Reason::TargetMet => read_through(search),
            _ => TaskOutcome::Skipped { reason },
        };
        self.set_state(id, State::Done { outcome });
    }

    /// Releases waiting keywords up to the window, as many as what is still wanted may need, and sends
    /// what is due.
    pub(super) fn release(&mut self, now: Time) {
        // Nothing goes out before the alarm rang for the first time: the caller is answered first.
        if self.progress.status == Status::Pending && self.progress.planning.is_some_and(|planning| planning.at <= now) {
            return;
        }
        let flying = self.searches().filter(|(task, _)| matches!(task.state, State::Queued { .. } | State::Leased { .. })).count();
        let wave = self.wave().saturating_sub(flying);
        let next: Vec<TaskId> =
            self.searches().filter(|(task, _)| task.state == State::Waiting).map(|(task, _)| task.id).take(wave).collect();
        for id in next {
            self.set_state(id, State::Queued { at: now, sends: 0 });
        }
        self.send_due(now);
    }

    /// How many keywords may be under way: as many as are likely to give what is still wanted.
    fn wave(&self) -> usize {
        let wanted = self.dispatch.accepted.target.saturating_sub(self.creators.len() as u32);
        let needed = wanted.div_ceil(self.dispatch.manifest.hints.creators_per_keyword.max(1)) as usize;
        // At least as many as the caller named: they asked for these to be searched, all at once.
        needed.max(self.dispatch.accepted.keywords.len()).min(WINDOW_TASKS)
    }

    /// Admits the creators of a page, up to the target and each once: laws L1 and L3. Returns how many
    /// were new.
    pub(super) fn admit(&mut self, id: TaskId, creators: Vec<Creator>, now: Time) -> u32 {
        let first = self.creators.len() as u32;
        for creator in best_of_each(creators) {
            if self.target_met() {
                break;
            }
            if !is_nameable(&creator) || self.by_identity.contains_key(&creator.identity) || self.is_watched_too_little(&creator) {
                continue;
            }
            let creator = creator.clipped();
            let profile = self.profile_of_search(&creator, now);
            self.keep(Found { task: id, creator, at: now, profile });
        }
        let admitted = self.creators.len() as u32 - first;
        if admitted > 0 {
            self.changes.creators_from = Some(first);
            self.note_complete_ones(first);
            let open = (first..self.creators.len() as u32).filter(|seq| self.is_open(*seq)).collect::<Vec<_>>();
            self.plan_enrichment(&open, now);
        }
        admitted
    }

    /// A search answer that is a full profile counts as enriched when it is admitted.
    fn profile_of_search(&self, creator: &Creator, now: Time) -> ProfileState {
        match creator.complete || self.dispatch.manifest.enrichment == Enrichment::None {
            true => ProfileState::Enriched { profile: None, emails: email::of_creator(creator), at: now, attempts: 0 },
            false => ProfileState::untouched(),
        }
    }

    fn note_complete_ones(&mut self, first: u32) {
        for seq in first..self.creators.len() as u32 {
            let profile = &self.creators[seq as usize].profile;
            if !profile.is_open() {
                self.changes.profiles.insert(seq, profile.clone());
            }
        }
    }

    /// Whether the creator's best post has fewer views than asked for. Unknown views are no reason.
    fn is_watched_too_little(&self, creator: &Creator) -> bool {
        let views = creator.content.as_ref().and_then(|content| content.views);
        matches!((views, self.dispatch.accepted.min_views), (Some(views), Some(least)) if views < least)
    }

    /// Asks for the next round of keywords.
    pub(super) fn begin_round(&mut self, planning: Planning) {
        self.progress.planning = Some(planning);
        self.changes.progress = true;
        if let Some(request) = self.plan_request() {
            self.effects.push_back(Effect::Plan(request));
        }
    }
}

/// How a keyword ended that was read as far as anyone wanted.
pub(super) fn read_through(search: &Search) -> TaskOutcome {
    match search.returned {
        0 => TaskOutcome::Empty,
        _ => TaskOutcome::Ok { creators: search.admitted },
    }
}

/// Whether identity and handle are of a length that can be kept.
fn is_nameable(creator: &Creator) -> bool {
    let range = 1..=IDENTITY_BYTES_MAX;
    range.contains(&creator.identity.len()) && range.contains(&creator.username.len())
}

/// Each creator once, where they first stood, with the most watched of their posts.
fn best_of_each(creators: Vec<Creator>) -> Vec<Creator> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(creators.len());
    let mut best: Vec<Creator> = Vec::with_capacity(creators.len());
    for creator in creators {
        match places.get(&creator.identity) {
            Some(place) if watched(&creator.content) > watched(&best[*place].content) => best[*place] = creator,
            Some(_) => {}
            None => {
                places.insert(creator.identity.clone(), best.len());
                best.push(creator);
            }
        }
    }
    best
}

fn watched(content: &Option<Content>) -> Option<u64> {
    content.as_ref().and_then(|content| content.views)
}
