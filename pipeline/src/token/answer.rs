//! What a token endpoint answers (RFC 6749, sections 5.1 and 5.2).

use jiff::{Timestamp, fmt::rfc2822::DateTimeParser};
use serde_json::{Map, Value};

use super::Token;
use crate::contract::{Fault, Response};
use crate::limits::{TOKEN_BYTES_MAX, TOKEN_LIFE_MS_DEFAULT, TOKEN_LIFE_MS_MAX, TOKEN_MARGIN_MS};
use crate::time::Time;

/// The errors that the standard names. Nothing else of an endpoint's own words is repeated.
const NAMED_ERRORS: [&str; 6] =
    ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"];

impl Token {
    /// Reads the answer to an exchange that began at `asked_at`.
    ///
    /// # Errors
    /// [`Fault::Unauthorized`] when id and secret are refused, [`Fault::RateLimited`] and [`Fault::Unavailable`] when it
    /// is not now, [`Fault::Malformed`] when the answer is none. No text repeats anything that the answer says freely.
    pub fn read(response: &Response, asked_at: Time) -> Result<Token, Fault> {
        if !(200..300).contains(&response.status) {
            return Err(refusal(response));
        }
        let answer = object(&response.body).ok_or_else(|| malformed("is no JSON object"))?;
        let value = answer.get("access_token").and_then(Value::as_str).ok_or_else(|| malformed("has no access_token"))?;
        if !is_usable(value) {
            return Err(malformed("has an access_token that no header can carry"));
        }
        if !is_bearer(answer.get("token_type")) {
            return Err(Fault::Unsupported("the token endpoint gives tokens that are sent in another way than as a bearer".into()));
        }
        let life = life_ms(answer.get("expires_in")).ok_or_else(|| malformed("has an expires_in that is no time to come"))?;
        Ok(Token { value: value.to_owned(), until: asked_at.plus(used_ms(life)) })
    }
}

