//! ScrapeCreators' ways to say no. The HTTP status is more reliable than the body, but not always enough.

use scout_sdk::{Fault, Response, counts::Count, flags::Flag, json::Body, status, text::Text};
use serde::Deserialize;

/// What answers without a payload hold, each some of it.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Husk<'a> {
    success: Flag,
    error_status: Count,
    #[serde(borrow)]
    error: Text<'a>,
}

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() { Ok(()) } else { Err(fault(response)) }
}

/// The fault of an answer that lacks its payload although HTTP says that all is well; `None` when it does not say
/// why.
pub(crate) fn husk(response: &Response) -> Option<Fault> {
    let body = Body::of(response);
    let husk: Husk<'_> = body.read().ok()?;
    // Some say what their status would have been.
    if let Some(status) = husk.error_status.get().and_then(|status| u16::try_from(status).ok()).filter(|status| (400..600).contains(status))
    {
        return Some(fault(&Response { status, ..response.clone() }));
    }
    let refused = husk.success.is_no() || husk.error.get().is_some();
    refused.then(|| by_message(response).unwrap_or_else(|| Fault::Other(status::describe(response))))
}

fn fault(response: &Response) -> Fault {
    // A missing key is a 500 and a wrong one may be any status; a limit or the balance is never about the key.
    match response.status {
        402 | 429 => status::fault(response),
        _ => by_message(response).unwrap_or_else(|| status::fault(response)),
    }
}

/// The faults that only the message tells.
fn by_message(response: &Response) -> Option<Fault> {
    let message = status::message(response)?.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if says(&["apikey", "api key", "api-key"]) {
        return Some(Fault::Unauthorized(status::describe(response)));
    }
    says(&["out of credits", "not enough credits", "insufficient credits"]).then(|| Fault::OutOfCredit(status::describe(response)))
}
