//! What an adapter makes of the profile of one creator.

use crate::contract::{Creator, CreatorRef, Outcome};
use crate::platform::Platform;

use super::answer;

/// What became of a creator who was asked for alone, by an answer with status 200.
///
/// # Panics
/// When the answer as a whole is refused, or the outcome is not that of this creator alone.
pub fn outcome<P: Platform>(creator: CreatorRef, body: &str) -> Outcome {
    let identity = creator.identity.clone();
    let profiles = P::read_profiles(&[creator], &answer(200, body)).expect("the answer is read");
    match <[_; 1]>::try_from(profiles) {
        Ok([profile]) if profile.identity == identity => profile.outcome,
        other => panic!("one profile of {identity} was asked for: {other:?}"),
    }
}

/// The profile of a creator who was asked for alone, by an answer with status 200.
///
/// # Panics
/// Where there is none.
pub fn enriched<P: Platform>(creator: CreatorRef, body: &str) -> Creator {
    match outcome::<P>(creator, body) {
        Outcome::Enriched(creator) => creator,
        other => panic!("{other:?}"),
    }
}

/// A creator's member of `extra`, such as a total.
pub fn extra<'a>(creator: &'a Creator, name: &str) -> Option<&'a str> {
    creator.extra.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
}
