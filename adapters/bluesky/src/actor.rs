//! An actor, as searches and profiles describe it.

use scout_sdk::{
    Creator,
    counts::Count,
    flags::Flag,
    json::{List, Object},
    links,
    text::Text,
};
use serde::Deserialize;

/// The handle of an actor whose own one no longer leads back to them. Many share it.
const INVALID_HANDLE: &str = "handle.invalid";

/// The label by which actors ask not to be shown to visitors that are not logged in.
const MEMBERS_ONLY: &str = "!no-unauthenticated";

/// `profileView` and `profileViewDetailed`, as far as they are read. A search has no counts and no website.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Actor<'a> {
    #[serde(borrow)]
    did: Text<'a>,
    #[serde(borrow)]
    handle: Text<'a>,
    #[serde(borrow)]
    display_name: Text<'a>,
    #[serde(borrow)]
    description: Text<'a>,
    #[serde(borrow)]
    avatar: Text<'a>,
    #[serde(borrow)]
    website: Text<'a>,
    followers_count: Count,
    #[serde(borrow)]
    labels: List<Label<'a>>,
    #[serde(borrow)]
    verification: Object<Verification<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Label<'a> {
    #[serde(borrow)]
    src: Text<'a>,
    #[serde(borrow)]
    val: Text<'a>,
    neg: Flag,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Verification<'a> {
    #[serde(borrow)]
    verified_status: Text<'a>,
    #[serde(borrow)]
    trusted_verifier_status: Text<'a>,
}

impl Actor<'_> {
    /// The actor's id, which outlives handles.
    pub(crate) fn did(&self) -> Option<&str> {
        self.did.get()
    }

    /// Whether this is the actor's id or handle. Handles are domains, so their case does not matter.
    pub(crate) fn is_called(&self, key: &str) -> bool {
        self.did() == Some(key) || self.handle().is_some_and(|handle| handle.eq_ignore_ascii_case(key))
    }

    /// Whether the actor asks not to be shown to visitors that are not logged in. Only the actor's own label says
    /// so, and only while it is not taken back.
    pub(crate) fn is_hidden(&self) -> bool {
        let own = |label: &Label<'_>| label.src.get().is_none_or(|source| Some(source) == self.did());
        self.labels.rows().iter().any(|label| label.val.get() == Some(MEMBERS_ONLY) && own(label) && !label.neg.is_yes())
    }

    /// The creator as a search tells, or `None` without an id.
    pub(crate) fn creator(&self) -> Option<Creator> {
        let did = self.did()?;
        // Without a handle of one's own the id is what leads to the profile, and it is nobody else's.
        let username = self.handle().unwrap_or(did);
        let mut creator = Creator::named(did, username)?;
        creator.name = self.display_name.owned();
        creator.profile_url = Some(format!("https://bsky.app/profile/{username}"));
        creator.avatar_url = self.avatar.get().and_then(links::page);
        creator.followers = self.followers_count.get();
        creator.bio = self.description.verbatim();
        creator.verified = self.verification.get().map(Verification::is_valid);
        creator.links = self.website.get().and_then(links::absolute).into_iter().collect();
        creator.ids = vec![("did".into(), did.to_owned())];
        Some(creator)
    }

    /// The creator as a profile tells: there is nothing more to be read.
    pub(crate) fn profile(&self) -> Option<Creator> {
        self.creator().map(|creator| Creator { complete: true, ..creator })
    }

    fn handle(&self) -> Option<&str> {
        self.handle.get().filter(|&handle| handle != INVALID_HANDLE)
    }
}

impl Verification<'_> {
    fn is_valid(&self) -> bool {
        [&self.verified_status, &self.trusted_verifier_status].into_iter().any(|status| status.get() == Some("valid"))
    }
}
