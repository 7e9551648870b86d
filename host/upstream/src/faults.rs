//! What can go wrong with an answer, how often, and for which calls.

use std::str::FromStr;

use clap::ValueEnum;

use crate::draw::Draw;
use crate::rates::{self, Rate, RateError};

/// Something that goes wrong. Where several would, the first of this list does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum Fault {
    /// 429 with `Retry-After`
    RateLimited,
    /// 402: no credit is left
    OutOfCredit,
    /// 401: the credentials are not accepted
    Unauthorized,
    /// 403: the request is refused
    Blocked,
    /// 500, 502 or 503 with an HTML page
    Unavailable,
    /// 302 to another host, where visits are counted
    Redirect,
    /// no answer at all, until the client goes away
    Hang,
    /// 200 with an HTML page
    Html,
    /// 200 with another shape, a bare string, nothing, or bytes that are no text
    Malformed,
    /// 200 with the JSON cut off, and a `Content-Length` that agrees with it
    Truncated,
    /// 200 whose connection breaks in the middle of the body
    Disconnect,
    /// 200 whose body is right but comes after 200 MiB of white space
    Oversized,
    /// 200 whose body is right but takes as long as `--slow` says
    Slow,
}

impl Fault {
    /// The name on the command line, such as `rate-limited`.
    pub fn name(self) -> String {
        rates::name(&self)
    }
}

/// What a rule may be restricted to.
pub(crate) const SCOPES: [&str; 17] = [
    "bluesky",
    "mastodon",
    "peertube",
    "dailymotion",
    "github",
    "instagram",
    "podcastindex",
    "podcasts",
    "tiktok",
    "twitch",
    "youtube",
    "youtube-data",
    "search",
    "profiles",
    "credit",
    "token",
    "llm",
];

/// One rule as it is written on a command line: `[SCOPE:]KIND=RATE`, such as `unavailable=0.2` or
/// `profiles:unavailable=1`.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultRule {
    /// A platform or a kind of call; `None` is all of them.
    pub scope: Option<String>,
    /// What goes wrong.
    pub fault: Fault,
    /// How often.
    pub rate: Rate,
}

impl FaultRule {
    fn covers(&self, platform: &str, endpoint: &str) -> bool {
        self.scope.as_deref().is_none_or(|scope| scope == platform || scope == endpoint)
    }
}

impl FromStr for FaultRule {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let named = text.split('=').next().unwrap_or_default();
        let (scope, name) = match named.split_once(':') {
            Some((scope, name)) => (Some(scope.trim()), name.trim()),
            None => (None, named.trim()),
        };
        let fault = rates::kind("fault", name)?;
        if let Some(unknown) = scope.filter(|scope| !SCOPES.contains(scope)) {
            return Err(RateError::Unknown { what: "scope", name: unknown.to_owned(), known: SCOPES.join(", ") });
        }
        let (_, rate) = rates::split(text)?;
        Ok(FaultRule { scope: scope.map(str::to_owned), fault, rate })
    }
}

/// Everything that may go wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    rules: Vec<FaultRule>,
}

impl Faults {
    /// Nothing goes wrong.
    pub fn none() -> Self {
        Faults::default()
    }

    /// The same with one rule more.
    #[must_use]
    pub fn with(mut self, rule: FaultRule) -> Self {
        self.rules.push(rule);
        self
    }

    /// What goes wrong with one call, given the draws that belong to it. Each rule has a draw of its own, so
    /// that adding one never changes what the others do.
    pub(crate) fn draw(&self, platform: &str, endpoint: &str, draw: Draw) -> Option<Fault> {
        let covering = self.rules.iter().filter(|rule| rule.covers(platform, endpoint));
        let happening = covering.filter(|rule| draw.branch("fault").branch(&rule.fault.name()).chance(rule.rate.get()));
        happening.map(|rule| rule.fault).min()
    }
}

impl FromIterator<FaultRule> for Faults {
    fn from_iter<T: IntoIterator<Item = FaultRule>>(rules: T) -> Self {
        Faults { rules: rules.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(rules: &[&str]) -> Faults {
        rules.iter().map(|rule| rule.parse().unwrap()).collect()
    }

    #[test]
    fn a_rule_without_a_scope_covers_every_call_and_one_with_a_scope_only_its_own() {
        let draw = Draw::of(1, &["request"]);
        let all = faults(&["unavailable=1"]);
        assert_eq!(all.draw("bluesky", "search", draw), Some(Fault::Unavailable));
        let profiles = faults(&["profiles:unavailable=1"]);
        assert_eq!(profiles.draw("bluesky", "profiles", draw), Some(Fault::Unavailable));
        assert_eq!(profiles.draw("bluesky", "search", draw), None);
        let tiktok = faults(&["tiktok:html=1"]);
        assert_eq!(tiktok.draw("tiktok", "search", draw), Some(Fault::Html));
        assert_eq!(tiktok.draw("bluesky", "search", draw), None);
    }

    #[test]
    fn of_two_faults_the_first_of_the_list_happens() {
        let both = faults(&["slow=1", "rate-limited=1"]);
        assert_eq!(both.draw("bluesky", "search", Draw::of(1, &[])), Some(Fault::RateLimited));
    }

    #[test]
    fn an_unknown_fault_or_scope_is_answered_with_the_list_of_them() {
        let error = |text: &str| text.parse::<FaultRule>().unwrap_err().to_string();
        assert!(error("teapot=1").starts_with("there is no fault `teapot`\nhint: the faults are rate-limited, out-of-credit,"));
        assert!(error("teapot").starts_with("there is no fault `teapot`"));
        assert_eq!(error("posts:html=1"), format!("there is no scope `posts`\nhint: the scopes are {}", SCOPES.join(", ")));
        assert!(error("html").contains("hint: write `html=1` for always"));
        assert!(error("html=2").contains("hint: a rate is a number from 0"));
    }
}
