//! The loop, driven over an adapter and a platform that live in memory and a job that is scripted.

mod sharing;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use futures::executor::block_on;

use super::*;
use crate::cache::NoCache;
use crate::contract::{Auth, Creator, CreatorRef, Enrichment, Fault, Hints, Method, Origin, Outcome, Page, Planned, Profile, Query};
use crate::limits::{ENRICH_CALLS_AT_ONCE, PROFILES_LEASE_MS};
use crate::ports::{AdapterError, HttpError, HttpRequest};
use crate::protocol::{ProfileAnswer, Queue};
use crate::upstream::Unmetered;

/// Which creators each planned request covers, of so many.
type Covers = fn(usize) -> Vec<Vec<u32>>;

/// An adapter whose pages say what to do: the cursor is a number, and the body of an answer is the number
/// of creators on it.
#[derive(Debug, Default)]
struct Sample {
    plan: Option<Covers>,
    silent_about: Option<&'static str>,
}

fn request(path: String) -> Request {
    Request { origin: "api".into(), method: Method::Get, path, query: vec![], headers: vec![], body: None }
}

impl Adapter for Sample {
    async fn plan_search(&self, query: &Query, cursor: Option<&str>) -> Result<Request, AdapterError> {
        Ok(request(format!("/search/{}/{}", query.keyword, cursor.unwrap_or("0"))))
    }

    async fn read_search(&self, query: &Query, cursor: Option<&str>, response: Response) -> Result<Page, AdapterError> {
        if response.status != 200 {
            return Err(Fault::Unavailable(response.status.to_string()).into());
        }
        let rows: u32 = String::from_utf8_lossy(&response.body).parse().map_err(|_| Fault::Malformed("rows".into()))?;
        let page: u32 = cursor.map_or(0, |cursor| cursor.parse().unwrap_or(0));
        let creators = (0..rows).map(|row| creator(&format!("{}-{page}-{row}", query.keyword))).collect();
        Ok(Page { creators, next: Some((page + 1).to_string()) })
    }

    async fn plan_profiles(&self, creators: &[CreatorRef]) -> Result<Vec<Planned>, AdapterError> {
        let covers = self.plan.map_or_else(|| (0..creators.len() as u32).map(|place| vec![place]).collect(), |plan| plan(creators.len()));
        Ok(covers
            .into_iter()
            .enumerate()
            .map(|(number, covers)| Planned { request: request(format!("/profile/{number}")), covers })
            .collect())
    }

    async fn read_profiles(&self, creators: &[CreatorRef], _: Response) -> Result<Vec<Profile>, AdapterError> {
        let told = creators.iter().filter(|creator| Some(creator.identity.as_str()) != self.silent_about);
        Ok(told
            .map(|creator| Profile { identity: creator.identity.clone(), outcome: Outcome::Enriched(self::creator(&creator.identity)) })
            .collect())
    }
}

fn creator(identity: &str) -> Creator {
    Creator { identity: identity.into(), username: identity.into(), ..Creator::default() }
}

/// Status and body, or none.
type Answer = Result<(u16, &'static str), HttpError>;

/// A platform whose answers are given in order; it yields once for each, so that calls overlap.
#[derive(Debug, Default)]
struct Platform {
    answers: RefCell<VecDeque<Answer>>,
    asked: RefCell<Vec<String>>,
    under_way: Cell<usize>,
    most_under_way: Cell<usize>,
    /// The time, which passes while it answers.
    clock: Cell<u64>,
    takes_ms: u64,
}

impl Platform {
    fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Platform { answers: RefCell::new(answers.into_iter().collect()), ..Platform::default() }
    }
}

impl Http for Platform {
    async fn fetch(&self, request: HttpRequest) -> Result<Response, HttpError> {
        self.asked.borrow_mut().push(request.url);
        self.under_way.set(self.under_way.get() + 1);
        self.most_under_way.set(self.most_under_way.get().max(self.under_way.get()));
        yield_once().await;
        self.under_way.set(self.under_way.get() - 1);
        self.clock.set(self.clock.get() + self.takes_ms);
        let (status, body) = self.answers.borrow_mut().pop_front().unwrap_or(Ok((200, "1")))?;
        Ok(Response { status, headers: vec![], body: body.as_bytes().to_vec() })
    }
}

/// A job that gives out one lease and then answers from a script.
#[derive(Debug, Default)]
struct Script {
    replies: RefCell<VecDeque<Reply>>,
    told: RefCell<Vec<Report>>,
}

impl Script {
    fn of(replies: impl IntoIterator<Item = Reply>) -> Self {
        Script { replies: RefCell::new(replies.into_iter().collect()), ..Script::default() }
    }
}

