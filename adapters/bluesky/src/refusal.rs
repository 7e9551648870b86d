//! XRPC's way to say no: `{"error": name, "message": text}`. The name tells more than the status.

use scout_sdk::{
    Absence, Fault, Response,
    json::Body,
    status::{self, describe, retry_after},
    text::Text,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal<'a> {
    #[serde(borrow)]
    error: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
}

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() {
        return Ok(());
    }
    Err(named(response).unwrap_or_else(|| status::fault(response)))
}

/// The fault of an error that is known by name, whatever the status.
pub(crate) fn named(response: &Response) -> Option<Fault> {
    let body = Body::of(response);
    let refusal: Refusal<'_> = body.read().ok()?;
    Some(match refusal.error.get()? {
        "RateLimitExceeded" => Fault::RateLimited(retry_after(response)),
        "AuthMissing" | "AuthenticationRequired" | "InvalidToken" | "ExpiredToken" => Fault::Unauthorized(describe(response)),
        "InternalServerError" | "UpstreamFailure" | "UpstreamTimeout" | "NotEnoughResources" => Fault::Unavailable(describe(response)),
        "MethodNotImplemented" | "XRPCNotSupported" => Fault::Unsupported(describe(response)),
        "InvalidRequest" if refusal.is_not_found() => Fault::NotFound,
        "AccountDeactivated" | "AccountTakedown" | "AccountSuspended" => Fault::NotFound,
        // Of a name that is not known the status says more, unless it says that all is well.
        _ if response.is_success() => Fault::Other(describe(response)),
        _ => return None,
    })
}

/// Why a single actor that was asked for is not there. Statuses that speak of credentials, haste or failure speak of no
/// actor, whatever the body's words.
pub(crate) fn absence(response: &Response) -> Option<Absence> {
    if !response.is_success() && !matches!(response.status, 400 | 404 | 410) {
        return None;
    }
    let body = Body::of(response);
    let refusal: Refusal<'_> = body.read().ok()?;
    match refusal.error.get()? {
        "AccountDeactivated" | "AccountTakedown" | "AccountSuspended" => Some(Absence::Deactivated),
        "InvalidRequest" if refusal.is_not_found() => Some(Absence::Missing),
        _ => None,
    }
}

impl Refusal<'_> {
    /// An unknown actor is an invalid request to Bluesky; only the message tells.
    fn is_not_found(&self) -> bool {
        self.message.get().is_some_and(|message| message.contains("Profile not found") || message.contains("Actor not found"))
    }
}
