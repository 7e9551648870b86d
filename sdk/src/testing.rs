//! What the native tests of an adapter need: questions, answers, answers that went wrong on their way, and recorded
//! ones.
//!
//! [`hostile`], [`provider_refusals`] and [`samples`] are whole tests. They panic where an adapter does something that no adapter may do.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

mod draw;
mod hostile;
mod invariants;
mod profiles;
mod readings;
mod refusals;
mod samples;
mod spoil;
mod tally;

use crate::contract::{CreatorRef, Query, Request, Response};

pub use draw::Draw;
pub use hostile::hostile;
pub use invariants::{check_page, check_plan, check_profiles, check_request};
pub use profiles::{enriched, extra, outcome};
pub use refusals::{provider_refusals, refusal, refused};
pub use samples::{Reading, Recording, recordings, said, samples};
pub use spoil::spoiled;
pub use tally::{Known, Tally};

/// A query for a keyword without any settings.
pub fn query(keyword: &str) -> Query {
    Query { keyword: keyword.to_owned(), settings: Vec::new(), extra: Vec::new() }
}

/// A query for a keyword with settings.
pub fn query_with(keyword: &str, settings: &[(&str, &str)]) -> Query {
    Query { settings: pairs(settings), ..query(keyword) }
}

/// An answer without headers.
pub fn answer(status: u16, body: impl AsRef<[u8]>) -> Response {
    Response { status, headers: Vec::new(), body: body.as_ref().to_vec() }
}

/// An answer with headers, whose names are in lower case.
pub fn answer_with(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Response {
    Response { headers: pairs(headers), ..answer(status, body) }
}

/// A creator whom a search gave, by identity and handle.
pub fn found(identity: &str, username: &str) -> CreatorRef {
    CreatorRef { identity: identity.to_owned(), username: username.to_owned(), ids: Vec::new() }
}

/// A creator of whom only what somebody typed is known: an identity or a handle.
pub fn typed(key: &str) -> CreatorRef {
    found(key, key)
}

/// The values of a request's query parameter, in order.
pub fn values<'a>(request: &'a Request, name: &str) -> Vec<&'a str> {
    request.query.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str()).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_repeated_parameter_keep_their_order() {
        let request = Request::get("api", "/x").with("a", "1").with("b", "2").with("a", "3");
        assert_eq!(values(&request, "a"), ["1", "3"]);
    }
}
