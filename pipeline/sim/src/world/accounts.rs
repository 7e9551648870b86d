//! Accounts: objects like those of jobs, with rows and an alarm of their own, behind links that lose, repeat and delay.

use std::collections::BTreeMap;

use scout_pipeline::account::{Account, Answer, Charge, Effect, Event, LetIn, Month, Plan, Plans, Refusal, Row, Search, Table, Write};
use scout_pipeline::job::{Event as JobEvent, Status, Wake};
use scout_pipeline::time::Time;

use super::{Happening, World};
use crate::chance::Chance;
use crate::faults::FaultKind;
use crate::laws::Law;
use crate::scenario::{self, BEGIN};

/// How long after an alarm that failed the runtime rings again, in milliseconds.
const RING_AGAIN_MS: u64 = 2_000;

/// One account's object.
#[derive(Debug)]
pub(crate) struct Holder {
    name: String,
    rows: BTreeMap<(Table, u32), String>,
    /// The plan that it is on before anything is stored.
    initial: Plan,
    /// What it holds in memory.
    state: Option<Account>,
    alarm: Option<Time>,
    /// Counts what became of the alarm, so that one that was replaced does not ring.
    generation: u64,
    /// How far its calendar is ahead, in milliseconds, so that some months end in the middle of a world.
    ahead_ms: u64,
}

impl Holder {
    pub(super) fn new(seed: u64, number: usize, largest: u32) -> Holder {
        let mut chance = Chance::new(seed, 0x5000 + number as u64);
        let initial = scenario::account_plan(&mut chance, largest);
        let to_month_end = Month::of(BEGIN).end().since(BEGIN);
        let ahead_ms = if chance.hits(200) { to_month_end - chance.below(900_000) } else { 0 };
        Holder { name: scenario::account_name(number), rows: BTreeMap::new(), initial, state: None, alarm: None, generation: 0, ahead_ms }
    }

    /// The object leaves memory.
    pub(super) fn forget(&mut self) {
        self.state = None;
    }

    /// The account, put together from its rows where it is not in memory.
    fn load(&mut self) -> Option<&mut Account> {
        if self.state.is_none() {
            self.state = self.stored();
        }
        self.state.as_mut()
    }

    /// The account as its rows make it up.
    pub(crate) fn stored(&self) -> Option<Account> {
        let rows = self.rows.iter().map(|((table, key), value)| Row { table: *table, key: *key, value: value.clone() });
        // Plans of a world have names that no configuration knows, so that each account keeps its own.
        Account::load(&self.name, rows, &Plans::default(), self.initial.clone()).ok()
    }

    /// The rows of its ledger that are kept, in order.
    pub(crate) fn pages(&self) -> Vec<scout_pipeline::account::Page> {
        let pages = self.rows.iter().filter(|((table, _), _)| *table == Table::Ledger);
        pages.filter_map(|(_, value)| serde_json::from_str(value).ok()).collect()
    }

    fn take(&mut self, write: &Write) {
        self.rows.extend(write.rows.iter().map(|row| ((row.table, row.key), row.value.clone())));
        for (table, key) in &write.gone {
            self.rows.remove(&(*table, *key));
        }
    }
}

impl World {
    /// Asks the account of a job to let a run in. `None` when the answer is lost.
    pub(super) fn reserve(&mut self, job: usize, run: u32) -> Option<Result<LetIn, Refusal>> {
        let dispatch = &self.clients[job].plan.dispatch;
        let Some(name) = dispatch.account.clone() else { return Some(Ok(LetIn { place: None })) };
        let search = Search::of(dispatch, run, self.objects[job].stored.creators.len() as u32);
        let answer = match self.tell_account(&name, Event::Validate(search)) {
            Some(Some(Answer::Validated(answer))) => answer,
            _ => return None,
        };
        let answer = match &mut self.sabotage {
            Some(sabotage) => answer.map(|let_in| sabotage.let_in(let_in)),
            None => answer,
        };
        self.trace.note(self.now, || format!("job-{job}: run {run} wants to begin: {answer:?}"));
        (!self.hits(FaultKind::ReservationAnswerLost)).then_some(answer)
    }

