//! Who may come in, as an operator set it. It is all or nothing: a deployment in which nobody could sign in, or in which
//! tokens would be checked by half, serves nobody.

use std::fmt;

use scout_pipeline::auth::{Expected, Keys};
use scout_pipeline::limits::{JWT_SECRET_BYTES_MIN, OPERATOR_TOKEN_CHARS_MIN, TOLERANCE_S_DEFAULT, TOLERANCE_S_MAX};
use worker::Url;

use super::Variables;

/// Who may come in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Access {
    /// Whether this is one's own machine, where the token `local` is an account.
    pub(crate) local: bool,
    /// Whose tokens are accepted besides API keys; on one's own machine there need not be one.
    pub(crate) issuer: Option<Issuer>,
    /// The operator's token; without one there is no operator.
    pub(crate) operator: Option<Hidden>,
}

/// Who makes tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issuer {
    /// By what their signatures are checked.
    pub(crate) keys: Source,
    /// What they have to say.
    pub(crate) expected: Expected,
}

/// Where keys come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A secret that is shared with the issuer.
    Secret(Hidden),
    /// The URL of the issuer's public keys.
    Url(Hidden),
}

/// A text that is not printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hidden(String);

impl Hidden {
    /// The text.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// The same as a key that signs tokens.
    pub(crate) fn keys(&self) -> Keys {
        Keys::of_secret(self.0.as_bytes())
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Hidden")
    }
}

const NOBODY: &str = "nobody could sign in: set SCOUT_JWKS_URL or the secret SCOUT_JWT_SECRET, with SCOUT_JWT_ISSUER and SCOUT_JWT_AUDIENCE; \
                      on your own machine set SCOUT_ENV to \"local\" instead";

