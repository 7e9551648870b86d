//! Pictures, which come in several sizes, and from older instances as a path only.

use scout_sdk::{counts::Count, links, text::Text};
use serde::Deserialize;

/// The least width that is sharp enough in a list, in pixels.
const WIDTH_MIN: u64 = 100;

/// One size of a picture.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Picture<'a> {
    #[serde(borrow)]
    file_url: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    path: Text<'a>,
    /// Unknown for the picture as it was uploaded.
    width: Count,
}

impl Picture<'_> {
    /// Where the picture is; a path is one on its own instance.
    pub(crate) fn url(&self, host: &str) -> Option<String> {
        let whole = self.file_url.get().or(self.url.get()).and_then(links::page);
        whole.or_else(|| at(host, self.path.get()?))
    }
}

/// A path on an instance as a link.
pub(crate) fn at(host: &str, path: &str) -> Option<String> {
    links::absolute_at(&format!("https://{host}"), path)
}

/// The smallest size that is sharp enough, else the largest.
pub(crate) fn best<'p, 'a>(pictures: &'p [Picture<'a>]) -> Option<&'p Picture<'a>> {
    let width = |picture: &&Picture<'_>| picture.width.get().unwrap_or(0);
    let sharp = pictures.iter().filter(|picture| width(picture) >= WIDTH_MIN).min_by_key(width);
    sharp.or_else(|| pictures.iter().max_by_key(width))
}
