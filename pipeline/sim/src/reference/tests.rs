//! The job and its model on the same events: after each of them they have to give the same answer and the same
//! picture, and the job has to be the same once it was put together again from its rows.

mod random;
mod scenarios;

use std::collections::BTreeMap;

use scout_pipeline::accept::Accepted;
use scout_pipeline::account::Charge;
use scout_pipeline::contract::{Content, Creator, Enrichment, Fault, Hints, Manifest, Outcome as Answered};
use scout_pipeline::expand::Derived;
use scout_pipeline::job::{Dispatch, Effect, Event, Job, Plan, PlanRequest, Row, Status, Table};
use scout_pipeline::keyword::Keyword;
use scout_pipeline::limits::JOB_MS_MAX;
use scout_pipeline::protocol::{
    Calls, FailedReport, Lease, Message, PageReport, ProfileAnswer, ProfileResult, ProfilesReport, Reply, Report, TaskId, Work as Granted,
};
use scout_pipeline::time::Time;
use scout_pipeline::trouble::{Reason, Trouble};

use super::{Picture, Reference};

/// When every job here is dispatched.
const DISPATCHED: Time = Time(1_800_000_000_000);

/// A job and its model.
struct Pair {
    job: Job,
    model: Reference,
    now: Time,
    rows: BTreeMap<(Table, u32), String>,
    messages: Vec<Message>,
    requests: Vec<PlanRequest>,
    charges: Vec<Charge>,
    /// What happened, for whoever reads why the two differ.
    story: Vec<String>,
}

/// What a job is asked for.
#[derive(Debug, Clone)]
struct Wish {
    keywords: Vec<Keyword>,
    target: u32,
    expand: bool,
    enrichment: Enrichment,
    min_views: Option<u64>,
    calls: Option<u32>,
    pages: u32,
    hint: u32,
    account: bool,
    waits: bool,
    seed: u64,
}

impl Default for Wish {
    fn default() -> Self {
        Wish {
            keywords: vec![keyword("yoga"), keyword("fitness")],
            target: 100,
            expand: false,
            enrichment: Enrichment::Required(1),
            min_views: None,
            calls: None,
            pages: 5,
            hint: 25,
            account: true,
            waits: false,
            seed: 7,
        }
    }
}

fn keyword(text: &str) -> Keyword {
    Keyword::new(text).unwrap()
}

fn dispatch(wish: &Wish) -> Dispatch {
    let hints = Hints { page_size: 30, creators_per_keyword: wish.hint, pages_per_keyword: wish.pages, calls_per_minute: None };
    Dispatch {
        id: "job".into(),
        accepted: Accepted {
            platform: "sample".into(),
            keywords: wish.keywords.clone(),
            target: wish.target,
            expand: wish.expand,
            campaign_id: None,
            min_views: wish.min_views,
            max_upstream_calls: wish.calls,
            max_age: None,
        },
        manifest: Manifest {
            platform: "sample".into(),
            label: "Sample".into(),
            version: "1.0.0".into(),
            origins: vec![],
            enrichment: wish.enrichment,
            hints,
            reports_views: true,
            settings: vec![],
            extra: vec![],
        },
        settings: vec![("market".into(), "everywhere".into())],
        seed: wish.seed,
        at: DISPATCHED,
        account: wish.account.then(|| "account".into()),
        waits: wish.waits,
    }
}

impl Pair {
    fn dispatched(wish: &Wish) -> Pair {
        let dispatch = dispatch(wish);
        let (job, model) = (Job::create(dispatch.clone()), Reference::new(&dispatch));
        let rows = BTreeMap::new();
        let (messages, requests, charges) = (Vec::new(), Vec::new(), Vec::new());
        let mut pair = Pair { job, model, now: DISPATCHED, rows, messages, requests, charges, story: vec![format!("{wish:?}")] };
        pair.carry_out();
        pair.agree("dispatched");
        pair
    }

    /// Hands both the same event, and says what was answered where it is a report.
    fn tell(&mut self, event: Event) -> Option<Reply> {
        self.story.push(format!("+{:>9} ms  {event:?}", self.now.0 as i64 - DISPATCHED.0 as i64));
        let expected = self.model.apply(&event, self.now);
        self.job.handle(event, self.now);
        let reply = self.carry_out();
        let what = self.story.last().cloned().unwrap_or_default();
        if reply != expected {
            self.differ(&format!("answered {reply:?}, and the model {expected:?}"));
        }
        self.agree(&what);
        reply
    }

