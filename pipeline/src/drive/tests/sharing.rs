//! The loop where others call the same upstream and ask the same.

use super::*;
use crate::cache::{Key, Kind, Looked, Memory, Settled, Value};
use crate::outbound::Setup;
use crate::protocol::DeferredReport;
use crate::upstream::{Answer, Ask, Permit, Settlement, Upstream, Why};

/// Gives the answers that are told, in order, and then permits for all that is asked; notes what it hears.
#[derive(Debug, Default)]
struct Office {
    answers: RefCell<VecDeque<Answer>>,
    asked: RefCell<Vec<Ask>>,
    settled: RefCell<Vec<Settlement>>,
}

impl Office {
    fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Office { answers: RefCell::new(answers.into_iter().collect()), ..Office::default() }
    }

    fn calls_settled(&self) -> Vec<u32> {
        self.settled.borrow().iter().map(|settlement| settlement.calls).collect()
    }
}

impl Permits for Office {
    async fn ask(&self, _: &Upstream, ask: Ask, _: Time) -> Answer {
        let answer = self.answers.borrow_mut().pop_front().unwrap_or_else(|| granted(ask.slots, ask.calls));
        self.asked.borrow_mut().push(ask);
        answer
    }

    async fn settle(&self, _: &Upstream, settlement: Settlement, _: Time) {
        self.settled.borrow_mut().push(settlement);
    }
}

fn granted(slots: u32, calls: u32) -> Answer {
    Answer::Granted(Permit { id: 7, slots, calls, until: Time(90_000) })
}

const LATER: Time = Time(1_234);

fn wait() -> Answer {
    Answer::Wait { until: LATER, why: Why::Slots }
}

fn down() -> Trouble {
    Trouble::Fault { fault: Fault::Unavailable("it is down".into()) }
}

fn no_more() -> Calls {
    Calls { unused: 1, ..Calls::default() }
}

fn on_page(number: u32) -> Reply {
    Reply::Continue { cursor: Some(number.to_string()), page: number }
}

/// Runs one search of one page.
fn search_once(platform: &Platform, cache: &impl Cache) -> Vec<Report> {
    run_with(Sample::default(), platform, &Script::of([search(), Reply::Stop]), &Unmetered, cache).1
}

fn key_of_profile(number: u32) -> Key {
    let creator = CreatorRef { identity: format!("id-{number}"), username: format!("u{number}"), ids: vec![] };
    Key::profile(&installed(Sample::default()).manifest, &Setup::default(), &creator)
}

fn key_of_page() -> Key {
    let query = Query { keyword: "yoga".into(), settings: vec![], extra: vec![] };
    Key::page(&installed(Sample::default()).manifest, &Setup::default(), &query, None, &request("/search/yoga/0".into()))
}

fn claim(cache: &Memory, kind: Kind, key: Key) -> u64 {
    let looked = block_on(cache.look(kind, &[key], None, Time(0))).pop();
    let Some(Looked::Yours { claim }) = looked else { panic!("{looked:?}") };
    claim
}

fn know_profile(cache: &Memory, number: u32) {
    let key = key_of_profile(number);
    let claim = claim(cache, Kind::Profile, key);
    let value = Some(Value::Profile(Outcome::Enriched(creator(&format!("id-{number}")))));
    block_on(cache.settle(vec![Settled { key, claim, value }], Time(0)));
}

#[test]
fn a_page_that_is_known_is_not_called_for_again() {
    let (platform, cache) = (Platform::answering([Ok((200, "3"))]), Memory::default());
    let first = search_once(&platform, &cache);
    let second = search_once(&platform, &cache);
    assert_eq!(platform.asked.borrow().len(), 1);
    let [Report::Page(first), Report::Page(second)] = [&first[0], &second[0]] else { panic!("{first:?} {second:?}") };
    assert_eq!((&first.creators, &first.next), (&second.creators, &second.next));
    assert_eq!((first.calls.made, first.calls.cached, first.calls.unused), (1, 0, 0));
    assert_eq!(second.calls, Calls { cached: 1, ..no_more() });
}

#[test]
fn a_page_that_could_not_be_read_is_called_for_again() {
    let (platform, cache) = (Platform::answering([Ok((503, "")), Ok((200, "3"))]), Memory::default());
    assert!(matches!(search_once(&platform, &cache)[0], Report::Failed(_)));
    assert!(matches!(search_once(&platform, &cache)[0], Report::Page(_)));
}

