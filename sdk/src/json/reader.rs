//! One copy of the JSON parser for all structures of an adapter.
//!
//! `serde_json` is compiled anew for every structure that is read, and explains every mismatch in words, floats
//! included, that nobody is shown. Both together were most of a component. So what parses and what is read are kept
//! apart here by two traits without type parameters: a [`Source`] gives the next value, and a [`Sink`] takes it.
//! The parser knows one sink, and what is derived for a structure knows one source, the error of which says nothing;
//! the parser's own errors, with their places, pass by it.
//!
//! Enumerations are not read: a platform that adds a variant would spoil the row. Read them as text.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::scalar::Scalar;

/// Reads a text that is one JSON value and nothing else.
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, serde_json::Error> {
    let mut value = None;
    parse(text, &mut |root| {
        value = Some(T::deserialize(root)?);
        Ok(())
    })?;
    value.ok_or_else(|| Mismatch.explained())
}

/// Has the value of a text read, and checks that nothing follows it.
fn parse<'de>(text: &'de str, read: &mut dyn FnMut(Value<'_, 'de>) -> Result<(), Mismatch>) -> Result<(), serde_json::Error> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let mut root = Root { parser: &mut parser, error: None };
    match (read(Value(&mut root)), root.error) {
        (Ok(()), _) => parser.end(),
        (Err(_), Some(error)) => Err(error),
        (Err(mismatch), None) => Err(mismatch.explained()),
    }
}

/// Something was not as it should be. What it was is in the parser's own error, if it was not a matter of shape.
#[derive(Debug)]
struct Mismatch;

impl Mismatch {
    fn explained<E: Error>(self) -> E {
        E::custom("another shape")
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("another shape")
    }
}

impl std::error::Error for Mismatch {}

/// None of these formats what it is given, which is what makes components small.
impl Error for Mismatch {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// How a value is asked for.
#[derive(Clone, Copy)]
enum Form {
    Any,
    /// By the name of a structure of one field, which is how raw JSON is asked for.
    Newtype(&'static str),
}

/// Where values come from: the whole text, an object's entries or a list's elements.
trait Source<'de> {
    /// Hands the next value over; at the end of a list there is none.
    fn give(&mut self, form: Form, sink: &mut dyn Sink<'de>) -> Result<(), Mismatch>;

    /// Passes over the next value; at the end of a list there is none.
    fn skip(&mut self) -> Result<(), Mismatch>;

    /// An object's next key.
    fn key(&mut self) -> Result<Option<Scalar<'de>>, Mismatch> {
        Ok(None)
    }

    /// Whether a list gave no value because it is at its end.
    fn is_at_end(&self) -> bool {
        false
    }
}

/// What takes a value.
trait Sink<'de> {
    fn scalar(&mut self, scalar: Scalar<'de>) -> Result<(), Mismatch>;
    fn object(&mut self, entries: &mut dyn Source<'de>) -> Result<(), Mismatch>;
    fn list(&mut self, elements: &mut dyn Source<'de>) -> Result<(), Mismatch>;
    /// What comes next is the content of a structure of one field.
    fn wrapped(&mut self);
}

struct Root<'p, R> {
    parser: &'p mut serde_json::Deserializer<R>,
    error: Option<serde_json::Error>,
}

impl<'de, R: serde_json::de::Read<'de>> Source<'de> for Root<'_, R> {
    fn give(&mut self, form: Form, sink: &mut dyn Sink<'de>) -> Result<(), Mismatch> {
        keep(Next { form, sink }.deserialize(&mut *self.parser), &mut self.error)
    }

    fn skip(&mut self) -> Result<(), Mismatch> {
        keep(IgnoredAny::deserialize(&mut *self.parser), &mut self.error).map(drop)
    }
}

/// An object's entries or a list's elements, and the parser's error, which no sink can carry.
struct Within<A, E> {
    access: A,
    error: Option<E>,
}

impl<A, E: Error> Within<A, E> {
    /// What the parser is told once the sink is done.
    fn end(self, taken: Result<(), Mismatch>) -> Result<(), E> {
        taken.map_err(|mismatch| self.error.unwrap_or_else(|| mismatch.explained()))
    }
}

struct Entries<A, E>(Within<A, E>);

impl<'de, A: MapAccess<'de>> Source<'de> for Entries<A, A::Error> {
    fn give(&mut self, form: Form, sink: &mut dyn Sink<'de>) -> Result<(), Mismatch> {
        keep(self.0.access.next_value_seed(Next { form, sink }), &mut self.0.error)
    }

    fn skip(&mut self) -> Result<(), Mismatch> {
        keep(self.0.access.next_value::<IgnoredAny>(), &mut self.0.error).map(drop)
    }

    fn key(&mut self) -> Result<Option<Scalar<'de>>, Mismatch> {
        keep(self.0.access.next_key(), &mut self.0.error)
    }
}

struct Elements<A, E> {
    within: Within<A, E>,
    is_at_end: bool,
}

