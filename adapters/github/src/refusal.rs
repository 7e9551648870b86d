//! GitHub's ways to say no: `{"message": text}`. A 403 may be any of several, told apart by headers first and words then.

use scout_sdk::{
    Fault, Response,
    json::Body,
    status::{self, describe, retry_after},
    text::Text,
};
use serde::Deserialize;

/// How long GitHub asks to wait after a secondary limit when it says nothing else, in seconds.
const SECONDARY_WAIT_S: u32 = 60;

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() { Ok(()) } else { Err(fault(response)) }
}

/// Whether GitHub says that there is nobody of that name. A 404 in other words is not GitHub's: something else answers at the
/// base URL, and nobody was looked for.
pub(crate) fn knows_nobody(response: &Response) -> bool {
    let body = Body::of(response);
    response.status == 404 && body.read().is_ok_and(|refusal: Refusal<'_>| refusal.message.get() == Some("Not Found"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal<'a> {
    #[serde(borrow)]
    message: Text<'a>,
}

fn fault(response: &Response) -> Fault {
    match response.status {
        403 | 429 => limit(response).unwrap_or_else(|| refused(response)),
        // The query can't be searched for, or lies beyond the first thousand.
        422 => Fault::Unsupported(describe(response)),
        _ => status::fault(response),
    }
}

/// A limit, of which there are two kinds: so many calls an hour or minute, and secondary ones against abuse.
fn limit(response: &Response) -> Option<Fault> {
    let used_up = response.header("x-ratelimit-remaining").is_some_and(|left| left.trim() == "0");
    if used_up || response.header("retry-after").is_some() {
        return Some(Fault::RateLimited(retry_after(response)));
    }
    let message = status::message(response).unwrap_or_default().to_ascii_lowercase();
    // With calls left, the moment in the headers is that of another limit.
    if message.contains("secondary rate limit") || message.contains("abuse detection") {
        return Some(Fault::RateLimited(Some(SECONDARY_WAIT_S)));
    }
    (response.status == 429 || message.contains("rate limit exceeded")).then(|| Fault::RateLimited(retry_after(response)))
}

/// A 403 that is no limit: of a token that may not do this, else of who is asking and how.
fn refused(response: &Response) -> Fault {
    let message = status::message(response).unwrap_or_default().to_ascii_lowercase();
    let of_token = ["token", "saml", "credentials"].iter().any(|word| message.contains(word));
    if of_token { Fault::Unauthorized(describe(response)) } else { Fault::Blocked(describe(response)) }
}
