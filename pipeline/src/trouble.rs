//! What goes wrong, and what follows: troubles are classified where they happen and decided here.

use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

use crate::contract::Fault;
use crate::limits::{ATTEMPTS_MAX, BACKOFF_MS_MAX, BACKOFF_MS_MIN, DETAIL_CHARS_MAX, RETRY_AFTER_MS_MAX};
use crate::outbound::OutboundError;
use crate::ports::{AdapterError, HttpError};

/// Why a keyword or a profile was not read to its end. The names are stable and shown to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The platform allowed no more calls, for as long as it was tried.
    RateLimited,
    /// The platform was not working or not reachable, for as long as it was tried.
    Unavailable,
    /// The credentials are missing, wrong or not allowed to do this.
    Unauthorized,
    /// No credit is left with the platform's provider.
    OutOfCredit,
    /// The platform refuses the request.
    Blocked,
    /// What was asked for does not exist.
    NotFound,
    /// The platform's answer has an unknown shape.
    Malformed,
    /// The platform can't do what was asked.
    Unsupported,
    /// The adapter trapped, ran too long, took too much memory or broke the contract.
    AdapterFailed,
    /// Something that has no name of its own.
    Other,
    /// The work was given out as often as allowed, and nobody ever reported back.
    Lost,
    /// As many creators as asked for were found without it.
    TargetMet,
    /// The job used as many upstream calls as it was allowed.
    CallBudget,
    /// The job ran as long as it was allowed.
    TimeBudget,
    /// The job was cancelled.
    Cancelled,
}

impl Reason {
    /// The stable name, as it is serialised.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::RateLimited => "rate_limited",
            Reason::Unavailable => "unavailable",
            Reason::Unauthorized => "unauthorized",
            Reason::OutOfCredit => "out_of_credit",
            Reason::Blocked => "blocked",
            Reason::NotFound => "not_found",
            Reason::Malformed => "malformed",
            Reason::Unsupported => "unsupported",
            Reason::AdapterFailed => "adapter_failed",
            Reason::Other => "other",
            Reason::Lost => "lost",
            Reason::TargetMet => "target_met",
            Reason::CallBudget => "call_budget",
            Reason::TimeBudget => "time_budget",
            Reason::Cancelled => "cancelled",
        }
    }
}

/// A reason and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The stable name.
    pub reason: Reason,
    /// One sentence for people, bounded in length.
    pub detail: String,
}

impl Failure {
    /// A failure whose detail is cut to what is kept.
    pub fn new(reason: Reason, detail: impl AsRef<str>) -> Self {
        Failure { reason, detail: detail.as_ref().chars().take(DETAIL_CHARS_MAX).collect() }
    }
}

/// Why a task or a creator's profile got no answer: what a consumer reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trouble {
    /// The adapter classified the platform's answer.
    Fault {
        /// How it was classified.
        fault: Fault,
    },
    /// The request got no answer, or one that was too long.
    NoAnswer {
        /// Whether the same request may well work later.
        retry: bool,
        /// What happened; names no URL.
        detail: String,
    },
    /// The adapter is at fault.
    Broken {
        /// What it did.
        detail: String,
    },
    /// The request can't be sent, such as for a missing secret.
    Setup {
        /// What is missing, by name.
        detail: String,
        /// Whether credentials are what is missing, so that no other request can be sent either.
        credentials: bool,
    },
}

impl From<AdapterError> for Trouble {
    fn from(error: AdapterError) -> Self {
        match error {
            AdapterError::Fault(fault) => Trouble::Fault { fault },
            // The text goes on with hints for whoever wrote the adapter; callers are told what happened.
            AdapterError::Broken(text) => Trouble::Broken { detail: text.lines().next().unwrap_or_default().to_owned() },
        }
    }
}

impl From<HttpError> for Trouble {
    fn from(error: HttpError) -> Self {
        let retry = !matches!(error, HttpError::TooLong { .. });
        Trouble::NoAnswer { retry, detail: error.to_string() }
    }
}

impl From<OutboundError> for Trouble {
    fn from(error: OutboundError) -> Self {
        let credentials = error.is_about_credentials();
        match credentials {
            true => Trouble::Setup { detail: error.to_string(), credentials },
            // A request that no host would send is the adapter's doing.
            false => Trouble::Broken { detail: error.to_string() },
        }
    }
}

/// What follows from a trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Try again after this many milliseconds.
    Retry {
        /// The wait.
        after_ms: u64,
    },
    /// It is final for this task or profile.
    Fail(Failure),
    /// It is final for everything this job still wants of the platform.
    Stop(Failure),
}

/// Decides what follows from a trouble after `attempts` earlier ones that got nowhere.
///
/// `draw` makes the jitter: the same job, task and attempt always wait the same time.
#[must_use]
pub fn decide(trouble: &Trouble, attempts: u32, draw: u64) -> Decision {
    let failure = failure(trouble);
    match (failure.reason, trouble) {
        (Reason::Unauthorized | Reason::OutOfCredit, _) => Decision::Stop(failure),
        (Reason::RateLimited | Reason::Unavailable, _) if attempts + 1 < ATTEMPTS_MAX => {
            Decision::Retry { after_ms: backoff_ms(attempts, draw).max(told_to_wait_ms(trouble)) }
        }
        _ => Decision::Fail(failure),
    }
}

