//! A channel, as searches describe it, and as videos name theirs.

use scout_sdk::{
    Creator,
    counts::Count,
    json::{List, Object},
    links,
    text::Text,
};
use serde::Deserialize;

use crate::picture::{Picture, best};

/// The most links of one channel; its owner writes them by hand.
const LINKS_MAX: usize = 32;

/// A channel, as far as it is read. A video names it without description and counts.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Channel<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    host: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    display_name: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    /// How to support the channel: Markdown, most of it links.
    #[serde(borrow)]
    support: Text<'a>,
    followers_count: Count,
    #[serde(borrow)]
    avatars: List<Picture<'a>>,
    #[serde(borrow)]
    avatar: Object<Picture<'a>>,
}

impl Channel<'_> {
    /// The creator, or `None` when the row does not say which channel of which instance it is.
    pub(crate) fn creator(&self) -> Option<Creator> {
        // Numbers are counted anew by every instance, while neither name nor host of a channel can change.
        let handle = format!("{}@{}", self.name.get()?, self.host()?);
        let mut creator = Creator::named(&handle, &handle)?;
        creator.name = self.display_name.owned();
        creator.profile_url = self.url.get().and_then(links::page);
        creator.avatar_url = best(self.avatars.rows()).or(self.avatar.get()).and_then(|picture| picture.url(self.host()?));
        creator.followers = self.followers_count.get();
        creator.bio = self.description.verbatim();
        creator.links = self.support.get().map(written_links).unwrap_or_default();
        creator.complete = true;
        Some(creator)
    }

    /// The instance that the channel lives on.
    pub(crate) fn host(&self) -> Option<&str> {
        self.host.get().or_else(|| self.url.get()?.split_once("://")?.1.split('/').next())
    }
}

/// The links in Markdown or plain text that have a scheme, each once.
fn written_links(text: &str) -> Vec<String> {
    let written = text.match_indices("http").take(LINKS_MAX).filter_map(|(place, _)| {
        let link = text[place..].split(|letter: char| letter.is_whitespace() || "()[]<>\"'".contains(letter)).next().unwrap_or_default();
        let link = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
        let has_scheme = link.starts_with("https://") || link.starts_with("http://");
        has_scheme.then(|| links::absolute(link)).flatten()
    });
    links::once(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_markdown_and_in_plain_text() {
        assert_eq!(written_links("Give [here :)](https://give.test/ana)."), ["https://give.test/ana"]);
        assert_eq!(written_links("https://a.test, http://b.test/?x=1 and <https://a.test>!"), ["https://a.test", "http://b.test/?x=1"]);
        assert_eq!(written_links("**https://a.test**"), ["https://a.test"]);
    }

    #[test]
    fn words_that_lead_nowhere_are_no_links() {
        for text in ["", "http", "https://", "httpd is great", "ana.test", "(https://)"] {
            assert!(written_links(text).is_empty(), "{text}");
        }
    }
}
