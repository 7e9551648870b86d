//! The way to the objects that keep API keys: `account/ID` has the keys of an account, `key/PREFIX` those that begin
//! with a prefix. Both are of the same class; `scout_pipeline::auth` says why there are two.

use futures::future::try_join_all;
use scout_pipeline::auth::{ApiKey, Entry, KeyHash, KeyInfo};
use scout_pipeline::time::Time;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::{Env, Error};

use crate::link::{Answered, ask};

/// One request to an object that keeps keys. It travels as JSON in a `POST`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeysCommand {
    /// The keys of the account; answered with a list of [`KeyInfo`].
    List,
    /// The account has one more key; answered with nothing, or [`FULL`].
    Add(KeyInfo),
    /// The account has this key no more; answered with nothing.
    Remove {
        /// The key's id.
        id: String,
    },
    /// This key opens from now on; answered with nothing.
    Hang(Entry),
    /// This key opens no more; answered with nothing.
    TakeOff {
        /// The key's id.
        id: String,
    },
    /// Whose is the key of this hash? Answered with the account's id, or with nothing.
    Enter {
        /// The hash.
        hash: KeyHash,
    },
    /// When was this key used? Answered with the time, or with nothing.
    UsedAt {
        /// The key's id.
        id: String,
    },
}

/// The account has as many keys as it can have.
pub(crate) const FULL: u16 = 409;

/// A key as it is listed: when it was used as well.
pub(crate) type Listed = (KeyInfo, Option<Time>);

/// The API keys of all accounts.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    env: &'a Env,
}

impl<'a> Keys<'a> {
    /// The way to them.
    pub(crate) fn new(env: &'a Env) -> Self {
        Keys { env }
    }

    /// The account that a key is of; nothing, where it is not in force.
    pub(crate) async fn enter(&self, key: &ApiKey) -> worker::Result<Option<String>> {
        self.ask(&door(key.prefix()), &KeysCommand::Enter { hash: key.hash() }).await
    }

    /// The keys of an account, each with when it was used.
    pub(crate) async fn list(&self, account: &str) -> worker::Result<Vec<Listed>> {
        let keys: Vec<KeyInfo> = self.ask(&ring(account), &KeysCommand::List).await?;
        try_join_all(keys.into_iter().map(|key| async move {
            let used = self.ask(&door(&key.prefix), &KeysCommand::UsedAt { id: key.id.clone() }).await?;
            Ok((key, used))
        }))
        .await
    }

    /// Puts a new key in force. Says whether it is: an account can't have more than so many. One that was revoked while
    /// this was under way is taken off again, so that no key opens that is not listed.
    pub(crate) async fn make(&self, account: &str, info: KeyInfo, key: &ApiKey) -> worker::Result<bool> {
        let entry = Entry { hash: key.hash(), id: info.id.clone(), account: account.to_owned(), used_at: None };
        let answered = self.send(&ring(account), &KeysCommand::Add(info)).await?;
        if answered.status == FULL {
            return Ok(false);
        }
        read::<()>(&answered)?;
        let id = entry.id.clone();
        let () = self.ask(&door(key.prefix()), &KeysCommand::Hang(entry)).await?;
        let listed: Vec<KeyInfo> = self.ask(&ring(account), &KeysCommand::List).await?;
        if !listed.iter().any(|key| key.id == id) {
            let () = self.ask(&door(key.prefix()), &KeysCommand::TakeOff { id }).await?;
        }
        Ok(true)
    }

    /// Takes a key out of force, at once and for good. Says whether the account had it.
    pub(crate) async fn revoke(&self, account: &str, id: &str) -> worker::Result<bool> {
        let keys: Vec<KeyInfo> = self.ask(&ring(account), &KeysCommand::List).await?;
        let Some(key) = keys.into_iter().find(|key| key.id == id) else { return Ok(false) };
        let take_off = KeysCommand::TakeOff { id: key.id.clone() };
        let () = self.ask(&door(&key.prefix), &take_off).await?;
        let () = self.ask(&ring(account), &KeysCommand::Remove { id: key.id }).await?;
        // It may have been put in force in between by whoever is just making it.
        let () = self.ask(&door(&key.prefix), &take_off).await?;
        Ok(true)
    }

    async fn ask<T: DeserializeOwned>(&self, object: &str, command: &KeysCommand) -> worker::Result<T> {
        read(&self.send(object, command).await?)
    }

    async fn send(&self, object: &str, command: &KeysCommand) -> worker::Result<Answered> {
        ask(self.env, "KEYS", object, command).await
    }
}

fn read<T: DeserializeOwned>(answered: &Answered) -> worker::Result<T> {
    match answered.status {
        200 => Ok(serde_json::from_str(&answered.body)?),
        status => Err(Error::RustError(format!("an object that keeps keys answered {status}"))),
    }
}

fn ring(account: &str) -> String {
    format!("account/{account}")
}

fn door(prefix: &str) -> String {
    format!("key/{prefix}")
}