    /// A job's charge sets out for its account.
    pub(super) fn send_charge(&mut self, charge: Charge, status: Status) {
        if self.hits(FaultKind::ChargeLost) {
            self.trace.note(self.now, || format!("{}: a charge is lost", charge.job));
            return;
        }
        if self.hits(FaultKind::ChargeDuplicated) {
            let ms = self.faults.between(FaultKind::ChargeDuplicated, 0, 120_000);
            self.enter_in(ms, Happening::Charge(charge.clone(), status));
        }
        let mut ms = self.chance.between(1, 40);
        if self.hits(FaultKind::ChargeDelayed) {
            ms += self.faults.between(FaultKind::ChargeDelayed, 1_000, 300_000);
        }
        self.enter_in(ms, Happening::Charge(charge, status));
    }

    /// The charge arrives.
    pub(super) fn charge(&mut self, charge: Charge, status: Status) {
        let Some(job) = self.job_named(&charge.job) else { return };
        let Some(account) = self.accounts.get_mut(&charge.account).and_then(Holder::load) else { return };
        let taken = match &mut self.sabotage {
            Some(sabotage) => sabotage.charges(account, &charge),
            None => vec![charge.clone()],
        };
        for charge in taken {
            if self.tell_account(&charge.account.clone(), Event::Charge { charge, status }).is_none() {
                return;
            }
        }
        if let Some(account) = self.accounts.get_mut(&charge.account).and_then(Holder::load) {
            self.laws.charged(job, account, &charge, &self.objects[job].stored);
        }
        if !self.hits(FaultKind::AckLost) {
            let ms = self.chance.between(1, 40);
            self.enter_in(ms, Happening::Charged { job, charge });
        }
    }

    /// A job hears that its turn has come, and says so.
    pub(super) fn start_run(&mut self, account: &str, id: &str, run: u32) {
        let Some(job) = self.job_named(id) else { return };
        let stored = &self.objects[job].stored;
        let known = stored.exists().then_some(stored.progress.run);
        let event = match known {
            Some(at) if at == run => {
                if self.deliver(job, JobEvent::Admitted).is_none() {
                    return;
                }
                Event::Started { job: id.to_owned(), run }
            }
            Some(at) if at > run => Event::Started { job: id.to_owned(), run },
            _ => Event::Missing { job: id.to_owned(), run },
        };
        self.answer_account(account, event);
    }

    /// A job is asked whether it knows of a run.
    pub(super) fn ask_run(&mut self, account: &str, id: &str, run: u32) {
        let Some(job) = self.job_named(id) else { return };
        let stored = &self.objects[job].stored;
        let knows = stored.exists() && stored.progress.run >= run;
        let id = id.to_owned();
        self.answer_account(account, if knows { Event::Begun { job: id, run } } else { Event::Missing { job: id, run } });
    }

    fn answer_account(&mut self, account: &str, event: Event) {
        if !self.hits(FaultKind::TurnLost) {
            self.tell_account(account, event);
        }
    }

    /// The operator puts an account on another plan.
    pub(super) fn change_plan(&mut self, account: usize) {
        if self.faults.healed() {
            return;
        }
        let largest = self.clients.iter().map(|client| client.plan.dispatch.accepted.target).max().unwrap_or(1);
        let mut plan = scenario::account_plan(&mut self.chance, largest);
        plan.name = format!("changed at {}", self.now.since(BEGIN));
        self.tell_account(&scenario::account_name(account), Event::Plan(plan));
    }

