//! A user: the profile behind a channel.

use scout_sdk::{Creator, links, text::Text, times::Time};
use serde::Deserialize;

use crate::channel::{is_login, page};

/// A row of the users, as far as it is read. There are no followers: their number is told to whoever has the
/// broadcaster's consent, and `view_count` is kept for old programs and has not counted for years.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct User<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    login: Text<'a>,
    #[serde(borrow)]
    display_name: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    profile_image_url: Text<'a>,
    #[serde(borrow)]
    broadcaster_type: Text<'a>,
    created_at: Time,
}

impl User<'_> {
    /// The account's id.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.get()
    }

    /// Whether this is the user's login, in any case.
    pub(crate) fn is_called(&self, login: &str) -> bool {
        self.login.get().is_some_and(|own| own.eq_ignore_ascii_case(login))
    }

    /// The creator as the profile tells, or `None` without an id. There is nothing more to be read.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let id = self.id()?;
        let login = self.login.get().filter(|login| is_login(login));
        let mut creator = Creator::named(id, login.unwrap_or(id))?;
        creator.name = self.display_name.owned();
        creator.profile_url = login.map(page);
        creator.avatar_url = self.profile_image_url.get().and_then(links::page);
        creator.bio = self.description.verbatim();
        creator.verified = self.verified();
        creator.note("broadcaster-type", self.broadcaster_type.get());
        creator.note("created", self.created_at.get());
        creator.complete = true;
        Some(creator)
    }

    /// Partners are those whom Twitch marks as verified; a type that is blank is the one of most people.
    fn verified(&self) -> Option<bool> {
        self.broadcaster_type.is_given().then(|| self.broadcaster_type.get() == Some("partner"))
    }
}