/// The reason behind a trouble, in the words that callers know.
#[must_use]
pub fn failure(trouble: &Trouble) -> Failure {
    match trouble {
        Trouble::Fault { fault } => Failure::new(fault_reason(fault), fault.to_string()),
        Trouble::NoAnswer { retry: true, detail } => Failure::new(Reason::Unavailable, detail),
        Trouble::NoAnswer { retry: false, detail } => Failure::new(Reason::Malformed, detail),
        Trouble::Broken { detail } => Failure::new(Reason::AdapterFailed, detail),
        Trouble::Setup { detail, credentials: true } => Failure::new(Reason::Unauthorized, detail),
        Trouble::Setup { detail, credentials: false } => Failure::new(Reason::Other, detail),
    }
}

fn fault_reason(fault: &Fault) -> Reason {
    match fault {
        Fault::RateLimited(_) => Reason::RateLimited,
        Fault::Unauthorized(_) => Reason::Unauthorized,
        Fault::OutOfCredit(_) => Reason::OutOfCredit,
        Fault::Blocked(_) => Reason::Blocked,
        Fault::NotFound => Reason::NotFound,
        Fault::Unavailable(_) => Reason::Unavailable,
        Fault::Malformed(_) => Reason::Malformed,
        Fault::Unsupported(_) => Reason::Unsupported,
        Fault::Other(_) => Reason::Other,
    }
}

/// How long the platform said to wait, as far as it is believed.
fn told_to_wait_ms(trouble: &Trouble) -> u64 {
    match trouble {
        Trouble::Fault { fault: Fault::RateLimited(Some(seconds)) } => (u64::from(*seconds) * 1_000).min(RETRY_AFTER_MS_MAX),
        _ => 0,
    }
}

/// Exponential with full jitter: anything from the least wait up to a bound that doubles each time.
fn backoff_ms(attempts: u32, draw: u64) -> u64 {
    let bound = BACKOFF_MS_MIN.saturating_mul(1 << attempts.min(16)).min(BACKOFF_MS_MAX);
    rand_chacha::ChaCha8Rng::seed_from_u64(draw).random_range(BACKOFF_MS_MIN / 4..=bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(fault: Fault) -> Trouble {
        Trouble::Fault { fault }
    }

    #[test]
    fn a_missing_credential_and_an_empty_purse_stop_everything_at_once() {
        for trouble in [
            fault(Fault::Unauthorized("no".into())),
            fault(Fault::OutOfCredit("no".into())),
            Trouble::Setup { detail: "KEY is not set".into(), credentials: true },
        ] {
            assert!(matches!(decide(&trouble, 0, 1), Decision::Stop(_)), "{trouble:?}");
        }
    }

    #[test]
    fn blocked_malformed_not_found_and_a_broken_adapter_are_final_at_the_first_try() {
        for trouble in [
            fault(Fault::Blocked("no".into())),
            fault(Fault::Malformed("users".into())),
            fault(Fault::NotFound),
            fault(Fault::Unsupported("no".into())),
            fault(Fault::Other("no".into())),
            Trouble::Broken { detail: "it trapped".into() },
            Trouble::NoAnswer { retry: false, detail: "too long".into() },
        ] {
            assert!(matches!(decide(&trouble, 0, 1), Decision::Fail(_)), "{trouble:?}");
        }
    }

    #[test]
    fn a_platform_that_is_down_is_tried_five_times() {
        let down = Trouble::NoAnswer { retry: true, detail: "no answer within 20000 ms".into() };
        for attempts in 0..ATTEMPTS_MAX - 1 {
            assert!(matches!(decide(&down, attempts, 1), Decision::Retry { .. }));
        }
        let Decision::Fail(failure) = decide(&down, ATTEMPTS_MAX - 1, 1) else { panic!("the fifth is the last") };
        assert_eq!(failure.reason, Reason::Unavailable);
    }

    #[test]
    fn retry_after_is_the_least_wait() {
        let Decision::Retry { after_ms } = decide(&fault(Fault::RateLimited(Some(30))), 0, 1) else { panic!("it waits") };
        assert_eq!(after_ms, 30_000);
    }

    #[test]
    fn an_absurd_retry_after_does_not_hold_a_job_for_days() {
        let Decision::Retry { after_ms } = decide(&fault(Fault::RateLimited(Some(u32::MAX))), 0, 1) else { panic!("it waits") };
        assert_eq!(after_ms, RETRY_AFTER_MS_MAX);
    }

    #[test]
    fn the_wait_grows_stays_within_its_bound_and_is_the_same_for_the_same_draw() {
        for attempts in 0..40 {
            for draw in 0..50 {
                let wait = backoff_ms(attempts, draw);
                assert_eq!(wait, backoff_ms(attempts, draw));
                assert!((BACKOFF_MS_MIN / 4..=BACKOFF_MS_MAX).contains(&wait));
            }
        }
        assert!((0..50).any(|draw| backoff_ms(6, draw) > 30_000));
        assert!((0..50).all(|draw| backoff_ms(0, draw) <= BACKOFF_MS_MIN));
    }

    #[test]
    fn details_are_cut_to_what_is_kept() {
        assert_eq!(Failure::new(Reason::Other, "é".repeat(DETAIL_CHARS_MAX + 1)).detail.chars().count(), DETAIL_CHARS_MAX);
        assert_eq!(Failure::new(Reason::Other, "é".repeat(DETAIL_CHARS_MAX)).detail.chars().count(), DETAIL_CHARS_MAX);
    }

    #[test]
    fn every_reason_is_serialised_under_its_name() {
        for reason in [Reason::RateLimited, Reason::AdapterFailed, Reason::TargetMet, Reason::TimeBudget, Reason::Lost] {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
        }
    }
}
