//! From HTTP status to fault.
//!
//! [`check`] is the first line of a reader. The defaults hold for most platforms; an adapter whose platform means
//! something else by a status looks at it before, and uses [`message`], [`retry_after`] and [`describe`] for that.

use serde::Deserialize;

use crate::contract::{Fault, Response};
use crate::counts::Count;
use crate::json::{Body, List, Object, part};
use crate::text::Text;
use crate::{markup, times};

/// The longest message that is passed on, in characters; enough for a sentence or two.
const MESSAGE_CHARS_MAX: usize = 200;

/// Numbers below this are seconds to wait, larger ones a moment in seconds since 1970.
const MOMENT_MIN: u64 = 100_000_000;

/// Lets an answer pass whose status is 200 to 299.
///
/// # Errors
/// The fault that [`fault`] makes of any other status.
pub fn check(response: &Response) -> Result<(), Fault> {
    if response.is_success() { Ok(()) } else { Err(fault(response)) }
}

/// What a status usually means. A success is not expected here; it comes out as [`Fault::Other`].
pub fn fault(response: &Response) -> Fault {
    match response.status {
        429 => Fault::RateLimited(retry_after(response)),
        401 | 407 => Fault::Unauthorized(describe(response)),
        402 => Fault::OutOfCredit(describe(response)),
        403 | 451 => Fault::Blocked(describe(response)),
        404 | 410 => Fault::NotFound,
        408 | 425 | 500..=599 => Fault::Unavailable(describe(response)),
        _ => Fault::Other(describe(response)),
    }
}

/// The fault of an answer without its payload that says why in the usual places although HTTP says that all is well; `None`
/// where it says nothing, which is a changed shape.
pub fn told(response: &Response) -> Option<Fault> {
    let is_object = Body::of(response).text().trim_start().starts_with('{');
    (is_object && message(response).is_some()).then(|| Fault::Other(describe(response)))
}

/// The answer with the status that its body tells, if that is one of a refusal: some say there what HTTP should have said.
pub fn as_told(response: &Response, status: Count) -> Option<Response> {
    let status = status.get().and_then(|status| u16::try_from(status).ok()).filter(|status| (400..600).contains(status))?;
    Some(Response { status, ..response.clone() })
}

/// Status and message in one line, such as `HTTP 402: You are out of credits`.
pub fn describe(response: &Response) -> String {
    match message(response) {
        Some(message) => format!("HTTP {}: {message}", response.status),
        None => format!("HTTP {}", response.status),
    }
}

/// What the body says of itself in one line: the message of a JSON object, a bare JSON string, the title of an
/// HTML page, or the text as it is. Any body is read; a blank one has no message.
pub fn message(response: &Response) -> Option<String> {
    let body = Body::of(response);
    let text = body.text().trim();
    let message = match text.bytes().next()? {
        b'{' => body.read::<Complaint<'_>>().ok()?.text()?,
        b'"' => body.parse::<Text<'_>>().ok()?.owned()?,
        b'[' => return None,
        _ => return Some(summary(text)).filter(|summary| !summary.is_empty()),
    };
    // Messages of JSON APIs may hold markup, too.
    Some(one_line(&markup::to_text(&message))).filter(|message| !message.is_empty())
}

/// How many seconds the platform asks to wait, where it says so: `retry-after` as seconds or as a date, or one of the
/// rate limit headers as seconds, as a moment in seconds since 1970 or as a time. A moment is compared with the
/// answer's own `date`, since an adapter has no clock; without one it says nothing.
pub fn retry_after(response: &Response) -> Option<u32> {
    let names = ["retry-after", "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"];
    names.iter().find_map(|name| seconds_until(response, response.header(name)?))
}

/// The first line of text or the title of an HTML page, short enough to be shown.
pub(crate) fn summary(text: &str) -> String {
    if !text.starts_with('<') {
        return one_line(text);
    }
    one_line(&markup::to_text(title(text).unwrap_or(text)))
}

fn seconds_until(response: &Response, value: &str) -> Option<u32> {
    let value = value.trim();
    let moment = match value.parse::<u64>() {
        Ok(seconds) if seconds < MOMENT_MIN => return u32::try_from(seconds).ok(),
        _ => times::of_text(value).seconds()?,
    };
    let now = times::of_text(response.header("date")?).seconds()?;
    // A moment that has come leaves nothing to wait for.
    u32::try_from(moment.saturating_sub(now).max(0)).ok()
}

