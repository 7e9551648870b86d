//! Finding out who is calling, before anything else of a request is looked at.
//!
//! Everybody else gets a problem: 401 with `WWW-Authenticate` as RFC 6750 writes it, or 503 while tokens can't be
//! checked. The log has the reason by its stable name, and never the token.

use std::cell::RefCell;

use scout_pipeline::auth::{Credential, Denied, Expected, Jwks, Jwt, LOCAL, Presented};
use scout_pipeline::contract::Method;
use scout_pipeline::limits::{JWKS_BYTES_MAX, JWKS_MS_MAX};
use scout_pipeline::ports::{Http as _, HttpRequest};
use worker::{Env, Request, console_error, console_log, console_warn};

use crate::client::Client;
use crate::clock::now;
use crate::config::{Access, Issuer, Source};
use crate::keys::Keys;
use crate::problem::Problem;

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody with an account.
    Account(Account),
    /// Whoever runs this Scout.
    Operator,
}

/// An account, and how its caller came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// The account's id.
    pub(crate) id: String,
    /// Whether it was by an API key.
    pub(crate) by_key: bool,
}

/// Who sent this request.
///
/// # Errors
/// A problem that says what an honest caller can do, and nothing more.
pub(crate) async fn caller(request: &Request, env: &Env, access: &Access) -> Result<Caller, Problem> {
    let header = request.headers().get("authorization").ok().flatten();
    match identify(header.as_deref(), env, access).await {
        Ok(caller) => Ok(caller),
        Err(Failed::Denied(denied)) => {
            console_log!("a request was refused: {}", denied.code());
            Err(refuse(denied))
        }
        Err(Failed::Unreachable(error)) => {
            console_error!("an API key could not be looked up: {error}");
            Err(Problem::internal())
        }
    }
}

/// Why nobody was let in.
#[derive(Debug)]
enum Failed {
    Denied(Denied),
    Unreachable(worker::Error),
}

impl From<Denied> for Failed {
    fn from(denied: Denied) -> Self {
        Failed::Denied(denied)
    }
}

async fn identify(header: Option<&str>, env: &Env, access: &Access) -> Result<Caller, Failed> {
    let presented = Presented::read(header)?;
    if access.operator.as_ref().is_some_and(|operator| presented.is(operator.reveal())) {
        return Ok(Caller::Operator);
    }
    let account = |id: String, by_key: bool| Ok(Caller::Account(Account { id, by_key }));
    match presented.credential()? {
        Credential::Local if access.local => account(LOCAL.to_owned(), false),
        Credential::Local => Err(Denied::LocalOnly.into()),
        Credential::Key(key) => match Keys::new(env).enter(&key).await.map_err(Failed::Unreachable)? {
            Some(id) => account(id, true),
            None => Err(Denied::ApiKey.into()),
        },
        Credential::Jwt(jwt) => account(account_of(&jwt, access.issuer.as_ref()).await?, false),
    }
}

async fn account_of(jwt: &Jwt, issuer: Option<&Issuer>) -> Result<String, Denied> {
    let Issuer { keys, expected } = issuer.ok_or(Denied::Unrecognized)?;
    match keys {
        Source::Secret(secret) => jwt.account(&secret.keys(), expected, now()),
        Source::Url(url) => signed_by(jwt, url.reveal(), expected).await,
    }
}

thread_local! {
    /// The issuer's keys, as long as the isolate lives. There is one issuer.
    static JWKS: RefCell<Jwks> = RefCell::default();
}

async fn signed_by(jwt: &Jwt, url: &str, expected: &Expected) -> Result<String, Denied> {
    let begins = JWKS.with_borrow_mut(|jwks| {
        let wants = jwks.wants(jwt, now());
        if wants {
            jwks.begin(now());
        }
        wants
    });
    if begins {
        let answer = fetch(url).await;
        match JWKS.with_borrow_mut(|jwks| jwks.take(answer.as_deref(), now())) {
            Ok(unusable) => unusable.iter().for_each(|why| console_warn!("the issuer has a key that is not used: {why}")),
            Err(error) => console_error!("the issuer's keys can't be used: {error}"),
        }
    }
    JWKS.with_borrow(|jwks| jwks.account(jwt, expected, now()))
}

/// Fetches the issuer's keys. Why there are none is said in the log, and without the URL.
async fn fetch(url: &str) -> Option<Vec<u8>> {
    let headers = vec![("accept".to_owned(), "application/jwk-set+json, application/json".to_owned())];
    let request = HttpRequest {
        method: Method::Get,
        url: url.to_owned(),
        headers,
        body: None,
        timeout_ms: JWKS_MS_MAX,
        body_bytes_max: JWKS_BYTES_MAX,
    };
    match Client.fetch(request).await {
        Ok(response) if response.status == 200 => Some(response.body),
        Ok(response) => {
            console_error!("the issuer's keys could not be fetched: HTTP {}", response.status);
            None
        }
        Err(error) => {
            console_error!("the issuer's keys could not be fetched: {error}");
            None
        }
    }
}

/// What a caller is told.
fn refuse(denied: Denied) -> Problem {
    if let Some(seconds) = denied.retry_after_s() {
        return Problem::new(503, "keys_unavailable", denied.to_string(), denied.hint()).with_header("retry-after", seconds.to_string());
    }
    let code = match denied {
        Denied::Expired => "token_expired",
        _ => "unauthorized",
    };
    let challenge = match denied {
        // Nothing was presented that could be wrong (RFC 6750, section 3.1).
        Denied::NoToken | Denied::NotBearer => "Bearer".to_owned(),
        _ => format!("Bearer error=\"invalid_token\", error_description=\"{denied}\""),
    };
    Problem::new(401, code, denied.to_string(), denied.hint()).with_header("www-authenticate", challenge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(denied: Denied) -> (u16, &'static str, String) {
        let problem = refuse(denied);
        (problem.status, problem.code, problem.headers.into_iter().map(|(name, value)| format!("{name}: {value}")).collect())
    }

    #[test]
    fn without_a_token_the_scheme_is_named_and_nothing_else() {
        for denied in [Denied::NoToken, Denied::NotBearer] {
            assert_eq!(seen(denied), (401, "unauthorized", "www-authenticate: Bearer".into()));
        }
    }

    #[test]
    fn a_token_that_is_refused_is_called_invalid_with_the_public_reason() {
        let challenge =
            |description: &str| format!("www-authenticate: Bearer error=\"invalid_token\", error_description=\"{description}\"");
        assert_eq!(seen(Denied::Expired), (401, "token_expired", challenge("the bearer token has expired")));
        for denied in [Denied::Signature, Denied::Algorithm, Denied::UnknownKey, Denied::LocalOnly] {
            assert_eq!(seen(denied), (401, "unauthorized", challenge("the bearer token is not accepted")));
        }
        assert_eq!(seen(Denied::ApiKey), (401, "unauthorized", challenge("the API key is not valid")));
    }

    #[test]
    fn while_tokens_can_not_be_checked_a_caller_is_asked_to_come_again() {
        assert_eq!(seen(Denied::NoKeys), (503, "keys_unavailable", "retry-after: 10".into()));
        assert_eq!(seen(Denied::KeysPending), (503, "keys_unavailable", "retry-after: 1".into()));
    }
}
