//! The object of a job: the one place where its rows are changed.
//!
//! A turn takes one event in, writes what changed, and has no `await` between the two, so that no other
//! request can come in between. Whatever takes time follows afterwards, and may be lost: the rows know of it,
//! and the alarm does it again.

pub(super) mod store;

use std::cell::{Cell, RefCell};

use scout_pipeline::account::{Charge, Search};
use scout_pipeline::job::{Dispatch, Effect, Event, Job, NoRetry, Plan, PlanRequest, Status, Wake, Write};
use scout_pipeline::protocol::{Message, Queue, Reply, Report, lane};
use scout_pipeline::time::Time;
use serde::Serialize;
use worker::wasm_bindgen::JsCast as _;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::worker_sys::DurableObjectState;
use worker::{DurableObject, Env, Request, Response, ScheduledTime, State, console_error, console_log, durable_object};

use crate::account;
use crate::clock::now;
use crate::command::{Command, FAILED, JOB_EXISTS, NO_JOB, NOT_RETRYABLE, Order, TOO_LATE, WAITING};
use crate::config::Config;
use crate::expander::{Expander, Round};
use crate::faults::Faults;
use store::{Store, StoreError};

/// How long after a failed alarm the next one rings, in milliseconds.
const ALARM_AGAIN_MS: u64 = 5_000;

/// One job: its rows in SQLite, and the job they make up while the object is in memory.
#[durable_object(alarm)]
pub struct JobDo {
    state: State,
    /// The same as JavaScript sees it.
    raw: DurableObjectState,
    env: Env,
    job: RefCell<Option<Job>>,
    /// Whose it is, as soon as somebody asked for it.
    owner: RefCell<Option<String>>,
    /// Until when the last round that was given to a consumer may be planned, which no other asking for one shares. A
    /// message that comes twice is not paid for twice.
    taken: Cell<Option<Time>>,
    /// When it came into memory.
    since: Time,
}

#[wasm_bindgen(inline_js = "export function evictSoon(state) { setTimeout(() => state.abort('on purpose'), 10); }")]
extern "C" {
    /// Puts the object out of memory as soon as the present call is answered. Not within it: the runtime then
    /// stops in the middle of the module, which other objects share.
    #[wasm_bindgen(js_name = evictSoon)]
    fn evict_soon(state: &DurableObjectState);
}

/// What a turn leaves to be done, besides what is written.
#[derive(Debug, Default)]
struct Left {
    alarm: Option<Wake>,
    messages: Vec<Vec<Message>>,
    /// Rounds that take time to plan.
    rounds: Vec<u32>,
    /// What the account is told, with where the job stands.
    charges: Vec<(Charge, Status)>,
    reply: Option<Reply>,
}

impl Left {
    /// Of several writes of one turn, the last that says something of the alarm counts.
    fn wake(&mut self, alarm: Wake) {
        if alarm != Wake::Keep {
            self.alarm = Some(alarm);
        }
    }
}

impl DurableObject for JobDo {
    fn new(state: State, env: Env) -> Self {
        let raw = state._inner();
        JobDo {
            state: State::from(raw.clone().unchecked_into::<DurableObjectState>()),
            raw,
            env,
            job: RefCell::new(None),
            owner: RefCell::new(None),
            taken: Cell::new(None),
            since: now(),
        }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let Order { account, command } = serde_json::from_str(&request.text().await?)?;
        if let Err(error) = account.map_or(Ok(()), |account| self.check_owner(&account)) {
            return refuse(&error);
        }
        self.obey(command).await.or_else(|error| refuse(&error))
    }

    async fn alarm(&self) -> worker::Result<Response> {
        match self.ring().await {
            Ok(()) | Err(StoreError::NoJob) => {}
            // Nothing gets better by trying again.
            Err(error @ StoreError::Corrupt(_)) => console_error!("an alarm failed for good: {error}"),
            // The runtime gives an alarm that fails up after a few tries; a job must not end that way.
            Err(error) => {
                console_error!("an alarm failed: {error}");
                self.set_alarm(Wake::At(now().plus(ALARM_AGAIN_MS))).await?;
            }
        }
        Response::empty()
    }
}

