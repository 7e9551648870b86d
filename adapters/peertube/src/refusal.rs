//! The index's way to say no: a problem with a `detail`, or a list of what is wrong with the parameters.

use scout_sdk::{
    Fault, Response,
    json::{Body, List},
    status::{self, describe},
    text::Text,
};
use serde::Deserialize;

/// The places where an answer says no.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal<'a> {
    #[serde(borrow)]
    error: Text<'a>,
    #[serde(borrow)]
    detail: Text<'a>,
    #[serde(borrow)]
    errors: List<Wrong<'a>>,
}

/// What is wrong with one parameter.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wrong<'a> {
    #[serde(borrow)]
    msg: Text<'a>,
}

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    match response.status {
        200..300 => Ok(()),
        // Nothing is asked for by its name, so what is not found is the endpoint.
        404 | 410 => Err(Fault::Unsupported(format!("{}; there is no such search at this address", describe(response)))),
        400 => Err(named(response).unwrap_or_else(|| status::fault(response))),
        _ => Err(status::fault(response)),
    }
}

/// The fault of an answer that says what is wrong, whatever its status.
pub(crate) fn named(response: &Response) -> Option<Fault> {
    let body = Body::of(response);
    let refusal: Refusal<'_> = body.read().ok()?;
    let wrong: Vec<&str> = refusal.errors.rows().iter().filter_map(|wrong| wrong.msg.get()).take(3).collect();
    if !wrong.is_empty() {
        // Texts are a sentence each; a longer one says nothing more to anybody.
        let text: String = wrong.join("; ").chars().filter(|letter| !letter.is_control()).take(200).collect();
        return Some(Fault::Other(format!("HTTP {}: {text}", response.status)));
    }
    refusal.error.get().or(refusal.detail.get()).map(|_| Fault::Other(describe(response)))
}