impl<'de, A: SeqAccess<'de>> Source<'de> for Elements<A, A::Error> {
    fn give(&mut self, form: Form, sink: &mut dyn Sink<'de>) -> Result<(), Mismatch> {
        let given = keep(self.within.access.next_element_seed(Next { form, sink }), &mut self.within.error)?;
        self.is_at_end = given.is_none();
        Ok(())
    }

    fn skip(&mut self) -> Result<(), Mismatch> {
        let skipped = keep(self.within.access.next_element::<IgnoredAny>(), &mut self.within.error)?;
        self.is_at_end = skipped.is_none();
        Ok(())
    }

    fn is_at_end(&self) -> bool {
        self.is_at_end
    }
}

/// Keeps the parser's error where it will be looked for.
fn keep<T, E>(result: Result<T, E>, error: &mut Option<E>) -> Result<T, Mismatch> {
    result.map_err(|found| {
        *error = Some(found);
        Mismatch
    })
}

/// A value that the parser is about to read.
struct Next<'s, 'de> {
    form: Form,
    sink: &'s mut dyn Sink<'de>,
}

impl<'de> DeserializeSeed<'de> for Next<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.form {
            Form::Any => deserializer.deserialize_any(Parsed(self.sink)),
            Form::Newtype(name) => deserializer.deserialize_newtype_struct(name, Parsed(self.sink)),
        }
    }
}

/// The only visitor that the parser knows.
struct Parsed<'s, 'de>(&'s mut dyn Sink<'de>);

impl Parsed<'_, '_> {
    fn nothing<E: Error>(self) -> Result<(), E> {
        self.0.scalar(Scalar::Nothing).map_err(Mismatch::explained)
    }
}

impl<'de> Visitor<'de> for Parsed<'_, 'de> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.nothing()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.0.scalar(Scalar::Bool(value)).map_err(Mismatch::explained)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.0.scalar(Scalar::Whole(value)).map_err(Mismatch::explained)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.0.scalar(Scalar::Negative(value)).map_err(Mismatch::explained)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.0.scalar(Scalar::Float(value)).map_err(Mismatch::explained)
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<(), E> {
        self.0.scalar(Scalar::Text(Cow::Borrowed(value))).map_err(Mismatch::explained)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.0.scalar(Scalar::Text(Cow::Owned(value.to_owned()))).map_err(Mismatch::explained)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.wrapped();
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut entries = Entries(Within { access, error: None });
        let taken = self.0.object(&mut entries);
        entries.0.end(taken)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut elements = Elements { within: Within { access, error: None }, is_at_end: false };
        let taken = self.0.list(&mut elements);
        elements.within.end(taken)
    }
}

/// A structure's visitor, until it has its value.
struct Slot<'de, V: Visitor<'de>> {
    visitor: Option<V>,
    value: Option<V::Value>,
}

impl<'de, V: Visitor<'de>> Slot<'de, V> {
    fn of(visitor: V) -> Self {
        Self { visitor: Some(visitor), value: None }
    }

    fn take<D: Deserializer<'de, Error = Mismatch>>(&mut self, deserializer: D) -> Result<(), Mismatch> {
        let visitor = self.visitor.take().ok_or(Mismatch)?;
        self.value = Some(deserializer.deserialize_any(visitor)?);
        Ok(())
    }
}

impl<'de, V: Visitor<'de>> Sink<'de> for Slot<'de, V> {
    fn scalar(&mut self, scalar: Scalar<'de>) -> Result<(), Mismatch> {
        self.take(Known(scalar))
    }

    fn object(&mut self, entries: &mut dyn Source<'de>) -> Result<(), Mismatch> {
        self.take(MapAccessDeserializer::new(Object(entries)))
    }

    fn list(&mut self, elements: &mut dyn Source<'de>) -> Result<(), Mismatch> {
        self.take(SeqAccessDeserializer::new(List(elements)))
    }

    fn wrapped(&mut self) {}
}

/// The same for what stands in something: an optional field, or a structure of one field. It is apart, so that only
/// adapters that have such fields carry it.
struct Wrapped<'de, V: Visitor<'de>> {
    slot: Slot<'de, V>,
    wrapping: Wrapping,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapping {
    None,
    Optional,
    Newtype,
}

impl<'de, V: Visitor<'de>> Wrapped<'de, V> {
    fn take<D: Deserializer<'de, Error = Mismatch>>(&mut self, deserializer: D) -> Result<(), Mismatch> {
        let visitor = self.slot.visitor.take().ok_or(Mismatch)?;
        self.slot.value = Some(match self.wrapping {
            Wrapping::None => deserializer.deserialize_any(visitor)?,
            Wrapping::Optional => visitor.visit_some(deserializer)?,
            Wrapping::Newtype => visitor.visit_newtype_struct(deserializer)?,
        });
        Ok(())
    }
}

impl<'de, V: Visitor<'de>> Sink<'de> for Wrapped<'de, V> {
    fn scalar(&mut self, scalar: Scalar<'de>) -> Result<(), Mismatch> {
        // Null is what an optional field has instead of a value.
        if scalar == Scalar::Nothing && self.wrapping == Wrapping::Optional {
            self.wrapping = Wrapping::None;
        }
        self.take(Known(scalar))
    }

