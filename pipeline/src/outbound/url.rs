//! The URL of a request: always below its base.

use url::Url;

use super::{BaseUrl, OutboundError, error::shown};
use crate::{contract::Request, limits::URL_BYTES_MAX};

/// The absolute, encoded URL.
pub(super) fn build(base: &BaseUrl, request: &Request, credential: Option<(&str, &str)>) -> Result<String, OutboundError> {
    check_size(request)?;
    let mut url = below(base, &request.path)?;
    if let Some((own, _)) = credential
        && let Some((name, _)) = request.query.iter().find(|(name, _)| name == own)
    {
        return Err(OutboundError::CredentialParameter { name: shown(name) });
    }
    let pairs = request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(credential);
    // Only when there are any: merely asking for the pairs leaves a question mark behind.
    if !request.query.is_empty() || credential.is_some() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    let url = String::from(url);
    if url.len() > URL_BYTES_MAX { Err(OutboundError::UrlTooLong { bytes: url.len() }) } else { Ok(url) }
}

/// Bounds the parts before they are encoded, since encoding makes them up to three times as long.
fn check_size(request: &Request) -> Result<(), OutboundError> {
    let query: usize = request.query.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    let bytes = request.path.len() + query;
    if bytes > URL_BYTES_MAX { Err(OutboundError::UrlTooLong { bytes }) } else { Ok(()) }
}

/// Puts a path that is not yet encoded below a base URL.
pub(super) fn below(base: &BaseUrl, path: &str) -> Result<Url, OutboundError> {
    let mut url = base.url().clone();
    let segments = segments(path)?;
    url.path_segments_mut().map_err(|()| OutboundError::Path { reason: "the base URL has no path" })?.pop_if_empty().extend(segments);
    // The encoder sees to this; what leaves the base after all would carry the credential elsewhere.
    let stays = url.origin() == base.url().origin() && url.path().starts_with(base.url().path());
    if stays { Ok(url) } else { Err(OutboundError::Path { reason: "it leaves the base URL" }) }
}

/// The segments of a path that can only lead down.
fn segments(path: &str) -> Result<impl Iterator<Item = &str>, OutboundError> {
    let refused = |reason| Err(OutboundError::Path { reason });
    let Some(rest) = path.strip_prefix('/') else { return refused("it does not begin with /") };
    if rest.starts_with('/') {
        return refused("it begins with //");
    }
    // URL parsers drop tabs and line breaks, so that "." + tab + "." would become "..".
    if rest.chars().any(char::is_control) {
        return refused("it contains control characters");
    }
    if rest.split('/').any(|segment| matches!(segment, "." | "..")) {
        return refused("it contains a . or .. segment");
    }
    Ok(rest.split('/'))
}
