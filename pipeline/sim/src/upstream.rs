//! A platform that lives in memory: which creators there are, on which pages of which keywords, and what their
//! profiles say. It is a function of the seed; what it was asked and what it answered is written down here, and laws
//! are checked against that.

use std::collections::{BTreeMap, BTreeSet};

use scout_pipeline::contract::{Absence, Content, Creator, CreatorRef, Fault, Outcome, Page, Profile};
use scout_pipeline::limits::CURSOR_BYTES_MAX;
use scout_pipeline::ports::{AdapterError, HttpError};
use scout_pipeline::trouble::Reason;

use crate::chance::{Chance, number_of};
use crate::coverage::Coverage;
use crate::faults::{FaultKind, Injector};

/// What a planned request asks for. A request on the wire names the number of its question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A page of a keyword.
    Search {
        /// The keyword.
        keyword: String,
        /// Where the page begins.
        cursor: Option<String>,
    },
    /// The profiles of these creators.
    Profiles(Vec<CreatorRef>),
}

/// What the adapter makes of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To a search.
    Page(Result<Page, AdapterError>),
    /// To a question for profiles.
    Profiles(Result<Vec<Profile>, AdapterError>),
}

/// What was answered to one job about one keyword.
#[derive(Debug, Clone, Default)]
pub struct Searched {
    /// Pages without anybody on them.
    pub empty_pages: u32,
    /// Pages with somebody on them.
    pub full_pages: u32,
    /// Pages after which nothing follows, or nothing else.
    pub last_pages: u32,
    /// How its calls failed.
    pub failed: BTreeSet<&'static str>,
}

/// What was answered to one job about one creator.
#[derive(Debug, Clone, Default)]
pub struct Profiled {
    /// A search row that is a whole profile.
    pub complete_row: bool,
    /// A profile.
    pub enriched: bool,
    /// That there is no profile.
    pub absences: Vec<Absence>,
    /// How its calls failed.
    pub failed: BTreeSet<&'static str>,
}

/// Everything that one job asked and was answered.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Calls that reached the platform or its network.
    pub calls: u32,
    /// By keyword.
    pub keywords: BTreeMap<String, Searched>,
    /// By identity.
    pub creators: BTreeMap<String, Profiled>,
    /// How any call failed.
    pub failed: BTreeSet<&'static str>,
}

impl Record {
    /// Notes a failure of a question.
    pub fn fail(&mut self, question: &Question, reason: Reason) {
        self.failed.insert(reason.name());
        match question {
            Question::Search { keyword, .. } => {
                self.keywords.entry(keyword.clone()).or_default().failed.insert(reason.name());
            }
            Question::Profiles(creators) => {
                for creator in creators {
                    self.creators.entry(creator.identity.clone()).or_default().failed.insert(reason.name());
                }
            }
        }
    }
}

/// The platform.
#[derive(Debug)]
pub struct Upstream {
    seed: u64,
    creators: u64,
    complete_rows: u16,
    /// What each job asked and was answered.
    pub records: Vec<Record>,
}

/// A fault of the whole answer, as the adapter classifies it, with the reason that must come of it.
fn fault_of(kind: FaultKind, injector: &mut Injector) -> Option<Fault> {
    Some(match kind {
        FaultKind::RateLimited => Fault::RateLimited(None),
        FaultKind::RateLimitedSeconds => {
            let seconds = [1, 5, 30, 200, 4_000][injector.between(kind, 0, 4) as usize];
            Fault::RateLimited(Some(seconds))
        }
        FaultKind::Unavailable => Fault::Unavailable("503".into()),
        FaultKind::Unauthorized => Fault::Unauthorized("401".into()),
        FaultKind::OutOfCredit => Fault::OutOfCredit("402".into()),
        FaultKind::Blocked => Fault::Blocked("a challenge".into()),
        FaultKind::Malformed => Fault::Malformed("HTML".into()),
        FaultKind::NotFound => Fault::NotFound,
        FaultKind::Unsupported => Fault::Unsupported("no such search".into()),
        FaultKind::Other => Fault::Other("odd".into()),
        _ => return None,
    })
}