/// The places where JSON APIs put their message.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Complaint<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    error_description: Text<'a>,
    #[serde(borrow, rename = "errorMessage")]
    error_message: Text<'a>,
    #[serde(borrow)]
    detail: Text<'a>,
    #[serde(borrow)]
    error: ErrorField<'a>,
    #[serde(borrow)]
    errors: List<Nested<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Nested<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    detail: Text<'a>,
    #[serde(borrow)]
    msg: Text<'a>,
}

/// `error` is text on one platform and an object on the next.
#[derive(Default)]
struct ErrorField<'a> {
    text: Text<'a>,
    nested: Object<Nested<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for ErrorField<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de serde_json::value::RawValue>::deserialize(deserializer)?.get();
        Ok(Self { text: part(raw).unwrap_or_default(), nested: part(raw).unwrap_or_default() })
    }
}

impl Complaint<'_> {
    fn text(&self) -> Option<String> {
        let nested = self.error.nested.get();
        let first = self.errors.rows().first();
        let places = [
            Some(&self.message),
            nested.map(|nested| &nested.message),
            Some(&self.error_description),
            Some(&self.error_message),
            Some(&self.detail),
            Some(&self.error.text),
            first.map(|first| &first.message),
            first.map(|first| &first.detail),
            first.map(|first| &first.msg),
        ];
        places.into_iter().flatten().find_map(Text::owned)
    }
}

