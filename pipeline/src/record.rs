//! A creator as callers see it: one normalised record, the same for every platform.

use serde::{Deserialize, Serialize};

use crate::contract::{Content, Creator};
use crate::email::Address;
use crate::job::{Found, ProfileState};
use crate::trouble::Failure;

/// One creator with the piece of content that the search found. Unknown is `null`, never `0` or `""`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The platform's label, such as `TikTok`.
    pub platform: String,
    /// The content's id, or the creator's identity where the search found no content.
    pub id: String,
    /// What makes the creator the same one again, in every job.
    pub merge_key: String,
    /// The keyword that gave the creator.
    pub keyword: String,
    /// Its place in the job, from 0; records are ordered by it, so that pages are stable.
    pub sequence: u32,
    /// Who it is.
    pub creator: Person,
    /// What was found.
    pub content: Option<Post>,
    /// Hashtags of the content, without `#`.
    pub hashtags: Vec<String>,
    /// Whether the profile was really read.
    pub bio_enriched: bool,
    /// When it was read, RFC 3339 in UTC.
    pub bio_enriched_at: Option<String>,
    /// What became of the profile.
    pub enrichment: Enrichment,
}

/// Who a creator is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// The handle, without `@`.
    pub username: String,
    /// The name people see.
    pub name: Option<String>,
    /// The profile's page.
    pub profile_url: Option<String>,
    /// How many follow.
    pub followers: Option<u64>,
    /// The picture.
    pub avatar_url: Option<String>,
    /// What creators say of themselves.
    pub bio: Option<String>,
    /// Addresses from the profile that was read, never from a search's shortened bio: law L11.
    pub emails: Vec<String>,
    /// The same addresses, each with the place where it stood.
    pub email_sources: Vec<Address>,
    /// Whether the platform vouches for the account.
    pub verified: Option<bool>,
    /// Links on the profile.
    pub links: Vec<String>,
    /// ISO 3166-1 code or the platform's own text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub country: Option<String>,
    /// BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<String>,
    /// Further identifiers, under the names that the adapter gives them.
    #[serde(flatten)]
    pub ids: std::collections::BTreeMap<String, String>,
}

/// A piece of content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    /// The platform's id of it.
    pub id: String,
    /// Its page.
    pub url: Option<String>,
    /// Its text or title.
    pub description: Option<String>,
    /// Its picture.
    pub thumbnail: Option<String>,
    /// How it is received.
    pub statistics: Statistics,
    /// When it was posted, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub posted_at: Option<String>,
    /// How long it is, in seconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration: Option<u32>,
}

/// How a piece of content is received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// How often it was seen.
    pub views: Option<u64>,
    /// How many liked it.
    pub likes: Option<u64>,
    /// How many comments it has.
    pub comments: Option<u64>,
    /// How often it was shared.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shares: Option<u64>,
}

/// What became of a profile: law L12.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrichment {
    /// `pending`, `enriched`, `empty`, `failed` or `skipped`.
    pub outcome: String,
    /// Why it is not enriched, by its stable name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// The same for people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// Attempts made.
    pub attempts: u32,
}

/// Identifiers that must not hide a field of [`Person`].
const NAMES_TAKEN: [&str; 12] = [
    "username",
    "name",
    "profileUrl",
    "followers",
    "avatarUrl",
    "bio",
    "emails",
    "emailSources",
    "verified",
    "links",
    "country",
    "language",
];

impl Record {
    /// The record of a creator that was found.
    #[must_use]
    pub fn of(found: &Found, sequence: u32, keyword: &str, platform: &str, label: &str) -> Record {
        let (profile, emails, at) = match &found.profile {
            ProfileState::Enriched { profile, emails, at, .. } => (profile.as_deref(), emails.clone(), Some(at.rfc3339())),
            _ => (None, Vec::new(), None),
        };
        let search = &found.creator;
        Record {
            platform: label.to_owned(),
            id: search.content.as_ref().map_or_else(|| search.identity.clone(), |content| content.id.clone()),
            merge_key: format!("{platform}:{}", search.identity),
            keyword: keyword.to_owned(),
            sequence,
            creator: person(search, profile, emails),
            content: search.content.as_ref().map(post),
            hashtags: search.content.as_ref().map(|content| content.hashtags.clone()).unwrap_or_default(),
            bio_enriched: at.is_some(),
            bio_enriched_at: at,
            enrichment: enrichment(&found.profile),
        }
    }
}

/// The profile's word counts before the search's; whatever it leaves open stays as the search said.
fn person(search: &Creator, profile: Option<&Creator>, emails: Vec<Address>) -> Person {
    let best = |field: fn(&Creator) -> Option<String>| profile.and_then(field).or_else(|| field(search));
    let links = profile.map(|profile| &profile.links).filter(|links| !links.is_empty()).unwrap_or(&search.links);
    let ids = search.ids.iter().chain(profile.iter().flat_map(|profile| &profile.ids));
    Person {
        username: profile.map_or(&search.username, |profile| &profile.username).clone(),
        name: best(|creator| creator.name.clone()),
        profile_url: best(|creator| creator.profile_url.clone()),
        followers: profile.and_then(|profile| profile.followers).or(search.followers),
        avatar_url: best(|creator| creator.avatar_url.clone()),
        bio: best(|creator| creator.bio.clone()),
        emails: emails.iter().map(|email| email.address.clone()).collect(),
        email_sources: emails,
        verified: profile.and_then(|profile| profile.verified).or(search.verified),
        links: links.clone(),
        country: best(|creator| creator.country.clone()),
        language: best(|creator| creator.language.clone()),
        ids: ids.filter(|(name, _)| !NAMES_TAKEN.contains(&name.as_str())).cloned().collect(),
    }
}

