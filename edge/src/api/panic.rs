//! Routes that panic on purpose, for the tests of what becomes of panics.

use serde_json::json;
use worker::Env;

use super::route::Place;
use super::{ask, unreachable};
use crate::answer::Answer;
use crate::clock::{now, random};
use crate::command::Command;
use crate::consumer::PanicOrder;
use crate::id::uuid_v7;
use crate::problem::Problem;

/// Panics at the place, or makes something else panic there.
#[allow(clippy::panic, reason = "the test that a panic is an error and not a hang needs one")]
pub(super) async fn on_purpose(place: Place, env: &Env) -> Result<Answer, Problem> {
    match place {
        Place::Handler => panic!("on purpose, in a handler"),
        Place::Object => ask(env, &uuid_v7(now().0, random()), &Command::Panic).await,
        Place::Consumer => {
            let queue = env.queue("SEARCH_QUEUE").map_err(|error| unreachable(&error))?;
            queue.send(PanicOrder { panic: "consumer".into() }).await.map_err(|error| unreachable(&error))?;
            Ok(Answer::json(202, &json!({ "status": "sent" })))
        }
    }
}
