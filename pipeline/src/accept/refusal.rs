//! Why a search was not accepted, in words that people and programs can act on.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Offer;
use crate::limits::FIELD_ERRORS_MAX;

/// Why a request was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The body is longer than a request can be; it was not read.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// The length allowed, in bytes.
        limit: usize,
    },
    /// The body is not one JSON object.
    #[error("{detail}")]
    Malformed {
        /// What was found, and where.
        detail: String,
        /// What to send instead.
        hint: String,
    },
    /// Fields are wrong. There is at least one error, and at most [`FIELD_ERRORS_MAX`] and one that counts
    /// those left out.
    #[error("{}", summary(.0))]
    Fields(Vec<FieldError>),
}

impl Refusal {
    /// The stable name of this kind of refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "body_too_large",
            Self::Malformed { .. } => "malformed_body",
            Self::Fields(_) => "invalid_fields",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &str {
        match self {
            Self::TooLarge { .. } => "send a shorter body, with fewer or shorter texts",
            Self::Malformed { hint, .. } => hint,
            Self::Fields(_) => "correct every field that is named, then send the request again",
        }
    }

    /// A refusal that stays within bounds.
    pub(super) fn fields(mut errors: Vec<FieldError>) -> Self {
        let left_out = errors.len().saturating_sub(FIELD_ERRORS_MAX);
        if left_out > 0 {
            errors.truncate(FIELD_ERRORS_MAX);
            errors.push(FieldError {
                pointer: String::new(),
                code: FieldCode::MoreErrors,
                detail: format!("{left_out} more errors are not shown"),
                hint: "correct these first".into(),
            });
        }
        Self::Fields(errors)
    }
}

/// One line for people; programs read the list.
fn summary(errors: &[FieldError]) -> String {
    match errors {
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
        [] => "the request has wrong fields".into(),
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Where, as a JSON pointer (RFC 6901) such as `/keywords/3`.
    pub pointer: String,
    /// What kind of mistake it is.
    pub code: FieldCode,
    /// What was found and what is allowed.
    pub detail: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() { out.write_str(&self.detail) } else { write!(out, "{}: {}", self.pointer, self.detail) }
    }
}

/// The kinds of mistakes; their serialised names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// A required field is not there or `null`.
    Missing,
    /// A value of another JSON type.
    WrongType,
    /// A field that does not exist.
    UnknownField,
    /// A field that stands there more than once.
    DuplicateField,
    /// A list without items.
    TooFew,
    /// A list with more items than allowed.
    TooMany,
    /// A text with fewer characters than allowed.
    TooShort,
    /// A text with more characters than allowed.
    TooLong,
    /// A text with a control character.
    ControlCharacter,
    /// A text with an escape that is half a character.
    BrokenText,
    /// A number below the least one allowed.
    TooSmall,
    /// A number above the largest one allowed.
    TooLarge,
    /// A number with a fraction.
    NotWhole,
    /// A platform that no installed adapter declares.
    UnknownPlatform,
    /// A text that is not a UUID.
    NotAUuid,
    /// Stands for the errors that are not shown.
    MoreErrors,
}

/// How much of a caller's own text is repeated, in characters.
const SHOWN_CHARS: usize = 60;

/// A caller's text, quoted and cut to a length that fits a message.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("\"{}…\"", text[..end].escape_debug()),
        None => format!("\"{}\"", text.escape_debug()),
    }
}

/// Names the platforms there are.
pub(super) fn unknown_platform(name: &str, platforms: &[Offer]) -> FieldError {
    let names: Vec<&str> = platforms.iter().map(|offer| offer.platform.as_str()).collect();
    let hint = match nearest(name, &names) {
        _ if names.is_empty() => "no adapter is installed; install one first".into(),
        Some(near) => format!("did you mean \"{near}\"? Installed: {}", names.join(", ")),
        None => format!("choose one of {}", names.join(", ")),
    };
    let detail = format!("there is no platform {}", shown(name));
    FieldError { pointer: "/platform".into(), code: FieldCode::UnknownPlatform, detail, hint }
}

/// Says which field was probably meant.
pub(super) fn unknown_field(pointer: String, name: &str, known: &[&str]) -> FieldError {
    let hint = match nearest(name, known) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("leave it out; there are {}", known.join(", ")),
    };
    FieldError { pointer, code: FieldCode::UnknownField, detail: format!("there is no field {}", shown(name)), hint }
}

/// How alike two names must be before one is suggested for the other, from 0 to 1.
const ALIKE: f64 = 0.8;

/// The name that was probably meant. Case, `_` and `-` don't count, since they are what people mix up.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).take(SHOWN_CHARS).flat_map(char::to_lowercase).collect::<String>();
    let wanted = plain(name);
    let rated = known.iter().map(|candidate| (strsim::jaro_winkler(&wanted, &plain(candidate)), *candidate));
    rated.filter(|(alike, _)| *alike >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}
