//! What holds for every answer of every adapter, whatever the platform sent: the contract's limits and its meanings.

use crate::contract::{CURSOR_BYTES_MAX, NAME_BYTES_MAX, PAGE_CREATORS_MAX};
use crate::contract::{Content, Creator, CreatorRef, Fault, Outcome, Page, Planned, Profile, Query, Request, Response};
use crate::platform::Platform;
use crate::text::bare;

use super::spoil::NEGATIVE;

/// The longest text of a fault; it is shown to people and stored with each task.
const FAULT_CHARS_MAX: usize = 600;

/// Checks what a reader made of a search's answer.
///
/// # Panics
/// When it is something that no adapter may give.
pub fn check_page<P: Platform>(query: &Query, cursor: Option<&str>, response: &Response, read: &Result<Page, Fault>) {
    match read {
        Ok(page) => {
            assert!(response.is_success() || page.creators.is_empty(), "a refusal gives creators: {page:?}");
            // A search that goes on, such as one that asks in other words, has not said that there is nothing.
            assert!(!is_refused(response.status) || page.next.is_some(), "a refusal with {} looks like an empty page", response.status);
            assert!(page.creators.len() <= PAGE_CREATORS_MAX, "{} creators on a page", page.creators.len());
            page.creators.iter().for_each(check_creator);
            check_cursor::<P>(query, cursor, page.next.as_deref());
        }
        Err(fault) => check_fault(fault),
    }
}

/// Checks what a reader made of the answer to a call for these creators' profiles.
///
/// # Panics
/// When it is something that no adapter may give.
pub fn check_profiles(creators: &[CreatorRef], response: &Response, read: &Result<Vec<Profile>, Fault>) {
    let profiles = match read {
        Ok(profiles) => profiles,
        Err(fault) => return check_fault(fault),
    };
    let asked = creators.iter().map(|creator| &creator.identity);
    assert!(profiles.iter().map(|profile| &profile.identity).eq(asked), "not one profile for each creator: {profiles:?}");
    for profile in profiles {
        match &profile.outcome {
            Outcome::Enriched(creator) => {
                assert!(response.is_success(), "a refusal gives a profile: {profile:?}");
                assert!(creator.content.is_none(), "a profile has no piece of content that a search found: {creator:?}");
                check_creator(creator);
            }
            Outcome::Failed(fault) => check_fault(fault),
            Outcome::Empty(_) => assert!(!is_refused(response.status), "a refusal with {} looks like an answer", response.status),
        }
    }
}

/// Checks the plan to read these creators' profiles: each of them belongs to exactly one request, and every request
/// is well formed. A platform without profile calls says so instead.
///
/// # Panics
/// When it is something that no adapter may give.
pub fn check_plan<P: Platform>(creators: &[CreatorRef], planned: &Result<Vec<Planned>, Fault>) {
    match planned {
        Ok(planned) => {
            planned.iter().for_each(|planned| check_named::<P>(&planned.request, creators));
            let mut covered: Vec<u32> = planned.iter().flat_map(|planned| planned.covers.clone()).collect();
            covered.sort_unstable();
            assert!(covered.into_iter().eq(0..creators.len() as u32), "each creator belongs to one request");
        }
        Err(fault) => assert!(matches!(fault, Fault::Unsupported(_)), "profiles can't be planned: {fault:?}"),
    }
}

/// Checks that a request goes to an origin of the manifest and is written as hosts expect it.
///
/// # Panics
/// When it does not.
pub fn check_request<P: Platform>(request: &Request) {
    let manifest = P::describe();
    assert!(manifest.origins.iter().any(|origin| origin.name == request.origin), "{} is no origin", request.origin);
    assert!(request.path.starts_with('/') && !request.path.contains(['?', '#']), "{} is no path", request.path);
    assert!(request.query.iter().all(|(name, _)| !name.is_empty()), "a parameter without a name: {request:?}");
}

/// A path is data, and hosts encode it: a name with a question mark may stand there, and only a name.
fn check_named<P: Platform>(request: &Request, creators: &[CreatorRef]) {
    let plain = |text: &str| text.replace(['?', '#'], "");
    let names = creators.iter().flat_map(|creator| [&creator.identity, &creator.username]);
    let is_named = names.into_iter().any(|name| name.contains(['?', '#']) && request.path.contains(bare(name)));
    let path = if is_named { plain(&request.path) } else { request.path.clone() };
    check_request::<P>(&Request { path, ..request.clone() });
}

/// Whether a status speaks of credentials, credit, permission, haste or failure, none of which is finding nothing.
fn is_refused(status: u16) -> bool {
    matches!(status, 401..=403 | 429 | 500..=599)
}

fn check_creator(creator: &Creator) {
    check_name(&creator.identity);
    check_name(&creator.username);
    assert!(!creator.username.starts_with('@'), "the sign is no part of a handle: {creator:?}");
    let texts = [&creator.name, &creator.bio, &creator.email, &creator.country, &creator.language];
    texts.into_iter().flatten().for_each(|text| check_text(text));
    [&creator.profile_url, &creator.avatar_url].into_iter().flatten().for_each(|link| check_link(link, &["http://", "https://"]));
    creator.links.iter().for_each(|link| check_link(link, &["http://", "https://", "mailto:"]));
    check_count(creator.followers);
    creator.ids.iter().chain(&creator.extra).flat_map(|(name, value)| [name, value]).for_each(|text| check_text(text));
    creator.extra.iter().for_each(|(_, total)| check_count(total.parse().ok()));
    creator.content.iter().for_each(check_content);
}

