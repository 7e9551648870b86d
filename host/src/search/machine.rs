//! Runs one job on this machine: what the Worker does with queues, objects and alarms, in one loop.
//!
//! Messages wait in memory, which is no worse than a queue that loses them: the job's rows are on disk
//! and its alarm sends every message again that nobody took.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use scout_pipeline::cache::NoCache;
use scout_pipeline::drive::{self, Desk, Installed};
use scout_pipeline::expand::openai::OpenAi;
use scout_pipeline::job::{Counters, Effect, Event, Job, Plan, PlanRequest, Write};
use scout_pipeline::ports::{Http, JobLink, LinkError};
use scout_pipeline::protocol::{Message, Reply, Report};
use scout_pipeline::time::Time;
use scout_pipeline::token::Tokens;
use scout_pipeline::upstream::Budgets;

use super::expander::{self, Expander};
use super::stop::Signal;
use super::store::{Store, StoreError};
use super::worker::Worker;
use crate::engine::Component;

/// Messages that are worked on at the same time. Each may have six profile calls under way.
const WORKERS_MAX: usize = 32;

/// How long requests that are under way may take when a search is to stop, in milliseconds. Most answers come within
/// it, and an answer that is waited for need not be paid for again; nobody who pressed Ctrl-C waits longer than this.
pub(super) const STOP_MS_MAX: u64 = 5_000;

/// Who is told how a job goes.
pub(super) trait Watch {
    /// The job has changed.
    fn changed(&self, job: &Job, counters: &Counters);
    /// The search is to stop and waits for so many messages that are worked on.
    fn stopping(&self, job: &Job, at_work: usize);
}

/// What a job is taken on for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// To run it on from where it is.
    GoOn,
    /// To try again what failed in one that is over.
    Retry,
    /// To end it for good, with what it has.
    Cancel,
}

/// A job, where it is kept and the messages that are on their way.
pub(super) struct Machine<'a> {
    inner: RefCell<Inner>,
    expander: &'a Expander,
    watch: &'a dyn Watch,
    stopping: Cell<bool>,
    begun: Instant,
    begun_at: Time,
}

struct Inner {
    job: Job,
    store: Store,
    messages: VecDeque<Message>,
    /// Rounds of keywords that take time to plan.
    plans: VecDeque<PlanRequest>,
    broken: Option<StoreError>,
}

/// A job that was run.
#[derive(Debug)]
pub(super) struct Run {
    /// The job; in a final state, unless it was stopped.
    pub(super) job: Job,
    /// When it ended or was stopped.
    pub(super) at: Time,
    /// What stopped it before its end. All of it is on disk, and it can go on.
    pub(super) stopped: Option<Signal>,
}

impl<'a> Machine<'a> {
    /// Takes on a job, begun now or cut off earlier, and hands in what it begins with.
    pub(super) fn new(job: Job, begin: Begin, store: Store, now: Time, expander: &'a Expander, watch: &'a dyn Watch) -> Self {
        let inner = RefCell::new(Inner { job, store, messages: VecDeque::new(), plans: VecDeque::new(), broken: None });
        let machine = Machine { inner, expander, watch, stopping: Cell::new(false), begun: Instant::now(), begun_at: now };
        machine.carry_out();
        // Whoever worked on it before was part of a program that is gone, and so is the time since.
        machine.event(Event::Orphaned);
        match begin {
            Begin::GoOn => {}
            Begin::Retry => drop(machine.event(Event::Retried { waits: false })),
            Begin::Cancel => drop(machine.event(Event::Cancelled)),
        }
        machine
    }

    /// Runs the job until it reaches a final state, or `stop` resolves: then nothing further is asked, what is under
    /// way may come back for a short time, and the job can go on later.
    ///
    /// # Errors
    /// When the job can't be written down.
    pub(super) async fn run<H: Http>(
        self,
        installed: &Installed<Component>,
        http: &H,
        stop: impl Future<Output = Signal>,
    ) -> Result<Run, StoreError> {
        let tokens = Tokens::default();
        let permits = Budgets::default();
        let work = async |message: Message| {
            let worker = Worker::new(http, &self, &self.stopping);
            // Requests are signed by the time of day, which goes on while this machine sleeps and its own clock does not.
            let clock = || self.now().max(super::now()).0;
            let find = |name: &str| (name == installed.manifest.platform).then_some(installed);
            drive::work(&message, &worker, &Desk { http: &worker, find, tokens: &tokens, clock, permits: &permits, cache: &NoCache }).await
        };
        let plan = async |request: PlanRequest, openai: &'a OpenAi| expander::ask(openai, http, &request, self.now()).await;
        let mut workers = FuturesUnordered::new();
        let mut planners = FuturesUnordered::new();
        let mut stop = std::pin::pin!(stop);
        let mut stopped = None;
        while self.goes_on() && stopped.is_none() {
            while let Some(message) = self.next_message(workers.len()) {
                workers.push(work(message));
            }
            while let Some((request, openai)) = self.next_plan() {
                planners.push(plan(request, openai));
            }
            tokio::select! {
                // What failed here failed to write, and that is noted where it happened.
                Some(_) = workers.next() => {}
                Some(plan) = planners.next() => drop(self.event(Event::Planned(plan))),
                () = self.until_alarm() => drop(self.event(Event::Alarm)),
                signal = &mut stop => stopped = Some(signal),
            }
        }
        if stopped.is_some() {
            self.stopping.set(true);
            self.watch.stopping(&self.inner.borrow().job, workers.len() + planners.len());
            let pages = async { while workers.next().await.is_some() {} };
            // A model's answer is noted as soon as it comes, however long pages take.
            let plans = async {
                while let Some(plan) = planners.next().await {
                    self.event(Event::Planned(plan));
                }
            };
            // What takes longer is dropped: it was not noted, so it is asked for again.
            let rest = futures::future::join(pages, plans);
            let _ = tokio::time::timeout(Duration::from_millis(STOP_MS_MAX), rest).await;
        }
        drop((workers, planners));
        self.into_run(stopped)
    }

