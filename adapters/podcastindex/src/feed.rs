//! A feed, and the show in it, which is the creator here.

use std::collections::BTreeMap;

use scout_sdk::{Creator, counts::Count, flags::Flag, json::Object, links, markup, text::Text, times::Time};
use serde::Deserialize;

/// A row of a search, as far as it is read. There are no audience figures, and the owner's address is not among them.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Feed<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    podcast_guid: Text<'a>,
    #[serde(borrow)]
    itunes_id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    author: Text<'a>,
    #[serde(borrow)]
    owner_name: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    artwork: Text<'a>,
    #[serde(borrow)]
    image: Text<'a>,
    #[serde(borrow)]
    link: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    funding: Object<Funding<'a>>,
    #[serde(borrow)]
    language: Text<'a>,
    #[serde(borrow)]
    categories: Object<BTreeMap<String, Text<'a>>>,
    episode_count: Count,
    newest_item_pubdate: Time,
    dead: Flag,
    #[serde(borrow)]
    duplicate_of: Text<'a>,
}

/// Where listeners may pay.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Funding<'a> {
    #[serde(borrow)]
    url: Text<'a>,
}

impl Feed<'_> {
    /// The feed's number in the directory.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.get()
    }

    /// Whether the feed is dead, or another one of the directory in another place.
    pub(crate) fn is_gone(&self) -> bool {
        self.dead.is_yes() || self.duplicate_of.get().is_some()
    }

    /// The show as a creator, or `None` without an id. There is nothing more to be read.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let id = self.id()?;
        // Shows have no handle. This is how their pages are addressed, and nobody else's is.
        let mut creator = Creator::named(id, id)?;
        creator.name = self.title.owned();
        creator.profile_url = Some(format!("https://podcastindex.org/podcast/{id}"));
        creator.avatar_url = [&self.artwork, &self.image].into_iter().find_map(picture);
        creator.bio = self.description.get().map(markup::to_text).filter(|text| !text.is_empty());
        creator.links = self.links();
        creator.language = self.language.owned();
        creator.ids = self.ids(id);
        creator.note("author", self.author.get());
        creator.note("owner", self.owner_name.get());
        creator.note("categories", self.categories());
        creator.note("episodes", self.episode_count.get());
        creator.note("latest-release", self.newest_item_pubdate.get());
        creator.complete = true;
        Some(creator)
    }

    /// The show's website, where it takes money, and the feed itself.
    fn links(&self) -> Vec<String> {
        let funding = self.funding.get().map(|funding| &funding.url);
        let given = [Some(&self.link), funding, Some(&self.url)].into_iter().flatten();
        links::once(given.filter_map(|link| links::absolute(link.get()?)))
    }

    fn ids(&self, id: &str) -> Vec<(String, String)> {
        let ids = [("feedId", Some(id.to_owned())), ("podcastGuid", self.podcast_guid.owned()), ("itunesId", self.itunes_id.owned())];
        ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), id?))).collect()
    }

    fn categories(&self) -> Option<String> {
        let names: Vec<&str> =
            self.categories.get()?.values().filter_map(Text::get).filter(|name| name.contains(char::is_alphabetic)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// An absolute picture; anything else that stands there leads nowhere.
fn picture(text: &Text<'_>) -> Option<String> {
    links::page(text.get()?)
}
