//! Podcast Index's ways to say no: `{"status": "false", "description": text}`, and plain text to whoever signs wrongly.

use scout_sdk::{
    Fault, Response,
    flags::Flag,
    json::Body,
    status::{self, describe},
    text::Text,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal<'a> {
    /// A text, also where it says that all is well.
    status: Flag,
    #[serde(borrow)]
    description: Text<'a>,
}

/// Lets an answer pass whose status is a success and that doesn't say in its body that it is none.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    let body = Body::of(response);
    let refusal: Refusal<'_> = body.read().unwrap_or_default();
    if response.is_success() && !refusal.status.is_no() {
        return Ok(());
    }
    let text = || refusal.description.get().map_or_else(|| describe(response), |text| in_a_line(response, text));
    Err(match status::fault(response) {
        Fault::Unauthorized(_) => Fault::Unauthorized(text()),
        Fault::Blocked(_) => Fault::Blocked(text()),
        Fault::Unavailable(_) => Fault::Unavailable(text()),
        Fault::Other(_) => Fault::Other(text()),
        fault => fault,
    })
}

/// Status and description, as short as messages of other platforms are.
fn in_a_line(response: &Response, description: &str) -> String {
    let plain = Response { status: response.status, headers: Vec::new(), body: description.as_bytes().to_vec() };
    describe(&plain)
}
