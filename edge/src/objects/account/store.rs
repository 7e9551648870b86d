//! The rows of an account in its object's SQLite. Each is far shorter than the longest that SQLite takes.

use scout_pipeline::account::{Corrupt, Page, Row, Table, Write};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use worker::wasm_bindgen::JsValue;
use worker::{SqlStorageValue, State, Storage};

use crate::objects::job::store::transaction_sync;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS rows (kind TEXT NOT NULL, key INTEGER NOT NULL, value TEXT NOT NULL, \
                      PRIMARY KEY (kind, key)) WITHOUT ROWID";
const EXISTS: &str = "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND name = 'rows'";
/// Of the ledger, an account needs the newest row and no other.
const READ: &str = "SELECT kind, key, value FROM rows WHERE kind <> 'ledger' OR \
                    key = (SELECT MAX(key) FROM rows WHERE kind = 'ledger') ORDER BY kind, key";
const LEDGER: &str = "SELECT value FROM rows WHERE kind = 'ledger' ORDER BY key";
const WRITE: &str = "INSERT OR REPLACE INTO rows (kind, key, value) VALUES (?, ?, ?)";
const DELETE: &str = "DELETE FROM rows WHERE kind = ? AND key = ?";

/// Why an account can't be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// Its rows don't make one up.
    Corrupt(Corrupt),
    /// The storage failed.
    Storage(String),
    /// Plans are not configured.
    Unconfigured,
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::Corrupt(corrupt) => corrupt.fmt(out),
            StoreError::Storage(detail) => write!(out, "the storage failed: {detail}"),
            StoreError::Unconfigured => out.write_str("this Scout is not configured"),
        }
    }
}

impl From<worker::Error> for StoreError {
    fn from(error: worker::Error) -> Self {
        StoreError::Storage(error.to_string())
    }
}

/// The rows of one account.
pub(crate) struct Store {
    storage: Storage,
}

#[derive(Deserialize)]
struct Read {
    kind: String,
    key: u32,
    value: String,
}

#[derive(Deserialize)]
struct Value {
    value: String,
}

impl Store {
    /// The rows in the storage of this object.
    pub(crate) fn of(state: &State) -> Self {
        Store { storage: state.storage() }
    }

    /// All rows that an account is put together from; none where it was never used.
    pub(crate) fn read(&self) -> Result<Vec<Row>, StoreError> {
        let row = |Read { kind, key, value }| {
            let unknown = || StoreError::Storage(format!("there is a row of the unknown kind {kind}"));
            Ok(Row { table: Table::named(&kind).ok_or_else(unknown)?, key, value })
        };
        self.select(READ)?.into_iter().map(row).collect()
    }

    /// All rows of the ledger that are kept, in order.
    pub(crate) fn ledger(&self) -> Result<Vec<Page>, StoreError> {
        let page = |Value { value }: Value| serde_json::from_str(&value).map_err(|error| StoreError::Storage(error.to_string()));
        self.select(LEDGER)?.into_iter().map(page).collect()
    }

    /// Writes rows over those of the same table and key, and removes those that are gone: all or none.
    pub(crate) fn write(&self, write: &Write) -> Result<(), StoreError> {
        let mut work = || self.write_each(write).map_err(JsValue::from);
        transaction_sync(self.storage.as_raw(), &mut work).map_err(|error| worker::Error::from(error).into())
    }

    /// An object that was never asked to write anything leaves nothing behind, not even a table.
    fn select<T: DeserializeOwned>(&self, query: &str) -> Result<Vec<T>, StoreError> {
        let sql = self.storage.sql();
        if sql.exec(EXISTS, None)?.to_array::<Value>()?.is_empty() {
            return Ok(Vec::new());
        }
        Ok(sql.exec(query, None)?.to_array()?)
    }

    fn write_each(&self, write: &Write) -> worker::Result<()> {
        let sql = self.storage.sql();
        sql.exec(CREATE, None)?;
        let id = |table: Table, key: u32| vec![SqlStorageValue::from(table.name()), SqlStorageValue::from(i64::from(key))];
        for Row { table, key, value } in &write.rows {
            let mut values = id(*table, *key);
            values.push(SqlStorageValue::from(value.as_str()));
            sql.exec(WRITE, values)?;
        }
        for (table, key) in &write.gone {
            sql.exec(DELETE, id(*table, *key))?;
        }
        Ok(())
    }
}
