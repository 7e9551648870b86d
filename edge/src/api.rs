//! The HTTP API: finds out what a request is meant for, answers it, and writes the answer.

mod account;
mod body;
mod dispatch;
mod fault;
mod operator;
mod platforms;
mod query;
mod rate;
mod retry;
mod route;
mod upstreams;

use serde_json::json;
use worker::{Env, Headers, Request, Response, console_error};

use crate::answer::Answer;
use crate::command::{Command, NO_JOB, NOT_RETRYABLE, WAITING};
use crate::config::{Config, LOCAL, Unconfigured};
use crate::id::is_job_id;
use crate::link::Link;
use crate::problem::Problem;
use query::{StatusQuery, list_query, no_query, status_query};
use route::{Route, route};

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
    match route {
        Route::Health => return Ok(Answer::json(200, &json!({ "status": "ok" }))),
        Route::Options(methods) => return Ok(Answer::allows(methods)),
        _ => {}
    }
    let config = config.map_err(|unconfigured| refuse(&unconfigured))?;
    check_token(request.headers().get("authorization").ok().flatten().as_deref())?;
    let rate = rate::take(env, LOCAL).await;
    let answer = match rate::check(rate) {
        Ok(()) => for_account(route, request, env, &config, LOCAL).await,
        Err(problem) => Err(problem),
    };
    Ok(rate::with_headers(answer.unwrap_or_else(Answer::from), rate))
}

async fn for_account(route: Route, request: Request, env: &Env, config: &Config, account: &str) -> Result<Answer, Problem> {
    match route {
        Route::Dispatch => dispatch::dispatch(request, env, config, account).await,
        Route::Status => {
            let StatusQuery { job, offset, limit } = status_query(&parameters(&request)?)?;
            let answer = ask(env, &job, &Command::Status { offset, limit }).await?;
            account::with_place(env, account, &job, answer).await
        }
        Route::Job(id) => ask_after(env, &request, &id, &Command::View).await,
        Route::Cancel(id) => ask_after(env, &request, &id, &Command::Cancel).await,
        Route::Retry(id) => {
            no_query(&parameters(&request)?)?;
            retry::retry(env, account, &id).await
        }
        Route::Usage => {
            no_query(&parameters(&request)?)?;
            account::usage(env, account).await
        }
        Route::Jobs => account::jobs(env, account, &list_query(&parameters(&request)?)?).await,
        Route::Accounts => operator::accounts(env, &list_query(&parameters(&request)?)?).await,
        Route::Account(id) => {
            no_query(&parameters(&request)?)?;
            operator::account(env, &id).await
        }
        Route::ChangePlan(id) => {
            no_query(&parameters(&request)?)?;
            operator::change_plan(&request, env, config, &id).await
        }
        Route::Ledger(id) => operator::ledger(env, &id, &list_query(&parameters(&request)?)?).await,
        Route::Platforms => no_query(&parameters(&request)?).map(|()| platforms::list(env, config)),
        Route::Upstreams => {
            no_query(&parameters(&request)?)?;
            Ok(upstreams::list(env, config).await)
        }
        Route::Fault(fault) => fault::on_purpose(&fault, env).await,
        Route::Health | Route::Options(_) => Err(Problem::internal()),
    }
}

async fn ask_after(env: &Env, request: &Request, id: &str, command: &Command) -> Result<Answer, Problem> {
    no_query(&parameters(request)?)?;
    ask(env, id, command).await
}

/// Asks a job's object and passes on what it says. What can't be an id reaches no object.
async fn ask(env: &Env, job: &str, command: &Command) -> Result<Answer, Problem> {
    if !is_job_id(job) {
        return Err(Problem::no_such_job());
    }
    let answered = Link::new(env, job).ask(command).await.map_err(|error| unreachable(&error))?;
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

/// Accounts come later: until then everyone is `local`, and whoever says to be another is refused.
fn check_token(header: Option<&str>) -> Result<(), Problem> {
    let Some(header) = header else { return Ok(()) };
    match header.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && token.trim() == "local" => Ok(()),
        _ => Err(Problem::new(
            401,
            "unauthorized",
            "the bearer token is not accepted",
            "send Authorization: Bearer local, or no such header",
        )
        .with_header("www-authenticate", "Bearer")),
    }
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
    fn no_token_and_the_local_one_are_accepted() {
        for header in [None, Some("Bearer local"), Some("bearer  local ")] {
            assert!(check_token(header).is_ok(), "{header:?}");
        }
    }

    #[test]
    fn any_other_token_is_refused_with_the_scheme_that_is_wanted() {
        for header in ["", "local", "Bearer", "Bearer other", "Bearer Local", "Basic local", "Bearer local x"] {
            let problem = check_token(Some(header)).unwrap_err();
            assert_eq!((problem.status, &*problem.headers), (401, &[("www-authenticate", "Bearer".to_owned())][..]), "{header}");
        }
    }

    #[test]
    fn who_is_not_configured_says_what_to_set() {
        let problem = refuse(&Unconfigured(vec!["set this".into(), "and that".into()]));
        assert_eq!(problem.status, 503);
        assert!(problem.json().contains("set this; and that"));
    }
}
