//! The object of an account: the one place where its plan, its ledger and its line are changed.
//!
//! A turn takes one event in, writes what changed, and has no `await` between the two. Whatever is said to others
//! comes of the alarm, so that nobody who asks something waits for it.

mod store;

use std::cell::{Cell, RefCell};

use futures::future::join_all;
use scout_pipeline::account::{Account, Answer, Effect, Event, Meter, Page};
use scout_pipeline::job::Wake;
use serde::Serialize;
use worker::{DurableObject, Env, Request, Response, ScheduledTime, State, console_error, durable_object};

use crate::account::{AccountCommand, AccountOrder, LedgerPage, Numbered};
use crate::clock::now;
use crate::command::{Command, FAILED, NO_JOB};
use crate::config::Config;
use crate::link::Link;
use crate::operator::{Listed, announce};
use store::{Store, StoreError};

/// How long after a failed alarm the next one rings, in milliseconds.
const ALARM_AGAIN_MS: u64 = 5_000;

/// One account: its rows in SQLite, and the account they make up while the object is in memory.
#[durable_object(alarm)]
pub struct AccountDo {
    state: State,
    env: Env,
    account: RefCell<Option<Account>>,
    /// How many requests it has made. It is kept in memory alone: an object goes out of it when nobody asks for anything, and
    /// then the requests of a minute soon have come back anyway.
    requests: Cell<Meter>,
}

/// What a turn leaves to be done, besides what is written.
#[derive(Debug, Default)]
struct Left {
    alarm: Option<Wake>,
    answer: Option<Answer>,
    /// What is said to others.
    calls: Vec<Effect>,
}

impl DurableObject for AccountDo {
    fn new(state: State, env: Env) -> Self {
        AccountDo { state, env, account: RefCell::new(None), requests: Cell::default() }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let order: AccountOrder = serde_json::from_str(&request.text().await?)?;
        self.obey(order).await.or_else(|error| refuse(&error))
    }

    async fn alarm(&self) -> worker::Result<Response> {
        match self.ring().await {
            Ok(()) => {}
            // Nothing gets better by trying again.
            Err(error @ StoreError::Corrupt(_)) => console_error!("an account's alarm failed for good: {error}"),
            Err(error) => {
                console_error!("an account's alarm failed: {error}");
                self.set_alarm(Wake::At(now().plus(ALARM_AGAIN_MS))).await?;
            }
        }
        Response::empty()
    }
}

impl AccountDo {
    async fn obey(&self, AccountOrder { account: id, command }: AccountOrder) -> Result<Response, StoreError> {
        match command {
            AccountCommand::Validate(search) => self.answer(&id, Event::Validate(search)).await,
            AccountCommand::Charge { charge, status } => self.answer(&id, Event::Charge { charge, status }).await,
            AccountCommand::Plan(plan) => {
                self.hear(&id, Event::Plan(plan)).await?;
                self.show(&id, |account| account.usage(now()))
            }
            AccountCommand::Usage => self.show(&id, |account| account.usage(now())),
            AccountCommand::Known => self.show(&id, |account| account.is_known().then(|| account.usage(now()))),
            AccountCommand::Jobs { cursor, limit } => self.show(&id, |account| account.jobs(cursor, limit as usize)),
            AccountCommand::Place { job } => self.show(&id, |account| account.place(&job)),
            AccountCommand::Requests(spent) => self.show(&id, |account| {
                let mut meter = self.requests.get();
                let allowed = meter.answer(spent, account.plan().requests_per_minute, now());
                self.requests.set(meter);
                allowed
            }),
            AccountCommand::Ledger { cursor, limit } => {
                let pages = self.store().ledger()?;
                self.show(&id, |account| account.is_known().then(|| ledger_page(account, &pages, cursor, limit as usize)))
            }
        }
    }

    async fn answer(&self, id: &str, event: Event) -> Result<Response, StoreError> {
        match self.hear(id, event).await? {
            Some(Answer::Validated(answer)) => json(&answer),
            Some(Answer::Settled(settled)) => json(&settled),
            None => Err(StoreError::Storage("a question was not answered".to_owned())),
        }
    }

    /// Takes one event in, writes what follows from it, and sets the alarm. The call that sets it is made before anything
    /// is waited for, so that rows and alarm are one transaction of the object's storage.
    async fn hear(&self, id: &str, event: Event) -> Result<Option<Answer>, StoreError> {
        let left = self.turn(id, event)?;
        self.wake(left.alarm).await?;
        Ok(left.answer)
    }

    async fn ring(&self) -> Result<(), StoreError> {
        // Only an account that was used has an alarm, and its rows know its name.
        let left = self.turn("", Event::Alarm)?;
        self.wake(left.alarm).await?;
        let said = join_all(left.calls.into_iter().map(|effect| self.say(effect))).await;
        for event in said.into_iter().flatten() {
            self.hear("", event).await?;
        }
        Ok(())
    }