fn check_content(content: &Content) {
    check_text(&content.id);
    content.description.iter().for_each(|text| check_text(text));
    [&content.url, &content.thumbnail].into_iter().flatten().for_each(|link| check_link(link, &["http://", "https://"]));
    [content.views, content.likes, content.comments, content.shares].into_iter().for_each(check_count);
    assert_ne!(content.duration, Some(0), "nothing lasts no time: unknown is none");
    let is_utc = |time: &String| time.len() >= "2025-01-01T00:00:00Z".len() && time.contains('T') && time.ends_with('Z');
    assert!(content.posted_at.iter().all(is_utc), "{:?} is not RFC 3339 in UTC", content.posted_at);
    assert!(content.hashtags.iter().all(|tag| !tag.is_empty() && !tag.starts_with('#')), "{:?}", content.hashtags);
}

fn check_name(name: &str) {
    assert!((1..=NAME_BYTES_MAX).contains(&name.len()), "a name of {} bytes", name.len());
    check_text(name);
}

/// Unknown is `none` and never blank.
fn check_text(text: &str) {
    assert!(!text.trim().is_empty(), "blank text stands for something unknown");
}

fn check_link(link: &str, schemes: &[&str]) {
    let has_scheme = |scheme: &&str| link.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    assert!(schemes.iter().any(has_scheme), "{link} is not absolute");
}

/// A number below zero is unknown: neither its bits nor its digits are a count.
fn check_count(count: Option<u64>) {
    let wrong = [NEGATIVE as u64, NEGATIVE.unsigned_abs(), i64::MIN.unsigned_abs()];
    assert!(count.is_none_or(|count| !wrong.contains(&count)), "a negative number came out as {count:?}");
}

/// The next cursor is another one, not too long, and one that the adapter understands.
fn check_cursor<P: Platform>(query: &Query, asked: Option<&str>, next: Option<&str>) {
    let Some(next) = next else { return };
    assert!((1..=CURSOR_BYTES_MAX).contains(&next.len()), "a cursor of {} bytes", next.len());
    assert_ne!(Some(next), asked, "the cursor stands still, so the search would never end");
    match P::plan_search(query, Some(next)) {
        Ok(request) => check_request::<P>(&request),
        Err(fault) => panic!("the adapter refuses its own cursor {next}: {fault:?}"),
    }
}

fn check_fault(fault: &Fault) {
    let text = match fault {
        Fault::RateLimited(_) | Fault::NotFound => return,
        Fault::Unauthorized(text)
        | Fault::OutOfCredit(text)
        | Fault::Blocked(text)
        | Fault::Unavailable(text)
        | Fault::Malformed(text)
        | Fault::Unsupported(text)
        | Fault::Other(text) => text,
    };
    check_text(text);
    assert!(text.chars().count() <= FAULT_CHARS_MAX, "a fault of {} characters", text.chars().count());
    assert!(!text.chars().any(char::is_control), "a fault with control characters: {text:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(check: impl FnOnce() + std::panic::UnwindSafe) -> bool {
        std::panic::catch_unwind(check).is_err()
    }

    fn creator(change: impl FnOnce(&mut Creator)) -> Creator {
        let mut creator = Creator::named("1", "ana").expect("it is a creator");
        change(&mut creator);
        creator
    }

    #[test]
    fn a_plain_creator_passes_and_each_breach_is_noticed() {
        check_creator(&creator(|_| {}));
        let breaches: [fn(&mut Creator); 10] = [
            |creator| creator.identity.clear(),
            |creator| creator.username = "@ana".into(),
            |creator| creator.bio = Some(" ".into()),
            |creator| creator.avatar_url = Some("/a.png".into()),
            |creator| creator.links.push("ana.test".into()),
            |creator| creator.followers = Some(NEGATIVE as u64),
            |creator| creator.followers = Some(NEGATIVE.unsigned_abs()),
            |creator| creator.content = Some(Content { id: "1".into(), posted_at: Some("2 weeks ago".into()), ..Content::default() }),
            |creator| creator.content = Some(Content { id: "1".into(), duration: Some(0), ..Content::default() }),
            |creator| creator.content = Some(Content { id: "1".into(), hashtags: vec!["#a".into()], ..Content::default() }),
        ];
        for (number, breach) in breaches.into_iter().enumerate() {
            assert!(fails(move || check_creator(&creator(breach))), "breach {number}");
        }
    }

    #[test]
    fn a_profile_for_somebody_else_or_from_a_refusal_is_noticed() {
        let asked = [super::super::typed("1")];
        let profiles = |identity: &str| Ok(vec![Profile { identity: identity.into(), outcome: Outcome::Enriched(creator(|_| {})) }]);
        check_profiles(&asked, &super::super::answer(200, ""), &profiles("1"));
        assert!(fails(|| check_profiles(&[super::super::typed("1")], &super::super::answer(200, ""), &profiles("2"))));
        assert!(fails(|| check_profiles(&[super::super::typed("1")], &super::super::answer(500, ""), &profiles("1"))));
    }

    #[test]
    fn a_fault_that_says_nothing_or_too_much_is_noticed() {
        check_fault(&Fault::Other("HTTP 400".into()));
        check_fault(&Fault::Other("x".repeat(FAULT_CHARS_MAX)));
        assert!(fails(|| check_fault(&Fault::Other("x".repeat(FAULT_CHARS_MAX + 1)))));
        assert!(fails(|| check_fault(&Fault::Malformed(String::new()))));
        assert!(fails(|| check_fault(&Fault::Malformed("a\0b".into()))));
    }
}
