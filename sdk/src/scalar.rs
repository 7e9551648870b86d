//! A JSON value that is not looked into: the one place that knows every type a field may come as.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A field's value, where lists, objects and null are all the same: nothing that a scalar could be read from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar<'a> {
    /// Null, a list or an object.
    Nothing,
    Bool(bool),
    Whole(u64),
    Negative(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(u64::try_from(value).map_or(Scalar::Negative(value), Scalar::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(json: &str) -> Scalar<'_> {
        serde_json::from_str(json).expect("it is JSON")
    }

    #[test]
    fn every_type_of_json_can_be_read() {
        assert_eq!(scalar("null"), Scalar::Nothing);
        assert_eq!(scalar("true"), Scalar::Bool(true));
        assert_eq!(scalar("7"), Scalar::Whole(7));
        assert_eq!(scalar("-7"), Scalar::Negative(-7));
        assert_eq!(scalar("1.5"), Scalar::Float(1.5));
        assert_eq!(scalar(r#""a""#), Scalar::Text("a".into()));
        assert_eq!(scalar(r#"[1,[2],{"a":3}]"#), Scalar::Nothing);
        assert_eq!(scalar(r#"{"a":[1],"b":{}}"#), Scalar::Nothing);
    }

    #[test]
    fn text_without_escapes_is_borrowed_from_the_body() {
        assert!(matches!(scalar(r#""plain""#), Scalar::Text(Cow::Borrowed("plain"))));
        assert!(matches!(scalar(r#""a\nb""#), Scalar::Text(Cow::Owned(_))));
    }
}
