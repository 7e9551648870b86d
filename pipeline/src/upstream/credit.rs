//! What an answer says of what is left: in the headers that most platforms use, and in a number that the adapter names.

use serde::{Deserialize, Serialize};

use crate::contract::{Manifest, Response};
use crate::limits::{CREDIT_BYTES_MAX, RETRY_AFTER_MS_MAX};
use crate::time::Time;

/// The name under which a manifest's `extra` says which number at the top of an answer's JSON is the credit left.
pub const CREDIT_FIELD: &str = "credit-field";

/// How the headers begin that say how many calls are left and when there are more.
const FAMILIES: [&str; 3] = ["ratelimit", "x-ratelimit", "x-rate-limit"];

/// Seconds since 1970 are more than this, and seconds from now are less.
const LONG_S: u64 = 1_000_000_000;

/// What is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credit {
    /// Credit with the platform's provider, in its own unit.
    pub credit: Option<u64>,
    /// Calls that the platform still allows in its present window.
    pub calls: Option<u64>,
    /// Until when it allows none, where it said so.
    pub none_until: Option<Time>,
}

impl Credit {
    /// Reads an answer. What can't be read says nothing.
    #[must_use]
    pub fn read(manifest: &Manifest, response: &Response, now: Time) -> Credit {
        let header = |family: &str, name: &str| {
            let wanted = format!("{family}-{name}");
            response.headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.trim())
        };
        let limited = FAMILIES.iter().find_map(|family| {
            let calls: u64 = header(family, "remaining")?.parse().ok()?;
            Some((calls, header(family, "reset").and_then(|reset| time(reset, now))))
        });
        let none_until = limited.filter(|(calls, _)| *calls == 0).and_then(|(_, reset)| reset).filter(|reset| *reset > now);
        let field = manifest.extra.iter().find(|(name, _)| name == CREDIT_FIELD).map(|(_, field)| field.as_str());
        Credit {
            credit: field.and_then(|field| number(&response.body, field)),
            calls: limited.map(|(calls, _)| calls),
            none_until: none_until.map(|until| until.min(now.plus(RETRY_AFTER_MS_MAX))),
        }
    }

    /// This, and what was known before where it says nothing.
    #[must_use]
    pub fn or(self, before: Credit) -> Credit {
        Credit {
            credit: self.credit.or(before.credit),
            calls: self.calls.or(before.calls),
            none_until: self.none_until.max(before.none_until),
        }
    }
}

/// When a window ends: in seconds since 1970 or from now, or as RFC 3339 writes it.
fn time(text: &str, now: Time) -> Option<Time> {
    match text.parse::<u64>() {
        Ok(seconds) if seconds >= LONG_S => Some(Time(seconds.saturating_mul(1_000))),
        Ok(seconds) => Some(now.plus(seconds.saturating_mul(1_000))),
        Err(_) => text.parse::<jiff::Timestamp>().ok().and_then(|time| u64::try_from(time.as_millisecond()).ok()).map(Time),
    }
}

/// A whole number of that name near the beginning of a JSON object. The whole answer is not parsed for it: it may have
/// megabytes, and the number is for operators to read.
fn number(body: &[u8], field: &str) -> Option<u64> {
    let head = String::from_utf8_lossy(&body[..body.len().min(CREDIT_BYTES_MAX)]);
    let name = format!("\"{field}\"");
    let mut places = head.match_indices(&name);
    places.find_map(|(at, _)| {
        // Within a text, quotation marks stand behind a backslash, and other names end otherwise.
        let begins = head[..at].trim_end().ends_with(['{', ',']);
        let value = head[at + name.len()..].trim_start().strip_prefix(':').filter(|_| begins)?.trim_start();
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        // A number at the very end may have been cut.
        let is_whole = value[digits.len()..].trim_start().starts_with([',', '}']);
        digits.parse().ok().filter(|_| is_whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Enrichment, Hints, Pair};

    /// 2026-09-01T00:00:00Z.
    const NOW: Time = Time(1_788_220_800_000);

    fn read(headers: &[(&str, &str)], body: &str) -> Credit {
        let manifest = Manifest {
            platform: "sample".into(),
            label: "Sample".into(),
            version: "1.0.0".into(),
            origins: vec![],
            enrichment: Enrichment::None,
            hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: None },
            reports_views: false,
            settings: vec![],
            extra: vec![(CREDIT_FIELD.into(), "left".into())],
        };
        let headers: Vec<Pair> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Credit::read(&manifest, &Response { status: 200, headers, body: body.into() }, NOW)
    }

    #[test]
    fn a_window_that_is_used_up_rests_until_it_ends_however_that_is_written() {
        for reset in ["1788220830", "30", "2026-09-01T00:00:30.000000Z"] {
            for family in ["x-ratelimit", "ratelimit", "x-rate-limit"] {
                let (remaining, name) = (format!("{family}-remaining"), format!("{family}-reset"));
                assert_eq!(read(&[(&remaining, "0"), (&name, reset)], "").none_until, Some(NOW.plus(30_000)), "{name}: {reset}");
                assert_eq!(read(&[(&remaining, "1"), (&name, reset)], "").none_until, None);
            }
        }
    }

    #[test]
    fn an_absurd_end_is_not_believed_and_one_that_is_over_holds_nobody_up() {
        let none_until = |reset| read(&[("ratelimit-remaining", "0"), ("ratelimit-reset", reset)], "").none_until;
        assert_eq!(none_until("9999999999999"), Some(NOW.plus(RETRY_AFTER_MS_MAX)));
        assert_eq!(none_until("1788220799"), None);
        assert_eq!(none_until("0"), None);
        assert_eq!(none_until("soon"), None);
    }

    #[test]
    fn credit_is_the_number_that_the_adapter_names() {
        assert_eq!(read(&[], r#"{"success":true,"left":49997308061,"users":[]}"#).credit, Some(49_997_308_061));
        assert_eq!(read(&[], r#"{ "left" : 0 }"#).credit, Some(0));
    }

    #[test]
    fn what_is_no_such_number_is_none() {
        for body in [
            "",
            "{",
            r#"{"left":"7"}"#,
            r#"{"left":-7}"#,
            r#"{"left":1.5}"#,
            r#"{"bio":"\"left\":7,"}"#,
            r#"{"x_left":7}"#,
            r#"{"left":99999999999999999999999}"#,
            "{\"left\":1",
        ] {
            assert_eq!(read(&[], body).credit, None, "{body}");
        }
    }

    #[test]
    fn only_the_beginning_of_an_answer_is_looked_through() {
        let body = |blanks: usize| format!("{{{}\"left\":7}}", " ".repeat(blanks));
        let around = body(0).len();
        assert_eq!(read(&[], &body(CREDIT_BYTES_MAX - around)).credit, Some(7));
        assert_eq!(read(&[], &body(CREDIT_BYTES_MAX - around + 1)).credit, None);
    }
}
