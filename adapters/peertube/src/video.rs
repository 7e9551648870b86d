//! A video, which a search finds together with its channel.

use scout_sdk::{
    Content, Creator,
    counts::Count,
    durations::Seconds,
    flags::Flag,
    json::{List, Object},
    links,
    text::{Text, add_tag},
    times::Time,
};
use serde::Deserialize;

use crate::{channel::Channel, picture};

/// The code of videos in which nobody speaks.
const NO_LANGUAGE: &str = "zxx";

/// A video, as far as it is read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Video<'a> {
    #[serde(borrow)]
    uuid: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    thumbnail_url: Text<'a>,
    #[serde(borrow)]
    thumbnail_path: Text<'a>,
    views: Count,
    likes: Count,
    comments: Count,
    duration: Seconds,
    is_live: Flag,
    published_at: Time,
    #[serde(borrow)]
    language: Object<Language<'a>>,
    #[serde(borrow)]
    tags: List<Text<'a>>,
    #[serde(borrow)]
    channel: Object<Channel<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Language<'a> {
    #[serde(borrow)]
    id: Text<'a>,
}

impl Video<'_> {
    /// The channel with this video, or `None` when the row names no channel.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let channel = self.channel.get()?;
        let mut creator = channel.creator()?;
        creator.language = self.language.get().and_then(|language| language.id.owned()).filter(|language| language != NO_LANGUAGE);
        creator.content = self.content(channel.host());
        Some(creator)
    }

    fn content(&self, host: Option<&str>) -> Option<Content> {
        let thumbnail = self.thumbnail_url.get().and_then(links::page);
        let mut hashtags = Vec::new();
        self.tags.rows().iter().filter_map(Text::get).for_each(|tag| add_tag(&mut hashtags, tag));
        Some(Content {
            // Numbers are counted anew by every instance, so they make no id.
            id: self.uuid.owned()?,
            url: self.url.get().and_then(links::page),
            description: self.name.owned(),
            thumbnail: thumbnail.or_else(|| picture::at(host?, self.thumbnail_path.get()?)),
            views: self.views.get(),
            likes: self.likes.get(),
            comments: self.comments.get(),
            shares: None,
            posted_at: self.published_at.get(),
            // A video that is still going on has no length yet.
            duration: self.duration.get().filter(|_| !self.is_live.is_yes()),
            hashtags,
        })
    }
}
