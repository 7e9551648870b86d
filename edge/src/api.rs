//! The HTTP API: finds out what a request is meant for, answers it, and writes the answer.

mod account;
mod adapters;
mod body;
mod dispatch;
mod fault;
mod keys;
mod operator;
mod platforms;
mod query;
mod rate;
mod retry;
pub(crate) mod routes;
mod upstreams;

use serde_json::json;
use worker::{Env, Headers, Request, Response, console_error};

use crate::answer::Answer;
use crate::auth::{Account, Caller, caller};
use crate::command::{Command, NO_JOB, NOT_RETRYABLE, WAITING};
use crate::config::{Config, Unconfigured};
use crate::id::is_job_id;
use crate::link::Link;
use crate::problem::Problem;
use query::{StatusQuery, list_query, no_query, status_query};
use routes::{AccountRoute, OperatorRoute, Route, route};

/// Answers a request. It always does: what can't be answered is a problem.
pub(crate) async fn respond(request: Request, env: &Env) -> worker::Result<Response> {
    let head = request.method() == worker::Method::Head;
    let answer = answer(request, env).await.unwrap_or_else(Answer::from);
    write(answer, head)
}

async fn answer(request: Request, env: &Env) -> Result<Answer, Problem> {
    let config = Config::of(env);
    let faults = config.as_ref().is_ok_and(|config| config.faults.routes);
    // Of the runtime's own request, because another method than the known ones would be taken for a GET.
    let route = route(&request.inner().method(), &request.path(), faults)?;
    // Whoever has no business here learns no more than that, whatever else is wrong with the request.
    match route {
        Route::Health => Ok(Answer::json(200, &json!({ "status": "ok" }))),
        Route::Options(methods) => Ok(Answer::allows(methods)),
        Route::Account(route) => {
            let config = config.map_err(|unconfigured| refuse(&unconfigured))?;
            match caller(&request, env, &config.access).await? {
                Caller::Account(account) => within_rate(route, request, env, &config, &account).await,
                Caller::Operator => Err(operator_token()),
            }
        }
        Route::Operator(route) => {
            let config = config.map_err(|unconfigured| refuse(&unconfigured))?;
            match caller(&request, env, &config.access).await? {
                Caller::Operator => for_operator(route, &request, env, &config).await,
                Caller::Account(_) => Err(not_operator()),
            }
        }
    }
}

/// Answers an account within what its plan allows in a minute, and says how much of that is left.
async fn within_rate(route: AccountRoute, request: Request, env: &Env, config: &Config, account: &Account) -> Result<Answer, Problem> {
    let rate = rate::take(env, &account.id).await;
    let answer = match rate::check(rate) {
        Ok(()) => for_account(route, request, env, config, account).await,
        Err(problem) => Err(problem),
    };
    Ok(rate::with_headers(answer.unwrap_or_else(Answer::from), rate))
}

async fn for_account(route: AccountRoute, request: Request, env: &Env, config: &Config, account: &Account) -> Result<Answer, Problem> {
    let ask_after = async |job: &str, command: &Command| {
        no_query(&parameters(&request)?)?;
        ask(&Link::for_account(env, job, &account.id), job, command).await
    };
    match route {
        AccountRoute::Status => {
            let StatusQuery { job, offset, limit } = status_query(&parameters(&request)?)?;
            let answer = ask(&Link::for_account(env, &job, &account.id), &job, &Command::Status { offset, limit }).await?;
            Ok(account::with_place(env, &account.id, &job, answer).await)
        }
        AccountRoute::Job(id) => ask_after(&id, &Command::View).await,
        AccountRoute::Cancel(id) => ask_after(&id, &Command::Cancel).await,
        AccountRoute::Retry(id) => {
            no_query(&parameters(&request)?)?;
            retry::retry(env, &account.id, &id).await
        }
        AccountRoute::Jobs => account::jobs(env, &account.id, &list_query(&parameters(&request)?)?).await,
        AccountRoute::Usage => {
            no_query(&parameters(&request)?)?;
            account::usage(env, &account.id).await
        }
        AccountRoute::Dispatch => dispatch::dispatch(&request, env, config, account).await,
        AccountRoute::Platforms => no_query(&parameters(&request)?).map(|()| platforms::list(env, config)),
        AccountRoute::Keys => {
            no_query(&parameters(&request)?)?;
            keys::list(env, account).await
        }
        AccountRoute::MakeKey => {
            no_query(&parameters(&request)?)?;
            keys::make(&request, env, account).await
        }
        AccountRoute::RevokeKey(id) => {
            no_query(&parameters(&request)?)?;
            keys::revoke(&id, env, account).await
        }
        AccountRoute::Fault(fault) => fault::on_purpose(&fault, env).await,
    }
}

