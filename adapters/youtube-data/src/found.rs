//! What a search finds: a video or a channel.

use scout_sdk::{
    Content, Creator,
    json::Object,
    markup,
    text::{self, Text},
    times::Time,
};
use serde::Deserialize;

use crate::channel::{Thumbnails, named};

/// An item of a search, as far as it is read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Found<'a> {
    #[serde(borrow)]
    id: Object<Id<'a>>,
    #[serde(borrow)]
    snippet: Object<Snippet<'a>>,
}

/// Which of these is there says what was found.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Id<'a> {
    #[serde(borrow)]
    video_id: Text<'a>,
    #[serde(borrow)]
    channel_id: Text<'a>,
}

/// Titles and descriptions are escaped as in HTML here, and descriptions are cut.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Snippet<'a> {
    #[serde(borrow)]
    channel_id: Text<'a>,
    #[serde(borrow)]
    channel_title: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    thumbnails: Object<Thumbnails<'a>>,
    published_at: Time,
}

impl Found<'_> {
    /// The channel that was found, or whose video or playlist was.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let snippet = self.snippet.get()?;
        let own = self.id.get().and_then(|id| id.channel_id.get());
        let mut creator = named(own.or(snippet.channel_id.get())?, None)?;
        creator.name = unescaped(&snippet.channel_title);
        match own {
            Some(_) => snippet.describe(&mut creator),
            None => creator.content = self.video(snippet),
        }
        Some(creator)
    }

    fn video(&self, snippet: &Snippet<'_>) -> Option<Content> {
        let id = self.id.get()?.video_id.get()?;
        let title = unescaped(&snippet.title);
        Some(Content {
            id: id.to_owned(),
            url: Some(format!("https://www.youtube.com/watch?v={id}")),
            hashtags: text::hashtags(title.as_deref().unwrap_or_default()),
            description: title,
            thumbnail: snippet.thumbnails.get().and_then(Thumbnails::largest),
            posted_at: snippet.published_at.get(),
            ..Content::default()
        })
    }
}

impl Snippet<'_> {
    /// A channel's own row shows its picture and the beginning of its description.
    fn describe(&self, creator: &mut Creator) {
        creator.name = creator.name.take().or_else(|| unescaped(&self.title));
        creator.bio = unescaped(&self.description);
        creator.avatar_url = self.thumbnails.get().and_then(Thumbnails::largest);
    }
}

/// The text that was meant; what only unescaping makes blank is unknown, too.
fn unescaped(text: &Text<'_>) -> Option<String> {
    text.get().map(|text| markup::unescape(text).trim().to_owned()).filter(|text| !text.is_empty())
}
