//! The e-mail addresses of a creator: one extractor for all platforms.
//!
//! Addresses come only from enriched profiles (law L11), so callers hand over nothing else. What counts:
//!
//! - the profile's own e-mail field, its `mailto:` links and its bio, in this order; an address that comes
//!   again keeps the source that named it first, the most explicit one,
//! - `mailto:` links are percent-decoded, may name several recipients, and lose their headers (`?subject=…&cc=…`),
//! - addresses are given in lower case; `+` and what follows it is part of the address,
//! - emoji, punctuation and writing without spaces around an address don't belong to it; full-width and
//!   mathematical letters are read as the plain ones that they stand for,
//! - `name (at) mail (dot) com` is an address when both words stand in round, square or curly brackets. Without
//!   brackets it is prose ("find me at mail dot com") and stays so,
//! - not an address: `@name@server` (a handle of the federated web), `icon@2x.png` (a file), `example.com` and what
//!   else is reserved for examples (RFC 2606, but for `.test`), anything inside a web URL.
//!
//! When in doubt no address is better than a wrong one: someone else would get the mail.

mod plain;

use std::collections::HashSet;

use linkify::{LinkFinder, LinkKind};
use serde::{Deserialize, Serialize};

use crate::{
    contract::Creator,
    limits::{EMAIL_BYTES_MAX, EMAIL_LINKS_MAX, EMAIL_LOCAL_BYTES_MAX, EMAIL_TEXT_BYTES_MAX, EMAILS_MAX},
};

/// An e-mail address and where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The address in lower case.
    pub address: String,
    /// Where it was found first.
    pub source: Source,
}

/// Where an address was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The profile's own e-mail field.
    Field,
    /// A `mailto:` link on the profile.
    Link,
    /// The bio's text.
    Bio,
}

/// The addresses of an enriched profile, without twins, at most [`EMAILS_MAX`].
///
/// Of a field no more than [`EMAIL_TEXT_BYTES_MAX`] bytes are searched, and of links no more than
/// [`EMAIL_LINKS_MAX`]. The work grows with the length of the text, whatever it says.
#[must_use]
pub fn of_creator(profile: &Creator) -> Vec<Address> {
    let mut seen = HashSet::new();
    let mut addresses = Vec::new();
    let mut add = |source: Source, found: Vec<String>| {
        let fresh = found.into_iter().filter(|address| seen.insert(address.clone()));
        addresses.extend(fresh.map(|address| Address { address, source }));
    };
    add(Source::Field, profile.email.as_deref().map(in_text).unwrap_or_default());
    for link in profile.links.iter().take(EMAIL_LINKS_MAX) {
        add(Source::Link, in_link(link));
    }
    add(Source::Bio, profile.bio.as_deref().map(in_text).unwrap_or_default());
    addresses.truncate(EMAILS_MAX);
    addresses
}

/// The recipients of a `mailto:` link (RFC 6068); nothing for other links.
fn in_link(link: &str) -> Vec<String> {
    let Some(to) = plain::after_mailto(link.trim_start()) else { return Vec::new() };
    let recipients = to.split(['?', '#']).next().unwrap_or_default();
    // Decoded first: recipients are also separated by an encoded comma in the wild, and no address has one.
    let decoded = percent_encoding::percent_decode_str(bounded(recipients)).decode_utf8_lossy();
    in_text(&decoded)
}

/// The addresses in a text.
fn in_text(text: &str) -> Vec<String> {
    let plain = plain::of_text(bounded(text));
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Email]);
    finder.links(&plain).filter_map(|link| address(link.as_str())).collect()
}

/// The part of a text that is searched.
fn bounded(text: &str) -> &str {
    if text.len() <= EMAIL_TEXT_BYTES_MAX {
        return text;
    }
    let end = (0..=EMAIL_TEXT_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    &text[..end]
}

/// What a candidate is an address of, if it is one.
fn address(candidate: &str) -> Option<String> {
    let (local, domain) = candidate.rsplit_once('@')?;
    let (local, domain) = (local_part(local)?, domain_part(domain)?);
    let address = format!("{local}@{domain}").to_lowercase();
    (address.len() <= EMAIL_BYTES_MAX).then_some(address)
}

/// The part before the `@`: ASCII, as all mailboxes that people write down are.
///
/// Letters of another script in front of it are the text that it stands in ("联系ana@…"). A Latin letter
/// that is not ASCII would be a part of the name, and cutting the name there would make another one.
fn local_part(local: &str) -> Option<&str> {
    let own = match local.char_indices().rfind(|(_, c)| !c.is_ascii()) {
        Some((_, c)) if is_accented_latin(c) => return None,
        Some((at, c)) => &local[at + c.len_utf8()..],
        None => local,
    };
    let own = own.trim_start_matches(['.', '-', '+', '&', '\'']).trim_end_matches('\'');
    let is_sound =
        !own.is_empty() && own.len() <= EMAIL_LOCAL_BYTES_MAX && !own.contains(['%']) && !own.ends_with('.') && !own.contains("..");
    is_sound.then_some(own)
}

/// Whether a letter is one of the Latin letters beyond ASCII.
fn is_accented_latin(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Longest label of a domain name, in bytes (RFC 1035).
const LABEL_BYTES_MAX: usize = 63;

/// The part after the `@`: a domain name that mail can go to.
fn domain_part(domain: &str) -> Option<String> {
    let (rest, last) = domain.rsplit_once('.')?;
    // Text in another script may follow without a space: "ana@mail.comへ".
    let last = last.split(|c: char| !c.is_ascii()).next()?.to_ascii_lowercase();
    let is_name = last.len() >= 2 && (last.bytes().all(|b| b.is_ascii_lowercase()) || last.starts_with("xn--"));
    let domain = format!("{}.{last}", rest.to_lowercase());
    let is_sound = is_name && domain.split('.').all(is_label) && !FILES.contains(&last.as_str()) && !is_reserved(&domain);
    is_sound.then_some(domain)
}

/// Whether this can stand between the dots of a domain name.
fn is_label(label: &str) -> bool {
    let fits = !label.is_empty() && label.len() <= LABEL_BYTES_MAX;
    fits && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// Endings of file names; none of them is a top-level domain.
const FILES: [&str; 18] =
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "heic", "bmp", "ico", "tif", "tiff", "css", "js", "json", "pdf", "mp4", "webm"];

/// Names that are reserved for examples (RFC 2606 and 6761) or never leave a machine. `.test` is not among
/// them: it can't reach anyone either, and tests need names.
fn is_reserved(domain: &str) -> bool {
    let within = |name: &str| domain.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    ["example.com", "example.org", "example.net", "example", "invalid", "localhost"].into_iter().any(within)
}

#[cfg(test)]
mod tests;
