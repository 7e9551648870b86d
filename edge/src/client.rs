//! Sending requests to platforms: no redirect is followed, an answer has a time and a length that it must keep
//! to, and errors name no URL.

use std::pin::pin;
use std::time::Duration;

use futures::StreamExt as _;
use futures::future::{Either, select};
use scout_pipeline::contract::{Method, Pair, Response};
use scout_pipeline::ports::{Http, HttpError, HttpRequest};
use worker::js_sys::Uint8Array;
use worker::{AbortController, AbortSignal, Delay, Fetch, Headers, Request, RequestInit, RequestRedirect, ResponseBody};

/// Who is asking, in the same words as on one's own machine. The runtime says nothing by itself, and some platforms
/// answer nobody who doesn't say.
const USER_AGENT: &str = concat!("scout/", env!("CARGO_PKG_VERSION"));

/// The Worker's own way out.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Client;

impl Http for Client {
    async fn fetch(&self, request: HttpRequest) -> Result<Response, HttpError> {
        let abort = AbortController::default();
        let signal = abort.signal();
        let exchange = pin!(exchange(&request, &signal));
        let time = pin!(Delay::from(Duration::from_millis(request.timeout_ms.into())));
        let result = match select(exchange, time).await {
            Either::Left((result, _)) => result,
            Either::Right(((), _)) => Err(HttpError::Timeout { ms: request.timeout_ms }),
        };
        if result.is_err() {
            // Whatever is still coming is not wanted any more.
            abort.abort();
        }
        result
    }
}

async fn exchange(request: &HttpRequest, signal: &AbortSignal) -> Result<Response, HttpError> {
    let unsent = |_| HttpError::Connection("the request can't be made".into());
    let fetch = Fetch::Request(prepare(request).map_err(unsent)?);
    // The runtime's own words may hold the URL, and with it a secret.
    let unanswered = |_| HttpError::Connection("it was refused or broke before there was an answer".into());
    let mut answer = fetch.send_with_signal(signal).await.map_err(unanswered)?;
    let headers = lower_case(answer.headers());
    let body = body(&mut answer, request.body_bytes_max).await?;
    Ok(Response { status: answer.status_code(), headers, body })
}

fn prepare(request: &HttpRequest) -> worker::Result<Request> {
    let headers = Headers::new();
    headers.set("user-agent", USER_AGENT)?;
    for (name, value) in &request.headers {
        match name.as_str() {
            // An adapter that says who it is speaks instead of the host.
            "user-agent" => headers.set(name, value)?,
            _ => headers.append(name, value)?,
        }
    }
    let mut init = RequestInit::new();
    init.with_method(method(request.method)).with_redirect(RequestRedirect::Manual).with_headers(headers);
    init.with_body(request.body.as_ref().map(|body| Uint8Array::from(body.as_slice()).into()));
    Request::new_with_init(&request.url, &init)
}

fn method(method: Method) -> worker::Method {
    match method {
        Method::Get => worker::Method::Get,
        Method::Post => worker::Method::Post,
    }
}

fn lower_case(headers: &Headers) -> Vec<Pair> {
    headers.entries().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()
}

/// Reads a body piece by piece and stops as soon as it is too long.
async fn body(answer: &mut worker::Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut stream = match answer.body() {
        ResponseBody::Empty => return Ok(Vec::new()),
        ResponseBody::Body(body) if body.len() > limit => return Err(HttpError::TooLong { limit }),
        ResponseBody::Body(body) => return Ok(body.clone()),
        ResponseBody::Stream(_) => answer.stream().map_err(|_| HttpError::Connection("the answer can't be read".into()))?,
    };
    let mut body = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| HttpError::Connection(format!("it broke after {} bytes of the answer", body.len())))?;
        if body.len() + piece.len() > limit {
            return Err(HttpError::TooLong { limit });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