    /// Says something to a job or to the operator's list; gives what it answered. Nothing where it did not: the alarm says
    /// it again.
    async fn say(&self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Start { job, run } => match self.ask_job(&job, Command::Admit { run }).await? {
                true => Some(Event::Started { job, run }),
                false => Some(Event::Missing { job, run }),
            },
            Effect::Ask { job, run } => match self.ask_job(&job, Command::Knows { run }).await? {
                true => Some(Event::Begun { job, run }),
                false => Some(Event::Missing { job, run }),
            },
            Effect::Announce { account, plan, since } => match announce(&self.env, Listed { account, plan, since }).await {
                Ok(()) => Some(Event::Announced),
                Err(error) => {
                    console_error!("the list of accounts was not told of one, the alarm tells it again: {error}");
                    None
                }
            },
            Effect::Persist(_) | Effect::Answer(_) => None,
        }
    }

    /// Whether there is such a run; nothing where the job did not say.
    async fn ask_job(&self, job: &str, command: Command) -> Option<bool> {
        match Link::new(&self.env, job).ask(&command).await.map(|answered| answered.status) {
            Ok(200) => Some(true),
            Ok(NO_JOB) => Some(false),
            Ok(status) => {
                console_error!("the job {job} answered its account with {status}, the alarm asks it again");
                None
            }
            Err(error) => {
                console_error!("the job {job} gave its account no answer, the alarm asks it again: {error}");
                None
            }
        }
    }

    fn turn(&self, id: &str, event: Event) -> Result<Left, StoreError> {
        let mut slot = self.account.borrow_mut();
        self.load(&mut slot, id)?;
        // The account is kept only if everything was written: one that was not is put together again from its rows.
        let Some(mut account) = slot.take() else { return Ok(Left::default()) };
        account.handle(event, now());
        let (store, mut left) = (self.store(), Left::default());
        while let Some(effect) = account.poll() {
            match effect {
                Effect::Persist(write) => {
                    store.write(&write)?;
                    left.alarm = Some(write.alarm);
                }
                Effect::Answer(answer) => left.answer = Some(answer),
                effect => left.calls.push(effect),
            }
        }
        *slot = Some(account);
        Ok(left)
    }

    async fn wake(&self, alarm: Option<Wake>) -> Result<(), StoreError> {
        let Some(alarm) = alarm else { return Ok(()) };
        if let Err(error) = self.set_alarm(alarm).await {
            self.account.replace(None);
            return Err(error.into());
        }
        Ok(())
    }

    async fn set_alarm(&self, alarm: Wake) -> worker::Result<()> {
        let storage = self.state.storage();
        match alarm {
            Wake::Keep => Ok(()),
            Wake::At(at) => storage.set_alarm(ScheduledTime::new(worker::js_sys::Date::new(&(at.0 as f64).into()))).await,
            Wake::Never => storage.delete_alarm().await,
        }
    }

    /// Answers with something of the account.
    fn show<T: Serialize>(&self, id: &str, what: impl FnOnce(&Account) -> T) -> Result<Response, StoreError> {
        let mut slot = self.account.borrow_mut();
        self.load(&mut slot, id)?;
        slot.as_ref().map_or(Err(StoreError::Unconfigured), |account| json(&what(account)))
    }

    /// Puts the account together from its rows unless that was done before.
    fn load(&self, slot: &mut Option<Account>, id: &str) -> Result<(), StoreError> {
        if slot.is_none() {
            let config = Config::of(&self.env).map_err(|_| StoreError::Unconfigured)?;
            let account = Account::load(id, self.store().read()?, &config.plans, config.initial_plan(id));
            *slot = Some(account.map_err(StoreError::Corrupt)?);
        }
        Ok(())
    }

    fn store(&self) -> Store {
        Store::of(&self.state)
    }
}

/// Some entries of a ledger from a number on. Rows before the oldest that is kept had as many entries as every full one.
fn ledger_page(account: &Account, pages: &[Page], cursor: u32, limit: usize) -> LedgerPage {
    let first = account.first_posting();
    let postings = pages.iter().flat_map(|page| &page.postings);
    let mut numbered = (first..).zip(postings).filter(|(number, _)| *number >= cursor);
    let entries = numbered.by_ref().take(limit).map(|(number, posting)| Numbered { number, posting: posting.clone() }).collect();
    let next_cursor = numbered.next().map(|(number, _)| number.to_string());
    LedgerPage { entries, next_cursor, check: account.check(pages) }
}

fn json(value: &impl Serialize) -> Result<Response, StoreError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::Storage(error.to_string()))?;
    Ok(Response::builder().fixed(text.into_bytes()))
}

fn refuse(error: &StoreError) -> worker::Result<Response> {
    console_error!("an account's object failed: {error}");
    Ok(Response::builder().with_status(FAILED).empty())
}