/// Faults of a whole answer.
const ANSWER_FAULTS: [FaultKind; 10] = [
    FaultKind::RateLimited,
    FaultKind::RateLimitedSeconds,
    FaultKind::Unavailable,
    FaultKind::Unauthorized,
    FaultKind::OutOfCredit,
    FaultKind::Blocked,
    FaultKind::Malformed,
    FaultKind::NotFound,
    FaultKind::Unsupported,
    FaultKind::Other,
];

/// Faults of one profile within an answer that could be read. Faults of the whole platform are left to whole
/// answers, so that a batch with one bad profile is met on its own.
const PROFILE_FAULTS: [FaultKind; 6] = [
    FaultKind::Unavailable,
    FaultKind::RateLimitedSeconds,
    FaultKind::Malformed,
    FaultKind::NotFound,
    FaultKind::Blocked,
    FaultKind::Other,
];

/// The reason that must come of a fault, by its name: written again here, apart from the rules that are tested.
fn reason_of(fault: &Fault) -> Reason {
    match fault {
        Fault::RateLimited(_) => Reason::RateLimited,
        Fault::Unauthorized(_) => Reason::Unauthorized,
        Fault::OutOfCredit(_) => Reason::OutOfCredit,
        Fault::Blocked(_) => Reason::Blocked,
        Fault::NotFound => Reason::NotFound,
        Fault::Unavailable(_) => Reason::Unavailable,
        Fault::Malformed(_) => Reason::Malformed,
        Fault::Unsupported(_) => Reason::Unsupported,
        Fault::Other(_) => Reason::Other,
    }
}

impl Upstream {
    /// The platform of a seed.
    #[must_use]
    pub fn new(seed: u64, jobs: usize) -> Self {
        let mut chance = Chance::new(seed, 0x3000);
        let creators = *chance.pick(&[4, 20, 60, 150, 400]);
        let complete_rows = *chance.pick(&[0, 0, 200, 1_000]);
        Upstream { seed, creators, complete_rows, records: (0..jobs).map(|_| Record::default()).collect() }
    }

    /// What becomes of a call, and what it does to the record of its job.
    ///
    /// # Errors
    /// [`HttpError`] where there is no answer.
    pub fn call(&mut self, job: usize, question: &Question, injector: &mut Injector, coverage: &mut Coverage) -> Result<Answer, HttpError> {
        self.records[job].calls += 1;
        if let Some(error) = no_answer(injector, coverage) {
            let reason = if matches!(error, HttpError::TooLong { .. }) { Reason::Malformed } else { Reason::Unavailable };
            self.records[job].fail(question, reason);
            return Err(error);
        }
        let broken = injector.hits(FaultKind::AdapterBreaks, coverage);
        let fault = ANSWER_FAULTS.into_iter().find(|kind| injector.hits(*kind, coverage)).and_then(|kind| fault_of(kind, injector));
        if broken || fault.is_some() {
            let (error, reason) = match fault {
                Some(fault) if !broken => (AdapterError::Fault(fault.clone()), reason_of(&fault)),
                _ => (AdapterError::Broken("the component trapped".into()), Reason::AdapterFailed),
            };
            self.records[job].fail(question, reason);
            return Ok(match question {
                Question::Search { .. } => Answer::Page(Err(error)),
                Question::Profiles(_) => Answer::Profiles(Err(error)),
            });
        }
        Ok(match question {
            Question::Search { keyword, cursor } => Answer::Page(Ok(self.search(job, keyword, cursor.as_deref()))),
            Question::Profiles(creators) => Answer::Profiles(Ok(self.profiles(job, creators, injector, coverage))),
        })
    }

    fn search(&mut self, job: usize, keyword: &str, cursor: Option<&str>) -> Page {
        let page = self.page(keyword, cursor);
        let record = &mut self.records[job];
        let searched = record.keywords.entry(keyword.to_owned()).or_default();
        match page.creators.is_empty() {
            true => searched.empty_pages += 1,
            false => searched.full_pages += 1,
        }
        if page.next.as_ref().is_some_and(|next| next.len() > CURSOR_BYTES_MAX) {
            searched.failed.insert(Reason::AdapterFailed.name());
        }
        // A cursor that does not move leads nowhere.
        searched.last_pages += u32::from(page.next.is_none() || page.next.as_deref() == cursor);
        for creator in page.creators.iter().filter(|creator| creator.complete) {
            record.creators.entry(creator.identity.clone()).or_default().complete_row = true;
        }
        page
    }

