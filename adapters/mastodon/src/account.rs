//! An account, as Mastodon describes it, and as Pixelfed, Pleroma and Akkoma do.

use scout_sdk::{
    Creator,
    contract::NAME_BYTES_MAX,
    counts::Count,
    flags::Flag,
    json::{List, Object, Raw, part},
    links,
    text::{Text, folded},
};
use serde::Deserialize;

use crate::prose::{self, Shortcodes};

/// What people call the field that holds their address.
const MAIL_FIELDS: [&str; 8] = ["mail", "contact", "kontakt", "contacto", "correo", "courriel", "✉", "📧"];

/// Pictures that stand for there being none, in Mastodon and in Pixelfed.
const NO_PICTURE: [&str; 3] = ["/missing.png", "/avatars/default.jpg", "/avatars/default.png"];

/// The most links of one profile that are looked at; people have room for a few dozen.
const LINKS_MAX: usize = 64;

/// An account, as far as it is read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Account<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    username: Text<'a>,
    /// The handle: with its host when the account is on another instance than the one that was asked.
    #[serde(borrow)]
    acct: Text<'a>,
    /// What the account is called by all instances; Mastodon tells it since 4.2.
    #[serde(borrow)]
    uri: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    display_name: Text<'a>,
    #[serde(borrow)]
    note: Text<'a>,
    #[serde(borrow)]
    avatar: Text<'a>,
    #[serde(borrow)]
    website: Text<'a>,
    followers_count: Count,
    bot: Flag,
    group: Flag,
    discoverable: Flag,
    noindex: Flag,
    suspended: Flag,
    limited: Flag,
    memorial: Flag,
    #[serde(borrow)]
    fields: List<Field<'a>>,
    #[serde(borrow)]
    emojis: List<Emoji<'a>>,
    /// The account that this one has moved to: it is read once and no further, so that an answer can't make the reader
    /// recurse.
    #[serde(borrow)]
    moved: Raw<'a>,
    #[serde(borrow)]
    source: Object<Source<'a>>,
    #[serde(borrow)]
    pleroma: Object<Pleroma<'a>>,
}

/// A row of the table on a profile.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Field<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
    /// When the linked page was seen to link back; null when it was not.
    #[serde(borrow)]
    verified_at: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Emoji<'a> {
    #[serde(borrow)]
    shortcode: Text<'a>,
}

/// Where Pleroma and Akkoma say what Mastodon says at the top.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Source<'a> {
    #[serde(borrow)]
    pleroma: Object<PleromaSource<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PleromaSource<'a> {
    discoverable: Flag,
    #[serde(borrow)]
    actor_type: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pleroma<'a> {
    #[serde(borrow)]
    ap_id: Text<'a>,
    hide_followers_count: Flag,
}

impl<'a> Account<'a> {
    /// Whether the row says whose account it is.
    pub(crate) fn is_known(&self) -> bool {
        self.identity().is_some() && self.handle().is_some()
    }

