//! The object of an upstream: its budget, and that it is known again when the object comes back into memory.

use std::cell::RefCell;

use scout_pipeline::upstream::{Answer, Budget, Rates};
use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, SqlStorageValue, State, console_error, durable_object};

use crate::clock::now;
use crate::permits::UpstreamCommand;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS budget (id INTEGER PRIMARY KEY, value TEXT NOT NULL)";
const WRITE: &str = "INSERT OR REPLACE INTO budget (id, value) VALUES (0, ?)";
const READ: &str = "SELECT value FROM budget WHERE id = 0";

/// One upstream: its budget in one row of SQLite, which is written with every permit that begins or ends.
#[durable_object]
pub struct UpstreamDo {
    state: State,
    budget: RefCell<Option<Budget>>,
}

#[derive(Deserialize)]
struct Row {
    value: String,
}

impl DurableObject for UpstreamDo {
    fn new(state: State, _env: Env) -> Self {
        UpstreamDo { state, budget: RefCell::new(None) }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let command: UpstreamCommand = serde_json::from_str(&request.text().await?)?;
        let mut slot = self.budget.borrow_mut();
        let answered = self.obey(&mut slot, command);
        if answered.is_err() {
            // What was not written must not be what the next one is answered by.
            *slot = None;
        }
        answered
    }
}

impl UpstreamDo {
    fn obey(&self, slot: &mut Option<Budget>, command: UpstreamCommand) -> worker::Result<Response> {
        let budget = match slot {
            Some(budget) => budget,
            None => slot.insert(self.read()?),
        };
        match command {
            UpstreamCommand::Ask { rates, ask } => {
                budget.allow(rates, now());
                let answer = budget.ask(ask, now());
                if matches!(answer, Answer::Granted(_)) {
                    self.write(budget)?;
                }
                json(&answer)
            }
            UpstreamCommand::Settle(settlement) => {
                budget.settle(&settlement, now());
                self.write(budget)?;
                json(&())
            }
            UpstreamCommand::View { rates } => {
                budget.allow(rates, now());
                json(&budget.view(now()))
            }
        }
    }

    /// The budget as it was written last, or one of which nothing is used.
    fn read(&self) -> worker::Result<Budget> {
        let sql = self.state.storage().sql();
        sql.exec(CREATE, None)?;
        let row: Option<Row> = sql.exec(READ, None)?.to_array()?.pop();
        let read = row.map(|row| serde_json::from_str(&row.value)).transpose();
        Ok(read.inspect_err(|error| console_error!("an upstream's budget can't be read and begins anew: {error}")).unwrap_or_default())
            .map(|budget: Option<Budget>| budget.unwrap_or_else(|| Budget::new(Rates::default())))
    }

    fn write(&self, budget: &Budget) -> worker::Result<()> {
        let text = serde_json::to_string(budget)?;
        self.state.storage().sql().exec(WRITE, vec![SqlStorageValue::from(text)]).map(drop)
    }
}

fn json(value: &impl Serialize) -> worker::Result<Response> {
    Ok(Response::builder().fixed(serde_json::to_string(value)?.into_bytes()))
}
