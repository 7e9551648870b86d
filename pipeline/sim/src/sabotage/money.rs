//! Bugs in what is charged, what may be reserved, and whose turn it is.

use std::collections::BTreeMap;

use scout_pipeline::account::{Account, Charge, Event as AccountEvent, LetIn, Table, Write as AccountWrite};
use scout_pipeline::job::{Effect, Event, Wake};
use serde_json::Value;

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
    Known {
        name: "nothing_is_reserved",
        law: Law::Limit,
        text: "what a search may deliver is compared with what is left and not taken from it, so that two pass together",
        build: || Box::new(OnAccount(nothing_is_reserved)),
    },
    Known {
        name: "limit_of_each_search",
        law: Law::Limit,
        text: "what was used before counts for nothing once its search is over",
        build: || Box::new(OnAccount(limit_of_each_search)),
    },
    Known {
        name: "waiting_ones_begin_at_once",
        law: Law::Line,
        text: "a search that was told to wait begins at once",
        build: || Box::new(BeginsAtOnce),
    },
    Known {
        name: "turn_never_heard",
        law: Law::Line,
        text: "a job's turn comes, and nobody tells it again when the first word got lost",
        build: || Box::new(OnAccount(turn_never_heard)),
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
    fn charges(&mut self, account: &Account, charge: &Charge) -> Vec<Charge> {
        if let Some((_, more)) = self.known.iter().find(|(known, _)| known == charge) {
            let settled = account.entry(&charge.job).map_or(0, |entry| entry.settled);
            return vec![Charge { delivered: settled + more, closes: false, ..charge.clone() }, charge.clone()];
        }
        let counted = self.counted.entry(charge.job.clone()).or_default();
        self.known.push((charge.clone(), charge.delivered.saturating_sub(*counted)));
        *counted = charge.delivered.max(*counted);
        vec![charge.clone()]
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
    fn charges(&mut self, _: &Account, charge: &Charge) -> Vec<Charge> {
        vec![Charge { closes: false, ..charge.clone() }]
    }
}

/// Alters what an account writes.
#[derive(Debug)]
struct OnAccount(fn(&AccountEvent, &mut AccountWrite) -> bool);

impl Sabotage for OnAccount {
    fn account_write(&mut self, event: &AccountEvent, write: &mut AccountWrite) -> bool {
        (self.0)(event, write)
    }
}

/// Alters the rows of one kind, and says whether it did.
fn alter(write: &mut AccountWrite, table: Table, change: impl Fn(&mut Value) -> bool) -> bool {
    let mut altered = false;
    for row in write.rows.iter_mut().filter(|row| row.table == table) {
        let Ok(mut value) = serde_json::from_str(&row.value) else { continue };
        if change(&mut value) {
            row.value = value.to_string();
            altered = true;
        }
    }
    altered
}

fn nothing_is_reserved(event: &AccountEvent, write: &mut AccountWrite) -> bool {
    // What the search may deliver is known again when it delivers something.
    let held = |job: &mut Value| {
        let wanted = job["target"].clone();
        let entry = &mut job["entry"];
        match event {
            AccountEvent::Validate(_) if entry["open"] == true => entry["reserved"] = 0.into(),
            _ if entry["open"] == true => entry["reserved"] = wanted,
            _ => return false,
        }
        true
    };
    alter(write, Table::Job, held)
}

fn limit_of_each_search(event: &AccountEvent, write: &mut AccountWrite) -> bool {
    let closes = matches!(event, AccountEvent::Charge { charge, .. } if charge.closes);
    let forget = |standing: &mut Value| {
        let used = std::mem::replace(&mut standing["used"], Value::Object(serde_json::Map::new()));
        used.as_object().is_some_and(|used| !used.is_empty())
    };
    closes && alter(write, Table::Standing, forget)
}

fn turn_never_heard(_: &AccountEvent, write: &mut AccountWrite) -> bool {
    let silent = alter(write, Table::Job, |job| match job["stage"].get("starting").is_some() {
        true => {
            job["stage"] = "running".into();
            true
        }
        false => false,
    });
    if silent {
        write.alarm = Wake::Never;
    }
    silent
}

/// Nobody waits who was told to.
#[derive(Debug)]
struct BeginsAtOnce;

impl Sabotage for BeginsAtOnce {
    fn let_in(&mut self, _: LetIn) -> LetIn {
        LetIn { place: None }
    }
}
