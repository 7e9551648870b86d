//! Clients: they dispatch, look or never look, cancel, and have what failed tried again.

use scout_pipeline::account::LetIn;
use scout_pipeline::job::{Event, NoRetry};

use super::{Happening, World};
use crate::coverage::ClientAct;
use crate::faults::FaultKind;
use crate::scenario::Plan;

/// How often a client that hears nothing dispatches the same job; each time it may happen twice.
const DISPATCHES_MAX: u32 = 4;

/// One client, and what it knows.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) plan: Plan,
    /// Whether it ever cancelled.
    pub(crate) cancelled: bool,
    retries_left: u32,
    /// The run that it is about to begin: the account has let it in.
    beginning: bool,
    dispatches: u32,
}

impl Client {
    pub(super) fn new(plan: Plan) -> Client {
        Client { cancelled: false, retries_left: plan.client.retries, beginning: false, dispatches: 0, plan }
    }
}

impl World {
    pub(super) fn begin_client(&mut self, job: usize) {
        let client = self.clients[job].plan.client.clone();
        self.enter(client.dispatch_at, Happening::Dispatch(job));
        if client.looks {
            self.enter(client.dispatch_at.plus(10), Happening::Poll(job));
        } else {
            self.coverage.client(ClientAct::NeverLooked);
        }
        for at in client.cancel_at {
            self.enter(at, Happening::Cancel(job));
        }
        if client.retries > 0 {
            self.enter(client.dispatch_at.plus(client.patience_ms + 1_000), Happening::Retry(job));
        }
    }

    /// The account first, then the job's object; whatever is not answered is asked again.
    pub(super) fn dispatch(&mut self, job: usize) {
        let waits = match self.reserve(job, 0) {
            None => return self.enter_in(1_000, Happening::Dispatch(job)),
            Some(Err(_)) => return self.coverage.client(ClientAct::Refused),
            Some(Ok(LetIn { place })) => place.is_some(),
        };
        if waits {
            self.coverage.client(ClientAct::Waited);
        }
        let act = if self.objects[job].stored.exists() { ClientAct::DispatchedAgain } else { ClientAct::Dispatched };
        if self.create(job, waits).is_none() {
            return self.enter_in(1_000, Happening::Dispatch(job));
        }
        self.coverage.client(act);
        self.clients[job].dispatches += 1;
        if self.clients[job].dispatches >= DISPATCHES_MAX {
            return;
        }
        if self.hits(FaultKind::DispatchAnswerLost) {
            self.enter_in(2_000, Happening::Dispatch(job));
        }
        if self.hits(FaultKind::DispatchTwice) {
            let ms = self.faults.between(FaultKind::DispatchTwice, 0, 60_000);
            self.enter_in(ms, Happening::Dispatch(job));
        }
    }

    pub(super) fn poll(&mut self, job: usize) {
        if self.faults.healed() {
            return;
        }
        let offset = self.chance.below(20) as u32;
        if let Some(view) = self.look(job, offset, 5) {
            self.coverage.client(ClientAct::Polled);
            self.laws.view(job, &self.objects[job].stored, &view, &self.upstream.records[job]);
        }
        let ms = self.chance.between(100, 30_000);
        self.enter_in(ms, Happening::Poll(job));
    }

    pub(super) fn cancel(&mut self, job: usize) {
        let stored = &self.objects[job].stored;
        if self.faults.healed() || !stored.exists() {
            return;
        }
        let act = if stored.progress.status.is_final() { ClientAct::CancelledFinal } else { ClientAct::CancelledRunning };
        self.clients[job].cancelled = true;
        self.coverage.client(act);
        if self.deliver(job, Event::Cancelled).is_none() {
            self.enter_in(1_000, Happening::Cancel(job));
        } else if self.sabotage.is_none() || !self.objects[job].stored.progress.status.is_final() {
            self.laws.cancelled(job, &self.objects[job].stored);
        }
    }

    /// Asks the job, reserves what another run may deliver, and begins it. What was begun is brought to its end even
    /// after the world is healed, because the account has let it in.
    pub(super) fn retry(&mut self, job: usize) {
        if self.faults.healed() && !self.clients[job].beginning || self.clients[job].retries_left == 0 {
            return;
        }
        let Some(answer) = self.job(job).map(|job| (job.may_retry(), job.progress().run + 1)) else {
            return self.enter_in(5_000, Happening::Retry(job));
        };
        match answer {
            (Err(no), _) => self.retry_in_vain(job, no),
            (Ok(_), run) => match self.reserve(job, run) {
                None => {
                    self.clients[job].beginning = true;
                    self.enter_in(1_000, Happening::Retry(job));
                }
                Some(Err(_)) => {
                    self.clients[job].retries_left = 0;
                    self.coverage.client(ClientAct::RetriedRefused);
                }
                Some(Ok(LetIn { place })) => self.begin_run(job, place.is_some()),
            },
        }
    }

    fn begin_run(&mut self, job: usize, waits: bool) {
        self.coverage.client(ClientAct::Retried);
        self.clients[job].beginning = self.deliver(job, Event::Retried { waits }).is_none();
        if !self.clients[job].beginning {
            self.clients[job].retries_left -= 1;
        }
        let ms = if self.clients[job].beginning { 1_000 } else { self.clients[job].plan.client.patience_ms + 10_000 };
        self.enter_in(ms, Happening::Retry(job));
    }

    fn retry_in_vain(&mut self, job: usize, no: NoRetry) {
        let client = &mut self.clients[job];
        if std::mem::take(&mut client.beginning) {
            // The answer to the event was lost, and the run has begun.
            client.retries_left -= 1;
        }
        let act = match no {
            NoRetry::Running => ClientAct::RetriedRunning,
            NoRetry::NothingFailed => ClientAct::RetriedNothing,
            NoRetry::NoCallsLeft => ClientAct::RetriedNoCalls,
        };
        self.coverage.client(act);
        if no != NoRetry::Running {
            self.clients[job].retries_left = 0;
        }
        // A client that does not ask first must do no harm.
        if self.chance.hits(200) {
            self.deliver(job, Event::Retried { waits: false });
        }
        let ms = self.chance.between(5_000, 60_000);
        self.enter_in(ms, Happening::Retry(job));
    }
}
