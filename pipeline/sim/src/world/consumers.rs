//! Consumers at work: each message of a batch is worked on by the real loop, and any consumer may die with its whole
//! batch, stand still past its lease, or lose what it says or hears.

use std::rc::Rc;

use scout_pipeline::contract::Enrichment;
use scout_pipeline::job::Event;
use scout_pipeline::ports::{HttpError, LinkError};
use scout_pipeline::protocol::{Lease, Reply, Report, Work as Task};
use scout_pipeline::trouble::Reason;

use super::queues::Letter;
use super::{Happening, World};
use crate::consumer::{Ask, Machine, Slot, Work};
use crate::faults::FaultKind;
use crate::laws::Call;
use crate::upstream::{Answer, Question};

/// One message that is being worked on.
#[derive(Debug)]
pub(super) struct Running {
    letter: Letter,
    work: Work,
    /// The batch it came with: whoever dies, dies with all of it.
    batch: u64,
    grant: Option<Grant>,
}

/// What the job granted last.
#[derive(Debug, Clone)]
struct Grant {
    task: u32,
    fence: u32,
    page: u32,
}

impl World {
    /// A consumer is given a batch.
    pub(super) fn consume(&mut self, batch: Vec<Letter>) {
        let machine = Machine {
            without_secret: self.hits(FaultKind::SecretMissing),
            without_adapter: self.hits(FaultKind::AdapterMissing),
            breaks_planning: self.hits(FaultKind::AdapterBreaksPlanning),
            strays: self.hits(FaultKind::AdapterStrays),
        };
        let number = self.number();
        for letter in batch {
            self.note_machine(letter.job, machine);
            let manifest = &self.clients[letter.job].plan.dispatch.manifest;
            let per_call = match manifest.enrichment {
                Enrichment::None => 1,
                Enrichment::Optional(creators) | Enrichment::Required(creators) => creators as usize,
            };
            let work = Work::begin(letter.message.clone(), manifest, machine, per_call, Rc::clone(&self.clock));
            let consumer = self.number();
            self.consumers.insert(consumer, Running { letter, work, batch: number, grant: None });
            self.step(consumer);
        }
    }

    /// What a machine's faults may be answered as is written down where the platform's answers are.
    fn note_machine(&mut self, job: usize, machine: Machine) {
        let record = &mut self.upstream.records[job];
        if machine.without_secret {
            record.failed.insert(Reason::Unauthorized.name());
        }
        if machine.without_adapter || machine.breaks_planning || machine.strays {
            record.failed.insert(Reason::AdapterFailed.name());
        }
    }

    /// Lets a consumer go as far as it can.
    fn step(&mut self, consumer: u64) {
        let Some(running) = self.consumers.get_mut(&consumer) else { return };
        let (asks, ended) = running.work.step();
        for ask in asks {
            self.begin_ask(consumer, ask);
        }
        if let Some(ended) = ended
            && let Some(running) = self.consumers.remove(&consumer)
            && ended.is_err()
        {
            self.give_back(running.letter);
        }
    }

    fn begin_ask(&mut self, consumer: u64, ask: Ask) {
        if self.hits(FaultKind::ConsumerDies) {
            self.die(consumer);
            return;
        }
        let mut ms = 0;
        if self.hits(FaultKind::ConsumerPauses) {
            ms = self.faults.between(FaultKind::ConsumerPauses, 31_000, 400_000);
            self.trace.note(self.now, || format!("a consumer stands still for {} s", ms / 1_000));
            // The queue hears nothing and delivers the message to another, while this one will go on.
            let letter = self.consumers.get(&consumer).map(|running| running.letter.clone());
            letter.into_iter().for_each(|letter| self.give_back(letter));
        }
        self.enter_in(ms, Happening::Ask { consumer, ask });
    }

    /// A consumer dies with its whole batch; the queue delivers all of it again.
    fn die(&mut self, consumer: u64) {
        let Some(batch) = self.consumers.get(&consumer).map(|running| running.batch) else { return };
        let dead: Vec<u64> = self.consumers.iter().filter(|(_, running)| running.batch == batch).map(|(number, _)| *number).collect();
        self.trace.note(self.now, || format!("a consumer dies with {} messages", dead.len()));
        for number in dead {
            if let Some(running) = self.consumers.remove(&number) {
                self.give_back(running.letter);
            }
        }
    }

    pub(super) fn ask(&mut self, consumer: u64, ask: Ask) {
        if !self.consumers.contains_key(&consumer) {
            return;
        }
        match ask {
            Ask::Tell(report, slot) => self.tell(consumer, report, slot),
            Ask::Fetch(question, slot) => self.fetch(consumer, &question, slot),
        }
    }

