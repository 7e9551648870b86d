//! The answer to a search: lists of videos, shorts, lives and channels, and shelves with more of them.

use scout_sdk::{
    Creator, Fault, Response,
    json::{List, missing},
    provider,
    text::Text,
};
use serde::Deserialize;

use crate::{channel, video::Video};

/// The answer. Playlists are counted and not read, since they are nobody's in particular.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Answer<'a> {
    #[serde(borrow)]
    channels: List<channel::Found<'a>>,
    #[serde(borrow)]
    videos: List<Video<'a>>,
    #[serde(borrow)]
    shorts: List<Video<'a>>,
    #[serde(borrow)]
    lives: List<Video<'a>>,
    #[serde(borrow)]
    shelves: List<Shelf<'a>>,
    #[serde(borrow)]
    playlists: List<Video<'a>>,
    #[serde(borrow)]
    pub(crate) continuation_token: Text<'a>,
}

/// A group such as "People also watched". Its shorts repeat others without their channel; its videos are new ones.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shelf<'a> {
    #[serde(borrow)]
    items: List<Video<'a>>,
}

impl Answer<'_> {
    /// Lets an answer pass that is one: any of its lists is there.
    pub(crate) fn check(&self, response: &Response) -> Result<(), Fault> {
        let is_there = self.channels.is_list() || [&self.videos, &self.shorts, &self.lives].into_iter().any(List::is_list);
        // An answer may say no beside empty lists, and then nothing was found for another reason.
        let refused = if self.given() == 0 { provider::husk(response) } else { None };
        match (refused, is_there) {
            (Some(fault), _) => Err(fault),
            (None, true) => Ok(()),
            (None, false) => Err(missing("videos")),
        }
    }

    /// The creators, those found as channels first. A video's channel that also was found as such has what that row
    /// tells, since either may be the one that is kept.
    pub(crate) fn creators(&self, cut_is_enough: bool) -> Result<Vec<Creator>, Fault> {
        let mut creators: Vec<_> = self.channels.rows().iter().filter_map(|found| found.creator(cut_is_enough)).collect();
        let channels = creators.len();
        let lists = [&self.videos, &self.shorts, &self.lives].into_iter().chain(self.shelves.rows().iter().map(|shelf| &shelf.items));
        for mut creator in lists.flat_map(List::rows).filter_map(Video::creator) {
            if let Some(found) = creators[..channels].iter().find(|found| found.identity == creator.identity) {
                let content = creator.content.take();
                creator = Creator { content, ..found.clone() };
            }
            creators.push(creator);
        }
        // Rows that all lack their channel are a changed shape, which is not the same as finding nobody.
        if creators.is_empty() { self.lacking().map_or(Ok(creators), Err) } else { Ok(creators) }
    }

    /// How many rows the platform gave, those included that lead to no creator.
    pub(crate) fn given(&self) -> usize {
        let videos = [&self.videos, &self.shorts, &self.lives, &self.playlists].into_iter().map(List::given).sum::<usize>();
        videos + self.channels.given() + self.shelves.given()
    }

    /// What the rows lack that always have a channel; those on shelves and playlists need not.
    fn lacking(&self) -> Option<Fault> {
        let lists = [("videos", &self.videos), ("shorts", &self.shorts), ("lives", &self.lives)];
        let videos = lists.into_iter().find(|(_, list)| list.given() > 0).map(|(name, _)| missing(&format!("{name}[].channel.id")));
        videos.or_else(|| (self.channels.given() > 0).then(|| missing("channels[].id")))
    }
}
