//! Accepting a search: from the bytes of a request to what a job is made of, or to every reason why not.
//!
//! ```
//! use scout_pipeline::accept::{Offer, accept};
//!
//! let offers = [Offer { platform: "video".into(), reports_views: true }];
//! let accepted = accept(br#"{"platform": "video", "keywords": ["hot yoga"], "targetResults": 100}"#, &offers)?;
//! assert_eq!(accepted.target, 100);
//! # Ok::<(), scout_pipeline::accept::Refusal>(())
//! ```
//!
//! The body is read field by field instead of in one go, because a reader that stops at the first mistake
//! makes people correct a request as often as it has mistakes.

mod body;
mod estimate;
mod fields;
mod key;
mod refusal;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    contract::Manifest,
    keyword::Keyword,
    limits::{KEYWORDS_GIVEN_MAX, MAX_AGE_S_MAX, MIN_VIEWS_DEFAULT, MIN_VIEWS_MAX, REQUEST_BYTES_MAX, TARGET_MAX, UPSTREAM_CALLS_MAX},
};

use body::Body;
use fields::Fields;

pub use estimate::{Estimate, estimate};
pub use key::accept_key;
pub use refusal::{FieldCode, FieldError, Refusal};

/// What acceptance needs to know of an installed adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The platform as requests name it.
    pub platform: String,
    /// Whether its content comes with a number of views.
    pub reports_views: bool,
}

impl From<&Manifest> for Offer {
    fn from(manifest: &Manifest) -> Self {
        Self { platform: manifest.platform.clone(), reports_views: manifest.reports_views }
    }
}

/// A search as it was accepted: every field checked, every default filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// One of the installed platforms.
    pub platform: String,
    /// The given keywords in their order, 1 to [`KEYWORDS_GIVEN_MAX`], without twins.
    pub keywords: Vec<Keyword>,
    /// How many creators are wanted, 1 to [`TARGET_MAX`].
    pub target: u32,
    /// Whether further keywords may be derived.
    pub expand: bool,
    /// A label stored with the job: a UUID in lower case.
    pub campaign_id: Option<String>,
    /// Creators whose best content is known to have fewer views are left out. `None` where nothing was asked
    /// and the platform reports no views; a number on such a platform is kept and has no effect.
    pub min_views: Option<u64>,
    /// How many upstream calls the job may make; `None` is as many as it takes.
    pub max_upstream_calls: Option<u32>,
    /// How old an answer of the cache may be, in seconds, 0 to [`MAX_AGE_S_MAX`]: 0 asks the platform itself. `None` is as old
    /// as the cache keeps them.
    #[serde(default)]
    pub max_age: Option<u32>,
}

/// What a request looks like.
const EXAMPLE: &str = "send an object such as {\"platform\": \"NAME\", \"keywords\": [\"hot yoga\"], \"targetResults\": 100}";

/// The fields of a request, in the order in which errors are reported.
const NAMES: [&str; 8] =
    ["platform", "keywords", "targetResults", "enableExpansion", "campaignId", "minViews", "maxUpstreamCalls", "maxAge"];

/// Accepts a search or says everything that is wrong with it.
///
/// `null` is the same as a field that is not there. The number of keywords is that of the request: twins
/// count, and are merged afterwards, so that the limit is one that the caller can count.
///
/// # Errors
/// [`Refusal::TooLarge`] and [`Refusal::Malformed`] when there are no fields to look at, and
/// [`Refusal::Fields`] with all their errors otherwise.
pub fn accept(body: &[u8], platforms: &[Offer]) -> Result<Accepted, Refusal> {
    if body.len() > REQUEST_BYTES_MAX {
        return Err(Refusal::TooLarge { limit: REQUEST_BYTES_MAX });
    }
    let mut fields = Fields::new(Body::parse(body, EXAMPLE)?);
    let offer = offer(&mut fields, platforms);
    let keywords = keywords(&mut fields);
    let target = fields.required("targetResults", |value| value.whole(1, u64::from(TARGET_MAX)));
    let expand = fields.optional("enableExpansion", |value| value.flag());
    let campaign_id = fields.optional("campaignId", |value| value.uuid());
    let min_views = fields.optional("minViews", |value| value.whole(0, MIN_VIEWS_MAX));
    let max_upstream_calls = fields.optional("maxUpstreamCalls", |value| value.whole(1, u64::from(UPSTREAM_CALLS_MAX)));
    let max_age = fields.optional("maxAge", |value| value.whole(0, u64::from(MAX_AGE_S_MAX)));
    let errors = fields.finish(&NAMES);
    match (offer, keywords, target) {
        (Some(offer), Some(keywords), Some(target)) if errors.is_empty() => Ok(Accepted {
            platform: offer.platform.clone(),
            keywords,
            target: narrowed(target),
            expand: expand.unwrap_or(true),
            campaign_id,
            min_views: min_views.or(offer.reports_views.then_some(MIN_VIEWS_DEFAULT)),
            max_upstream_calls: max_upstream_calls.map(narrowed),
            max_age: max_age.map(narrowed),
        }),
        _ => Err(Refusal::fields(errors)),
    }
}

/// A number that was checked against a limit below 2³².
fn narrowed(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The adapter that the request names.
fn offer<'a>(fields: &mut Fields<'_>, platforms: &'a [Offer]) -> Option<&'a Offer> {
    fields.required("platform", |value| {
        let name = value.text("give the name of a platform, such as \"platform\": \"NAME\"")?;
        platforms.iter().find(|offer| offer.platform == name).ok_or_else(|| vec![refusal::unknown_platform(&name, platforms)])
    })
}

/// The keywords without twins.
fn keywords(fields: &mut Fields<'_>) -> Option<Vec<Keyword>> {
    fields.required("keywords", |value| {
        let items = value.items()?;
        let mut errors = Vec::new();
        if items.is_empty() {
            errors.push(value.error(FieldCode::TooFew, "there are no keywords", "give 1 to 50 keywords, such as [\"hot yoga\"]"));
        }
        if items.len() > KEYWORDS_GIVEN_MAX {
            let detail = format!("there are {} keywords, and {KEYWORDS_GIVEN_MAX} are allowed", items.len());
            errors.push(value.error(FieldCode::TooMany, detail, "leave some out; further ones are derived by themselves"));
        }
        let mut kept = Vec::new();
        let mut keys = HashSet::new();
        for item in &items {
            match item.keyword() {
                Ok(keyword) if keys.insert(keyword.key()) => kept.push(keyword),
                Ok(_) => {}
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() { Ok(kept) } else { Err(errors) }
    })
}

#[cfg(test)]
mod tests;
