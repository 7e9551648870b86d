//! One adapter under test: reads inputs, each twice, and checks what must hold.

use scout_sdk::testing::{check_page, check_plan, check_profiles, check_request};
use scout_sdk::{CreatorRef, Platform, Response};

use crate::case::{Case, Reader};
use crate::corpus::Corpus;
use crate::vocabulary::Vocabulary;

/// Cursors that are learnt from fixtures, at most; some adapters make a new one of each.
const CURSORS_MAX: usize = 48;

/// Creators that are learnt from fixtures, at most.
const CREATORS_MAX: usize = 48;

/// Times that the fixtures are read for cursors: those of the last time lead to further ones.
const ROUNDS: usize = 3;

/// An adapter with what there is to choose from.
#[derive(Debug, Clone)]
pub struct Subject {
    vocabulary: Vocabulary,
    check: fn(&Case),
}

impl Subject {
    /// The adapter, after it has read its fixtures once to learn cursors and creators.
    #[must_use]
    pub fn of<P: Platform>(corpus: &Corpus) -> Self {
        Self { vocabulary: learn::<P>(corpus), check: check::<P> }
    }

    /// What inputs choose from.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Reads an input.
    ///
    /// # Panics
    /// When the adapter panics, gives something that no adapter may give, or gives two answers to one question.
    pub fn read(&self, input: &[u8]) {
        (self.check)(&Case::of(input, &self.vocabulary));
    }
}

/// What an adapter says of itself and makes of its fixtures.
fn learn<P: Platform>(corpus: &Corpus) -> Vocabulary {
    let settings: Vec<_> = P::describe().settings.into_iter().map(|setting| (setting.name, setting.default, setting.doc)).collect();
    let known = Vocabulary::new(&settings, Vec::new(), Vec::new());
    let mut cursors: Vec<String> = Vec::new();
    let mut creators: Vec<CreatorRef> = Vec::new();
    for _ in 0..ROUNDS {
        let asked: Vec<Option<String>> = std::iter::once(None).chain(cursors.iter().cloned().map(Some)).collect();
        for (body, cursor) in corpus.bodies.iter().flat_map(|body| asked.iter().map(move |cursor| (body, cursor))) {
            for setting in 0..=known.settings().min(24) as u8 {
                let response = Response { status: 200, headers: Vec::new(), body: body.clone() };
                let Ok(page) = P::read_search(&known.query(0, setting, ""), cursor.as_deref(), &response) else { continue };
                add(&mut cursors, page.next, CURSORS_MAX);
                let found = page.creators.into_iter();
                found.for_each(|found| {
                    add(&mut creators, [CreatorRef { identity: found.identity, username: found.username, ids: found.ids }], CREATORS_MAX)
                });
            }
        }
    }
    let typed: Vec<CreatorRef> = creators.iter().flat_map(typed).collect();
    creators.extend(typed);
    Vocabulary::new(&settings, cursors, creators)
}

fn add<T: PartialEq>(known: &mut Vec<T>, new: impl IntoIterator<Item = T>, max: usize) {
    for new in new {
        if known.len() < max && !known.contains(&new) {
            known.push(new);
        }
    }
}

/// A creator as people name it, by identity and by handle.
fn typed(creator: &CreatorRef) -> [CreatorRef; 2] {
    let named = |name: &str| CreatorRef { identity: name.to_owned(), username: name.to_owned(), ids: Vec::new() };
    [named(&creator.identity), named(&format!("@{}", creator.username))]
}

fn check<P: Platform>(case: &Case) {
    match case.reader {
        Reader::Search => check_search::<P>(case),
        Reader::Profiles => check_profile_call::<P>(case),
    }
}

fn check_search<P: Platform>(case: &Case) {
    let Case { query, cursor, response, .. } = case;
    let cursor = cursor.as_deref();
    let planned = P::plan_search(query, cursor);
    assert_eq!(planned, P::plan_search(query, cursor), "twice is not the same plan");
    let read = P::read_search(query, cursor, response);
    assert_eq!(read, P::read_search(query, cursor, response), "twice is not the same page");
    // Only what was planned is ever read; of an answer to a refused question nothing but survival is asked.
    if let Ok(request) = planned {
        check_request::<P>(&request);
        check_page::<P>(query, cursor, response, &read);
    }
}

