//! Scenarios: one behaviour each, told through a stage on which a job runs without a runtime.

mod admitting;
mod charging;
mod ending;
mod holding;
mod leasing;
mod profiling;
mod retrying;
mod rounds;
mod searching;
mod storing;
mod table;
mod telling;

use std::collections::BTreeMap;

use super::*;
use crate::accept::Accepted;
use crate::contract::{Content, Creator, Enrichment, Fault, Hints, Manifest, Outcome};
use crate::expand;
use crate::protocol::{Calls, DeferredReport, FailedReport, Lease, PageReport, ProfileAnswer, ProfileResult, ProfilesReport, Queue, Work};
use crate::trouble::Trouble;

/// A job with everything around it, and a record of everything it did.
pub(super) struct Stage {
    pub(super) job: Job,
    pub(super) now: Time,
    pub(super) rows: BTreeMap<(Table, u32), String>,
    /// When the runtime wakes the job, by what it was told.
    pub(super) alarm_set: Option<Time>,
    /// What was written, transaction by transaction.
    pub(super) writes: Vec<Write>,
    pub(super) sent: Vec<Message>,
    pub(super) finished: Vec<Status>,
    pub(super) percents: Vec<u8>,
    pub(super) charges: Vec<Charge>,
    pub(super) notices: Vec<Notice>,
    /// Whether the planner is slow: nobody answers when a round is to be planned.
    pub(super) no_planner: bool,
    /// How often the planner was asked.
    pub(super) plans: u32,
}

/// What a scenario begins with.
pub(super) struct Wish {
    pub(super) keywords: &'static [&'static str],
    pub(super) target: u32,
    pub(super) expand: bool,
    pub(super) enrichment: Enrichment,
    pub(super) min_views: Option<u64>,
    pub(super) calls: Option<u32>,
    pub(super) pages: u32,
    pub(super) account: Option<&'static str>,
    pub(super) waits: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Wish {
            keywords: &["yoga", "fitness"],
            target: 100,
            expand: false,
            enrichment: Enrichment::Required(1),
            min_views: None,
            calls: None,
            pages: 5,
            account: None,
            waits: false,
        }
    }
}

pub(super) fn manifest(wish: &Wish) -> Manifest {
    Manifest {
        platform: "sample".into(),
        label: "Sample".into(),
        version: "1.0.0".into(),
        origins: vec![],
        enrichment: wish.enrichment,
        hints: Hints { page_size: 30, creators_per_keyword: 25, pages_per_keyword: wish.pages, calls_per_minute: None },
        reports_views: true,
        settings: vec![],
        extra: vec![],
    }
}

impl Stage {
    /// A job that was dispatched and whose alarm has not rung yet.
    pub(super) fn dispatched(wish: &Wish) -> Stage {
        let accepted = Accepted {
            platform: "sample".into(),
            keywords: wish.keywords.iter().map(|keyword| Keyword::new(keyword).unwrap()).collect(),
            target: wish.target,
            expand: wish.expand,
            campaign_id: None,
            min_views: wish.min_views,
            max_upstream_calls: wish.calls,
            max_age: None,
        };
        let at = Time(1_000_000);
        let dispatch = Dispatch {
            id: "job-1".into(),
            accepted,
            manifest: manifest(wish),
            settings: vec![],
            seed: 0x5eed_0123_4567_89ab,
            at,
            account: wish.account.map(str::to_owned),
            waits: wish.waits,
        };
        let job = Job::create(dispatch);
        let mut stage = Stage {
            job,
            now: at,
            rows: BTreeMap::new(),
            alarm_set: None,
            writes: vec![],
            sent: vec![],
            finished: vec![],
            percents: vec![],
            charges: vec![],
            notices: vec![],
            no_planner: false,
            plans: 0,
        };
        stage.drain();
        stage
    }

    /// A job whose first messages are out.
    pub(super) fn started(wish: &Wish) -> Stage {
        let mut stage = Stage::dispatched(wish);
        stage.alarm();
        stage
    }

    pub(super) fn event(&mut self, event: Event) -> Option<Reply> {
        if event == Event::Alarm {
            self.alarm_set = None;
        }
        self.job.handle(event, self.now);
        let reply = self.drain();
        self.check_what_is_kept();
        reply
    }

    /// The rows and the alarm that the runtime has are those of the job.
    fn check_what_is_kept(&self) {
        assert_eq!(self.alarm_set, self.job.alarm());
        // Reading all rows after each of a large job's many events would take most of the tests' time.
        if self.job.creators().len() > 40 {
            return;
        }
        let kept = self.reloaded();
        assert_eq!(kept.dispatch(), self.job.dispatch());
        assert_eq!(kept.progress(), self.job.progress());
        assert_eq!(kept.tasks(), self.job.tasks());
        assert_eq!(kept.creators(), self.job.creators());
        assert_eq!(kept.notices(), self.job.notices());
        assert_eq!(kept.alarm(), self.job.alarm());
    }

    /// Writes a transaction: it says nothing that was known, and its rows have a version of their own.
    fn write(&mut self, write: Write) {
        assert!(write.alarm != self.alarm_set.map_or(Wake::Never, Wake::At), "the alarm is written only when it changes");
        match write.alarm {
            Wake::Keep => assert!(!write.rows.is_empty(), "nothing is written only for the sake of it"),
            Wake::At(at) => self.alarm_set = Some(at),
            Wake::Never => self.alarm_set = None,
        }
        let version = |rows: &BTreeMap<(Table, u32), String>| {
            let progress = rows.get(&(Table::Progress, 0)).and_then(|row| serde_json::from_str::<Progress>(row).ok());
            progress.map_or(0, |progress| progress.version)
        };
        let before = version(&self.rows);
        self.rows.extend(write.rows.iter().map(|row| ((row.table, row.key), row.value.clone())));
        assert_eq!(version(&self.rows), before + u64::from(!write.rows.is_empty()));
        self.writes.push(write);
    }

