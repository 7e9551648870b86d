//! Reading the profiles of a batch.

use std::collections::HashMap;

use futures::stream::{self, StreamExt as _};

use super::purse::{Opened, Purse};
use super::{Run, defer, fail};
use crate::cache::{Key, Kind, Looked, Settled, Value};
use crate::contract::{CreatorRef, Fault, Outcome, Planned};
use crate::limits::{ENRICH_CALLS_AT_ONCE, FETCH_MS_MAX, TOKEN_MS_MAX};
use crate::ports::{Adapter, Cache, Http, JobLink, LinkError, Permits};
use crate::protocol::{Calls, ProfileAnswer, ProfileResult, ProfilesReport, Report};
use crate::time::Time;
use crate::trouble::Trouble;
use crate::upstream::Seen;

/// What has become of a batch so far.
#[derive(Default)]
struct Batch {
    results: Vec<ProfileResult>,
    /// When those who are not among the results are to be tried.
    until: Option<Time>,
    calls: Calls,
    /// Whose call it is to make, and the claims for them, if there are any.
    wanted: Vec<CreatorRef>,
    claims: HashMap<String, (Key, u64)>,
    /// Claims that are over.
    settled: Vec<Settled>,
}

impl<A: Adapter, H: Http, L: JobLink, C: Fn() -> u64, K: Cache> Run<'_, A, H, L, C, K> {
    /// Reads the profiles of a batch, several calls at a time, and reports all of them in one. Those that are known are
    /// not called for, and those that somebody else calls for are left for later.
    pub(super) async fn profiles(
        &self,
        purse: &mut Purse<'_, impl Permits>,
        creators: &[CreatorRef],
        calls_max: u32,
    ) -> Result<(), LinkError> {
        let mut batch = self.look(creators).await;
        let planned = match batch.wanted.is_empty() {
            true => Ok(Vec::new()),
            false => self.installed.adapter.plan_profiles(&batch.wanted).await.map_err(Trouble::from),
        };
        match planned.and_then(|planned| covers_each_once(planned, batch.wanted.len(), calls_max as usize)) {
            Ok(planned) => {
                for group in by_upstream(planned, purse) {
                    self.read_group(purse, group, &mut batch).await;
                }
            }
            // While others read some of them, it is a word about the rest.
            Err(trouble) if batch.results.is_empty() && batch.until.is_none() => {
                batch.give_back_all();
                self.settle(std::mem::take(&mut batch.settled)).await;
                let calls = Calls { unused: calls_max, ..Calls::default() };
                return fail(self.link, self.lease, trouble, calls).await.map(drop);
            }
            Err(trouble) => batch.fail(0..batch.wanted.len(), &trouble),
        }
        purse.close(self.now()).await;
        self.settle(std::mem::take(&mut batch.settled)).await;
        let Batch { results, until, calls, .. } = batch;
        let granted = calls.made.saturating_sub(calls.ungranted);
        let calls = Calls { unused: calls_max.saturating_sub(granted), ..calls };
        let (task, fence) = (self.lease.task, self.lease.fence);
        match until {
            Some(until) if results.is_empty() => defer(self.link, self.lease, until, calls).await.map(drop),
            until => self.link.tell(Report::Profiles(ProfilesReport { task, fence, results, until, calls })).await.map(drop),
        }
    }

    /// Tells those that are known, those that somebody calls for, and the others apart.
    async fn look(&self, creators: &[CreatorRef]) -> Batch {
        let key = |creator| Key::profile(&self.installed.manifest, &self.installed.setup, creator);
        let keys: Vec<Key> = creators.iter().map(key).collect();
        let looked = self.cache.look(Kind::Profile, &keys, self.lease.max_age, self.now()).await;
        let mut batch = Batch::default();
        for ((creator, key), looked) in creators.iter().zip(keys).zip(looked.into_iter().chain(std::iter::repeat(Looked::Off))) {
            let identity = creator.identity.clone();
            match looked {
                Looked::Hit { value: Value::Profile(outcome), .. } => {
                    batch.calls.cached += 1;
                    batch.results.push(ProfileResult { identity, answer: ProfileAnswer::Read(outcome) });
                }
                Looked::Underway { until } => batch.wait(until),
                Looked::Yours { claim } => {
                    batch.claims.insert(identity, (key, claim));
                    batch.wanted.push(creator.clone());
                }
                Looked::Hit { .. } | Looked::Off => batch.wanted.push(creator.clone()),
            }
        }
        batch
    }

    /// Makes the calls that go to one upstream, as permits allow. Where there are fewer slots than were asked for, one
    /// round of calls after another is made, and none that could end after the lease or the permit does.
    async fn read_group(&self, purse: &mut Purse<'_, impl Permits>, mut group: Vec<Planned>, batch: &mut Batch) {
        while let Some(first) = group.first() {
            if batch.calls.made > 0 && self.now().plus(u64::from(TOKEN_MS_MAX + FETCH_MS_MAX)) > self.lease.until {
                batch.wait(self.now());
                return batch.give_back(&group);
            }
            let slots = group.len().min(ENRICH_CALLS_AT_ONCE);
            match purse.open(&first.request.origin, slots, group.len(), false, self.now()).await {
                Opened::Open { slots: open, calls } => {
                    let round = if (open as usize) < slots { open.min(calls) } else { calls };
                    let rest = group.split_off(group.len().min(round.max(1) as usize));
                    self.read_some(purse, group, open.max(1) as usize, batch).await;
                    group = rest;
                }
                Opened::Wait(until) => {
                    batch.wait(until);
                    return batch.give_back(&group);
                }
                Opened::Refused(trouble) => return batch.fail(places(&group), &trouble),
            }
        }
    }

    async fn read_some(&self, purse: &Purse<'_, impl Permits>, planned: Vec<Planned>, slots: usize, batch: &mut Batch) {
        let wanted = &batch.wanted;
        let calls = planned.into_iter().map(|planned| self.covered(purse, wanted, planned));
        let answers: Vec<_> = stream::iter(calls).buffer_unordered(slots.min(ENRICH_CALLS_AT_ONCE)).collect().await;
        for (results, calls) in answers {
            batch.calls = batch.calls.plus(calls);
            batch.take(results);
        }
        // Whoever waits for one of them need not wait for the rest of the batch.
        self.settle(std::mem::take(&mut batch.settled)).await;
    }

    /// Reads the profiles that one request covers: an answer for each, whatever happens.
    async fn covered(&self, purse: &Purse<'_, impl Permits>, wanted: &[CreatorRef], planned: Planned) -> (Vec<ProfileResult>, Calls) {
        let covered: Vec<CreatorRef> = planned.covers.iter().filter_map(|place| wanted.get(*place as usize)).cloned().collect();
        let reading = async |response| {
            let profiles = self.installed.adapter.read_profiles(&covered, response).await.map_err(Trouble::from)?;
            let seen = Seen::of_profiles(&profiles);
            Ok((profiles, seen))
        };
        let (read, calls) = self.call(purse, &planned.request, reading).await;
        let results = match read {
            Ok(profiles) => {
                let mut answers: HashMap<String, Outcome> =
                    profiles.into_iter().map(|profile| (profile.identity, profile.outcome)).collect();
                let unmentioned =
                    || ProfileAnswer::Trouble(Trouble::Broken { detail: "the adapter gave no outcome for this creator".into() });
                let answer = |identity: &str| answers.remove(identity).map_or_else(unmentioned, ProfileAnswer::Read);
                each(covered, answer)
            }
            // Of a request for one creator, this is a word about that creator.
            Err(Trouble::Fault { fault: Fault::NotFound }) if covered.len() == 1 => {
                each(covered, |_| ProfileAnswer::Read(Outcome::Failed(Fault::NotFound)))
            }
            Err(trouble) => each(covered, |_| ProfileAnswer::Trouble(trouble.clone())),
        };
        (results, calls)
    }
}

