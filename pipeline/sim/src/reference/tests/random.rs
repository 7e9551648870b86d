//! Thousands of stories that nobody would write: reports of everybody who ever held a lease and of nobody who did, in
//! any order, at any time, also backwards; pages of nonsense; answers to nothing.

use super::*;
use crate::chance::Chance;
use scout_pipeline::contract::Absence;
use scout_pipeline::limits::{CURSOR_BYTES_MAX, IDENTITY_BYTES_MAX};
use scout_pipeline::protocol::DeferredReport;

/// How many stories are told, and how long each may be.
const STORIES: u64 = 2_000;
const EVENTS: u64 = 120;

const WORDS: [&str; 12] =
    ["yoga", "hot yoga", "Yoga", "power yoga", "fitness", "Fitness", "pilates", "running", "trail running", "climbing", "surf", "chess"];

struct Story {
    chance: Chance,
    pair: Pair,
    leases: Vec<Lease>,
    /// Whether those who hold leases mostly do what they should, so that jobs come to their ends.
    orderly: u16,
    /// Whether nearly everybody who takes a task is never heard of again.
    deserted: bool,
}

fn wish(chance: &mut Chance) -> Wish {
    let keywords = (0..chance.between(1, 4)).map(|number| keyword(WORDS[(number * 3) as usize])).collect();
    Wish {
        keywords,
        target: *chance.pick(&[1, 3, 10, 30, 100, 400]),
        expand: chance.hits(600),
        enrichment: *chance.pick(&[
            Enrichment::None,
            Enrichment::Required(1),
            Enrichment::Optional(1),
            Enrichment::Required(3),
            Enrichment::Optional(15),
        ]),
        min_views: *chance.pick(&[None, None, Some(1_000)]),
        calls: *chance.pick(&[None, None, None, Some(1), Some(4), Some(12), Some(40)]),
        pages: *chance.pick(&[1, 2, 5]),
        hint: *chance.pick(&[1, 5, 25]),
        account: chance.hits(800),
        waits: chance.hits(200),
        seed: chance.draw(),
    }
}

impl Story {
    fn told(seed: u64) -> Story {
        let mut chance = Chance::new(seed, 1);
        let wish = wish(&mut chance);
        let orderly = *chance.pick(&[0, 500, 800, 950]);
        let deserted = chance.hits(80);
        Story { pair: Pair::dispatched(&wish), chance, leases: Vec::new(), orderly, deserted }
    }

    fn go_on(&mut self) {
        if self.deserted && self.chance.hits(950) {
            self.pair.now = self.pair.job.alarm().unwrap_or(self.pair.now).max(self.pair.now);
            self.pair.alarm();
            return self.take();
        }
        self.pass_time();
        match self.chance.below(100) {
            0..30 => self.take(),
            30..70 => self.work(),
            70..85 => self.alarm(),
            85..88 => self.dead_letter(),
            88..93 => self.plan(),
            93..96 => self.acknowledge(),
            96 => self.pair.reload(),
            97 => self.try_again(),
            98 if self.chance.hits(500) => drop(self.pair.tell(Event::Admitted)),
            98 => drop(self.pair.tell(Event::Orphaned)),
            _ if self.chance.hits(300) => drop(self.pair.tell(Event::Cancelled)),
            _ => self.try_again(),
        }
    }

    fn try_again(&mut self) {
        let waits = self.chance.hits(300);
        self.pair.tell(Event::Retried { waits });
    }

    fn pass_time(&mut self) {
        match self.chance.below(60) {
            0..30 => {}
            30..40 => self.pair.wait(1),
            40..50 => self.pair.now = Time(self.pair.now.0 + self.chance.below(5_000)),
            50..56 => self.pair.now = Time(self.pair.now.0 + self.chance.below(70_000)),
            56 => self.pair.wait(300_000),
            57 => self.pair.wait(JOB_MS_MAX),
            58 => self.pair.now = Time(self.pair.now.0.saturating_sub(self.chance.below(40_000))),
            _ => self.pair.now = self.pair.job.alarm().unwrap_or(self.pair.now),
        }
    }

    fn alarm(&mut self) {
        if self.chance.hits(self.orderly) {
            self.pair.now = self.pair.job.alarm().unwrap_or(self.pair.now).max(self.pair.now);
        }
        self.pair.alarm();
    }

    fn any_task(&mut self) -> TaskId {
        let tasks = self.pair.job.tasks().len() as u64;
        self.chance.below(tasks + 1) as TaskId
    }

