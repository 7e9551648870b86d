//! An account, as owners of reels, search results and all generations of profiles describe it.

use scout_sdk::{
    Creator, CreatorRef,
    counts::Count,
    flags::Flag,
    json::{List, Object},
    links,
    text::Text,
};
use serde::Deserialize;

/// An account. Each answer has some of the fields: owners have no bio, the newest profiles no id, and only old ones and
/// trimmed ones have all counts in `edge_` objects.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Account<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    pk: Text<'a>,
    #[serde(borrow)]
    username: Text<'a>,
    #[serde(borrow)]
    full_name: Text<'a>,
    #[serde(borrow)]
    biography: Text<'a>,
    #[serde(borrow)]
    bio_links: List<Link<'a>>,
    #[serde(borrow)]
    external_url: Text<'a>,
    follower_count: Count,
    edge_followed_by: Object<Edge>,
    media_count: Count,
    edge_owner_to_timeline_media: Object<Edge>,
    is_verified: Flag,
    #[serde(borrow)]
    business_email: Text<'a>,
    #[serde(borrow)]
    category_name: Text<'a>,
    #[serde(borrow)]
    category: Text<'a>,
    #[serde(borrow)]
    profile_pic_url: Text<'a>,
    #[serde(borrow)]
    profile_pic_url_hd: Text<'a>,
    #[serde(borrow)]
    hd_profile_pic_url_info: Object<Link<'a>>,
}

/// What has an address: a link of the bio, or a picture.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Link<'a> {
    #[serde(borrow)]
    url: Text<'a>,
}

/// A connection to other things, of which only the number is read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Edge {
    count: Count,
}

impl Account<'_> {
    /// Whether there is an account at all: what has no handle is none.
    pub(crate) fn is_there(&self) -> bool {
        self.username.get().is_some()
    }

    /// Whether this is the creator that was asked for.
    pub(crate) fn is(&self, creator: &CreatorRef) -> bool {
        creator.is(self.id(), self.username.get())
    }

    /// The creator as a search tells. Without an id the same account could come twice; it is dropped.
    pub(crate) fn creator(&self) -> Option<Creator> {
        self.named(self.id()?)
    }

    /// The creator as a profile tells, which is all there is; the newest profiles have no id, so that it is the one
    /// that was asked for.
    pub(crate) fn profile(&self, asked: &CreatorRef) -> Option<Creator> {
        let creator = self.named(self.id().unwrap_or(&asked.identity))?;
        Some(Creator { complete: true, ..creator })
    }

    fn named(&self, id: &str) -> Option<Creator> {
        let mut creator = Creator::named(id, self.username.get()?)?;
        creator.name = self.full_name.owned();
        creator.profile_url = Some(format!("https://www.instagram.com/{}/", creator.username));
        creator.avatar_url = self.avatar();
        creator.followers = self.follower_count.or(count(&self.edge_followed_by)).get();
        creator.bio = self.biography.verbatim();
        creator.email = self.business_email.address();
        creator.verified = self.is_verified.get();
        creator.links = self.links();
        creator.ids = self.id().map(|id| ("instagramUserId".to_owned(), id.to_owned())).into_iter().collect();
        creator.note("category", self.category());
        creator.note("posts", self.media_count.or(count(&self.edge_owner_to_timeline_media)).get());
        Some(creator)
    }

    fn id(&self) -> Option<&str> {
        self.id.get().or(self.pk.get())
    }

    fn avatar(&self) -> Option<String> {
        let large = self.hd_profile_pic_url_info.get().and_then(|picture| picture.url.get());
        [self.profile_pic_url_hd.get(), large, self.profile_pic_url.get()].into_iter().flatten().find_map(links::page)
    }

    /// The links of the bio; the one beside it mostly is the first of them, with or without a final slash.
    fn links(&self) -> Vec<String> {
        let given = self.bio_links.rows().iter().map(|link| &link.url).chain([&self.external_url]);
        links::once(given.filter_map(|link| links::absolute(link.get()?)))
    }

    /// What the account does, where it says so. "None" is the platform's word for nothing.
    fn category(&self) -> Option<&str> {
        [&self.category_name, &self.category].into_iter().filter_map(Text::get).find(|&name| name != "None")
    }
}

fn count(edge: &Object<Edge>) -> Count {
    edge.get().map(|edge| edge.count).unwrap_or_default()
}
