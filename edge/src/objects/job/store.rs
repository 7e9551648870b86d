//! The rows of a job in its object's SQLite. A row longer than SQLite takes there is kept in pieces.

use scout_pipeline::auth::LOCAL;
use scout_pipeline::job::{Corrupt, Row, Table};
use serde::Deserialize;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::worker_sys::DurableObjectStorage;
use worker::{SqlStorageValue, State, Storage};

/// Longest piece, in bytes. A row in an object's SQLite may have 2 MB, and its characters may take more
/// bytes there than here.
const PIECE_BYTES_MAX: usize = 1_000_000;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS rows (kind TEXT NOT NULL, key INTEGER NOT NULL, piece INTEGER NOT NULL, value TEXT NOT NULL, \
                      PRIMARY KEY (kind, key, piece)) WITHOUT ROWID";
const EXISTS: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'rows'";
const READ: &str = "SELECT kind, key, piece, value FROM rows ORDER BY kind, key, piece";
const REQUEST: &str = "SELECT kind, key, piece, value FROM rows WHERE kind = 'request' ORDER BY key, piece";
const WRITE: &str = "INSERT OR REPLACE INTO rows (kind, key, piece, value) VALUES (?, ?, ?, ?)";
/// What a longer value of the same row may have left behind.
const TRIM: &str = "DELETE FROM rows WHERE kind = ? AND key = ? AND piece >= ?";

#[wasm_bindgen(inline_js = "export function transactionSync(storage, work) { storage.transactionSync(work); }")]
extern "C" {
    /// Does all of the work or none of it: what `work` throws undoes what it wrote.
    #[wasm_bindgen(catch, js_name = transactionSync)]
    pub(in crate::objects) fn transaction_sync(
        storage: &DurableObjectStorage,
        work: &mut dyn FnMut() -> Result<(), JsValue>,
    ) -> Result<(), JsValue>;
}

/// Why a job can't be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// There is none.
    NoJob,
    /// There is one already.
    Exists,
    /// The run was let in too long ago to be begun.
    TooLate,
    /// Its rows don't make one up.
    Corrupt(Corrupt),
    /// The storage failed.
    Storage(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::NoJob => out.write_str("there is no job"),
            StoreError::Exists => out.write_str("there is a job already"),
            StoreError::TooLate => out.write_str("the run was let in too long ago"),
            StoreError::Corrupt(corrupt) => corrupt.fmt(out),
            StoreError::Storage(detail) => write!(out, "the storage failed: {detail}"),
        }
    }
}

impl From<worker::Error> for StoreError {
    fn from(error: worker::Error) -> Self {
        StoreError::Storage(error.to_string())
    }
}

/// The rows of one job.
pub(crate) struct Store {
    storage: Storage,
}

impl Store {
    /// The rows in the storage of this object.
    pub(crate) fn of(state: &State) -> Self {
        Store { storage: state.storage() }
    }

    /// Makes room for rows. An object that was never asked to begin a job has none and so leaves nothing behind.
    pub(crate) fn prepare(&self) -> Result<(), StoreError> {
        self.storage.sql().exec(CREATE, None)?;
        Ok(())
    }

    /// All rows; none where there is no job.
    pub(crate) fn read(&self) -> Result<Vec<Row>, StoreError> {
        self.select(READ)
    }

    /// Whose the job is; nothing where there is none.
    pub(crate) fn owner(&self) -> Result<Option<String>, StoreError> {
        let rows = self.select(REQUEST)?;
        rows.first().map(|row| owner_of(&row.value)).transpose()
    }

    /// Writes rows over those of the same table and key: all or none.
    pub(crate) fn write(&self, rows: &[Row]) -> Result<(), StoreError> {
        let mut work = || self.write_each(rows).map_err(JsValue::from);
        transaction_sync(self.storage.as_raw(), &mut work).map_err(|error| worker::Error::from(error).into())
    }

    fn select(&self, query: &str) -> Result<Vec<Row>, StoreError> {
        #[derive(Deserialize)]
        struct Name {
            #[serde(rename = "name")]
            _name: String,
        }
        let sql = self.storage.sql();
        if sql.exec(EXISTS, None)?.to_array::<Name>()?.is_empty() {
            return Ok(Vec::new());
        }
        join(sql.exec(query, None)?.to_array()?)
    }

