//! Profiles: those that a search gives, those that are asked for one by one, and what stands in their place.

use scout_sdk::{
    Absence, Creator, CreatorRef, Fault, Outcome, Page, Profile, Request, Response,
    json::{Body, missing},
    provider,
    text::{bare, same_handle},
};

use crate::account::Account;
use crate::answer::Answer;
use crate::endpoint::Place;

/// Reads a page of a search for profiles. They are all there is to know, so nobody's profile is asked for again.
pub(crate) fn read_page(place: Place, response: &Response) -> Result<Page, Fault> {
    let body = Body::of(response);
    let found: Answer<'_> = body.read()?;
    found.profiles.require("profiles").map_err(|fault| provider::husk(response).unwrap_or(fault))?;
    let profiles = found.profiles.require_any("profiles[].id", |account| account.creator().is_some())?;
    let creators = profiles.iter().filter_map(Account::creator).map(|creator| Creator { complete: true, ..creator }).collect();
    let next = found.cursor.get().filter(|_| found.profiles.given() > 0);
    Ok(Page::of(creators, next.and_then(|page| place.onward(page))))
}

/// The request for a creator's profile: by handle, since only that answer has the category and all links, or by id
/// where nothing but an id is known.
pub(crate) fn request(creator: &CreatorRef) -> Request {
    let handle = bare(&creator.username);
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
        return Ok(Profile::nobody(creators));
    }
    provider::check(response)?;
    let body = Body::of(response);
    let answer: Answer<'_> = body.read()?;
    let outcome = |account: Option<&Account<'_>>| {
        let of = |creator| Profile::of(creator, outcome(&answer, account, creator, creators.len() == 1, response));
        creators.iter().map(of).collect()
    };
    match answer.user() {
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
        let handle = self.handle();
        let named = handle.is_none_or(|handle| same_handle(handle, &creator.username) || same_handle(handle, &creator.identity));
        if !alone && !named {
            return Outcome::Empty(Absence::Missing);
        }
        if self.is_private() {
            return Outcome::Empty(Absence::Private);
        }
        if self.is_gone() {
            return Outcome::Empty(Absence::Deactivated);
        }
        Outcome::Failed(provider::husk(response).unwrap_or_else(|| missing("data.user")))
    }
}
