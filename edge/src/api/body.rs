//! Reading a request's body: its media type, and no more of it than is allowed.

use futures::StreamExt as _;
use scout_pipeline::accept::Refusal;
use scout_pipeline::limits::REQUEST_BYTES_MAX;
use worker::{ByteStream, Request};

use crate::problem::Problem;

/// The body of a request that must be JSON.
///
/// # Errors
/// 415 for another media type, 413 for a body that is too long, 400 for one that breaks off.
pub(super) async fn json(request: &Request) -> Result<Vec<u8>, Problem> {
    let header = |name: &str| request.headers().get(name).ok().flatten();
    check_type(header("content-type").as_deref())?;
    // The length that a client names saves reading; the one that counts is that of the body.
    if header("content-length").and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > REQUEST_BYTES_MAX as u64) {
        return Err(too_long());
    }
    let Some(stream) = request.inner().body() else { return Ok(Vec::new()) };
    read(ByteStream::from(stream)).await
}

async fn read(mut stream: ByteStream) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::new();
    while let Some(piece) = stream.next().await {
        let broken = |_| Problem::new(400, "broken_body", "the body broke off", "send the request again");
        let piece = piece.map_err(broken)?;
        if body.len() + piece.len() > REQUEST_BYTES_MAX {
            return Err(too_long());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

fn too_long() -> Problem {
    Refusal::TooLarge { limit: REQUEST_BYTES_MAX }.into()
}

fn check_type(header: Option<&str>) -> Result<(), Problem> {
    let media_type = header.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match media_type.eq_ignore_ascii_case("application/json") {
        true => Ok(()),
        false => Err(Problem::new(415, "not_json", "the body is not said to be JSON", "send the header Content-Type: application/json")
            .with_header("accept-post", "application/json")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_accepted_with_or_without_parameters() {
        for header in ["application/json", "Application/JSON; charset=utf-8", " application/json ;x=y"] {
            assert!(check_type(Some(header)).is_ok(), "{header}");
        }
    }

    #[test]
    fn every_other_media_type_is_a_415() {
        for header in [None, Some(""), Some("text/plain"), Some("application/jsonp"), Some("text/json, application/json")] {
            assert_eq!(check_type(header).unwrap_err().status, 415, "{header:?}");
        }
    }
}