impl JobLink for Script {
    async fn tell(&self, report: Report) -> Result<Reply, LinkError> {
        self.told.borrow_mut().push(report);
        self.replies.borrow_mut().pop_front().ok_or_else(|| LinkError("the script is over".into()))
    }
}

fn search() -> Reply {
    let query = Query { keyword: "yoga".into(), settings: vec![], extra: vec![] };
    lease(Work::Search { query, cursor: None, page: 0 })
}

fn profiles(creators: u32, calls_max: u32) -> Reply {
    let creator = |number| CreatorRef { identity: format!("id-{number}"), username: format!("u{number}"), ids: vec![] };
    lease(Work::Profiles { creators: (0..creators).map(creator).collect(), calls_max })
}

fn lease(work: Work) -> Reply {
    Reply::Granted(Lease {
        task: 4,
        fence: 2,
        until: Time(PROFILES_LEASE_MS),
        platform: "sample".into(),
        account: None,
        max_age: None,
        work,
    })
}

fn installed(adapter: Sample) -> Installed<Sample> {
    let manifest = Manifest {
        platform: "sample".into(),
        label: "Sample".into(),
        version: "1.0.0".into(),
        origins: vec![Origin { name: "api".into(), base_url: "https://api.sample.test".into(), auth: Auth::None }],
        enrichment: Enrichment::Required(1),
        hints: Hints { page_size: 10, creators_per_keyword: 10, pages_per_keyword: 5, calls_per_minute: None },
        reports_views: false,
        settings: vec![],
        extra: vec![],
    };
    Installed { adapter, manifest, setup: Setup::default() }
}

/// Runs one message; gives what became of it and everything that the job was told after the lease.
fn run(adapter: Sample, platform: &Platform, job: &Script) -> (Result<Worked, LinkError>, Vec<Report>) {
    run_with(adapter, platform, job, &Unmetered, &NoCache)
}

fn run_with(
    adapter: Sample,
    platform: &Platform,
    job: &Script,
    permits: &impl Permits,
    cache: &impl Cache,
) -> (Result<Worked, LinkError>, Vec<Report>) {
    let installed = installed(adapter);
    let find = |name: &str| (name == "sample").then_some(&installed);
    let desk = Desk { http: platform, find, tokens: &Tokens::default(), clock: || platform.clock.get(), permits, cache };
    let message = Message { job: "job-1".into(), task: 4, fence: 0, queue: Queue::Search };
    let worked = block_on(work(&message, job, &desk));
    (worked, job.told.borrow().iter().skip(1).cloned().collect())
}

#[test]
fn pages_are_read_from_where_the_job_says_until_it_says_stop() {
    let platform = Platform::answering([Ok((200, "3")), Ok((200, "2"))]);
    let job = Script::of([search(), Reply::Continue { cursor: Some("7".into()), page: 7 }, Reply::Stop]);
    let (worked, told) = run(Sample::default(), &platform, &job);
    assert_eq!(worked, Ok(Worked::Done));
    assert_eq!(*platform.asked.borrow(), ["https://api.sample.test/search/yoga/0", "https://api.sample.test/search/yoga/7"]);
    let pages: Vec<_> = told
        .iter()
        .map(|report| if let Report::Page(page) = report { (page.fence, page.page, page.creators.len()) } else { panic!() })
        .collect();
    assert_eq!(pages, [(2, 0, 3), (2, 7, 2)]);
}

#[test]
fn a_message_that_is_not_given_out_asks_nothing_of_the_platform() {
    for reply in [Reply::Busy, Reply::Gone] {
        let platform = Platform::default();
        let (worked, _) = run(Sample::default(), &platform, &Script::of([reply]));
        assert_eq!(worked, Ok(Worked::Dropped));
        assert!(platform.asked.borrow().is_empty());
    }
}

#[test]
fn a_fault_that_the_adapter_names_is_reported_as_it_is() {
    let platform = Platform::answering([Ok((503, ""))]);
    let (_, told) = run(Sample::default(), &platform, &Script::of([search(), Reply::Stop]));
    let Report::Failed(failed) = &told[0] else { panic!("{told:?}") };
    assert_eq!(failed.trouble, Trouble::Fault { fault: Fault::Unavailable("503".into()) });
    assert_eq!(failed.calls.made, 1);
}

