//! Twitch's way to say no: `{"error": name of the status, "status": number, "message": text}`.

use scout_sdk::{
    Fault, Response,
    counts::Count,
    json::Body,
    status::{self, describe},
    text::Text,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal<'a> {
    #[serde(borrow)]
    error: Text<'a>,
    status: Count,
}

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() {
        return Ok(());
    }
    Err(named(response).unwrap_or_else(|| status::fault(response)))
}

/// The fault of an answer that says no in Twitch's way, whatever its status.
pub(crate) fn named(response: &Response) -> Option<Fault> {
    let body = Body::of(response);
    let refusal: Refusal<'_> = body.read().ok()?;
    refusal.error.get()?;
    // Below a success the body's own status is the one that counts.
    let told = status::as_told(response, refusal.status).filter(|_| response.is_success());
    let told = told.as_ref().unwrap_or(response);
    // What is forbidden here is what the token has no scope for; whoever is not welcome gets a page of another kind.
    Some(if told.status == 403 { Fault::Unauthorized(describe(response)) } else { status::fault(told) })
}
