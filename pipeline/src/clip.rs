//! Cuts what an adapter says of a creator down to what is kept. An adapter is not trusted, and a platform
//! is not either: without this, one bio could be as long as a whole answer.

use crate::contract::{Content, Creator, Pair};
use crate::limits::{FIELD_CHARS_MAX, LIST_ITEMS_MAX, TEXT_CHARS_MAX};

impl Creator {
    /// The same creator within the sizes that are kept.
    #[must_use]
    pub fn clipped(self) -> Creator {
        Creator {
            name: field(self.name),
            profile_url: field(self.profile_url),
            avatar_url: field(self.avatar_url),
            bio: text(self.bio),
            email: field(self.email),
            links: list(self.links, |link| fits(link)),
            country: field(self.country),
            language: field(self.language),
            ids: pairs(self.ids),
            content: self.content.filter(|content| fits(&content.id)).map(Content::clipped),
            extra: Vec::new(),
            ..self
        }
    }
}

impl Content {
    fn clipped(self) -> Content {
        Content {
            url: field(self.url),
            description: text(self.description),
            thumbnail: field(self.thumbnail),
            posted_at: field(self.posted_at),
            hashtags: list(self.hashtags, |tag| fits(tag)),
            ..self
        }
    }
}

fn fits(value: &str) -> bool {
    !value.is_empty() && value.chars().nth(FIELD_CHARS_MAX).is_none()
}

fn field(value: Option<String>) -> Option<String> {
    value.filter(|value| fits(value))
}

fn text(value: Option<String>) -> Option<String> {
    let value = value.filter(|value| !value.is_empty())?;
    match value.char_indices().nth(TEXT_CHARS_MAX) {
        Some((end, _)) => Some(value[..end].to_owned()),
        None => Some(value),
    }
}

fn list<T>(values: Vec<T>, wanted: impl FnMut(&T) -> bool) -> Vec<T> {
    values.into_iter().filter(wanted).take(LIST_ITEMS_MAX).collect()
}

fn pairs(values: Vec<Pair>) -> Vec<Pair> {
    list(values, |(name, value)| fits(name) && fits(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_bio_is_cut_and_one_that_just_fits_is_kept_whole() {
        let bio = |chars| Creator { bio: Some("é".repeat(chars)), ..Creator::default() }.clipped().bio.unwrap().chars().count();
        assert_eq!(bio(TEXT_CHARS_MAX + 1), TEXT_CHARS_MAX);
        assert_eq!(bio(TEXT_CHARS_MAX), TEXT_CHARS_MAX);
    }

    #[test]
    fn a_url_that_is_too_long_is_dropped_rather_than_cut() {
        let url = |chars| Creator { profile_url: Some("u".repeat(chars)), ..Creator::default() }.clipped().profile_url;
        assert_eq!(url(FIELD_CHARS_MAX + 1), None);
        assert!(url(FIELD_CHARS_MAX).is_some());
    }

    #[test]
    fn lists_keep_their_first_items() {
        let links = |count| Creator { links: vec!["l".into(); count], ..Creator::default() }.clipped().links.len();
        assert_eq!(links(LIST_ITEMS_MAX + 1), LIST_ITEMS_MAX);
        assert_eq!(links(LIST_ITEMS_MAX), LIST_ITEMS_MAX);
    }

    #[test]
    fn an_empty_text_is_unknown() {
        let creator = Creator { bio: Some(String::new()), name: Some(String::new()), ..Creator::default() }.clipped();
        assert_eq!((creator.bio, creator.name), (None, None));
    }
}
