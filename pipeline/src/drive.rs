//! The loop that drives an adapter: plan, look whether the answer is known, ask for a permit, fetch, read, keep, report.
//! It is written once, over what a runtime lends, so that both runtimes do the same. What has to wait is put off, and
//! gives back what it had claimed.
//!
//! A consumer that dies anywhere in here loses nothing but time: the job's rows know how far it was, and
//! its lease runs out.

mod profiles;
mod purse;
mod search;
mod sender;

use crate::contract::{Manifest, Request, Response};
use crate::outbound::Setup;
use crate::ports::{Adapter, Cache, Http, JobLink, LinkError, Permits};
use crate::protocol::{Calls, DeferredReport, FailedReport, Lease, Message, Reply, Report, Work};
use crate::time::Time;
use crate::token::Tokens;
use crate::trouble::Trouble;
use crate::upstream::{Credit, Seen};

use purse::Purse;
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
pub struct Desk<'a, H, F, C, P, K> {
    /// Sends requests.
    pub http: &'a H,
    /// Finds a platform's adapter.
    pub find: F,
    /// Tokens for origins that want one.
    pub tokens: &'a Tokens,
    /// Milliseconds since 1970-01-01T00:00:00Z. They say how long calls took and tokens last, and sign requests.
    pub clock: C,
    /// Gives permits to call.
    pub permits: &'a P,
    /// Keeps what was read.
    pub cache: &'a K,
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
pub async fn work<'a, A, H, L, F, C, P, K>(message: &Message, link: &L, desk: &Desk<'a, H, F, C, P, K>) -> Result<Worked, LinkError>
where
    A: Adapter + 'a,
    H: Http,
    L: JobLink,
    F: Fn(&str) -> Option<&'a Installed<A>>,
    C: Fn() -> u64,
    P: Permits,
    K: Cache,
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
    let run = Run { link, installed, sender, cache: desk.cache, lease: &lease };
    let mut purse = Purse::of(desk.permits, installed, message, &lease);
    let told = match &lease.work {
        Work::Search { query, cursor, page } => run.search(&mut purse, query, cursor.clone(), *page).await,
        Work::Profiles { creators, calls_max } => run.profiles(&mut purse, creators, *calls_max).await,
    };
    purse.close(run.now()).await;
    told?;
    Ok(Worked::Done)
}

async fn fail(link: &impl JobLink, lease: &Lease, trouble: Trouble, calls: Calls) -> Result<Reply, LinkError> {
    link.tell(Report::Failed(FailedReport { task: lease.task, fence: lease.fence, trouble, calls })).await
}

async fn defer(link: &impl JobLink, lease: &Lease, until: Time, calls: Calls) -> Result<Reply, LinkError> {
    link.tell(Report::Deferred(DeferredReport { task: lease.task, fence: lease.fence, until, calls })).await
}

/// One lease that is being worked on.
struct Run<'a, A, H, L, C, K> {
    link: &'a L,
    installed: &'a Installed<A>,
    sender: Sender<'a, H, &'a C>,
    cache: &'a K,
    lease: &'a Lease,
}

impl<A: Adapter, H: Http, L: JobLink, C: Fn() -> u64, K: Cache> Run<'_, A, H, L, C, K> {
    async fn fetch(&self, request: &Request) -> (Result<Response, Trouble>, Calls) {
        self.sender.send(&self.installed.manifest, &self.installed.setup, request).await
    }

    /// Sends a request and reads the answer, and notes for the permit what became of it.
    async fn call<T>(
        &self,
        purse: &Purse<'_, impl Permits>,
        request: &Request,
        read: impl AsyncFnOnce(Response) -> Result<(T, Seen), Trouble>,
    ) -> (Result<T, Trouble>, Calls) {
        let (response, calls) = self.fetch(request).await;
        let credit = response.as_ref().map_or(Credit::default(), |response| Credit::read(&self.installed.manifest, response, self.now()));
        let read = match response {
            Ok(response) => read(response).await,
            Err(trouble) => Err(trouble),
        };
        let seen = read.as_ref().map_or_else(Seen::of, |(_, seen)| seen.clone());
        purse.saw(calls.made, seen, credit);
        (read.map(|(value, _)| value), calls)
    }

    fn now(&self) -> Time {
        Time((self.sender.clock)())
    }
}

#[cfg(test)]
mod tests;
