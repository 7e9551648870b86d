//! What the Worker says to a job's object, and how the answer is told apart.

use scout_pipeline::job::{Dispatch, Plan};
use scout_pipeline::protocol::Report;
use scout_pipeline::time::Time;
use serde::{Deserialize, Serialize};

/// A command, and whom it is carried out for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The account that asks: to every other one there is no such job. Nobody's where the Worker itself asks.
    pub(crate) account: Option<String>,
    /// What is asked.
    pub(crate) command: Command,
}

/// One request to a job's object. It travels as JSON in a `POST`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Command {
    /// Begin this job; answered with how it stands, without creators, or with [`TOO_LATE`].
    Create(Box<Dispatch>),
    /// A consumer's report; answered with a [`Reply`](scout_pipeline::protocol::Reply).
    Tell(Report),
    /// What is this round of keywords wanted for? Answered with a
    /// [`PlanRequest`](scout_pipeline::job::PlanRequest), once for each asking, and with nothing for everybody else.
    TakeRound {
        /// The round.
        round: u32,
    },
    /// A round of keywords was planned; answered with nothing.
    Planned(Plan),
    /// How does it stand? Answered with a status view, under [`WAITING`] where it waits for its account.
    Status {
        /// The place of the first creator.
        offset: u32,
        /// How many creators at most.
        limit: u32,
    },
    /// The job with its keywords; answered with a job view.
    View,
    /// Stop; answered with a job view.
    Cancel,
    /// What would another run ask of the account? Answered with a [`Search`](scout_pipeline::account::Search), or
    /// [`NOT_RETRYABLE`] and a [`NoRetry`](scout_pipeline::job::NoRetry).
    MayRetry,
    /// Begin another run of what failed; answered with a job view, with [`NOT_RETRYABLE`] and a
    /// [`NoRetry`](scout_pipeline::job::NoRetry), or with [`TOO_LATE`].
    Retry {
        /// The run that the account has let in. Any other is not begun.
        run: u32,
        /// Whether it has to wait for [`Command::Admit`].
        waits: bool,
        /// When it is too late to begin it, because the account may have given up on it.
        until: Time,
    },
    /// Go on, if this run waits for its account; answered with nothing, or [`NO_JOB`] where there is no such run.
    Admit {
        /// The run.
        run: u32,
    },
    /// Is there such a run? Answered with nothing, or [`NO_JOB`].
    Knows {
        /// The run.
        run: u32,
    },
    /// Go out of memory, on purpose; answered with the time since when it has been there, and refused unless the
    /// configuration allows it.
    Evict,
    /// Panic, on purpose; refused unless the configuration allows it.
    Panic,
}

/// The answer is as asked for, and the job waits for its account.
pub(crate) const WAITING: u16 = 202;

/// The object has no job: nobody ever began one under its id, or none of the account that asks.
pub(crate) const NO_JOB: u16 = 404;

/// The object has a job already.
pub(crate) const JOB_EXISTS: u16 = 409;

/// The run was let in too long ago to be begun.
pub(crate) const TOO_LATE: u16 = 410;

/// The job could not be read or written; the log says why.
pub(crate) const FAILED: u16 = 500;

/// The job can't begin another run; the body says why.
pub(crate) const NOT_RETRYABLE: u16 = 422;
