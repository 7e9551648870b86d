//! A slow, obvious model of a job: the rules of the specification once more, in as few words as they take.
//!
//! It runs beside the real job on the same events, and after each of them the two pictures have to be the same. It
//! keeps what happened and reads everything else from that: where a task stands from the task's own log, who belongs
//! to the job from all pages that were taken in, numbers by counting. There are no rows here, no effects, no alarm,
//! no counters that are kept in step. Of the real thing it uses plain data, the decisions about troubles, the number
//! of keywords that a search needs, the spelling of keywords and the extractor of addresses; the rest is said again.
//!
//! | part | is |
//! |---|---|
//! | this file | what each event does |
//! | `log` | what happened to a task or a creator, and what follows from it |
//! | `following` | what follows from everything together: who is admitted, what is due, how the job ends |
//! | `picture` | what of a job is compared, and how a difference reads |

mod following;
mod log;
mod picture;
#[cfg(test)]
mod tests;
mod working;

use scout_pipeline::contract::Creator;
use scout_pipeline::job::{Dispatch, Event, Origin, Plan, Status, Timer};
use scout_pipeline::limits::{ATTEMPTS_MAX, KEYWORDS_MAX, PLAN_MS_MAX, WINDOW_TASKS};
use scout_pipeline::protocol::{Reply, TaskId};
use scout_pipeline::time::Time;
use scout_pipeline::trouble::Reason;

use log::{Person, Said, Standing, Step, Work};
pub use picture::{BatchPicture, Class, CreatorPicture, KeywordPicture, Outcome, Owed, Picture, ProfilePicture};

/// A job, told by its rules alone.
#[derive(Debug, Clone)]
pub struct Reference {
    asked: Dispatch,
    /// Every keyword and every batch of profiles, by number.
    works: Vec<Work>,
    /// Every page that was taken in, in order.
    pages: Vec<Page>,
    /// Who belongs to the job: what follows from the pages, and what each was told since.
    people: Vec<Person>,
    /// The upstream calls of every report that was heard.
    made: Vec<u32>,
    /// Calls that were allowed and not needed.
    given_back: u32,
    /// The runs, the first one first.
    runs: Vec<Run>,
    /// The rounds whose keywords have come.
    rounds: Vec<u32>,
    /// The round whose keywords are awaited.
    awaited: Option<Awaited>,
    /// Why nothing further is asked of the platform.
    stopped: Option<Reason>,
    /// What the account said that it knows.
    heard: Vec<Heard>,
    /// The charge that waits for the account's word.
    charge: Option<Charging>,
}

/// A page that was taken in.
#[derive(Debug, Clone)]
struct Page {
    task: TaskId,
    creators: Vec<Creator>,
}

/// One run: since when its time counts, whether it waits for its account, and how it ended, if it did.
#[derive(Debug, Clone)]
struct Run {
    begun: Time,
    held: bool,
    over: Option<Status>,
}

/// A round of keywords that is being planned.
#[derive(Debug, Clone, Copy)]
struct Awaited {
    round: u32,
    wanted: usize,
    /// When the planner was asked last; nobody has asked it yet where there is none.
    asked: Option<Time>,
    /// When it can be asked first.
    from: Time,
}

/// What an acknowledged charge tells.
#[derive(Debug, Clone, Copy)]
struct Heard {
    delivered: u32,
    /// The run that the account knows to be over.
    closes: Option<u32>,
}

/// A charge that was sent, once or more often.
#[derive(Debug, Clone)]
struct Charging {
    delivered: u32,
    closes: bool,
    sent: Vec<Time>,
}

impl Reference {
    /// A job that was just dispatched.
    #[must_use]
    pub fn new(dispatch: &Dispatch) -> Self {
        let given = dispatch.accepted.keywords.iter();
        let mut model = Reference {
            asked: dispatch.clone(),
            works: given.map(|keyword| Work::keyword(keyword.clone(), Origin::Given, 0)).collect(),
            pages: Vec::new(),
            people: Vec::new(),
            made: Vec::new(),
            given_back: 0,
            runs: vec![Run { begun: dispatch.at, held: dispatch.waits, over: None }],
            rounds: Vec::new(),
            awaited: None,
            stopped: None,
            heard: Vec::new(),
            charge: None,
        };
        model.awaited = Some(Awaited { round: 0, wanted: model.first_round(), asked: None, from: dispatch.at });
        model
    }

