//! A world: everything that happens around some jobs, in virtual time, one thing after another. Whatever is going to
//! happen stands in the agenda; what stands first happens next, and nothing else does.

mod accounts;
mod clients;
mod consumers;
mod objects;
mod planner;
mod queues;
mod words;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use scout_pipeline::account::Charge;
use scout_pipeline::job::{Event, Plan, Status};
use scout_pipeline::limits::{HELD_MS_MAX, JOB_MS_MAX};
use scout_pipeline::ports::{HttpError, LinkError};
use scout_pipeline::protocol::{Reply, Report};
use scout_pipeline::time::Time;

use crate::chance::Chance;
use crate::consumer::{Ask, Slot};
use crate::coverage::Coverage;
use crate::faults::{FaultKind, Injector, Rates};
use crate::laws::{Law, Laws, Violation};
use crate::sabotage::Sabotage;
use crate::scenario::{self, BEGIN};
use crate::trace::Trace;
use crate::upstream::{Answer, Upstream};

use accounts::Holder;
use clients::Client;
use consumers::Running;
use objects::Object;
use queues::{Lane, Letter};

/// Things that happen in one world at most; one that has more never comes to rest.
const HAPPENINGS_MAX: u64 = 400_000;

/// How long after its time a job may still be about to end: clocks that are behind, and the last alarm's way.
const END_SLACK_MS: u64 = 10_000;

/// How a seed is run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How many jobs; drawn from the seed when `None`.
    pub jobs: Option<usize>,
    /// Rates in place of those that the seed draws.
    pub rates: Option<Rates>,
    /// Kinds of faults that are switched off.
    pub off: Vec<FaultKind>,
    /// Jobs, by number, that are never dispatched.
    pub without: Vec<usize>,
    /// Whether lines are kept for people.
    pub trace: bool,
    /// Laws that are looked at; all of them when `None`. A run with a known bug looks for the law it breaks.
    pub only: Option<Law>,
}

/// What came of a seed.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// The law that was broken, if one was.
    pub violation: Option<Violation>,
    /// What was met.
    pub coverage: Coverage,
    /// What happened.
    pub trace: Trace,
    /// How many things happened.
    pub happenings: u64,
}

/// Something that is going to happen.
#[derive(Debug)]
enum Happening {
    Dispatch(usize),
    Poll(usize),
    Cancel(usize),
    Retry(usize),
    Ring { job: usize, generation: u64 },
    RingAgain(usize),
    Arrive(Letter),
    PickUp(usize),
    Bury(Letter),
    Ask { consumer: u64, ask: Ask },
    Told { consumer: u64, job: usize, report: Report, slot: Option<Slot<Result<Reply, LinkError>>> },
    Replied { consumer: u64, reply: Result<Reply, LinkError>, slot: Slot<Result<Reply, LinkError>> },
    Fetched { consumer: u64, answer: Result<Answer, HttpError>, slot: Slot<Result<Answer, HttpError>> },
    Planned { job: usize, plan: Plan },
    Charge(Charge, Status),
    Charged { job: usize, charge: Charge },
    StartRun { account: String, job: String, run: u32 },
    AskRun { account: String, job: String, run: u32 },
    Announce(String),
    RingAccount { account: String, generation: u64 },
    ChangePlan(usize),
    Orphan(usize),
    Restart,
    Heal,
    Deadline { job: usize, run: u32, begun_at: Option<Time> },
}

impl Happening {
    /// Whether it is lost when the runtime is started again.
    fn is_volatile(&self) -> bool {
        use Happening::{Announce, Arrive, Ask, AskRun, Bury, Charge, Charged, Fetched, PickUp, Planned, Replied, StartRun, Told};
        let by_queue = matches!(self, Arrive(_) | PickUp(_) | Bury(_) | Ask { .. } | Told { .. } | Replied { .. } | Fetched { .. });
        let by_account = matches!(self, Charge(..) | Charged { .. } | StartRun { .. } | AskRun { .. } | Announce(_));
        by_queue || by_account || matches!(self, Planned { .. })
    }
}

/// One world.
pub struct World {
    now: Time,
    clock: Rc<Cell<u64>>,
    agenda: BTreeMap<(Time, u64), Happening>,
    numbers: u64,
    chance: Chance,
    faults: Injector,
    coverage: Coverage,
    trace: Trace,
    laws: Laws,
    sabotage: Option<Box<dyn Sabotage>>,
    upstream: Upstream,
    objects: Vec<Object>,
    clients: Vec<Client>,
    accounts: BTreeMap<String, Holder>,
    lanes: [Lane; 2],
    consumers: BTreeMap<u64, Running>,
    happenings: u64,
}

