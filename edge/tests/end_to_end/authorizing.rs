//! Who may do what: every route for every kind of caller. A route that is served and has no row here fails the test.

use std::collections::BTreeSet;

use scout_edge::{ROUTES, Who};
use scout_upstream::{Options, Running, start};
use serde_json::{Value, json};

use crate::api::{Answer, Api};
use crate::issuer::{AUDIENCE, Answers, By, ISSUER, Issuer, RSA_N, claims, from_now, good, keys, token};
use crate::keeping_keys::LOG_MAX;
use crate::worker::{OPERATOR, Worker};

/// One route: what it is asked with, and what somebody who may use it is answered.
struct Row {
    method: &'static str,
    path: &'static str,
    /// For the account whose job and key it is about.
    owner: Expected,
    /// For another account.
    other: Expected,
    /// For one of the owner's API keys.
    key: Expected,
}

/// A status, and the code of the problem if it is one.
type Expected = (u16, Option<&'static str>);

const fn row(method: &'static str, path: &'static str, owner: Expected, other: Expected, key: Expected) -> Row {
    Row { method, path, owner, other, key }
}

const OK: Expected = (200, None);
const WRONG_FIELDS: Expected = (422, Some("invalid_fields"));
const NO_JOB: Expected = (404, Some("no_such_job"));
const NO_ACCOUNT: Expected = (404, Some("no_such_account"));
const NO_PLAN: Expected = (422, Some("invalid_request"));
const BY_KEY: Expected = (403, Some("by_api_key"));

/// What routes of the operator answer there is one expectation for; the last two are never used.
const ROWS: &[Row] = &[
    row("POST", "/api/v2/dispatch", WRONG_FIELDS, WRONG_FIELDS, WRONG_FIELDS),
    row("GET", "/api/v2/status", OK, NO_JOB, OK),
    row("GET", "/api/v2/jobs/{id}", OK, NO_JOB, OK),
    row("POST", "/api/v2/jobs/{id}/cancel", OK, NO_JOB, OK),
    // Another job than the one that is cancelled, and it runs.
    row("POST", "/api/v2/jobs/{id}/retry", (409, Some("not_retryable")), NO_JOB, (409, Some("not_retryable"))),
    row("GET", "/api/v2/jobs", OK, OK, OK),
    row("GET", "/api/v2/usage", OK, OK, OK),
    row("GET", "/api/v2/platforms", OK, OK, OK),
    row("GET", "/api/v2/keys", OK, OK, OK),
    row("POST", "/api/v2/keys", WRONG_FIELDS, WRONG_FIELDS, BY_KEY),
    row("DELETE", "/api/v2/keys/{id}", (204, None), (404, Some("no_such_key")), BY_KEY),
    row("GET", "/api/v2/operator/accounts", OK, OK, OK),
    // Of an account that nobody ever used.
    row("GET", "/api/v2/operator/accounts/{id}", NO_ACCOUNT, NO_ACCOUNT, NO_ACCOUNT),
    row("PUT", "/api/v2/operator/accounts/{id}", NO_PLAN, NO_PLAN, NO_PLAN),
    row("GET", "/api/v2/operator/accounts/{id}/ledger", NO_ACCOUNT, NO_ACCOUNT, NO_ACCOUNT),
    row("GET", "/api/v2/operator/upstreams", OK, OK, OK),
    row("GET", "/api/v2/operator/adapters", OK, OK, OK),
    row("GET", "/healthz", OK, OK, OK),
];

/// Who is calling.
#[derive(Debug, Clone)]
struct Caller {
    name: &'static str,
    token: Option<String>,
    is: Is,
}

/// What there is to be expected of a caller.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Is {
    /// Nobody, for this public reason.
    Refused(&'static str),
    Owner,
    OwnersKey,
    Other,
    Operator,
}

const ANY: &str = "the bearer token is not accepted";
const NO_TOKEN: &str = "the request has no bearer token";

fn caller(name: &'static str, token: impl Into<String>, is: Is) -> Caller {
    Caller { name, token: Some(token.into()), is }
}

/// A token by the RSA key with one claim changed, and why it is refused.
fn with_claim(name: &'static str, claim: &str, value: Value, why: &'static str) -> Caller {
    let mut claims = claims("ana");
    claims[claim] = value;
    caller(name, token(By::Rsa, &By::Rsa.header(), &claims), Is::Refused(why))
}

/// Everybody whom no deployment lets in.
fn strangers() -> Vec<Caller> {
    let confused = json!({ "alg": "HS256", "kid": "r" });
    let posing = json!({ "alg": "RS256", "kid": "r" });
    vec![
        Caller { name: "no token", token: None, is: Is::Refused(NO_TOKEN) },
        caller("garbage", "garbage", Is::Refused(ANY)),
        caller("garbage that looks like a token", "garbage.garbage.garbage", Is::Refused(ANY)),
        caller("the local token", "local", Is::Refused(ANY)),
        caller("no algorithm", token(By::Nothing, &By::Nothing.header(), &claims("ana")), Is::Refused(ANY)),
        caller("no signature", token(By::Nothing, &posing, &claims("ana")), Is::Refused(ANY)),
        caller("the public key as a secret", token(By::Secret(RSA_N), &confused, &claims("ana")), Is::Refused(ANY)),
        caller("a secret's signature that says RS256", token(By::Secret(RSA_N), &posing, &claims("ana")), Is::Refused(ANY)),
        caller("a key that nobody has", format!("sk_{}", "A".repeat(43)), Is::Refused("the API key is not valid")),
        caller("half a key", "sk_AAAAAAAA", Is::Refused("the API key is not valid")),
        caller("half the operator's token", &OPERATOR[..40], Is::Refused(ANY)),
    ]
}

/// Everybody whose token the issuer made, and is wrong.
fn mistaken() -> Vec<Caller> {
    vec![
        with_claim("expired", "exp", json!(from_now(-3_600)), "the bearer token has expired"),
        with_claim("not yet valid", "nbf", json!(from_now(3_600)), "the bearer token is not valid yet"),
        with_claim("another audience", "aud", json!("others"), "the bearer token is meant for another service"),
        with_claim("another issuer", "iss", json!("https://id.test"), "the bearer token comes from another issuer"),
        with_claim("no subject", "sub", json!(""), "the bearer token does not say whose it is"),
    ]
}

/// What a deployment sets, besides where its keys come from.
pub(crate) fn deployment<'a>(upstream: &'a str, key: (&'static str, &'a str)) -> [(&'static str, &'a str); 6] {
    let claims = [("SCOUT_JWT_ISSUER", ISSUER), ("SCOUT_JWT_AUDIENCE", AUDIENCE)];
    let plan = ("SCOUT_DEFAULT_PLAN", "unlimited");
    [claims[0], claims[1], ("SCOUT_UPSTREAM", upstream), ("SCOUT_OPERATOR_TOKEN", OPERATOR), plan, key]
}