    fn drain(&mut self) -> Option<Reply> {
        let (mut reply, mut plan, mut first) = (None, None, true);
        while let Some(effect) = self.job.poll() {
            assert!(first || !matches!(effect, Effect::Persist(_)), "rows are written before anything else happens");
            first = false;
            match effect {
                Effect::Persist(write) => self.write(write),
                Effect::Send(messages) => self.sent.extend(messages),
                Effect::Plan(request) => plan = Some(request),
                Effect::Charge(charge) => self.charges.push(charge),
                Effect::Publish(notices) => {
                    assert!(!notices.is_empty(), "nobody is told nothing");
                    self.percents.push(self.job.counters().percent_complete);
                    self.notices.extend(notices);
                }
                Effect::Reply(answer) => reply = Some(answer),
                Effect::Finish(status) => self.finished.push(status),
            }
        }
        self.plans += u32::from(plan.is_some());
        if let Some(PlanRequest { round, medium, given, tried, wanted, .. }) = plan.filter(|_| !self.no_planner) {
            let keywords = expand::rules(medium, &given, wanted, &tried);
            self.event(Event::Planned(Plan { round, keywords, note: None }));
        }
        reply
    }

    /// Lets the time pass until the job wants to be woken, and wakes it.
    pub(super) fn alarm(&mut self) {
        self.now = self.now.max(self.job.alarm().expect("the job waits for something"));
        self.event(Event::Alarm);
    }

    pub(super) fn tell(&mut self, report: Report) -> Reply {
        self.event(Event::Report(report)).expect("every report is answered")
    }

    pub(super) fn lease(&mut self, task: TaskId) -> Lease {
        match self.tell(Report::Lease { task }) {
            Reply::Granted(lease) => lease,
            other => panic!("task {task} is not given out: {other:?}"),
        }
    }

    pub(super) fn page(&mut self, lease: &Lease, page: u32, creators: Vec<Creator>, next: Option<&str>) -> Reply {
        let calls = Calls { made: 1, ms: 100, ..Calls::default() };
        let report = PageReport { task: lease.task, fence: lease.fence, page, creators, next: next.map(str::to_owned), calls };
        self.tell(Report::Page(report))
    }

    pub(super) fn failed(&mut self, lease: &Lease, fault: Fault) -> Reply {
        let trouble = Trouble::Fault { fault };
        self.tell(Report::Failed(FailedReport {
            task: lease.task,
            fence: lease.fence,
            trouble,
            calls: Calls { made: 1, ms: 1, ..Calls::default() },
        }))
    }

    /// Puts a lease off, with the call that it was granted given back.
    pub(super) fn deferred(&mut self, lease: &Lease, until: Time) -> Reply {
        let calls = Calls { unused: 1, ..Calls::default() };
        self.tell(Report::Deferred(DeferredReport { task: lease.task, fence: lease.fence, until, calls }))
    }

    /// Answers every creator of a lease with the same outcome.
    pub(super) fn profiles(&mut self, lease: &Lease, outcome: impl Fn(&str) -> Outcome) -> Reply {
        let Work::Profiles { creators, .. } = &lease.work else { panic!("it is no batch of profiles") };
        let results = creators
            .iter()
            .map(|creator| ProfileResult { identity: creator.identity.clone(), answer: ProfileAnswer::Read(outcome(&creator.identity)) })
            .collect::<Vec<_>>();
        let calls = Calls { made: results.len() as u32, ms: 10, ..Calls::default() };
        self.tell(Report::Profiles(ProfilesReport { task: lease.task, fence: lease.fence, results, until: None, calls }))
    }

    /// Works on everything that was sent, until nothing is left to do. Every keyword gives one page.
    pub(super) fn run(&mut self, page_of: impl Fn(&str) -> Vec<Creator>) {
        while let Some(message) = (!self.sent.is_empty()).then(|| self.sent.remove(0)) {
            let Reply::Granted(lease) = self.tell(Report::Lease { task: message.task }) else { continue };
            match lease.work.clone() {
                Work::Search { query, page, .. } => drop(self.page(&lease, page, page_of(&query.keyword), None)),
                Work::Profiles { .. } => drop(self.profiles(&lease, enriched)),
            }
        }
    }

    pub(super) fn outcome(&self, task: TaskId) -> &TaskOutcome {
        super::ending::outcome(&self.job.tasks()[task as usize].state).expect("the task is done")
    }

    /// The same job, put together from what was written.
    pub(super) fn reloaded(&self) -> Job {
        let rows = self.rows.iter().map(|((table, key), value)| Row { table: *table, key: *key, value: value.clone() });
        Job::load(rows).expect("rows are readable").expect("there are rows")
    }

    pub(super) fn batches(&self) -> Vec<TaskId> {
        self.job.tasks().iter().filter(|task| task.queue() == Queue::Enrich).map(|task| task.id).collect()
    }
}

pub(super) fn creator(identity: &str) -> Creator {
    Creator { identity: identity.into(), username: format!("user-{identity}"), ..Creator::default() }
}

pub(super) fn creators(prefix: &str, count: u32) -> Vec<Creator> {
    (0..count).map(|number| creator(&format!("{prefix}-{number}"))).collect()
}

pub(super) fn watched(identity: &str, post: &str, views: Option<u64>) -> Creator {
    Creator { content: Some(Content { id: post.into(), views, ..Content::default() }), ..creator(identity) }
}

pub(super) fn enriched(identity: &str) -> Outcome {
    Outcome::Enriched(Creator { bio: Some(format!("write to {identity}@mail.test")), ..creator(identity) })
}
