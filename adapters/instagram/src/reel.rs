//! A page of reels, each with its owner.

use scout_sdk::{
    Content, Creator, Fault, Page, Response,
    counts::Count,
    durations::Seconds,
    json::{Body, Object},
    links, provider,
    text::{self, Text},
    times::Time,
};
use serde::Deserialize;

use crate::account::Account;
use crate::answer::Answer;
use crate::endpoint::{Endpoint, Place};

/// A reel, as far as it is read. Only the older endpoint tells how often it was seen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reel<'a> {
    #[serde(borrow)]
    owner: Object<Account<'a>>,
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    shortcode: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    caption: Text<'a>,
    #[serde(borrow)]
    thumbnail_src: Text<'a>,
    #[serde(borrow)]
    display_url: Text<'a>,
    video_play_count: Count,
    video_view_count: Count,
    like_count: Count,
    comment_count: Count,
    taken_at: Time,
    video_duration: Seconds,
}

/// Reads a page. The endpoint has no cursor but counts pages, and a page of few rows is followed by others.
pub(crate) fn read_page(endpoint: Endpoint, place: Place, response: &Response) -> Result<Page, Fault> {
    let body = Body::of(response);
    let found: Answer<'_> = body.read()?;
    found.reels.require("reels").map_err(|fault| provider::husk(response).unwrap_or(fault))?;
    let reels = found.reels.require_any("reels[].owner.id", |reel| reel.creator().is_some())?;
    let has_more = endpoint == Endpoint::Reels && found.reels.given() > 0;
    Ok(Page::of(reels.iter().filter_map(Reel::creator).collect(), place.onward(place.page + 1).filter(|_| has_more)))
}

impl Reel<'_> {
    fn creator(&self) -> Option<Creator> {
        let creator = self.owner.get()?.creator()?;
        Some(Creator { content: self.content(), ..creator })
    }

    fn content(&self) -> Option<Content> {
        let id = self.id.get().or(self.shortcode.get())?;
        Some(Content {
            id: id.to_owned(),
            url: self.link(),
            description: self.caption.verbatim(),
            thumbnail: [&self.thumbnail_src, &self.display_url].into_iter().find_map(|picture| links::page(picture.get()?)),
            // Plays are what Instagram shows; views count each viewer once.
            views: self.video_play_count.or(self.video_view_count).get(),
            likes: self.like_count.get(),
            comments: self.comment_count.get(),
            shares: None,
            posted_at: self.taken_at.get(),
            duration: self.video_duration.get(),
            hashtags: text::hashtags(self.caption.get().unwrap_or_default()),
        })
    }

    fn link(&self) -> Option<String> {
        let by_shortcode = || Some(format!("https://www.instagram.com/reel/{}/", self.shortcode.get()?));
        self.url.get().and_then(links::page).or_else(by_shortcode)
    }
}