    fn object(&mut self, entries: &mut dyn Source<'de>) -> Result<(), Mismatch> {
        self.take(MapAccessDeserializer::new(Object(entries)))
    }

    fn list(&mut self, elements: &mut dyn Source<'de>) -> Result<(), Mismatch> {
        self.take(SeqAccessDeserializer::new(List(elements)))
    }

    fn wrapped(&mut self) {
        self.wrapping = Wrapping::Newtype;
    }
}

/// The next value of a source, as structures know it.
struct Value<'s, 'de>(&'s mut dyn Source<'de>);

impl<'de> Value<'_, 'de> {
    fn read<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let mut slot = Slot::of(visitor);
        self.0.give(Form::Any, &mut slot)?;
        slot.value.ok_or(Mismatch)
    }

    fn read_wrapped<V: Visitor<'de>>(self, form: Form, wrapping: Wrapping, visitor: V) -> Result<V::Value, Mismatch> {
        let mut wrapped = Wrapped { slot: Slot::of(visitor), wrapping };
        self.0.give(form, &mut wrapped)?;
        wrapped.slot.value.ok_or(Mismatch)
    }
}

impl<'de> Deserializer<'de> for Value<'_, 'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.read(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.read_wrapped(Form::Any, Wrapping::Optional, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        self.read_wrapped(Form::Newtype(name), Wrapping::None, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.0.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}

/// A value that was parsed, or an object's key.
struct Known<'de>(Scalar<'de>);

impl<'de> Deserializer<'de> for Known<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Scalar::Nothing => visitor.visit_unit(),
            Scalar::Bool(value) => visitor.visit_bool(value),
            Scalar::Whole(value) => visitor.visit_u64(value),
            Scalar::Negative(value) => visitor.visit_i64(value),
            Scalar::Float(value) => visitor.visit_f64(value),
            Scalar::Text(Cow::Borrowed(value)) => visitor.visit_borrowed_str(value),
            Scalar::Text(Cow::Owned(value)) => visitor.visit_string(value),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0 == Scalar::Nothing { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// An object, as structures know it.
struct Object<'s, 'de>(&'s mut dyn Source<'de>);

impl<'de> MapAccess<'de> for Object<'_, 'de> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        self.0.key()?.map(|key| seed.deserialize(Known(key))).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(Value(self.0))
    }
}

/// A list, as structures know it.
struct List<'s, 'de>(&'s mut dyn Source<'de>);

impl<'de> SeqAccess<'de> for List<'_, 'de> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        let read = seed.deserialize(Value(self.0));
        // Only a source knows that there is nothing left; asking it for a value is the way to find out.
        if self.0.is_at_end() { Ok(None) } else { read.map(Some) }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Id(u64);

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Row<'a> {
        id: Option<Id>,
        name: Option<&'a str>,
        tags: Vec<String>,
        inner: Option<Box<Self>>,
    }

    fn row(json: &str) -> Row<'_> {
        read(json).expect("it is a row")
    }

    #[test]
    fn optional_fields_and_structures_of_one_field_are_read() {
        let full = row(r#"{"id":7,"name":"ana","tags":["a","b\n"],"x":[{}],"inner":{"id":null,"name":null}}"#);
        assert_eq!((full.id, full.name), (Some(Id(7)), Some("ana")));
        assert_eq!(full.tags, ["a", "b\n"]);
        assert_eq!(full.inner.as_deref(), Some(&Row::default()));
    }

    #[test]
    fn an_empty_list_and_a_list_of_lists_end_where_they_end() {
        assert_eq!(read::<Vec<Vec<u64>>>("[[],[1],[2,3]]").ok(), Some(vec![vec![], vec![1], vec![2, 3]]));
        assert_eq!(read::<Vec<IgnoredAny>>("[1,[2],{}]").map(|skipped| skipped.len()).ok(), Some(3));
    }

    #[test]
    fn errors_are_the_parser_s_own_with_their_place() {
        let told = |json| read::<Row<'_>>(json).map_err(|error| (error.classify(), error.line(), error.column())).err();
        for json in ["", "{", r#"{"tags":["a"#, "[1", "{}x", r#"{"tags":["a",]}"#, r#"{"inner":{"x":tru}}"#, r#"{"inner":{"x":1"#] {
            let strictly = serde_json::from_str::<serde_json::Value>(json).expect_err("it is no JSON");
            assert_eq!(told(json), Some((strictly.classify(), strictly.line(), strictly.column())), "{json}");
        }
    }

    #[test]
    fn another_shape_is_an_error_of_data() {
        for json in ["7", r#"{"id":"x"}"#, r#"{"tags":7}"#, r#"{"name":[1]}"#, r#"{"id":1,"id":2}"#] {
            let error = read::<Row<'_>>(json).expect_err("it has another shape");
            assert!(error.is_data(), "{json}: {error}");
        }
    }
}
