//! One keyword: what is searched for.
//!
//! Whoever writes a keyword, a person, a rule or a language model, it becomes a [`Keyword`] here, and
//! nothing else in Scout looks at its spelling again.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::limits::{KEYWORD_CHARS_MAX, KEYWORD_CHARS_MIN};

/// A keyword in its one form: trimmed, inner white space folded to single spaces, Unicode NFC, between
/// [`KEYWORD_CHARS_MIN`] and [`KEYWORD_CHARS_MAX`] characters, without control characters.
///
/// Two keywords are equal when they are written alike; whether they are the same *search* is what
/// [`Keyword::key`] says. It is serialised as its text and checked again when it is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Keyword(String);

impl Keyword {
    /// Brings a text into the form of a keyword.
    ///
    /// Invisible characters that mean nothing to a search (zero-width spaces, byte order marks, soft
    /// hyphens, marks of writing direction) are dropped, since they come along when text is pasted and
    /// would make twins of one keyword. Zero-width joiners stay: emoji and several scripts need them.
    ///
    /// # Errors
    /// [`KeywordError`] says what is wrong with the text.
    pub fn new(text: &str) -> Result<Self, KeywordError> {
        let composed: String = text.chars().filter(|c| !is_meaningless(*c)).nfc().collect();
        let folded = composed.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(control) = folded.chars().find(|c| c.is_control()) {
            return Err(KeywordError::Control { code: u32::from(control) });
        }
        match folded.chars().count() {
            chars if chars < KEYWORD_CHARS_MIN => Err(KeywordError::TooShort { chars }),
            chars if chars > KEYWORD_CHARS_MAX => Err(KeywordError::TooLong { chars }),
            _ => Ok(Self(folded)),
        }
    }

    /// The keyword as it is searched for and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two keywords share when they are the same search: NFC in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        // Lower case can take a composed character apart (İ becomes i and a dot), so it is composed again.
        self.0.to_lowercase().nfc().collect()
    }
}

/// Whether the character is invisible and changes no search.
fn is_meaningless(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Display for Keyword {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl AsRef<str> for Keyword {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Keyword {
    type Error = KeywordError;

    fn try_from(text: String) -> Result<Self, KeywordError> {
        Self::new(&text)
    }
}

impl std::str::FromStr for Keyword {
    type Err = KeywordError;

    fn from_str(text: &str) -> Result<Self, KeywordError> {
        Self::new(text)
    }
}

impl From<Keyword> for String {
    fn from(keyword: Keyword) -> Self {
        keyword.0
    }
}

/// Why a text is not a keyword. The text itself is not repeated: the caller knows where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeywordError {
    /// Fewer characters than a search needs, after trimming.
    #[error("the keyword has {chars} of at least {KEYWORD_CHARS_MIN} characters")]
    TooShort {
        /// The characters left after trimming.
        chars: usize,
    },
    /// More characters than platforms search for.
    #[error("the keyword has {chars} characters, and {KEYWORD_CHARS_MAX} are allowed")]
    TooLong {
        /// The characters left after trimming.
        chars: usize,
    },
    /// A control character that is not white space.
    #[error("the keyword contains the control character U+{code:04X}")]
    Control {
        /// The character's code point.
        code: u32,
    },
}

impl KeywordError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "give a word or phrase of 2 to 100 characters, such as \"home workout\"",
            Self::TooLong { .. } => "search for a phrase of a few words; split a longer text into several keywords",
            Self::Control { .. } => "type the keyword again instead of pasting it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        Keyword::new(text).unwrap().to_string()
    }

    #[test]
    fn white_space_is_trimmed_and_folded() {
        assert_eq!(kept("\u{3000} hot\t\r\n  yoga\u{a0}"), "hot yoga");
    }

    #[test]
    fn text_is_composed() {
        assert_eq!(kept("cafe\u{301}"), "café");
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(kept("瑜伽"), "瑜伽");
        assert_eq!(kept(&"伽".repeat(100)).chars().count(), 100);
        assert_eq!(Keyword::new(&"伽".repeat(101)), Err(KeywordError::TooLong { chars: 101 }));
    }

    #[test]
    fn length_counts_after_trimming_and_composing() {
        assert_eq!(Keyword::new("  a  "), Err(KeywordError::TooShort { chars: 1 }));
        assert_eq!(Keyword::new("e\u{301}"), Err(KeywordError::TooShort { chars: 1 }));
        assert_eq!(Keyword::new(" \n "), Err(KeywordError::TooShort { chars: 0 }));
        assert_eq!(kept("ab"), "ab");
    }

    #[test]
    fn control_characters_are_refused_by_code() {
        assert_eq!(Keyword::new("yo\u{0}ga"), Err(KeywordError::Control { code: 0 }));
        assert_eq!(Keyword::new("yo\u{1b}ga").unwrap_err().to_string(), "the keyword contains the control character U+001B");
    }

    #[test]
    fn invisible_characters_make_no_twin() {
        assert_eq!(kept("\u{feff}yo\u{200b}ga\u{202e}"), "yoga");
        assert_eq!(Keyword::new("\u{200b}\u{200b}"), Err(KeywordError::TooShort { chars: 0 }));
    }

    #[test]
    fn joiners_stay_because_emoji_and_scripts_need_them() {
        assert_eq!(kept("👩\u{200d}🍳 chef"), "👩\u{200d}🍳 chef");
    }

    #[test]
    fn the_key_ignores_case_and_nothing_else() {
        let key = |text: &str| Keyword::new(text).unwrap().key();
        assert_eq!(key("Hot YOGA"), key("hot yoga"));
        assert_eq!(key("CAFE\u{301}"), key("café"));
        assert_eq!(key("ЙОГА"), key("йога"));
        assert_ne!(key("hotyoga"), key("hot yoga"));
        assert_ne!(key("cafe"), key("café"));
    }

    #[test]
    fn a_keyword_stays_itself_when_it_is_read_again() {
        for text in ["hot yoga", "İstanbul", "👩\u{200d}🍳 chef", "e\u{301}\u{302} x", "ｆｕｌｌ"] {
            let once = kept(text);
            assert_eq!(kept(&once), once);
        }
    }

    #[test]
    fn the_wire_form_is_its_text_and_is_checked() {
        let keyword = Keyword::new("hot yoga").unwrap();
        assert_eq!(serde_json::to_string(&keyword).unwrap(), "\"hot yoga\"");
        assert_eq!(serde_json::from_str::<Keyword>("\" hot  yoga\"").unwrap(), keyword);
        assert!(serde_json::from_str::<Keyword>("\"x\"").is_err());
    }
}
