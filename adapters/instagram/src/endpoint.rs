//! The endpoint that is searched, and the place in its pages.

use scout_sdk::{Fault, Page, Query, Request, Response};

/// The last page that the provider gives; asking for more is a bad request.
pub(crate) const PAGE_MAX: u64 = 11;

/// Reels that the older endpoint gives at once; it has no pages.
const OLD_REELS: &str = "60";

/// What marks a place whose keyword is written with hyphens.
const HYPHENATED: char = 'h';

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Reels, with page numbers.
    Reels,
    /// Profiles, with a returned cursor.
    Profiles,
    /// Reels as they were searched before, all at once.
    OldReels,
}

/// A place in the pages of a keyword, which a cursor carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The page, from 1.
    pub(crate) page: u64,
    /// Whether the keyword is asked for with hyphens in place of its spaces.
    pub(crate) hyphenated: bool,
}

impl Endpoint {
    /// The endpoint that the operator chose.
    pub(crate) fn of(query: &Query) -> Result<Self, Fault> {
        query.choice("search", &[("reels", Self::Reels), ("profiles", Self::Profiles), ("old-reels", Self::OldReels)])
    }

    /// The request for a page.
    pub(crate) fn request(self, query: &Query, keyword: &str, page: u64) -> Request {
        let later = (page > 1).then(|| page.to_string());
        let request = match self {
            Self::Reels => Request::get("api", "/v2/instagram/reels/search"),
            Self::Profiles => Request::get("api", "/v1/instagram/search/profiles"),
            Self::OldReels => Request::get("api", "/v1/instagram/reels/search"),
        };
        let request = request.with("query", keyword);
        match self {
            Self::Reels => request.with_some("page", later.as_deref()).with_some("date_posted", query.setting("date-posted")),
            Self::Profiles => request.with_some("cursor", later.as_deref()),
            Self::OldReels => request.with("amount", OLD_REELS),
        }
    }

    /// What becomes of a search that was refused.
    ///
    /// The reels endpoint may fail with 500 on a keyword of several words. Asking for the same again would fail until
    /// all attempts are used up, so the first such failure sends the search on, with hyphens for spaces: that is no
    /// empty page, since a next one follows. Should that fail too, it is the provider's failure and is tried again.
    pub(crate) fn refused(self, query: &Query, cursor: Option<&str>, response: &Response, fault: Fault) -> Result<Page, Fault> {
        let has_words = query.keyword.contains(char::is_whitespace);
        match fault {
            Fault::Unavailable(_) if self == Self::Reels && response.status == 500 && cursor.is_none() && has_words => {
                Ok(Page::of(Vec::new(), Some(Place { page: 1, hyphenated: true }.to_cursor())))
            }
            Fault::NotFound if self == Self::OldReels => Err(Fault::Unsupported(
                "the provider has no older search for reels any more; choose reels or profiles by the setting `search`".into(),
            )),
            other => Err(other),
        }
    }
}

impl Place {
    /// The place that a cursor of this adapter names; without one it is the first page.
    pub(crate) fn of(cursor: Option<&str>) -> Result<Self, Fault> {
        let Some(cursor) = cursor else { return Ok(Self { page: 1, hyphenated: false }) };
        let digits = cursor.strip_suffix(HYPHENATED);
        match digits.unwrap_or(cursor).parse() {
            Ok(page) if (1..=PAGE_MAX).contains(&page) => Ok(Self { page, hyphenated: digits.is_some() }),
            _ => {
                Err(Fault::Unsupported(format!("the cursor `{cursor}` is none of this adapter's, which are page numbers up to {PAGE_MAX}")))
            }
        }
    }

    /// The cursor of a later page, if there is one.
    pub(crate) fn onward(self, page: u64) -> Option<String> {
        (page > self.page && page <= PAGE_MAX).then(|| Self { page, ..self }.to_cursor())
    }

    fn to_cursor(self) -> String {
        let mark = if self.hyphenated { HYPHENATED.to_string() } else { String::new() };
        format!("{}{mark}", self.page)
    }
}

/// A keyword with hyphens in place of its spaces.
pub(crate) fn hyphenated(keyword: &str) -> String {
    keyword.split_whitespace().collect::<Vec<_>>().join("-")
}
