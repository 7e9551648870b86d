//! Known bugs, switched in around the real job: never inside of it. Each one proves that its law is really looked at,
//! because a simulator that can't catch a bug proves nothing.
//!
//! A bug gets its hands in wherever a job touches the world: on events before they are handled, on rows before they
//! are stored (the job is then put together again from what was stored), on effects, on what consumers report, on
//! ledgers, on what clients see, and on what is stored when an object dies.

mod creators;
mod ending;
mod hooks;
mod keywords;
mod money;
mod storing;
mod traffic;

use scout_pipeline::account::{Account, Charge, Event as AccountEvent, LetIn, Write as AccountWrite};
use scout_pipeline::job::{Effect, Event, Row, StatusView, Write};
use scout_pipeline::protocol::{Reply, Report};
use scout_pipeline::time::Time;

use crate::laws::Law;
use crate::stored::Stored;
use crate::world::{self, Outcome, Settings};

/// Seeds within which a known bug must be found.
pub const SEEDS_MAX: u64 = 2_000;

/// What a bug sees of the job that it meddles with.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The job's number in its world.
    pub job: usize,
    /// What is stored, before the event that is being handled.
    pub stored: &'a Stored,
    /// The object's time.
    pub now: Time,
}

/// What becomes of an event.
#[derive(Debug)]
pub enum Handling {
    /// The job handles it, as it is or altered.
    Handle(Event),
    /// The job never sees it; whoever made it gets this answer.
    Swallow(Option<Reply>),
}

/// A known bug. Whatever a bug does not touch stays as it is.
pub trait Sabotage {
    /// Before an event is handled.
    fn event(&mut self, _: &Scene<'_>, event: Event) -> Handling {
        Handling::Handle(event)
    }

    /// The event that was really made, where [`Sabotage::event`] passed on another: laws look at that one.
    fn sees(&mut self) -> Option<Event> {
        None
    }

    /// Before what an event changed is stored; `event` is `None` for a job's creation, and `write` is `None` where
    /// nothing changed. True when the write was altered: the job is then put together again from its rows.
    fn write(&mut self, _: &Scene<'_>, _event: Option<&Event>, _write: &mut Option<Write>) -> bool {
        false
    }

    /// After an event's write was stored and before its other effects happen. The scene is as it was before.
    fn effects(&mut self, _: &Scene<'_>, _event: Option<&Event>, _effects: &mut Vec<Effect>) {}

    /// When an object died between two effects; the last of those lost would have come next. What is returned is
    /// stored besides.
    fn died(&mut self, _: &Scene<'_>, _lost: &[Effect]) -> Vec<Row> {
        Vec::new()
    }

    /// Whether a dispatch of a job that exists creates it again.
    fn creates_again(&mut self) -> bool {
        false
    }

    /// What whoever wanted to begin a run hears in place of what the account said.
    fn let_in(&mut self, let_in: LetIn) -> LetIn {
        let_in
    }

    /// What an account takes in, in place of a charge.
    fn charges(&mut self, _: &Account, charge: &Charge) -> Vec<Charge> {
        vec![charge.clone()]
    }

    /// Before what an event changed of an account is stored. True when the write was altered: the account is then put
    /// together again from its rows.
    fn account_write(&mut self, _: &AccountEvent, _: &mut AccountWrite) -> bool {
        false
    }

    /// Before a consumer's report sets out.
    fn report(&mut self, _: &mut Report) {}

    /// Before a client sees a job.
    fn view(&mut self, _: &Scene<'_>, _: &mut StatusView) {}
}

/// A bug by its name.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Its name on the command line.
    pub name: &'static str,
    /// The law that it breaks.
    pub law: Law,
    /// What it does.
    pub text: &'static str,
    /// Switches it in.
    pub build: fn() -> Box<dyn Sabotage>,
}

/// Every known bug, by the laws that they break.
#[must_use]
pub fn all() -> Vec<Known> {
    let mut all = [creators::ALL, keywords::ALL, money::ALL, ending::ALL, traffic::ALL, storing::ALL].concat();
    all.sort_by_key(|known| known.law);
    all
}

/// The bug of this name.
#[must_use]
pub fn named(name: &str) -> Option<Known> {
    all().into_iter().find(|known| known.name == name)
}

/// Runs seeds with a bug switched in until the law that it breaks is seen to be broken. The world is otherwise the
/// same as without it, and only that law counts: a bug that is caught for another reason does not prove its law.
#[must_use]
pub fn hunt(known: &Known, base: u64, seeds: u64, settings: &Settings) -> Option<Outcome> {
    let settings = Settings { only: Some(known.law), ..settings.clone() };
    let outcomes = (base..base.saturating_add(seeds)).map(|seed| world::run(seed, &settings, Some((known.build)())));
    outcomes.into_iter().find(|outcome| outcome.violation.as_ref().is_some_and(|violation| violation.law == known.law))
}
