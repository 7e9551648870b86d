//! What a platform shows, which decides the words that people search it with.

use serde::{Deserialize, Serialize};

use super::modifiers::Modifier::{self, After, Before};
use crate::contract::Manifest;

/// What creators make on a platform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// Anything, or nothing is known of it.
    #[default]
    Any,
    /// Videos and streams.
    Video,
    /// Shows to listen to.
    Audio,
    /// Software.
    Code,
}

/// The name under which a manifest's `extra` may say it.
const NAME: &str = "medium";

impl Medium {
    /// What a platform shows: what its adapter says as `medium` (`video`, `audio`, `code` or `any`) among its extra
    /// pairs, or else what follows from the rest of its manifest.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Medium {
        let said = manifest.extra.iter().find(|(name, _)| name == NAME).and_then(|(_, value)| Medium::named(value));
        // What is viewed and counted is nearly always a video.
        said.unwrap_or(if manifest.reports_views { Medium::Video } else { Medium::Any })
    }

    fn named(name: &str) -> Option<Medium> {
        match name {
            "any" => Some(Medium::Any),
            "video" => Some(Medium::Video),
            "audio" => Some(Medium::Audio),
            "code" => Some(Medium::Code),
            _ => None,
        }
    }

    /// The words that people search such platforms with, the most telling ones first.
    pub(super) fn words(self) -> &'static [Modifier] {
        match self {
            Medium::Any => &[],
            Medium::Video => &VIDEO,
            Medium::Audio => &AUDIO,
            Medium::Code => &CODE,
        }
    }

    /// Whether words find nobody there, or everybody: a vlog is not listened to, and every show is a podcast.
    pub(super) fn is_pointless(self, words: &str) -> bool {
        match self {
            Medium::Any | Medium::Video => false,
            Medium::Audio => SEEN.contains(&words) || words == "podcast",
            Medium::Code => SEEN.contains(&words) || WORN.contains(&words),
        }
    }

    /// What a language model is told of it.
    pub(super) fn described(self) -> &'static str {
        match self {
            Medium::Any => "posts",
            Medium::Video => "videos",
            Medium::Audio => "audio shows",
            Medium::Code => "software projects",
        }
    }
}

const VIDEO: [Modifier; 6] =
    [After("tips"), After("vlog"), After("tutorial"), After("for beginners"), After("challenge"), After("day in the life")];

const AUDIO: [Modifier; 10] = [
    After("stories"),
    After("interviews"),
    After("explained"),
    After("show"),
    After("for beginners"),
    After("conversations"),
    After("history"),
    After("daily"),
    After("news"),
    After("talk"),
];

const CODE: [Modifier; 14] = [
    After("library"),
    After("framework"),
    After("toolkit"),
    After("cli"),
    After("plugin"),
    After("api"),
    After("template"),
    After("examples"),
    Before("awesome"),
    Before("open source"),
    After("app"),
    After("bot"),
    After("server"),
    After("tutorial"),
];

/// Words for what has to be seen.
const SEEN: [&str; 14] = [
    "vlog",
    "shorts",
    "haul",
    "unboxing",
    "aesthetic",
    "photography",
    "before and after",
    "transformation",
    "asmr",
    "live",
    "day in the life",
    "influencer",
    "must haves",
    "diy",
];

/// Words for people and what they wear and do, which nobody looks for among software.
const WORN: [&str; 26] = [
    "for women",
    "for men",
    "for kids",
    "for teens",
    "for seniors",
    "over 40",
    "over 50",
    "mom",
    "dad",
    "couple",
    "family",
    "girl",
    "guy",
    "morning",
    "evening",
    "summer",
    "winter",
    "spring",
    "autumn",
    "holiday",
    "weekend",
    "luxury",
    "healthy",
    "motivation",
    "challenge",
    "lifestyle",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Enrichment, Hints};

    fn manifest(reports_views: bool, extra: &[(&str, &str)]) -> Manifest {
        Manifest {
            platform: "sample".into(),
            label: "Sample".into(),
            version: "1.0.0".into(),
            origins: Vec::new(),
            enrichment: Enrichment::None,
            hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: None },
            reports_views,
            settings: Vec::new(),
            extra: extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        }
    }

    #[test]
    fn an_adapter_says_what_its_platform_shows() {
        for (value, medium) in [("any", Medium::Any), ("video", Medium::Video), ("audio", Medium::Audio), ("code", Medium::Code)] {
            assert_eq!(Medium::of(&manifest(true, &[("other", "x"), ("medium", value)])), medium);
        }
    }

    #[test]
    fn what_no_adapter_says_follows_from_its_manifest() {
        assert_eq!(Medium::of(&manifest(true, &[])), Medium::Video);
        assert_eq!(Medium::of(&manifest(false, &[])), Medium::Any);
        assert_eq!(Medium::of(&manifest(true, &[("medium", "opera")])), Medium::Video, "an unknown word says nothing");
    }
}
