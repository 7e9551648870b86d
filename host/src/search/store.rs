//! Jobs on disk: one SQLite file with the rows of all jobs, so that a search that was cut off goes on.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use scout_pipeline::job::{Corrupt, Job, Row, Table};

/// Why the file of jobs can't be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    /// SQLite says no.
    #[error("the file of jobs {} can't be used: {source}", file.display())]
    Sqlite {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// Its folder can't be made.
    #[error("the folder {} can't be made: {}", folder.display(), source.kind())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// What is in it is no job.
    #[error("the search {job} can't be read: {source}")]
    Corrupt {
        /// The job's id.
        job: String,
        /// What is wrong.
        source: Corrupt,
    },
    /// Nobody can be kept from working on a job at the same time.
    #[error("the file {} can't be locked: {}", file.display(), source.kind())]
    Lock {
        /// The file that stands for the right to work on the job.
        file: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// An open file of jobs.
#[derive(Debug)]
pub(super) struct Store {
    connection: Connection,
    file: PathBuf,
}

impl Store {
    /// Opens a file of jobs, and makes it where there is none.
    ///
    /// # Errors
    /// When the file or its folder can't be made, or the file is something else.
    pub(super) fn open(file: &Path) -> Result<Store, StoreError> {
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|source| StoreError::Folder { folder: folder.to_owned(), source })?;
        }
        let connection = Connection::open(file).map_err(|source| StoreError::Sqlite { file: file.to_owned(), source })?;
        let store = Store { connection, file: file.to_owned() };
        store.prepare().map_err(|source| store.error(source))?;
        Ok(store)
    }

    /// Opens a file of jobs that is there; `None` where it is not.
    ///
    /// # Errors
    /// When the file is something else or can't be read.
    pub(super) fn open_existing(file: &Path) -> Result<Option<Store>, StoreError> {
        if file.exists() { Store::open(file).map(Some) } else { Ok(None) }
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        // Searches that run at the same time write in turns; none of them waits long for a single transaction.
        self.connection.busy_timeout(std::time::Duration::from_secs(10))?;
        // A write-ahead log survives kill -9 at any point, and costs one write for a transaction.
        self.connection.pragma_update(None, "journal_mode", "WAL")?;
        self.connection.pragma_update(None, "synchronous", "NORMAL")?;
        self.connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS rows (
                job TEXT NOT NULL, kind TEXT NOT NULL, key INTEGER NOT NULL, value TEXT NOT NULL,
                PRIMARY KEY (job, kind, key)
            ) WITHOUT ROWID",
        )
    }

    /// Writes a job's rows in one transaction.
    ///
    /// # Errors
    /// When they can't be written; then none of them is.
    pub(super) fn write(&mut self, job: &str, rows: &[Row]) -> Result<(), StoreError> {
        let written = write(&mut self.connection, job, rows);
        written.map_err(|source| self.error(source))
    }

    /// The job of this id; `None` where there is none.
    ///
    /// # Errors
    /// When the file can't be read or what it holds is no job.
    pub(super) fn load(&self, job: &str) -> Result<Option<Job>, StoreError> {
        let rows = self.rows(job).map_err(|source| self.error(source))?;
        Job::load(rows).map_err(|source| StoreError::Corrupt { job: job.to_owned(), source })
    }

    /// The job of this id without its creators: what was asked for, how it stands, and its tasks. It reads a small
    /// part of the rows, so that a list of many jobs is quick; the job is good for looking at and nothing else.
    ///
    /// # Errors
    /// When the file can't be read or what it holds is no job.
    pub(super) fn outline(&self, job: &str) -> Result<Option<Job>, StoreError> {
        let [request, progress, task] = [Table::Request, Table::Progress, Table::Task].map(Table::name);
        let few = format!("SELECT kind, key, value FROM rows WHERE job = ?1 AND kind IN ('{request}', '{progress}', '{task}')");
        let rows = self.select(&few, job).map_err(|source| self.error(source))?;
        Job::load(rows).map_err(|source| StoreError::Corrupt { job: job.to_owned(), source })
    }

    fn rows(&self, job: &str) -> rusqlite::Result<Vec<Row>> {
        self.select("SELECT kind, key, value FROM rows WHERE job = ?1", job)
    }

    fn select(&self, query: &str, job: &str) -> rusqlite::Result<Vec<Row>> {
        let mut select = self.connection.prepare_cached(query)?;
        let rows = select.query_map([job], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
        // Kinds that a later version wrote mean nothing to this one.
        let known = rows.map(|row| row.map(|(kind, key, value)| Table::named(&kind).map(|table| Row { table, key, value })));
        known.filter_map(Result::transpose).collect()
    }

    /// The ids of all jobs, newest first.
    ///
    /// # Errors
    /// When the file can't be read.
    pub(super) fn ids(&self) -> Result<Vec<String>, StoreError> {
        self.select_ids().map_err(|source| self.error(source))
    }

    /// Ids begin with the time, so that the greatest is the newest. Each is looked up from the one before: to list
    /// distinct ids the long way, every row of every job would be read.
    fn select_ids(&self) -> rusqlite::Result<Vec<String>> {
        let newest: Option<String> = self.connection.query_row("SELECT max(job) FROM rows", [], |row| row.get(0))?;
        let mut older = self.connection.prepare("SELECT job FROM rows WHERE job < ?1 ORDER BY job DESC LIMIT 1")?;
        let mut ids: Vec<String> = newest.into_iter().collect();
        while let Some(last) = ids.last() {
            let Some(next) = older.query_row([last], |row| row.get(0)).optional()? else { break };
            ids.push(next);
        }
        Ok(ids)
    }

    fn error(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Sqlite { file: self.file.clone(), source }
    }
}

fn write(connection: &mut Connection, job: &str, rows: &[Row]) -> rusqlite::Result<()> {
    // One that only reads at first could find out too late that somebody else has written.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut put = transaction.prepare_cached("INSERT OR REPLACE INTO rows (job, kind, key, value) VALUES (?1, ?2, ?3, ?4)")?;
        for row in rows {
            put.execute(params![job, row.table.name(), row.key, row.value])?;
        }
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: u32, value: &str) -> Row {
        Row { table: Table::Task, key, value: value.to_owned() }
    }

    #[test]
    fn rows_are_read_as_they_were_written_last_and_by_job() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/jobs.sqlite");
        let mut store = Store::open(&file).unwrap();
        store.write("a", &[row(0, "old"), row(1, "kept")]).unwrap();
        store.write("a", &[row(0, "new")]).unwrap();
        store.write("b", &[row(0, "other")]).unwrap();
        drop(store);
        let store = Store::open(&file).unwrap();
        assert_eq!(store.rows("a").unwrap(), [row(0, "new"), row(1, "kept")]);
        assert_eq!(store.ids().unwrap(), ["b", "a"]);
    }

    #[test]
    fn an_empty_file_has_no_job() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("jobs.sqlite")).unwrap();
        assert_eq!(store.ids().unwrap(), [""; 0]);
        assert!(store.load("a").unwrap().is_none());
    }

    #[test]
    fn looking_for_a_file_does_not_make_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.sqlite");
        assert!(Store::open_existing(&file).unwrap().is_none());
        assert!(!file.exists());
    }

    #[test]
    fn a_file_that_is_something_else_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notes.txt");
        std::fs::write(&file, "shopping list, and long enough not to be taken for an empty file").unwrap();
        let error = Store::open(&file).unwrap_err();
        assert!(error.to_string().contains("notes.txt"), "{error}");
    }
}
