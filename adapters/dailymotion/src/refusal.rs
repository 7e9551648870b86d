//! Dailymotion's way to say no: `{"error": {code, message, type, error_data: {reason}}}`. The type tells more than the status.

use scout_sdk::{
    Fault, Response,
    json::{Body, Object},
    status::{self, describe, retry_after},
    text::Text,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal<'a> {
    #[serde(borrow)]
    error: Object<Reason<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reason<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
}

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() { Ok(()) } else { Err(named(response).unwrap_or_else(|| status::fault(response))) }
}

/// The fault of an error that is told by its type, whatever the status.
pub(crate) fn named(response: &Response) -> Option<Fault> {
    let body = Body::of(response);
    let refusal: Refusal<'_> = body.read().ok()?;
    let kind = refusal.error.get()?.kind.get().unwrap_or_default();
    Some(match kind {
        _ if kind.contains("rate_limit") || kind.contains("too_many") => Fault::RateLimited(retry_after(response)),
        "invalid_token" | "expired_token" | "invalid_client" | "unauthorized" | "insufficient_scope" | "authentication_required" => {
            Fault::Unauthorized(describe(response))
        }
        "access_forbidden" | "permission_denied" => Fault::Blocked(describe(response)),
        // A field or filter that is no longer known: the adapter asks for what the platform does not have.
        "invalid_parameter" | "missing_required_parameter" => Fault::Unsupported(describe(response)),
        "not_found" => Fault::NotFound,
        // Of a type that is not known the status says more, unless it says that all is well.
        _ if response.is_success() => Fault::Other(describe(response)),
        _ => return None,
    })
}