    /// A page as it always is.
    #[must_use]
    pub fn page(&self, keyword: &str, cursor: Option<&str>) -> Page {
        let mut shape = Chance::new(self.seed ^ number_of(keyword), 0x3001);
        let pages = *shape.pick(&[0, 1, 1, 2, 3, 4, 7]);
        let rows_max = *shape.pick(&[1, 3, 10, 10, 25]);
        let loops = shape.hits(80);
        let overlong = shape.hits(25);
        let hollow = shape.hits(100);
        let number: u64 = cursor.and_then(|cursor| cursor.split('.').next()?.parse().ok()).unwrap_or(0);
        let mut chance = Chance::new(self.seed ^ number_of(keyword), 0x4000 + number);
        let rows = if number >= pages || hollow && number == 0 { 0 } else { chance.between(1, rows_max) };
        let mut creators: Vec<Creator> = (0..rows).map(|_| self.row(&mut chance)).collect();
        if rows > 1 && chance.hits(200) {
            // The same creator again, with another post.
            let twin = creators[0].identity.clone();
            let again = self.creator(number_of_identity(&twin), &mut chance);
            creators.push(again);
        }
        let next = match (number + 1 < pages, loops) {
            (_, true) if number + 1 >= pages => Some(number.to_string()),
            (true, _) if overlong => Some(format!("{}.{}", number + 1, "x".repeat(2_100))),
            (true, _) => Some((number + 1).to_string()),
            (false, _) => None,
        };
        Page { creators, next }
    }

    fn row(&self, chance: &mut Chance) -> Creator {
        let number = chance.below(self.creators);
        let mut creator = self.creator(number, chance);
        if chance.hits(4) {
            // Nothing that could be kept.
            creator.username = String::new();
        }
        creator
    }

    fn creator(&self, number: u64, chance: &mut Chance) -> Creator {
        let views = [None, Some(0), Some(400), Some(999), Some(1_000), Some(7_000), Some(90_000), Some(90_001)];
        let complete = Chance::new(self.seed, 0x10_0000 + number).hits(self.complete_rows);
        let content = Content { id: format!("post-{}", chance.below(1_000)), views: *chance.pick(&views), ..Content::default() };
        Creator {
            identity: identity_of(number),
            // Handles are not identities: two creators may share one.
            username: format!("user{}", number / 2),
            bio: Some(format!("write to {}", search_address(number))),
            content: (!chance.hits(100)).then_some(content),
            complete,
            ..Creator::default()
        }
    }

    fn profiles(&mut self, job: usize, creators: &[CreatorRef], injector: &mut Injector, coverage: &mut Coverage) -> Vec<Profile> {
        let mut profiles = Vec::with_capacity(creators.len());
        for creator in creators {
            let profiled = self.records[job].creators.entry(creator.identity.clone()).or_default();
            if injector.hits(FaultKind::ProfileUnmentioned, coverage) {
                profiled.failed.insert(Reason::AdapterFailed.name());
                continue;
            }
            let outcome = match injector.hits(FaultKind::ProfileFails, coverage) {
                true => {
                    let kind = PROFILE_FAULTS[injector.between(FaultKind::ProfileFails, 0, PROFILE_FAULTS.len() as u64 - 1) as usize];
                    let fault = fault_of(kind, injector).unwrap_or(Fault::NotFound);
                    profiled.failed.insert(reason_of(&fault).name());
                    Outcome::Failed(fault)
                }
                false => self.outcome(&creator.identity),
            };
            self.note(job, &creator.identity, &outcome);
            profiles.push(Profile { identity: creator.identity.clone(), outcome });
        }
        if injector.hits(FaultKind::ProfileForeign, coverage) {
            let stranger = identity_of(injector.between(FaultKind::ProfileForeign, 0, self.creators));
            if !creators.iter().any(|creator| creator.identity == stranger) {
                let outcome = Outcome::Enriched(Creator { bio: Some("write to stranger@mail.test".into()), ..Creator::default() });
                profiles.push(Profile { identity: stranger, outcome });
            }
        }
        profiles
    }

