//! Runs one job on this machine: what the Worker does with queues, objects and alarms, in one loop.
//!
//! Messages wait in memory, which is no worse than a queue that loses them: the job's rows are on disk
//! and its alarm sends every message again that nobody took.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Instant;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use scout_pipeline::drive::{self, Desk, Installed};
use scout_pipeline::expand;
use scout_pipeline::job::{Counters, Effect, Event, Job, Plan, PlanRequest, Write};
use scout_pipeline::ports::{Http, JobLink, LinkError};
use scout_pipeline::protocol::{Message, Reply, Report};
use scout_pipeline::time::Time;

use super::store::{Store, StoreError};
use crate::engine::Component;

/// Messages that are worked on at the same time. Each may have six profile calls under way.
const WORKERS_MAX: usize = 32;

/// A job, where it is kept and the messages that are on their way.
pub(super) struct Machine<'a> {
    inner: RefCell<Inner>,
    watch: &'a dyn Fn(&Job, &Counters),
    begun: Instant,
    begun_at: Time,
}

struct Inner {
    job: Job,
    store: Store,
    messages: VecDeque<Message>,
    broken: Option<StoreError>,
}

impl<'a> Machine<'a> {
    /// Takes on a job, begun now or cut off earlier. `watch` is told of every change.
    pub(super) fn new(job: Job, store: Store, now: Time, watch: &'a dyn Fn(&Job, &Counters)) -> Self {
        let inner = Inner { job, store, messages: VecDeque::new(), broken: None };
        let machine = Machine { inner: RefCell::new(inner), watch, begun: Instant::now(), begun_at: now };
        machine.carry_out();
        // Whoever worked on it before was part of a program that is gone.
        machine.event(Event::Orphaned);
        machine
    }

    /// Runs the job until it reaches a final state. When `interrupted` resolves it is cancelled, and ends
    /// with what it has.
    ///
    /// # Errors
    /// When the job can't be written down.
    pub(super) async fn run<H: Http>(
        self,
        installed: &Installed<Component>,
        http: &H,
        interrupted: impl Future<Output = ()>,
    ) -> Result<(Job, Time), StoreError> {
        let platform = installed.manifest.platform.as_str();
        let clock = || u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let desk = Desk { http, find: |name: &str| (name == platform).then_some(installed), clock };
        let mut workers = FuturesUnordered::new();
        let mut interrupted = std::pin::pin!(futures::FutureExt::fuse(interrupted));
        while self.goes_on() {
            while let Some(message) = self.next_message(workers.len()) {
                let (desk, link) = (&desk, &self);
                workers.push(async move { drive::work(&message, link, desk).await });
            }
            tokio::select! {
                // What failed here failed to write, and that is noted where it happened.
                Some(_) = workers.next() => {}
                () = self.until_alarm() => drop(self.event(Event::Alarm)),
                () = &mut interrupted => drop(self.event(Event::Cancelled)),
            }
        }
        drop(workers);
        let now = self.now();
        let Inner { job, broken, .. } = self.inner.into_inner();
        broken.map_or(Ok((job, now)), Err)
    }

    fn goes_on(&self) -> bool {
        let inner = self.inner.borrow();
        inner.broken.is_none() && !inner.job.status().is_final()
    }

    fn next_message(&self, at_work: usize) -> Option<Message> {
        if at_work < WORKERS_MAX { self.inner.borrow_mut().messages.pop_front() } else { None }
    }

    async fn until_alarm(&self) {
        let alarm = self.inner.borrow().job.alarm();
        match alarm {
            Some(alarm) => {
                let wait = std::time::Duration::from_millis(alarm.since(self.now()));
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

    /// Carries out all effects; gives the reply among them. A plan is made on the spot.
    fn carry_out(&self) -> Option<Reply> {
        let mut reply = None;
        loop {
            let mut plan = None;
            while let Some(effect) = self.next_effect() {
                match effect {
                    // The loop asks the job itself for its alarm.
                    Effect::Persist(Write { rows, .. }) => self.persist(&rows),
                    Effect::Send(messages) => self.inner.borrow_mut().messages.extend(messages),
                    Effect::Plan(request) => plan = Some(request),
                    Effect::Publish(_) => self.show(),
                    Effect::Reply(answer) => reply = Some(answer),
                    // The loop asks the job itself for its state, and nobody is charged on one's own machine.
                    Effect::Finish(_) | Effect::Charge(_) => {}
                }
            }
            let Some(PlanRequest { round, given, tried, wanted, .. }) = plan else { return reply };
            let keywords = expand::rules(&given, wanted, &tried);
            self.inner.borrow_mut().job.handle(Event::Planned(Plan { round, keywords, note: None }), self.now());
        }
    }

    fn show(&self) {
        let job = &self.inner.borrow().job;
        (self.watch)(job, &job.counters());
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
