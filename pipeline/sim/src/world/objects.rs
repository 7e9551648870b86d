//! The objects that jobs live in: rows and alarm are stored in one transaction; the object may die before an event
//! and between any two effects of one, and may be put together again from its rows at any time.

use scout_pipeline::job::{Effect, Event, Job, Progress, StatusView, Wake, Write};
use scout_pipeline::limits::JOB_MS_MAX;
use scout_pipeline::protocol::Reply;
use scout_pipeline::time::Time;

use super::words::{name_of_effect, words, words_of_reply};
use super::{Happening, World};
use crate::coverage::event_name;
use crate::faults::FaultKind;
use crate::laws::{Law, Turn};
use crate::reference::{Picture, Reference};
use crate::sabotage::{Handling, Scene};
use crate::stored::{Changed, Stored};

/// How long after an alarm that failed the runtime rings again, in milliseconds.
const RING_AGAIN_MS: u64 = 2_000;

/// One object.
#[derive(Debug, Default)]
pub(crate) struct Object {
    pub(crate) stored: Stored,
    /// When the runtime wakes it, as stored.
    pub(crate) alarm: Option<Time>,
    /// Counts what became of the alarm, so that one that was replaced does not ring.
    generation: u64,
    /// What it holds in memory.
    job: Option<Job>,
    /// How far its machine's clock is behind, in milliseconds.
    behind_ms: u64,
    reference: Option<Reference>,
    /// Whether a known bug changed what is stored, so that memory and rows differ on purpose.
    tampered: bool,
}

impl Object {
    /// The object leaves memory.
    pub(super) fn forget(&mut self) {
        self.job = None;
    }

    pub(super) fn correct_clock(&mut self) {
        self.behind_ms = 0;
    }
}

impl World {
    fn object_now(&self, job: usize) -> Time {
        Time(self.now.0 - self.objects[job].behind_ms)
    }

    /// Makes sure that the job is in memory; false where there is none.
    fn load(&mut self, job: usize) -> bool {
        let evicted = self.hits(FaultKind::ObjectEvicted);
        if self.objects[job].job.is_some() && !evicted {
            return true;
        }
        let behind = self.hits(FaultKind::ClockBehind);
        let behind_ms = if behind { self.faults.between(FaultKind::ClockBehind, 1, 3_000) } else { 0 };
        let object = &mut self.objects[job];
        object.behind_ms = behind_ms;
        let before = object.job.take().filter(|_| !object.tampered);
        object.tampered = false;
        match Job::load(object.stored.all_rows()) {
            Ok(loaded) => {
                if let (Some(before), Some(after)) = (&before, &loaded)
                    && let Some(field) = difference(before, after)
                {
                    self.laws.broken(Law::Rows, job, || format!("put together again from its rows, the job has other {field}"));
                }
                object.job = loaded;
            }
            Err(corrupt) => self.laws.broken(Law::Rows, job, || corrupt.to_string()),
        }
        self.objects[job].job.is_some()
    }

    /// Creates a job, unless it exists. `None` when the object died before anything was stored.
    pub(super) fn create(&mut self, job: usize, waits: bool) -> Option<()> {
        if self.hits(FaultKind::ObjectDiesBefore) {
            return None;
        }
        let again = self.objects[job].stored.exists();
        if again && !self.sabotage.as_mut().is_some_and(|sabotage| sabotage.creates_again()) {
            return Some(());
        }
        let mut dispatch = self.clients[job].plan.dispatch.clone();
        dispatch.at = self.object_now(job);
        dispatch.waits = waits;
        self.trace.note(self.now, || {
            let accepted = &dispatch.accepted;
            let keywords: Vec<&str> = accepted.keywords.iter().map(|keyword| keyword.as_str()).collect();
            let (enrichment, hints) = (dispatch.manifest.enrichment, dispatch.manifest.hints);
            format!(
                "job-{job}: created: {} of {keywords:?}, expand {}, calls {:?}, {enrichment:?}, {} a keyword, {} pages",
                accepted.target, accepted.expand, accepted.max_upstream_calls, hints.creators_per_keyword, hints.pages_per_keyword
            )
        });
        // A job with a known bug around it is not the model's any more.
        self.objects[job].reference = self.sabotage.is_none().then(|| Reference::new(&dispatch));
        let mut created = Job::create(dispatch);
        let effects: Vec<Effect> = std::iter::from_fn(|| created.poll()).collect();
        self.objects[job].job = Some(created);
        self.carry_out(job, None, effects);
        if !again {
            self.expect_end(job);
        }
        Some(())
    }

