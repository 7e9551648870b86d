//! Bugs in what is charged: law L4.

use std::collections::BTreeMap;

use scout_pipeline::account::{Charge, Ledger};
use scout_pipeline::job::{Effect, Event};

use super::hooks::{OnEffects, next_page};
use super::{Known, Sabotage, Scene};
use crate::laws::Law;

pub(super) const ALL: &[Known] = &[
    Known {
        name: "charge_before_admission",
        law: Law::L4,
        text: "everybody on a page is charged before anybody is admitted, as in the replaced system, which charged for more than it delivered",
        build: || Box::new(OnEffects(charge_before_admission)),
    },
    Known {
        name: "charge_again_on_redelivery",
        law: Law::L4,
        text: "a charge that is delivered again is counted again, as in the replaced system",
        build: || Box::new(ChargeAgain::default()),
    },
    Known {
        name: "charge_from_zero_on_retry",
        law: Law::L4,
        text: "a run that tries again charges for what the runs before it had delivered as well",
        build: || Box::new(OnEffects(charge_from_zero_on_retry)),
    },
    Known {
        name: "rest_stays_reserved",
        law: Law::L4,
        text: "what a job reserved and did not deliver is never free again",
        build: || Box::new(RestStaysReserved),
    },
];

fn charge_before_admission(scene: &Scene<'_>, event: Option<&Event>, effects: &mut Vec<Effect>) {
    let (Some(page), Some(dispatch)) = (next_page(scene, event), &scene.stored.dispatch) else { return };
    let Some(account) = dispatch.account.clone() else { return };
    let delivered = (scene.stored.creators.len() + page.creators.len()) as u32;
    effects.push(Effect::Charge(Charge { account, job: dispatch.id.clone(), run: scene.stored.progress.run, delivered, closes: false }));
}

/// Remembers how much each charge was for.
#[derive(Debug, Default)]
struct ChargeAgain {
    counted: BTreeMap<String, u32>,
    known: Vec<(Charge, u32)>,
}

impl Sabotage for ChargeAgain {
    fn charge(&mut self, ledger: &mut Ledger, charge: &Charge) -> u32 {
        if let Some((_, more)) = self.known.iter().find(|(known, _)| known == charge) {
            let settled = ledger.entry(&charge.job).map_or(0, |entry| entry.settled);
            ledger.increment_creator_count(&Charge { delivered: settled + more, closes: false, ..charge.clone() });
            return 1;
        }
        let counted = self.counted.entry(charge.job.clone()).or_default();
        self.known.push((charge.clone(), charge.delivered.saturating_sub(*counted)));
        *counted = charge.delivered.max(*counted);
        1
    }
}

fn charge_from_zero_on_retry(scene: &Scene<'_>, _: Option<&Event>, effects: &mut Vec<Effect>) {
    // What was there when the run began is what the account had counted by then.
    let before = scene.stored.progress.bill.charged;
    for effect in effects {
        if let Effect::Charge(charge) = effect
            && charge.run > 0
        {
            charge.delivered += before;
        }
    }
}

/// The account does not hear that a run is over.
#[derive(Debug)]
struct RestStaysReserved;

impl Sabotage for RestStaysReserved {
    fn charge(&mut self, ledger: &mut Ledger, charge: &Charge) -> u32 {
        if charge.closes {
            ledger.increment_creator_count(&Charge { closes: false, ..charge.clone() });
            return 0;
        }
        1
    }
}