/// Fake platforms on which a job runs for as long as a test does.
async fn slow() -> Running {
    start(Options { latency_ms: 15_000, ..Options::default() }).await.unwrap()
}

/// What the requests of the test are about: two jobs and the keys of one account.
struct Stage {
    url: String,
    owner: Api,
    job: String,
    job_to_cancel: String,
}

impl Stage {
    async fn set(url: &str, owner: &str) -> Stage {
        let owner = Api::as_bearer(url, Some(owner));
        let job = owner.search("bluesky", &["yoga"], 2_000).await;
        let job_to_cancel = owner.search("bluesky", &["chess"], 2_000).await;
        Stage { url: url.to_owned(), owner, job, job_to_cancel }
    }

    /// The same request for everybody; a key that is revoked is a new one each time.
    async fn request(&self, row: &Row, caller: &Caller) -> Answer {
        let id = match (row.method, row.path) {
            ("DELETE", "/api/v2/keys/{id}") => make_key(&self.owner, "to be revoked").await.0,
            (_, "/api/v2/jobs/{id}/cancel") => self.job_to_cancel.clone(),
            _ => self.job.clone(),
        };
        let query = if row.path == "/api/v2/status" { format!("?jobId={}&limit=0", self.job) } else { String::new() };
        let url = format!("{}{}{query}", self.url, row.path.replace("{id}", &id));
        let api = Api::as_bearer(&self.url, caller.token.as_deref());
        let mut request = api.client.request(row.method.parse().unwrap(), url);
        if ["POST", "PUT"].contains(&row.method) {
            request = request.header("content-type", "application/json").body("{}");
        }
        let answer = api.send(request).await;
        if row.method == "DELETE" && answer.status != 204 {
            assert_eq!(delete_key(&self.owner, &id).await.status, 204, "the key is still there: {}", caller.name);
        }
        answer
    }