    /// The account that this one has moved to, where it has.
    pub(crate) fn moved(&self) -> Option<Account<'a>> {
        self.moved.0.starts_with('{').then(|| part(self.moved.0)).flatten()
    }

    /// Whether the account is not to be shown: its owner does not want to be found, the instance's moderators have
    /// closed or silenced it, or its owner has died. Unknown is not a no: most accounts never said.
    pub(crate) fn is_hidden(&self) -> bool {
        let opted_out =
            self.discoverable.is_no() || self.noindex.is_yes() || self.elsewhere().is_some_and(|source| source.discoverable.is_no());
        opted_out || self.suspended.is_yes() || self.limited.is_yes() || self.memorial.is_yes()
    }

    /// Whether the account says that it is a program or a group.
    pub(crate) fn is_automated(&self) -> bool {
        self.bot.is_yes() || self.group.is_yes() || matches!(self.actor_type(), Some("Service" | "Application" | "Group"))
    }

    /// Whether the profile has all of these words, which are folded. Longer words that begin with them count, and so does
    /// any place in scripts that don't part their words.
    pub(crate) fn has_all(&self, words: &[String]) -> bool {
        if words.is_empty() {
            return true;
        }
        let fields = self.fields.rows().iter().flat_map(|field| [&field.name, &field.value]);
        let texts = [&self.display_name, &self.acct, &self.note].into_iter().chain(fields);
        let mut profile = String::new();
        for html in texts.filter_map(Text::get) {
            profile.extend(folded(&prose::text(html, &Shortcodes::none())));
            profile.push('\n');
        }
        let begins = |place: usize| prose::begins_word(profile[..place].chars().next_back(), profile[place..].chars().next());
        words.iter().all(|word| profile.match_indices(word.as_str()).any(|(place, _)| begins(place)))
    }

    /// The creator, or `None` when the row does not say whose account it is.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let shortcodes = self.emojis.rows().iter().filter_map(|emoji| emoji.shortcode.get()).collect();
        let filled = |text: String| Some(text).filter(|text| !text.is_empty());
        let mut creator = Creator::named(self.identity()?, self.handle()?)?;
        creator.name = self.display_name.get().map(|name| prose::name(name, &shortcodes)).and_then(filled);
        creator.profile_url = self.url.get().or(self.uri.get()).and_then(links::page);
        creator.avatar_url = self.avatar_url();
        creator.followers = self.followers();
        creator.bio = self.note.get().map(|note| prose::text(note, &shortcodes)).and_then(filled);
        creator.email = self.email();
        creator.verified = self.fields.is_list().then(|| self.fields.rows().iter().any(|field| field.verified_at.get().is_some()));
        creator.links = self.links();
        creator.note("kind", self.kind());
        creator.complete = true;
        Some(creator)
    }

    /// What makes the account the same one again, whichever instance is asked: the name that all instances know it
    /// by, or its page's address where an older one does not tell. Ids differ between instances, so they come last.
    fn identity(&self) -> Option<&str> {
        let ap_id = self.pleroma.get().and_then(|pleroma| pleroma.ap_id.get());
        let names = [self.uri.get(), ap_id, self.url.get(), self.acct.get(), self.id.get()];
        names.into_iter().flatten().find(|name| name.len() <= NAME_BYTES_MAX)
    }

    fn handle(&self) -> Option<&str> {
        self.acct.get().or(self.username.get())
    }

    /// Hidden counts come as −1, or as 0 with a flag that says so.
    fn followers(&self) -> Option<u64> {
        let hidden = self.pleroma.get().is_some_and(|pleroma| pleroma.hide_followers_count.is_yes());
        self.followers_count.get().filter(|_| !hidden)
    }

    /// The picture; old instances give its path only.
    fn avatar_url(&self) -> Option<String> {
        let avatar = self.avatar.get().filter(|avatar| !NO_PICTURE.iter().any(|none| avatar.ends_with(none)))?;
        match self.url.get().and_then(origin) {
            // The path is one on the instance that was asked, which is the account's own only if the handle has no host.
            Some(origin) if !self.handle().is_some_and(|handle| handle.contains('@')) => links::absolute_at(origin, avatar),
            _ => links::page(avatar),
        }
    }

    /// The links of the bio and the fields, each once.
    fn links(&self) -> Vec<String> {
        let fields = self.fields.rows().iter().filter_map(|field| field.value.get());
        let anchors = self.note.get().into_iter().chain(fields.clone()).flat_map(prose::links);
        // Pleroma and Pixelfed give links as plain text as well; without a scheme, it may be any words.
        let plain = fields.chain(self.website.get()).filter(|text| text.starts_with("http://") || text.starts_with("https://"));
        links::once(anchors.chain(plain.filter_map(links::absolute)).take(LINKS_MAX))
    }

    /// The address in a field that is called so.
    fn email(&self) -> Option<String> {
        self.fields.rows().iter().find_map(|field| {
            let name: String = folded(field.name.get()?).collect();
            let link = links::absolute(&prose::text(field.value.get()?, &Shortcodes::none()))?;
            let address = link.strip_prefix("mailto:")?;
            MAIL_FIELDS.iter().any(|word| name.contains(word)).then(|| address.to_owned())
        })
    }

    /// What the account is, unless it is a person's.
    fn kind(&self) -> Option<&'static str> {
        let is_group = self.group.is_yes() || self.actor_type() == Some("Group");
        self.is_automated().then_some(if is_group { "group" } else { "bot" })
    }

    /// What Pleroma and Akkoma say of the account beside what Mastodon says.
    fn elsewhere(&self) -> Option<&PleromaSource<'a>> {
        self.source.get()?.pleroma.get()
    }

    fn actor_type(&self) -> Option<&str> {
        self.elsewhere()?.actor_type.get()
    }
}

/// Scheme and host of a link.
fn origin(link: &str) -> Option<&str> {
    let host = link.find("://")? + 3;
    Some(link[host..].find('/').map_or(link, |end| &link[..host + end]))
}