    /// The alarm of an account rings.
    pub(super) fn ring_account(&mut self, name: &str, generation: u64) {
        let Some(holder) = self.accounts.get_mut(name).filter(|holder| holder.generation == generation) else { return };
        let alarm = holder.alarm.take();
        if self.tell_account(name, Event::Alarm).is_none()
            && let Some(holder) = self.accounts.get_mut(name).filter(|holder| holder.generation == generation)
        {
            // Nothing was stored: the runtime rings again.
            holder.alarm = alarm;
            self.enter_in(RING_AGAIN_MS, Happening::RingAccount { account: name.to_owned(), generation });
        }
    }

    /// Hands an event to an account. `None` when its object died before it could answer, `Some(None)` when there was
    /// nothing to answer.
    fn tell_account(&mut self, name: &str, event: Event) -> Option<Option<Answer>> {
        let dies = self.hits(FaultKind::AccountDies);
        let now = self.now;
        let holder = self.accounts.get_mut(name)?;
        if dies {
            holder.forget();
            return None;
        }
        let now = now.plus(holder.ahead_ms);
        let state = holder.load()?;
        state.handle(event.clone(), now);
        let effects: Vec<Effect> = std::iter::from_fn(|| state.poll()).collect();
        self.trace.note(self.now, || format!("{name}: {event:?}"));
        self.carry_out_of_account(name, &event, effects)
    }

    fn carry_out_of_account(&mut self, name: &str, event: &Event, effects: Vec<Effect>) -> Option<Option<Answer>> {
        let mut answer = None;
        for (place, effect) in effects.into_iter().enumerate() {
            if place > 0 && self.hits(FaultKind::AccountDies) {
                self.accounts.get_mut(name)?.forget();
                return None;
            }
            match effect {
                Effect::Persist(write) if place == 0 => self.persist_account(name, event, write),
                Effect::Persist(_) => self.laws.broken(Law::Rows, 0, || format!("{name} writes rows after another effect")),
                Effect::Answer(said) => answer = Some(said),
                Effect::Start { job, run } => self.send_word(Happening::StartRun { account: name.to_owned(), job, run }),
                Effect::Ask { job, run } => self.send_word(Happening::AskRun { account: name.to_owned(), job, run }),
                Effect::Announce { .. } => self.send_word(Happening::Announce(name.to_owned())),
            }
        }
        Some(answer)
    }

    /// A word of an account sets out, and may get lost or come twice.
    fn send_word(&mut self, word: Happening) {
        if self.hits(FaultKind::TurnLost) {
            return;
        }
        let ms = self.chance.between(1, 40);
        self.enter_in(ms, word);
    }

    pub(super) fn announce(&mut self, name: &str) {
        self.tell_account(name, Event::Announced);
    }

    fn persist_account(&mut self, name: &str, event: &Event, mut write: Write) {
        let Some(holder) = self.accounts.get_mut(name) else { return };
        if let Some(sabotage) = &mut self.sabotage
            && sabotage.account_write(event, &mut write)
        {
            holder.forget();
        }
        holder.take(&write);
        let alarm = match write.alarm {
            Wake::Keep => None,
            Wake::At(at) => Some(Some(at)),
            Wake::Never => Some(None),
        };
        if let Some(alarm) = alarm {
            holder.generation += 1;
            holder.alarm = alarm;
            let (generation, ahead_ms) = (holder.generation, holder.ahead_ms);
            if let Some(at) = alarm {
                let account = name.to_owned();
                self.enter(Time(at.0.saturating_sub(ahead_ms)), Happening::RingAccount { account, generation });
            }
        }
        let Some(holder) = self.accounts.get_mut(name) else { return };
        let now = self.now.plus(holder.ahead_ms);
        if let Some(account) = holder.load() {
            self.laws.account(name, account, matches!(event, Event::Plan(_)), now);
            self.laws.line(name, account, &self.objects);
        }
    }

    fn job_named(&self, id: &str) -> Option<usize> {
        self.clients.iter().position(|client| client.plan.dispatch.id == id)
    }
}
