//! Reading JSON answers of platforms that change their minds.
//!
//! Describe an answer with plain `#[derive(Deserialize)]` structures whose fields are [`Text`](crate::text::Text),
//! [`Count`](crate::counts::Count), [`Time`](crate::times::Time), [`Flag`](crate::flags::Flag), [`Object`] and [`List`], with
//! `#[serde(default)]`. Then unknown fields are skipped without being built, every known field may come as any
//! type, and a broken row is dropped alone. Enumerations are not read: use text, since platforms add variants.

mod reader;

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::contract::{Fault, Response};
use crate::status;

/// A body as text. Bytes that are no UTF-8 are replaced, so that they spoil one name and not the page.
#[derive(Debug, Clone)]
pub struct Body<'r> {
    text: Cow<'r, str>,
}

impl<'r> Body<'r> {
    /// The body of a response.
    pub fn of(response: &'r Response) -> Self {
        let bytes = response.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&response.body);
        Self { text: String::from_utf8_lossy(bytes) }
    }

    /// The body as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the body as a JSON object; the value borrows from it.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the body is empty, cut off, no JSON, or no object.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Fault> {
        // A derived structure alone would take a list for its fields in order.
        let object: Object<T> = self.parse()?;
        object.take().ok_or_else(|| Fault::Malformed("the JSON is no object".to_owned()))
    }

    /// Reads the body as a bare JSON list; the rows borrow from it.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the body is empty, cut off, no JSON, or no list.
    pub fn read_list<'a, T: Deserialize<'a>>(&'a self) -> Result<List<T>, Fault> {
        let list: List<T> = self.parse()?;
        if list.is_list() { Ok(list) } else { Err(Fault::Malformed("the JSON is no list".to_owned())) }
    }

    /// Reads the body as any JSON value.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the body is empty, cut off or no JSON.
    pub(crate) fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Fault> {
        reader::read(&self.text).map_err(|error| Fault::Malformed(self.complaint(&error)))
    }

    /// Whether the JSON is a list rather than an object.
    pub fn is_list(&self) -> bool {
        self.text.trim_start().starts_with('[')
    }

    fn complaint(&self, error: &serde_json::Error) -> String {
        let text = self.text.trim_start();
        if text.is_empty() {
            return "the body is empty".to_owned();
        }
        if text.starts_with('<') {
            return format!("the body is not JSON but HTML: {}", status::summary(text));
        }
        let place = format!("line {} column {}", error.line(), error.column());
        match error.classify() {
            Category::Eof => format!("the JSON is cut off after {} bytes", self.text.len()),
            Category::Data => format!("the JSON has another shape at {place}"),
            Category::Syntax | Category::Io => format!("the body is not JSON at {place}"),
        }
    }
}

/// Reads a value from its own text, such as a raw row that was looked at before; `None` when it is no JSON or can't be
/// read as this.
pub fn part<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    reader::read(text).ok()
}

/// The fault of an answer that lacks something as a whole, such as `missing("data.items")`.
pub fn missing(path: &str) -> Fault {
    Fault::Malformed(format!("`{path}` is missing"))
}

/// A value as its own text, which [`part`] reads: later, once it is known what it is, or no further than it should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Raw<'a>(pub &'a str);

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(<&'de RawValue>::deserialize(deserializer)?.get()))
    }
}

/// An object, or nothing when the field holds anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object<T>(Option<T>);

impl<T> Object<T> {
    /// The object, or `None` when there is none.
    pub fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }

    /// The object, owned.
    pub fn take(self) -> Option<T> {
        self.0
    }

    /// The object.
    ///
    /// # Errors
    /// [`Fault::Malformed`], which names this path, when there is none.
    pub fn require(&self, path: &str) -> Result<&T, Fault> {
        self.get().ok_or_else(|| missing(path))
    }
}

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut object = Self::default();
        deserializer.deserialize_any(ObjectVisitor(&mut object))?;
        Ok(object)
    }
}

/// A list, and whether it was there. Rows that can't be read are dropped alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    rows: Vec<T>,
    presence: Presence,
    dropped: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Null,
    Other,
    List,
}

impl<T> List<T> {
    /// The rows that could be read; none when there is no list.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// How many rows the platform gave, those that could not be read included.
    pub fn given(&self) -> usize {
        self.rows.len() + self.dropped
    }

