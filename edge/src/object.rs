//! The object of a job: the one place where its rows are changed.
//!
//! A turn takes one event in, writes what changed, and has no `await` between the two, so that no other
//! request can come in between. Whatever takes time follows afterwards, and may be lost: the rows know of it,
//! and the alarm does it again.

mod store;

use std::cell::RefCell;

use scout_pipeline::expand;
use scout_pipeline::job::{Dispatch, Effect, Event, Job, Plan, PlanRequest, Wake, Write};
use scout_pipeline::protocol::{Message, Queue, Reply, Report};
use serde::Serialize;
use worker::{DurableObject, Env, Request, Response, ScheduledTime, State, console_error, console_log, durable_object};

use crate::clock::now;
use crate::command::{Command, FAILED, JOB_EXISTS, NO_JOB};
use crate::config::Config;
use store::{Store, StoreError};

/// How long after a failed alarm the next one rings, in milliseconds.
const ALARM_AGAIN_MS: u64 = 5_000;

/// One job: its rows in SQLite, and the job they make up while the object is in memory.
#[durable_object(alarm)]
pub struct JobDo {
    state: State,
    env: Env,
    job: RefCell<Option<Job>>,
}

/// What a turn leaves to be done, besides what is written.
#[derive(Debug, Default)]
struct Left {
    alarm: Option<Wake>,
    messages: Vec<Vec<Message>>,
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
        JobDo { state, env, job: RefCell::new(None) }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let command: Command = serde_json::from_str(&request.text().await?)?;
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
    async fn obey(&self, command: Command) -> Result<Response, StoreError> {
        match command {
            Command::Create(dispatch) => self.create(*dispatch).await,
            Command::Tell(report) => self.tell(report).await,
            Command::Status { offset, limit } => self.show(|job| job.status_view(offset, limit, now())),
            Command::View => self.show(|job| job.view(now())),
            Command::Cancel => {
                let left = self.turn(Event::Cancelled)?;
                self.do_the_rest(left).await?;
                self.show(|job| job.view(now()))
            }
            Command::Panic => Ok(self.panic()),
        }
    }

    /// Begins a job. The answer waits for its rows and its alarm, and for nothing else.
    async fn create(&self, dispatch: Dispatch) -> Result<Response, StoreError> {
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

    async fn tell(&self, report: Report) -> Result<Response, StoreError> {
        let mut left = self.turn(Event::Report(report))?;
        let reply = left.reply.take();
        self.do_the_rest(left).await?;
        json(&reply)
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
                Effect::Plan(request) => job.handle(Event::Planned(plan(&request)), now()),
                Effect::Send(messages) => left.messages.push(messages),
                Effect::Reply(reply) => left.reply = Some(reply),
                // Whoever watches asks for the status, and jobs are begun without an account.
                Effect::Publish(_) | Effect::Charge(_) => {}
                Effect::Finish(status) => console_log!("the job {} ended: {status:?}", job.id()),
            }
        }
        *slot = Some(job);
        Ok(left)
    }

    /// Sets the alarm, then sends the messages. The call that sets it is made before anything is waited for,
    /// so that rows and alarm are one transaction of the object's storage.
    async fn do_the_rest(&self, left: Left) -> Result<(), StoreError> {
        if let Some(at) = left.alarm
            && let Err(error) = self.set_alarm(at).await
        {
            self.job.replace(None);
            return Err(StoreError::Storage(error.to_string()));
        }
        for messages in left.messages {
            if let Err(error) = self.send(messages).await {
                console_error!("messages were not sent, the alarm sends them again: {error}");
            }
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

    /// Messages of one effect all go through one queue.
    async fn send(&self, messages: Vec<Message>) -> worker::Result<()> {
        let binding = match messages.first().map(|message| message.queue) {
            Some(Queue::Search) => "SEARCH_QUEUE",
            Some(Queue::Enrich) => "ENRICH_QUEUE",
            None => return Ok(()),
        };
        self.env.queue(binding)?.send_batch(messages).await
    }

    /// Answers with something of the job.
    fn show<T: Serialize>(&self, what: impl FnOnce(&Job) -> T) -> Result<Response, StoreError> {
        let mut slot = self.job.borrow_mut();
        load(&mut slot, &self.store())?;
        slot.as_ref().map_or(Err(StoreError::NoJob), |job| json(&what(job)))
    }

    fn store(&self) -> Store {
        Store::of(&self.state)
    }

    #[allow(clippy::panic, reason = "the test that a panic is an error and not a hang needs one")]
    fn panic(&self) -> Response {
        match Config::of(&self.env) {
            Ok(config) if config.panics => panic!("on purpose, in an object"),
            _ => Response::builder().with_status(NO_JOB).empty(),
        }
    }
}

/// Puts the job together from its rows unless that was done before.
fn load(slot: &mut Option<Job>, store: &Store) -> Result<(), StoreError> {
    if slot.is_none() {
        *slot = Some(Job::load(store.read()?).map_err(StoreError::Corrupt)?.ok_or(StoreError::NoJob)?);
    }
    Ok(())
}

/// Plans a round of keywords by rules, which takes no time.
fn plan(request: &PlanRequest) -> Plan {
    let keywords = expand::rules(&request.given, request.wanted, &request.tried);
    Plan { round: request.round, keywords, note: None }
}

fn json(value: &impl Serialize) -> Result<Response, StoreError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::Storage(error.to_string()))?;
    Ok(Response::builder().fixed(text.into_bytes()))
}

fn refuse(error: &StoreError) -> worker::Result<Response> {
    let status = match error {
        StoreError::NoJob => NO_JOB,
        StoreError::Exists => JOB_EXISTS,
        StoreError::Corrupt(_) | StoreError::Storage(_) => {
            console_error!("a job's object failed: {error}");
            FAILED
        }
    };
    Ok(Response::builder().with_status(status).empty())
}
