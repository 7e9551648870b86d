//! Makes good answers bad, each fault in its own way.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE};
use axum::http::{HeaderValue, Response, StatusCode};
use futures::stream::{self, Stream, StreamExt};

use crate::counters::Visit;
use crate::draw::Draw;
use crate::faults::Fault;
use crate::platform::{Answer, Ask, Refusal};

/// How much white space an oversized answer begins with: more than any client should read.
pub(crate) const OVERSIZED_BYTES: usize = 200 << 20;

/// The host that redirects lead to: another name of this machine, so another host to every client.
const OTHER_HOST: &str = "localhost";

/// Where redirects lead on it, and where visits are counted.
pub(crate) const ELSEWHERE: &str = "/_elsewhere";

/// What an oversized answer is sent in.
const CHUNK: &[u8] = &[b' '; 64 << 10];

/// Pieces that a slow answer comes in.
const SLOW_PIECES: usize = 20;

/// The time in every answer: the fake world's now, so that answers don't change with the clock.
const NOW: HeaderValue = HeaderValue::from_static("Tue, 01 Sep 2026 00:00:00 GMT");

/// The answer that a fault puts in the place of the platform's own, if it is one that does.
pub(crate) fn replacement(fault: Fault, refuse: &dyn Fn(Refusal) -> Answer, ask: &Ask, draw: Draw) -> Option<Answer> {
    match fault {
        Fault::RateLimited => Some(refuse(Refusal::RateLimited { retry_after_s: ask.retry_after_s })),
        Fault::OutOfCredit => Some(refuse(Refusal::OutOfCredit)),
        Fault::Unauthorized => Some(refuse(Refusal::Unauthorized)),
        Fault::Blocked => Some(refuse(Refusal::Blocked)),
        Fault::Unavailable => Some(unavailable(draw)),
        Fault::Redirect => Some(elsewhere(ask)),
        Fault::Html => Some(Answer::html(200, page("Just a moment...", "Checking your browser before you go on."))),
        Fault::Malformed => Some(malformed(draw)),
        Fault::Hang | Fault::Truncated | Fault::Disconnect | Fault::Oversized | Fault::Slow => None,
    }
}

fn unavailable(draw: Draw) -> Answer {
    let (status, reason) =
        draw.branch("unavailable").pick(&[(500, "Internal Server Error"), (502, "Bad Gateway"), (503, "Service Unavailable")]);
    Answer::html(status, page(&format!("{status} {reason}"), reason))
}

/// Sends the client to another host name of this machine, with all that it asked for.
fn elsewhere(ask: &Ask) -> Answer {
    let location = format!("http://{OTHER_HOST}:{}{ELSEWHERE}{}", ask.port, ask.path);
    Answer::html(302, page("302 Found", "Found")).header("location", location)
}

/// Gives nothing until the client goes away, which ends the visit.
pub(crate) async fn hang(visit: Visit) -> Response<Body> {
    visit.note(None, Some(Fault::Hang));
    std::future::pending::<()>().await;
    drop(visit);
    Response::new(Body::empty())
}

fn page(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n<center><h1>{text}</h1></center>\n<hr><center>edge</center>\n</body>\n</html>\n"
    )
}

/// Answers that a careless reader takes for an empty page, a crash or both.
fn malformed(draw: Draw) -> Answer {
    let body: &'static [u8] = draw.branch("malformed").pick(&[
        b"{\"ok\":true,\"result\":{\"items\":[{\"id\":1}],\"total\":1}}" as &[u8],
        b"\"We will be back soon\"",
        b"[]",
        b"null",
        b"{}",
        b"",
        b"{\"actors\":\"none\",\"search_item_list\":{\"0\":7},\"user\":[],\"profiles\":3}",
        b"\xff\xfe{\x00\xc3\x28}",
    ]);
    Answer { body: Bytes::from_static(body), ..Answer::json_text(200, String::new()) }
}

/// Sends an answer, spoiled on the way if a fault says so. The visit ends when all of it is given away.
pub(crate) fn send(answer: Answer, fault: Option<Fault>, draw: Draw, slow: Duration, visit: Visit) -> Response<Body> {
    visit.note(Some(answer.status), fault);
    if let Some(seconds) = answer.retry_after_s() {
        visit.ask_to_wait(Duration::from_secs(seconds));
    }
    let whole = answer.body.len();
    let body = answer.body.clone();
    match fault {
        Some(Fault::Truncated) => respond(&answer, Some(cut(&body, draw).len()), Body::from(cut(&body, draw))),
        Some(Fault::Disconnect) => respond(&answer, Some(whole), broken(cut(&body, draw), visit)),
        Some(Fault::Oversized) => respond(&answer, None, oversized(body, visit)),
        Some(Fault::Slow) => respond(&answer, Some(whole), dripping(body, slow, visit)),
        _ => respond(&answer, Some(whole), Body::from(body)),
    }
}

fn respond(answer: &Answer, length: Option<usize>, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(DATE, NOW);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.media_type));
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    for (name, value) in &answer.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(*name, value);
        }
    }
    response
}

/// The first tenth to nine tenths of a body; never all of it, unless there is nothing to cut.
fn cut(body: &Bytes, draw: Draw) -> Bytes {
    let tenths = draw.branch("cut").between(1, 9) as usize;
    body.slice(..body.len() * tenths / 10)
}

/// A beginning, and then the connection is gone.
fn broken(beginning: Bytes, visit: Visit) -> Body {
    let parts = [Ok(beginning), Err(io::Error::from(io::ErrorKind::ConnectionAborted))];
    // Without a pause between them, the client would see neither the head nor the beginning.
    let stream = stream::iter(parts).then(|part| async {
        if part.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        part
    });
    Body::from_stream(holding(stream, 2, visit))
}

fn oversized(body: Bytes, visit: Visit) -> Body {
    let chunks = OVERSIZED_BYTES / CHUNK.len();
    let pieces = std::iter::repeat_n(Bytes::from_static(CHUNK), chunks).chain([body]);
    Body::from_stream(holding(stream::iter(pieces).map(Ok::<_, Infallible>), chunks + 1, visit))
}

fn dripping(body: Bytes, slow: Duration, visit: Visit) -> Body {
    let piece = body.len().div_ceil(SLOW_PIECES).max(1);
    let count = body.len().div_ceil(piece);
    let pieces = (0..body.len()).step_by(piece).map(move |at| body.slice(at..(at + piece).min(body.len())));
    let stream = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(slow / SLOW_PIECES as u32).await;
        Ok::<_, Infallible>(piece)
    });
    Body::from_stream(holding(stream, count, visit))
}

/// The same stream of so many items. The visit ends just before the last one is given away, so that a client
/// that has read all of it is never counted any more, or when the client goes away.
fn holding<S: Stream + Send + 'static>(stream: S, items: usize, visit: Visit) -> impl Stream<Item = S::Item> + Send {
    let (mut left, mut visit) = (items, Some(visit));
    stream.map(move |item| {
        left = left.saturating_sub(1);
        if left == 0 {
            drop(visit.take());
        }
        item
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_body_is_never_whole_and_never_longer() {
        let body = Bytes::from_static(b"{\"a\":[1,2,3]}");
        for number in 0..100 {
            let cut = cut(&body, Draw::of(number, &[]));
            assert!(cut.len() < body.len() && body.starts_with(&cut));
        }
        assert!(cut(&Bytes::new(), Draw::of(1, &[])).is_empty());
    }
}
