//! Looking into the cache: 16 objects, each of which keeps what begins with one digit.

use std::collections::BTreeMap;

use futures::future::join_all;
use scout_pipeline::cache::{Key, Kind, Lives, Looked, Settled};
use scout_pipeline::ports::Cache;
use scout_pipeline::time::Time;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::{Env, console_error};

use crate::link;

/// One request to an object of the cache. It travels as JSON in a `POST`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CacheCommand {
    /// What is there under these keys? Answered with a [`Looked`] for each.
    Look {
        /// What they are.
        kind: Kind,
        /// The keys.
        keys: Vec<Key>,
        /// How old a value may be, in seconds.
        max_age_s: Option<u32>,
    },
    /// These claims are over; answered with nothing.
    Settle(Vec<Ended>),
}

/// A claim that is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ended {
    /// What came of it.
    pub(crate) settled: Settled,
    /// How long that is given again, in seconds.
    pub(crate) life_s: u32,
}

/// The way to all objects of the cache.
#[derive(Debug)]
pub(crate) struct Shelves<'a> {
    env: &'a Env,
    lives: Lives,
}

impl<'a> Shelves<'a> {
    /// The way there, with how long values live.
    pub(crate) fn new(env: &'a Env, lives: Lives) -> Self {
        Shelves { env, lives }
    }

    async fn tell<T: DeserializeOwned>(&self, shard: u8, command: &CacheCommand) -> Option<T> {
        let answered = link::ask(self.env, "CACHE", &format!("{shard:x}"), command).await.map_err(|error| error.to_string());
        let read = answered.and_then(|answered| match answered.status {
            200 => serde_json::from_str(&answered.body).map_err(|error| format!("its answer can't be read: {error}")),
            status => Err(format!("it answered {status}")),
        });
        read.inspect_err(|error| console_error!("the cache is done without: {error}")).ok()
    }
}

impl Cache for Shelves<'_> {
    async fn look(&self, kind: Kind, keys: &[Key], max_age_s: Option<u32>, _: Time) -> Vec<Looked> {
        let mut looked: Vec<Looked> = keys.iter().map(|_| Looked::Off).collect();
        if !self.lives.keeps(kind) {
            return looked;
        }
        let shards = by_shard(keys.iter().copied().enumerate(), |(_, key)| *key);
        let asked = shards.into_iter().map(async |(shard, places)| {
            let keys = places.iter().map(|(_, key)| *key).collect();
            let answers: Option<Vec<Looked>> = self.tell(shard, &CacheCommand::Look { kind, keys, max_age_s }).await;
            places.into_iter().map(|(place, _)| place).zip(answers.unwrap_or_default()).collect::<Vec<_>>()
        });
        for (place, answer) in join_all(asked).await.into_iter().flatten() {
            if let Some(slot) = looked.get_mut(place) {
                *slot = answer;
            }
        }
        looked
    }

    async fn settle(&self, settled: Vec<Settled>, _: Time) {
        let ended = settled.into_iter().map(|settled| {
            let life_s = settled.value.as_ref().map_or(0, |value| self.lives.of(value));
            Ended { settled, life_s }
        });
        let shards = by_shard(ended, |ended| ended.settled.key);
        join_all(shards.into_iter().map(async |(shard, ended)| self.tell::<()>(shard, &CacheCommand::Settle(ended)).await)).await;
    }
}

fn by_shard<T>(all: impl IntoIterator<Item = T>, key: impl Fn(&T) -> Key) -> BTreeMap<u8, Vec<T>> {
    let mut shards: BTreeMap<u8, Vec<T>> = BTreeMap::new();
    for one in all {
        shards.entry(key(&one).shard()).or_default().push(one);
    }
    shards
}