    /// Asks everything in the name of everybody.
    async fn walk(&self, callers: &[Caller]) {
        for caller in callers {
            for row in ROWS {
                let entry = ROUTES.iter().find(|entry| (entry.method, entry.path) == (row.method, row.path)).unwrap();
                let answer = self.request(row, caller).await;
                check(&answer, expected(row, entry.who, caller.is), &format!("{} {} as {}", row.method, row.path, caller.name));
                if let (Is::Refused(why), false) = (caller.is, entry.who == Who::Everyone) {
                    check_refused(&answer, why);
                }
            }
        }
    }
}

fn expected(row: &Row, who: Who, is: Is) -> Expected {
    match (who, is) {
        (Who::Everyone, _) => row.owner,
        (_, Is::Refused("the bearer token has expired")) => (401, Some("token_expired")),
        (_, Is::Refused(_)) => (401, Some("unauthorized")),
        (Who::Account, Is::Operator) => (403, Some("operator_token")),
        (Who::Account, Is::Owner) => row.owner,
        (Who::Account, Is::OwnersKey) => row.key,
        (Who::Account, Is::Other) => row.other,
        (Who::Operator, Is::Operator) => row.owner,
        (Who::Operator, _) => (403, Some("not_operator")),
    }
}

fn check(answer: &Answer, (status, code): Expected, what: &str) {
    assert_eq!(answer.status, status, "{what}: {answer:?}");
    if let Some(code) = code {
        assert_eq!(answer.problem()["code"], code, "{what}");
    }
}

/// Whoever is refused hears why, in the same words on every route, and nothing of what he asked for.
fn check_refused(answer: &Answer, why: &str) {
    assert_eq!(answer.problem()["detail"], why);
    let invalid = format!("Bearer error=\"invalid_token\", error_description=\"{why}\"");
    let challenge = if why == NO_TOKEN { "Bearer" } else { &invalid };
    assert_eq!(answer.headers["www-authenticate"], challenge);
}

/// Makes a key; gives its id and the key.
pub(crate) async fn make_key(api: &Api, name: &str) -> (String, String) {
    let request = api.client.post(format!("{}/api/v2/keys", api.url)).json(&json!({ "name": name }));
    let answer = api.send(request).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let json = answer.json();
    (json["id"].as_str().unwrap().to_owned(), json["key"].as_str().unwrap().to_owned())
}

pub(crate) async fn delete_key(api: &Api, id: &str) -> Answer {
    api.send(api.client.delete(format!("{}/api/v2/keys/{id}", api.url))).await
}