    fn write_each(&self, rows: &[Row]) -> worker::Result<()> {
        let sql = self.storage.sql();
        for Row { table, key, value } in rows {
            let id = || [SqlStorageValue::from(table.name()), SqlStorageValue::from(i64::from(*key))];
            let mut piece = 0_i64;
            for text in pieces(value) {
                let rest = [SqlStorageValue::from(piece), SqlStorageValue::from(text)];
                sql.exec(WRITE, id().into_iter().chain(rest).collect::<Vec<_>>())?;
                piece += 1;
            }
            sql.exec(TRIM, id().into_iter().chain([SqlStorageValue::from(piece)]).collect::<Vec<_>>())?;
        }
        Ok(())
    }
}

/// The account in a job's first row. One without was begun on one's own machine before there were accounts.
fn owner_of(request: &str) -> Result<String, StoreError> {
    #[derive(Deserialize)]
    struct Owned {
        account: Option<String>,
    }
    let Owned { account } =
        serde_json::from_str(request).map_err(|error| StoreError::Storage(format!("its first row can't be read: {error}")))?;
    Ok(account.unwrap_or_else(|| LOCAL.to_owned()))
}

/// A piece of a row as SQLite gives it back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Piece {
    kind: String,
    key: u32,
    piece: u32,
    value: String,
}

/// Puts rows together from pieces in order.
fn join(pieces: Vec<Piece>) -> Result<Vec<Row>, StoreError> {
    let mut rows: Vec<Row> = Vec::with_capacity(pieces.len());
    for Piece { kind, key, piece, value } in pieces {
        let unknown = || StoreError::Storage(format!("there is a row of the unknown kind {kind}"));
        let table = Table::named(&kind).ok_or_else(unknown)?;
        match rows.last_mut().filter(|row| piece > 0 && (row.table, row.key) == (table, key)) {
            Some(row) => row.value.push_str(&value),
            None => rows.push(Row { table, key, value }),
        }
    }
    Ok(rows)
}

/// Cuts a text into pieces of at most [`PIECE_BYTES_MAX`] bytes; at least one, and none inside a character.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > PIECE_BYTES_MAX {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES_MAX));
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(kind: &str, key: u32, piece: u32, value: &str) -> Piece {
        Piece { kind: kind.into(), key, piece, value: value.into() }
    }

    #[test]
    fn a_text_within_the_limit_is_one_piece() {
        assert_eq!(pieces(""), [""]);
        let text = "x".repeat(PIECE_BYTES_MAX);
        assert_eq!(pieces(&text), [text.as_str()]);
    }

    #[test]
    fn a_longer_text_is_cut_between_characters_and_loses_none() {
        let text = format!("x{}", "é".repeat(PIECE_BYTES_MAX));
        let cut = pieces(&text);
        assert_eq!(cut.len(), 3);
        assert!(cut.iter().all(|piece| piece.len() <= PIECE_BYTES_MAX));
        assert_eq!(cut.concat(), text);
    }

    #[test]
    fn rows_are_put_together_from_their_pieces() {
        let rows =
            join(vec![piece("creators", 0, 0, "ab"), piece("creators", 0, 1, "c"), piece("creators", 3, 0, "d"), piece("task", 3, 0, "e")])
                .unwrap();
        let expected = [(Table::Creators, 0, "abc"), (Table::Creators, 3, "d"), (Table::Task, 3, "e")];
        assert_eq!(rows, expected.map(|(table, key, value)| Row { table, key, value: value.into() }));
    }

    #[test]
    fn a_job_is_of_the_account_that_dispatched_it() {
        assert_eq!(owner_of(r#"{"id":"x","account":"ana"}"#), Ok("ana".into()));
        assert_eq!(owner_of(r#"{"id":"x"}"#), Ok(LOCAL.into()));
        assert!(matches!(owner_of("{"), Err(StoreError::Storage(_))));
    }

    #[test]
    fn a_row_of_an_unknown_kind_is_an_error_and_not_left_out() {
        assert!(matches!(join(vec![piece("other", 0, 0, "")]), Err(StoreError::Storage(_))));
    }
}
