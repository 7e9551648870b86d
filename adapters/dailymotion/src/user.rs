//! A user, as a row of its own or as the uploader of a video.

use scout_sdk::{Creator, counts::Count, flags::Flag, links, markup, text::Text};
use serde::Deserialize;

/// What is asked of a user. None of it needs a login.
pub(crate) const FIELDS: [&str; 16] = [
    "id",
    "username",
    "screenname",
    "description",
    "url",
    "avatar_360_url",
    "followers_total",
    "videos_total",
    "verified",
    "country",
    "language",
    "website_url",
    "facebook_url",
    "instagram_url",
    "linkedin_url",
    "twitter_url",
];

/// A user, as far as one is read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct User<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    username: Text<'a>,
    #[serde(borrow)]
    screenname: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    avatar_360_url: Text<'a>,
    followers_total: Count,
    videos_total: Count,
    verified: Flag,
    #[serde(borrow)]
    country: Text<'a>,
    #[serde(borrow)]
    language: Text<'a>,
    #[serde(borrow)]
    website_url: Text<'a>,
    #[serde(borrow)]
    facebook_url: Text<'a>,
    #[serde(borrow)]
    instagram_url: Text<'a>,
    #[serde(borrow)]
    linkedin_url: Text<'a>,
    #[serde(borrow)]
    twitter_url: Text<'a>,
}

/// The same of a video's uploader, which comes under literal dotted keys beside the video's own.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Owner<'a> {
    /// The uploader's id alone, as rows have it whose uploader was not asked for field by field.
    #[serde(borrow)]
    owner: Text<'a>,
    #[serde(borrow, rename = "owner.id")]
    id: Text<'a>,
    #[serde(borrow, rename = "owner.username")]
    username: Text<'a>,
    #[serde(borrow, rename = "owner.screenname")]
    screenname: Text<'a>,
    #[serde(borrow, rename = "owner.description")]
    description: Text<'a>,
    #[serde(borrow, rename = "owner.url")]
    url: Text<'a>,
    #[serde(borrow, rename = "owner.avatar_360_url")]
    avatar_360_url: Text<'a>,
    #[serde(rename = "owner.followers_total")]
    followers_total: Count,
    #[serde(rename = "owner.videos_total")]
    videos_total: Count,
    #[serde(rename = "owner.verified")]
    verified: Flag,
    #[serde(borrow, rename = "owner.country")]
    country: Text<'a>,
    #[serde(borrow, rename = "owner.language")]
    language: Text<'a>,
    #[serde(borrow, rename = "owner.website_url")]
    website_url: Text<'a>,
    #[serde(borrow, rename = "owner.facebook_url")]
    facebook_url: Text<'a>,
    #[serde(borrow, rename = "owner.instagram_url")]
    instagram_url: Text<'a>,
    #[serde(borrow, rename = "owner.linkedin_url")]
    linkedin_url: Text<'a>,
    #[serde(borrow, rename = "owner.twitter_url")]
    twitter_url: Text<'a>,
}

impl<'a> From<Owner<'a>> for User<'a> {
    fn from(owner: Owner<'a>) -> Self {
        User {
            id: if owner.id.get().is_some() { owner.id } else { owner.owner },
            username: owner.username,
            screenname: owner.screenname,
            description: owner.description,
            url: owner.url,
            avatar_360_url: owner.avatar_360_url,
            followers_total: owner.followers_total,
            videos_total: owner.videos_total,
            verified: owner.verified,
            country: owner.country,
            language: owner.language,
            website_url: owner.website_url,
            facebook_url: owner.facebook_url,
            instagram_url: owner.instagram_url,
            linkedin_url: owner.linkedin_url,
            twitter_url: owner.twitter_url,
        }
    }
}

impl User<'_> {
    /// The creator, or `None` without an id. A handle can be changed, so it makes nobody the same one again; an id can stand in
    /// its place, because it leads to the profile, too.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let id = self.id.get()?;
        let mut creator = Creator::named(id, self.username.get().unwrap_or(id))?;
        creator.name = self.screenname.owned();
        creator.profile_url = Some(self.page().unwrap_or_else(|| format!("https://www.dailymotion.com/{}", creator.username)));
        creator.avatar_url = self.avatar_360_url.get().and_then(links::page);
        creator.followers = self.followers_total.get();
        creator.bio = self.description.get().map(markup::to_text).filter(|bio| !bio.is_empty());
        creator.verified = self.verified.get();
        creator.links = self.links();
        creator.country = self.country.get().map(str::to_ascii_uppercase);
        creator.language = self.language.owned();
        creator.ids = vec![("userId".into(), id.to_owned())];
        creator.note("videos", self.videos_total.get());
        creator.complete = true;
        Some(creator)
    }

    fn page(&self) -> Option<String> {
        links::page(self.url.get()?)
    }

    fn links(&self) -> Vec<String> {
        let links = [&self.website_url, &self.facebook_url, &self.instagram_url, &self.linkedin_url, &self.twitter_url];
        links.into_iter().filter_map(|link| links::absolute(link.get()?)).collect()
    }
}
