//! An object of the cache: values in SQLite, and in memory which there are and who calls for what.

use std::cell::{Cell, RefCell};

use scout_pipeline::cache::{Found, Key, Looked, Settled, Shelf, Slot, Value};
use scout_pipeline::time::Time;
use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, ScheduledTime, SqlStorage, SqlStorageValue, State, console_error, durable_object};

use crate::cache::{CacheCommand, Ended};
use crate::clock::now;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL, \
                      bytes INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID";
const INDEX: &str = "SELECT key, since, until, bytes FROM kept";
const READ: &str = "SELECT value FROM kept WHERE key = ?";
const WRITE: &str = "INSERT OR REPLACE INTO kept (key, since, until, bytes, value) VALUES (?, ?, ?, ?, ?)";
const DELETE: &str = "DELETE FROM kept WHERE key = ?";

/// How often values that are over are swept away, in milliseconds. Nobody is given them in the meantime.
const SWEEP_MS: u64 = 600_000;

/// One shard.
#[durable_object(alarm)]
pub struct CacheDo {
    state: State,
    shelf: RefCell<Option<Shelf>>,
    /// Whether the alarm is known to be set.
    armed: Cell<bool>,
}

/// What is known of a value. Numbers come out of SQLite as JavaScript has them.
#[derive(Deserialize)]
struct Row {
    key: String,
    since: f64,
    until: f64,
    bytes: f64,
}

#[derive(Deserialize)]
struct Text {
    value: String,
}

impl DurableObject for CacheDo {
    fn new(state: State, _env: Env) -> Self {
        CacheDo { state, shelf: RefCell::new(None), armed: Cell::new(false) }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        match serde_json::from_str(&request.text().await?)? {
            CacheCommand::Look { kind, keys, max_age_s } => {
                let found = self.with_shelf(|shelf| Ok(keys.iter().map(|key| shelf.look(kind, *key, max_age_s, now())).collect()));
                let found: Vec<Found> = found?;
                json(&keys.into_iter().zip(found).map(|(key, found)| self.looked(key, found)).collect::<worker::Result<Vec<_>>>()?)
            }
            CacheCommand::Settle(ended) => {
                self.with_shelf(|shelf| ended.iter().try_for_each(|ended| self.settle(shelf, ended)))?;
                self.arm().await?;
                json(&())
            }
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.armed.set(false);
        let is_empty = self.with_shelf(|shelf| {
            for key in shelf.sweep(now()) {
                delete(&self.sql(), key)?;
            }
            Ok(shelf.is_empty())
        })?;
        if !is_empty {
            self.arm().await?;
        }
        Response::empty()
    }
}

impl CacheDo {
    /// Does something with the shelf, which is put together from its rows when the object comes into memory, and again
    /// after a failure.
    fn with_shelf<T>(&self, work: impl FnOnce(&mut Shelf) -> worker::Result<T>) -> worker::Result<T> {
        let mut slot = self.shelf.borrow_mut();
        let shelf = match &mut *slot {
            Some(shelf) => shelf,
            None => slot.insert(self.read()?),
        };
        let done = work(shelf);
        if done.is_err() {
            *slot = None;
        }
        done
    }

    fn read(&self) -> worker::Result<Shelf> {
        let sql = self.sql();
        sql.exec(CREATE, None)?;
        let rows: Vec<Row> = sql.exec(INDEX, None)?.to_array()?;
        let slot = |row: Row| {
            let slot = Slot { kept: Time(row.since as u64), until: Time(row.until as u64), bytes: row.bytes as usize };
            Key::parse(&row.key).map(|key| (key, slot))
        };
        Ok(Shelf::of(rows.into_iter().filter_map(slot)))
    }

    fn looked(&self, key: Key, found: Found) -> worker::Result<Looked> {
        Ok(match found {
            Found::Yours { claim } => Looked::Yours { claim },
            Found::Underway { until } => Looked::Underway { until },
            Found::Hit { age_ms } => self.value(key)?.map_or(Looked::Off, |value| Looked::Hit { value, age_ms }),
        })
    }

    /// A value. One that can't be read, such as one of another version, is as good as none and goes.
    fn value(&self, key: Key) -> worker::Result<Option<Value>> {
        let sql = self.sql();
        let text: Option<Text> = sql.exec(READ, vec![SqlStorageValue::from(key.hex())])?.to_array()?.pop();
        let value = text.and_then(|text| {
            serde_json::from_str(&text.value).inspect_err(|error| console_error!("a value of the cache can't be read: {error}")).ok()
        });
        if value.is_none() {
            delete(&sql, key)?;
            self.with_shelf(|shelf| {
                shelf.remove(&key);
                Ok(())
            })?;
        }
        Ok(value)
    }

    fn settle(&self, shelf: &mut Shelf, Ended { settled: Settled { key, claim, value }, life_s }: &Ended) -> worker::Result<()> {
        let Some(value) = value else {
            shelf.give_back(*key, *claim);
            return Ok(());
        };
        let text = serde_json::to_string(value)?;
        let done = shelf.keep(*key, *claim, text.len(), *life_s, now());
        let sql = self.sql();
        for gone in done.gone {
            delete(&sql, gone)?;
        }
        if let Some(slot) = done.write {
            let whole = |number: u64| SqlStorageValue::from(i64::try_from(number).unwrap_or(i64::MAX));
            let columns = [whole(slot.kept.0), whole(slot.until.0), whole(slot.bytes as u64), SqlStorageValue::from(text)];
            sql.exec(WRITE, std::iter::once(SqlStorageValue::from(key.hex())).chain(columns).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Sets the alarm that sweeps, unless it is set.
    async fn arm(&self) -> worker::Result<()> {
        let storage = self.state.storage();
        if !self.armed.get() && storage.get_alarm().await?.is_none() {
            let at = now().plus(SWEEP_MS).0 as f64;
            storage.set_alarm(ScheduledTime::new(worker::js_sys::Date::new(&at.into()))).await?;
        }
        self.armed.set(true);
        Ok(())
    }

    fn sql(&self) -> SqlStorage {
        self.state.storage().sql()
    }
}

fn delete(sql: &SqlStorage, key: Key) -> worker::Result<()> {
    sql.exec(DELETE, vec![SqlStorageValue::from(key.hex())]).map(drop)
}

fn json(value: &impl Serialize) -> worker::Result<Response> {
    Ok(Response::builder().fixed(serde_json::to_string(value)?.into_bytes()))
}