    fn note(&mut self, job: usize, identity: &str, outcome: &Outcome) {
        let profiled = self.records[job].creators.entry(identity.to_owned()).or_default();
        match outcome {
            Outcome::Enriched(_) => profiled.enriched = true,
            Outcome::Empty(absence) => profiled.absences.push(*absence),
            Outcome::Failed(_) => {}
        }
    }

    /// What a creator's profile says, as it always does.
    fn outcome(&self, identity: &str) -> Outcome {
        let number = number_of_identity(identity);
        let mut chance = Chance::new(self.seed, 0x20_0000 + number);
        match chance.below(20) {
            0 => Outcome::Empty(Absence::Private),
            1 => Outcome::Empty(Absence::Deactivated),
            2 => Outcome::Empty(Absence::Missing),
            3 => Outcome::Empty(Absence::Hidden),
            _ => {
                let bio = chance.hits(700).then(|| format!("write to {}", profile_address(number)));
                Outcome::Enriched(Creator {
                    identity: identity.to_owned(),
                    username: format!("user{}", number / 2),
                    bio,
                    ..Creator::default()
                })
            }
        }
    }
}

fn no_answer(injector: &mut Injector, coverage: &mut Coverage) -> Option<HttpError> {
    if injector.hits(FaultKind::NoAnswer, coverage) {
        return Some(HttpError::Timeout { ms: 20_000 });
    }
    if injector.hits(FaultKind::Connection, coverage) {
        return Some(HttpError::Connection("it was closed".into()));
    }
    injector.hits(FaultKind::TooLong, coverage).then_some(HttpError::TooLong { limit: 16 })
}

fn identity_of(number: u64) -> String {
    format!("c{number}")
}

fn number_of_identity(identity: &str) -> u64 {
    identity.trim_start_matches('c').parse().unwrap_or_default()
}

/// The address that a creator's search row shows.
#[must_use]
pub fn search_address(number: u64) -> String {
    format!("s{number}@mail.test")
}

/// The address that a creator's profile shows.
#[must_use]
pub fn profile_address(number: u64) -> String {
    format!("p{number}@mail.test")
}

/// Whether an address stands in the search row of this creator.
#[must_use]
pub fn is_of_search(address: &str, identity: &str) -> bool {
    address == search_address(number_of_identity(identity))
}

/// Whether an address stands in the profile of this creator.
#[must_use]
pub fn is_of_profile(address: &str, identity: &str) -> bool {
    address == profile_address(number_of_identity(identity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_same_whenever_it_is_asked_for() {
        let upstream = Upstream::new(7, 1);
        assert_eq!(upstream.page("yoga", None), upstream.page("yoga", None));
        assert_eq!(upstream.page("yoga", Some("1")), upstream.page("yoga", Some("1")));
    }

    #[test]
    fn keywords_overlap_and_some_have_nothing() {
        let upstream = Upstream::new(11, 1);
        let words = ["yoga", "chess", "baking", "sailing", "fishing", "cycling", "pottery", "running", "surfing", "climbing"];
        let pages: Vec<Page> = words.iter().map(|word| upstream.page(word, None)).collect();
        let all: Vec<&str> = pages.iter().flat_map(|page| &page.creators).map(|creator| creator.identity.as_str()).collect();
        assert!(all.iter().collect::<BTreeSet<_>>().len() < all.len(), "no creator stands on two pages");
        assert!((0..40).any(|seed| Upstream::new(seed, 1).page("yoga", None).creators.is_empty()));
    }

    #[test]
    fn what_a_call_gave_is_written_down() {
        let (mut upstream, mut coverage) = (Upstream::new(7, 1), Coverage::default());
        let mut injector = Injector::new(7, crate::faults::Rates::none());
        let question = Question::Search { keyword: "yoga".into(), cursor: None };
        upstream.call(0, &question, &mut injector, &mut coverage).unwrap();
        let searched = &upstream.records[0].keywords["yoga"];
        assert_eq!((searched.empty_pages + searched.full_pages, upstream.records[0].calls), (1, 1));
    }
}
