//! Refusals of a provider who sells what platforms show, by the call.
//!
//! Such a provider stands between Scout and a platform, and has its own ways to say no: the HTTP status is more reliable
//! than the body, but not always enough. A missing key is a server's failure there, and 200 may be an answer without
//! its payload that says why, or doesn't. [`check`] is the first line of a reader, and [`husk`] is asked when the payload is missing.

use serde::Deserialize;

use crate::contract::{Fault, Response};
use crate::counts::Count;
use crate::flags::Flag;
use crate::json::Body;
use crate::status;
use crate::text::Text;

/// The number that says how much credit is left, at the top of newer answers; a manifest's
/// [`CREDIT_FIELD`](crate::contract::CREDIT_FIELD).
pub const CREDIT: &str = "credits_remaining";

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
///
/// # Errors
/// The fault of any other status: 402 is [`Fault::OutOfCredit`] and 429 [`Fault::RateLimited`], whatever the body says; with
/// other statuses a message about the key is [`Fault::Unauthorized`] and one about credits [`Fault::OutOfCredit`].
pub fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() { Ok(()) } else { Err(fault(response)) }
}

/// The fault of an answer that lacks its payload although HTTP says that all is well; `None` when it does not say why,
/// which is a changed shape.
pub fn husk(response: &Response) -> Option<Fault> {
    let body = Body::of(response);
    let husk: Husk<'_> = body.read().ok()?;
    // Some say what their status would have been.
    if let Some(told) = status::as_told(response, husk.error_status) {
        return Some(fault(&told));
    }
    let refused = husk.success.is_no() || husk.error.get().is_some();
    refused.then(|| by_message(response).unwrap_or_else(|| Fault::Other(status::describe(response))))
}

/// Whether the provider says that nobody has the name that was asked for, by a 404 or by a success that says so. Its
/// server's page for an unknown route is no such word: there, nobody was looked for.
pub fn knows_nobody(response: &Response) -> bool {
    (response.is_success() || response.status == 404) && husk(response) == Some(Fault::NotFound)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    fn refused(status: u16, body: &str, expected: Fault) {
        assert_eq!(check(&response(status, body)), Err(expected), "{status} {body}");
    }

    #[test]
    fn a_success_passes_whatever_its_body() {
        assert_eq!(check(&response(200, r#"{"success":false}"#)), Ok(()));
    }

    #[test]
    fn the_key_is_told_by_401_or_by_the_message() {
        refused(500, r#"{"success":false,"message":"apiKey is required"}"#, Fault::Unauthorized("HTTP 500: apiKey is required".into()));
        refused(403, r#"{"message":"Invalid API key"}"#, Fault::Unauthorized("HTTP 403: Invalid API key".into()));
        refused(401, "", Fault::Unauthorized("HTTP 401".into()));
    }

    #[test]
    fn credit_is_told_by_402_or_by_the_message() {
        refused(402, "", Fault::OutOfCredit("HTTP 402".into()));
        refused(403, r#"{"message":"You are out of credits"}"#, Fault::OutOfCredit("HTTP 403: You are out of credits".into()));
        refused(402, r#"{"message":"Your API key has no credit"}"#, Fault::OutOfCredit("HTTP 402: Your API key has no credit".into()));
    }

    #[test]
    fn a_limit_is_never_about_the_key() {
        refused(429, r#"{"message":"Too many requests for this API key"}"#, Fault::RateLimited(None));
    }

    #[test]
    fn other_statuses_mean_what_they_usually_mean() {
        refused(403, r#"{"message":"No"}"#, Fault::Blocked("HTTP 403: No".into()));
        refused(404, "<pre>Cannot GET /x</pre>", Fault::NotFound);
        refused(500, r#"{"message":"Oops"}"#, Fault::Unavailable("HTTP 500: Oops".into()));
        refused(400, r#"{"message":"You must ask"}"#, Fault::Other("HTTP 400: You must ask".into()));
    }

    #[test]
    fn an_answer_without_a_payload_may_say_why() {
        let why = |body| husk(&response(200, body));
        assert_eq!(why(r#"{"success":true,"error":"not_found","errorStatus":404}"#), Some(Fault::NotFound));
        assert_eq!(why(r#"{"success":false,"message":"Try again"}"#), Some(Fault::Other("HTTP 200: Try again".into())));
        assert_eq!(
            why(r#"{"success":false,"message":"apiKey is required"}"#),
            Some(Fault::Unauthorized("HTTP 200: apiKey is required".into()))
        );
        assert_eq!(why(r#"{"success":false,"errorStatus":402}"#), Some(Fault::OutOfCredit("HTTP 402".into())));
        for silent in ["{}", r#"{"success":true}"#, "[]", "", r#"{"errorStatus":200}"#] {
            assert_eq!(why(silent), None, "{silent}");
        }
    }

    #[test]
    fn nobody_has_a_name_where_the_provider_says_so_and_not_its_server() {
        let told = r#"{"success":false,"error":"not_found","errorStatus":404}"#;
        assert!(knows_nobody(&response(404, told)) && knows_nobody(&response(200, told)));
        for (status, body) in [(500, told), (404, "<pre>Cannot GET /x</pre>"), (404, ""), (200, "{}"), (404, r#"{"errorStatus":403}"#)] {
            assert!(!knows_nobody(&response(status, body)), "{status} {body}");
        }
    }
}
