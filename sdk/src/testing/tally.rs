//! How many rows were read, and how often each field of a creator was known.

use std::collections::BTreeMap;

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
    /// How many creators they gave.
    pub rows: u32,
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
        page.creators.iter().for_each(|creator| self.search.row(creator));
    }

    /// Adds profiles.
    pub fn read_profiles(&mut self, profiles: &[Profile]) {
        for profile in profiles {
            if let Outcome::Enriched(creator) = &profile.outcome {
                self.profiles.row(creator);
            }
        }
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Absence;

    #[test]
    fn known_fields_are_counted_by_row_and_who_is_absent_is_none() {
        let mut tally = Tally::default();
        let ana = Creator { followers: Some(1), content: Some(Content { likes: Some(0), ..Content::default() }), ..Creator::default() };
        tally.page(&Page::of(vec![ana.clone(), Creator { content: None, ..ana }], None));
        tally.read_profiles(&[Profile { identity: "1".into(), outcome: Outcome::Empty(Absence::Private) }]);
        let known = &tally.search.fields;
        assert_eq!((tally.search.rows, known["followers"], known["content.likes"], known["bio"]), (2, 2, 1, 0));
        assert_eq!(tally.profiles, Known::default());
    }
}
