//! Charging for what was delivered: law L4. A charge says how many creators were delivered so far, so that one that
//! comes twice, late or out of order counts nothing twice. It is owed until the account acknowledges it.

use super::timer::resend_ms;
use super::{Effect, Job, SentCharge};
use crate::account::Charge;
use crate::time::Time;

impl Job {
    /// Charges for what was delivered since the last charge, and says when the run is over.
    pub(super) fn bill(&mut self, now: Time) {
        if self.dispatch.account.is_none() {
            return;
        }
        let (delivered, closes) = (self.creators.len() as u32, self.progress.status.is_final());
        let bill = self.progress.bill;
        let is_under_way = bill.sent.is_some_and(|sent| (sent.delivered, sent.closes) == (delivered, closes));
        if delivered == bill.charged && closes == bill.closed {
            self.set_sent(None);
        } else if !is_under_way {
            self.send_charge(SentCharge { delivered, closes, at: now.plus(resend_ms(0)), sends: 1 });
        }
    }

    pub(super) fn charge_again(&mut self, now: Time) {
        if let Some(sent) = self.progress.bill.sent {
            self.send_charge(SentCharge { at: now.plus(resend_ms(sent.sends)), sends: sent.sends + 1, ..sent });
        }
    }

    /// Takes in what the account has acknowledged.
    pub(super) fn charged(&mut self, charge: &Charge) {
        let (delivered, run) = (self.creators.len() as u32, self.progress.run);
        let closed = charge.closes && charge.run == run && self.progress.status.is_final();
        let before = self.progress.bill;
        let bill = &mut self.progress.bill;
        bill.charged = bill.charged.max(charge.delivered.min(delivered));
        bill.closed |= closed;
        self.changes.progress |= self.progress.bill != before;
    }

    fn send_charge(&mut self, sent: SentCharge) {
        let Some(account) = self.dispatch.account.clone() else { return };
        self.set_sent(Some(sent));
        let SentCharge { delivered, closes, .. } = sent;
        self.effects.push_back(Effect::Charge(Charge {
            account,
            job: self.dispatch.id.clone(),
            run: self.progress.run,
            delivered,
            closes,
        }));
    }

    fn set_sent(&mut self, sent: Option<SentCharge>) {
        self.changes.progress |= self.progress.bill.sent != sent;
        self.progress.bill.sent = sent;
    }
}