async fn for_operator(route: OperatorRoute, request: &Request, env: &Env, config: &Config) -> Result<Answer, Problem> {
    let query = parameters(request)?;
    match route {
        OperatorRoute::Accounts => operator::accounts(env, &list_query(&query)?).await,
        OperatorRoute::Ledger(id) => operator::ledger(env, &id, &list_query(&query)?).await,
        OperatorRoute::Account(id) => {
            no_query(&query)?;
            operator::account(env, &id).await
        }
        OperatorRoute::ChangePlan(id) => {
            no_query(&query)?;
            operator::change_plan(request, env, config, &id).await
        }
        OperatorRoute::Upstreams => {
            no_query(&query)?;
            Ok(upstreams::list(env, config).await)
        }
        OperatorRoute::Adapters => no_query(&query).map(|()| adapters::list(env, config)),
    }
}

/// Asks a job's object and passes on what it says. What can't be an id reaches no object.
async fn ask(link: &Link<'_>, job: &str, command: &Command) -> Result<Answer, Problem> {
    if !is_job_id(job) {
        return Err(Problem::no_such_job());
    }
    let answered = link.ask(command).await.map_err(|error| unreachable(&error))?;
    match answered.status {
        // The status of the object's answer tells whether the job waits; callers are told in words.
        status @ (200 | WAITING) => Ok(Answer::text(status, answered.body)),
        NO_JOB => Err(Problem::no_such_job()),
        NOT_RETRYABLE => Err(not_retryable(&answered.body)),
        _ => Err(Problem::internal()),
    }
}

fn not_retryable(body: &str) -> Problem {
    serde_json::from_str(body).map_or_else(|_| Problem::internal(), Problem::not_retryable)
}

fn unreachable(error: &worker::Error) -> Problem {
    console_error!("a job's object gave no answer: {error}");
    Problem::internal()
}

/// The query's parameters, decoded.
fn parameters(request: &Request) -> Result<Vec<(String, String)>, Problem> {
    let bad = |_| Problem::new(400, "malformed_url", "the request's URL can't be read", "send a URL as RFC 3986 writes it");
    Ok(request.url().map_err(bad)?.query_pairs().into_owned().collect())
}

fn refuse(Unconfigured(missing): &Unconfigured) -> Problem {
    Problem::new(503, "not_configured", "this Scout is not configured and serves nobody", missing.join("; "))
}

fn operator_token() -> Problem {
    let hint = "use a token or an API key of an account; the operator's own routes are below /api/v2/operator/";
    Problem::new(403, "operator_token", "the operator's token is of no account, and this is for accounts", hint)
}

fn not_operator() -> Problem {
    let hint = "use the token that is set as SCOUT_OPERATOR_TOKEN; tokens and API keys of accounts don't open this";
    Problem::new(403, "not_operator", "this is for the operator of this Scout", hint)
}

fn write(answer: Answer, head: bool) -> worker::Result<Response> {
    let headers = Headers::new();
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    for (name, value) in &answer.headers {
        headers.set(name, value)?;
    }
    let Some((media_type, body)) = answer.body else {
        return Ok(Response::builder().with_status(answer.status).with_headers(headers).empty());
    };
    headers.set("content-type", media_type)?;
    let response = Response::builder().with_status(answer.status).with_headers(headers);
    Ok(if head { response.empty() } else { response.fixed(body.into_bytes()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_configured_says_what_to_set() {
        let problem = refuse(&Unconfigured(vec!["set this".into(), "and that".into()]));
        assert_eq!(problem.status, 503);
        assert!(problem.json().contains("set this; and that"));
    }
}