/// Reads all that says who may come in; what is wrong is added to `missing`.
pub(super) fn read(variables: Variables<'_>, missing: &mut Vec<String>) -> Access {
    // Files and terminals add line breaks, and an empty value is the same as none.
    let given = |name: &str| variables(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let local = variables("SCOUT_ENV").as_deref() == Some("local");
    let operator = given("SCOUT_OPERATOR_TOKEN");
    if operator.as_ref().is_some_and(|token| !is_token(token)) {
        missing.push(format!("SCOUT_OPERATOR_TOKEN must have at least {OPERATOR_TOKEN_CHARS_MIN} characters, all of them visible ASCII"));
    }
    let issuer = match (given("SCOUT_JWKS_URL"), given("SCOUT_JWT_SECRET")) {
        (None, None) => {
            if !local {
                missing.push(NOBODY.to_owned());
            }
            None
        }
        (Some(_), Some(_)) => {
            missing.push("SCOUT_JWKS_URL and SCOUT_JWT_SECRET are both set, and tokens are signed in one way: keep one of them".to_owned());
            None
        }
        (Some(url), None) => key_url(url, missing).and_then(|keys| issuer(keys, &given, missing)),
        (None, Some(secret)) => key_secret(secret, missing).and_then(|keys| issuer(keys, &given, missing)),
    };
    Access { local, issuer, operator: operator.map(Hidden) }
}

fn issuer(keys: Source, given: &dyn Fn(&str) -> Option<String>, missing: &mut Vec<String>) -> Option<Issuer> {
    let mut needed = |name: &str, what: &str| {
        let value = given(name);
        if value.is_none() {
            missing.push(format!("{name} is not set; set it to {what}"));
        }
        value
    };
    let issuer = needed("SCOUT_JWT_ISSUER", "the \"iss\" of the tokens that are accepted");
    let audience = needed("SCOUT_JWT_AUDIENCE", "the \"aud\" of the tokens that are accepted");
    let tolerance_s = tolerance(given("SCOUT_JWT_TOLERANCE_S"), missing)?;
    Some(Issuer { keys, expected: Expected { issuer: issuer?, audience: audience?, tolerance_s } })
}

fn tolerance(text: Option<String>, missing: &mut Vec<String>) -> Option<u32> {
    let seconds = text.map_or(Ok(TOLERANCE_S_DEFAULT), |text| text.parse());
    let fits = seconds.ok().filter(|seconds| *seconds <= TOLERANCE_S_MAX);
    if fits.is_none() {
        missing.push(format!("SCOUT_JWT_TOLERANCE_S must be a whole number of seconds from 0 to {TOLERANCE_S_MAX}"));
    }
    fits
}

fn key_secret(secret: String, missing: &mut Vec<String>) -> Option<Source> {
    if secret.len() < JWT_SECRET_BYTES_MIN {
        missing.push(format!("SCOUT_JWT_SECRET has fewer than {JWT_SECRET_BYTES_MIN} bytes, which can be guessed; set a longer one"));
        return None;
    }
    Some(Source::Secret(Hidden(secret)))
}

/// Whoever can change what comes from there can be anybody, so it comes encrypted, or from this very machine.
fn key_url(text: String, missing: &mut Vec<String>) -> Option<Source> {
    let url = Url::parse(&text).ok().filter(|url| url.scheme() == "https" || url.scheme() == "http" && is_loopback(url));
    let url = url.filter(|url| url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
    if url.is_none() {
        missing
            .push("SCOUT_JWKS_URL must be an https URL without login and fragment; http only on 127.0.0.1, [::1] or localhost".to_owned());
    }
    url.map(|url| Source::Url(Hidden(url.into())))
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn is_token(text: &str) -> bool {
    text.len() >= OPERATOR_TOKEN_CHARS_MIN && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "canary-secret-of-32-bytes-exactly";
    const URL: (&str, &str) = ("SCOUT_JWKS_URL", "https://id.test/jwks.json");
    const ISSUER: (&str, &str) = ("SCOUT_JWT_ISSUER", "https://id.test/");
    const AUDIENCE: (&str, &str) = ("SCOUT_JWT_AUDIENCE", "scout");

    fn read(pairs: &[(&str, &str)]) -> Result<Access, Vec<String>> {
        let mut missing = Vec::new();
        let variables = |wanted: &str| pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned());
        let access = super::read(&variables, &mut missing);
        if missing.is_empty() { Ok(access) } else { Err(missing) }
    }

    fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        [&[ISSUER, AUDIENCE][..], more].concat()
    }

    /// What one wrong value is answered with.
    fn wrong(name: &str, value: &str) -> String {
        let missing = read(&with(&[URL, (name, value)])).unwrap_err();
        assert_eq!(missing.len(), 1, "{missing:?}");
        missing[0].clone()
    }

    #[test]
    fn one_s_own_machine_needs_nothing_else_and_every_other_one_does() {
        assert_eq!(read(&[("SCOUT_ENV", "local")]), Ok(Access { local: true, ..Access::default() }));
        for pairs in [&[][..], &[("SCOUT_ENV", "")], &[("SCOUT_ENV", "production")], &[("SCOUT_ENV", "Local")]] {
            assert_eq!(read(pairs), Err(vec![NOBODY.to_owned()]), "{pairs:?}");
        }
        assert!(!read(&with(&[URL])).unwrap().local);
    }

    #[test]
    fn keys_come_from_a_url_or_are_a_secret_and_never_both() {
        let issuer = |pairs: &[(&str, &str)]| read(&with(pairs)).unwrap().issuer.unwrap();
        assert_eq!(issuer(&[URL]).keys, Source::Url(Hidden("https://id.test/jwks.json".into())));
        assert_eq!(issuer(&[("SCOUT_JWT_SECRET", SECRET)]).keys, Source::Secret(Hidden(SECRET.into())));
        let both = read(&with(&[URL, ("SCOUT_JWT_SECRET", SECRET)])).unwrap_err();
        assert!(both[0].contains("SCOUT_JWKS_URL") && both[0].contains("SCOUT_JWT_SECRET"), "{both:?}");
        assert!(read(&with(&[URL, ("SCOUT_JWT_SECRET", " ")])).is_ok(), "an empty one is none");
    }

    #[test]
    fn a_secret_has_32_bytes_at_least() {
        let of = |bytes: usize| read(&with(&[("SCOUT_JWT_SECRET", &"x".repeat(bytes))]));
        assert!(of(32).is_ok());
        assert!(of(31).unwrap_err()[0].contains("SCOUT_JWT_SECRET"));
    }

    #[test]
    fn issuer_and_audience_must_be_set_with_the_keys() {
        let missing = read(&[URL]).unwrap_err();
        assert_eq!(missing.len(), 2);
        assert!(missing[0].contains("SCOUT_JWT_ISSUER") && missing[1].contains("SCOUT_JWT_AUDIENCE"), "{missing:?}");
    }

    #[test]
    fn clocks_may_differ_by_a_minute_unless_something_else_is_set() {
        let tolerance = |pairs: &[(&str, &str)]| read(&with(pairs)).unwrap().issuer.unwrap().expected.tolerance_s;
        assert_eq!(tolerance(&[URL]), 60);
        assert_eq!(tolerance(&[URL, ("SCOUT_JWT_TOLERANCE_S", "0")]), 0);
        assert_eq!(tolerance(&[URL, ("SCOUT_JWT_TOLERANCE_S", "300")]), 300);
        for text in ["301", "-1", "1.5", "a minute"] {
            assert!(wrong("SCOUT_JWT_TOLERANCE_S", text).contains("from 0 to 300"), "{text}");
        }
    }

    #[test]
    fn keys_are_fetched_over_https_or_from_this_machine() {
        let of = |url: &str| read(&with(&[("SCOUT_JWKS_URL", url)]));
        for url in ["https://id.test/keys?p=1", "http://127.0.0.1:8080/jwks", "http://[::1]/jwks", "http://localhost/jwks"] {
            assert!(of(url).is_ok(), "{url}");
        }
        for url in [
            "http://id.test/keys",
            "ftp://127.0.0.1/",
            "id.test",
            "https://ana:canary@id.test/",
            "http://127.0.0.1.id.test/",
            "https://id.test/#a",
        ] {
            let missing = of(url).unwrap_err();
            assert!(missing[0].contains("SCOUT_JWKS_URL") && !missing[0].contains("canary"), "{missing:?}");
        }
    }

    #[test]
    fn an_operator_s_token_has_32_visible_characters_at_least() {
        let token = |token: &str| read(&with(&[URL, ("SCOUT_OPERATOR_TOKEN", token)]));
        assert_eq!(token(&"x".repeat(32)).unwrap().operator.unwrap().reveal(), "x".repeat(32));
        for text in [&"x".repeat(31), &"x y".repeat(20), &"é".repeat(40)] {
            assert!(wrong("SCOUT_OPERATOR_TOKEN", text).contains("at least 32"), "{text}");
        }
        assert_eq!(token("").unwrap().operator, None);
    }

    #[test]
    fn nothing_that_is_printed_holds_a_secret() {
        let access = read(&with(&[("SCOUT_JWT_SECRET", SECRET), ("SCOUT_OPERATOR_TOKEN", &SECRET.repeat(2))])).unwrap();
        assert!(!format!("{access:?}").contains("canary"), "{access:?}");
    }
}