fn check_profile_call<P: Platform>(case: &Case) {
    let Case { creators, response, .. } = case;
    let planned = P::plan_profiles(creators);
    assert_eq!(planned, P::plan_profiles(creators), "twice is not the same plan");
    check_plan::<P>(creators, &planned);
    let read = P::read_profiles(creators, response);
    assert_eq!(read, P::read_profiles(creators, response), "twice is not the same profiles");
    check_profiles(creators, response, &read);
}

#[cfg(test)]
mod tests {
    use super::*;
    use scout_sdk::{Auth, Creator, Enrichment, Fault, Hints, Manifest, Origin, Page, Query, Request};

    /// Takes the body for a handle, and fails in every way there is when the body says so.
    struct Echo;

    impl Platform for Echo {
        fn describe() -> Manifest {
            Manifest {
                platform: "echo".into(),
                label: "Echo".into(),
                version: "1.0.0".into(),
                origins: vec![Origin { name: "api".into(), base_url: "https://echo.test".into(), auth: Auth::None }],
                enrichment: Enrichment::None,
                hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: None },
                reports_views: false,
                settings: Vec::new(),
                extra: Vec::new(),
            }
        }

        fn plan_search(_: &Query, _: Option<&str>) -> Result<Request, Fault> {
            Ok(Request::get("api", "/"))
        }

        fn read_search(_: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault> {
            let text = String::from_utf8_lossy(&response.body).into_owned();
            match text.as_str() {
                "panic" => panic!("the body says so"),
                "stand" => return Ok(Page::of(Vec::new(), Some(cursor.unwrap_or("first").to_owned()))),
                "blank" => return Ok(Page::of(Creator::named(" ", "ana").into_iter().collect(), None)),
                "random" => return Err(Fault::Other(format!("{:?}", std::collections::hash_map::RandomState::new()) + &address())),
                _ => {}
            }
            Ok(Page::of(Creator::named(&text, &text).into_iter().collect(), None))
        }
    }

    /// Differs from call to call.
    fn address() -> String {
        static CALLS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string()
    }

    fn subject() -> Subject {
        Subject::of::<Echo>(&Corpus { bodies: vec![b"ana".to_vec(), b"stand".to_vec()], found: Vec::new() })
    }

    fn survives(input: &[u8]) -> bool {
        let subject = subject();
        std::panic::catch_unwind(|| subject.read(input)).is_ok()
    }

    #[test]
    fn an_honest_answer_passes_as_search_and_as_profiles() {
        assert!(survives(b"\0\0\0\0\0\0bo"));
        assert!(survives(b"\x01\0\0\0\0\0bo"));
        assert!(survives(b""));
    }

    #[test]
    fn a_panic_and_each_breach_of_the_contract_is_noticed() {
        assert!(!survives(b"\0\0\0\0\0\0panic"));
        assert!(!survives(b"\0\0\0\0\0\0blank"));
        assert!(!survives(b"\0\0\0\0\0\0random"));
    }

    #[test]
    fn cursors_of_the_fixtures_are_learnt_and_one_that_stands_still_is_noticed() {
        let subject = subject();
        let first = (1..=u8::MAX).find(|choice| subject.vocabulary().cursor(*choice, "").as_deref() == Some("first"));
        let choice = first.expect("the cursor that a fixture gave can be chosen");
        assert!(!survives(&[&[0, 0, 0, choice, 0, 0], &b"stand"[..]].concat()));
        assert!(survives(b"\0\0\0\0\0\0stand"));
    }

    #[test]
    fn creators_of_the_fixtures_are_learnt_in_all_their_names() {
        let subject = Subject::of::<Echo>(&Corpus { bodies: vec![b"ana".to_vec()], found: Vec::new() });
        let names: Vec<_> = subject.vocabulary().creators(0, "").into_iter().map(|creator| creator.username).collect();
        assert_eq!(names, ["ana", "ana", "@ana"]);
    }
}
