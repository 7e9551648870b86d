//! Bodies as they might arrive on a bad day, always the same ones.

use serde_json::{Value, json};

use super::draw::Draw;

/// Stands for JSON that can't be a [`Value`], and is written in its place.
const DEEP: &str = "deep-deep-deep";

/// A number below zero that no fixture has, so that it is known again wherever it comes out.
pub(super) const NEGATIVE: i64 = -765_432_179;

/// Rows of a list that are spoiled; later ones are read by the same code.
const ROWS: usize = 2;

/// A body cut off at every `step` bytes, and with a byte that is no UTF-8 or ends a text early at every `step` bytes.
/// No reader may panic on any of them.
pub fn spoiled(body: &[u8], step: usize) -> impl Iterator<Item = Vec<u8>> {
    let replaced = |place: usize, byte: u8| {
        let mut copy = body.to_vec();
        copy[place] = byte;
        copy
    };
    (0..body.len()).step_by(step.max(1)).flat_map(move |place| [body[..place].to_vec(), replaced(place, 0xff), replaced(place, b'"')])
}

/// A JSON body with each of its fields missing, and with something else in its place, one at a time; nothing when
/// the body is no JSON.
pub(super) fn changed(body: &str) -> Vec<String> {
    let Ok(whole) = serde_json::from_str::<Value>(body) else { return Vec::new() };
    let mut places = Vec::new();
    collect(&whole, String::new(), &mut places);
    let without = places.iter().filter_map(|place| without(&whole, place));
    let replaced = places.iter().flat_map(|place| replaced(&whole, place));
    without.chain(replaced).collect()
}

/// Bodies that mean nothing: one byte again and again, brackets without end, and draws from a seed.
pub(super) fn meaningless() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = (0..=u8::MAX).flat_map(|byte| [vec![byte; 64], vec![b'{', byte, b'}']]).collect();
    bodies.extend(["[", "{\"a\":", "[{\"a\":", "\"", "-", "9", "\\u"].map(|opening| opening.repeat(20_000).into_bytes()));
    let mut draw = Draw::of(0x5EED);
    bodies.extend((0..1_000).map(|length| (0..length % 97).map(|_| draw.byte()).collect()));
    bodies.push(b"\xef\xbb\xbf".to_vec());
    bodies
}

/// The JSON with each of its names nested in itself, deeper than any reader may follow.
pub(super) fn nested(body: &str) -> Vec<String> {
    let mut names: Vec<&str> = body.split('"').skip(1).step_by(2).collect();
    names.sort_unstable();
    names.dedup();
    let ends = |name: &str| {
        let (objects, lists) = (format!("{{\"{name}\":"), format!("{{\"{name}\":["));
        [format!("{}1{}", objects.repeat(300), "}".repeat(300)), lists.repeat(300), objects.repeat(2_000)]
    };
    names.into_iter().filter(|name| !name.contains('\\')).flat_map(ends).collect()
}

/// Beginnings of one body with endings of another, as mixed buffers would give.
pub(super) fn spliced(bodies: &[&str]) -> Vec<Vec<u8>> {
    let mut draw = Draw::of(0x5EED);
    let mut splice = |one: &&str| {
        let other = bodies[draw.below(bodies.len())].as_bytes();
        let (end, start) = (draw.below(one.len() + 1), draw.below(other.len() + 1));
        [&one.as_bytes()[..end], &other[start..]].concat()
    };
    bodies.iter().flat_map(|one| std::iter::repeat_n(one, 64)).map(&mut splice).collect()
}

/// The paths of all values within a value, as JSON pointers.
fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                collect(member, format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")), places);
            }
        }
        Value::Array(rows) => {
            for (number, row) in rows.iter().take(ROWS).enumerate() {
                collect(row, format!("{place}/{number}"), places);
            }
        }
        _ => {}
    }
    places.push(place);
}