    /// Hands an event to a job. `None` when the object died before it could answer, `Some(None)` when there was
    /// nothing to answer.
    pub(super) fn deliver(&mut self, job: usize, event: Event) -> Option<Option<Reply>> {
        if !self.objects[job].stored.exists() {
            return Some(None);
        }
        if self.hits(FaultKind::ObjectDiesBefore) {
            self.trace.note(self.now, || format!("job-{job}: the object dies before {}", event_name(&event)));
            self.objects[job].forget();
            return None;
        }
        if !self.load(job) {
            return Some(None);
        }
        let now = self.object_now(job);
        let event = match self.handling(job, event, now) {
            Handling::Handle(event) => event,
            Handling::Swallow(reply) => return Some(reply),
        };
        let Progress { status, run, held, .. } = self.objects[job].stored.progress;
        self.coverage.event(&event, status);
        self.trace.note(self.now, || format!("job-{job}: {}", words(&event)));
        let object = &mut self.objects[job];
        let Some(mut state) = object.job.take() else { return Some(None) };
        if event == Event::Alarm {
            state.timers().filter(|(at, _)| *at <= now).for_each(|(_, timer)| self.coverage.timer(timer));
        }
        state.handle(event.clone(), now);
        let effects: Vec<Effect> = std::iter::from_fn(|| state.poll()).collect();
        if let Some(reference) = &mut object.reference {
            let answer = reference.apply(&event, now);
            let given = effects.iter().find_map(|effect| if let Effect::Reply(reply) = effect { Some(reply) } else { None });
            if answer.as_ref() != given {
                self.laws
                    .broken(Law::Reference, job, || format!("after {}: the model answers {answer:?}, the job {given:?}", words(&event)));
            }
            if let Some(difference) = Picture::of(&state).difference(&reference.picture()) {
                self.laws.broken(Law::Reference, job, || format!("after {}: {difference}", words(&event)));
            }
        }
        object.job = Some(state);
        // Laws judge by what was really said, not by what a known bug made of it.
        let event = self.sabotage.as_mut().and_then(|sabotage| sabotage.sees()).unwrap_or(event);
        let reply = self.carry_out(job, Some(&event), effects);
        if (self.objects[job].stored.progress.run, self.objects[job].stored.progress.held) != (run, held) {
            self.expect_end(job);
        }
        reply
    }

    fn handling(&mut self, job: usize, event: Event, now: Time) -> Handling {
        let Some(sabotage) = &mut self.sabotage else { return Handling::Handle(event) };
        let scene = Scene { job, stored: &self.objects[job].stored, now };
        sabotage.event(&scene, event)
    }