impl JobDo {
    /// There is no job for anybody but its owner. Found out before the job is put together from its rows, so that a
    /// foreign one takes no longer than one that there is not.
    fn check_owner(&self, account: &str) -> Result<(), StoreError> {
        let mut owner = self.owner.borrow_mut();
        if owner.is_none() {
            *owner = self.store().owner()?;
        }
        if owner.as_deref() == Some(account) { Ok(()) } else { Err(StoreError::NoJob) }
    }

    async fn obey(&self, command: Command) -> Result<Response, StoreError> {
        match command {
            Command::Create(dispatch) => self.create(*dispatch).await,
            Command::Tell(report) => self.tell(report).await,
            Command::TakeRound { round } => self.take_round(round),
            Command::Planned(plan) => {
                let left = self.turn(Event::Planned(plan))?;
                self.do_the_rest(left).await?;
                json(&())
            }
            Command::Status { offset, limit } => self.status(offset, limit),
            Command::View => self.show(|job| job.view(now())),
            Command::Cancel => {
                let left = self.turn(Event::Cancelled)?;
                self.do_the_rest(left).await?;
                self.show(|job| job.view(now()))
            }
            Command::MayRetry => match self.may_retry()? {
                Ok(search) => json(&search),
                Err(no) => Ok(json(&no)?.with_status(NOT_RETRYABLE)),
            },
            Command::Retry { run, waits, until } => self.retry(run, waits, until).await,
            Command::Admit { run } => self.admit(run).await,
            Command::Knows { run } => self.knows(run).and_then(|_| json(&())),
            Command::Panic => Ok(self.panic()),
            Command::Evict => self.evict(),
        }
    }

    /// Begins a job. The answer waits for its rows and its alarm, and for nothing else.
    async fn create(&self, dispatch: Dispatch) -> Result<Response, StoreError> {
        if dispatch.is_too_late(now()) {
            return Err(StoreError::TooLate);
        }
        let left = {
            let mut slot = self.job.borrow_mut();
            match load(&mut slot, &self.store()) {
                Err(StoreError::NoJob) => {}
                Ok(()) => return Err(StoreError::Exists),
                Err(error) => return Err(error),
            }
            self.store().prepare()?;
            self.carry_out(&mut slot, Job::create(dispatch))?
        };
        self.do_the_rest(left).await?;
        self.show(|job| job.status_view(0, 0, now()))
    }

    /// Begins the run that the account has let in, or says why not. Nothing can come between the question and the event,
    /// because nothing is waited for.
    async fn retry(&self, run: u32, waits: bool, until: Time) -> Result<Response, StoreError> {
        let no = match self.may_retry()? {
            _ if now() > until => return Err(StoreError::TooLate),
            Ok(search) if search.run == run => None,
            // Somebody else has begun it, and it is over already.
            Ok(_) => Some(NoRetry::Running),
            Err(no) => Some(no),
        };
        if let Some(no) = no {
            return Ok(json(&no)?.with_status(NOT_RETRYABLE));
        }
        let left = self.turn(Event::Retried { waits })?;
        self.do_the_rest(left).await?;
        self.show(|job| job.view(now()))
    }

    /// What another run would ask of the account.
    fn may_retry(&self) -> Result<Result<Search, NoRetry>, StoreError> {
        self.look(|job| {
            let delivered = job.creators().len() as u32;
            job.may_retry().map(|_| Search::of(job.dispatch(), job.progress().run + 1, delivered))
        })
    }

    /// Lets a run go on that waits.
    async fn admit(&self, run: u32) -> Result<Response, StoreError> {
        // One that is behind the job has ended without waiting for this.
        if self.knows(run)? == run {
            let left = self.turn(Event::Admitted)?;
            self.do_the_rest(left).await?;
        }
        json(&())
    }

    /// The run that the job is at, if that is this one or a later one.
    fn knows(&self, run: u32) -> Result<u32, StoreError> {
        self.look(|job| job.progress().run)?.checked_sub(run).map(|later| run + later).ok_or(StoreError::NoJob)
    }

    fn status(&self, offset: u32, limit: u32) -> Result<Response, StoreError> {
        let (view, waits) = self.look(|job| (job.status_view(offset, limit, now()), job.progress().held))?;
        let response = json(&view)?;
        Ok(if waits { response.with_status(WAITING) } else { response })
    }

