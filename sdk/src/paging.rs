//! Cursors that are sure to end.
//!
//! A platform that gives the same cursor again would be read for ever; these give `None` instead, which is the
//! end of the keyword's pages.

use crate::contract::{CURSOR_BYTES_MAX, Fault};

/// The next cursor of a platform that counts: the returned number, if it is further on than the one that was
/// asked for. Without one that was asked for, counting began at 0.
pub fn onward(asked: Option<&str>, returned: Option<u64>) -> Option<String> {
    let asked: u64 = asked.and_then(|text| text.parse().ok()).unwrap_or_default();
    returned.filter(|&number| number > asked).map(|number| number.to_string())
}

/// The next cursor of a platform whose cursors mean nothing to us: the returned one, if it is another one than was
/// asked for and no longer than the contract allows.
pub fn another(asked: Option<&str>, returned: Option<&str>) -> Option<String> {
    returned.filter(|&cursor| Some(cursor) != asked && !cursor.is_empty() && cursor.len() <= CURSOR_BYTES_MAX).map(str::to_owned)
}

/// The number that a cursor of a platform that counts stands for; without a cursor, counting begins at 0.
///
/// # Errors
/// [`Fault::Unsupported`] when the cursor is no number.
pub fn offset(cursor: Option<&str>) -> Result<u64, Fault> {
    let Some(text) = cursor else { return Ok(0) };
    text.parse().map_err(|_| Fault::Unsupported(format!("the cursor `{text}` is none of this adapter's, which are numbers")))
}

/// The page that a cursor stands for, where pages are numbered from 1 and the platform gives no more than `last`.
/// Without a cursor it is the first.
///
/// # Errors
/// [`Fault::Unsupported`] when the cursor is none that [`next_page`] gives.
pub fn page(cursor: Option<&str>, last: u64) -> Result<u64, Fault> {
    let Some(text) = cursor else { return Ok(1) };
    let number = text.parse().ok().filter(|page| (2..=last).contains(page));
    number.ok_or_else(|| Fault::Unsupported(format!("the cursor `{text}` is none of this adapter's, which are pages from 2 to {last}")))
}

/// The cursor of the page after one, unless that was the last.
pub fn next_page(page: u64, last: u64) -> Option<String> {
    (page < last).then(|| (page + 1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_moves_on_is_the_next_cursor() {
        assert_eq!(onward(None, Some(30)).as_deref(), Some("30"));
        assert_eq!(onward(Some("30"), Some(31)).as_deref(), Some("31"));
    }

    #[test]
    fn a_number_that_stands_still_or_goes_back_is_the_end() {
        assert_eq!(onward(Some("30"), Some(30)), None);
        assert_eq!(onward(Some("30"), Some(0)), None);
        assert_eq!(onward(None, Some(0)), None);
        assert_eq!(onward(Some("30"), None), None);
    }

    #[test]
    fn another_text_is_the_next_cursor_and_the_same_is_the_end() {
        assert_eq!(another(None, Some("a")).as_deref(), Some("a"));
        assert_eq!(another(Some("a"), Some("b")).as_deref(), Some("b"));
        assert_eq!(another(Some("a"), Some("a")), None);
        assert_eq!(another(Some("a"), None), None);
        assert_eq!(another(None, Some("")), None);
    }

    #[test]
    fn a_cursor_is_at_most_as_long_as_the_contract_allows() {
        let cursor = "c".repeat(CURSOR_BYTES_MAX);
        assert!(another(None, Some(&cursor)).is_some());
        assert!(another(None, Some(&format!("{cursor}c"))).is_none());
    }

    #[test]
    fn an_offset_is_a_number_and_0_without_a_cursor() {
        assert_eq!((offset(None), offset(Some("80"))), (Ok(0), Ok(80)));
        for foreign in ["", "-1", "x", "99999999999999999999"] {
            assert!(matches!(offset(Some(foreign)), Err(Fault::Unsupported(text)) if text.contains("which are numbers")), "{foreign}");
        }
    }

    #[test]
    fn pages_are_numbered_from_the_first_to_the_last() {
        assert_eq!(page(None, 10), Ok(1));
        assert_eq!(next_page(1, 10).as_deref(), Some("2"));
        assert_eq!(page(Some("10"), 10), Ok(10));
        assert_eq!(next_page(9, 10).as_deref(), Some("10"));
        assert_eq!(next_page(10, 10), None);
        for foreign in ["", "0", "1", "11", "-2", "two"] {
            let refused = page(Some(foreign), 10);
            assert!(matches!(&refused, Err(Fault::Unsupported(text)) if text.contains("pages from 2 to 10")), "{refused:?}");
        }
    }
}
