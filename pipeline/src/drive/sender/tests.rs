//! A request on its way, over a platform and a token endpoint whose answers are given in order.

use std::cell::RefCell;
use std::collections::VecDeque;

use futures::executor::block_on;
use futures::future::join_all;

use super::*;
use crate::contract::{Auth, ClientCredentials, Enrichment, Fault, Hints, Method, Origin, Pair, Signed};
use crate::outbound::{SIGNATURES, Secrets};
use crate::ports::HttpError;

/// Status and body, or none, and the milliseconds that they take.
type Answer = (Result<(u16, String), HttpError>, u64);

/// What became of a request.
struct Sent {
    result: Result<Response, Trouble>,
    calls: Calls,
}

/// A platform that answers in order, and then that all is well; its clock goes on while it answers.
#[derive(Default)]
struct World {
    answers: RefCell<VecDeque<Answer>>,
    asked: RefCell<Vec<HttpRequest>>,
    now: Cell<u64>,
}

impl Http for World {
    async fn fetch(&self, request: HttpRequest) -> Result<Response, HttpError> {
        self.asked.borrow_mut().push(request);
        let (answer, ms) = self.answers.borrow_mut().pop_front().unwrap_or((Ok((200, "{}".into())), 0));
        self.now.set(self.now.get() + ms);
        let (status, body) = answer?;
        Ok(Response { status, headers: vec![], body: body.into_bytes() })
    }
}

fn token(value: &str) -> Answer {
    let body = format!(r#"{{"access_token":"{value}","expires_in":3600,"token_type":"bearer"}}"#);
    (Ok((200, body)), 100)
}

fn says(status: u16) -> Answer {
    (Ok((status, String::new())), 10)
}

impl World {
    fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        World { answers: RefCell::new(answers.into_iter().collect()), now: Cell::new(1_000_000), ..World::default() }
    }

    fn send(&self, tokens: &Tokens, auth: Auth) -> Sent {
        block_on(self.sent(tokens, auth))
    }

    async fn sent(&self, tokens: &Tokens, auth: Auth) -> Sent {
        let request = Request { origin: "api".into(), method: Method::Get, path: "/x".into(), query: vec![], headers: vec![], body: None };
        let sender = Sender { http: self, tokens, clock: || self.now.get() };
        let (result, calls) = sender.send(&manifest(auth), &setup(), &request).await;
        Sent { result, calls }
    }

    /// Which requests came: the token endpoint's path, or what the platform was shown.
    fn shown(&self) -> Vec<String> {
        let authorization = |headers: &[Pair]| headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.clone());
        self.asked.borrow().iter().map(|request| authorization(&request.headers).unwrap_or_else(|| request.url.clone())).collect()
    }

    fn timeouts(&self) -> Vec<u32> {
        self.asked.borrow().iter().map(|request| request.timeout_ms).collect()
    }
}

const ENDPOINT: &str = "https://id.test/token";

fn client() -> Auth {
    Auth::ClientCredentials(ClientCredentials { token_url: ENDPOINT.into(), id: "ID".into(), secret: "KEY".into(), id_header: None })
}

fn setup() -> Setup {
    Setup { secrets: Secrets::from_iter([("ID", "ana"), ("KEY", "s3cret")]), ..Setup::default() }
}

fn manifest(auth: Auth) -> Manifest {
    Manifest {
        platform: "sample".into(),
        label: "Sample".into(),
        version: "1.0.0".into(),
        origins: vec![Origin { name: "api".into(), base_url: "https://api.test".into(), auth }],
        enrichment: Enrichment::None,
        hints: Hints { page_size: 10, creators_per_keyword: 10, pages_per_keyword: 1, calls_per_minute: None },
        reports_views: false,
        settings: vec![],
        extra: vec![],
    }
}

fn status(sent: &Sent) -> u16 {
    sent.result.as_ref().unwrap().status
}

#[test]
fn a_request_without_a_token_is_one_call() {
    let world = World::answering([says(200)]);
    let sent = world.send(&Tokens::default(), Auth::None);
    assert_eq!((status(&sent), sent.calls), (200, Calls { made: 1, ms: 10, ..Calls::default() }));
}

#[test]
fn a_token_is_traded_for_once_and_used_again() {
    let (world, tokens) = (World::answering([token("a"), says(200), says(200)]), Tokens::default());
    assert_eq!(world.send(&tokens, client()).calls, Calls { made: 2, ungranted: 1, ms: 110, ..Calls::default() });
    assert_eq!(world.send(&tokens, client()).calls, Calls { made: 1, ms: 10, ..Calls::default() });
    assert_eq!(world.shown(), [ENDPOINT, "Bearer a", "Bearer a"]);
}

#[test]
fn requests_at_the_same_time_trade_once_and_the_exchange_counts_once() {
    let (world, tokens) = (World::answering([token("a")]), Tokens::default());
    let sent = block_on(join_all((0..6).map(|_| world.sent(&tokens, client()))));
    assert_eq!(sent.iter().map(|sent| sent.calls.made).sum::<u32>(), 7);
    assert_eq!(world.shown().iter().filter(|shown| *shown == ENDPOINT).count(), 1);
}

