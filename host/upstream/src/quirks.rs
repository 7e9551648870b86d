//! What is odd with the platforms even on a good day, and how often.

use std::collections::BTreeMap;
use std::str::FromStr;

use clap::ValueEnum;

use crate::rates::{self, Rate, RateError};

/// Something odd that platforms do. What stands in brackets is how often each platform usually does it; one that is
/// neither named nor among the others never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum Quirk {
    /// Share of 60 popular creators that every keyword reaches (0.7)
    Overlap,
    /// Rows of a page whose author is on it already (podcastindex 0.03, tiktok 0.055, youtube 0.15, youtube-data 0.3)
    DuplicatesInPage,
    /// Rows of a later page whose author was on an earlier one (instagram 0.1, tiktok 0.2, youtube 0.3)
    DuplicatesBetweenPages,
    /// Keywords that the platform takes for misspelt and says so (tiktok 0.05)
    Misspelt,
    /// Keywords of several words that a search fails on with 500 (instagram 0.3)
    WordsFail,
    /// Pages that claim to be the last although more follow (tiktok 0)
    FalseEnd,
    /// Creators without a bio (bluesky 0.42, others 0.18)
    MissingBios,
    /// Creators of whose bio a search shows only the beginning (youtube 0.7, youtube-data 0.7)
    CutBios,
    /// Creators without a handle (youtube 0.15, youtube-data 0.15)
    MissingHandles,
    /// Creators who hide how many follow (mastodon 0.02, youtube-data 0.03)
    HiddenFollowers,
    /// Creators without a display name (bluesky 0.3, mastodon 0.08)
    MissingNames,
    /// Creators without a picture (bluesky 0.42, mastodon 0.1, peertube 0.1)
    MissingAvatars,
    /// Creators shown as `handle.invalid` (bluesky 0.01)
    InvalidHandles,
    /// Creators who say that they are programs (mastodon 0.02)
    Automated,
    /// Creators who ask not to be shown to logged-out visitors, or not to be found (bluesky 0.02, mastodon 0.2)
    Hidden,
    /// Creators who show strangers no profile, or less of it (instagram 0.1, tiktok 0.03)
    Private,
    /// Creators found without a profile, or with a dead twin (bluesky 0.01, github 0.01, instagram 0.01, mastodon 0.01, podcastindex 0.01, tiktok 0.01, twitch 0.01, youtube 0.01, youtube-data 0.01)
    Deactivated,
}

impl Quirk {
    /// How often a platform does this when nothing else is said. Some of these rates were counted in recorded answers, the
    /// others are guesses that let everything odd happen now and then.
    fn usual(self, platform: &str) -> f64 {
        match (self, platform) {
            (Quirk::Overlap, _) => 0.7,
            (Quirk::DuplicatesInPage, "podcastindex") => 0.03,
            (Quirk::DuplicatesInPage, "tiktok") => 0.055,
            (Quirk::DuplicatesInPage, "youtube") => 0.15,
            (Quirk::DuplicatesInPage, "youtube-data") => 0.3,
            (Quirk::DuplicatesBetweenPages, "instagram") => 0.1,
            (Quirk::DuplicatesBetweenPages, "tiktok") => 0.2,
            (Quirk::DuplicatesBetweenPages, "youtube") => 0.3,
            (Quirk::Misspelt, "tiktok") => 0.05,
            (Quirk::WordsFail, "instagram") => 0.3,
            (Quirk::MissingBios, "bluesky") => 0.42,
            (Quirk::MissingBios, _) => 0.18,
            (Quirk::CutBios, "youtube" | "youtube-data") => 0.7,
            (Quirk::MissingHandles, "youtube" | "youtube-data") => 0.15,
            (Quirk::HiddenFollowers, "mastodon") => 0.02,
            (Quirk::HiddenFollowers, "youtube-data") => 0.03,
            (Quirk::MissingNames, "bluesky") => 0.3,
            (Quirk::MissingNames, "mastodon") => 0.08,
            (Quirk::MissingAvatars, "bluesky") => 0.42,
            (Quirk::MissingAvatars, "mastodon" | "peertube") => 0.1,
            (Quirk::InvalidHandles, "bluesky") => 0.01,
            (Quirk::Automated, "mastodon") => 0.02,
            (Quirk::Hidden, "bluesky") => 0.02,
            (Quirk::Hidden, "mastodon") => 0.2,
            (Quirk::Private, "instagram") => 0.1,
            (Quirk::Private, "tiktok") => 0.03,
            (
                Quirk::Deactivated,
                "bluesky" | "github" | "instagram" | "mastodon" | "podcastindex" | "tiktok" | "twitch" | "youtube" | "youtube-data",
            ) => 0.01,
            _ => 0.0,
        }
    }
}

