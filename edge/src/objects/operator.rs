//! The operator's object, of which there is one: it knows which accounts there are. Whatever it says of them, they said
//! themselves; the truth about each is in its own object.

use scout_pipeline::time::Time;
use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, SqlStorageValue, State, durable_object};

use crate::operator::{Listed, OperatorCommand};

const CREATE: &str =
    "CREATE TABLE IF NOT EXISTS accounts (account TEXT PRIMARY KEY, plan TEXT NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID";
const WRITE: &str = "INSERT OR REPLACE INTO accounts (account, plan, since) VALUES (?, ?, ?)";
const READ: &str = "SELECT account, plan, since FROM accounts WHERE account > ? ORDER BY account LIMIT ?";

/// The list of accounts in SQLite.
#[durable_object]
pub struct OperatorDo {
    state: State,
}

#[derive(Deserialize)]
struct Row {
    account: String,
    plan: String,
    /// Numbers come out of SQLite as JavaScript has them.
    since: f64,
}

impl DurableObject for OperatorDo {
    fn new(state: State, _env: Env) -> Self {
        OperatorDo { state }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        match serde_json::from_str(&request.text().await?)? {
            OperatorCommand::Account(listed) => json(&self.write(listed)?),
            OperatorCommand::Accounts { after, limit } => json(&self.read(after, limit)?),
        }
    }
}

impl OperatorDo {
    fn write(&self, Listed { account, plan, since }: Listed) -> worker::Result<()> {
        let sql = self.state.storage().sql();
        sql.exec(CREATE, None)?;
        let since = SqlStorageValue::from(i64::try_from(since.0).unwrap_or(i64::MAX));
        sql.exec(WRITE, vec![SqlStorageValue::from(account), SqlStorageValue::from(plan), since])?;
        Ok(())
    }

    fn read(&self, after: Option<String>, limit: u32) -> worker::Result<Vec<Listed>> {
        let sql = self.state.storage().sql();
        sql.exec(CREATE, None)?;
        let rows: Vec<Row> =
            sql.exec(READ, vec![SqlStorageValue::from(after.unwrap_or_default()), SqlStorageValue::from(i64::from(limit))])?.to_array()?;
        let listed = |Row { account, plan, since }| Listed { account, plan, since: Time(since as u64) };
        Ok(rows.into_iter().map(listed).collect())
    }
}

fn json(value: &impl Serialize) -> worker::Result<Response> {
    Ok(Response::builder().fixed(serde_json::to_string(value)?.into_bytes()))
}
