//! Permits without a network: budgets in the memory of one process, and none at all.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{Answer, Ask, Budget, Permit, Settlement, Upstream};
use crate::limits::PERMIT_MS;
use crate::ports::Permits;
use crate::time::Time;

/// The budgets of all upstreams, in memory.
#[derive(Debug, Default)]
pub struct Budgets {
    kept: RefCell<HashMap<String, Budget>>,
}

impl Permits for Budgets {
    async fn ask(&self, upstream: &Upstream, ask: Ask, now: Time) -> Answer {
        let mut kept = self.kept.borrow_mut();
        let budget = kept.entry(upstream.base_url.clone()).or_insert_with(|| Budget::new(upstream.rates.clone()));
        budget.allow(upstream.rates.clone(), now);
        budget.ask(ask, now)
    }

    async fn settle(&self, upstream: &Upstream, settlement: Settlement, now: Time) {
        if let Some(budget) = self.kept.borrow_mut().get_mut(&upstream.base_url) {
            budget.settle(&settlement, now);
        }
    }
}

/// Grants everything: for whoever counts calls elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unmetered;

impl Permits for Unmetered {
    async fn ask(&self, _: &Upstream, ask: Ask, now: Time) -> Answer {
        Answer::Granted(Permit { id: 0, slots: ask.slots, calls: ask.calls, until: now.plus(PERMIT_MS) })
    }

    async fn settle(&self, _: &Upstream, _: Settlement, _: Time) {}
}
