//! How a call ended, as far as a budget is concerned.

use serde::{Deserialize, Serialize};

use crate::contract::{Fault, Outcome, Profile};
use crate::limits::DETAIL_CHARS_MAX;
use crate::trouble::Trouble;

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The upstream answered what was asked.
    Fine,
    /// It answered that this can't be had, or what nobody can read: no word on whether it works.
    Other,
    /// It gave no answer, or said that it does not work.
    Failed(
        /// What happened.
        String,
    ),
    /// It allows no more calls for now.
    RateLimited {
        /// Seconds to wait, where it said.
        after_s: Option<u32>,
    },
    /// It serves nobody with these credentials, or nobody who has no credit left.
    Refused(
        /// [`Fault::Unauthorized`] or [`Fault::OutOfCredit`].
        Fault,
    ),
}

impl Seen {
    /// What a trouble says of the upstream.
    #[must_use]
    pub fn of(trouble: &Trouble) -> Seen {
        match trouble {
            Trouble::Fault { fault } => Seen::of_fault(fault),
            Trouble::NoAnswer { retry: true, detail } => Seen::Failed(detail.clone()),
            Trouble::NoAnswer { retry: false, .. } | Trouble::Broken { .. } | Trouble::Setup { .. } => Seen::Other,
        }
    }

    /// What profiles that were read say of it: some platforms answer with a fault for each.
    #[must_use]
    pub fn of_profiles(profiles: &[Profile]) -> Seen {
        let mut faults = profiles.iter().filter_map(|profile| match &profile.outcome {
            Outcome::Failed(fault) => Some(Seen::of_fault(fault)),
            Outcome::Enriched(_) | Outcome::Empty(_) => None,
        });
        faults.rfind(|seen| *seen != Seen::Other).unwrap_or(Seen::Fine)
    }

    fn of_fault(fault: &Fault) -> Seen {
        let cut = |text: &str| text.chars().take(DETAIL_CHARS_MAX).collect();
        match fault {
            Fault::RateLimited(after_s) => Seen::RateLimited { after_s: *after_s },
            Fault::Unavailable(detail) => Seen::Failed(cut(detail)),
            Fault::Unauthorized(detail) => Seen::Refused(Fault::Unauthorized(cut(detail))),
            Fault::OutOfCredit(detail) => Seen::Refused(Fault::OutOfCredit(cut(detail))),
            Fault::Blocked(_) | Fault::NotFound | Fault::Malformed(_) | Fault::Unsupported(_) | Fault::Other(_) => Seen::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(fault: Fault) -> Seen {
        Seen::of(&Trouble::Fault { fault })
    }

    #[test]
    fn only_what_says_that_the_upstream_does_not_work_is_a_failure() {
        assert!(matches!(seen(Fault::Unavailable("503".into())), Seen::Failed(_)));
        assert!(matches!(Seen::of(&Trouble::NoAnswer { retry: true, detail: "reset".into() }), Seen::Failed(_)));
        for fault in [Fault::NotFound, Fault::Blocked("no".into()), Fault::Malformed("x".into()), Fault::Other("x".into())] {
            assert_eq!(seen(fault), Seen::Other);
        }
        assert_eq!(Seen::of(&Trouble::NoAnswer { retry: false, detail: "too long".into() }), Seen::Other);
        assert_eq!(Seen::of(&Trouble::Broken { detail: "it trapped".into() }), Seen::Other);
    }

    #[test]
    fn a_profile_that_was_refused_for_a_rate_counts_although_others_were_read() {
        let profile = |outcome| Profile { identity: "a".into(), outcome };
        let limited = profile(Outcome::Failed(Fault::RateLimited(Some(3))));
        let missing = profile(Outcome::Failed(Fault::NotFound));
        assert_eq!(Seen::of_profiles(&[limited, missing.clone()]), Seen::RateLimited { after_s: Some(3) });
        assert_eq!(Seen::of_profiles(&[missing]), Seen::Fine);
    }
}
