//! A channel, as searches describe it.

use scout_sdk::{Creator, links, text::Text};
use serde::Deserialize;

/// A row of a search, as far as it is read. It has neither description nor followers, and of the stream no id.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Channel<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    broadcaster_login: Text<'a>,
    #[serde(borrow)]
    display_name: Text<'a>,
    #[serde(borrow)]
    broadcaster_language: Text<'a>,
    #[serde(borrow)]
    thumbnail_url: Text<'a>,
    #[serde(borrow)]
    game_name: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
}

impl Channel<'_> {
    /// The account's id, which outlives logins.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.get()
    }

    /// The creator as a search tells, or `None` without an id.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let id = self.id()?;
        let login = self.login();
        let mut creator = Creator::named(id, login.as_deref().unwrap_or(id))?;
        creator.name = self.display_name.owned();
        creator.profile_url = login.map(|login| page(&login));
        creator.avatar_url = self.avatar();
        creator.language = self.language();
        creator.note("game", self.game_name.get());
        creator.note("stream-title", self.title.get());
        Some(creator)
    }

    /// The login. Older answers have none; there a display name of plain letters is the login in another case, and one
    /// in another script is somebody's name only.
    fn login(&self) -> Option<String> {
        let derived = || self.display_name.get().filter(|name| is_login(name)).map(str::to_ascii_lowercase);
        self.broadcaster_login.get().filter(|login| is_login(login)).map(str::to_owned).or_else(derived)
    }

    /// The picture. Older answers have the stream's preview in its place, with its size still to be filled in.
    fn avatar(&self) -> Option<String> {
        self.thumbnail_url.get().filter(|url| !url.contains("{width}")).and_then(links::page)
    }

    /// The language as a tag of BCP 47. Twitch has a name of its own for one, and one for all that it has no name for.
    fn language(&self) -> Option<String> {
        match self.broadcaster_language.get()? {
            "other" => None,
            "asl" => Some("ase".to_owned()),
            language => Some(language.to_owned()),
        }
    }
}

/// Where people see the channel of a login.
pub(crate) fn page(login: &str) -> String {
    format!("https://www.twitch.tv/{login}")
}

/// Whether these are the letters, digits and underscores that a login is made of.
pub(crate) fn is_login(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