fn post(content: &Content) -> Post {
    Post {
        id: content.id.clone(),
        url: content.url.clone(),
        description: content.description.clone(),
        thumbnail: content.thumbnail.clone(),
        statistics: Statistics { views: content.views, likes: content.likes, comments: content.comments, shares: content.shares },
        posted_at: content.posted_at.clone(),
        duration: content.duration,
    }
}

fn enrichment(state: &ProfileState) -> Enrichment {
    let failed = |Failure { reason, detail }: &Failure| (Some(reason.name().to_owned()), Some(detail.clone()));
    let (outcome, (reason, detail), attempts) = match state {
        ProfileState::Open { attempts } => ("pending", (None, None), *attempts),
        ProfileState::Enriched { attempts, .. } => ("enriched", (None, None), *attempts),
        ProfileState::Empty { absence, attempts } => ("empty", (serialised_name(absence), None), *attempts),
        ProfileState::Failed { failure, attempts } => ("failed", failed(failure), *attempts),
        ProfileState::Skipped { reason } => ("skipped", (Some(reason.name().to_owned()), None), 0),
    };
    Enrichment { outcome: outcome.to_owned(), reason, detail, attempts }
}

fn serialised_name(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Absence;
    use crate::time::Time;
    use crate::trouble::Reason;

    fn found(profile: ProfileState) -> Found {
        let content = Content { id: "post-1".into(), views: Some(5), hashtags: vec!["yoga".into()], ..Content::default() };
        let creator = Creator {
            identity: "id-1".into(),
            username: "ana".into(),
            bio: Some("short bio, write to short@mail.test".into()),
            followers: Some(10),
            ids: vec![("uniqueId".into(), "ana".into()), ("bio".into(), "hidden".into())],
            content: Some(content),
            ..Creator::default()
        };
        Found { task: 0, creator, at: Time(0), profile }
    }

    fn record(profile: ProfileState) -> Record {
        Record::of(&found(profile), 3, "yoga", "sample", "Sample")
    }

    #[test]
    fn a_creator_whose_profile_was_not_read_has_no_addresses() {
        let record = record(ProfileState::untouched());
        assert!(record.creator.emails.is_empty() && !record.bio_enriched && record.bio_enriched_at.is_none());
        assert_eq!(record.enrichment.outcome, "pending");
    }

    #[test]
    fn the_profile_counts_before_the_search_and_leaves_no_gap() {
        let profile = Creator { identity: "id-1".into(), username: "ana.b".into(), followers: Some(12), ..Creator::default() };
        let record = record(ProfileState::Enriched { profile: Some(Box::new(profile)), emails: vec![], at: Time(0), attempts: 1 });
        assert_eq!(record.creator.username, "ana.b");
        assert_eq!(record.creator.followers, Some(12));
        assert_eq!(record.creator.bio.as_deref(), Some("short bio, write to short@mail.test"));
        assert!(record.bio_enriched);
    }

    #[test]
    fn an_identifier_can_not_hide_a_field() {
        let json = serde_json::to_value(record(ProfileState::untouched())).unwrap();
        assert_eq!(json["creator"]["uniqueId"], "ana");
        assert_eq!(json["creator"]["bio"], "short bio, write to short@mail.test");
    }

    #[test]
    fn unknown_is_null_and_optional_fields_are_absent() {
        let json = serde_json::to_value(record(ProfileState::untouched())).unwrap();
        assert!(json["creator"]["name"].is_null() && json["creator"].as_object().unwrap().contains_key("name"));
        assert!(!json["creator"].as_object().unwrap().contains_key("country"));
        assert!(json["content"]["statistics"]["likes"].is_null());
    }

    #[test]
    fn every_state_of_a_profile_has_its_outcome_and_reason() {
        let failure = Failure::new(Reason::Blocked, "the platform refuses the request");
        let failed = record(ProfileState::Failed { failure, attempts: 1 }).enrichment;
        assert_eq!((failed.outcome.as_str(), failed.reason.as_deref()), ("failed", Some("blocked")));
        let empty = record(ProfileState::Empty { absence: Absence::Private, attempts: 1 }).enrichment;
        assert_eq!((empty.outcome.as_str(), empty.reason.as_deref()), ("empty", Some("private")));
        let skipped = record(ProfileState::Skipped { reason: Reason::Cancelled }).enrichment;
        assert_eq!((skipped.outcome.as_str(), skipped.reason.as_deref()), ("skipped", Some("cancelled")));
    }
}