    fn take(&mut self) {
        let task = match self.pair.messages.last().filter(|_| self.orderly > 0) {
            Some(_) if self.chance.hits(700) => self.chance.pick(&self.pair.messages).task,
            _ => self.any_task(),
        };
        if let Reply::Granted(lease) = self.pair.report(Report::Lease { task }) {
            self.leases.push(lease);
        }
    }

    /// Somebody who holds a lease, or once did, or never did, says something.
    fn work(&mut self) {
        let held = self.leases.iter().rev().find(|lease| {
            let task = &self.pair.job.tasks()[lease.task as usize];
            task.is_open() && task.fence == lease.fence
        });
        let Some(mut lease) = held.cloned().filter(|_| self.chance.hits(self.orderly.max(300))).or_else(|| self.leases.last().cloned())
        else {
            return self.take();
        };
        if !self.chance.hits(self.orderly.max(300)) {
            lease = self.chance.pick(&self.leases).clone();
            lease.task = if self.chance.hits(100) { self.any_task() } else { lease.task };
            lease.fence = if self.chance.hits(300) { self.chance.below(8) as u32 } else { lease.fence };
        }
        let unused = if self.chance.hits(200) { self.chance.below(4) as u32 } else { 0 };
        let calls = Calls { made: self.chance.below(3) as u32, unused, ms: self.chance.below(500), ..Calls::default() };
        let (task, fence) = (lease.task, lease.fence);
        let report = match (&lease.work, self.chance.below(10)) {
            (_, 0) if self.chance.hits(400) => Report::Deferred(DeferredReport { task, fence, until: self.some_time(), calls }),
            (_, 0) => Report::Failed(FailedReport { task, fence, trouble: self.trouble(), calls }),
            (Granted::Search { .. }, 1..9) | (Granted::Profiles { .. }, 9) => Report::Page(self.page(task, fence, calls)),
            (_, _) => Report::Profiles(self.profiles(&lease, calls)),
        };
        self.pair.report(report);
    }

    /// A time to wait until, now and then one that is not to be believed.
    fn some_time(&mut self) -> Time {
        let ms = *self.chance.pick(&[0, 50, 1_000, 20_000, 1_000_000, u64::MAX / 2]);
        Time(self.pair.now.0.saturating_add(ms))
    }

    fn page(&mut self, task: TaskId, fence: u32, calls: Calls) -> PageReport {
        let read = self.pair.job.tasks().get(task as usize).and_then(|task| task.search()).map_or(0, |search| search.pages);
        let page = if self.chance.hits(850) { read } else { self.chance.below(4) as u32 };
        let creators = (0..*self.chance.pick(&[0, 0, 1, 3, 8, 25])).map(|_| self.creator()).collect();
        let next = match self.chance.below(20) {
            0..8 => None,
            8 => self.pair.job.tasks().get(task as usize).and_then(|task| task.search()).and_then(|search| search.cursor.clone()),
            9 => Some("x".repeat(CURSOR_BYTES_MAX + self.chance.below(2) as usize)),
            _ => Some(format!("to {}", page + 1)),
        };
        PageReport { task, fence, page, creators, next, calls }
    }

    fn creator(&mut self) -> Creator {
        let number = self.chance.below(*self.chance.clone().pick(&[10, 60, 600]));
        let identity = match self.chance.below(60) {
            0 => String::new(),
            1 => "i".repeat(IDENTITY_BYTES_MAX + self.chance.below(2) as usize),
            _ => format!("id-{number}"),
        };
        let views = *self.chance.pick(&[None, Some(0), Some(999), Some(1_000), Some(50_000)]);
        let content =
            self.chance.hits(700).then(|| Content { id: format!("post-{}", self.chance.below(1_000)), views, ..Content::default() });
        let bio = self.chance.hits(200).then(|| format!("mail me at person{number}@mail.example.org"));
        let username = if self.chance.hits(20) { String::new() } else { format!("user{number}") };
        Creator { identity, username, content, bio, complete: self.chance.hits(150), ..Creator::default() }
    }

    fn fault(&mut self) -> Fault {
        let detail = || "said so".to_owned();
        match self.chance.below(40) {
            0 => Fault::Unauthorized(detail()),
            1 => Fault::OutOfCredit(detail()),
            2 => Fault::Blocked(detail()),
            3 => Fault::NotFound,
            4 => Fault::Malformed(detail()),
            5 => Fault::Unsupported(detail()),
            6 => Fault::Other(detail()),
            7..15 => Fault::RateLimited(None),
            15..20 => Fault::RateLimited(Some(self.chance.below(400) as u32)),
            _ => Fault::Unavailable(detail()),
        }
    }