    /// Carries out the effects of an event, and dies between two of them where it must.
    fn carry_out(&mut self, job: usize, event: Option<&Event>, effects: Vec<Effect>) -> Option<Option<Reply>> {
        let effects = self.tamper(job, event, effects);
        let now = self.object_now(job);
        let mut reply = None;
        let mut effects = effects.into_iter().peekable();
        let mut written = false;
        if let Some(Effect::Persist(write)) = effects.next_if(|effect| matches!(effect, Effect::Persist(_))) {
            written = true;
            self.persist(job, event, &write, now);
        }
        if !written {
            self.judge(job, event, now, None);
        }
        let mut left: Vec<Effect> = effects.collect();
        left.reverse();
        while let Some(effect) = left.pop() {
            if self.hits(FaultKind::ObjectDiesBetween) {
                left.push(effect);
                self.die_between(job, &left);
                return None;
            }
            match effect {
                Effect::Persist(_) => self.laws.broken(Law::Rows, job, || "rows are written after another effect".into()),
                Effect::Send(messages) => messages.into_iter().for_each(|message| self.send(job, message)),
                Effect::Plan(request) => self.plan(job, &request),
                Effect::Charge(charge) => {
                    let status = self.objects[job].stored.progress.status;
                    self.send_charge(charge, status);
                }
                Effect::Publish(notices) => self.laws.published(job, &self.objects[job].stored, &notices),
                Effect::Reply(answer) => {
                    self.laws.replied(job, &self.objects[job].stored, event, &answer);
                    self.coverage.reply(&answer);
                    self.trace.note(self.now, || format!("job-{job}:     → {}", words_of_reply(&answer)));
                    reply = Some(answer);
                }
                Effect::Finish(status) => self.trace.note(self.now, || format!("job-{job}:     → ends as {status:?}")),
            }
        }
        Some(reply)
    }

    /// Has the laws look at what an event did.
    fn judge(&mut self, job: usize, event: Option<&Event>, now: Time, changed: Option<&Changed>) {
        let object = &self.objects[job];
        self.laws.turn(&Turn {
            job,
            event,
            now,
            stored: &object.stored,
            changed,
            alarm: object.alarm,
            record: &self.upstream.records[job],
            cancelled: self.clients[job].cancelled,
        });
    }

    /// Lets a known bug do its work.
    fn tamper(&mut self, job: usize, event: Option<&Event>, mut effects: Vec<Effect>) -> Vec<Effect> {
        let now = self.object_now(job);
        if let Some(sabotage) = &mut self.sabotage {
            let object = &mut self.objects[job];
            let scene = Scene { job, stored: &object.stored, now };
            let write = matches!(effects.first(), Some(Effect::Persist(_))).then(|| effects.remove(0));
            let mut write = match write {
                Some(Effect::Persist(write)) => Some(write),
                _ => None,
            };
            if sabotage.write(&scene, event, &mut write) {
                object.job = None;
                object.tampered = true;
            }
            sabotage.effects(&scene, event, &mut effects);
            if let Some(write) = write {
                effects.insert(0, Effect::Persist(write));
            }
        }
        effects
    }

    fn persist(&mut self, job: usize, event: Option<&Event>, write: &Write, now: Time) {
        let object = &mut self.objects[job];
        let changed = object.stored.take(&write.rows);
        match write.alarm {
            Wake::Keep => {}
            Wake::At(at) => self.set_alarm(job, Some(at)),
            Wake::Never => self.set_alarm(job, None),
        }
        self.count(job, &changed);
        self.judge(job, event, now, Some(&changed));
    }

    fn count(&mut self, job: usize, changed: &Changed) {
        let stored = &self.objects[job].stored;
        if let Some(before) = &changed.progress {
            self.coverage.status(before.status, stored.progress.status);
        }
        for (id, before) in &changed.tasks {
            let Some(task) = stored.tasks.get(*id as usize) else { continue };
            let search = task.search().is_some();
            if let Some(before) = before {
                self.coverage.task(search, &before.state, &task.state);
            }
            if let scout_pipeline::job::State::Done { outcome } = &task.state
                && search
            {
                self.coverage.keyword(outcome);
            }
        }
        for (seq, _) in &changed.profiles {
            if let Some(found) = stored.creators.get(*seq as usize) {
                self.coverage.profile(&found.profile);
            }
        }
    }

