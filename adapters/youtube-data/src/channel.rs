//! A channel's profile, and what identifies a channel.

use scout_sdk::{
    Absence, Creator, CreatorRef, Outcome,
    counts::Count,
    flags::Flag,
    json::{Object, missing},
    links,
    text::{Text, same_handle},
};
use serde::Deserialize;

/// An item of `channels`, as far as it is read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Channel<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    snippet: Object<Snippet<'a>>,
    statistics: Object<Statistics>,
    #[serde(borrow)]
    branding_settings: Object<Branding<'a>>,
}

/// What a channel says of itself. Unlike in searches, nothing is escaped or cut here.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Snippet<'a> {
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    custom_url: Text<'a>,
    #[serde(borrow)]
    thumbnails: Object<Thumbnails<'a>>,
    #[serde(borrow)]
    country: Text<'a>,
    #[serde(borrow)]
    default_language: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Statistics {
    subscriber_count: Count,
    hidden_subscriber_count: Flag,
    video_count: Count,
    view_count: Count,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Branding<'a> {
    #[serde(borrow)]
    channel: Object<Snippet<'a>>,
}

/// Pictures of three sizes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Thumbnails<'a> {
    #[serde(borrow)]
    high: Object<Picture<'a>>,
    #[serde(borrow)]
    medium: Object<Picture<'a>>,
    #[serde(borrow, rename = "default")]
    small: Object<Picture<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Picture<'a> {
    #[serde(borrow)]
    url: Text<'a>,
}

impl Channel<'_> {
    /// The channel's id.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.get()
    }

    /// Whether this is the channel that was asked for; `alone` when nobody else was asked for with it.
    pub(crate) fn is(&self, asked: &CreatorRef, alone: bool) -> bool {
        match channel_id(asked) {
            Some(id) => self.id() == Some(id),
            // A handle may be written in another way than it was asked for, but then it is the only one.
            None => alone || self.handle().is_some_and(|handle| same_handle(handle, &asked.username)),
        }
    }

    /// What became of the profile.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.snippet.get().is_none() {
            return Outcome::Failed(missing("items[].snippet"));
        }
        self.creator().map_or(Outcome::Empty(Absence::Missing), Outcome::Enriched)
    }

    fn creator(&self) -> Option<Creator> {
        let mut creator = named(self.id()?, self.handle())?;
        creator.name = self.said(|snippet| &snippet.title).and_then(Text::owned);
        creator.bio = self.said(|snippet| &snippet.description).and_then(Text::verbatim);
        creator.country = self.said(|snippet| &snippet.country).and_then(Text::owned);
        creator.language = self.said(|snippet| &snippet.default_language).and_then(Text::owned);
        creator.avatar_url = self.snippet.get().and_then(|snippet| snippet.thumbnails.get()?.largest());
        creator.followers = self.statistics.get().and_then(Statistics::subscribers);
        creator.complete = true;
        creator.note("videos", self.total(|statistics| statistics.video_count));
        creator.note("views", self.total(|statistics| statistics.view_count));
        Some(creator)
    }

    /// A field of the snippet or, where it is blank there, of the branding settings.
    fn said<'s>(&'s self, pick: for<'b> fn(&'s Snippet<'b>) -> &'s Text<'b>) -> Option<&'s Text<'s>> {
        let branding = self.branding_settings.get().and_then(|branding| branding.channel.get());
        [self.snippet.get(), branding].into_iter().flatten().map(pick).find(|text| text.get().is_some())
    }

    fn total(&self, pick: fn(&Statistics) -> Count) -> Option<u64> {
        pick(self.statistics.get()?).get()
    }

    /// The handle. Older channels have a name for their address instead, which is none.
    fn handle(&self) -> Option<&str> {
        let address = self.snippet.get()?.custom_url.get()?;
        address.strip_prefix('@').filter(|handle| !handle.is_empty())
    }
}

impl Statistics {
    /// The subscribers. Who hides them has none or a wrong number there.
    fn subscribers(&self) -> Option<u64> {
        self.subscriber_count.get().filter(|_| !self.hidden_subscriber_count.is_yes())
    }
}

impl Thumbnails<'_> {
    /// The largest picture there is.
    pub(crate) fn largest(&self) -> Option<String> {
        [&self.high, &self.medium, &self.small].into_iter().find_map(|picture| links::page(picture.get()?.url.get()?))
    }
}

/// A creator with nothing but what identifies it. A channel without a handle goes by its id.
pub(crate) fn named(id: &str, handle: Option<&str>) -> Option<Creator> {
    let mut creator = Creator::named(id, handle.unwrap_or(id))?;
    creator.profile_url = Some(match handle {
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

/// Whether this has the form of a channel's id.
fn is_id(text: &str) -> bool {
    text.len() == 24 && text.starts_with("UC") && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