#[test]
fn no_answer_is_reported_as_one_that_may_come_later_and_too_long_a_one_is_not() {
    for (error, later) in [(HttpError::Timeout { ms: 5 }, true), (HttpError::TooLong { limit: 5 }, false)] {
        let (_, told) = run(Sample::default(), &Platform::answering([Err(error)]), &Script::of([search(), Reply::Stop]));
        let Report::Failed(failed) = &told[0] else { panic!("{told:?}") };
        assert!(matches!(failed.trouble, Trouble::NoAnswer { retry, .. } if retry == later));
    }
}

#[test]
fn a_job_that_can_not_be_reached_lets_the_message_come_again() {
    assert!(run(Sample::default(), &Platform::default(), &Script::of([])).0.is_err());
    assert!(run(Sample::default(), &Platform::default(), &Script::of([search()])).0.is_err());
}

#[test]
fn a_page_may_hold_1000_creators_and_not_one_more() {
    for (rows, fits) in [("1000", true), ("1001", false)] {
        let (_, told) = run(Sample::default(), &Platform::answering([Ok((200, rows))]), &Script::of([search(), Reply::Stop]));
        assert_eq!(matches!(told[0], Report::Page(_)), fits, "{rows}");
    }
}

#[test]
fn every_creator_of_a_batch_is_reported_once_in_one_report() {
    let (_, told) = run(Sample::default(), &Platform::default(), &Script::of([profiles(10, 10), Reply::Stop]));
    let [Report::Profiles(report)] = &told[..] else { panic!("{told:?}") };
    let mut identities: Vec<_> = report.results.iter().map(|result| result.identity.clone()).collect();
    identities.sort();
    assert_eq!(identities, (0..10).map(|number| format!("id-{number}")).collect::<Vec<_>>());
    assert_eq!(report.calls.made, 10);
}

#[test]
fn six_profile_calls_are_under_way_and_not_one_more() {
    let platform = Platform::default();
    run(Sample::default(), &platform, &Script::of([profiles(10, 10), Reply::Stop])).0.unwrap();
    assert_eq!(platform.most_under_way.get(), ENRICH_CALLS_AT_ONCE);
}

#[test]
fn a_call_that_fails_fails_the_creators_it_covers_and_nobody_else() {
    let platform = Platform::answering([Err(HttpError::Connection("reset".into()))]);
    let (_, told) = run(Sample::default(), &platform, &Script::of([profiles(3, 3), Reply::Stop]));
    let Report::Profiles(report) = &told[0] else { panic!("{told:?}") };
    let troubled = report.results.iter().filter(|result| matches!(result.answer, ProfileAnswer::Trouble(_))).count();
    assert_eq!((troubled, report.results.len()), (1, 3));
}

#[test]
fn a_creator_that_the_adapter_does_not_mention_is_not_passed_over() {
    let adapter = Sample { silent_about: Some("id-1"), ..Sample::default() };
    let (_, told) = run(adapter, &Platform::default(), &Script::of([profiles(3, 3), Reply::Stop]));
    let Report::Profiles(report) = &told[0] else { panic!("{told:?}") };
    let silent = report.results.iter().find(|result| result.identity == "id-1").unwrap();
    assert!(matches!(&silent.answer, ProfileAnswer::Trouble(Trouble::Broken { .. })));
}

#[test]
fn a_plan_that_leaves_out_repeats_invents_or_overspends_is_refused_before_any_call() {
    let plans: [Covers; 4] =
        [|_| vec![vec![0, 1]], |_| vec![vec![0, 1, 2, 0]], |_| vec![vec![0, 1, 2, 3]], |_| vec![vec![0], vec![1], vec![2]]];
    for plan in plans {
        let platform = Platform::default();
        let adapter = Sample { plan: Some(plan), ..Sample::default() };
        let (_, told) = run(adapter, &platform, &Script::of([profiles(3, 2), Reply::Stop]));
        assert!(matches!(&told[0], Report::Failed(failed) if matches!(failed.trouble, Trouble::Broken { .. })), "{told:?}");
        assert!(platform.asked.borrow().is_empty());
    }
}

#[test]
fn a_platform_that_is_not_installed_any_more_fails_the_task() {
    let job = Script::of([search(), Reply::Stop]);
    let desk = Desk {
        http: &Platform::default(),
        find: |_: &str| None::<&Installed<Sample>>,
        tokens: &Tokens::default(),
        clock: || 0,
        permits: &Unmetered,
        cache: &NoCache,
    };
    let message = Message { job: "job-1".into(), task: 4, fence: 0, queue: Queue::Search };
    assert_eq!(block_on(work(&message, &job, &desk)), Ok(Worked::Done));
    assert!(matches!(&job.told.borrow()[1], Report::Failed(_)));
}

/// Lets everything else that is under way go on first.
async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(move |context| {
        if std::mem::replace(&mut yielded, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