    async fn tell(&self, report: Report) -> Result<Response, StoreError> {
        let mut left = self.turn(Event::Report(report))?;
        let reply = left.reply.take();
        self.do_the_rest(left).await?;
        json(&reply)
    }

    /// Gives a round away to be planned, if it is still wanted and nobody has it.
    fn take_round(&self, round: u32) -> Result<Response, StoreError> {
        self.show(|job| {
            let wanted = job.plan_request().filter(|request| request.round == round && !request.again);
            wanted.filter(|request| self.taken.replace(Some(request.until)) != Some(request.until))
        })
    }

    async fn ring(&self) -> Result<(), StoreError> {
        let left = self.turn(Event::Alarm)?;
        self.do_the_rest(left).await
    }

    /// Takes one event in and writes what follows from it.
    fn turn(&self, event: Event) -> Result<Left, StoreError> {
        let mut slot = self.job.borrow_mut();
        load(&mut slot, &self.store())?;
        let Some(mut job) = slot.take() else { return Err(StoreError::NoJob) };
        job.handle(event, now());
        self.carry_out(&mut slot, job)
    }

    /// Carries out what a job wants. The job is kept only if everything was written: one that was not is put
    /// together again from its rows by the next event.
    fn carry_out(&self, slot: &mut Option<Job>, mut job: Job) -> Result<Left, StoreError> {
        let store = self.store();
        let mut left = Left::default();
        while let Some(effect) = job.poll() {
            match effect {
                Effect::Persist(Write { rows, alarm }) => {
                    store.write(&rows)?;
                    left.wake(alarm);
                }
                Effect::Plan(request) => match self.plan_at_once(&request) {
                    Some(plan) => job.handle(Event::Planned(plan), now()),
                    None => left.rounds.push(request.round),
                },
                Effect::Send(messages) => left.messages.push(messages),
                Effect::Reply(reply) => left.reply = Some(reply),
                Effect::Charge(charge) => left.charges.push((charge, job.status())),
                // Whoever watches asks for the status.
                Effect::Publish(_) => {}
                Effect::Finish(status) => console_log!("the job {} ended: {status:?}", job.id()),
            }
        }
        *slot = Some(job);
        Ok(left)
    }

    /// Does what takes time, and tells the account what it owes. An account that can't be reached is no fault of the
    /// job's: the alarm tells it again.
    async fn do_the_rest(&self, left: Left) -> Result<(), StoreError> {
        let mut charges = self.send_what_is_left(left).await?;
        while let Some((charge, status)) = charges.pop() {
            match account::charge(&self.env, charge.clone(), status).await {
                Ok(()) => {
                    let left = self.turn(Event::Charged(charge))?;
                    charges.extend(self.send_what_is_left(left).await?);
                }
                Err(error) => console_error!("an account was not told of a charge, the alarm tells it again: {error}"),
            }
        }
        Ok(())
    }

    /// Sets the alarm, then sends the messages; gives the charges that are left. The call that sets it is made before
    /// anything is waited for, so that rows and alarm are one transaction of the object's storage.
    async fn send_what_is_left(&self, left: Left) -> Result<Vec<(Charge, Status)>, StoreError> {
        if let Some(at) = left.alarm
            && let Err(error) = self.set_alarm(at).await
        {
            self.job.replace(None);
            return Err(StoreError::Storage(error.to_string()));
        }
        for round in left.rounds {
            if let Err(error) = self.send_round(round).await {
                console_error!("a round of keywords could not be given away, rules plan it when its time is up: {error}");
            }
        }
        for messages in left.messages {
            if let Err(error) = self.send(messages).await {
                console_error!("messages were not sent, the alarm sends them again: {error}");
            }
        }
        Ok(left.charges)
    }

    async fn set_alarm(&self, alarm: Wake) -> worker::Result<()> {
        let storage = self.state.storage();
        match alarm {
            Wake::Keep => Ok(()),
            Wake::At(at) => storage.set_alarm(ScheduledTime::new(worker::js_sys::Date::new(&(at.0 as f64).into()))).await,
            Wake::Never => storage.delete_alarm().await,
        }
    }