/// Runs a seed to its end. A panic of the rules is a violation like any other.
#[must_use]
pub fn run(seed: u64, settings: &Settings, sabotage: Option<Box<dyn Sabotage>>) -> Outcome {
    let mut world = World::new(seed, settings, sabotage);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.run()));
    let violation = match caught {
        Ok(()) => world.laws.take(),
        Err(panic) => Some(Violation { law: Law::Panic, job: 0, text: words_of_panic(panic.as_ref()) }),
    };
    Outcome { seed, violation, coverage: world.coverage, trace: world.trace, happenings: world.happenings }
}

fn words_of_panic(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "the rules panicked".into())
}

impl World {
    fn new(seed: u64, settings: &Settings, sabotage: Option<Box<dyn Sabotage>>) -> World {
        let mut chance = Chance::new(seed, 1);
        let mut rates = Rates::swarm(&mut Chance::new(seed, 2));
        rates = settings.rates.clone().unwrap_or(rates);
        settings.off.iter().for_each(|kind| rates.set(*kind, 0));
        let drawn = *chance.pick(&[1, 1, 1, 2, 2, 2, 3, 3, 6]);
        let jobs = settings.jobs.unwrap_or(drawn);
        let accounts = chance.between(1, 3) as usize;
        let plans: Vec<scenario::Plan> = (0..jobs).map(|number| scenario::plan(seed, number, accounts)).collect();
        let heal = BEGIN.plus(match chance.below(10) {
            0..=2 => chance.between(0, 60_000),
            3..=6 => chance.between(60_000, 600_000),
            _ => chance.between(600_000, 2 * JOB_MS_MAX),
        });
        let largest = plans.iter().map(|plan| plan.dispatch.accepted.target).max().unwrap_or(1);
        let mut world = World {
            now: BEGIN,
            clock: Rc::new(Cell::new(BEGIN.0)),
            agenda: BTreeMap::new(),
            numbers: 0,
            faults: Injector::new(seed, rates),
            coverage: Coverage::default(),
            trace: Trace::new(settings.trace),
            laws: Laws::new(jobs, settings.only),
            sabotage,
            upstream: Upstream::new(seed, jobs),
            objects: (0..jobs).map(|_| Object::default()).collect(),
            clients: plans.into_iter().map(Client::new).collect(),
            accounts: (0..accounts).map(|number| (scenario::account_name(number), Holder::new(seed, number, largest))).collect(),
            lanes: [Lane::default(), Lane::default()],
            consumers: BTreeMap::new(),
            happenings: 0,
            chance,
        };
        world.enter(heal, Happening::Heal);
        if world.faults.hits(FaultKind::Restart, &mut world.coverage) {
            let at = world.faults.between(FaultKind::Restart, 0, heal.since(BEGIN).min(300_000));
            world.enter(BEGIN.plus(at), Happening::Restart);
        }
        for account in 0..accounts {
            if world.faults.hits(FaultKind::PlanChanged, &mut world.coverage) {
                let at = world.faults.between(FaultKind::PlanChanged, 0, heal.since(BEGIN).min(300_000));
                world.enter(BEGIN.plus(at), Happening::ChangePlan(account));
            }
        }
        for job in (0..jobs).filter(|job| !settings.without.contains(job)) {
            world.begin_client(job);
        }
        world
    }

    /// Puts something into the agenda. What is entered for the same time happens in the order of entering.
    fn enter(&mut self, at: Time, happening: Happening) {
        self.numbers += 1;
        self.agenda.insert((at.max(self.now), self.numbers), happening);
    }

    fn enter_in(&mut self, ms: u64, happening: Happening) {
        self.enter(self.now.plus(ms), happening);
    }

    fn hits(&mut self, kind: FaultKind) -> bool {
        self.faults.hits(kind, &mut self.coverage)
    }

