//! Routes that make things go wrong on purpose, for the tests of what becomes of it.

use serde_json::json;
use worker::Env;

use super::{ask, unreachable};
use crate::answer::Answer;
use crate::clock::{now, random};
use crate::command::Command;
use crate::consumer::PanicOrder;
use crate::id::{is_job_id, uuid_v7};
use crate::link::Link;
use crate::problem::Problem;

/// What a route makes go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `POST /api/v2/_fault/panic/handler`: a panic while a request is answered.
    PanicInHandler,
    /// `POST /api/v2/_fault/panic/object`: a panic in a job's object.
    PanicInObject,
    /// `POST /api/v2/_fault/panic/consumer`: a panic while a queue's batch is worked on.
    PanicInConsumer,
    /// `POST /api/v2/_fault/evict/{id}`: the job's object goes out of memory, with everything that it was doing.
    Evict(String),
}

/// Makes it go wrong.
#[allow(clippy::panic, reason = "the test that a panic is an error and not a hang needs one")]
pub(super) async fn on_purpose(fault: &Fault, env: &Env) -> Result<Answer, Problem> {
    match fault {
        Fault::PanicInHandler => panic!("on purpose, in a handler"),
        Fault::PanicInObject => {
            let nobody = uuid_v7(now().0, random());
            ask(&Link::new(env, &nobody), &nobody, &Command::Panic).await
        }
        Fault::PanicInConsumer => {
            let queue = env.queue("SEARCH_QUEUE_0").map_err(|error| unreachable(&error))?;
            queue.send(PanicOrder { panic: "consumer".into() }).await.map_err(|error| unreachable(&error))?;
            Ok(sent())
        }
        Fault::Evict(job) => evict(env, job).await,
    }
}

async fn evict(env: &Env, job: &str) -> Result<Answer, Problem> {
    if !is_job_id(job) {
        return Err(Problem::no_such_job());
    }
    let answered = Link::new(env, job).ask(&Command::Evict).await.map_err(|error| unreachable(&error))?;
    match answered.status {
        200 => Ok(Answer::text(202, format!(r#"{{"inMemorySince":{}}}"#, answered.body))),
        _ => Err(Problem::no_such_job()),
    }
}

fn sent() -> Answer {
    Answer::json(202, &json!({ "status": "sent" }))
}