    fn tell(&mut self, consumer: u64, mut report: Report, slot: Slot<Result<Reply, LinkError>>) {
        let Some(job) = self.consumers.get(&consumer).map(|running| running.letter.job) else { return };
        if let Some(sabotage) = &mut self.sabotage {
            sabotage.report(&mut report);
        }
        if self.hits(FaultKind::ReportLost) {
            self.enter_in(1_000, Happening::Replied { consumer, reply: Err(LinkError("the connection broke".into())), slot });
            return;
        }
        if self.hits(FaultKind::ReportTwice) {
            let ms = self.faults.between(FaultKind::ReportTwice, 0, 5_000);
            self.enter_in(ms, Happening::Told { consumer, job, report: report.clone(), slot: None });
        }
        let mut ms = self.chance.between(1, 30);
        if self.hits(FaultKind::ReportLate) {
            ms += self.faults.between(FaultKind::ReportLate, 1_000, 120_000);
        }
        self.enter_in(ms, Happening::Told { consumer, job, report, slot: Some(slot) });
    }

    /// The report arrives, whether whoever made it still lives or not.
    pub(super) fn told(&mut self, consumer: u64, job: usize, report: Report, slot: Option<Slot<Result<Reply, LinkError>>>) {
        let reply = self.deliver(job, Event::Report(report)).flatten();
        let Some(slot) = slot else { return };
        let lost = self.hits(FaultKind::ReplyLost);
        let reply = reply.filter(|_| !lost).ok_or_else(|| LinkError("the answer never came".into()));
        let ms = self.chance.between(1, 30);
        self.enter_in(ms, Happening::Replied { consumer, reply, slot });
    }

    pub(super) fn replied(&mut self, consumer: u64, reply: Result<Reply, LinkError>, slot: Slot<Result<Reply, LinkError>>) {
        let Some(running) = self.consumers.get_mut(&consumer) else { return };
        match &reply {
            Ok(Reply::Granted(Lease { task, fence, work, .. })) => {
                let page = if let Task::Search { page, .. } = work { *page } else { 0 };
                running.grant = Some(Grant { task: *task, fence: *fence, page });
            }
            Ok(Reply::Continue { page, .. }) => {
                if let Some(grant) = &mut running.grant {
                    grant.page = *page;
                }
            }
            _ => {}
        }
        slot.fill(reply);
        self.step(consumer);
    }

    fn fetch(&mut self, consumer: u64, question: &Question, slot: Slot<Result<Answer, HttpError>>) {
        let Some(running) = self.consumers.get(&consumer) else { return };
        let (job, grant) = (running.letter.job, running.grant.clone());
        let answer = self.upstream.call(job, question, &mut self.faults, &mut self.coverage);
        if let Some(grant) = grant {
            let stored = &self.objects[job].stored;
            let call = Call { task: grant.task, fence: grant.fence, page: grant.page, question };
            self.laws.called(job, stored, &call, &self.upstream.records[job]);
        }
        let mut ms = self.chance.between(50, 2_000);
        if self.hits(FaultKind::Slow) {
            ms += self.faults.between(FaultKind::Slow, 3_000, 17_000);
        }
        if matches!(answer, Err(HttpError::Timeout { .. })) {
            ms = 20_000;
        }
        self.trace.note(self.now, || format!("job-{job}: {} is {}", words_of_question(question), words_of_answer(&answer)));
        self.enter_in(ms, Happening::Fetched { consumer, answer, slot });
    }

    pub(super) fn fetched(&mut self, consumer: u64, answer: Result<Answer, HttpError>, slot: Slot<Result<Answer, HttpError>>) {
        if self.consumers.contains_key(&consumer) {
            slot.fill(answer);
            self.step(consumer);
        }
    }
}

fn words_of_question(question: &Question) -> String {
    match question {
        Question::Search { keyword, cursor } => {
            format!("{keyword:?} from {:?}", cursor.as_ref().map(|cursor| &cursor[..cursor.len().min(8)]))
        }
        Question::Profiles(creators) => format!("the profiles of {}", creators.len()),
    }
}

fn words_of_answer(answer: &Result<Answer, HttpError>) -> String {
    match answer {
        Err(error) => format!("not answered: {error}"),
        Ok(Answer::Page(Ok(page))) => {
            let who: Vec<&str> = page.creators.iter().map(|creator| creator.identity.as_str()).collect();
            format!("answered with {who:?}")
        }
        Ok(Answer::Page(Err(error)) | Answer::Profiles(Err(error))) => format!("answered with trouble: {error}"),
        Ok(Answer::Profiles(Ok(profiles))) => format!("answered with {} profiles", profiles.len()),
    }
}
