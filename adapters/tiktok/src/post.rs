//! A row of a search: a post and its author.

use scout_sdk::{
    Content, Creator,
    counts::Count,
    json::{List, Object, part},
    links,
    text::{self, Text},
    times::Time,
};
use serde::{Deserialize, Deserializer};

/// A row: the post itself in trimmed answers, wrapped into `aweme_info` in full ones.
pub(crate) struct Row<'a>(Post<'a>);

/// What a full answer puts around a post.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wrapper<'a> {
    #[serde(borrow)]
    aweme_info: Object<Post<'a>>,
}

/// The rows of a search.
pub(crate) fn rows<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<List<Row<'a>>, D::Error> {
    List::read_by(deserializer, Row::of)
}

/// A post, as far as it is read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Post<'a> {
    #[serde(borrow)]
    author: Object<Author<'a>>,
    #[serde(borrow)]
    aweme_id: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    share_url: Text<'a>,
    #[serde(borrow)]
    desc: Text<'a>,
    create_time: Time,
    create_time_utc: Time,
    statistics: Object<Statistics>,
    #[serde(borrow)]
    text_extra: List<TextExtra<'a>>,
    #[serde(borrow)]
    video: Object<Video<'a>>,
    duration: Count,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Author<'a> {
    #[serde(borrow)]
    uid: Text<'a>,
    #[serde(borrow)]
    unique_id: Text<'a>,
    #[serde(borrow)]
    sec_uid: Text<'a>,
    #[serde(borrow)]
    nickname: Text<'a>,
    follower_count: Count,
    #[serde(borrow)]
    custom_verify: Text<'a>,
    #[serde(borrow)]
    enterprise_verify_reason: Text<'a>,
    #[serde(borrow)]
    region: Text<'a>,
    #[serde(borrow)]
    avatar_larger: Object<Picture<'a>>,
    #[serde(borrow)]
    avatar_medium: Object<Picture<'a>>,
    #[serde(borrow)]
    avatar_thumb: Object<Picture<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Statistics {
    play_count: Count,
    digg_count: Count,
    comment_count: Count,
    share_count: Count,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TextExtra<'a> {
    #[serde(borrow)]
    hashtag_name: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Video<'a> {
    #[serde(borrow)]
    cover: Object<Picture<'a>>,
    #[serde(borrow)]
    origin_cover: Object<Picture<'a>>,
    duration: Count,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Picture<'a> {
    #[serde(borrow)]
    url_list: List<Text<'a>>,
}

impl<'a> Row<'a> {
    /// Reads a row in either shape. One level of wrapping is looked for and no more, so that an answer can't make the
    /// reader recurse.
    fn of(text: &'a str) -> Option<Self> {
        let wrapper: Wrapper<'a> = part(text)?;
        wrapper.aweme_info.take().or_else(|| part(text)).map(Row)
    }

    /// The author with this post, or `None` when there is no author to be known again.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let creator = self.0.author.get()?.creator()?;
        let content = self.0.content(&creator.username);
        Some(Creator { content, ..creator })
    }
}

impl Post<'_> {
    fn content(&self, username: &str) -> Option<Content> {
        let id = self.aweme_id.get()?;
        let statistics = self.statistics.get();
        let count = |pick: fn(&Statistics) -> Count| statistics.and_then(|statistics| pick(statistics).get());
        Some(Content {
            id: id.to_owned(),
            url: Some(self.link().unwrap_or_else(|| format!("https://www.tiktok.com/@{username}/video/{id}"))),
            description: self.desc.verbatim(),
            thumbnail: self.video.get().and_then(Video::thumbnail),
            views: count(|statistics| statistics.play_count),
            likes: count(|statistics| statistics.digg_count),
            comments: count(|statistics| statistics.comment_count),
            shares: count(|statistics| statistics.share_count),
            posted_at: self.create_time.or(self.create_time_utc).get(),
            duration: self.seconds(),
            hashtags: self.hashtags(),
        })
    }

    /// The post's page. The link for sharing leads there, too, with the sharer's traces after it.
    fn link(&self) -> Option<String> {
        let shared = || self.share_url.get().and_then(|link| link.split('?').next());
        self.url.get().or_else(shared).and_then(links::page)
    }

    /// Whole seconds of what is given in milliseconds; posts of pictures have none.
    fn seconds(&self) -> Option<u32> {
        let video = self.video.get().and_then(|video| video.duration.get());
        let seconds = video.or(self.duration.get())? / 1000;
        u32::try_from(seconds).ok().filter(|&seconds| seconds > 0)
    }

    /// The hashtags as the platform understood them, else as they stand in the text.
    fn hashtags(&self) -> Vec<String> {
        let mut tags = Vec::new();
        for extra in self.text_extra.rows() {
            text::add_tag(&mut tags, extra.hashtag_name.get().unwrap_or_default());
        }
        if tags.is_empty() { text::hashtags(self.desc.get().unwrap_or_default()) } else { tags }
    }
}

impl Author<'_> {
    /// The creator as a search tells. Without an id the same author could come twice, without a handle there is no
    /// profile to be read; both are dropped.
    fn creator(&self) -> Option<Creator> {
        let mut creator = Creator::named(self.uid.get()?, self.unique_id.get()?)?;
        creator.name = self.nickname.owned();
        creator.profile_url = Some(crate::profile::page(&creator.username));
        creator.avatar_url =
            [&self.avatar_medium, &self.avatar_larger, &self.avatar_thumb].into_iter().find_map(|avatar| avatar.get()?.link());
        creator.followers = self.follower_count.get();
        creator.verified = self.verified();
        creator.country = self.region.owned();
        creator.ids = crate::profile::ids(&creator.username, self.sec_uid.get());
        Some(creator)
    }

    /// There is no flag; who is verified has a reason for it, and who isn't has blank ones.
    fn verified(&self) -> Option<bool> {
        let reasons = [&self.custom_verify, &self.enterprise_verify_reason];
        let given = reasons.iter().any(|reason| reason.is_given());
        given.then(|| reasons.iter().any(|reason| reason.get().is_some()))
    }
}

impl Video<'_> {
    fn thumbnail(&self) -> Option<String> {
        [&self.cover, &self.origin_cover].into_iter().find_map(|cover| cover.get()?.link())
    }
}

impl Picture<'_> {
    fn link(&self) -> Option<String> {
        self.url_list.rows().iter().find_map(|link| links::page(link.get()?))
    }
}
