//! The object that keeps API keys: those of one account, or those that begin with one prefix. What is asked of it
//! decides which, and its name is chosen so that it is asked of one only.
//!
//! Every command is carried out without an `await`, so that none comes in between another's reading and writing: a key
//! that is revoked opens nothing from the answer on. Whoever asks for a key that there is not leaves nothing behind.

use scout_pipeline::auth::{Door, Entered, Entry, KeyInfo, KeyRing};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::clock::now;
use crate::keys::{FULL, KeysCommand};

/// Keys in SQLite: one row each, by the key's id. Ids sort by time.
#[durable_object]
pub struct KeysDo {
    state: State,
}

const CREATE: &str = "CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID";
const EXISTS: &str = "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND name = 'keys'";
const READ: &str = "SELECT value FROM keys ORDER BY id";
const WRITE: &str = "INSERT OR REPLACE INTO keys (id, value) VALUES (?, ?)";
const DELETE: &str = "DELETE FROM keys WHERE id = ?";

#[derive(Deserialize)]
struct Row {
    value: String,
}

impl DurableObject for KeysDo {
    fn new(state: State, _env: Env) -> Self {
        KeysDo { state }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let command = serde_json::from_str(&request.text().await?)?;
        self.obey(command)
    }
}

impl KeysDo {
    fn obey(&self, command: KeysCommand) -> worker::Result<Response> {
        match command {
            KeysCommand::List => json(&self.read::<KeyInfo>()?),
            KeysCommand::Add(key) => {
                let mut ring = KeyRing(self.read()?);
                match ring.add(key.clone()) {
                    Ok(()) => self.write(&key.id, &key),
                    Err(_) => Ok(Response::builder().with_status(FULL).empty()),
                }
            }
            KeysCommand::Hang(entry) => self.write(&entry.id, &entry),
            KeysCommand::Remove { id } | KeysCommand::TakeOff { id } => self.delete(id),
            KeysCommand::Enter { hash } => match Door(self.read()?).enter(hash, now()) {
                Some(Entered { account, write }) => {
                    if let Some(entry) = write {
                        self.write(&entry.id, &entry)?;
                    }
                    json(&Some(account))
                }
                None => json(&None::<String>),
            },
            KeysCommand::UsedAt { id } => {
                let entries: Vec<Entry> = self.read()?;
                json(&entries.into_iter().find(|entry| entry.id == id).and_then(|entry| entry.used_at))
            }
        }
    }

    fn read<T: DeserializeOwned>(&self) -> worker::Result<Vec<T>> {
        let sql = self.state.storage().sql();
        if sql.exec(EXISTS, None)?.to_array::<Row>()?.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<Row> = sql.exec(READ, None)?.to_array()?;
        rows.iter().map(|row| Ok(serde_json::from_str(&row.value)?)).collect()
    }

    fn write(&self, id: &str, value: &impl Serialize) -> worker::Result<Response> {
        let sql = self.state.storage().sql();
        sql.exec(CREATE, None)?;
        sql.exec(WRITE, vec![id.into(), serde_json::to_string(value)?.into()])?;
        json(&())
    }

    fn delete(&self, id: String) -> worker::Result<Response> {
        let sql = self.state.storage().sql();
        if !sql.exec(EXISTS, None)?.to_array::<Row>()?.is_empty() {
            sql.exec(DELETE, vec![id.into()])?;
        }
        json(&())
    }
}

fn json(value: &impl Serialize) -> worker::Result<Response> {
    Ok(Response::builder().fixed(serde_json::to_string(value)?.into_bytes()))
}
