//! Bounds on what adapters hand back, beyond its mere size: what the rules may rely on.

use scout_pipeline::contract::{Creator, Outcome, Page, Planned, Profile};
use scout_pipeline::limits::{CURSOR_BYTES_MAX, IDENTITY_BYTES_MAX, PAGE_CREATORS_MAX, PROFILE_CREATORS_MAX};

/// A page that the rules can take.
pub(super) fn page(page: Page) -> Result<Page, String> {
    if page.creators.len() > PAGE_CREATORS_MAX {
        return Err(format!(
            "it answered with {} creators, and a page has at most {PAGE_CREATORS_MAX}\nhint: give the rest on the next page",
            page.creators.len()
        ));
    }
    if let Some(next) = page.next.as_ref().filter(|next| next.len() > CURSOR_BYTES_MAX) {
        return Err(format!(
            "its cursor has {} bytes, and may have at most {CURSOR_BYTES_MAX}\nhint: keep only what the next request needs",
            next.len()
        ));
    }
    page.creators.iter().try_for_each(creator)?;
    Ok(page)
}

/// Planned profile calls that the rules can take; whether they cover every creator is for the rules to say.
pub(super) fn plan(planned: Vec<Planned>) -> Result<Vec<Planned>, String> {
    let covered = planned.iter().map(|planned| planned.covers.len()).sum();
    few(planned.len(), "requests")?;
    few(covered, "covered creators")?;
    Ok(planned)
}

/// Profiles that the rules can take.
pub(super) fn profiles(profiles: Vec<Profile>) -> Result<Vec<Profile>, String> {
    few(profiles.len(), "profiles")?;
    for profile in &profiles {
        name("identity", &profile.identity)?;
        if let Outcome::Enriched(found) = &profile.outcome {
            creator(found)?;
        }
    }
    Ok(profiles)
}

fn few(count: usize, what: &str) -> Result<(), String> {
    if count > PROFILE_CREATORS_MAX {
        return Err(format!(
            "it answered with {count} {what}, and is asked about at most {PROFILE_CREATORS_MAX} creators\nhint: answer for each creator once"
        ));
    }
    Ok(())
}

fn creator(creator: &Creator) -> Result<(), String> {
    name("identity", &creator.identity)?;
    name("username", &creator.username)
}

fn name(field: &str, text: &str) -> Result<(), String> {
    if text.is_empty() || text.len() > IDENTITY_BYTES_MAX {
        return Err(format!(
            "a creator's {field} has {} bytes, and must have 1 to {IDENTITY_BYTES_MAX}\nhint: leave out creators that can't be told apart",
            text.len()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use scout_pipeline::contract::{Method, Request};

    fn creators(count: usize) -> Vec<Creator> {
        vec![Creator { identity: "1".into(), username: "ana".into(), ..Creator::default() }; count]
    }

    fn refused<T>(outcome: Result<T, String>) -> String {
        outcome.err().expect("it goes beyond a bound")
    }

    #[test]
    fn a_page_has_at_most_1000_creators() {
        assert!(page(Page { creators: creators(1_000), next: None }).is_ok());
        assert!(refused(page(Page { creators: creators(1_001), next: None })).contains("1001 creators"));
    }

    #[test]
    fn a_cursor_has_at_most_2048_bytes() {
        assert!(page(Page { creators: Vec::new(), next: Some("x".repeat(2_048)) }).is_ok());
        assert!(refused(page(Page { creators: Vec::new(), next: Some("x".repeat(2_049)) })).contains("2049 bytes"));
    }

    #[test]
    fn identity_and_username_have_1_to_256_bytes() {
        let with = |identity: String, username: String| {
            page(Page { creators: vec![Creator { identity, username, ..Creator::default() }], next: None })
        };
        assert!(with("i".repeat(256), "u".repeat(256)).is_ok());
        assert!(refused(with("i".repeat(257), "u".into())).contains("identity has 257"));
        assert!(refused(with("i".into(), "u".repeat(257))).contains("username has 257"));
        assert!(refused(with(String::new(), "u".into())).contains("identity has 0"));
        assert!(refused(with("i".into(), String::new())).contains("username has 0"));
    }

    #[test]
    fn at_most_100_profiles_come_back_and_each_has_an_identity() {
        let profile = |identity: &str| Profile { identity: identity.into(), outcome: Outcome::Enriched(creators(1).remove(0)) };
        assert!(profiles(vec![profile("1"); 100]).is_ok());
        assert!(refused(profiles(vec![profile("1"); 101])).contains("101 profiles"));
        assert!(refused(profiles(vec![profile("")])).contains("identity has 0"));
    }

    #[test]
    fn a_plan_has_at_most_100_requests_for_at_most_100_creators() {
        let request = Request { origin: "api".into(), method: Method::Get, path: "/".into(), query: vec![], headers: vec![], body: None };
        let planned = |covers: usize| Planned { request: request.clone(), covers: vec![0; covers] };
        assert!(plan(vec![planned(1); 100]).is_ok());
        assert!(plan(vec![planned(100)]).is_ok());
        assert!(refused(plan(vec![planned(0); 101])).contains("101 requests"));
        assert!(refused(plan(vec![planned(101)])).contains("101 covered creators"));
    }
}
