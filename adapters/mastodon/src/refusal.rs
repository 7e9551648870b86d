//! An instance's way to say no: `{"error": text}`, the text in the instance's own language.

use scout_sdk::{
    Fault, Response,
    status::{self, describe},
};

/// Words of the messages that ask for a login; they are not translated.
const LOGIN: [&str; 3] = ["authenticat", "access token", "credentials"];

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() {
        return Ok(());
    }
    Err(match response.status {
        // Nothing is asked for by its name, so what is not found is the endpoint.
        404 | 410 => Fault::Unsupported(format!("{}; this instance does not offer the endpoint to strangers", describe(response))),
        // Some instances keep strangers out by one of these.
        400 | 403 | 422 if asks_for_login(response) => Fault::Unauthorized(describe(response)),
        _ => status::fault(response),
    })
}

/// The fault of an answer that says no although its status says that all is well.
pub(crate) fn named(response: &Response) -> Option<Fault> {
    status::told(response).map(|fault| if asks_for_login(response) { Fault::Unauthorized(describe(response)) } else { fault })
}

fn asks_for_login(response: &Response) -> bool {
    let message = status::message(response).unwrap_or_default().to_ascii_lowercase();
    LOGIN.iter().any(|word| message.contains(word))
}
