//! A profile, and the answers that stand in its place when there is none.

use scout_sdk::{
    Absence, Creator, CreatorRef, Outcome, Response,
    counts::Count,
    flags::Flag,
    json::{Object, missing},
    links, provider,
    text::{Text, same_handle},
};
use serde::Deserialize;

/// The answer to a profile call. HTTP says 200 for private and closed accounts, too.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Answer<'a> {
    #[serde(borrow)]
    user: Object<User<'a>>,
    #[serde(rename = "statsV2")]
    exact: Object<Stats>,
    #[serde(rename = "stats")]
    rounded: Object<Stats>,
    account_private: Flag,
    account_deactivated: Flag,
    #[serde(borrow)]
    handle: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct User<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    unique_id: Text<'a>,
    #[serde(borrow)]
    sec_uid: Text<'a>,
    #[serde(borrow)]
    nickname: Text<'a>,
    #[serde(borrow)]
    signature: Text<'a>,
    #[serde(borrow)]
    avatar_larger: Text<'a>,
    #[serde(borrow)]
    avatar_medium: Text<'a>,
    #[serde(borrow)]
    avatar_thumb: Text<'a>,
    verified: Flag,
    #[serde(borrow)]
    region: Text<'a>,
    #[serde(borrow)]
    language: Text<'a>,
    #[serde(borrow)]
    bio_link: Object<BioLink<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct BioLink<'a> {
    #[serde(borrow)]
    link: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Stats {
    follower_count: Count,
    heart: Count,
    heart_count: Count,
    video_count: Count,
}

impl Answer<'_> {
    /// What the answer says of a creator; `alone` when nobody else was asked for with it.
    pub(crate) fn outcome(&self, creator: &CreatorRef, alone: bool, response: &Response) -> Outcome {
        let Some(user) = self.user.get() else {
            return self.absence(creator, alone, response);
        };
        // A handle that was given up may belong to somebody else by now.
        if !creator.is(user.id.get(), user.unique_id.get()) {
            return Outcome::Empty(Absence::Missing);
        }
        match self.creator(user, creator) {
            Some(read) => Outcome::Enriched(read),
            None => Outcome::Failed(missing("user.uniqueId")),
        }
    }

    fn absence(&self, creator: &CreatorRef, alone: bool, response: &Response) -> Outcome {
        let named =
            self.handle.get().is_some_and(|handle| same_handle(handle, &creator.username) || same_handle(handle, &creator.identity));
        if !alone && self.handle.get().is_some() && !named {
            return Outcome::Empty(Absence::Missing);
        }
        match (self.account_private.is_yes(), self.account_deactivated.is_yes()) {
            (true, _) => Outcome::Empty(Absence::Private),
            (_, true) => Outcome::Empty(Absence::Deactivated),
            _ => Outcome::Failed(provider::husk(response).unwrap_or_else(|| missing("user"))),
        }
    }

    fn creator(&self, user: &User<'_>, asked: &CreatorRef) -> Option<Creator> {
        let mut creator = Creator::named(user.id.get().unwrap_or(&asked.identity), user.unique_id.get()?)?;
        creator.name = user.nickname.owned();
        creator.profile_url = Some(page(&creator.username));
        creator.avatar_url =
            [&user.avatar_larger, &user.avatar_medium, &user.avatar_thumb].into_iter().find_map(|avatar| links::page(avatar.get()?));
        creator.followers = self.count(|stats| stats.follower_count);
        creator.bio = user.signature.verbatim();
        creator.verified = user.verified.get();
        creator.links = user.bio_link.get().and_then(|bio| links::absolute(bio.link.get()?)).into_iter().collect();
        creator.country = user.region.owned();
        creator.language = user.language.owned();
        creator.ids = ids(&creator.username, user.sec_uid.get());
        creator.complete = true;
        // `heartCount` overflows on large accounts, so `heart` comes first.
        creator.note("hearts", self.count(|stats| if stats.heart.get().is_some() { stats.heart } else { stats.heart_count }));
        creator.note("videos", self.count(|stats| stats.video_count));
        Some(creator)
    }

    /// An exact count where there is one. The others are rounded to two or three digits.
    fn count(&self, pick: fn(&Stats) -> Count) -> Option<u64> {
        let of = |stats: &Object<Stats>| stats.get().map(pick).unwrap_or_default();
        of(&self.exact).get().or(of(&self.rounded).get())
    }
}

/// The page of a profile.
pub(crate) fn page(username: &str) -> String {
    format!("https://www.tiktok.com/@{username}")
}

/// The identifiers that clients know, beside the numeric one.
pub(crate) fn ids(username: &str, sec_uid: Option<&str>) -> Vec<(String, String)> {
    let handle = ("uniqueId".to_owned(), username.to_owned());
    let secret = sec_uid.map(|id| ("secUid".to_owned(), id.to_owned()));
    std::iter::once(handle).chain(secret).collect()
}
