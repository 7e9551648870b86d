//! Google's way to say no: `{"error": {"code", "message", "errors": [{"reason"}], "status", "details": [{"reason"}]}}`. The
//! reason tells more than the status: 403 is an empty quota, a key that may not do this, or a block.

use scout_sdk::{
    Fault, Response,
    counts::Count,
    json::{Body, List, Object},
    status::{self, describe, retry_after},
    text::Text,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal<'a> {
    #[serde(borrow)]
    error: Object<Problem<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem<'a> {
    code: Count,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    errors: List<Cause<'a>>,
    #[serde(borrow)]
    details: List<Cause<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cause<'a> {
    #[serde(borrow)]
    reason: Text<'a>,
}

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() { Ok(()) } else { Err(fault(response)) }
}

/// The fault of an answer that lacks its payload although HTTP says that all is well; `None` when it does not say
/// why.
pub(crate) fn husk(response: &Response) -> Option<Fault> {
    let body = Body::of(response);
    let refusal: Refusal<'_> = body.read().ok()?;
    Some(match status::as_told(response, refusal.error.get()?.code) {
        Some(told) => fault(&told),
        None => by_reason(response).unwrap_or_else(|| Fault::Other(describe(response))),
    })
}

fn fault(response: &Response) -> Fault {
    by_reason(response).unwrap_or_else(|| status::fault(response))
}

/// The faults that only the reason tells, or the message where there is none.
fn by_reason(response: &Response) -> Option<Fault> {
    let body = Body::of(response);
    let refusal: Refusal<'_> = body.read().ok()?;
    let problem = refusal.error.get()?;
    Some(match problem.reason()? {
        "quotaExceeded" | "dailyLimitExceeded" | "dailyLimitExceededUnreg" => Fault::OutOfCredit(describe(response)),
        // The calls of a day are counted by the same means as those of a minute; only waiting for tomorrow helps.
        "rateLimitExceeded" | "userRateLimitExceeded" | "RATE_LIMIT_EXCEEDED" | "servingLimitExceeded" => match problem.says("per day") {
            true => Fault::OutOfCredit(describe(response)),
            false => Fault::RateLimited(retry_after(response)),
        },
        "keyInvalid"
        | "keyExpired"
        | "accessNotConfigured"
        | "ipRefererBlocked"
        | "authError"
        | "SERVICE_DISABLED"
        | "CONSUMER_INVALID" => Fault::Unauthorized(describe(response)),
        reason if reason.starts_with("API_KEY_") => Fault::Unauthorized(describe(response)),
        // An old form of a wrong key has no reason of its own, and a missing one is "forbidden".
        "badRequest" | "forbidden" if problem.says("api key") || problem.says("unregistered callers") => {
            Fault::Unauthorized(describe(response))
        }
        _ => return None,
    })
}

impl Problem<'_> {
    /// The reason: newer answers have it in one of their details, older ones in the first error.
    fn reason(&self) -> Option<&str> {
        let of_details = self.details.rows().iter().find_map(|cause| cause.reason.get());
        of_details.or_else(|| self.errors.rows().iter().find_map(|cause| cause.reason.get()))
    }

    fn says(&self, words: &str) -> bool {
        self.message.get().is_some_and(|message| message.to_ascii_lowercase().contains(words))
    }
}