    /// Takes in one event, and says what has to be answered where it is a report.
    pub fn apply(&mut self, event: &Event, now: Time) -> Option<Reply> {
        let answer = match event {
            // A job that is over listens to nobody who worked on it.
            Event::Report(_) if self.is_over() => Some(Reply::Gone),
            Event::Report(report) => Some(self.report(report, now)),
            Event::Planned(plan) => self.planned(plan),
            Event::Cancelled => self.end_now(Reason::Cancelled),
            Event::Retried { waits } => self.try_again(*waits, now),
            Event::Admitted => self.go_ahead(now),
            Event::Charged(charge) => {
                // Nobody can know of more than there is, nor of an end that has not come.
                let closes = (charge.closes && charge.run == self.run() && self.is_over()).then_some(charge.run);
                self.heard.push(Heard { delivered: charge.delivered.min(self.delivered()), closes });
                None
            }
            Event::Orphaned => self.orphaned(now),
            Event::Alarm => self.alarm(now),
        };
        if !self.is_over() && !self.is_held() {
            self.stop_where_no_call_can_come_back();
            self.leave_out_what_is_not_needed();
            self.send(now);
            self.go_on(now);
        }
        self.bill(now);
        answer
    }

    /// Keywords of the round that is awaited, and of no other: none twice, no more than wanted, 100 in all.
    fn planned(&mut self, plan: &Plan) -> Option<Reply> {
        let awaited = self.awaited.filter(|awaited| awaited.round == plan.round)?;
        self.awaited = None;
        self.rounds.push(plan.round);
        let before = self.keywords().count();
        for derived in &plan.keywords {
            let known = self.keywords().filter_map(|(_, work)| work.searched()).any(|keyword| keyword.key() == derived.keyword.key());
            let added = self.keywords().count() - before;
            if !known && added < awaited.wanted && before + added < KEYWORDS_MAX {
                let origin = Origin::Derived { from: derived.from.clone() };
                self.works.push(Work::keyword(derived.keyword.clone(), origin, plan.round));
            }
        }
        None
    }

    /// Another run of what failed or was cut off, where there is any and calls are left.
    fn try_again(&mut self, waits: bool, now: Time) -> Option<Reply> {
        self.retry().ok()?;
        let (keywords, profiles) = (self.unfinished_keywords(), self.missing_profiles());
        self.runs.push(Run { begun: now, held: waits, over: None });
        self.stopped = None;
        for task in keywords {
            self.notes(task, [Step::Forgotten, Step::TakenUp]);
        }
        for seq in &profiles {
            self.people[*seq as usize].said.push(Said::TakenUp);
        }
        self.have_profiles_read(&profiles, now);
        None
    }

    /// A run that had to wait goes on, and its time begins.
    fn go_ahead(&mut self, now: Time) -> Option<Reply> {
        if let Some(run) = self.runs.last_mut().filter(|run| run.held && run.over.is_none()) {
            (run.held, run.begun) = (false, now);
            self.awaited = self.awaited.map(|awaited| Awaited { from: now, ..awaited });
        }
        None
    }

    /// Everybody who worked on it is gone, and every message lost: it is no attempt that failed, and the time until
    /// now is not the job's.
    fn orphaned(&mut self, now: Time) -> Option<Reply> {
        if let Some(run) = self.runs.last_mut().filter(|run| run.over.is_none()) {
            run.begun = now;
            // The planner that was asked is gone too, so that it counts as asked long enough ago.
            let ago = Time(now.0.saturating_sub(PLAN_MS_MAX));
            self.awaited = self.awaited.map(|awaited| Awaited { asked: awaited.asked.map(|_| ago), ..awaited });
        }
        for task in self.open_works() {
            match self.works[task as usize].standing() {
                Standing::Leased { .. } => self.notes(task, [Step::Forgotten, Step::Due { at: now }]),
                Standing::Queued { told: 1.., .. } => self.note(task, Step::Due { at: now }),
                Standing::Queued { .. } | Standing::Waiting | Standing::Done(_) => {}
            }
        }
        None
    }

    /// Whatever is due happens. After the end of the job's time nothing is given out again.
    fn alarm(&mut self, now: Time) -> Option<Reply> {
        let due: Vec<Timer> = self.due().into_iter().filter(|(at, _)| *at <= now).map(|(_, timer)| timer).collect();
        if due.contains(&Timer::Charge)
            && let Some(charge) = &mut self.charge
        {
            charge.sent.push(now);
        }
        if due.contains(&Timer::Deadline) {
            return self.end_now(Reason::TimeBudget);
        }
        if due.contains(&Timer::Plan) {
            // Nobody is asked for nothing.
            self.awaited = self.awaited.filter(|awaited| awaited.wanted > 0).map(|awaited| Awaited { asked: Some(now), ..awaited });
        }
        for timer in due {
            if let Timer::Lease(task) = timer {
                self.lease_ran_out(task, now);
            }
        }
        None
    }

