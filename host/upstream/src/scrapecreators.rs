//! ScrapeCreators, the provider who sells several of the platforms: keys, credit, refusals and the envelope of answers,
//! which are the same for all of them.

use serde_json::{Value, json};

use crate::draw::Draw;
use crate::markup;
use crate::platform::{Answer, Ask, Refusal};

/// Credits left, in every answer that tells: more than 32 bits hold, as the real one has shown.
const CREDITS: i64 = 49_997_308_061;

/// The path of the balance, which every platform of the provider has.
pub(crate) const BALANCE: &str = "/v1/account/credit-balance";

/// The key that is wrong; any other is right.
const WRONG_KEY: &str = "invalid";

/// Answers what every platform answers alike, and leaves the rest to the platform: an unknown route is looked at before
/// the key, and the key before everything else.
pub(crate) fn serve(ask: &Ask, endpoint: &str, platform: impl FnOnce() -> Answer) -> Answer {
    if endpoint == "unknown" {
        return Answer::html(404, markup::unknown_path(&ask.path));
    }
    match ask.key.as_deref() {
        None | Some("") => failure(500, "apiKey is required"),
        Some(WRONG_KEY) => refuse(Refusal::Unauthorized),
        Some(_) if endpoint == "credit" => Answer::json(200, &json!({ "creditCount": CREDITS })),
        Some(_) => platform(),
    }
}

/// The answer when the provider refuses for this reason.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::RateLimited { retry_after_s } => failure(429, "Too many requests. Please slow down.").header("retry-after", retry_after_s),
        Refusal::OutOfCredit => failure(402, "Looks like you're out of credits :( You can buy more in the dashboard."),
        Refusal::Unauthorized => failure(401, "Invalid API key"),
        Refusal::Blocked => forbidden(),
    }
}

/// A parameter is missing or wrong: an error without `success`.
pub(crate) fn complaint(message: &str) -> Answer {
    Answer::json(400, &json!({ "message": message }))
}

/// What was asked for by its name does not exist.
pub(crate) fn not_found(message: &str) -> Answer {
    Answer::json(404, &json!({ "success": false, "error": "not_found", "errorStatus": 404, "message": message }))
}

/// Newer answers carry an envelope at the top level, older ones don't; here half of them do.
pub(crate) fn enveloped(mut answer: Value, draw: Draw) -> Value {
    if draw.branch("envelope").chance(0.5) {
        answer["success"] = json!(true);
        answer["credits_remaining"] = json!(CREDITS);
        answer["credits_charged"] = json!(1);
    }
    answer
}

/// The provider can't do it, and says no more than that.
pub(crate) fn failure(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "success": false, "message": message }))
}

fn forbidden() -> Answer {
    let message = "This request is not allowed";
    let told = json!({ "success": false, "credits_remaining": CREDITS, "error": "forbidden", "errorStatus": 403, "message": message });
    Answer::json(403, &told)
}
