//! Cursors that are sure to end.
//!
//! A platform that gives the same cursor again would be read for ever; these two give `None` instead, which is the
//! end of the keyword's pages.

use crate::contract::CURSOR_BYTES_MAX;

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
}