fn malformed(what: &str) -> Fault {
    Fault::Malformed(format!("the token endpoint's answer {what}"))
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

/// Whether it is the one or more visible characters that a bearer token is made of, and not too many of them.
fn is_usable(token: &str) -> bool {
    (1..=TOKEN_BYTES_MAX).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a token of this type is sent as a bearer. The case makes no difference, and silence means that it is.
fn is_bearer(token_type: Option<&Value>) -> bool {
    match token_type {
        None | Some(Value::Null) => true,
        Some(Value::String(name)) => name.eq_ignore_ascii_case("bearer"),
        Some(_) => false,
    }
}

/// How long the token lives, in milliseconds; `None` when what is said is no number of seconds to come.
fn life_ms(expires_in: Option<&Value>) -> Option<u64> {
    let seconds = match expires_in {
        None | Some(Value::Null) => return Some(TOKEN_LIFE_MS_DEFAULT),
        Some(Value::String(digits)) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().unwrap_or(u64::MAX)
        }
        // Of a fraction the whole seconds count, and a number too large for any type is the largest.
        Some(Value::Number(number)) => number.as_u64().or_else(|| number.as_f64().map(|seconds| seconds as u64))?,
        Some(_) => return None,
    };
    (seconds > 0).then(|| seconds.saturating_mul(1_000).min(TOKEN_LIFE_MS_MAX))
}

/// How much of its life a token is used, in milliseconds: all but the margin, and half of a life that is short.
fn used_ms(life: u64) -> u64 {
    life - TOKEN_MARGIN_MS.min(life / 2)
}

/// Why there is no token.
fn refusal(response: &Response) -> Fault {
    let status = response.status;
    match status {
        429 => Fault::RateLimited(retry_after(response)),
        408 | 425 | 500.. => Fault::Unavailable(format!("the token endpoint answers HTTP {status}")),
        400 | 401 | 403 => {
            Fault::Unauthorized(format!("the token endpoint refuses the id or the secret: HTTP {status}{}", named(response)))
        }
        _ => Fault::Malformed(format!("the token endpoint answers HTTP {status}")),
    }
}

/// The standard's name of the error, behind a blank.
fn named(response: &Response) -> String {
    let answer = object(&response.body).unwrap_or_default();
    let error = answer.get("error").and_then(Value::as_str).filter(|error| NAMED_ERRORS.contains(error));
    error.map(|error| format!(" {error}")).unwrap_or_default()
}

/// The seconds to wait, where the answer says so, in seconds or by a date, which counts from the answer's own.
fn retry_after(response: &Response) -> Option<u32> {
    let header = |wanted: &str| response.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
    let date = |wanted: &str| DateTimeParser::new().parse_timestamp(header(wanted)?).ok().map(Timestamp::as_second);
    let seconds = || u32::try_from(date("retry-after")? - date("date")?).ok();
    header("retry-after")?.parse().ok().or_else(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Time = Time(1_000_000);

    fn read_with(status: u16, body: &str) -> Result<Token, Fault> {
        Token::read(&Response { status, headers: vec![], body: body.into() }, ASKED)
    }

    fn until(expires_in: &str) -> Result<u64, Fault> {
        let body = format!(r#"{{"access_token":"t0k3n","expires_in":{expires_in},"token_type":"bearer"}}"#);
        read_with(200, &body).map(|token| token.until.since(ASKED))
    }

    fn typed(token_type: &str) -> Result<Token, Fault> {
        read_with(200, &format!(r#"{{"access_token":"t0k3n","token_type":{token_type}}}"#))
    }

    fn is_malformed(read: Result<Token, Fault>) -> bool {
        matches!(read, Err(Fault::Malformed(_)))
    }

    #[test]
    fn a_token_is_used_for_all_of_its_life_but_the_margin() {
        let token = read_with(200, r#"{"access_token":"t0k3n","expires_in":3600,"token_type":"bearer"}"#).unwrap();
        let end = ASKED.plus(3_600_000 - TOKEN_MARGIN_MS);
        assert_eq!((token.value(), token.until), ("t0k3n", end));
        assert!(token.lasts(Time(end.0 - 1)) && !token.lasts(end));
    }

    #[test]
    fn a_token_of_a_short_life_is_used_for_half_of_it() {
        assert_eq!(until("120"), Ok(60_000));
        assert_eq!(until("119"), Ok(59_500));
        assert_eq!(until("121"), Ok(61_000));
        assert_eq!(until("1"), Ok(500));
    }

    #[test]
    fn a_token_that_does_not_say_how_long_it_lives_is_used_for_a_short_time() {
        let short = TOKEN_LIFE_MS_DEFAULT - TOKEN_MARGIN_MS;
        assert_eq!(until("null"), Ok(short));
        assert_eq!(read_with(200, r#"{"access_token":"t0k3n"}"#).map(|token| token.until), Ok(ASKED.plus(short)));
    }

    #[test]
    fn no_token_is_used_for_longer_than_a_day() {
        let day = TOKEN_LIFE_MS_MAX / 1_000;
        let longest = TOKEN_LIFE_MS_MAX - TOKEN_MARGIN_MS;
        assert_eq!(until(&(day - 1).to_string()), Ok(longest - 1_000));
        for huge in [day.to_string(), (day + 1).to_string(), u64::MAX.to_string(), "1e300".into(), format!("\"{}\"", "9".repeat(99))] {
            assert_eq!(until(&huge), Ok(longest), "{huge}");
        }
    }

    #[test]
    fn a_life_may_be_a_fraction_or_digits_in_a_text() {
        assert_eq!(until("3600.9"), until("3600"));
        assert_eq!(until("\"3600\""), until("3600"));
    }

    #[test]
    fn a_life_that_is_over_or_no_number_is_malformed() {
        for wrong in ["0", "-1", "-9e99", "0.5", "\"\"", "\"soon\"", "\"-5\"", "true", "[]", "{}"] {
            assert!(matches!(until(wrong), Err(Fault::Malformed(_))), "{wrong}");
        }
    }

    #[test]
    fn a_token_is_a_bearer_in_any_case_and_when_nothing_is_said() {
        for bearer in ["\"bearer\"", "\"Bearer\"", "\"BEARER\"", "null"] {
            assert!(typed(bearer).is_ok(), "{bearer}");
        }
        for other in ["\"mac\"", "\"DPoP\"", "\"\"", "\"bearer \"", "7", "[\"bearer\"]"] {
            assert!(matches!(typed(other), Err(Fault::Unsupported(_))), "{other}");
        }
    }

    #[test]
    fn an_answer_without_a_token_is_malformed() {
        for body in [
            "",
            "null",
            "[]",
            "\"t0k3n\"",
            "{}",
            "<html><title>Sign in</title></html>",
            r#"{"access_token":null}"#,
            r#"{"access_token":7}"#,
            r#"{"access_token":["t"]}"#,
            r#"{"access_token":""}"#,
            r#"{"access_token":"a b"}"#,
            r#"{"access_token":"a\r\nhost: evil.test"}"#,
            r#"{"access_token":"é"}"#,
            r#"{"access_token":"cut"#,
        ] {
            assert!(is_malformed(read_with(200, body)), "{body}");
        }
        assert!(is_malformed(Token::read(&Response { status: 200, headers: vec![], body: vec![0xff; 9] }, ASKED)));
    }

    #[test]
    fn the_length_of_a_token_ends_at_its_limit() {
        let long = |bytes: usize| read_with(200, &format!(r#"{{"access_token":"{}"}}"#, "a".repeat(bytes)));
        assert_eq!(long(TOKEN_BYTES_MAX).unwrap().value().len(), TOKEN_BYTES_MAX);
        assert!(is_malformed(long(TOKEN_BYTES_MAX + 1)));
    }

    #[test]
    fn refused_credentials_are_told_from_a_bad_moment_and_a_wrong_place() {
        for status in [400, 401, 403] {
            assert!(matches!(read_with(status, ""), Err(Fault::Unauthorized(_))), "{status}");
        }
        for status in [408, 425, 500, 502, 503, 599] {
            assert!(matches!(read_with(status, "<html>"), Err(Fault::Unavailable(_))), "{status}");
        }
        for status in [302, 404, 410, 418] {
            assert!(is_malformed(read_with(status, r#"{"access_token":"t0k3n"}"#)), "{status}");
        }
    }

    #[test]
    fn a_wait_is_taken_over_where_it_is_a_number_of_seconds_or_a_date_to_come() {
        let limited = |value: &str| {
            let date = ("date".to_owned(), "Tue, 07 Jan 2025 18:23:09 GMT".to_owned());
            let headers = vec![("retry-after".to_owned(), value.to_owned()), date];
            Token::read(&Response { status: 429, headers, body: vec![] }, ASKED)
        };
        assert_eq!(limited("7"), Err(Fault::RateLimited(Some(7))));
        assert_eq!(limited("-7"), Err(Fault::RateLimited(None)));
        assert_eq!(limited("soon"), Err(Fault::RateLimited(None)));
        assert_eq!(limited("Tue, 07 Jan 2025 18:24:09 GMT"), Err(Fault::RateLimited(Some(60))));
        assert_eq!(limited("Tue, 07 Jan 2025 18:22:09 GMT"), Err(Fault::RateLimited(None)));
    }

    #[test]
    fn of_a_refusal_only_the_name_that_the_standard_gives_is_repeated() {
        let text = |body: &str| read_with(400, body).unwrap_err().to_string();
        assert!(text(r#"{"error":"invalid_client","error_description":"s3cret is wrong"}"#).ends_with("HTTP 400 invalid_client"));
        for body in [r#"{"error":"s3cret"}"#, r#"{"message":"s3cret is wrong","status":400}"#, "s3cret", "<html>s3cret"] {
            assert!(text(body).ends_with("HTTP 400"), "{body}");
        }
    }

    #[test]
    fn nothing_that_is_printed_holds_the_token() {
        let token = read_with(200, r#"{"access_token":"t0k3n"}"#).unwrap();
        assert!(!format!("{token:?}").contains("t0k3n"));
    }
}
