//! A video, short or live stream, as a search gives it with its channel.

use scout_sdk::{
    Content, Creator,
    counts::Count,
    durations::Seconds,
    json::Object,
    links,
    text::{self, Text},
    times::Time,
};
use serde::Deserialize;

use crate::{channel, figure};

/// A row of any list but that of channels. Shorts on shelves lack their channel.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Video<'a> {
    #[serde(borrow)]
    channel: Object<channel::Found<'a>>,
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    thumbnail: Text<'a>,
    view_count_int: Count,
    #[serde(borrow)]
    view_count_text: Text<'a>,
    like_count_int: Count,
    comment_count_int: Count,
    publish_date: Time,
    #[serde(borrow)]
    publish_date_text: Text<'a>,
    /// A stream that is live has no length yet, which comes as 0.
    length_seconds: Seconds,
}

impl Video<'_> {
    /// The channel with this video. Without an id of its channel a video belongs to nobody who could be known again.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let mut creator = self.channel.get()?.name()?;
        creator.content = self.content();
        Some(creator)
    }

    fn content(&self) -> Option<Content> {
        let id = self.id.get()?;
        let link = self.url.get().and_then(links::page);
        Some(Content {
            id: id.to_owned(),
            url: Some(link.unwrap_or_else(|| format!("https://www.youtube.com/watch?v={id}"))),
            description: self.title.verbatim(),
            thumbnail: self.thumbnail.get().and_then(links::page),
            views: figure::agreed(self.view_count_int, &self.view_count_text, "view"),
            likes: self.like_count_int.get(),
            comments: self.comment_count_int.get(),
            shares: None,
            posted_at: self.posted_at(),
            duration: self.length_seconds.get(),
            hashtags: text::hashtags(self.title.get().unwrap_or_default()),
        })
    }

    /// The date of publication. The provider works `publishedTime` out from "2 years ago", so that one is never read,
    /// and a date that has such a text is as little of one.
    fn posted_at(&self) -> Option<String> {
        let is_guessed = self.publish_date_text.get().is_some_and(|text| text.ends_with("ago"));
        self.publish_date.get().filter(|_| !is_guessed)
    }
}