    fn carry_out(&mut self) -> Option<Reply> {
        let mut reply = None;
        while let Some(effect) = self.job.poll() {
            match effect {
                Effect::Persist(write) => self.rows.extend(write.rows.into_iter().map(|row| ((row.table, row.key), row.value))),
                Effect::Send(messages) => self.messages.extend(messages),
                Effect::Plan(request) => self.requests.push(request),
                Effect::Charge(charge) => self.charges.push(charge),
                Effect::Reply(answer) => reply = Some(answer),
                Effect::Publish(_) | Effect::Finish(_) => {}
            }
        }
        reply
    }

    fn agree(&self, after: &str) {
        if let Some(difference) = Picture::of(&self.job).difference(&self.model.picture()) {
            self.differ(&format!("after {after}: {difference}"));
        }
    }

    fn differ(&self, how: &str) {
        panic!("{}\n{how}", self.story.join("\n"));
    }

    /// Puts the job together again from its rows, as a runtime does that died.
    fn reload(&mut self) {
        let rows = self.rows.iter().map(|((table, key), value)| Row { table: *table, key: *key, value: value.clone() });
        self.job = Job::load(rows).unwrap().unwrap();
        self.agree("reloading");
    }

    fn alarm(&mut self) {
        self.tell(Event::Alarm);
    }

    /// Lets time pass up to the job's next alarm, and rings it.
    fn ring(&mut self) {
        self.now = self.job.alarm().unwrap().max(self.now);
        self.alarm();
    }

    fn wait(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
    }

    fn report(&mut self, report: Report) -> Reply {
        self.tell(Event::Report(report)).unwrap()
    }

    fn lease(&mut self, task: TaskId) -> Lease {
        let reply = self.report(Report::Lease { task });
        let Reply::Granted(lease) = reply else { panic!("{reply:?}") };
        lease
    }

    fn page(&mut self, lease: &Lease, page: u32, names: &[&str], next: Option<&str>) -> Reply {
        let creators = names.iter().map(|name| creator(name)).collect();
        let calls = Calls { made: 1, ms: 10, ..Calls::default() };
        self.report(Report::Page(PageReport { task: lease.task, fence: lease.fence, page, creators, next: next.map(str::to_owned), calls }))
    }

    fn failed(&mut self, lease: &Lease, fault: Fault) -> Reply {
        let (task, fence, calls) = (lease.task, lease.fence, Calls { made: 1, ms: 10, ..Calls::default() });
        self.report(Report::Failed(FailedReport { task, fence, trouble: Trouble::Fault { fault }, calls }))
    }

    fn profiles(&mut self, lease: &Lease, answer: impl Fn(usize, &str) -> ProfileAnswer) -> Reply {
        let Granted::Profiles { creators, .. } = &lease.work else { panic!("{lease:?}") };
        let results = creators
            .iter()
            .enumerate()
            .map(|(place, creator)| ProfileResult { identity: creator.identity.clone(), answer: answer(place, &creator.identity) });
        let (task, fence, calls) = (lease.task, lease.fence, Calls { made: 1, ms: 10, ..Calls::default() });
        self.report(Report::Profiles(ProfilesReport { task, fence, results: results.collect(), until: None, calls }))
    }

    fn plan(&mut self, round: u32, words: &[&str]) {
        let from = keyword("yoga");
        let keywords = words.iter().map(|word| Derived { keyword: keyword(word), from: from.clone() }).collect();
        self.tell(Event::Planned(Plan { round, keywords, note: None }));
    }

    fn status(&self) -> Status {
        self.job.status()
    }
}

fn creator(name: &str) -> Creator {
    Creator { identity: format!("id-{name}"), username: name.into(), ..Creator::default() }
}

fn read(_: usize, identity: &str) -> ProfileAnswer {
    let bio = Some(format!("write to {identity}@mail.example.org"));
    ProfileAnswer::Read(Answered::Enriched(Creator { bio, ..creator(identity) }))
}

fn fault(fault: Fault) -> ProfileAnswer {
    ProfileAnswer::Trouble(Trouble::Fault { fault })
}