    /// Messages of one effect all go through one queue, and those of one account through one lane of it.
    async fn send(&self, messages: Vec<Message>) -> worker::Result<()> {
        let Some(queue) = messages.first().map(|message| message.queue) else { return Ok(()) };
        let lane = lane(self.job.borrow().as_ref().and_then(|job| job.dispatch().account.as_deref()));
        let queue = self.env.queue(&binding(queue, lane))?;
        if self.faults().send_twice {
            queue.send_batch(messages.clone()).await?;
        }
        queue.send_batch(messages).await
    }

    /// Has a consumer plan a round.
    async fn send_round(&self, round: u32) -> worker::Result<()> {
        let Some(job) = self.job.borrow().as_ref().map(|job| job.id().to_owned()) else { return Ok(()) };
        let queue = self.env.queue("EXPAND_QUEUE")?;
        let message = Round { job, round };
        if self.faults().send_twice {
            queue.send(message.clone()).await?;
        }
        queue.send(message).await
    }

    fn plan_at_once(&self, request: &PlanRequest) -> Option<Plan> {
        // Nothing is begun without a configuration; what was begun with one goes on.
        match Config::of(&self.env) {
            Ok(config) => config.expander.at_once(request).ok(),
            Err(_) => Expander::Rules.at_once(request).ok(),
        }
    }

    /// Answers with something of the job.
    fn show<T: Serialize>(&self, what: impl FnOnce(&Job) -> T) -> Result<Response, StoreError> {
        self.look(what).and_then(|value| json(&value))
    }

    fn look<T>(&self, what: impl FnOnce(&Job) -> T) -> Result<T, StoreError> {
        let mut slot = self.job.borrow_mut();
        load(&mut slot, &self.store())?;
        slot.as_ref().map(what).ok_or(StoreError::NoJob)
    }

    fn store(&self) -> Store {
        Store::of(&self.state)
    }

    #[allow(clippy::panic, reason = "the test that a panic is an error and not a hang needs one")]
    fn panic(&self) -> Response {
        match self.faults().routes {
            true => panic!("on purpose, in an object"),
            false => Response::builder().with_status(NO_JOB).empty(),
        }
    }

    /// Answers with the time since when the object has been in memory, by which one is told from the next.
    fn evict(&self) -> Result<Response, StoreError> {
        match self.faults().routes {
            true => evict_soon(&self.raw),
            false => return Ok(Response::builder().with_status(NO_JOB).empty()),
        }
        json(&self.since)
    }

    fn faults(&self) -> Faults {
        Config::of(&self.env).map(|config| config.faults.clone()).unwrap_or_default()
    }
}

/// Puts the job together from its rows unless that was done before.
fn load(slot: &mut Option<Job>, store: &Store) -> Result<(), StoreError> {
    if slot.is_none() {
        *slot = Some(Job::load(store.read()?).map_err(StoreError::Corrupt)?.ok_or(StoreError::NoJob)?);
    }
    Ok(())
}

/// The binding of a lane of a queue.
fn binding(queue: Queue, lane: u32) -> String {
    match queue {
        Queue::Search => format!("SEARCH_QUEUE_{lane}"),
        Queue::Enrich => format!("ENRICH_QUEUE_{lane}"),
    }
}

fn json(value: &impl Serialize) -> Result<Response, StoreError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::Storage(error.to_string()))?;
    Ok(Response::builder().fixed(text.into_bytes()))
}

fn refuse(error: &StoreError) -> worker::Result<Response> {
    let status = match error {
        StoreError::NoJob => NO_JOB,
        StoreError::Exists => JOB_EXISTS,
        StoreError::TooLate => TOO_LATE,
        StoreError::Corrupt(_) | StoreError::Storage(_) => {
            console_error!("a job's object failed: {error}");
            FAILED
        }
    };
    Ok(Response::builder().with_status(status).empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use scout_pipeline::limits::LANES;

    #[test]
    fn every_lane_of_every_queue_is_bound_and_consumed() {
        let configuration = include_str!("../../../wrangler.toml");
        let stands = |line: String| configuration.lines().filter(|one| *one == line).count();
        for (queue, name) in [(Queue::Search, "scout-search"), (Queue::Enrich, "scout-enrich")] {
            for lane in 0..LANES {
                assert_eq!(stands(format!("binding = \"{}\"", binding(queue, lane))), 1);
                assert_eq!(stands(format!("queue = \"{name}-{lane}\"")), 2, "a producer and a consumer of {name}-{lane}");
            }
        }
    }
}