    /// Whether the field is a list.
    pub fn is_list(&self) -> bool {
        self.presence == Presence::List
    }

    /// Whether the field is there and says that there is nothing: an empty list, or null.
    pub fn is_empty_or_null(&self) -> bool {
        self.presence == Presence::Null || (self.is_list() && self.given() == 0)
    }

    /// The rows.
    ///
    /// # Errors
    /// [`Fault::Malformed`], which names this path, when the field is no list.
    pub fn require(&self, path: &str) -> Result<&[T], Fault> {
        if self.is_list() { Ok(&self.rows) } else { Err(missing(path)) }
    }

    /// The rows, of which any has what makes it of use. A row without it is dropped alone, but when all of them lack it the
    /// platform has changed its answers, and that is not the same as finding nobody. No rows at all lack nothing.
    ///
    /// # Errors
    /// [`Fault::Malformed`], which names this path, when there are rows and none of them has it.
    pub fn require_any(&self, path: &str, has: impl Fn(&T) -> bool) -> Result<&[T], Fault> {
        if self.given() == 0 || self.rows.iter().any(has) { Ok(&self.rows) } else { Err(missing(path)) }
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), presence: Presence::Absent, dropped: 0 }
    }
}

/// Rows that were read in another way.
impl<T> From<Vec<T>> for List<T> {
    fn from(rows: Vec<T>) -> Self {
        Self { rows, presence: Presence::List, dropped: 0 }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read_by(deserializer, part)
    }
}

impl<T> List<T> {
    /// Reads a list whose rows come in more than one shape: each is handed over as its own text, which [`part`] reads;
    /// a row of which nothing can be made is dropped alone. It is for `#[serde(deserialize_with = …)]`.
    ///
    /// # Errors
    /// The deserializer's own, when the JSON is broken.
    pub fn read_by<'de, D: Deserializer<'de>>(deserializer: D, read: fn(&'de str) -> Option<T>) -> Result<Self, D::Error> {
        let mut list = Self::default();
        deserializer.deserialize_any(ListVisitor { list: &mut list, read })?;
        Ok(list)
    }
}

/// Writes the visits that all readers of structures answer in the same way: this is not what was looked for.
macro_rules! visits_of_other_types {
    () => {
        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("any value")
        }

        fn visit_bool<E>(self, _: bool) -> Result<(), E> {
            self.pass_over();
            Ok(())
        }

        fn visit_u64<E>(self, _: u64) -> Result<(), E> {
            self.pass_over();
            Ok(())
        }

        fn visit_i64<E>(self, _: i64) -> Result<(), E> {
            self.pass_over();
            Ok(())
        }

        fn visit_f64<E>(self, _: f64) -> Result<(), E> {
            self.pass_over();
            Ok(())
        }

        fn visit_str<E>(self, _: &str) -> Result<(), E> {
            self.pass_over();
            Ok(())
        }
    };
}

/// Fills an object in place, since a value that is passed on through all layers is code for each type of it.
struct ObjectVisitor<'o, T>(&'o mut Object<T>);

impl<T> ObjectVisitor<'_, T> {
    fn pass_over(self) {}
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<'_, T> {
    type Value = ();

    visits_of_other_types!();

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.0 = Some(T::deserialize(MapAccessDeserializer::new(map))?);
        Ok(())
    }
}

/// Fills a list in place.
struct ListVisitor<'l, 'de, T> {
    list: &'l mut List<T>,
    read: fn(&'de str) -> Option<T>,
}

impl<T> ListVisitor<'_, '_, T> {
    fn pass_over(self) {
        self.list.presence = Presence::Other;
    }
}

impl<'de, T> Visitor<'de> for ListVisitor<'_, 'de, T> {
    type Value = ();

    visits_of_other_types!();

    fn visit_unit<E>(self) -> Result<(), E> {
        self.list.presence = Presence::Null;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.pass_over();
        Ok(())
    }

