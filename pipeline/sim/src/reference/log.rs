//! What happened to a task or to a creator, in order, and what follows from that alone.

use scout_pipeline::contract::{Absence, Creator};
use scout_pipeline::email::{self, Address};
use scout_pipeline::job::Origin;
use scout_pipeline::keyword::Keyword;
use scout_pipeline::limits::{RESEND_MS_MAX, RESEND_MS_MIN};
use scout_pipeline::protocol::TaskId;
use scout_pipeline::time::Time;
use scout_pipeline::trouble::Reason;

use super::picture::{Outcome, ProfilePicture};

/// A task and everything that happened to it.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) kind: Kind,
    pub(super) steps: Vec<Step>,
}

/// What there is to do.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// Search a keyword.
    Keyword { keyword: Keyword, origin: Origin, round: u32 },
    /// Read the profiles of these creators.
    Profiles { people: Vec<u32> },
}

/// Something that happened to a task.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// It may be worked on from then on.
    Due { at: Time },
    /// A message told of it.
    Told { at: Time },
    /// Somebody took it, with so many calls allowed.
    Taken { until: Time, calls: u32 },
    /// Whoever took it may go on with another page.
    Renewed { until: Time, calls: u32 },
    /// A page was taken in.
    Read { returned: u32, admitted: u32, next: Option<String> },
    /// Whoever took it, or was told of it, is not heard any more.
    Forgotten,
    /// An attempt got nowhere.
    Stumbled,
    /// It got somewhere, so that attempts are counted anew.
    Progressed,
    /// It ended.
    Ended(Outcome),
    /// It is wanted again.
    TakenUp,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody was told of it.
    Waiting,
    /// For anybody to take; the next message about it is due then.
    Queued { due: Time, told: u32 },
    /// Somebody works on it.
    Leased { until: Time },
    /// It is over.
    Done(Outcome),
}

impl Work {
    pub(super) fn keyword(keyword: Keyword, origin: Origin, round: u32) -> Self {
        Work { kind: Kind::Keyword { keyword, origin, round }, steps: Vec::new() }
    }

    pub(super) fn profiles(people: Vec<u32>) -> Self {
        Work { kind: Kind::Profiles { people }, steps: Vec::new() }
    }

    pub(super) fn searched(&self) -> Option<&Keyword> {
        match &self.kind {
            Kind::Keyword { keyword, .. } => Some(keyword),
            Kind::Profiles { .. } => None,
        }
    }

    pub(super) fn batch(&self) -> Option<&[u32]> {
        match &self.kind {
            Kind::Keyword { .. } => None,
            Kind::Profiles { people } => Some(people),
        }
    }

    pub(super) fn standing(&self) -> Standing {
        let mut standing = Standing::Waiting;
        for step in &self.steps {
            standing = match (step, standing) {
                (Step::Due { at }, _) => Standing::Queued { due: *at, told: 0 },
                (Step::Told { at }, Standing::Queued { told, .. }) => Standing::Queued { due: said_again(*at, told + 1), told: told + 1 },
                (Step::Taken { until, .. } | Step::Renewed { until, .. }, _) => Standing::Leased { until: *until },
                (Step::Ended(outcome), _) => Standing::Done(*outcome),
                (Step::TakenUp, _) => Standing::Waiting,
                (Step::Told { .. } | Step::Read { .. } | Step::Forgotten | Step::Stumbled | Step::Progressed, same) => same,
            };
        }
        standing
    }

    pub(super) fn is_open(&self) -> bool {
        !matches!(self.standing(), Standing::Done(_))
    }

    /// The number that a report must carry, or a dead letter: one more with everybody who takes the task, and whenever
    /// those who know the last one are not to be heard any more.
    pub(super) fn number(&self) -> u32 {
        self.steps.iter().filter(|step| matches!(step, Step::Taken { .. } | Step::Forgotten)).count() as u32
    }

    /// Attempts in a row that got nowhere.
    pub(super) fn attempts(&self) -> u32 {
        let since = self.steps.iter().rev().take_while(|step| !matches!(step, Step::Read { .. } | Step::Progressed | Step::TakenUp));
        since.filter(|step| matches!(step, Step::Stumbled)).count() as u32
    }

