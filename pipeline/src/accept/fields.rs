//! Reading the fields of a request one by one, gathering what is wrong with each.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::{
    body::Body,
    refusal::{FieldCode, FieldError, shown, unknown_field},
};
use crate::keyword::{Keyword, KeywordError};

/// What reading a value gives. One value can be wrong in several ways.
type Read<T> = Result<T, Vec<FieldError>>;

/// The fields of one request and what was found wrong with them so far.
pub(super) struct Fields<'a> {
    pairs: Vec<(String, &'a RawValue)>,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// Begins to read an object.
    pub(super) fn new(body: Body<'a>) -> Self {
        Self { pairs: body.0, errors: Vec::new() }
    }

    /// Reads a field that must be there.
    pub(super) fn required<T>(&mut self, name: &str, read: impl FnOnce(&Value<'a>) -> Read<T>) -> Option<T> {
        if self.find(name).is_none() {
            let hint = format!("add \"{name}\"");
            self.errors.push(FieldError { pointer: pointer(name), code: FieldCode::Missing, detail: "the field is missing".into(), hint });
        }
        self.optional(name, read)
    }

    /// Reads a field that may be left out or `null`.
    pub(super) fn optional<T>(&mut self, name: &str, read: impl FnOnce(&Value<'a>) -> Read<T>) -> Option<T> {
        read(&self.find(name)?).map_err(|found| self.errors.extend(found)).ok()
    }

    /// The first value of that name; a second one is an error of its own.
    fn find(&self, name: &str) -> Option<Value<'a>> {
        let (_, raw) = self.pairs.iter().find(|(given, _)| given == name)?;
        (raw.get() != "null").then(|| Value { pointer: pointer(name), raw })
    }

    /// All errors: those of the fields that were read, then unknown and repeated names as they come.
    pub(super) fn finish(self, known: &[&str]) -> Vec<FieldError> {
        let mut errors = self.errors;
        let mut seen = HashSet::new();
        let mut reported = HashSet::new();
        for (name, _) in &self.pairs {
            let again = !seen.insert(name);
            if again && reported.insert(name) {
                let detail = "the field stands there more than once".into();
                errors.push(FieldError {
                    pointer: pointer(name),
                    code: FieldCode::DuplicateField,
                    detail,
                    hint: "keep one of them".into(),
                });
            } else if !again && !known.contains(&name.as_str()) {
                errors.push(unknown_field(pointer(name), name, known));
            }
        }
        errors
    }
}

/// The JSON pointer of a field (RFC 6901).
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The JSON type of a value, by its first character.
pub(super) fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// A value and where it stands.
pub(super) struct Value<'a> {
    pointer: String,
    raw: &'a RawValue,
}

impl<'a> Value<'a> {
    /// An error at this place.
    pub(super) fn error(&self, code: FieldCode, detail: impl Into<String>, hint: impl Into<String>) -> FieldError {
        FieldError { pointer: self.pointer.clone(), code, detail: detail.into(), hint: hint.into() }
    }

    fn fail<T>(&self, code: FieldCode, detail: impl Into<String>, hint: impl Into<String>) -> Read<T> {
        Err(vec![self.error(code, detail, hint)])
    }

    fn wrong_type<T>(&self, wanted: &str, hint: &str) -> Read<T> {
        self.fail(FieldCode::WrongType, format!("this is {}, not {wanted}", kind(self.raw.get())), hint)
    }

    /// A text; `hint` is what to do when it is none.
    pub(super) fn text(&self, hint: &str) -> Read<String> {
        if !self.raw.get().starts_with('"') {
            return self.wrong_type("a text", hint);
        }
        serde_json::from_str(self.raw.get())
            .or_else(|_| self.fail(FieldCode::BrokenText, "the text contains half of a surrogate pair", "send whole characters"))
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Read<bool> {
        match self.raw.get() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => self.wrong_type("true or false", "write true or false without quotation marks"),
        }
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Read<Vec<Value<'a>>> {
        match serde_json::from_str::<Vec<&RawValue>>(self.raw.get()) {
            Ok(items) => {
                Ok(items.into_iter().enumerate().map(|(place, raw)| Value { pointer: format!("{}/{place}", self.pointer), raw }).collect())
            }
            Err(_) => self.wrong_type("a list", "write a list of texts, such as [\"hot yoga\"]"),
        }
    }

    /// A keyword.
    pub(super) fn keyword(&self) -> Read<Keyword> {
        Keyword::new(&self.text("write each keyword as a text in quotation marks")?).or_else(|error| {
            let code = match error {
                KeywordError::TooShort { .. } => FieldCode::TooShort,
                KeywordError::TooLong { .. } => FieldCode::TooLong,
                KeywordError::Control { .. } => FieldCode::ControlCharacter,
            };
            self.fail(code, error.to_string(), error.hint())
        })
    }

    /// A UUID of any version in its usual form, given back in lower case.
    pub(super) fn uuid(&self) -> Read<String> {
        let hint = "send a UUID such as \"0192f3c1-7a00-7000-8000-000000000001\", or leave the field out";
        let text = self.text(hint)?;
        let is_uuid = text.len() == 36
            && text
                .bytes()
                .enumerate()
                .all(|(place, byte)| if [8, 13, 18, 23].contains(&place) { byte == b'-' } else { byte.is_ascii_hexdigit() });
        if is_uuid {
            Ok(text.to_ascii_lowercase())
        } else {
            self.fail(FieldCode::NotAUuid, format!("{} is not a UUID", shown(&text)), hint)
        }
    }

    /// A whole number from `least` to `most`. `100.0` and `1e2` are whole numbers, as in JSON Schema.
    pub(super) fn whole(&self, least: u64, most: u64) -> Read<u64> {
        let raw = self.raw.get();
        let hint = format!("give a whole number from {least} to {most}");
        if !raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return self.wrong_type("a number", &format!("{hint}, without quotation marks"));
        }
        let (code, wrong) = match number(raw) {
            Number::Whole(number) if number < least => (FieldCode::TooSmall, "less than allowed"),
            Number::Whole(number) if number <= most => return Ok(number),
            Number::Whole(_) | Number::Huge => (FieldCode::TooLarge, "more than allowed"),
            Number::Negative => (FieldCode::TooSmall, "less than allowed"),
            Number::Fraction => (FieldCode::NotWhole, "not a whole number"),
        };
        self.fail(code, format!("{} is {wrong}", shown(raw).trim_matches('"')), hint)
    }
}

/// What a JSON number is to a field that wants a count.
enum Number {
    Whole(u64),
    Negative,
    Fraction,
    /// Beyond every count.
    Huge,
}

/// Reads a JSON number of any length.
fn number(raw: &str) -> Number {
    if let Ok(whole) = raw.parse::<u64>() {
        return Number::Whole(whole);
    }
    // The standard parser takes every number that JSON can write; too large ones become infinite.
    match raw.parse::<f64>() {
        Ok(number) if number < 0.0 => Number::Negative,
        Ok(number) if number > 9_007_199_254_740_991.0 => Number::Huge,
        Ok(number) if number.fract() == 0.0 => Number::Whole(number as u64),
        _ => Number::Fraction,
    }
}