#[test]
fn whoever_wants_it_fresh_calls_although_it_is_known() {
    let (platform, cache) = (Platform::default(), Memory::default());
    search_once(&platform, &cache);
    let Reply::Granted(lease) = search() else { panic!("a lease") };
    let fresh = Reply::Granted(Lease { max_age: Some(0), ..lease });
    run_with(Sample::default(), &platform, &Script::of([fresh, Reply::Stop]), &Unmetered, &cache).0.unwrap();
    assert_eq!(platform.asked.borrow().len(), 2);
}

#[test]
fn a_page_that_somebody_calls_for_is_put_off() {
    let (platform, cache) = (Platform::default(), Memory::default());
    claim(&cache, Kind::Page, key_of_page());
    let told = search_once(&platform, &cache);
    let [Report::Deferred(DeferredReport { until, calls, .. })] = &told[..] else { panic!("{told:?}") };
    assert!(*until > Time(0) && platform.asked.borrow().is_empty());
    assert_eq!(*calls, no_more());
}

#[test]
fn a_page_that_waits_for_a_permit_is_put_off_and_its_claim_given_back() {
    let (platform, cache) = (Platform::default(), Memory::default());
    let (_, told) = run_with(Sample::default(), &platform, &Script::of([search(), Reply::Stop]), &Office::answering([wait()]), &cache);
    assert_eq!(told, [Report::Deferred(DeferredReport { task: 4, fence: 2, until: LATER, calls: no_more() })]);
    claim(&cache, Kind::Page, key_of_page());
    assert!(platform.asked.borrow().is_empty());
}