    /// Each row is delimited first and read then, so that whatever is wrong within it stays within it.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.list.presence = Presence::List;
        while let Some(row) = seq.next_element::<&'de RawValue>()? {
            // A derived structure would take a list for its fields in order, so a list is no row.
            match (self.read)(row.get()).filter(|_| !row.get().starts_with('[')) {
                Some(read) => self.list.rows.push(read),
                None => self.list.dropped += 1,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::flags::Flag;
    use crate::text::Text;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Answer<'a> {
        #[serde(borrow)]
        rows: List<Row<'a>>,
        #[serde(borrow)]
        owner: Object<Row<'a>>,
        done: Flag,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Row<'a> {
        #[serde(borrow)]
        id: Text<'a>,
    }

    fn response(body: impl Into<Vec<u8>>) -> Response {
        Response { status: 200, headers: Vec::new(), body: body.into() }
    }

    fn complaint(body: impl Into<Vec<u8>>) -> String {
        let response = response(body);
        match Body::of(&response).read::<Answer<'_>>().map(drop) {
            Err(Fault::Malformed(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    fn ids(body: &str) -> (Vec<String>, usize) {
        let response = response(body);
        let body = Body::of(&response);
        let answer: Answer<'_> = body.read().expect("it is JSON");
        (answer.rows.rows().iter().filter_map(|row| row.id.owned()).collect(), answer.rows.given())
    }

    #[test]
    fn a_broken_row_is_dropped_alone() {
        let (ids, given) = ids(r#"{"rows":[{"id":"a"},7,null,"x",{"id":"b","id":"twice"},{"id":"c"}]}"#);
        assert_eq!(ids, ["a", "c"]);
        assert_eq!(given, 6);
    }

    #[test]
    fn rows_of_more_than_one_shape_are_read_from_their_own_text() {
        let read = |text: &'static str| {
            let mut parser = serde_json::Deserializer::from_str(text);
            List::read_by(&mut parser, |row| row.strip_prefix('{').map(str::len)).map(|list| (list.rows().to_vec(), list.given()))
        };
        assert_eq!(read(r#"[{"a":1},7,[{}],{}]"#).ok(), Some((vec![6, 1], 4)));
        assert_eq!(read("7").ok(), Some((vec![], 0)));
        assert!(read("[{]").is_err());
    }

    #[test]
    fn a_row_that_is_nested_too_deeply_is_dropped_alone() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let (ids, _) = ids(&format!(r#"{{"rows":[{{"id":{deep}}},{{"id":"b"}}]}}"#));
        assert_eq!(ids.last().map(String::as_str), Some("b"));
    }

    #[test]
    fn unknown_fields_are_skipped() {
        assert_eq!(ids(r#"{"x":{"rows":[1]},"rows":[{"y":[{}],"id":"a"}],"z":null}"#).0, ["a"]);
    }

    #[test]
    fn an_absent_list_is_told_apart_from_an_empty_one_and_from_null() {
        let list = |body: &str| {
            serde_json::from_str::<Answer<'_>>(body).map(|answer| (answer.rows.is_list(), answer.rows.is_empty_or_null())).ok()
        };
        assert_eq!(list("{}"), Some((false, false)));
        assert_eq!(list(r#"{"rows":null}"#), Some((false, true)));
        assert_eq!(list(r#"{"rows":[]}"#), Some((true, true)));
        assert_eq!(list(r#"{"rows":[7]}"#), Some((true, false)));
        for other in ["7", "-7", "1.5", "true", r#""x""#, r#"{"a":[1]}"#] {
            assert_eq!(list(&format!(r#"{{"rows":{other}}}"#)), Some((false, false)), "{other}");
        }
    }

    #[test]
    fn what_is_missing_is_named_by_its_path() {
        let answer: Answer<'_> = serde_json::from_str(r#"{"rows":{},"owner":[]}"#).expect("it is JSON");
        assert_eq!(answer.rows.require("data.rows").map(<[_]>::len), Err(Fault::Malformed("`data.rows` is missing".into())));
        assert_eq!(answer.owner.require("owner").map(|_| ()), Err(Fault::Malformed("`owner` is missing".into())));
    }

    #[test]
    fn rows_that_all_lack_something_are_another_shape_and_no_rows_lack_nothing() {
        let rows = |json: &str| {
            let answer: Answer<'_> = serde_json::from_str(json).expect("it is JSON");
            answer.rows.require_any("rows[].id", |row| row.id.get().is_some()).map(<[_]>::len)
        };
        assert_eq!(rows(r#"{"rows":[{},{"id":"a"},7]}"#), Ok(2));
        assert_eq!([r#"{"rows":[]}"#, "{}"].map(rows), [Ok(0), Ok(0)]);
        for lacking in [r#"{"rows":[{}]}"#, r#"{"rows":[7]}"#] {
            assert_eq!(rows(lacking), Err(Fault::Malformed("`rows[].id` is missing".into())), "{lacking}");
        }
    }

    #[test]
    fn a_value_can_be_kept_as_its_own_text() {
        let rows: Vec<Raw<'_>> = serde_json::from_str(r#"[{"id": "a"},null]"#).expect("it is JSON");
        assert_eq!(rows, [Raw(r#"{"id": "a"}"#), Raw("null")]);
        assert_eq!(part::<Row<'_>>(rows[0].0).and_then(|row| row.id.owned()).as_deref(), Some("a"));
    }

    #[test]
    fn an_object_of_another_type_is_unknown() {
        for other in ["7", "-7", "1.5", "true", "null", r#""x""#, r#"[{"id":"a"}]"#] {
            let json = format!(r#"{{"owner":{other},"done":true}}"#);
            let answer: Answer<'_> = serde_json::from_str(&json).expect("it is JSON");
            assert!(answer.owner.get().is_none(), "{other}");
            assert!(answer.done.is_yes(), "what follows is still read: {other}");
        }
        let answer: Answer<'_> = serde_json::from_str(r#"{"owner":{"id":"a"}}"#).expect("it is JSON");
        assert_eq!(answer.owner.take().and_then(|row| row.id.owned()).as_deref(), Some("a"));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_json() {
        let response = response(b"\xef\xbb\xbf{\"done\":1}".to_vec());
        assert!(Body::of(&response).read::<Answer<'_>>().is_ok_and(|answer| answer.done.is_yes()));
    }

    #[test]
    fn bytes_that_are_no_utf_8_spoil_one_text_and_not_the_page() {
        let response = response(b"{\"rows\":[{\"id\":\"a\xff\"},{\"id\":\"b\"}]}".to_vec());
        let body = Body::of(&response);
        let answer: Answer<'_> = body.read().expect("it is JSON");
        let ids: Vec<_> = answer.rows.rows().iter().filter_map(|row| row.id.get()).collect();
        assert_eq!(ids, ["a\u{fffd}", "b"]);
    }

    #[test]
    fn a_body_that_is_no_json_is_described() {
        assert_eq!(complaint(""), "the body is empty");
        assert_eq!(complaint(" \n"), "the body is empty");
        assert_eq!(complaint(r#"{"rows":[{"id":"a"#), "the JSON is cut off after 17 bytes");
        assert_eq!(complaint("<!DOCTYPE html><title>Just a moment</title>"), "the body is not JSON but HTML: Just a moment");
        assert_eq!(complaint("nope"), "the body is not JSON at line 1 column 2");
        assert_eq!(complaint("{} {}"), "the body is not JSON at line 1 column 4");
        assert_eq!(complaint("[[1]]"), "the JSON is no object");
        assert_eq!(complaint("7"), "the JSON is no object");
        assert_eq!(complaint(r#"{"done":1,"done":2}"#), "the JSON has another shape at line 1 column 16");
    }

    #[test]
    fn a_bare_list_is_read_row_by_row() {
        let response = response(r#"[{"id":"a"},["b"],{"id":"c"}]"#);
        let body = Body::of(&response);
        let list: List<Row<'_>> = body.read_list().expect("it is a list");
        let ids: Vec<_> = list.rows().iter().filter_map(|row| row.id.get()).collect();
        assert_eq!((ids, list.given()), (vec!["a", "c"], 3));
    }

    #[test]
    fn an_object_is_no_list() {
        let response = response("{}");
        let fault = Body::of(&response).read_list::<Row<'_>>().map(|list| list.given());
        assert_eq!(fault, Err(Fault::Malformed("the JSON is no list".into())));
    }

    #[test]
    fn a_bare_list_is_told_apart_from_an_object() {
        assert!(Body::of(&response(" [1]")).is_list());
        assert!(!Body::of(&response("{}")).is_list());
    }
}
