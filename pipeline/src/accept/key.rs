//! Accepting the name of a new API key.

use super::Refusal;
use super::body::Body;
use super::fields::Fields;
use super::refusal::{FieldCode, FieldError};
use crate::limits::{KEY_NAME_CHARS_MAX, REQUEST_BYTES_MAX};

const EXAMPLE: &str = "send an object such as {\"name\": \"weekly report\"}";

/// The name of a key that is to be made: trimmed, 1 to [`KEY_NAME_CHARS_MAX`] characters, no control characters.
///
/// # Errors
/// As for a search: everything that is wrong, at once.
pub fn accept_key(body: &[u8]) -> Result<String, Refusal> {
    if body.len() > REQUEST_BYTES_MAX {
        return Err(Refusal::TooLarge { limit: REQUEST_BYTES_MAX });
    }
    let mut fields = Fields::new(Body::parse(body, EXAMPLE)?);
    let name = fields.required("name", |value| {
        let name = value.text("write the name as a text in quotation marks")?.trim().to_owned();
        let wrong = |code, detail: &str| Err(vec![value.error(code, detail, hint())]);
        match name.chars().count() {
            0 => wrong(FieldCode::TooShort, "the name is empty"),
            chars if chars > KEY_NAME_CHARS_MAX => wrong(FieldCode::TooLong, &format!("the name has {chars} characters")),
            _ if name.chars().any(char::is_control) => wrong(FieldCode::ControlCharacter, "the name contains a control character"),
            _ => Ok(name),
        }
    });
    let errors: Vec<FieldError> = fields.finish(&["name"]);
    match name {
        Some(name) if errors.is_empty() => Ok(name),
        _ => Err(Refusal::fields(errors)),
    }
}

fn hint() -> String {
    format!("give 1 to {KEY_NAME_CHARS_MAX} characters by which you will know the key again")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Result<String, Vec<(String, FieldCode)>> {
        read(&format!("{{\"name\": {name}}}"))
    }

    fn read(body: &str) -> Result<String, Vec<(String, FieldCode)>> {
        accept_key(body.as_bytes()).map_err(|refusal| match refusal {
            Refusal::Fields(errors) => errors.into_iter().map(|error| (error.pointer, error.code)).collect(),
            other => vec![(other.code().to_owned(), FieldCode::MoreErrors)],
        })
    }

    fn wrong(code: FieldCode) -> Result<String, Vec<(String, FieldCode)>> {
        Err(vec![("/name".into(), code)])
    }

    #[test]
    fn a_name_has_1_to_100_characters_without_white_space_around_them() {
        assert_eq!(named("\" weekly report \\n\""), Ok("weekly report".into()));
        assert_eq!(named(&format!("\"{}\"", "é".repeat(100))), Ok("é".repeat(100)));
        assert_eq!(named(&format!("\"{}\"", "é".repeat(101))), wrong(FieldCode::TooLong));
        for empty in ["\"\"", "\"  \""] {
            assert_eq!(named(empty), wrong(FieldCode::TooShort));
        }
    }

    #[test]
    fn a_name_is_a_text_that_can_be_shown() {
        assert_eq!(named("\"a\\u0007b\""), wrong(FieldCode::ControlCharacter));
        assert_eq!(named("7"), wrong(FieldCode::WrongType));
        assert_eq!(named("\"\\ud800\""), wrong(FieldCode::BrokenText));
        assert_eq!(named("null"), wrong(FieldCode::Missing));
        assert_eq!(read("{}"), wrong(FieldCode::Missing));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let expected = vec![("/name".into(), FieldCode::WrongType), ("/plan".into(), FieldCode::UnknownField)];
        assert_eq!(read(r#"{"name": [], "plan": "pro"}"#), Err(expected));
    }

    #[test]
    fn a_body_that_is_no_object_is_refused_with_an_example_of_one() {
        let refusal = accept_key(b"[]").unwrap_err();
        assert_eq!((refusal.code(), refusal.hint()), ("malformed_body", EXAMPLE));
        assert_eq!(accept_key(&vec![b' '; REQUEST_BYTES_MAX + 1]).unwrap_err().code(), "body_too_large");
    }
}