#[test]
fn a_page_that_would_be_called_for_in_vain_fails_with_the_upstreams_reason_and_no_call() {
    let (platform, cache) = (Platform::default(), Memory::default());
    let office = Office::answering([Answer::Refused(down())]);
    let (_, told) = run_with(Sample::default(), &platform, &Script::of([search(), Reply::Stop]), &office, &cache);
    let [Report::Failed(failed)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((&failed.trouble, failed.calls), (&down(), no_more()));
    claim(&cache, Kind::Page, key_of_page());
    assert!(platform.asked.borrow().is_empty());
}

#[test]
fn one_permit_serves_a_keywords_pages_and_what_it_did_not_need_goes_back() {
    let office = Office::default();
    let job = Script::of([search(), on_page(1), on_page(2), Reply::Stop]);
    run_with(Sample::default(), &Platform::default(), &job, &office, &NoCache).0.unwrap();
    let asked = office.asked.borrow();
    assert_eq!((asked.len(), asked[0].calls, asked[0].slots, asked[0].searches), (1, 5, 1, true));
    assert_eq!(office.calls_settled(), [3]);
}

#[test]
fn whoever_needs_more_than_a_permit_has_asks_again_under_the_same_ticket() {
    let office = Office::answering([granted(1, 2)]);
    let job = Script::of([search(), on_page(1), on_page(2), Reply::Stop]);
    run_with(Sample::default(), &Platform::default(), &job, &office, &NoCache).0.unwrap();
    assert_eq!(office.calls_settled(), [2, 1]);
    assert_eq!(office.asked.borrow().iter().map(|ask| ask.ticket.as_str()).collect::<Vec<_>>(), ["job-1/4"; 2]);
    assert_eq!(office.asked.borrow()[1].calls, 3);
}

#[test]
fn a_permit_that_is_nearly_over_begins_no_call() {
    let over = Answer::Granted(Permit { id: 7, slots: 1, calls: 5, until: Time(1) });
    let office = Office::answering([over]);
    let job = Script::of([search(), on_page(1), Reply::Stop]);
    run_with(Sample::default(), &Platform::default(), &job, &office, &NoCache).0.unwrap();
    assert_eq!(office.calls_settled(), [1, 1]);
}

#[test]
fn a_permit_is_settled_with_how_its_calls_ended_though_the_job_is_out_of_reach() {
    let office = Office::default();
    let platform = Platform::answering([Ok((503, ""))]);
    assert!(run_with(Sample::default(), &platform, &Script::of([search()]), &office, &NoCache).0.is_err());
    assert_eq!(office.settled.borrow()[0].seen, [Seen::Failed("503".into())]);
}

#[test]
fn profiles_that_are_known_are_given_and_those_that_somebody_calls_for_are_left_for_later() {
    let (platform, cache) = (Platform::default(), Memory::default());
    know_profile(&cache, 0);
    claim(&cache, Kind::Profile, key_of_profile(1));
    let job = Script::of([profiles(4, 4), Reply::Stop]);
    let (_, told) = run_with(Sample::default(), &platform, &job, &Unmetered, &cache);
    let [Report::Profiles(report)] = &told[..] else { panic!("{told:?}") };
    let identities: Vec<_> = report.results.iter().map(|result| result.identity.as_str()).collect();
    assert_eq!(identities, ["id-0", "id-2", "id-3"]);
    assert_eq!((report.calls.made, report.calls.cached, report.calls.unused), (2, 1, 2));
    assert!(report.until.is_some_and(|until| until > Time(0)));
}

#[test]
fn a_batch_that_is_known_makes_no_call_and_one_that_all_wait_for_is_put_off() {
    let (platform, cache) = (Platform::default(), Memory::default());
    (0..2).for_each(|number| know_profile(&cache, number));
    let (_, told) = run_with(Sample::default(), &platform, &Script::of([profiles(2, 2), Reply::Stop]), &Unmetered, &cache);
    assert!(matches!(&told[..], [Report::Profiles(report)] if report.results.len() == 2 && report.until.is_none()));
    let cache = Memory::default();
    for number in 0..2 {
        claim(&cache, Kind::Profile, key_of_profile(number));
    }
    let (_, told) = run_with(Sample::default(), &platform, &Script::of([profiles(2, 2), Reply::Stop]), &Unmetered, &cache);
    assert!(matches!(&told[..], [Report::Deferred(report)] if report.calls.unused == 2));
    assert!(platform.asked.borrow().is_empty());
}

#[test]
fn a_batch_goes_as_far_as_permits_do_and_the_rest_gives_its_claims_back() {
    let cache = Memory::default();
    let (platform, office) = (Platform::default(), Office::answering([granted(2, 2), granted(1, 1), wait()]));
    let job = Script::of([profiles(5, 5), Reply::Stop]);
    let (_, told) = run_with(Sample::default(), &platform, &job, &office, &cache);
    let [Report::Profiles(report)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((report.results.len(), report.until, report.calls.unused), (3, Some(LATER), 2));
    assert_eq!(platform.most_under_way.get(), 2);
    assert_eq!(office.asked.borrow().iter().map(|ask| ask.calls).collect::<Vec<_>>(), [5, 3, 2]);
    claim(&cache, Kind::Profile, key_of_profile(3));
}

#[test]
fn profiles_that_would_be_called_for_in_vain_each_have_the_upstreams_reason() {
    let office = Office::answering([granted(1, 1), Answer::Refused(down())]);
    let (_, told) = run_with(Sample::default(), &Platform::default(), &Script::of([profiles(3, 3), Reply::Stop]), &office, &NoCache);
    let [Report::Profiles(report)] = &told[..] else { panic!("{told:?}") };
    let refused = report.results.iter().filter(|result| result.answer == ProfileAnswer::Trouble(down())).count();
    assert_eq!((refused, report.results.len(), report.calls.made), (2, 3, 1));
}

#[test]
fn a_batch_with_too_few_slots_makes_no_call_that_could_end_after_its_lease() {
    let cache = Memory::default();
    let (platform, office) = (Platform { takes_ms: 10_000, ..Platform::default() }, Office::answering([granted(1, 10)]));
    let (_, told) = run_with(Sample::default(), &platform, &Script::of([profiles(10, 10), Reply::Stop]), &office, &cache);
    let [Report::Profiles(report)] = &told[..] else { panic!("{told:?}") };
    // The fifth would begin after 40 s, and a call with its token may take 25 of the 60.
    assert_eq!((report.results.len(), report.until, report.calls.made, report.calls.unused), (4, Some(Time(40_000)), 4, 6));
    assert_eq!((platform.most_under_way.get(), office.calls_settled()), (1, vec![4]));
    claim(&cache, Kind::Profile, key_of_profile(9));
}

#[test]
fn a_plan_that_is_none_fails_those_it_is_about_and_not_those_whom_others_read() {
    let (platform, cache) = (Platform::default(), Memory::default());
    claim(&cache, Kind::Profile, key_of_profile(0));
    let broken = Sample { plan: Some(|_| vec![]), ..Sample::default() };
    let (_, told) = run_with(broken, &platform, &Script::of([profiles(2, 2), Reply::Stop]), &Unmetered, &cache);
    let [Report::Profiles(report)] = &told[..] else { panic!("{told:?}") };
    let failed: Vec<_> = report.results.iter().map(|result| result.identity.as_str()).collect();
    assert_eq!((failed, report.until.is_some()), (vec!["id-1"], true));
}
