//! The loop that drives an adapter: plan, fetch, read, report. It is written once, over what a runtime
//! lends, so that both runtimes do the same.
//!
//! A consumer that dies anywhere in here loses nothing but time: the job's rows know how far it was, and
//! its lease runs out.

mod sender;

use futures::stream::{self, StreamExt as _};

use crate::contract::{CreatorRef, Manifest, Outcome, Page, Planned, Query, Request, Response};
use crate::limits::{ENRICH_CALLS_AT_ONCE, PAGE_CREATORS_MAX};
use crate::outbound::Setup;
use crate::ports::{Adapter, Http, JobLink, LinkError};
use crate::protocol::{Calls, FailedReport, Lease, Message, PageReport, ProfileAnswer, ProfileResult, ProfilesReport, Reply, Report, Work};
use crate::token::Tokens;
use crate::trouble::Trouble;

use sender::Sender;

/// An adapter that is ready to be used: the component, what it says of itself and what the operator set.
#[derive(Debug)]
pub struct Installed<A> {
    /// The component.
    pub adapter: A,
    /// What it says of itself.
    pub manifest: Manifest,
    /// What the operator set.
    pub setup: Setup,
}

/// What a runtime lends to the loop.
#[derive(Debug)]
pub struct Desk<'a, H, F, C> {
    /// Sends requests.
    pub http: &'a H,
    /// Finds a platform's adapter.
    pub find: F,
    /// Tokens for origins that want one.
    pub tokens: &'a Tokens,
    /// Milliseconds since 1970-01-01T00:00:00Z. They say how long calls took and tokens last, and sign requests.
    pub clock: C,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worked {
    /// Its task was worked on as far as it went; the job knows the rest.
    Done,
    /// There was nothing to do for it.
    Dropped,
}

/// Works on the task that a message names.
///
/// # Errors
/// [`LinkError`] when the job can't be reached: the message should come again.
pub async fn work<'a, A, H, L, F, C>(message: &Message, link: &L, desk: &Desk<'a, H, F, C>) -> Result<Worked, LinkError>
where
    A: Adapter + 'a,
    H: Http,
    L: JobLink,
    F: Fn(&str) -> Option<&'a Installed<A>>,
    C: Fn() -> u64,
{
    let Reply::Granted(lease) = link.tell(Report::Lease { task: message.task }).await? else {
        return Ok(Worked::Dropped);
    };
    let Some(installed) = (desk.find)(&lease.platform) else {
        let trouble = Trouble::Broken { detail: format!("the adapter {} is not installed any more", lease.platform) };
        fail(link, &lease, trouble, Calls::default()).await?;
        return Ok(Worked::Done);
    };
    let sender = Sender { http: desk.http, tokens: desk.tokens, clock: &desk.clock };
    let run = Run { link, installed, sender, lease: &lease };
    match &lease.work {
        Work::Search { query, cursor, page } => run.search(query, cursor.clone(), *page).await?,
        Work::Profiles { creators, calls_max } => run.profiles(creators, *calls_max as usize).await?,
    }
    Ok(Worked::Done)
}

async fn fail(link: &impl JobLink, lease: &Lease, trouble: Trouble, calls: Calls) -> Result<Reply, LinkError> {
    link.tell(Report::Failed(FailedReport { task: lease.task, fence: lease.fence, trouble, calls })).await
}

/// One lease that is being worked on.
struct Run<'a, A, H, L, C> {
    link: &'a L,
    installed: &'a Installed<A>,
    sender: Sender<'a, H, &'a C>,
    lease: &'a Lease,
}

