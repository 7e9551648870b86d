//! The outer form of a request: one JSON object, its fields kept as they were written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Refusal;

/// The fields of an object in order, repeated names included.
///
/// Values stay raw: each is read by the rule of its own field, so that a number too large for any type, or
/// half a surrogate, is that field's error and not the end of the whole request. Raw values are also
/// skipped without recursion, so that no nesting is too deep.
pub(super) struct Body<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'a> Body<'a> {
    /// Reads an object. The hint says what to send instead of something else.
    pub(super) fn parse(bytes: &'a [u8], hint: &str) -> Result<Self, Refusal> {
        let not_json = |error: serde_json::Error| {
            // The parser's own words name line and column.
            Refusal::Malformed { detail: format!("the body is not JSON: {error}"), hint: hint.into() }
        };
        let text = std::str::from_utf8(bytes).map_err(|error| Refusal::Malformed {
            detail: format!("the body is not UTF-8 from byte {} on", error.valid_up_to()),
            hint: "send JSON encoded as UTF-8".into(),
        })?;
        if text.trim().is_empty() {
            return Err(Refusal::Malformed { detail: "the body is empty".into(), hint: hint.into() });
        }
        let value: &RawValue = serde_json::from_str(text).map_err(not_json)?;
        if !value.get().starts_with('{') {
            let detail = format!("the body is {}, not an object", super::fields::kind(value.get()));
            return Err(Refusal::Malformed { detail, hint: hint.into() });
        }
        serde_json::from_str(text).map_err(not_json)
    }
}

impl<'de> Deserialize<'de> for Body<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Body<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Body<'de>, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Body(pairs))
            }
        }

        from.deserialize_map(Pairs)
    }
}
