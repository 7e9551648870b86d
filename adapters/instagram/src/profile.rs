//! Profiles: those that a search gives, those that are asked for one by one, and what stands in their place.

use scout_sdk::{
    Absence, Creator, CreatorRef, Fault, Outcome, Page, Profile, Request, Response,
    counts::Count,
    flags::Flag,
    json::{Body, List, Object, missing},
    provider,
    text::Text,
};
use serde::Deserialize;

use crate::account::{Account, same_handle};
use crate::endpoint::Place;

/// The answer to a search for profiles.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found<'a> {
    #[serde(borrow)]
    profiles: List<Account<'a>>,
    cursor: Count,
}

/// The answer to a profile call, and what it holds when there is no profile to be had.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer<'a> {
    #[serde(borrow)]
    data: Object<Data<'a>>,
    #[serde(borrow)]
    handle: Text<'a>,
    #[serde(borrow)]
    account_status: Text<'a>,
    account_private: Flag,
    account_deactivated: Flag,
    #[serde(rename = "isPrivate")]
    is_private: Flag,
    #[serde(rename = "accountDoesNotExist")]
    does_not_exist: Flag,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data<'a> {
    #[serde(borrow)]
    user: Object<Account<'a>>,
    #[serde(rename = "accountDoesNotExist")]
    does_not_exist: Flag,
}

/// Reads a page of a search for profiles. They are all there is to know, so nobody's profile is asked for again.
pub(crate) fn read_page(place: Place, response: &Response) -> Result<Page, Fault> {
    let body = Body::of(response);
    let found: Found<'_> = body.read()?;
    let profiles = found.profiles.require("profiles").map_err(|fault| provider::husk(response).unwrap_or(fault))?;
    let creators: Vec<_> = profiles.iter().filter_map(Account::creator).map(|creator| Creator { complete: true, ..creator }).collect();
    if creators.is_empty() && found.profiles.given() > 0 {
        return Err(missing("profiles[].id"));
    }
    let next = found.cursor.get().filter(|_| found.profiles.given() > 0);
    Ok(Page::of(creators, next.and_then(|page| place.onward(page))))
}

/// The request for a creator's profile: by handle, since only that answer has the category and all links, or by id
/// where nothing but an id is known.
pub(crate) fn request(creator: &CreatorRef) -> Request {
    let handle = creator.username.trim_start_matches('@');
    let is_id = !handle.is_empty() && handle.bytes().all(|letter| letter.is_ascii_digit());
    if is_id && handle == creator.identity {
        return Request::get("api", "/v1/instagram/basic-profile").with("userId", handle);
    }
    Request::get("api", "/v1/instagram/profile").with("handle", handle)
}

/// Reads the answer to a profile call.
pub(crate) fn read(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
    // Everybody was asked for by a name that a search gave a moment ago, so nothing failed.
    if provider::knows_nobody(response) {
        return Ok(creators.iter().map(|creator| Profile::of(creator, Outcome::Empty(Absence::Missing))).collect());
    }
    provider::check(response)?;
    let body = Body::of(response);
    let answer: Answer<'_> = body.read()?;
    let outcome = |account: Option<&Account<'_>>| {
        let of = |creator| Profile::of(creator, outcome(&answer, account, creator, creators.len() == 1, response));
        creators.iter().map(of).collect()
    };
    match answer.data.get().and_then(|data| data.user.get()) {
        Some(account) => Ok(outcome(Some(account))),
        // A profile by id has no frame around it.
        None => {
            let flat: Account<'_> = body.read()?;
            Ok(outcome(Some(&flat).filter(|account| account.is_there())))
        }
    }
}

/// What the answer says of a creator; `alone` when nobody else was asked for with it.
fn outcome(answer: &Answer<'_>, account: Option<&Account<'_>>, creator: &CreatorRef, alone: bool, response: &Response) -> Outcome {
    let Some(account) = account else { return answer.absence(creator, alone, response) };
    if !account.is_there() {
        return Outcome::Failed(missing("data.user.username"));
    }
    // A handle that was given up may belong to somebody else by now.
    if !account.is(creator) {
        return Outcome::Empty(Absence::Missing);
    }
    match account.profile(creator) {
        Some(read) => Outcome::Enriched(read),
        None => Outcome::Failed(missing("data.user.username")),
    }
}

impl Answer<'_> {
    /// Why there is no profile although HTTP says that all is well.
    fn absence(&self, creator: &CreatorRef, alone: bool, response: &Response) -> Outcome {
        let handle = self.handle.get();
        let named = handle.is_none_or(|handle| same_handle(handle, &creator.username) || same_handle(handle, &creator.identity));
        if !alone && !named {
            return Outcome::Empty(Absence::Missing);
        }
        if self.account_private.is_yes() || self.is_private.is_yes() || self.account_status.get() == Some("private") {
            return Outcome::Empty(Absence::Private);
        }
        if self.is_gone() {
            return Outcome::Empty(Absence::Deactivated);
        }
        Outcome::Failed(provider::husk(response).unwrap_or_else(|| missing("data.user")))
    }

    fn is_gone(&self) -> bool {
        let in_data = self.data.get().is_some_and(|data| data.does_not_exist.is_yes());
        in_data || self.does_not_exist.is_yes() || self.account_deactivated.is_yes()
    }
}
