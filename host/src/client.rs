//! Sends requests over HTTP, within limits, and says why there is no answer without naming an address.

use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::redirect::Policy;
use scout_pipeline::contract::{Method, Pair, Response};
use scout_pipeline::ports::{Http, HttpError, HttpRequest};

/// How long the way to a host may take, in milliseconds; the rest of the time is for the answer.
const CONNECT_MS_MAX: u64 = 10_000;

/// Sends requests. Clones share its connections. It follows no redirect, asks no proxy and repeats nothing,
/// so that one request is one call; the rules decide about anything further.
#[derive(Debug, Clone)]
pub struct Client {
    client: reqwest::Client,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("HTTP can't be used on this machine: {0}")]
pub struct ClientError(String);

impl Client {
    /// Sets up a client that trusts the certificates that this machine trusts.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub fn new() -> Result<Self, ClientError> {
        // A provider that was installed earlier is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = builder().build().or_else(|_| {
            // A machine without any trusted certificate can still talk to itself without TLS.
            builder().tls_certs_only(std::iter::empty()).build()
        });
        client.map(|client| Self { client }).map_err(|error| ClientError(reason(&error)))
    }

    async fn exchange(&self, request: HttpRequest) -> Result<Response, HttpError> {
        let limit = request.body_bytes_max;
        let mut answer = self.client.execute(prepare(request)?).await.map_err(|error| HttpError::Connection(reason(&error)))?;
        let status = answer.status().as_u16();
        let headers = headers(answer.headers());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| HttpError::Connection(reason(&error)))? {
            if body.len() + chunk.len() > limit {
                return Err(HttpError::TooLong { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }
}

impl Http for Client {
    async fn fetch(&self, request: HttpRequest) -> Result<Response, HttpError> {
        let ms = request.timeout_ms;
        let exchange = tokio::time::timeout(Duration::from_millis(ms.into()), self.exchange(request));
        exchange.await.unwrap_or(Err(HttpError::Timeout { ms }))
    }
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("scout/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .connect_timeout(Duration::from_millis(CONNECT_MS_MAX))
}

fn prepare(request: HttpRequest) -> Result<reqwest::Request, HttpError> {
    let unfit = |what: &str| HttpError::Connection(format!("the request has {what} that can't be sent"));
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
    };
    let url = request.url.parse().map_err(|_| unfit("a URL"))?;
    let mut prepared = reqwest::Request::new(method, url);
    for (name, value) in &request.headers {
        let name = reqwest::header::HeaderName::try_from(name).map_err(|_| unfit("a header"))?;
        let value = reqwest::header::HeaderValue::try_from(value).map_err(|_| unfit("a header"))?;
        prepared.headers_mut().append(name, value);
    }
    *prepared.body_mut() = request.body.map(Into::into);
    Ok(prepared)
}

/// Names in lower case, values as text; bytes that are no UTF-8 are replaced.
fn headers(headers: &reqwest::header::HeaderMap) -> Vec<Pair> {
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

/// What went wrong, in words of our own: the library's texts may carry the URL.
fn reason(error: &reqwest::Error) -> String {
    let causes = causes(error);
    let io = causes.iter().find_map(|cause| cause.downcast_ref::<io::Error>());
    let text = if causes.iter().any(|cause| cause.to_string().starts_with("dns error")) {
        "the host's name is unknown"
    } else if causes.iter().any(|cause| is_tls(*cause)) {
        "the host's certificate or TLS is not accepted"
    } else if io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused) {
        "the host refuses connections"
    } else if error.is_timeout() {
        "the host can't be reached in time"
    } else if error.is_connect() {
        "the host can't be reached"
    } else if error.is_decode() && io.is_some_and(|io| matches!(io.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)) {
        "the answer's compression is damaged"
    } else if error.is_builder() {
        "the request can't be formed"
    } else {
        "it broke off before the answer was whole"
    };
    text.to_owned()
}

/// Whether it is an error of TLS, which the libraries between wrap as one of input and output, and that in another.
fn is_tls(cause: &(dyn Error + 'static)) -> bool {
    let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    cause.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_tls(inner))
}

/// All that led to an error, the nearest first.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    causes
}
