//! `GET` and `POST /api/v2/keys`, `DELETE /api/v2/keys/{id}`: the API keys of an account.
//!
//! A key does what its account can, except making and revoking keys: whoever finds one could otherwise make others of
//! it, which stay when the one that was lost is revoked, or lock out its owner.

use scout_pipeline::accept::accept_key;
use scout_pipeline::auth::{ApiKey, KeyInfo};
use scout_pipeline::limits::ACCOUNT_KEYS_MAX;
use scout_pipeline::time::Time;
use serde::Serialize;
use serde_json::json;
use worker::{Env, Request, console_error};

use super::body;
use crate::answer::Answer;
use crate::auth::Account;
use crate::clock::{now, random};
use crate::id::uuid_v7;
use crate::keys::Keys;
use crate::problem::Problem;

/// A key as its owner sees it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    id: &'a str,
    name: &'a str,
    /// What the key begins with, by which its owner knows it again.
    prefix: String,
    created_at: String,
    /// At most a minute late.
    last_used_at: Option<String>,
    /// The key itself: once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
}

impl<'a> View<'a> {
    fn of(info: &'a KeyInfo, used: Option<Time>) -> Self {
        View {
            id: &info.id,
            name: &info.name,
            prefix: format!("{}{}", ApiKey::BEGINNING, info.prefix),
            created_at: info.created_at.rfc3339(),
            last_used_at: used.map(Time::rfc3339),
            key: None,
        }
    }
}

/// Lists the account's keys.
pub(super) async fn list(env: &Env, account: &Account) -> Result<Answer, Problem> {
    let keys = Keys::new(env).list(&account.id).await.map_err(|error| failed(&error))?;
    let views: Vec<View<'_>> = keys.iter().map(|(info, used)| View::of(info, *used)).collect();
    Ok(Answer::json(200, &json!({ "keys": views })))
}

/// Makes a key and shows it, this once.
pub(super) async fn make(request: &Request, env: &Env, account: &Account) -> Result<Answer, Problem> {
    only_in_person(account)?;
    let name = accept_key(&body::json(request).await?)?;
    let (key, at) = (ApiKey::of_random(random()), now());
    let info = KeyInfo { id: uuid_v7(at.0, random()), name, prefix: key.prefix().to_owned(), created_at: at };
    match Keys::new(env).make(&account.id, info.clone(), &key).await.map_err(|error| failed(&error))? {
        true => Ok(Answer::json(201, &View { key: Some(key.reveal()), ..View::of(&info, None) })),
        false => Err(full()),
    }
}

/// Revokes a key, at once and for good.
pub(super) async fn revoke(id: &str, env: &Env, account: &Account) -> Result<Answer, Problem> {
    only_in_person(account)?;
    match Keys::new(env).revoke(&account.id, id).await.map_err(|error| failed(&error))? {
        true => Ok(Answer::nothing()),
        false => Err(Problem::new(404, "no_such_key", "there is no API key with this id", "use an id that GET /api/v2/keys lists")),
    }
}

fn only_in_person(account: &Account) -> Result<(), Problem> {
    let refused = || {
        let hint = "sign in and use the token of your account for this; a key can't make or revoke keys";
        Problem::new(403, "by_api_key", "API keys are not made or revoked by an API key", hint)
    };
    if account.by_key { Err(refused()) } else { Ok(()) }
}

fn full() -> Problem {
    let detail = format!("the account has {ACCOUNT_KEYS_MAX} API keys, as many as it can have");
    Problem::new(409, "too_many_keys", detail, "revoke one that is not used any more with DELETE /api/v2/keys/{id}")
}

fn failed(error: &worker::Error) -> Problem {
    console_error!("API keys could not be reached: {error}");
    Problem::internal()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info() -> KeyInfo {
        KeyInfo { id: "id-1".into(), name: "reports".into(), prefix: "AAAAAAAA".into(), created_at: Time(0) }
    }

    #[test]
    fn a_key_is_listed_with_its_beginning_and_never_whole() {
        let json = serde_json::to_value(View::of(&info(), Some(Time(60_000)))).unwrap();
        let expected = json!({
            "id": "id-1", "name": "reports", "prefix": "sk_AAAAAAAA",
            "createdAt": "1970-01-01T00:00:00.000Z", "lastUsedAt": "1970-01-01T00:01:00.000Z",
        });
        assert_eq!(json, expected);
        assert_eq!(serde_json::to_value(View::of(&info(), None)).unwrap()["lastUsedAt"], json!(null));
    }

    #[test]
    fn keys_are_made_and_revoked_in_person() {
        let account = |by_key| Account { id: "ana".into(), by_key };
        assert!(only_in_person(&account(false)).is_ok());
        let problem = only_in_person(&account(true)).unwrap_err();
        assert_eq!((problem.status, problem.code), (403, "by_api_key"));
    }
}
