//! The right to work on a job, which one program at a time has.
//!
//! It is a locked file beside the file of jobs. The system takes the lock back whatever becomes of the program, so
//! that a search that was killed can go on at once; a note in a row would have to be doubted and would outlive it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::store::StoreError;

/// How often a lock is tried that somebody has: whoever only looks whether it is taken holds it for a moment.
const TRIES: u32 = 5;

/// The wait between two tries, in milliseconds.
const TRY_MS: u64 = 20;

/// The right to work on one job. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    /// Locked as long as it is open.
    _file: File,
    path: PathBuf,
}

/// Somebody else has the right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    /// The number of the process, where it could be read.
    pub(super) process: Option<u32>,
}

impl Claim {
    /// Takes the right to work on a job of this file, unless another program has it.
    ///
    /// # Errors
    /// When the system can't lock files there.
    pub(super) fn take(jobs: &Path, job: &str) -> Result<Result<Claim, Taken>, StoreError> {
        let path = path(jobs, job);
        take(&path).map_err(|source| StoreError::Lock { file: path, source })
    }

    /// Who works on a job now, if anybody does.
    pub(super) fn holder(jobs: &Path, job: &str) -> Option<Taken> {
        let mut file = File::open(path(jobs, job)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(Taken { process: process(&mut file) }),
            // The lock is given back with the file.
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // It is removed while it is locked. One that stays behind is empty of meaning and is used again.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn path(jobs: &Path, job: &str) -> PathBuf {
    // An id is no path, whoever wrote it.
    let job: String = job.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let mut path = jobs.as_os_str().to_owned();
    path.push(format!("-{job}.lock"));
    path.into()
}

fn take(path: &Path) -> std::io::Result<Result<Claim, Taken>> {
    let mut left = TRIES;
    loop {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            // Whoever had it may have removed it after it was opened here; the next one would make another.
            Ok(()) if !stands_for(&file, path) => {}
            Ok(()) => {
                note_process(&mut file);
                return Ok(Ok(Claim { _file: file, path: path.to_owned() }));
            }
            Err(TryLockError::WouldBlock) if left == 0 => return Ok(Err(Taken { process: process(&mut file) })),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(TRY_MS)),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        left = left.saturating_sub(1);
    }
}

/// Notes who has it, for messages. Nothing depends on it.
fn note_process(file: &mut File) {
    let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
}

fn process(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// Whether this open file is the one that the path leads to.
#[cfg(unix)]
fn stands_for(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let place = |data: std::fs::Metadata| (data.dev(), data.ino());
    matches!((file.metadata().map(place), path.metadata().map(place)), (Ok(open), Ok(named)) if open == named)
}

/// Elsewhere a file that is open keeps its name.
#[cfg(not(unix))]
fn stands_for(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_claimed_by_one_at_a_time_and_others_are_free() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = folder.path().join("jobs.sqlite");
        let first = Claim::take(&jobs, "a").unwrap().unwrap();
        assert_eq!(Claim::take(&jobs, "a").unwrap().unwrap_err(), Taken { process: Some(std::process::id()) });
        assert!(Claim::take(&jobs, "b").unwrap().is_ok());
        drop(first);
        assert!(Claim::take(&jobs, "a").unwrap().is_ok());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing stays behind");
    }

    #[test]
    fn looking_who_works_on_a_job_takes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = folder.path().join("jobs.sqlite");
        assert_eq!(Claim::holder(&jobs, "a"), None);
        let claim = Claim::take(&jobs, "a").unwrap().unwrap();
        assert_eq!(Claim::holder(&jobs, "a"), Some(Taken { process: Some(std::process::id()) }));
        drop(claim);
        assert_eq!(Claim::holder(&jobs, "a"), None);
    }

    #[test]
    fn a_file_that_a_killed_program_left_behind_is_nobodys() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = folder.path().join("jobs.sqlite");
        std::fs::write(path(&jobs, "a"), "1").unwrap();
        assert_eq!(Claim::holder(&jobs, "a"), None);
        assert!(Claim::take(&jobs, "a").unwrap().is_ok());
    }

    #[test]
    fn an_id_is_no_path() {
        assert_eq!(path(Path::new("/x/jobs"), "../../a/b"), Path::new("/x/jobs-------a-b.lock"));
    }
}
