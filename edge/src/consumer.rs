//! Consuming queues: messages that name tasks, and messages that were given up.

use futures::future::join_all;
use scout_pipeline::drive::{self, Desk, Installed};
use scout_pipeline::job::PlanRequest;
use scout_pipeline::ports::{JobLink as _, LinkError};
use scout_pipeline::protocol::{Message, Queue, Report};
use scout_pipeline::token::Tokens;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::js_sys::Reflect;
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::worker_sys;
use worker::{Env, console_error, console_warn};

use crate::adapters::{Glued, installed};
use crate::cache::Shelves;
use crate::client::Client;
use crate::clock::now;
use crate::command::Command;
use crate::config::Config;
use crate::expander::{self, Round};
use crate::link::Link;
use crate::permits::Office;
use crate::tokens;

/// How the name of the queue ends that carries rounds of keywords.
const ROUNDS: &str = "expand";

/// How the name of the queue ends to which messages go that could not be processed.
const DEAD_LETTERS: &str = "dead-letter";

/// A message that makes the consumer panic the first time it comes, where the configuration allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PanicOrder {
    /// Where to panic; says to people in a dead-letter queue what this was.
    pub(crate) panic: String,
}

/// Works through a batch, all of its messages at the same time. Each is acknowledged or given back on its own.
pub(crate) async fn consume(batch: &worker_sys::MessageBatch, env: &Env) -> Result<(), JsValue> {
    let messages = batch.messages()?;
    let tokens = tokens::of_this_isolate();
    let letter = |message: JsValue| Letter { inner: message.unchecked_into(), env, tokens: &tokens };
    let mut letters: Vec<Letter<'_>> = messages.iter().map(letter).collect();
    let queue = String::from(batch.queue()?);
    if queue.ends_with(DEAD_LETTERS) {
        return join_all(letters.iter().map(Letter::bury)).await.into_iter().collect();
    }
    if queue.ends_with(ROUNDS) {
        return join_all(letters.iter().map(Letter::plan)).await.into_iter().collect();
    }
    match letters.iter().map(Letter::attempts).max().unwrap_or(1) {
        ..=1 => join_all(letters.iter().map(Letter::work)).await.into_iter().collect(),
        attempts => {
            if attempts % 2 == 1 {
                letters.reverse();
            }
            one_by_one(&letters).await
        }
    }
}

/// Works through a batch that came before. A message at which the module fails ends the whole call, and what
/// came after it has to wait for the next attempt: as the order is turned round each time, one such message
/// never takes the others with it into the dead letters.
async fn one_by_one(letters: &[Letter<'_>]) -> Result<(), JsValue> {
    for letter in letters {
        letter.work().await?;
    }
    Ok(())
}

/// A message of a batch.
struct Letter<'a> {
    inner: worker_sys::Message,
    env: &'a Env,
    tokens: &'a Tokens,
}

impl Letter<'_> {
    /// Works on the task that it names.
    async fn work(&self) -> Result<(), JsValue> {
        let Some(message) = self.read::<Message>()? else { return self.inner.ack() };
        let Ok(config) = Config::of(self.env) else { return self.retry("Scout is not configured") };
        config.faults.panic_at(message.task);
        let adapters = installed(self.env, &config);
        let find = |platform: &str| adapters.iter().find(|installed: &&Installed<Glued>| installed.manifest.platform == platform);
        let (permits, cache) = (Office::new(self.env), Shelves::new(self.env, config.lives));
        let desk = Desk { http: &Client, find, tokens: self.tokens, clock: || now().0, permits: &permits, cache: &cache };
        let link = Link::new(self.env, &message.job);
        self.settle(drive::work(&message, &link, &desk).await.map(drop))
    }

    /// Plans the round of keywords that it names, if that is still wanted and nobody else has it. It is always
    /// acknowledged: what gets lost here, rules plan when its time is up.
    async fn plan(&self) -> Result<(), JsValue> {
        let (Some(Round { job, round }), Ok(config)) = (self.read::<Round>()?, Config::of(self.env)) else { return self.inner.ack() };
        let link = Link::new(self.env, &job);
        let planned = async {
            let request: Option<PlanRequest> = link.asked(&Command::TakeRound { round }).await?;
            let Some(request) = request else { return Ok(()) };
            let plan = expander::plan(&config.expander, self.env, &request).await;
            link.asked(&Command::Planned(plan)).await
        };
        if let Err::<(), LinkError>(error) = planned.await {
            console_warn!("a round of keywords is not planned: {error}");
        }
        self.inner.ack()
    }

    /// Tells the job that the message was given up, so that its task ends.
    async fn bury(&self) -> Result<(), JsValue> {
        let Some(message) = self.read::<Message>()? else { return self.inner.ack() };
        let detail = match message.queue {
            Queue::Search => "the message of this keyword could not be processed",
            Queue::Enrich => "the message of these profiles could not be processed",
        };
        let report = Report::DeadLettered { task: message.task, fence: message.fence, detail: detail.into() };
        self.settle(Link::new(self.env, &message.job).tell(report).await.map(drop))
    }

    fn settle(&self, result: Result<(), LinkError>) -> Result<(), JsValue> {
        match result {
            Ok(()) => self.inner.ack(),
            Err(error) => self.retry(&error.to_string()),
        }
    }

    fn retry(&self, why: &str) -> Result<(), JsValue> {
        console_warn!("a message goes back to its queue: {why}");
        self.inner.retry(JsValue::NULL)
    }

    /// What the message says; `None` for one that never will say anything.
    fn read<T: DeserializeOwned>(&self) -> Result<Option<T>, JsValue> {
        let body = self.inner.body()?;
        match serde_wasm_bindgen::from_value(body.clone()) {
            Ok(message) => Ok(Some(message)),
            Err(error) => {
                self.panic_if_ordered(body);
                console_error!("a message can't be read and is dropped: {error}");
                Ok(None)
            }
        }
    }

    #[allow(clippy::panic, reason = "the test that a panic is an error and not a hang needs one")]
    fn panic_if_ordered(&self, body: JsValue) {
        let allowed = Config::of(self.env).is_ok_and(|config| config.faults.routes);
        if allowed && serde_wasm_bindgen::from_value::<PanicOrder>(body).is_ok() && self.attempts() == 1 {
            panic!("on purpose, in a consumer");
        }
    }

    /// Which attempt this is, from 1. A runtime that doesn't say gives every message for the first time.
    fn attempts(&self) -> u32 {
        let attempts = Reflect::get(&self.inner, &"attempts".into()).ok().and_then(|attempts| attempts.as_f64());
        attempts.map_or(1, |attempts| attempts as u32)
    }
}
