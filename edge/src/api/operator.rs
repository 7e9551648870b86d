//! What the operator sees and does of accounts, below `/api/v2/operator/accounts`.

use scout_pipeline::account::Plans;
use scout_pipeline::auth::is_account;
use serde_json::{Map, Value, json};
use worker::{Env, Request};

use super::account::unreachable;
use super::body;
use super::query::ListQuery;
use crate::account;
use crate::answer::Answer;
use crate::config::Config;
use crate::operator::{self, Listed};
use crate::problem::{Mistake, Problem};

/// `GET /api/v2/operator/accounts`: those that were ever used, by their ids.
pub(super) async fn accounts(env: &Env, query: &ListQuery<String>) -> Result<Answer, Problem> {
    // One more than wanted tells whether there is another page.
    let mut listed = operator::accounts(env, query.cursor.clone(), query.limit + 1).await.map_err(|error| unreachable(&error))?;
    let more = listed.len() > query.limit as usize;
    listed.truncate(query.limit as usize);
    let next = listed.last().filter(|_| more).map(|last| last.account.clone());
    let shown = |Listed { account, plan, since }: Listed| json!({ "account": account, "plan": plan, "since": since.rfc3339() });
    let accounts: Vec<Value> = listed.into_iter().map(shown).collect();
    Ok(Answer::json(200, &json!({ "accounts": accounts, "nextCursor": next })))
}

/// `GET /api/v2/operator/accounts/{account}`
pub(super) async fn account(env: &Env, account: &str) -> Result<Answer, Problem> {
    let account = name(account)?;
    let usage = account::known(env, &account).await.map_err(|error| unreachable(&error))?;
    usage.map(|usage| Answer::json(200, &usage)).ok_or_else(no_such_account)
}

/// `PUT /api/v2/operator/accounts/{account}`: puts an account on a plan, also before it is used for the first time.
pub(super) async fn change_plan(request: &Request, env: &Env, config: &Config, account: &str) -> Result<Answer, Problem> {
    let account = name(account)?;
    let plan = read_plan(&body::json(request).await?, &config.plans)?;
    let plan = config.plans.get(&plan).cloned().ok_or_else(Problem::internal)?;
    let usage = account::change_plan(env, &account, plan).await.map_err(|error| unreachable(&error))?;
    Ok(Answer::json(200, &usage))
}

/// `GET /api/v2/operator/accounts/{account}/ledger`
pub(super) async fn ledger(env: &Env, account: &str, query: &ListQuery<u32>) -> Result<Answer, Problem> {
    let account = name(account)?;
    let page = account::ledger(env, &account, query.cursor.unwrap_or(0), query.limit).await.map_err(|error| unreachable(&error))?;
    page.map(|page| Answer::json(200, &page)).ok_or_else(no_such_account)
}

/// An account's id as a path has it.
fn name(part: &str) -> Result<String, Problem> {
    let decoded = percent_encoding::percent_decode_str(part).decode_utf8().map_err(|_| no_such_account())?;
    is_account(&decoded).then(|| decoded.into_owned()).ok_or_else(no_such_account)
}

fn no_such_account() -> Problem {
    Problem::new(404, "no_such_account", "no account of this id was ever used", "GET /api/v2/operator/accounts lists those that were")
}

/// The plan's name in a body such as `{"plan": "growth"}`.
fn read_plan(body: &[u8], plans: &Plans) -> Result<String, Problem> {
    let hint = format!(r#"send an object such as {{"plan": "NAME"}}; there are {}"#, plans.names().join(", "));
    let malformed = |_| Problem::new(400, "malformed", "the body is no JSON object", hint.clone());
    let fields: Map<String, Value> = serde_json::from_slice(body).map_err(malformed)?;
    let mistake =
        |pointer: &str, code, detail: &str| Mistake::Parameter { pointer: pointer.into(), code, detail: detail.into(), hint: hint.clone() };
    let mut mistakes = Vec::new();
    if fields.keys().any(|field| field != "plan") {
        mistakes.push(mistake("", "unknown_field", "there is a field besides plan"));
    }
    match fields.get("plan").map(|plan| plan.as_str().filter(|plan| plans.get(plan).is_some())) {
        Some(Some(plan)) if mistakes.is_empty() => return Ok(plan.to_owned()),
        Some(Some(_)) => {}
        Some(None) => mistakes.push(mistake("/plan", "unknown_plan", "there is no plan of this name")),
        None => mistakes.push(mistake("/plan", "missing", "the field is missing")),
    }
    Err(Problem::new(422, "invalid_request", "the request names no plan", hint.clone()).with_mistakes(mistakes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scout_pipeline::limits::ACCOUNT_BYTES_MAX;

    #[test]
    fn a_plan_is_named_by_an_object_with_one_field() {
        let read = |body: &str| read_plan(body.as_bytes(), &Plans::default()).map_err(|problem| problem.status);
        assert_eq!(read(r#"{"plan": "growth"}"#), Ok("growth".into()));
        for (body, status) in [
            ("", 400),
            ("[]", 400),
            ("{}", 422),
            (r#"{"plan": "gold"}"#, 422),
            (r#"{"plan": 3}"#, 422),
            (r#"{"plan": "growth", "days": 3}"#, 422),
        ] {
            assert_eq!(read(body), Err(status), "{body}");
        }
    }

    #[test]
    fn a_plan_that_there_is_not_is_answered_with_those_there_are() {
        let problem = read_plan(br#"{"plan": "gold", "x": 1}"#, &Plans::default()).unwrap_err();
        let json: Value = serde_json::from_str(&problem.json()).unwrap();
        assert_eq!(json["errors"].as_array().unwrap().len(), 2);
        assert!(json["hint"].as_str().unwrap().contains("growth, pro, scale, trial, unlimited"), "{json}");
    }

    #[test]
    fn an_account_is_named_as_urls_name_things() {
        assert_eq!(name("auth0%7Cana").unwrap(), "auth0|ana");
        assert_eq!(name(&"x".repeat(ACCOUNT_BYTES_MAX)).unwrap().len(), ACCOUNT_BYTES_MAX);
        for part in ["", "%FF", "a%0Ab", &"x".repeat(ACCOUNT_BYTES_MAX + 1)] {
            assert_eq!(name(part).unwrap_err().status, 404, "{part}");
        }
    }
}
