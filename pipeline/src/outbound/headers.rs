//! The headers of a request: those that the adapter wants and the one that carries the credential.

use super::{OutboundError, error::shown};
use crate::{
    contract::{Pair, Request},
    limits::{REQUEST_HEADER_BYTES_MAX, REQUEST_HEADERS_MAX},
};

/// Headers that carry credentials, frame the message, or speak for someone else on the way.
const RESERVED: [&str; 22] = [
    "authorization",
    "cookie",
    "cookie2",
    "set-cookie",
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "http2-settings",
    "expect",
    // The host decodes the answer, so it says what it can decode.
    "accept-encoding",
    "content-encoding",
    "via",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Beginnings of names that are reserved as a whole.
const RESERVED_FAMILIES: [&str; 3] = ["proxy-", "sec-", "cf-"];

/// The headers with names in lower case, the credential's last.
pub(super) fn build(request: &Request, credential: &[Pair]) -> Result<Vec<Pair>, OutboundError> {
    check_size(&request.headers)?;
    let mut headers = Vec::with_capacity(request.headers.len() + credential.len());
    for (name, value) in &request.headers {
        let name = checked_name(name)?;
        let carries_credential = credential.iter().any(|(own, _)| *own == name);
        if carries_credential || is_reserved(&name) {
            return Err(OutboundError::ReservedHeader { name });
        }
        if !is_value(value) {
            return Err(OutboundError::Header { name, reason: "its value is not one line of ASCII text" });
        }
        headers.push((name, value.clone()));
    }
    headers.extend_from_slice(credential);
    Ok(headers)
}

/// Bounds what an adapter may add, before anything of it is copied.
fn check_size(headers: &[Pair]) -> Result<(), OutboundError> {
    if headers.len() > REQUEST_HEADERS_MAX {
        return Err(OutboundError::TooManyHeaders { count: headers.len() });
    }
    let bytes = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > REQUEST_HEADER_BYTES_MAX { Err(OutboundError::HeadersTooLong { bytes }) } else { Ok(()) }
}

/// A valid name in lower case.
fn checked_name(name: &str) -> Result<String, OutboundError> {
    // A token of RFC 9110, section 5.6.2.
    let is_token = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
    if is_token {
        Ok(name.to_ascii_lowercase())
    } else {
        Err(OutboundError::Header { name: format!("\"{}\"", shown(name)), reason: "its name is not one" })
    }
}

/// Whether only the host may set this header.
fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || RESERVED_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Whether a value keeps to one line of visible ASCII, blanks and tabs.
fn is_value(value: &str) -> bool {
    value.bytes().all(|b| matches!(b, b'\t' | b' '..=b'~'))
}

/// The name of the header that a manifest chose for its credential. It may be one that adapters can't set,
/// such as `Authorization`, but none that frames the message.
pub(super) fn credential_name(origin: &str, name: &str) -> Result<String, OutboundError> {
    let name = checked_name(name)?;
    let may_carry = !is_reserved(&name) || matches!(name.as_str(), "authorization" | "cookie");
    if may_carry { Ok(name) } else { Err(OutboundError::Unsupported { origin: origin.to_owned(), scheme: format!("the header {name}") }) }
}

/// A secret that can stand in a header.
pub(super) fn credential(origin: &str, secret: &str, value: String) -> Result<String, OutboundError> {
    let is_usable = is_value(&value);
    if is_usable { Ok(value) } else { Err(OutboundError::UnusableSecret { secret: secret.to_owned(), origin: origin.to_owned() }) }
}
