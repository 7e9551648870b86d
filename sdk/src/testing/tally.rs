//! How many rows were read, and how often each field of a creator was known.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contract::{Content, Creator, Outcome, Page, Profile};

/// A field's name, and whether it is known.
type Field<T> = (&'static str, fn(&T) -> bool);

/// The fields of a creator in the contract's order and by its names.
const FIELDS: [Field<Creator>; 12] = [
    ("name", |creator| creator.name.is_some()),
    ("profile-url", |creator| creator.profile_url.is_some()),
    ("avatar-url", |creator| creator.avatar_url.is_some()),
    ("followers", |creator| creator.followers.is_some()),
    ("bio", |creator| creator.bio.is_some()),
    ("email", |creator| creator.email.is_some()),
    ("verified", |creator| creator.verified.is_some()),
    ("links", |creator| !creator.links.is_empty()),
    ("country", |creator| creator.country.is_some()),
    ("language", |creator| creator.language.is_some()),
    ("content", |creator| creator.content.is_some()),
    ("complete", |creator| creator.complete),
];

/// The fields of a piece of content, likewise.
const CONTENT_FIELDS: [Field<Content>; 10] = [
    ("content.url", |content| content.url.is_some()),
    ("content.description", |content| content.description.is_some()),
    ("content.thumbnail", |content| content.thumbnail.is_some()),
    ("content.views", |content| content.views.is_some()),
    ("content.likes", |content| content.likes.is_some()),
    ("content.comments", |content| content.comments.is_some()),
    ("content.shares", |content| content.shares.is_some()),
    ("content.posted-at", |content| content.posted_at.is_some()),
    ("content.duration", |content| content.duration.is_some()),
    ("content.hashtags", |content| !content.hashtags.is_empty()),
];

/// What was read of one kind of answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// How many answers were read.
    pub recordings: u32,
    /// How many creators they gave.
    pub rows: u32,
    /// How many creators were asked for whom there is nothing to read, and the platform says so.
    pub absent: u32,
    /// In how many rows each field was known, by the contract's names.
    pub fields: BTreeMap<&'static str, u32>,
}

/// What was read of a platform's answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answers to searches.
    pub search: Known,
    /// Answers to calls for profiles.
    pub profiles: Known,
}

impl Tally {
    /// Adds a page.
    pub fn page(&mut self, page: &Page) {
        self.search.recordings += 1;
        page.creators.iter().for_each(|creator| self.search.row(creator));
    }

    /// Adds profiles.
    pub fn read_profiles(&mut self, profiles: &[Profile]) {
        self.profiles.recordings += 1;
        for profile in profiles {
            match &profile.outcome {
                Outcome::Enriched(creator) => self.profiles.row(creator),
                Outcome::Empty(_) => self.profiles.absent += 1,
                Outcome::Failed(_) => {}
            }
        }
    }

    /// The one line that a table is made of: the word `samples` and a JSON object.
    pub fn line(&self, platform: &str, label: &str) -> String {
        format!(
            "samples {}",
            json!({ "platform": platform, "label": label, "search": self.search.to_json(), "profiles": self.profiles.to_json() })
        )
    }
}

impl Known {
    fn row(&mut self, creator: &Creator) {
        self.rows += 1;
        let of_creator = FIELDS.iter().map(|(name, is_known)| (*name, is_known(creator)));
        let of_content = CONTENT_FIELDS.iter().map(|(name, is_known)| (*name, creator.content.as_ref().is_some_and(is_known)));
        for (name, is_known) in of_creator.chain(of_content) {
            *self.fields.entry(name).or_default() += u32::from(is_known);
        }
    }

    fn to_json(&self) -> Value {
        json!({ "recordings": self.recordings, "rows": self.rows, "absent": self.absent, "known": self.fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Absence;

    #[test]
    fn known_fields_are_counted_by_row_and_written_as_one_line_of_json() {
        let mut tally = Tally::default();
        let ana = Creator { followers: Some(1), content: Some(Content { likes: Some(0), ..Content::default() }), ..Creator::default() };
        tally.page(&Page::of(vec![ana.clone(), Creator { content: None, ..ana }], None));
        tally.read_profiles(&[Profile { identity: "1".into(), outcome: Outcome::Empty(Absence::Private) }]);
        let line = tally.line("directory", "Directory");
        let told: Value = serde_json::from_str(line.strip_prefix("samples ").expect("it begins like this")).expect("it is JSON");
        assert_eq!((&told["platform"], &told["label"]), (&json!("directory"), &json!("Directory")));
        assert_eq!((&told["search"]["recordings"], &told["search"]["rows"]), (&json!(1), &json!(2)));
        assert_eq!((&told["search"]["known"]["followers"], &told["search"]["known"]["content.likes"]), (&json!(2), &json!(1)));
        assert_eq!(told["search"]["known"]["bio"], json!(0));
        assert_eq!((&told["profiles"]["rows"], &told["profiles"]["absent"]), (&json!(0), &json!(1)));
        assert!(!line.contains('\n'));
    }
}