impl<A: Adapter, H: Http, L: JobLink, C: Fn() -> u64> Run<'_, A, H, L, C> {
    /// Reads a keyword's pages until the job says that it has enough.
    async fn search(&self, query: &Query, mut cursor: Option<String>, mut page: u32) -> Result<(), LinkError> {
        loop {
            let (read, calls) = self.page(query, cursor.as_deref()).await;
            let reply = match read {
                Ok(Page { creators, next }) => {
                    let (task, fence) = (self.lease.task, self.lease.fence);
                    self.link.tell(Report::Page(PageReport { task, fence, page, creators, next, calls })).await?
                }
                Err(trouble) => fail(self.link, self.lease, trouble, calls).await?,
            };
            match reply {
                Reply::Continue { cursor: next, page: number } => (cursor, page) = (next, number),
                Reply::Granted(_) | Reply::Busy | Reply::Gone | Reply::Stop => return Ok(()),
            }
        }
    }

    async fn page(&self, query: &Query, cursor: Option<&str>) -> (Result<Page, Trouble>, Calls) {
        let adapter = &self.installed.adapter;
        let request = match adapter.plan_search(query, cursor).await {
            Ok(request) => request,
            Err(error) => return (Err(error.into()), Calls::default()),
        };
        let (response, calls) = self.fetch(&request).await;
        let read = match response {
            Ok(response) => adapter.read_search(query, cursor, response).await.map_err(Trouble::from).and_then(within_bounds),
            Err(trouble) => Err(trouble),
        };
        (read, calls)
    }

    async fn fetch(&self, request: &Request) -> (Result<Response, Trouble>, Calls) {
        self.sender.send(&self.installed.manifest, &self.installed.setup, request).await
    }

    /// Reads the profiles of a batch, several calls at a time, and reports all of them in one.
    async fn profiles(&self, creators: &[CreatorRef], calls_max: usize) -> Result<(), LinkError> {
        let planned = match self.installed.adapter.plan_profiles(creators).await.map_err(Trouble::from) {
            Ok(planned) => covers_each_once(planned, creators.len(), calls_max),
            Err(trouble) => Err(trouble),
        };
        let planned = match planned {
            Ok(planned) => planned,
            Err(trouble) => return fail(self.link, self.lease, trouble, Calls::default()).await.map(drop),
        };
        let calls = planned.into_iter().map(|planned| self.covered(creators, planned));
        let answers: Vec<_> = stream::iter(calls).buffer_unordered(ENRICH_CALLS_AT_ONCE).collect().await;
        let calls = answers.iter().fold(Calls::default(), |sum, (_, calls)| sum.plus(*calls));
        let results = answers.into_iter().flat_map(|(results, _)| results).collect();
        let (task, fence) = (self.lease.task, self.lease.fence);
        self.link.tell(Report::Profiles(ProfilesReport { task, fence, results, until: None, calls })).await.map(drop)
    }

    /// Reads the profiles that one request covers: an answer for each, whatever happens.
    async fn covered(&self, creators: &[CreatorRef], planned: Planned) -> (Vec<ProfileResult>, Calls) {
        let covered: Vec<CreatorRef> = planned.covers.iter().filter_map(|place| creators.get(*place as usize)).cloned().collect();
        let (response, calls) = self.fetch(&planned.request).await;
        let read = match response {
            Ok(response) => self.installed.adapter.read_profiles(&covered, response).await.map_err(Trouble::from),
            Err(trouble) => Err(trouble),
        };
        let results = match read {
            Ok(profiles) => {
                let mut answers: std::collections::HashMap<String, Outcome> =
                    profiles.into_iter().map(|profile| (profile.identity, profile.outcome)).collect();
                let unmentioned =
                    || ProfileAnswer::Trouble(Trouble::Broken { detail: "the adapter gave no outcome for this creator".into() });
                let answer = |identity: &str| answers.remove(identity).map_or_else(unmentioned, ProfileAnswer::Read);
                each(covered, answer)
            }
            Err(trouble) => each(covered, |_| ProfileAnswer::Trouble(trouble.clone())),
        };
        (results, calls)
    }
}

fn each(creators: Vec<CreatorRef>, mut answer: impl FnMut(&str) -> ProfileAnswer) -> Vec<ProfileResult> {
    creators.into_iter().map(|CreatorRef { identity, .. }| ProfileResult { answer: answer(&identity), identity }).collect()
}

fn within_bounds(page: Page) -> Result<Page, Trouble> {
    match page.creators.len() {
        0..=PAGE_CREATORS_MAX => Ok(page),
        rows => Err(Trouble::Broken { detail: format!("the adapter gave {rows} creators on one page; {PAGE_CREATORS_MAX} are allowed") }),
    }
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

#[cfg(test)]
mod tests;
