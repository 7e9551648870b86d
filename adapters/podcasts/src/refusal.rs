//! Apple's ways to say no: `{"errorMessage": text}`, and a bare 403 to whoever calls too often.

use scout_sdk::{
    Fault, Response,
    status::{self, describe, message, retry_after},
};

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() { Ok(()) } else { Err(fault(response)) }
}

fn fault(response: &Response) -> Fault {
    match response.status {
        // Nobody has to log in here, so a refusal without words is the limit of about 20 calls a minute.
        403 if says_nothing(response) => Fault::RateLimited(retry_after(response)),
        // What is named is a parameter: a country without a store, or a keyword that can't be searched for.
        400 => Fault::Unsupported(describe(response)),
        _ => status::fault(response),
    }
}

/// Whether a refusal has no words of its own: an empty body, one without any result, or a page that repeats the status.
fn says_nothing(response: &Response) -> bool {
    message(response).is_none_or(|text| text.to_ascii_lowercase().ends_with("forbidden"))
}
