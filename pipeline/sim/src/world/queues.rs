//! The queues between a job and its consumers: at least once, in no order, late, twice or never; a message that comes
//! back too often becomes a dead letter.

use scout_pipeline::job::Event;
use scout_pipeline::protocol::{Message, Queue, Report};

use super::{Happening, World};
use crate::faults::FaultKind;

/// How often a message is delivered again before it is given up, as both queues are configured.
const RETRIES_MAX: u32 = 3;

/// Messages that one consumer is given at a time.
const BATCH_MESSAGES_MAX: usize = 10;

/// How long a queue waits before it delivers again, in milliseconds.
const RETRY_DELAY_MS: u64 = 1_000;

/// A message on its way.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) job: usize,
    pub(super) message: Message,
    /// How often it was delivered before.
    pub(super) deliveries: u32,
}

/// One queue: what has arrived and was not picked up.
#[derive(Debug, Default)]
pub(super) struct Lane {
    ready: Vec<Letter>,
    pick_up: bool,
}

impl Lane {
    /// Loses everything.
    pub(super) fn clear(&mut self) {
        *self = Lane::default();
    }
}

fn lane_of(queue: Queue) -> usize {
    match queue {
        Queue::Search => 0,
        Queue::Enrich => 1,
    }
}

impl World {
    /// A job sends a message.
    pub(super) fn send(&mut self, job: usize, message: Message) {
        let letter = Letter { job, message, deliveries: 0 };
        if self.hits(FaultKind::MessageLost) {
            self.trace.note(self.now, || format!("job-{job}: the message of task {} is lost", letter.message.task));
            return;
        }
        if self.hits(FaultKind::MessageDuplicated) {
            let ms = self.faults.between(FaultKind::MessageDuplicated, 0, 90_000);
            self.enter_in(ms, Happening::Arrive(letter.clone()));
        }
        let mut ms = self.chance.between(1, 60);
        if self.hits(FaultKind::MessageReordered) {
            ms += self.faults.between(FaultKind::MessageReordered, 0, 3_000);
        }
        if self.hits(FaultKind::MessageDelayed) {
            ms += self.faults.between(FaultKind::MessageDelayed, 1_000, 400_000);
        }
        self.enter_in(ms, Happening::Arrive(letter));
    }

    pub(super) fn arrive(&mut self, letter: Letter) {
        let number = lane_of(letter.message.queue);
        let lane = &mut self.lanes[number];
        lane.ready.push(letter);
        if !std::mem::replace(&mut lane.pick_up, true) {
            let ms = self.chance.below(20);
            self.enter_in(ms, Happening::PickUp(number));
        }
    }

    pub(super) fn pick_up(&mut self, number: usize) {
        let lane = &mut self.lanes[number];
        let batch: Vec<Letter> = lane.ready.drain(..lane.ready.len().min(BATCH_MESSAGES_MAX)).collect();
        lane.pick_up = !lane.ready.is_empty();
        if lane.pick_up {
            self.enter_in(1, Happening::PickUp(number));
        }
        self.consume(batch);
    }

    /// A consumer gave a message back, or died with it.
    pub(super) fn give_back(&mut self, mut letter: Letter) {
        letter.deliveries += 1;
        if letter.deliveries <= RETRIES_MAX {
            let ms = RETRY_DELAY_MS + self.chance.below(500);
            self.enter_in(ms, Happening::Arrive(letter));
            return;
        }
        self.trace.note(self.now, || format!("job-{}: the message of task {} becomes a dead letter", letter.job, letter.message.task));
        let mut ms = self.chance.between(1, 5_000);
        if self.hits(FaultKind::DeadLetterTwice) {
            let ms = self.faults.between(FaultKind::DeadLetterTwice, 0, 30_000);
            self.enter_in(ms, Happening::Bury(letter.clone()));
        }
        if self.hits(FaultKind::DeadLetterLate) {
            ms += self.faults.between(FaultKind::DeadLetterLate, 10_000, 600_000);
        }
        self.enter_in(ms, Happening::Bury(letter));
    }

    /// The consumer of dead letters tells the job, until it is heard.
    pub(super) fn bury(&mut self, letter: Letter) {
        let Message { task, fence, .. } = letter.message;
        let detail = "the message could not be processed".to_owned();
        if self.deliver(letter.job, Event::Report(Report::DeadLettered { task, fence, detail })).is_none() {
            self.enter_in(5_000, Happening::Bury(letter));
        }
    }
}
