//! `POST /api/v2/jobs/{id}/retry`: has the account let another run in, and begins it.

use scout_pipeline::account::Search;
use scout_pipeline::limits::CREATE_MS_MAX;
use worker::Env;

use super::account::{let_in, too_late};
use super::{not_retryable, unreachable};
use crate::answer::Answer;
use crate::clock::now;
use crate::command::{Command, NO_JOB, NOT_RETRYABLE, TOO_LATE};
use crate::id::is_job_id;
use crate::link::Link;
use crate::problem::Problem;

/// Begins another run of what failed. What it does comes after the answer.
pub(super) async fn retry(env: &Env, account: &str, job: &str) -> Result<Answer, Problem> {
    if !is_job_id(job) {
        return Err(Problem::no_such_job());
    }
    let link = Link::for_account(env, job, account);
    let until = now().plus(CREATE_MS_MAX);
    let search: Search = serde_json::from_str(&ask(&link, &Command::MayRetry).await?).map_err(|_| Problem::internal())?;
    let run = search.run;
    let waits = let_in(env, account, search).await?.place.is_some();
    let view = ask(&link, &Command::Retry { run, waits, until }).await?;
    Ok(Answer::text(202, view))
}

async fn ask(link: &Link<'_>, command: &Command) -> Result<String, Problem> {
    let answered = link.ask(command).await.map_err(|error| unreachable(&error))?;
    match answered.status {
        200 => Ok(answered.body),
        NO_JOB => Err(Problem::no_such_job()),
        NOT_RETRYABLE => Err(not_retryable(&answered.body)),
        TOO_LATE => Err(too_late()),
        _ => Err(Problem::internal()),
    }
}