/// The content of an HTML page's title, or of its first heading or preformatted text.
fn title(html: &str) -> Option<&str> {
    // Cloudflare, nginx and Express say what happened in one of these, the last in `pre` under a title "Error".
    ["pre", "title", "h1"].into_iter().find_map(|name| {
        let start = find_ignoring_case(html, &format!("<{name}>"))? + name.len() + 2;
        let end = find_ignoring_case(&html[start..], &format!("</{name}"))?;
        Some(&html[start..start + end]).filter(|text| !text.trim().is_empty())
    })
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// One line without control characters, cut to a length that can be shown.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control()).filter(|word| !word.is_empty());
    for (place, word) in words.enumerate() {
        if place > 0 {
            line.push(' ');
        }
        line.push_str(word);
        // Bytes are never fewer than characters, so this is enough to cut from.
        if line.len() > MESSAGE_CHARS_MAX * 4 {
            break;
        }
    }
    match line.char_indices().nth(MESSAGE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    fn limited(headers: &[(&str, &str)]) -> Option<u32> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        retry_after(&Response { status: 429, headers, body: Vec::new() })
    }

    #[test]
    fn a_success_passes() {
        assert_eq!(check(&response(200, "")), Ok(()));
        assert_eq!(check(&response(204, "")), Ok(()));
    }

    #[test]
    fn each_status_has_its_fault() {
        let text = |status: u16| format!("HTTP {status}");
        for (status, fault) in [
            (401, Fault::Unauthorized(text(401))),
            (402, Fault::OutOfCredit(text(402))),
            (403, Fault::Blocked(text(403))),
            (404, Fault::NotFound),
            (410, Fault::NotFound),
            (429, Fault::RateLimited(None)),
            (408, Fault::Unavailable(text(408))),
            (500, Fault::Unavailable(text(500))),
            (503, Fault::Unavailable(text(503))),
            (599, Fault::Unavailable(text(599))),
            (400, Fault::Other(text(400))),
            (302, Fault::Other(text(302))),
            (100, Fault::Other(text(100))),
        ] {
            assert_eq!(check(&response(status, "")), Err(fault), "{status}");
        }
    }

    #[test]
    fn the_message_is_found_wherever_the_api_puts_it() {
        for (body, expected) in [
            (r#"{"success":false,"message":"No credits"}"#, Some("No credits")),
            (r#"{"error":"Record not found"}"#, Some("Record not found")),
            (r#"{"error":"invalid_grant","error_description":"It expired"}"#, Some("It expired")),
            (r#"{"error":{"code":403,"message":"The <a href=\"x\">quota</a> is used up"}}"#, Some("The quota is used up")),
            (r#"{"errors":[{"message":"Bad field"}]}"#, Some("Bad field")),
            (r#"{"errorMessage":"Invalid value"}"#, Some("Invalid value")),
            (r#"{"detail":"Not allowed"}"#, Some("Not allowed")),
            (r#"{"errors":[{"msg":"Should be sorted","param":"sort"}]}"#, Some("Should be sorted")),
            (r#"{"description":"A bio"}"#, None),
            (r#""bare string""#, Some("bare string")),
            ("plain text\nwith lines", Some("plain text with lines")),
            ("<html><head><title>502 Bad Gateway</title></head></html>", Some("502 Bad Gateway")),
            ("<!DOCTYPE html><title>Error</title><pre>Cannot GET /x</pre>", Some("Cannot GET /x")),
            ("<p>No title</p>", Some("No title")),
            ("", None),
            ("  ", None),
            ("{}", None),
            ("[]", None),
            ("{cut", None),
            (r#"{"message":7.5,"error":null}"#, None),
        ] {
            assert_eq!(message(&response(400, body)).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn an_answer_without_a_payload_may_say_why() {
        assert_eq!(told(&response(200, r#" {"error":"Later"}"#)), Some(Fault::Other("HTTP 200: Later".into())));
        for silent in ["{}", r#"{"data":[]}"#, "<title>Just a moment</title>", "[]", ""] {
            assert_eq!(told(&response(200, silent)), None, "{silent}");
        }
    }

    #[test]
    fn a_status_told_in_the_body_counts_from_400_to_599() {
        let count = |number: u64| serde_json::from_str(&number.to_string()).expect("it is a count");
        let told = |status| as_told(&response(200, "x"), count(status)).map(|told| (told.status, told.body));
        assert_eq!([0, 200, 399, 600, 65_936].map(told), [const { None }; 5]);
        assert_eq!([400, 599].map(told), [Some((400, b"x".to_vec())), Some((599, b"x".to_vec()))]);
    }

    #[test]
    fn a_message_is_cut_to_a_length_that_can_be_shown() {
        let line = |length: usize| message(&response(400, &"é".repeat(length))).map(|text| text.chars().count());
        assert_eq!(line(200), Some(200));
        assert_eq!(line(201), Some(201), "200 and an ellipsis");
        assert_eq!(line(100_000), Some(201));
    }

    #[test]
    fn a_message_has_no_control_characters() {
        assert_eq!(message(&response(400, "red \u{1b}[31m\0alert")).as_deref(), Some("red [31m alert"));
    }

    #[test]
    fn a_body_that_is_no_utf_8_still_has_a_message() {
        let body = Response { status: 500, headers: Vec::new(), body: b"caf\xe9".to_vec() };
        assert_eq!(message(&body).as_deref(), Some("caf\u{fffd}"));
    }

    #[test]
    fn retry_after_is_read_in_seconds() {
        assert_eq!(limited(&[("retry-after", "30")]), Some(30));
        assert_eq!(limited(&[("Retry-After", " 0 ")]), Some(0));
    }

    #[test]
    fn a_moment_is_compared_with_the_answer_s_own_date() {
        let date = ("date", "Tue, 07 Jan 2025 18:23:09 GMT");
        assert_eq!(limited(&[("retry-after", "Tue, 07 Jan 2025 18:24:09 GMT"), date]), Some(60));
        assert_eq!(limited(&[("ratelimit-reset", "1736274249"), date]), Some(60));
        assert_eq!(limited(&[("x-ratelimit-reset", "2025-01-07T18:23:10.5Z"), date]), Some(1));
        assert_eq!(limited(&[("ratelimit-reset", "1736274100"), date]), Some(0));
    }

    #[test]
    fn a_moment_without_a_date_says_nothing() {
        assert_eq!(limited(&[("ratelimit-reset", "1736274249")]), None);
        assert_eq!(limited(&[("retry-after", "Tue, 07 Jan 2025 18:24:09 GMT")]), None);
    }

    #[test]
    fn a_number_is_seconds_or_a_moment_by_its_size() {
        let date = ("date", "Sat, 03 Mar 1973 09:46:30 GMT");
        assert_eq!(limited(&[("ratelimit-reset", "99999999"), date]), Some(99_999_999));
        assert_eq!(limited(&[("ratelimit-reset", "100000000"), date]), Some(10));
    }

    #[test]
    fn a_header_that_says_nothing_leaves_it_to_the_next() {
        assert_eq!(limited(&[("retry-after", "soon"), ("ratelimit-reset", "7")]), Some(7));
        assert_eq!(limited(&[("retry-after", "-5")]), None);
        assert_eq!(limited(&[]), None);
    }
}
