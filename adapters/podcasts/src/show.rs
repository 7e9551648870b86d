//! A show, which is the creator here.
//!
//! Apple knows artists, too, but an artist is whoever publishes: a network with hundreds of shows, or nobody at all. What has
//! listeners, a feed and an owner to write to is the show.

use scout_sdk::{Creator, counts::Count, links, text::Text, times::Time};
use serde::Deserialize;

/// A row of a search, as far as it is read. There are no audience figures and no description.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Show<'a> {
    #[serde(borrow)]
    collection_id: Text<'a>,
    #[serde(borrow)]
    artist_id: Text<'a>,
    #[serde(borrow)]
    artist_name: Text<'a>,
    #[serde(borrow)]
    collection_name: Text<'a>,
    #[serde(borrow)]
    collection_view_url: Text<'a>,
    #[serde(borrow)]
    artist_view_url: Text<'a>,
    #[serde(borrow)]
    feed_url: Text<'a>,
    #[serde(borrow)]
    artwork_url600: Text<'a>,
    #[serde(borrow)]
    artwork_url100: Text<'a>,
    #[serde(borrow)]
    primary_genre_name: Text<'a>,
    track_count: Count,
    release_date: Time,
}

impl Show<'_> {
    /// The show as a creator, or `None` without an id. There is nothing more to be read.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let id = self.collection_id.get()?;
        // Shows have no handle. This is how their pages are addressed, and nobody else's is.
        let mut creator = Creator::named(id, &format!("id{id}"))?;
        creator.name = self.collection_name.owned();
        creator.profile_url = Some(self.page().unwrap_or_else(|| format!("https://podcasts.apple.com/podcast/id{id}")));
        creator.avatar_url = [&self.artwork_url600, &self.artwork_url100].into_iter().find_map(|artwork| links::page(artwork.get()?));
        creator.links =
            [&self.feed_url, &self.artist_view_url].into_iter().filter_map(|link| links::absolute(plain(link.get()?))).collect();
        creator.ids = [("collectionId", Some(id.to_owned())), ("artistId", self.artist_id.owned())]
            .into_iter()
            .filter_map(|(name, id)| Some((name.to_owned(), id?)))
            .collect();
        creator.note("artist", self.artist_name.get());
        creator.note("genre", self.primary_genre_name.get());
        creator.note("episodes", self.track_count.get());
        creator.note("latest-release", self.release_date.get());
        creator.complete = true;
        Some(creator)
    }

    fn page(&self) -> Option<String> {
        links::page(plain(self.collection_view_url.get()?))
    }
}

/// A link without the traces of who passed it on, which is all that Apple's own parameters are.
fn plain(link: &str) -> &str {
    link.strip_suffix("?uo=4").unwrap_or(link)
}
