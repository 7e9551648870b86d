//! What the native tests of an adapter need: questions, answers, and answers that went wrong on their way.

use crate::contract::{CreatorRef, Query, Request, Response};

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

/// A body as it might arrive on a bad day: cut off at every `step` bytes, and with a byte that is no UTF-8 or ends
/// a text early at every `step` bytes. No reader may panic on any of them.
pub fn spoiled(body: &[u8], step: usize) -> impl Iterator<Item = Vec<u8>> {
    let replaced = |place: usize, byte: u8| {
        let mut copy = body.to_vec();
        copy[place] = byte;
        copy
    };
    (0..body.len()).step_by(step.max(1)).flat_map(move |place| [body[..place].to_vec(), replaced(place, 0xff), replaced(place, b'"')])
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_spoiled_in_three_ways_at_each_step() {
        let bodies: Vec<_> = spoiled(b"abc", 2).collect();
        assert_eq!(bodies, [&b""[..], b"\xffbc", b"\"bc", b"ab", b"ab\xff", b"ab\""]);
        assert_eq!(spoiled(b"", 1).count(), 0);
        assert_eq!(spoiled(b"ab", 0).count(), 6);
    }

    #[test]
    fn values_of_a_repeated_parameter_keep_their_order() {
        let request = Request::get("api", "/x").with("a", "1").with("b", "2").with("a", "3");
        assert_eq!(values(&request, "a"), ["1", "3"]);
    }
}
