//! One input, taken apart: what is asked and what comes back.

use scout_sdk::{CreatorRef, Query, Response};

use crate::vocabulary::Vocabulary;

/// Bytes at the beginning of an input that choose; the rest is the body.
pub const HEAD_BYTES: usize = 6;

/// Parts free texts from the body, in inputs that bring some. A control character, so that no fixture has it.
const SEPARATOR: u8 = 0x1e;

/// In the first byte: profiles are read, and not a search.
const PROFILES: u8 = 1;

/// In the first byte: free texts stand before the body.
const TEXTS: u8 = 2;

/// The longest free text, in bytes; the contract allows no longer name.
const TEXT_BYTES_MAX: usize = 256;

/// Statuses that adapters treat each in its own way, and some that nobody sends.
const STATUSES: [u16; 16] = [200, 204, 301, 400, 401, 402, 403, 404, 410, 429, 500, 503, 100, 206, 418, 599];

/// Which of an adapter's readers is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// `read_search`.
    Search,
    /// `read_profiles`.
    Profiles,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Who reads the answer.
    pub reader: Reader,
    /// What was searched for.
    pub query: Query,
    /// Where the search stood.
    pub cursor: Option<String>,
    /// Whose profiles were asked for.
    pub creators: Vec<CreatorRef>,
    /// What came back.
    pub response: Response,
}

impl Case {
    /// The case that an input stands for. Every input stands for one.
    #[must_use]
    pub fn of(input: &[u8], vocabulary: &Vocabulary) -> Self {
        let mut head = [0; HEAD_BYTES];
        let (start, rest) = input.split_at(input.len().min(HEAD_BYTES));
        head[..start.len()].copy_from_slice(start);
        let [flags, status, headers, cursor, settings, creators] = head;
        let (texts, body) = if flags & TEXTS == 0 { (Texts::default(), rest) } else { Texts::before(rest) };
        Self {
            reader: if flags & PROFILES == 0 { Reader::Search } else { Reader::Profiles },
            query: vocabulary.query(flags >> 2, settings, &texts.setting),
            cursor: vocabulary.cursor(cursor, &texts.cursor),
            creators: vocabulary.creators(creators, &texts.name),
            response: Response {
                status: STATUSES[usize::from(status) % STATUSES.len()],
                headers: vocabulary.headers(headers, &texts.header),
                body: body.to_vec(),
            },
        }
    }
}

/// Texts that an input brings instead of choosing.
#[derive(Debug, Default)]
struct Texts {
    cursor: String,
    name: String,
    header: String,
    setting: String,
}

impl Texts {
    /// The texts at the beginning, as many as there are, and the body behind them.
    fn before(rest: &[u8]) -> (Self, &[u8]) {
        let mut parts = rest.splitn(5, |byte| *byte == SEPARATOR).collect::<Vec<_>>();
        let body = parts.pop().unwrap_or_default();
        let mut parts = parts.into_iter().map(text);
        let mut next = || parts.next().unwrap_or_default();
        (Self { cursor: next(), name: next(), header: next(), setting: next() }, body)
    }
}

/// The bytes as text that is not too long.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text[..text.floor_char_boundary(TEXT_BYTES_MAX)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::new(&[("sort".into(), String::new(), "By date or likes.".into())], vec!["page-2".into()], vec![])
    }

    #[test]
    fn every_input_stands_for_a_case() {
        for length in 0..=HEAD_BYTES {
            let case = Case::of(&[0; HEAD_BYTES][..length], &vocabulary());
            assert_eq!((case.reader, case.response.status, case.cursor), (Reader::Search, 200, None));
            assert!(case.response.body.is_empty());
        }
    }

    #[test]
    fn what_follows_the_head_is_the_body() {
        let case = Case::of(b"\x01\x09\0\0\0\0{\"a\":1}", &vocabulary());
        assert_eq!((case.reader, case.response.status), (Reader::Profiles, 429));
        assert_eq!(case.response.body, b"{\"a\":1}");
    }

    #[test]
    fn texts_stand_before_the_body_where_the_input_brings_some() {
        let case = Case::of(b"\x02\0\0\xff\0\xffsome cursor\x1esome name\x1e\x1e\x1ebody\x1emore", &vocabulary());
        assert_eq!(case.cursor.as_deref(), Some("some cursor"));
        assert!(case.creators.iter().any(|creator| creator.username == "some name"), "{:?}", case.creators);
        assert_eq!(case.response.body, b"body\x1emore");
    }

    #[test]
    fn a_text_is_no_longer_than_a_name() {
        assert_eq!(text(&[b'a'; TEXT_BYTES_MAX]).len(), TEXT_BYTES_MAX);
        assert_eq!(text("é".repeat(TEXT_BYTES_MAX).as_bytes()).len(), TEXT_BYTES_MAX);
    }
}
