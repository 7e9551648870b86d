//! Reaching the object of an account, and what is said to it.

use scout_pipeline::account::{Allowed, Charge, JobsPage, LetIn, Plan, Posting, Refusal, Search, Settled, Spent, Usage, Verdict};
use scout_pipeline::job::Status;
use scout_pipeline::ports::LinkError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::Env;

use crate::link::ask;

/// One request to an account's object. It travels as JSON in a `POST`, under the account's name, which the object would
/// not know otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AccountOrder {
    /// The account's id.
    pub(crate) account: String,
    /// What is asked.
    pub(crate) command: AccountCommand,
}

/// What is asked of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountCommand {
    /// May this run begin? Answered with a result of [`LetIn`] or [`Refusal`].
    Validate(Search),
    /// This was delivered; answered with [`Settled`].
    Charge {
        /// The charge.
        charge: Charge,
        /// Where the job stands.
        status: Status,
    },
    /// Be on this plan; answered with [`Usage`].
    Plan(Plan),
    /// How does it stand? Answered with [`Usage`].
    Usage,
    /// The same, answered with nothing where the account was never used.
    Known,
    /// Its jobs, the newest first; answered with [`JobsPage`].
    Jobs {
        /// Where the page begins.
        cursor: Option<u32>,
        /// How many jobs at most.
        limit: u32,
    },
    /// A job's place in line; answered with the place, or with nothing.
    Place {
        /// The job's id.
        job: String,
    },
    /// May this request be answered? Answered with [`Allowed`].
    Requests(Spent),
    /// The ledger's entries, the oldest first; answered with a [`LedgerPage`], or nothing where the account was never used.
    Ledger {
        /// The number of the first entry.
        cursor: u32,
        /// How many entries at most.
        limit: u32,
    },
}

/// Some entries of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LedgerPage {
    /// The entries, the oldest first.
    pub(crate) entries: Vec<Numbered>,
    /// Where the next page begins; `None` after the last.
    pub(crate) next_cursor: Option<String>,
    /// Whether the account agrees with all of its entries, these and the others.
    pub(crate) check: Verdict,
}

/// An entry with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Numbered {
    /// It stays the same for ever, and the next one's is one more.
    pub(crate) number: u32,
    /// The entry.
    #[serde(flatten)]
    pub(crate) posting: Posting,
}

/// Asks an account.
async fn tell<T: DeserializeOwned>(env: &Env, account: &str, command: AccountCommand) -> Result<T, LinkError> {
    let order = AccountOrder { account: account.to_owned(), command };
    let answered = ask(env, "ACCOUNT", account, &order).await.map_err(|error| LinkError(error.to_string()))?;
    match answered.status {
        200 => serde_json::from_str(&answered.body).map_err(|error| LinkError(format!("its answer can't be read: {error}"))),
        status => Err(LinkError(format!("it answered {status}"))),
    }
}

/// Reserves what a run may deliver and gives it a place, or says why not.
pub(crate) async fn validate_creator_search(env: &Env, account: &str, search: Search) -> Result<Result<LetIn, Refusal>, LinkError> {
    tell(env, account, AccountCommand::Validate(search)).await
}

/// Tells an account what a job of it has delivered.
pub(crate) async fn charge(env: &Env, charge: Charge, status: Status) -> Result<(), LinkError> {
    let account = charge.account.clone();
    tell::<Settled>(env, &account, AccountCommand::Charge { charge, status }).await.map(drop)
}

/// How an account stands.
pub(crate) async fn usage(env: &Env, account: &str) -> Result<Usage, LinkError> {
    tell(env, account, AccountCommand::Usage).await
}

/// How an account stands; nothing where it was never used.
pub(crate) async fn known(env: &Env, account: &str) -> Result<Option<Usage>, LinkError> {
    tell(env, account, AccountCommand::Known).await
}

/// Puts an account on a plan.
pub(crate) async fn change_plan(env: &Env, account: &str, plan: Plan) -> Result<Usage, LinkError> {
    tell(env, account, AccountCommand::Plan(plan)).await
}

/// An account's jobs, the newest first.
pub(crate) async fn jobs(env: &Env, account: &str, cursor: Option<u32>, limit: u32) -> Result<JobsPage, LinkError> {
    tell(env, account, AccountCommand::Jobs { cursor, limit }).await
}

/// A job's place in its account's line; nothing where it does not wait.
pub(crate) async fn place(env: &Env, account: &str, job: &str) -> Result<Option<u32>, LinkError> {
    tell(env, account, AccountCommand::Place { job: job.to_owned() }).await
}

/// Whether a request may be answered, for an isolate that can't tell by itself.
pub(crate) async fn requests(env: &Env, account: &str, spent: Spent) -> Result<Allowed, LinkError> {
    tell(env, account, AccountCommand::Requests(spent)).await
}

/// An account's ledger; nothing where it was never used.
pub(crate) async fn ledger(env: &Env, account: &str, cursor: u32, limit: u32) -> Result<Option<LedgerPage>, LinkError> {
    tell(env, account, AccountCommand::Ledger { cursor, limit }).await
}
