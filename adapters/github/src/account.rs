//! An account, as searches and profiles describe it.

use scout_sdk::{
    Creator, CreatorRef,
    counts::Count,
    links,
    text::{Text, bare, same_handle},
};
use serde::Deserialize;

/// An account, as far as it is read. A search has only what stands before the name.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Account<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    login: Text<'a>,
    #[serde(borrow)]
    avatar_url: Text<'a>,
    #[serde(borrow)]
    html_url: Text<'a>,
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    company: Text<'a>,
    #[serde(borrow)]
    blog: Text<'a>,
    #[serde(borrow)]
    location: Text<'a>,
    #[serde(borrow)]
    email: Text<'a>,
    #[serde(borrow)]
    bio: Text<'a>,
    #[serde(borrow)]
    twitter_username: Text<'a>,
    followers: Count,
    public_repos: Count,
}

impl Account<'_> {
    /// The account's id, which outlives logins. A number is the only form of it; text is somebody else's.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.get().filter(|id| id.bytes().all(|digit| digit.is_ascii_digit()))
    }

    /// Whether nobody is behind the account.
    pub(crate) fn is_bot(&self) -> bool {
        self.kind.get() == Some("Bot")
    }

    /// Whether this is the creator that was asked for, by id or by what somebody typed. Logins are the same whatever their
    /// case.
    pub(crate) fn is(&self, creator: &CreatorRef) -> bool {
        self.id() == Some(creator.identity.as_str()) || self.login.get().is_some_and(|login| same_handle(login, &creator.identity))
    }

    /// The creator as a search tells, or `None` without id or login.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let mut creator = Creator::named(self.id()?, self.login.get()?)?;
        creator.profile_url = Some(self.page().unwrap_or_else(|| format!("https://github.com/{}", creator.username)));
        creator.avatar_url = self.avatar_url.get().and_then(links::page);
        creator.note("account", self.kind.get());
        Some(creator)
    }

    /// The creator as a profile tells: there is nothing more to be read.
    pub(crate) fn profile(&self) -> Option<Creator> {
        let mut creator = self.creator()?;
        creator.name = self.name.owned();
        creator.followers = self.followers.get();
        creator.bio = self.bio.verbatim();
        creator.email = self.email.address();
        creator.links = self.links();
        creator.note("company", self.company.get());
        // It is whatever people write there, and seldom a country.
        creator.note("location", self.location.get());
        creator.note("repositories", self.public_repos.get());
        creator.complete = true;
        Some(creator)
    }

    fn page(&self) -> Option<String> {
        links::page(self.html_url.get()?)
    }

    fn links(&self) -> Vec<String> {
        let blog = self.blog.get().and_then(links::absolute);
        let handle = self.twitter_username.get().map(bare);
        let is_handle = |handle: &&str| !handle.is_empty() && handle.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_');
        blog.into_iter().chain(handle.filter(is_handle).map(|handle| format!("https://x.com/{handle}"))).collect()
    }
}