impl Batch {
    fn wait(&mut self, until: Time) {
        self.until = Some(self.until.map_or(until, |other| other.min(until)));
    }

    /// Takes answers, and ends the claims for them.
    fn take(&mut self, results: Vec<ProfileResult>) {
        for result in results {
            if let Some((key, claim)) = self.claims.remove(&result.identity) {
                let value = match &result.answer {
                    ProfileAnswer::Read(outcome) => Some(Value::Profile(outcome.clone())),
                    ProfileAnswer::Trouble(_) => None,
                };
                self.settled.push(Settled { key, claim, value });
            }
            self.results.push(result);
        }
    }

    fn fail(&mut self, places: impl IntoIterator<Item = usize>, trouble: &Trouble) {
        let creators: Vec<CreatorRef> = places.into_iter().filter_map(|place| self.wanted.get(place)).cloned().collect();
        self.take(each(creators, |_| ProfileAnswer::Trouble(trouble.clone())));
    }

    fn give_back(&mut self, group: &[Planned]) {
        for creator in places(group).into_iter().filter_map(|place| self.wanted.get(place)) {
            let claim = self.claims.remove(&creator.identity);
            self.settled.extend(claim.map(|(key, claim)| Settled { key, claim, value: None }));
        }
    }

    fn give_back_all(&mut self) {
        self.settled.extend(self.claims.drain().map(|(_, (key, claim))| Settled { key, claim, value: None }));
    }
}

/// The places in a batch that requests cover.
fn places(planned: &[Planned]) -> Vec<usize> {
    planned.iter().flat_map(|planned| &planned.covers).map(|place| *place as usize).collect()
}

/// Requests that one permit can be for, in the order in which they were planned.
fn by_upstream(planned: Vec<Planned>, purse: &Purse<'_, impl Permits>) -> Vec<Vec<Planned>> {
    let mut groups: Vec<(Option<String>, Vec<Planned>)> = Vec::new();
    for planned in planned {
        let upstream = purse.upstream(&planned.request.origin).map(|upstream| upstream.base_url.clone());
        match groups.iter_mut().find(|(base_url, _)| *base_url == upstream) {
            Some((_, group)) => group.push(planned),
            None => groups.push((upstream, vec![planned])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn each(creators: Vec<CreatorRef>, mut answer: impl FnMut(&str) -> ProfileAnswer) -> Vec<ProfileResult> {
    creators.into_iter().map(|CreatorRef { identity, .. }| ProfileResult { answer: answer(&identity), identity }).collect()
}

/// Checks that a plan covers every creator once, with no more calls than were granted.
fn covers_each_once(planned: Vec<Planned>, creators: usize, calls_max: usize) -> Result<Vec<Planned>, Trouble> {
    let broken = |detail: String| Err(Trouble::Broken { detail });
    if planned.len() > calls_max {
        return broken(format!("the adapter planned {} profile calls where its manifest allows {calls_max}", planned.len()));
    }
    let mut covered = vec![false; creators];
    for place in planned.iter().flat_map(|planned| &planned.covers) {
        match covered.get_mut(*place as usize) {
            Some(seen) if !*seen => *seen = true,
            Some(_) => return broken(format!("the adapter covered creator {place} twice")),
            None => return broken(format!("the adapter covered creator {place} of {creators}")),
        }
    }
    match covered.iter().position(|seen| !seen) {
        Some(place) => broken(format!("the adapter left out creator {place}")),
        None => Ok(planned),
    }
}
