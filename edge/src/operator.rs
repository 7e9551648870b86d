//! Reaching the operator's object, of which there is one, and what is said to it.

use scout_pipeline::ports::LinkError;
use scout_pipeline::time::Time;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::Env;

use crate::link::ask;

/// What the one object is called.
const NAME: &str = "operator";

/// One request to the operator's object. It travels as JSON in a `POST`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OperatorCommand {
    /// There is this account; answered with nothing.
    Account(Listed),
    /// The accounts in the order of their ids; answered with a list of [`Listed`].
    Accounts {
        /// Those behind this one.
        after: Option<String>,
        /// How many at most.
        limit: u32,
    },
}

/// An account in the operator's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    /// The account's id.
    pub(crate) account: String,
    /// The plan that it was last put on.
    pub(crate) plan: String,
    /// Since when.
    pub(crate) since: Time,
}

async fn tell<T: DeserializeOwned>(env: &Env, command: &OperatorCommand) -> Result<T, LinkError> {
    let answered = ask(env, "OPERATOR", NAME, command).await.map_err(|error| LinkError(error.to_string()))?;
    match answered.status {
        200 => serde_json::from_str(&answered.body).map_err(|error| LinkError(format!("its answer can't be read: {error}"))),
        status => Err(LinkError(format!("it answered {status}"))),
    }
}

/// Tells the list of an account.
pub(crate) async fn announce(env: &Env, listed: Listed) -> Result<(), LinkError> {
    tell(env, &OperatorCommand::Account(listed)).await
}

/// At most so many accounts behind one.
pub(crate) async fn accounts(env: &Env, after: Option<String>, limit: u32) -> Result<Vec<Listed>, LinkError> {
    tell(env, &OperatorCommand::Accounts { after, limit }).await
}