    fn die_between(&mut self, job: usize, lost: &[Effect]) {
        self.trace.note(self.now, || {
            let lost: Vec<&str> = lost.iter().rev().map(name_of_effect).collect();
            format!("job-{job}:     the object dies; lost: {}", lost.join(", "))
        });
        let object = &mut self.objects[job];
        object.forget();
        let now = Time(self.now.0 - object.behind_ms);
        if let Some(sabotage) = &mut self.sabotage {
            let rows = sabotage.died(&Scene { job, stored: &object.stored, now }, lost);
            object.stored.take(&rows);
        }
    }

    /// Sets the alarm by the object's own clock, or takes it away.
    pub(super) fn set_alarm(&mut self, job: usize, alarm: Option<Time>) {
        let object = &mut self.objects[job];
        object.generation += 1;
        object.alarm = alarm;
        let (generation, behind_ms) = (object.generation, object.behind_ms);
        let Some(at) = alarm else { return };
        let mut at = at.plus(behind_ms).max(self.now).plus(self.chance.below(10));
        if self.hits(FaultKind::AlarmLate) {
            // Now and then so late that the job's whole time is over.
            let most = if self.faults.between(FaultKind::AlarmLate, 0, 19) == 0 { 2 * JOB_MS_MAX } else { 300_000 };
            at = at.plus(self.faults.between(FaultKind::AlarmLate, 1_000, most));
        } else if self.hits(FaultKind::AlarmEarly) {
            let early = self.faults.between(FaultKind::AlarmEarly, 1, 20_000);
            at = Time(at.0.saturating_sub(early)).max(self.now.plus(1));
        }
        self.enter(at, Happening::Ring { job, generation });
    }

    /// Sets the alarm anew at its own time, without what held it back.
    pub(super) fn reset_alarm(&mut self, job: usize) {
        let alarm = self.objects[job].alarm;
        self.set_alarm(job, alarm);
    }

    pub(super) fn ring(&mut self, job: usize, generation: u64) {
        if self.objects[job].generation != generation {
            return;
        }
        // An alarm that rings is spent.
        let alarm = self.objects[job].alarm.take();
        if self.hits(FaultKind::AlarmTwice) {
            let ms = self.faults.between(FaultKind::AlarmTwice, 0, 5_000);
            self.enter_in(ms, Happening::RingAgain(job));
        }
        let died = self.deliver(job, Event::Alarm).is_none();
        if died && self.objects[job].generation == generation {
            // Nothing was stored: the runtime rings again.
            self.objects[job].alarm = alarm;
            self.enter_in(RING_AGAIN_MS, Happening::Ring { job, generation });
        }
    }

    pub(super) fn ring_again(&mut self, job: usize) {
        self.deliver(job, Event::Alarm);
    }

    /// What a client sees.
    pub(super) fn look(&mut self, job: usize, offset: u32, limit: u32) -> Option<StatusView> {
        if !self.objects[job].stored.exists() || !self.load(job) {
            return None;
        }
        let now = self.object_now(job);
        let object = &self.objects[job];
        let mut view = object.job.as_ref()?.status_view(offset, limit, now);
        if let Some(sabotage) = &mut self.sabotage {
            sabotage.view(&Scene { job, stored: &object.stored, now }, &mut view);
        }
        Some(view)
    }

    /// The job in memory, for questions that clients have about it.
    pub(super) fn job(&mut self, job: usize) -> Option<&Job> {
        if !self.objects[job].stored.exists() || !self.load(job) {
            return None;
        }
        self.objects[job].job.as_ref()
    }
}

/// What is different between a job and the one that its rows make up.
fn difference(before: &Job, after: &Job) -> Option<&'static str> {
    let fields = [
        ("request", before.dispatch() == after.dispatch()),
        ("progress", before.progress() == after.progress()),
        ("tasks", before.tasks() == after.tasks()),
        ("creators", before.creators() == after.creators()),
        ("notices", before.notices() == after.notices()),
        ("alarm", before.alarm() == after.alarm()),
    ];
    fields.into_iter().find(|(_, same)| !same).map(|(field, _)| field)
}