    /// Whoever held it is not heard any more. It is given out again, five times in all.
    fn lease_ran_out(&mut self, task: TaskId, now: Time) {
        self.notes(task, [Step::Forgotten, Step::Stumbled]);
        match self.works[task as usize].attempts() < ATTEMPTS_MAX {
            true => self.note(task, Step::Due { at: now }),
            false => self.give_up(task, Reason::Lost),
        }
    }

    /// There is work and no call for it, and nobody is out who could give one back.
    fn stop_where_no_call_can_come_back(&mut self) {
        let open = self.open_works();
        let out = open.iter().any(|task| matches!(self.works[*task as usize].standing(), Standing::Leased { .. }));
        if !open.is_empty() && !out && self.calls_left() == 0 {
            self.stop(Reason::CallBudget);
        }
    }

    /// What nobody works on and nobody needs is left out: everything once the job stopped, keywords once the target
    /// is met. No round is planned then.
    fn leave_out_what_is_not_needed(&mut self) {
        let target_met = self.target_met().then_some(Reason::TargetMet);
        let Some(reason) = self.stopped.or(target_met) else { return };
        self.awaited = None;
        for task in self.open_works() {
            let work = &self.works[task as usize];
            let at_rest = !matches!(work.standing(), Standing::Leased { .. });
            if at_rest && (self.stopped.is_some() || work.batch().is_none()) {
                self.leave_out(task, reason);
            }
        }
    }

    fn leave_out(&mut self, task: TaskId, reason: Reason) {
        for seq in self.open_of(task) {
            self.people[seq as usize].said.push(Said::Skipped(reason));
        }
        let outcome = match reason {
            Reason::TargetMet => self.works[task as usize].not_needed_any_more(),
            _ => Outcome::Skipped(reason),
        };
        self.note(task, Step::Ended(outcome));
    }

    /// Lets keywords go out, as many as what is still missing should need, and sends the messages that are due.
    fn send(&mut self, now: Time) {
        // The caller is answered first: before the first alarm nothing is sent.
        if self.status() == Status::Pending && self.awaited.is_some_and(|awaited| self.planning_due(awaited) <= now) {
            return;
        }
        let under_way = |work: &Work| matches!(work.standing(), Standing::Queued { .. } | Standing::Leased { .. });
        let flying = self.keywords().filter(|(_, work)| under_way(work)).count();
        let waiting = self.keywords().filter(|(_, work)| work.standing() == Standing::Waiting).map(|(task, _)| task);
        let wave = self.keywords_needed().min(WINDOW_TASKS).saturating_sub(flying);
        for task in waiting.take(wave).collect::<Vec<_>>() {
            self.note(task, Step::Due { at: now });
        }
        for task in self.open_works() {
            if matches!(self.works[task as usize].standing(), Standing::Queued { due, .. } if due <= now) {
                self.note(task, Step::Told { at: now });
            }
        }
    }

    /// When nothing is open and nothing awaited, another round is planned, or the job is over.
    fn go_on(&mut self, now: Time) {
        if self.awaited.is_some() || !self.open_works().is_empty() {
            return;
        }
        match self.next_round() {
            Some((round, wanted)) => self.awaited = Some(Awaited { round, wanted, asked: Some(now), from: now }),
            None => self.finish(),
        }
    }

    fn end_now(&mut self, reason: Reason) -> Option<Reply> {
        if !self.is_over() {
            self.stopped = Some(reason);
            for task in self.open_works() {
                self.leave_out(task, reason);
            }
            self.finish();
        }
        None
    }

    fn finish(&mut self) {
        self.awaited = None;
        let verdict = self.verdict();
        if let Some(run) = self.runs.last_mut() {
            run.over = Some(verdict);
        }
    }

    /// The account is owed word of what was delivered and of the end, until it says that it knows.
    fn bill(&mut self, now: Time) {
        if self.asked.account.is_none() {
            return;
        }
        let (delivered, closes) = (self.delivered(), self.is_over());
        let under_way = self.charge.as_ref().is_some_and(|charge| (charge.delivered, charge.closes) == (delivered, closes));
        if self.is_settled() {
            self.charge = None;
        } else if !under_way {
            self.charge = Some(Charging { delivered, closes, sent: vec![now] });
        }
    }

    /// The first reason to stop is the one that is told.
    fn stop(&mut self, reason: Reason) {
        self.stopped = self.stopped.or(Some(reason));
    }

    fn note(&mut self, task: TaskId, step: Step) {
        self.works[task as usize].steps.push(step);
    }

    fn notes(&mut self, task: TaskId, steps: [Step; 2]) {
        self.works[task as usize].steps.extend(steps);
    }
}
