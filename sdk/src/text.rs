//! Text fields, where absent, null and `""` are three forms of unknown.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer};

use crate::scalar::Scalar;

/// Text, read from whatever a field holds and borrowed from the body where it can be.
///
/// White space around it is dropped, and blank text is unknown. Whole numbers are text too, since ids come as
/// both; floats, booleans, lists and objects are unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    /// The text, never blank, or `None` when it is unknown.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The text as a string of its own.
    pub fn owned(&self) -> Option<String> {
        self.get().map(str::to_owned)
    }

    /// The text exactly as it was written, white space around it included; blank text is unknown here, too. It is
    /// for what people wrote, such as a bio, while names and ids are better off without the white space.
    pub fn verbatim(&self) -> Option<String> {
        self.get().and(self.0.as_deref()).map(str::to_owned)
    }

    /// The text if it may be an e-mail address. Fields for one hold whatever people type, links with an `@` in them included.
    pub fn address(&self) -> Option<String> {
        let text = self.get().filter(|text| !text.bytes().any(|byte| matches!(byte, b'/' | b':' | b' ')))?;
        let (name, host) = text.split_once('@')?;
        (!name.is_empty() && host.contains('.')).then(|| text.to_owned())
    }

    /// Whether the field was there as text at all, blank text included.
    pub fn is_given(&self) -> bool {
        self.0.is_some()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Text(text) => Some(text),
            Scalar::Whole(number) => Some(number.to_string().into()),
            Scalar::Negative(number) => Some(number.to_string().into()),
            _ => None,
        }))
    }
}

/// A handle as platforms know it: people type it with a sign before it.
pub fn bare(handle: &str) -> &str {
    handle.trim().trim_start_matches('@')
}

/// Whether two handles are one: their case does not count, and neither does a sign before them.
pub fn same_handle(one: &str, other: &str) -> bool {
    bare(one).eq_ignore_ascii_case(bare(other))
}

/// The hashtags of a text without their `#`, in order, each once.
pub fn hashtags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let mut before = ' ';
    for (place, letter) in text.char_indices() {
        // A `#` inside of a word or a link is not the beginning of a tag.
        if letter == '#' && !is_tag_letter(before) && !matches!(before, '#' | '/' | '&') {
            let tag: String = text[place + 1..].chars().take_while(|&letter| is_tag_letter(letter)).collect();
            add_tag(&mut tags, &tag);
        }
        before = letter;
    }
    tags
}

/// Adds a hashtag unless it is blank or already there in another case.
pub fn add_tag(tags: &mut Vec<String>, tag: &str) {
    let tag = tag.trim().trim_start_matches('#');
    if !tag.is_empty() && !tags.iter().any(|known| folded(known).eq(folded(tag))) {
        tags.push(tag.to_owned());
    }
}

/// The letters of a text without their case, to compare it with another one; the two small forms of sigma are one letter.
pub fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(|letter| if letter == 'ς' { 'σ' } else { letter })
}

fn is_tag_letter(letter: char) -> bool {
    // Marks and joiners belong to words of many scripts and to composed emoji.
    letter.is_alphanumeric()
        || letter == '_'
        || matches!(letter, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<&str>) {
        let text: Text<'_> = serde_json::from_str(json).expect("no form is an error");
        assert_eq!(text.get(), expected, "{json}");
        assert_eq!(text.owned().as_deref(), expected, "{json}");
    }

    #[test]
    fn null_and_blank_text_are_unknown() {
        check("null", None);
        check(r#""""#, None);
        check(r#"" \n ""#, None);
    }

    #[test]
    fn white_space_around_text_is_dropped() {
        check(r#""  Ana \n""#, Some("Ana"));
    }

    #[test]
    fn what_people_wrote_can_be_had_verbatim() {
        let verbatim = |json| serde_json::from_str::<Text<'_>>(json).expect("no form is an error").verbatim();
        assert_eq!(verbatim(r#"" a\n""#).as_deref(), Some(" a\n"));
        assert_eq!(verbatim(r#"" \n ""#), None);
        assert_eq!(verbatim("null"), None);
    }

    #[test]
    fn an_address_is_text_that_may_be_one() {
        let address = |text: &str| serde_json::from_str::<Text<'_>>(&format!("{text:?}")).expect("no form is an error").address();
        assert_eq!(address(" ana@mail.test ").as_deref(), Some("ana@mail.test"));
        for other in ["", "ask me", "@ana.test", "ana@home", "https://forms.test/mail@me.test", "mailto:ana@mail.test", "ana @mail.test"] {
            assert_eq!(address(other), None, "{other}");
        }
    }

    #[test]
    fn handles_are_the_same_whatever_their_case_and_sign() {
        assert_eq!([" @ana", "@@ana", "ana"].map(bare), ["ana"; 3]);
        assert!(same_handle("@Ana", "ana") && !same_handle("ana", "anna"));
    }

    #[test]
    fn a_whole_number_is_an_id() {
        check("7066232764600910853", Some("7066232764600910853"));
        check("-1", Some("-1"));
    }

    #[test]
    fn other_types_are_unknown() {
        for json in ["1.5", "true", "[\"a\"]", r#"{"a":"b"}"#] {
            check(json, None);
        }
    }

    #[test]
    fn blank_text_was_given_and_null_was_not() {
        let given = |json| serde_json::from_str::<Text<'_>>(json).expect("no form is an error").is_given();
        assert!(given(r#""""#));
        assert!(!given("null"));
    }

    #[test]
    fn plain_text_is_borrowed() {
        let text: Text<'_> = serde_json::from_str(r#""plain""#).expect("it is JSON");
        assert!(matches!(text.0, Some(Cow::Borrowed("plain"))));
    }

    #[test]
    fn hashtags_are_found_without_their_sign() {
        assert_eq!(hashtags("Go #yoga, #Pilates2024! #über_cool"), ["yoga", "Pilates2024", "über_cool"]);
        assert_eq!(hashtags("#योग #โยคะ"), ["योग", "โยคะ"]);
    }

    #[test]
    fn a_hashtag_counts_once_whatever_its_case() {
        assert_eq!(hashtags("#Yoga #yoga #YOGA"), ["Yoga"]);
        assert_eq!(hashtags("#Über #über #ÜBER"), ["Über"]);
        assert_eq!(hashtags("#ΔΡΟΜΟΣ #δρομος"), ["ΔΡΟΜΟΣ"]);
    }

    #[test]
    fn folded_texts_are_equal_whatever_their_case() {
        for (one, other) in [("Yoga", "yOGA"), ("ÜBER", "über"), ("ΔΡΟΜΟΣ", "δρομος")] {
            assert!(folded(one).eq(folded(other)), "{one} {other}");
        }
    }

    #[test]
    fn a_sign_inside_of_a_word_or_a_link_begins_no_hashtag() {
        assert!(hashtags("a#b https://x.test/#top &#39; ## # #").is_empty());
    }
}