#[test]
fn a_token_that_has_ended_is_traded_for_anew_before_anything_is_asked() {
    let (world, tokens) = (World::answering([token("a"), says(200), token("b"), says(200)]), Tokens::default());
    world.send(&tokens, client());
    world.now.set(world.now.get() + 3_600_000);
    world.send(&tokens, client());
    assert_eq!(world.shown(), [ENDPOINT, "Bearer a", ENDPOINT, "Bearer b"]);
}

#[test]
fn a_kept_token_that_is_refused_is_traded_for_once_more() {
    let answers = [token("a"), says(200), says(401), token("b"), says(200)];
    let (world, tokens) = (World::answering(answers), Tokens::default());
    world.send(&tokens, client());
    let sent = world.send(&tokens, client());
    assert_eq!((status(&sent), sent.calls.made), (200, 3));
    assert_eq!(world.shown()[2..], ["Bearer a", ENDPOINT, "Bearer b"]);
}

#[test]
fn what_is_answered_to_the_second_token_stands() {
    let answers = [token("a"), says(200), says(401), token("b"), says(401)];
    let (world, tokens) = (World::answering(answers), Tokens::default());
    world.send(&tokens, client());
    assert_eq!(status(&world.send(&tokens, client())), 401);
    assert_eq!(world.asked.borrow().len(), 5);
}

#[test]
fn a_new_token_that_is_refused_is_forgotten_and_nothing_is_repeated() {
    let (world, tokens) = (World::answering([token("a"), says(401), token("b"), says(200)]), Tokens::default());
    assert_eq!(status(&world.send(&tokens, client())), 401);
    assert_eq!(world.asked.borrow().len(), 2);
    assert_eq!(status(&world.send(&tokens, client())), 200);
    assert_eq!(world.shown()[2..], [ENDPOINT, "Bearer b"]);
}

#[test]
fn another_refusal_than_401_keeps_the_token() {
    let (world, tokens) = (World::answering([token("a"), says(403), says(200)]), Tokens::default());
    assert_eq!(status(&world.send(&tokens, client())), 403);
    world.send(&tokens, client());
    assert_eq!(world.shown(), [ENDPOINT, "Bearer a", "Bearer a"]);
}

#[test]
fn a_401_to_a_key_is_the_adapters_to_read() {
    let world = World::answering([says(401)]);
    assert_eq!(status(&world.send(&Tokens::default(), Auth::Bearer("KEY".into()))), 401);
    assert_eq!(world.asked.borrow().len(), 1);
}

#[test]
fn without_a_token_the_platform_is_not_asked() {
    let refused = World::answering([says(403)]);
    let Sent { result, calls } = refused.send(&Tokens::default(), client());
    assert!(matches!(result, Err(Trouble::Fault { fault: Fault::Unauthorized(_) })));
    assert_eq!((calls.made, refused.asked.borrow().len()), (1, 1));
    let silent = World::answering([(Err(HttpError::Timeout { ms: 5_000 }), 5_000)]);
    let Sent { result, .. } = silent.send(&Tokens::default(), client());
    assert_eq!(result, Err(Trouble::NoAnswer { retry: true, detail: "no answer within 5000 ms".into() }));
    assert_eq!(silent.asked.borrow().len(), 1);
}

#[test]
fn an_origin_without_its_secret_is_asked_for_nothing() {
    let world = World::default();
    let client = ClientCredentials { token_url: ENDPOINT.into(), id: "ID".into(), secret: "OTHER".into(), id_header: None };
    let Sent { result, calls } = world.send(&Tokens::default(), Auth::ClientCredentials(client));
    assert!(matches!(result, Err(Trouble::Setup { credentials: true, .. })));
    assert_eq!((calls, world.asked.borrow().len()), (Calls::default(), 0));
}

#[test]
fn all_that_belongs_to_a_request_shares_its_time() {
    let answers = [token("a"), says(200), (Ok((401, String::new())), 15_000), (token("b").0, 4_000), says(200)];
    let (world, tokens) = (World::answering(answers), Tokens::default());
    world.send(&tokens, client());
    world.send(&tokens, client());
    assert_eq!(world.timeouts(), [TOKEN_MS_MAX, FETCH_MS_MAX, FETCH_MS_MAX, TOKEN_MS_MAX, SENT_MS_MAX - 19_000]);
}

#[test]
fn a_signature_carries_the_time_of_the_clock() {
    let world = World::answering([]);
    let signed = Signed { scheme: SIGNATURES[0].into(), key: "ID".into(), secret: "KEY".into() };
    world.send(&Tokens::default(), Auth::Signed(signed));
    let date = ("x-auth-date".to_owned(), "1000".to_owned());
    assert!(world.asked.borrow()[0].headers.contains(&date));
}