    /// Gives back the job as it is now.
    ///
    /// # Errors
    /// When it could not be written down.
    pub(super) fn into_run(self, stopped: Option<Signal>) -> Result<Run, StoreError> {
        let at = self.now();
        let Inner { job, broken, .. } = self.inner.into_inner();
        // What came back while it stopped may have been the last that was missing.
        let stopped = stopped.filter(|_| !job.status().is_final());
        broken.map_or(Ok(Run { job, at, stopped }), Err)
    }

    fn goes_on(&self) -> bool {
        let inner = self.inner.borrow();
        inner.broken.is_none() && !inner.job.status().is_final()
    }

    fn next_message(&self, at_work: usize) -> Option<Message> {
        if at_work < WORKERS_MAX { self.inner.borrow_mut().messages.pop_front() } else { None }
    }

    /// The next round to plan, and whom to ask for it; only what can't be planned at once is put off.
    fn next_plan(&self) -> Option<(PlanRequest, &'a OpenAi)> {
        let Expander::Model(openai) = self.expander else { return None };
        Some((self.inner.borrow_mut().plans.pop_front()?, openai))
    }

    async fn until_alarm(&self) {
        let alarm = self.inner.borrow().job.alarm();
        match alarm {
            Some(alarm) => {
                let wait = Duration::from_millis(alarm.since(self.now()));
                tokio::time::sleep(wait).await;
            }
            None => std::future::pending().await,
        }
    }

    /// The time, from a clock that never goes backwards.
    fn now(&self) -> Time {
        self.begun_at.plus(u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    fn event(&self, event: Event) -> Option<Reply> {
        self.inner.borrow_mut().job.handle(event, self.now());
        self.carry_out()
    }

    /// Carries out all effects; gives the reply among them. A plan that takes no time is made on the spot.
    fn carry_out(&self) -> Option<Reply> {
        let mut reply = None;
        loop {
            let mut plan = None;
            while let Some(effect) = self.next_effect() {
                match effect {
                    // The loop asks the job itself for its alarm.
                    Effect::Persist(Write { rows, .. }) => self.persist(&rows),
                    Effect::Send(messages) => self.inner.borrow_mut().messages.extend(messages),
                    Effect::Plan(request) => plan = self.plan_or_put_off(request),
                    Effect::Publish(_) => self.show(),
                    Effect::Reply(answer) => reply = Some(answer),
                    // The loop asks the job itself for its state, and nobody is charged on one's own machine.
                    Effect::Finish(_) | Effect::Charge(_) => {}
                }
            }
            let Some(plan) = plan else { return reply };
            self.inner.borrow_mut().job.handle(Event::Planned(plan), self.now());
        }
    }

    /// The plan, if it takes no time; else it is made beside the work on messages.
    fn plan_or_put_off(&self, request: PlanRequest) -> Option<Plan> {
        let plan = self.expander.at_once(&request).ok();
        if plan.is_none() {
            self.inner.borrow_mut().plans.push_back(request);
        }
        plan
    }

    fn show(&self) {
        let job = &self.inner.borrow().job;
        self.watch.changed(job, &job.counters());
    }

    fn next_effect(&self) -> Option<Effect> {
        let mut inner = self.inner.borrow_mut();
        if inner.broken.is_some() { None } else { inner.job.poll() }
    }

    /// Writes rows down. What can't be written must not have happened: nothing else is carried out.
    fn persist(&self, rows: &[scout_pipeline::job::Row]) {
        let Inner { job, store, broken, .. } = &mut *self.inner.borrow_mut();
        *broken = store.write(job.id(), rows).err();
    }
}

impl JobLink for Machine<'_> {
    async fn tell(&self, report: Report) -> Result<Reply, LinkError> {
        self.event(Event::Report(report)).ok_or_else(|| LinkError("it can't be written down".into()))
    }
}
