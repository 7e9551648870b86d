//! The client against hosts on this machine that behave well and badly.

use scout_host::client::Client;
use scout_pipeline::contract::{Method, Response};
use scout_pipeline::ports::{Http as _, HttpError, HttpRequest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const SECRET: &str = "s3cret";

/// A host that answers one request with these bytes, then closes; gives its address and what it was asked.
async fn host(answer: Vec<u8>) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        // A greeting of TLS begins with this byte, and gets the same answer as everyone.
        while !asked.windows(4).any(|end| end == b"\r\n\r\n") && asked.first() != Some(&0x16) {
            let mut piece = [0; 1024];
            let length = stream.read(&mut piece).await.unwrap();
            asked.extend_from_slice(&piece[..length]);
        }
        // A client that has had enough may be gone already.
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
        String::from_utf8_lossy(&asked).into_owned()
    });
    (address, asked)
}

fn get(address: &str) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url: format!("{address}/search?key={SECRET}"),
        headers: vec![("x-api-key".into(), SECRET.into())],
        body: None,
        timeout_ms: 60_000,
        body_bytes_max: 10,
    }
}

fn with_body(body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

async fn fetch(answer: &[u8]) -> Result<Response, HttpError> {
    let (address, _asked) = host(answer.to_vec()).await;
    Client::new().unwrap().fetch(get(&address)).await
}

#[tokio::test]
async fn an_answer_comes_with_status_headers_and_body_whatever_the_status() {
    let answer = fetch(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nX-Odd: \xff\r\ncontent-length: 4\r\n\r\nbusy").await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (503, &b"busy"[..]));
    assert!(answer.headers.contains(&("retry-after".into(), "7".into())));
    assert!(answer.headers.contains(&("x-odd".into(), "\u{fffd}".into())));
}

#[tokio::test]
async fn a_request_is_sent_as_it_was_given_and_says_who_asks() {
    let (address, asked) = host(with_body(b"{}")).await;
    Client::new().unwrap().fetch(get(&address)).await.unwrap();
    let asked = asked.await.unwrap().to_ascii_lowercase();
    assert!(asked.starts_with("get /search?key=s3cret http/1.1"), "{asked}");
    assert!(asked.contains("x-api-key: s3cret"));
    assert!(asked.contains("accept-encoding: gzip"));
    assert!(asked.contains(&format!("user-agent: scout/{}", env!("CARGO_PKG_VERSION"))));
}

#[tokio::test]
async fn a_body_may_be_just_as_long_as_allowed() {
    assert_eq!(fetch(&with_body(b"0123456789")).await.unwrap().body.len(), 10);
    assert_eq!(fetch(&with_body(b"0123456789x")).await, Err(HttpError::TooLong { limit: 10 }));
}

#[tokio::test]
async fn a_small_answer_that_unpacks_to_a_huge_one_is_not_read_to_its_end() {
    // A mebibyte of zeros, packed.
    let packed = include_bytes!("zeros.gz");
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len()).into_bytes();
    answer.extend_from_slice(packed);
    assert_eq!(fetch(&answer).await, Err(HttpError::TooLong { limit: 10 }));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let answer = fetch(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    assert_eq!(answer.status, 302);
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let request = HttpRequest { timeout_ms: 20, ..get(&format!("http://{}", listener.local_addr().unwrap())) };
    assert_eq!(Client::new().unwrap().fetch(request).await, Err(HttpError::Timeout { ms: 20 }));
}

#[tokio::test]
async fn a_broken_connection_is_told_apart_from_an_empty_answer() {
    let cut = fetch(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf").await;
    assert_eq!(cut, Err(HttpError::Connection("it broke off before the answer was whole".into())));
    let nothing = fetch(b"").await;
    assert_eq!(nothing, Err(HttpError::Connection("it broke off before the answer was whole".into())));
}

#[tokio::test]
async fn a_damaged_compression_is_named() {
    let damaged = fetch(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope").await;
    assert_eq!(damaged, Err(HttpError::Connection("the answer's compression is damaged".into())));
}

#[tokio::test]
async fn no_error_tells_the_address_or_a_secret() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut unfit = get(&closed);
    unfit.headers = vec![("bad name".into(), SECRET.into())];
    let requests = [get(&closed), unfit, get("not a url"), get("http://no-such-host.invalid")];
    let client = Client::new().unwrap();
    for request in requests {
        let error = client.fetch(request).await.unwrap_err().to_string();
        assert!(!error.contains(SECRET) && !error.contains("127.0.0.1") && !error.contains("invalid"), "{error}");
    }
}

#[tokio::test]
async fn a_host_without_tls_is_not_spoken_to_in_the_clear() {
    let (address, _asked) = host(with_body(b"{}")).await;
    let request = get(&address.replace("http://", "https://"));
    let refused = Client::new().unwrap().fetch(request).await;
    assert_eq!(refused, Err(HttpError::Connection("the host's certificate or TLS is not accepted".into())));
}