fn without(whole: &Value, place: &str) -> Option<String> {
    let (parent, name) = place.rsplit_once('/')?;
    let mut copy = whole.clone();
    match copy.pointer_mut(parent)? {
        Value::Object(members) => drop(members.remove(&name.replace("~1", "/").replace("~0", "~"))),
        Value::Array(rows) => drop(rows.remove(name.parse().ok()?)),
        _ => return None,
    }
    Some(copy.to_string())
}

fn replaced(whole: &Value, place: &str) -> Vec<String> {
    let Some(before) = whole.pointer(place) else { return Vec::new() };
    let mut copy = whole.clone();
    let mut written = Vec::new();
    for value in replacements(before) {
        if let Some(field) = copy.pointer_mut(place) {
            *field = value;
        }
        written.push(copy.to_string().replace(&format!("\"{DEEP}\""), &format!("{}{}", "[".repeat(400), "]".repeat(400))));
    }
    written
}

/// What may stand where another value stood: every type, every edge of a number, the value itself in other clothes.
fn replacements(before: &Value) -> Vec<Value> {
    let in_other_clothes = match before {
        Value::String(text) => text.parse::<u64>().map_or_else(|_| json!({ "text": text }), Value::from),
        other => Value::from(other.to_string()),
    };
    vec![
        in_other_clothes,
        json!([before]),
        Value::Null,
        json!(true),
        json!(0),
        json!(NEGATIVE),
        json!(NEGATIVE.to_string()),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1.4),
        json!(1.8e19),
        json!("99999999999999999999999999"),
        json!(""),
        json!(" \u{0} \u{202e}"),
        json!("\"<b>&amp;</b>\\ @#/?:"),
        json!("é".repeat(1_200)),
        json!([]),
        json!([[], {}, null, 1, "x"]),
        json!({}),
        json!({ "": null }),
        json!(DEEP),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_spoiled_in_three_ways_at_each_step() {
        let bodies: Vec<_> = spoiled(b"abc", 2).collect();
        assert_eq!(bodies, [&b""[..], b"\xffbc", b"\"bc", b"ab", b"ab\xff", b"ab\""]);
        assert_eq!(spoiled(b"", 1).count(), 0);
        assert_eq!(spoiled(b"ab", 0).count(), 6);
    }

    #[test]
    fn each_field_is_missing_once_and_replaced_by_every_type() {
        let bodies = changed(r#"{"a/b":{"c":[1]},"d":"2"}"#);
        for expected in [
            r#"{"d":"2"}"#,
            r#"{"a/b":{},"d":"2"}"#,
            r#"{"a/b":{"c":[]},"d":"2"}"#,
            r#"{"a/b":{"c":[1]}}"#,
            r#"{"a/b":{"c":[1]},"d":2}"#,
            r#"{"a/b":{"c":["1"]},"d":"2"}"#,
            r#"{"a/b":{"c":[-765432179]},"d":"2"}"#,
            r#"{"a/b":{"c":null},"d":"2"}"#,
            "null",
        ] {
            assert!(bodies.iter().any(|body| body == expected), "{expected}");
        }
        assert!(bodies.iter().any(|body| body.starts_with(r#"{"a/b":[[["#)), "deep nesting is written as it is");
        assert_eq!(bodies.len(), 4 + 5 * replacements(&Value::Null).len());
    }

    #[test]
    fn a_body_that_is_no_json_has_no_fields() {
        assert!(changed("<html>").is_empty());
    }

    #[test]
    fn each_name_is_nested_in_itself() {
        let bodies = nested(r#"{"rows":[{"id":1}],"id":2}"#);
        assert_eq!(bodies.len(), 2 * 3);
        assert!(bodies.iter().any(|body| body.starts_with(r#"{"rows":{"rows":"#)));
    }

    #[test]
    fn what_is_drawn_is_the_same_every_time() {
        assert_eq!(meaningless(), meaningless());
        assert_eq!(spliced(&["abc", "{}"]), spliced(&["abc", "{}"]));
        assert_eq!(spliced(&["abc", "{}"]).len(), 128);
    }
}
