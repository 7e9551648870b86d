//! The permit that a lease is worked on with.

use std::cell::RefCell;

use super::{Installed, Lease, Message};
use crate::limits::{FETCH_MS_MAX, TOKEN_MS_MAX};
use crate::ports::Permits;
use crate::time::Time;
use crate::trouble::Trouble;
use crate::upstream::{Answer, Ask, Credit, Permit, Seen, Settlement, Upstream, upstreams};

/// At most one permit, for one upstream at a time.
pub(super) struct Purse<'a, P> {
    permits: &'a P,
    upstreams: Vec<(String, Upstream)>,
    ticket: String,
    account: String,
    held: RefCell<Option<Held>>,
}

struct Held {
    upstream: Upstream,
    permit: Permit,
    made: u32,
    seen: Vec<Seen>,
    credit: Credit,
}

/// Whether calls may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opened {
    /// So many at the same time, and so many in all.
    Open {
        /// At the same time.
        slots: u32,
        /// In all.
        calls: u32,
    },
    /// Not before.
    Wait(Time),
    /// Calling would be in vain.
    Refused(Trouble),
}

impl<'a, P: Permits> Purse<'a, P> {
    pub(super) fn of<A>(permits: &'a P, installed: &Installed<A>, message: &Message, lease: &Lease) -> Self {
        Purse {
            permits,
            upstreams: upstreams(installed),
            ticket: format!("{}/{}", message.job, lease.task),
            account: lease.account.clone().unwrap_or_default(),
            held: RefCell::new(None),
        }
    }

    /// The upstream of an origin. Nothing is ever sent to an origin that the adapter does not declare.
    pub(super) fn upstream(&self, origin: &str) -> Option<&Upstream> {
        self.upstreams.iter().find(|(name, _)| name == origin).map(|(_, upstream)| upstream)
    }

    /// Takes out what is left for this origin, or asks for a permit.
    pub(super) async fn open(&mut self, origin: &str, slots: usize, calls: usize, searches: bool, now: Time) -> Opened {
        let whole = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let Some(upstream) = self.upstream(origin).cloned() else {
            // The request is refused where it is put together.
            return Opened::Open { slots: whole(slots), calls: whole(calls) };
        };
        if let Some(held) = self.held.get_mut().as_ref().filter(|held| held.upstream == upstream && held.lasts(now)) {
            return Opened::Open { slots: held.permit.slots, calls: held.permit.calls - held.made };
        }
        self.close(now).await;
        let (ticket, account) = (self.ticket.clone(), self.account.clone());
        let ask = Ask { ticket, account, slots: whole(slots), calls: whole(calls), searches };
        match self.permits.ask(&upstream, ask, now).await {
            Answer::Granted(permit) => {
                self.held.replace(Some(Held { upstream, permit, made: 0, seen: Vec::new(), credit: Credit::default() }));
                Opened::Open { slots: permit.slots.max(1), calls: permit.calls.max(1) }
            }
            Answer::Wait { until, .. } => Opened::Wait(until),
            Answer::Refused(trouble) => Opened::Refused(trouble),
        }
    }

    /// Notes what became of a request, which took so many calls.
    pub(super) fn saw(&self, calls: u32, seen: Seen, credit: Credit) {
        if let Some(held) = self.held.borrow_mut().as_mut().filter(|_| calls > 0) {
            held.made = held.made.saturating_add(calls);
            held.seen.push(seen);
            held.credit = credit.or(held.credit);
        }
    }

    /// Settles the permit, if there is one.
    pub(super) async fn close(&mut self, now: Time) {
        if let Some(Held { upstream, permit, made, seen, credit }) = self.held.take() {
            self.permits.settle(&upstream, Settlement { permit: permit.id, calls: made, seen, credit }, now).await;
        }
    }
}

impl Held {
    /// Whether another call may begin: it has to end before the permit does.
    fn lasts(&self, now: Time) -> bool {
        self.made < self.permit.calls && now.plus(u64::from(TOKEN_MS_MAX + FETCH_MS_MAX)) <= self.permit.until
    }
}