    /// Calls that were allowed for it.
    pub(super) fn calls(&self) -> u32 {
        let allowed = self.steps.iter().map(|step| match step {
            Step::Taken { calls, .. } | Step::Renewed { calls, .. } => *calls,
            _ => 0,
        });
        allowed.sum()
    }

    fn reads(&self) -> impl DoubleEndedIterator<Item = (u32, u32, Option<&str>)> {
        self.steps.iter().filter_map(|step| match step {
            Step::Read { returned, admitted, next } => Some((*returned, *admitted, next.as_deref())),
            _ => None,
        })
    }

    pub(super) fn pages(&self) -> u32 {
        self.reads().count() as u32
    }

    pub(super) fn cursor(&self) -> Option<&str> {
        self.reads().next_back().and_then(|(_, _, next)| next)
    }

    pub(super) fn returned(&self) -> u32 {
        self.reads().map(|(returned, _, _)| returned).sum()
    }

    pub(super) fn admitted(&self) -> u32 {
        self.reads().map(|(_, admitted, _)| admitted).sum()
    }

    /// The outcome of a keyword that was searched to its end: empty only where the platform had nobody.
    pub(super) fn searched_to_its_end(&self) -> Outcome {
        match self.returned() {
            0 => Outcome::Empty,
            _ => Outcome::Ok(self.admitted()),
        }
    }

    /// The outcome of a task that ends because the target is met: one that gave creators did what was wanted of it,
    /// and of one that gave none nobody knows whether it is empty.
    pub(super) fn not_needed_any_more(&self) -> Outcome {
        match self.returned() {
            0 => Outcome::Skipped(Reason::TargetMet),
            _ => Outcome::Ok(self.admitted()),
        }
    }
}

/// When something is said again that was said for the `times`th time at `at`: the wait doubles each time.
pub(super) fn said_again(at: Time, times: u32) -> Time {
    let mut wait = RESEND_MS_MIN;
    for _ in 1..times {
        wait = (wait * 2).min(RESEND_MS_MAX);
    }
    at.plus(wait)
}

/// A creator of the job, and everything that was said of the profile.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) task: TaskId,
    pub(super) creator: Creator,
    pub(super) said: Vec<Said>,
}

/// Something that was said of a profile.
#[derive(Debug, Clone)]
pub(super) enum Said {
    /// The search answer is the whole profile.
    Complete(Vec<Address>),
    /// Somebody tried to read it.
    Tried,
    /// It was read, and these addresses are in it.
    Read(Vec<Address>),
    /// There is none to read.
    Empty(Absence),
    /// It can't be read.
    Failed(Reason),
    /// It was not read, because the job ended.
    Skipped(Reason),
    /// It is wanted again.
    TakenUp,
}

impl Person {
    pub(super) fn admitted(task: TaskId, creator: Creator, complete: bool) -> Self {
        let said = complete.then(|| Said::Complete(email::of_creator(&creator)));
        Person { task, creator: creator.clipped(), said: said.into_iter().collect() }
    }

    /// Attempts at the profile since it was last wanted.
    pub(super) fn attempts(&self) -> u32 {
        let since = self.said.iter().rev().take_while(|said| !matches!(said, Said::TakenUp));
        since.filter(|said| matches!(said, Said::Tried)).count() as u32
    }

    /// The last word on the profile.
    pub(super) fn profile(&self) -> ProfilePicture<'_> {
        let attempts = self.attempts();
        match self.said.last() {
            None | Some(Said::Tried | Said::TakenUp) => ProfilePicture::Open { attempts },
            Some(Said::Complete(emails) | Said::Read(emails)) => ProfilePicture::Enriched { attempts, emails },
            Some(Said::Empty(absence)) => ProfilePicture::Empty { attempts, absence: *absence },
            Some(Said::Failed(reason)) => ProfilePicture::Failed { attempts, reason: *reason },
            Some(Said::Skipped(reason)) => ProfilePicture::Skipped { reason: *reason },
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.profile(), ProfilePicture::Open { .. })
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self.profile(), ProfilePicture::Failed { .. } | ProfilePicture::Skipped { .. })
    }
}
