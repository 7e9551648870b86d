//! An answer, whichever call it is to. All are read by one structure, since each costs a component its own reader.

use scout_sdk::{
    counts::Count,
    flags::Flag,
    json::{List, Object},
    text::Text,
};
use serde::Deserialize;

use crate::account::Account;
use crate::reel::Reel;

/// What a search for reels or for profiles holds, what a profile call holds, and what stands in a profile's place.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Answer<'a> {
    #[serde(borrow)]
    pub(crate) reels: List<Reel<'a>>,
    #[serde(borrow)]
    pub(crate) profiles: List<Account<'a>>,
    pub(crate) cursor: Count,
    #[serde(borrow)]
    data: Object<Data<'a>>,
    #[serde(borrow)]
    handle: Text<'a>,
    account_private: Flag,
    account_deactivated: Flag,
    #[serde(rename = "isPrivate")]
    is_private: Flag,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    #[serde(borrow)]
    user: Object<Account<'a>>,
    #[serde(rename = "accountDoesNotExist")]
    does_not_exist: Flag,
}

impl<'a> Answer<'a> {
    /// The account of a profile call by handle.
    pub(crate) fn user(&self) -> Option<&Account<'a>> {
        self.data.get()?.user.get()
    }

    /// Whom an answer without an account speaks of.
    pub(crate) fn handle(&self) -> Option<&str> {
        self.handle.get()
    }

    /// Whether the account is there and shows nothing to strangers.
    pub(crate) fn is_private(&self) -> bool {
        self.account_private.is_yes() || self.is_private.is_yes()
    }

    /// Whether the account is closed.
    pub(crate) fn is_gone(&self) -> bool {
        self.account_deactivated.is_yes() || self.data.get().is_some_and(|data| data.does_not_exist.is_yes())
    }
}