    fn trouble(&mut self) -> Trouble {
        let detail = || "said so".to_owned();
        match self.chance.below(20) {
            0 => Trouble::NoAnswer { retry: false, detail: detail() },
            1..6 => Trouble::NoAnswer { retry: true, detail: detail() },
            6 => Trouble::Broken { detail: detail() },
            7 => Trouble::Setup { detail: detail(), credentials: self.chance.hits(300) },
            _ => Trouble::Fault { fault: self.fault() },
        }
    }

    fn profiles(&mut self, lease: &Lease, calls: Calls) -> ProfilesReport {
        let mut asked: Vec<String> = match &lease.work {
            Granted::Profiles { creators, .. } => creators.iter().map(|creator| creator.identity.clone()).collect(),
            Granted::Search { .. } => vec!["id-1".into(), "id-2".into()],
        };
        if self.chance.hits(150) {
            asked.pop();
        }
        if self.chance.hits(150) {
            asked.extend(["id-3".into(), "nobody".into(), asked.first().cloned().unwrap_or_default()]);
        }
        let results = asked.into_iter().map(|identity| ProfileResult { answer: self.answer(&identity), identity }).collect();
        let until = self.chance.hits(150).then(|| self.some_time());
        ProfilesReport { task: lease.task, fence: lease.fence, results, until, calls }
    }

    fn answer(&mut self, identity: &str) -> ProfileAnswer {
        match self.chance.below(20) {
            0..12 => read(0, identity),
            12..14 => ProfileAnswer::Read(Answered::Empty(*self.chance.pick(&[Absence::Private, Absence::Missing, Absence::Hidden]))),
            14..17 => ProfileAnswer::Read(Answered::Failed(self.fault())),
            _ => ProfileAnswer::Trouble(self.trouble()),
        }
    }

    fn dead_letter(&mut self) {
        let (task, fence) = match self.pair.messages.is_empty() || self.chance.hits(400) {
            true => {
                let open: Vec<TaskId> = self.pair.job.tasks().iter().filter(|task| task.is_open()).map(|task| task.id).collect();
                let task = if open.is_empty() { self.any_task() } else { *self.chance.pick(&open) };
                let latest = self.pair.job.tasks().get(task as usize).map_or(0, |task| task.fence);
                (task, if self.chance.hits(700) { latest } else { self.chance.below(4) as u32 })
            }
            false => {
                let message = self.chance.pick(&self.pair.messages);
                (message.task, message.fence)
            }
        };
        self.pair.report(Report::DeadLettered { task, fence, detail: "given up".into() });
    }

    fn plan(&mut self) {
        let round = match self.pair.requests.last() {
            Some(request) if self.chance.hits(800) => request.round,
            _ => self.chance.below(4) as u32,
        };
        let some = self.chance.below(40);
        let word = |story: &mut Story| match story.chance.hits(300) {
            true => keyword(story.chance.pick::<&str>(&WORDS)),
            false => keyword(&format!("derived {}", story.chance.below(400))),
        };
        let keywords = (0..some).map(|_| Derived { keyword: word(self), from: keyword("yoga") }).collect();
        self.pair.tell(Event::Planned(Plan { round, keywords, note: self.chance.hits(100).then(|| "by rules".into()) }));
    }

    fn acknowledge(&mut self) {
        let charge = match self.pair.charges.last() {
            Some(last) if self.chance.hits(600) => last.clone(),
            Some(_) if self.chance.hits(800) => self.chance.pick(&self.pair.charges).clone(),
            _ => {
                let (run, delivered) = (self.chance.below(3) as u32, self.chance.below(50) as u32);
                Charge { account: "account".into(), job: "job".into(), run, delivered, closes: self.chance.hits(500) }
            }
        };
        self.pair.tell(Event::Charged(charge));
    }
}

#[test]
fn whatever_happens_the_job_and_its_model_stay_the_same() {
    let mut ends = BTreeMap::new();
    for seed in 0..STORIES {
        let mut story = Story::told(seed);
        for _ in 0..EVENTS {
            story.go_on();
        }
        *ends.entry(story.pair.status()).or_insert(0) += 1;
    }
    // Stories in which nothing happens would prove nothing.
    for status in
        [Status::Dispatching, Status::Searching, Status::Enriching, Status::Completed, Status::Partial, Status::Error, Status::Cancelled]
    {
        assert!(ends.get(&status).is_some_and(|stories| *stories >= 5), "{status:?}: {ends:?}");
    }
}
