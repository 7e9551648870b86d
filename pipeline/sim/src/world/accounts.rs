//! Accounts: the ledger behind a link that loses, repeats and delays, in an object that dies like any other.

use scout_pipeline::account::{Charge, Ledger, Refused};

use super::{Happening, World};
use crate::faults::FaultKind;

/// One account.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) ledger: Ledger,
}

impl Account {
    pub(super) fn new(allowance: u32) -> Account {
        Account { ledger: Ledger::new(allowance) }
    }

    /// The object is gone and comes up again from what it wrote.
    fn reload(&mut self) {
        let text = serde_json::to_string(&self.ledger).unwrap_or_default();
        if let Ok(ledger) = serde_json::from_str(&text) {
            self.ledger = ledger;
        }
    }
}

impl World {
    /// Asks the account of a job to reserve what a run may deliver. `None` when the answer is lost.
    pub(super) fn reserve(&mut self, job: usize, run: u32, wanted: u32) -> Option<Result<(), Refused>> {
        let dispatch = &self.clients[job].plan.dispatch;
        let Some(account) = dispatch.account.as_ref().and_then(|name| self.accounts.get_mut(name)) else { return Some(Ok(())) };
        let wanted = self.sabotage.as_mut().map_or(wanted, |sabotage| sabotage.reserve(&dispatch.id, run, wanted));
        let answer = account.ledger.validate_creator_search(&dispatch.id, run, wanted);
        self.trace.note(self.now, || format!("job-{job}: reserving {wanted} creators for run {run}: {answer:?}"));
        (!self.hits(FaultKind::ReservationAnswerLost)).then_some(answer)
    }

    /// A job's charge sets out for its account.
    pub(super) fn send_charge(&mut self, charge: Charge) {
        if self.hits(FaultKind::ChargeLost) {
            self.trace.note(self.now, || format!("{}: a charge is lost", charge.job));
            return;
        }
        if self.hits(FaultKind::ChargeDuplicated) {
            let ms = self.faults.between(FaultKind::ChargeDuplicated, 0, 120_000);
            self.enter_in(ms, Happening::Charge(charge.clone()));
        }
        let mut ms = self.chance.between(1, 40);
        if self.hits(FaultKind::ChargeDelayed) {
            ms += self.faults.between(FaultKind::ChargeDelayed, 1_000, 300_000);
        }
        self.enter_in(ms, Happening::Charge(charge));
    }

    /// The charge arrives.
    pub(super) fn charge(&mut self, charge: Charge) {
        let dies = self.hits(FaultKind::AccountDies);
        let Some(job) = self.clients.iter().position(|client| client.plan.dispatch.id == charge.job) else { return };
        let Some(account) = self.accounts.get_mut(&charge.account) else { return };
        if dies {
            account.reload();
            return;
        }
        let times = self.sabotage.as_mut().map_or(1, |sabotage| sabotage.charge(&mut account.ledger, &charge));
        for _ in 0..times {
            let settled = account.ledger.increment_creator_count(&charge);
            self.trace.note(self.now, || {
                format!("{}: charge of {} in run {} counts {}", charge.job, charge.delivered, charge.run, settled.counted)
            });
        }
        self.laws.charged(job, &account.ledger, &charge, &self.objects[job].stored);
        if !self.hits(FaultKind::AckLost) {
            let ms = self.chance.between(1, 40);
            self.enter_in(ms, Happening::Charged { job, charge });
        }
    }
}