#[test]
fn every_route_that_is_served_has_a_row_and_every_row_a_route() {
    let served: BTreeSet<(&str, &str)> = ROUTES.iter().map(|entry| (entry.method, entry.path)).collect();
    let rows: BTreeSet<(&str, &str)> = ROWS.iter().map(|row| (row.method, row.path)).collect();
    assert_eq!(rows, served, "say in ROWS who is answered what");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_every_route_everybody_is_answered_what_is_theirs_and_no_more() {
    let (upstream, issuer) = (slow().await, Issuer::start(Answers::Keys(keys())).await);
    let url = upstream.url();
    let worker = Worker::start(&deployment(&url, ("SCOUT_JWKS_URL", &issuer.url)));
    let stage = Stage::set(&worker.url, &good(By::Rsa, "ana")).await;
    let (revoked, revoked_key) = make_key(&stage.owner, "revoked").await;
    let (_, key) = make_key(&stage.owner, "in force").await;
    assert_eq!(Api::as_bearer(&worker.url, Some(&revoked_key)).get("/api/v2/platforms").await.status, 200, "it was good");
    assert_eq!(delete_key(&stage.owner, &revoked).await.status, 204);
    let mut callers = strangers();
    callers.extend(mistaken());
    callers.extend([
        caller("another secret's signature", good(By::Secret("a secret of 32 bytes, or even more"), "ana"), Is::Refused(ANY)),
        caller("a revoked key", revoked_key, Is::Refused("the API key is not valid")),
        caller("RS256", good(By::Rsa, "ana"), Is::Owner),
        caller("ES256", good(By::Ec, "ana"), Is::Owner),
        caller("EdDSA", good(By::Ed, "ana"), Is::Owner),
        caller("a key of the owner", key, Is::OwnersKey),
        caller("another account", good(By::Rsa, "berta"), Is::Other),
        caller("the operator", OPERATOR, Is::Operator),
    ]);
    stage.walk(&callers).await;
    assert_eq!(issuer.asked(), 1, "one fetch is enough for all of them");
    for code in ["no_token", "unrecognized", "expired", "not_yet", "audience", "issuer", "algorithm", "signature", "api_key", "local_only"]
    {
        worker.wait_for_log(&format!("a request was refused: {code}"), LOG_MAX);
    }
    let log = worker.log();
    // These two are words that a log may have, and the operator's is a variable that wrangler may show.
    let words = ["garbage", "local", OPERATOR];
    for token in callers.iter().filter_map(|caller| caller.token.as_deref()).filter(|token| !words.contains(token)) {
        assert!(!log.contains(token), "the log has {token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_tokens_are_signed_by_a_secret_no_public_key_opens_anything() {
    const SECRET: &str = "a secret of the tests of 32 bytes or more";
    let upstream = slow().await;
    let url = upstream.url();
    let worker = Worker::start(&deployment(&url, ("SCOUT_JWT_SECRET", SECRET)));
    let stage = Stage::set(&worker.url, &good(By::Secret(SECRET), "ana")).await;
    let mut callers = strangers();
    callers.extend([
        caller("another secret's signature", good(By::Secret("a secret of 32 bytes, or even more"), "ana"), Is::Refused(ANY)),
        caller("RS256", good(By::Rsa, "ana"), Is::Refused(ANY)),
        caller("ES256", good(By::Ec, "ana"), Is::Refused(ANY)),
        caller("HS256", good(By::Secret(SECRET), "ana"), Is::Owner),
        caller("another account", good(By::Secret(SECRET), "berta"), Is::Other),
        caller("the operator", OPERATOR, Is::Operator),
    ]);
    stage.walk(&callers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_one_s_own_machine_the_local_token_is_an_account_and_nobody_is_without_one() {
    let upstream = slow().await;
    let worker = Worker::start(&[("SCOUT_ENV", "local"), ("SCOUT_UPSTREAM", &upstream.url())]);
    let stage = Stage::set(&worker.url, "local").await;
    let (_, key) = make_key(&stage.owner, "in force").await;
    let mut callers = strangers();
    callers.retain(|caller| caller.name != "the local token");
    callers.extend([
        caller("the local token", "local", Is::Owner),
        caller("a key of the owner", key, Is::OwnersKey),
        caller("a token of some issuer", good(By::Rsa, "ana"), Is::Refused(ANY)),
        caller("the token of some operator", OPERATOR, Is::Refused(ANY)),
    ]);
    stage.walk(&callers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_job_is_answered_like_one_that_there_is_not() {
    let (upstream, issuer) = (slow().await, Issuer::start(Answers::Keys(keys())).await);
    let url = upstream.url();
    let worker = Worker::start(&deployment(&url, ("SCOUT_JWKS_URL", &issuer.url)));
    let stage = Stage::set(&worker.url, &good(By::Ec, "ana")).await;
    let berta = Api::as_bearer(&worker.url, Some(&good(By::Ec, "berta")));
    let nobodys = "01a20fe3-0566-7780-ac67-54e458f02fd7";
    for path in ["/api/v2/status?jobId={id}", "/api/v2/jobs/{id}"] {
        let (foreign, unknown) = (berta.get(&path.replace("{id}", &stage.job)).await, berta.get(&path.replace("{id}", nobodys)).await);
        assert_eq!((foreign.status, foreign.text, foreign.headers.len()), (unknown.status, unknown.text, unknown.headers.len()));
    }
    for path in ["/api/v2/jobs/{id}/cancel", "/api/v2/jobs/{id}/retry"] {
        let (foreign, unknown) = (berta.post(&path.replace("{id}", &stage.job)).await, berta.post(&path.replace("{id}", nobodys)).await);
        assert_eq!((foreign.status, foreign.text), (unknown.status, unknown.text));
    }
    assert_ne!(stage.owner.status(&stage.job).await["status"], "cancelled", "nothing was done to it");
}