    /// A number that is next in line, for consumers and batches.
    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn run(&mut self) {
        while let Some(((at, number), happening)) = self.agenda.pop_first() {
            self.now = at;
            self.clock.set(at.0);
            self.trace.mix(at.0 ^ number.rotate_left(32));
            self.happenings += 1;
            self.happen(happening);
            if self.happenings > HAPPENINGS_MAX {
                self.laws.broken(Law::L5, 0, || format!("the world does not come to rest within {HAPPENINGS_MAX} steps"));
                return;
            }
            if self.laws.is_broken() {
                return;
            }
        }
        self.rest();
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Dispatch(job) => self.dispatch(job),
            Happening::Poll(job) => self.poll(job),
            Happening::Cancel(job) => self.cancel(job),
            Happening::Retry(job) => self.retry(job),
            Happening::Ring { job, generation } => self.ring(job, generation),
            Happening::RingAgain(job) => self.ring_again(job),
            Happening::Arrive(letter) => self.arrive(letter),
            Happening::PickUp(lane) => self.pick_up(lane),
            Happening::Bury(letter) => self.bury(letter),
            Happening::Ask { consumer, ask } => self.ask(consumer, ask),
            Happening::Told { consumer, job, report, slot } => self.told(consumer, job, report, slot),
            Happening::Replied { consumer, reply, slot } => self.replied(consumer, reply, slot),
            Happening::Fetched { consumer, answer, slot } => self.fetched(consumer, answer, slot),
            Happening::Planned { job, plan } => self.deliver_or_lose(job, Event::Planned(plan)),
            Happening::Charge(charge, status) => self.charge(charge, status),
            Happening::StartRun { account, job, run } => self.start_run(&account, &job, run),
            Happening::AskRun { account, job, run } => self.ask_run(&account, &job, run),
            Happening::Announce(account) => self.announce(&account),
            Happening::RingAccount { account, generation } => self.ring_account(&account, generation),
            Happening::ChangePlan(account) => self.change_plan(account),
            Happening::Charged { job, charge } => self.deliver_or_lose(job, Event::Charged(charge)),
            Happening::Orphan(job) => self.orphan(job),
            Happening::Restart => self.restart(),
            Happening::Heal => self.heal(),
            Happening::Deadline { job, run, begun_at } => self.deadline(job, run, begun_at),
        }
    }

    /// Hands in an event whose sender does not care whether it arrives: the job will ask again.
    fn deliver_or_lose(&mut self, job: usize, event: Event) {
        self.deliver(job, event);
    }

    /// The runtime goes down and comes up again: consumers, messages and whatever was under way are gone.
    fn restart(&mut self) {
        if self.faults.healed() {
            return;
        }
        self.trace.note(self.now, || "the runtime is started again: consumers and messages are gone".into());
        self.consumers.clear();
        self.lanes.iter_mut().for_each(Lane::clear);
        self.agenda.retain(|_, happening| !happening.is_volatile());
        self.accounts.values_mut().for_each(Holder::forget);
        for job in 0..self.objects.len() {
            self.objects[job].forget();
            self.orphan(job);
        }
    }

    fn orphan(&mut self, job: usize) {
        if self.objects[job].stored.exists() && self.deliver(job, Event::Orphaned).is_none() {
            self.enter_in(1_000, Happening::Orphan(job));
        }
    }

    /// From now on nothing goes wrong and nobody looks: phase 2.
    fn heal(&mut self) {
        self.trace.note(self.now, || "the world is healed: nothing goes wrong any more, and nobody looks".into());
        self.faults.heal();
        self.laws.healed(self.now);
        for job in 0..self.objects.len() {
            self.objects[job].correct_clock();
            self.reset_alarm(job);
            if self.objects[job].stored.exists() {
                self.expect_end(job);
            }
        }
    }

    /// Looks again when the job must be over: when its time is up and nothing holds its alarm back.
    fn expect_end(&mut self, job: usize) {
        let stored = &self.objects[job].stored;
        let (run, begun_at) = (stored.progress.run, stored.progress.begun_at);
        let begun = begun_at.or(stored.dispatch.as_ref().map(|dispatch| dispatch.at)).unwrap_or(self.now);
        let allowed = if stored.progress.held { HELD_MS_MAX } else { JOB_MS_MAX };
        let at = begun.plus(allowed).max(self.now).plus(END_SLACK_MS);
        self.enter(at, Happening::Deadline { job, run, begun_at });
    }

    fn deadline(&mut self, job: usize, run: u32, begun_at: Option<Time>) {
        if self.faults.healed() {
            let progress = &self.objects[job].stored.progress;
            self.laws.ended_in_time(job, progress, run, begun_at);
        }
    }

    /// Nothing is left to happen: everything must be over and settled.
    fn rest(&mut self) {
        for job in 0..self.objects.len() {
            if !self.objects[job].stored.exists() {
                continue;
            }
            let view = self.look(job, 0, u32::MAX);
            let object = &self.objects[job];
            self.laws.at_rest(job, &object.stored, object.alarm, &self.upstream.records[job]);
            if let Some(view) = view {
                self.laws.view(job, &object.stored, &view, &self.upstream.records[job]);
            }
        }
        for (name, holder) in &self.accounts {
            if let Some(account) = holder.stored() {
                self.laws.settled(name, &account, &holder.pages(), &self.objects);
            }
        }
    }
}

/// What is stored of each job, for laws that look at several.
pub trait Stores {
    /// How many jobs there are.
    fn count(&self) -> usize;
    /// What is stored of one.
    fn stored(&self, job: usize) -> &crate::stored::Stored;
}

impl Stores for Vec<Object> {
    fn count(&self) -> usize {
        self.len()
    }

    fn stored(&self, job: usize) -> &crate::stored::Stored {
        &self[job].stored
    }
}
