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

    /// Whether this is the creator that was asked for, by id or, where one of both is not known, by handle.
    pub(crate) fn is(&self, creator: &CreatorRef) -> bool {
        let by_handle = |key: &str| self.username.get().is_some_and(|handle| same_handle(handle, key));
        match self.id() {
            Some(id) => id == creator.identity || by_handle(&creator.identity),
            None => by_handle(&creator.identity) || by_handle(&creator.username),
        }
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
        creator.email = self.business_email.get().filter(|email| email.contains('@')).map(str::to_owned);
        creator.verified = self.is_verified.get();
        creator.links = self.links();
        creator.ids = self.id().map(|id| ("instagramUserId".to_owned(), id.to_owned())).into_iter().collect();
        creator.extra = self.extra();
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
        let mut found: Vec<String> = Vec::new();
        let given = self.bio_links.rows().iter().map(|link| &link.url).chain([&self.external_url]);
        for link in given.filter_map(|link| links::absolute(link.get()?)) {
            if !found.iter().any(|known| known.trim_end_matches('/') == link.trim_end_matches('/')) {
                found.push(link);
            }
        }
        found
    }

    /// What the account does, where it says so, and how many posts it has. "None" is the platform's word for nothing.
    fn extra(&self) -> Vec<(String, String)> {
        let names = [&self.category_name, &self.category].into_iter().filter_map(Text::get);
        let category = names.filter(|&name| name != "None").map(str::to_owned).next();
        let posts = self.media_count.or(count(&self.edge_owner_to_timeline_media)).get().map(|posts| posts.to_string());
        let known = [("category", category), ("posts", posts)];
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

fn count(edge: &Object<Edge>) -> Count {
    edge.get().map(|edge| edge.count).unwrap_or_default()
}

/// Handles are the same whatever their case, with or without a sign.
pub(crate) fn same_handle(one: &str, other: &str) -> bool {
    one.trim_start_matches('@').eq_ignore_ascii_case(other.trim_start_matches('@'))
}
