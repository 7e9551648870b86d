//! A channel: what identifies it, as a search finds it, and its profile.

use scout_sdk::{
    Absence, Creator, CreatorRef, Outcome, Response,
    counts::Count,
    json::{List, Object, missing},
    links, provider,
    text::{Text, bare, same_handle},
};
use serde::Deserialize;

use crate::figure;

/// A channel that a search found as such, or a video's. Who has subscribers and a description here needs no profile call.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Found<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    channel_name: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    handle: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    thumbnail: Text<'a>,
    subscriber_count_int: Count,
    #[serde(borrow)]
    subscriber_count_text: Text<'a>,
}

/// The answer to a profile call. Every link's title is a field of its own there, which is why only these are read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Profile<'a> {
    #[serde(borrow)]
    channel_id: Text<'a>,
    #[serde(borrow)]
    channel: Text<'a>,
    #[serde(borrow)]
    handle: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    avatar: Object<Avatar<'a>>,
    #[serde(borrow)]
    description: Text<'a>,
    subscriber_count: Count,
    #[serde(borrow)]
    subscriber_count_text: Text<'a>,
    video_count: Count,
    view_count: Count,
    /// A link with the title "email" lands here, too.
    #[serde(borrow)]
    email: Text<'a>,
    #[serde(borrow)]
    links: List<Text<'a>>,
    #[serde(borrow)]
    country: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Avatar<'a> {
    #[serde(borrow)]
    image: Object<Image<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Image<'a> {
    #[serde(borrow)]
    sources: List<Source<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    url: Text<'a>,
    width: Count,
}

impl Found<'_> {
    /// The creator as a search tells; `cut_is_enough` when a description that the search cut needs no profile call.
    pub(crate) fn creator(&self, cut_is_enough: bool) -> Option<Creator> {
        let mut creator = self.name()?;
        creator.followers = figure::agreed(self.subscriber_count_int, &self.subscriber_count_text, "subscriber");
        creator.bio = self.description.verbatim();
        let is_told = creator.bio.as_deref().is_some_and(|bio| is_whole(bio) || (cut_is_enough && has_no_address(bio)));
        creator.complete = is_told && creator.followers.is_some();
        Some(creator)
    }

    /// The creator with no more than a video tells of its channel.
    pub(crate) fn name(&self) -> Option<Creator> {
        let mut creator = named(self.id.get()?, self.handle.get())?;
        creator.name = self.channel_name.owned().or_else(|| self.title.owned());
        creator.avatar_url = self.thumbnail.get().and_then(links::page);
        Some(creator)
    }
}

/// Whether the search gave a description to its end.
fn is_whole(description: &str) -> bool {
    let end = description.trim_end();
    !end.ends_with("...") && !end.ends_with('…')
}

/// Whether no address stands in what is left of a description, where it might be half of one. The sign may be a wide one, and
/// a word in brackets may stand for it.
fn has_no_address(description: &str) -> bool {
    !description.char_indices().any(|(place, letter)| match letter {
        '@' | '＠' | '﹫' => true,
        '(' | '[' | '{' => begins_with_at(&description[place + 1..]),
        _ => false,
    })
}

/// Whether a text begins with the word "at".
fn begins_with_at(text: &str) -> bool {
    let mut letters = text.trim_start().chars().map(|letter| letter.to_ascii_lowercase());
    // Letters beyond ASCII may be ornamental forms of these.
    let is = |letter: Option<char>, plain: char| letter.is_some_and(|letter| letter == plain || !letter.is_ascii());
    is(letters.next(), 'a') && is(letters.next(), 't') && !letters.next().is_some_and(char::is_alphanumeric)
}

impl Profile<'_> {
    /// What the answer says of a creator.
    pub(crate) fn outcome(&self, asked: &CreatorRef, response: &Response) -> Outcome {
        let Some(id) = self.channel_id.get() else {
            return Outcome::Failed(provider::husk(response).unwrap_or_else(|| missing("channelId")));
        };
        // A handle that was given up may belong to somebody else by now.
        if !self.is(id, asked) {
            return Outcome::Empty(Absence::Missing);
        }
        match self.creator(id, asked) {
            Some(read) => Outcome::Enriched(read),
            None => Outcome::Failed(missing("channelId")),
        }
    }

    /// Whether this is the channel that was asked for, by id or, where the id was not known, by handle.
    fn is(&self, id: &str, asked: &CreatorRef) -> bool {
        match channel_id(asked) {
            Some(wanted) => wanted == id,
            None => self.own_handle().is_none_or(|handle| same_handle(handle, &asked.username)),
        }
    }

    fn creator(&self, id: &str, asked: &CreatorRef) -> Option<Creator> {
        let known = handle(&asked.username).filter(|&handle| !is_id(handle));
        let mut creator = named(id, self.own_handle().or(known))?;
        creator.name = self.name.owned();
        creator.avatar_url = self.avatar.get().and_then(|avatar| avatar.image.get()?.largest());
        creator.followers = figure::agreed(self.subscriber_count, &self.subscriber_count_text, "subscriber");
        creator.bio = self.description.verbatim();
        creator.email = self.email.address();
        creator.links = self.links.rows().iter().filter_map(|link| links::absolute(link.get()?)).collect();
        creator.country = self.country.owned();
        creator.complete = true;
        creator.note("videos", self.video_count.get());
        creator.note("views", self.view_count.get());
        Some(creator)
    }

    /// The handle in its own field or, in older answers, at the end of the channel's address.
    fn own_handle(&self) -> Option<&str> {
        let of_address = || self.channel.get().and_then(|address| address.rsplit_once("/@")).map(|(_, handle)| handle);
        self.handle.get().and_then(handle).or_else(|| of_address().and_then(handle))
    }
}

impl Image<'_> {
    fn largest(&self) -> Option<String> {
        let largest = self.sources.rows().iter().filter(|source| source.url.get().is_some()).max_by_key(|source| source.width.get());
        links::page(largest?.url.get()?)
    }
}

/// A creator with nothing but what identifies it. A channel without a handle goes by its id.
pub(crate) fn named(id: &str, own: Option<&str>) -> Option<Creator> {
    let own = own.and_then(handle);
    let mut creator = Creator::named(id, own.unwrap_or(id))?;
    creator.profile_url = Some(match own {
        Some(handle) => format!("https://www.youtube.com/@{handle}"),
        None => format!("https://www.youtube.com/channel/{id}"),
    });
    creator.ids = vec![("channelId".into(), id.to_owned())];
    Some(creator)
}

/// The id of a creator whose profile is wanted, if it is known.
pub(crate) fn channel_id(creator: &CreatorRef) -> Option<&str> {
    let given = creator.ids.iter().find(|(name, _)| name == "channelId").map(|(_, id)| id.as_str());
    [Some(creator.identity.as_str()), given].into_iter().flatten().find(|id| is_id(id))
}

/// The handle, unless it is none: `channel/UC…` stands in its place for a channel without one.
fn handle(text: &str) -> Option<&str> {
    Some(bare(text)).filter(|handle| !handle.is_empty() && !handle.contains(['/', ' ', ':']))
}

/// Whether this has the form of a channel's id, which is never taken for a handle: asked for as one it is not found,
/// and costs a credit nevertheless.
fn is_id(text: &str) -> bool {
    text.len() == 24 && text.starts_with("UC") && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
