//! A row of a search: a video with its uploader, or a user.

use scout_sdk::{
    Content, Creator,
    counts::Count,
    durations::Seconds,
    json::{List, Raw, part},
    links, markup,
    text::{self, Text},
    times::Time,
};
use serde::Deserialize;

use crate::Kind;
use crate::user::{Owner, User};

/// What is asked of a video.
pub(crate) const VIDEO_FIELDS: [&str; 10] =
    ["id", "title", "description", "url", "thumbnail_360_url", "created_time", "duration", "views_total", "likes_total", "tags"];

/// A row as it came: what it is depends on what was searched.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Row<'a>(#[serde(borrow)] Raw<'a>);

/// A video, as far as it is read. Its `channel` is a topic and not the uploader.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Video<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    thumbnail_360_url: Text<'a>,
    created_time: Time,
    duration: Seconds,
    views_total: Count,
    likes_total: Count,
    #[serde(borrow)]
    tags: List<Text<'a>>,
}

impl Row<'_> {
    /// The creator, with the video where a video was found; `None` when there is nobody to be known again.
    pub(crate) fn creator(&self, kind: Kind) -> Option<Creator> {
        match kind {
            Kind::Users => part::<User<'_>>(self.0.0)?.creator(),
            Kind::Videos => {
                let creator = User::from(part::<Owner<'_>>(self.0.0)?).creator()?;
                let content = part::<Video<'_>>(self.0.0).and_then(|video| video.content());
                Some(Creator { content, ..creator })
            }
        }
    }
}

impl Video<'_> {
    fn content(&self) -> Option<Content> {
        let id = self.id.get()?;
        Some(Content {
            id: id.to_owned(),
            url: Some(self.link().unwrap_or_else(|| format!("https://www.dailymotion.com/video/{id}"))),
            description: self.title.owned(),
            thumbnail: self.thumbnail_360_url.get().and_then(links::page),
            views: self.views_total.get(),
            likes: self.likes_total.get(),
            comments: None,
            shares: None,
            posted_at: self.created_time.get(),
            // A live video has no length yet, which comes as 0.
            duration: self.duration.get(),
            hashtags: self.hashtags(),
        })
    }

    fn link(&self) -> Option<String> {
        links::page(self.url.get()?)
    }

    /// The tags, else what the description marks as such.
    fn hashtags(&self) -> Vec<String> {
        let mut tags = Vec::new();
        for tag in self.tags.rows() {
            text::add_tag(&mut tags, tag.get().unwrap_or_default());
        }
        if tags.is_empty() { text::hashtags(&markup::to_text(self.description.get().unwrap_or_default())) } else { tags }
    }
}