/// How often each quirk shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quirks {
    said: BTreeMap<Quirk, Rate>,
}

impl Quirks {
    /// Every quirk as often as it usually shows.
    pub fn usual() -> Self {
        Quirks::default()
    }

    /// No quirk at all.
    pub fn none() -> Self {
        Quirks { said: Quirk::value_variants().iter().map(|&quirk| (quirk, Rate::NEVER)).collect() }
    }

    /// The same with one rule more; the last one of a kind holds, and it holds for every platform that
    /// knows the quirk.
    #[must_use]
    pub fn with(mut self, rule: QuirkRule) -> Self {
        match rule {
            QuirkRule::None => Quirks::none(),
            QuirkRule::Often(quirk, rate) => {
                self.said.insert(quirk, rate);
                self
            }
        }
    }

    /// How often a platform shows a quirk.
    pub(crate) fn rate(&self, quirk: Quirk, platform: &str) -> f64 {
        self.said.get(&quirk).map_or_else(|| quirk.usual(platform), |rate| rate.get())
    }
}

/// One rule as it is written on a command line: `private=0.1`, or `none`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum QuirkRule {
    /// No quirk at all, apart from those that later rules name.
    None,
    /// This quirk, this often.
    Often(Quirk, Rate),
}

impl FromStr for QuirkRule {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        if text == "none" {
            return Ok(QuirkRule::None);
        }
        // An unknown name is the better news when the rate is missing as well.
        rates::kind::<Quirk>("quirk", text.split('=').next().unwrap_or_default().trim())?;
        let (name, rate) = rates::split(text)?;
        Ok(QuirkRule::Often(rates::kind("quirk", name)?, rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::server::Server;

    /// How often a platform shows a quirk by a list such as `bluesky 0.42, others 0.18`, or `0.7` for all of them.
    fn said(list: &str, platform: &str) -> f64 {
        let entries: Vec<_> = list.split(", ").map(|entry| entry.rsplit_once(' ').unwrap_or(("others", entry))).collect();
        let of = |wanted: &str| entries.iter().find(|(name, _)| *name == wanted).map(|(_, rate)| rate.parse().unwrap());
        of(platform).or_else(|| of("others")).unwrap_or_default()
    }

    fn assert_said(quirk: Quirk, list: &str) {
        for (platform, _) in Server::new(Options { creators: 1, ..Options::default() }).platforms() {
            assert_eq!(said(list, platform), quirk.usual(platform), "{} of {platform} in ({list})", rates::name(&quirk));
        }
    }

    #[test]
    fn the_help_says_how_often_every_platform_usually_shows_each_quirk() {
        for &quirk in Quirk::value_variants() {
            let help = quirk.to_possible_value().unwrap().get_help().unwrap().to_string();
            let (_, list) = help.strip_suffix(')').unwrap().rsplit_once('(').unwrap();
            assert_said(quirk, list);
        }
    }

    #[test]
    fn the_readme_says_how_often_every_platform_usually_shows_each_quirk() {
        let rows: Vec<_> = include_str!("../README.md").lines().map(|line| line.split(" | ").collect::<Vec<_>>()).collect();
        for &quirk in Quirk::value_variants() {
            let begin = format!("| `{}`", rates::name(&quirk));
            assert_said(quirk, rows.iter().find(|row| row[0] == begin).unwrap()[1]);
        }
    }

    #[test]
    fn the_last_rule_of_a_kind_holds_and_none_clears_what_came_before() {
        let rules = ["private=0.5", "none", "private=0.25"];
        let quirks = rules.iter().fold(Quirks::usual(), |quirks, rule| quirks.with(rule.parse().unwrap()));
        assert_eq!(quirks.rate(Quirk::Private, "tiktok"), 0.25);
        assert_eq!(quirks.rate(Quirk::Deactivated, "tiktok"), 0.0);
        assert_eq!(quirks.rate(Quirk::MissingBios, "bluesky"), 0.0);
    }

    #[test]
    fn an_unknown_quirk_is_answered_with_the_list_of_them() {
        let error = "privat=1".parse::<QuirkRule>().unwrap_err().to_string();
        assert!(error.starts_with("there is no quirk `privat`\nhint: the quirks are overlap, duplicates-in-page,"), "{error}");
    }
}
