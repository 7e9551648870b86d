//! Stops calling an upstream that does not work, and finds out with one call at a time whether it works again.

use serde::{Deserialize, Serialize};

use super::{Gate, Seen};
use crate::contract::Fault;
use crate::limits::{BREAKER_FAILURES, BREAKER_MS_MAX, BREAKER_MS_MIN, BREAKER_WAITS};
use crate::time::Time;
use crate::trouble::{Trouble, failure};

/// Whether calls go through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Breaker {
    /// Failures one after the other.
    failures: u32,
    open: Option<Open>,
}

/// Calls don't go through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Open {
    /// Since when the upstream has not been working.
    since: Time,
    /// Until when not even one call does.
    until: Time,
    /// What the upstream said or did last.
    fault: Fault,
    /// How many probes failed before.
    times: u32,
    /// The permit that finds out.
    probe: Option<u64>,
}

impl Open {
    /// Whether the upstream has not been failing for long. A short outage is waited out; in a long one whoever asks is
    /// told why, so that jobs end with that reason. Nobody waits for a credential or for credit.
    fn is_short(&self) -> bool {
        self.times < BREAKER_WAITS && matches!(self.fault, Fault::Unavailable(_))
    }
}

/// What a breaker lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Passage {
    /// Everything.
    Free,
    /// One call, which finds out whether the upstream works again.
    Probe,
    /// Nothing until that call is over.
    Probing,
    /// Nothing, and it may be over soon.
    Failing {
        /// Until when.
        until: Time,
    },
    /// Nothing, for this reason.
    Closed {
        /// Until when.
        until: Time,
        /// The reason.
        fault: Fault,
    },
}

impl Breaker {
    pub(super) fn passage(&self, now: Time) -> Passage {
        match &self.open {
            None => Passage::Free,
            Some(open) if now < open.until && open.is_short() => Passage::Failing { until: open.until },
            Some(open) if now < open.until => Passage::Closed { until: open.until, fault: open.fault.clone() },
            Some(Open { probe: Some(_), .. }) => Passage::Probing,
            Some(Open { probe: None, .. }) => Passage::Probe,
        }
    }

    /// The same for people to read.
    pub(super) fn gate(&self, now: Time) -> Gate {
        let Some(Open { since, until, fault, .. }) = &self.open else { return Gate::Open };
        let (since, failure) = (since.rfc3339(), failure(&Trouble::Fault { fault: fault.clone() }));
        match now < *until {
            true => Gate::Closed { since, until: until.rfc3339(), failure },
            false => Gate::Probing { since, failure },
        }
    }

    /// Notes which permit finds out.
    pub(super) fn probed_by(&mut self, permit: u64) {
        if let Some(open) = &mut self.open {
            open.probe = Some(permit);
        }
    }

    /// A permit is over. One that found out nothing lets another try.
    pub(super) fn over(&mut self, permit: u64) {
        if let Some(open) = self.open.as_mut().filter(|open| open.probe == Some(permit)) {
            open.probe = None;
        }
    }

    /// Takes notice of how a call ended. While nothing goes through only the probe counts: the others began before it
    /// was known that they would fail.
    pub(super) fn saw(&mut self, seen: &Seen, permit: u64, now: Time) {
        match &self.open {
            Some(open) if open.probe == Some(permit) => self.probe_saw(seen, now),
            Some(_) => {}
            None => self.closed_saw(seen, now),
        }
    }

    fn closed_saw(&mut self, seen: &Seen, now: Time) {
        match seen {
            Seen::Fine => self.failures = 0,
            Seen::Other | Seen::RateLimited { .. } => {}
            Seen::Refused(fault) => self.trip(fault.clone(), 0, now),
            Seen::Failed(detail) => {
                self.failures += 1;
                if self.failures >= BREAKER_FAILURES {
                    self.trip(Fault::Unavailable(format!("{} calls in a row failed, the last one: {detail}", self.failures)), 0, now);
                }
            }
        }
    }

    fn probe_saw(&mut self, seen: &Seen, now: Time) {
        let times = self.open.as_ref().map_or(0, |open| open.times).saturating_add(1);
        match seen {
            // Whatever it says, it answers again.
            Seen::Fine | Seen::Other | Seen::RateLimited { .. } => *self = Breaker::default(),
            Seen::Refused(fault) => self.trip(fault.clone(), times, now),
            Seen::Failed(detail) => self.trip(Fault::Unavailable(format!("it still fails: {detail}")), times, now),
        }
    }

    fn trip(&mut self, fault: Fault, times: u32, now: Time) {
        let ms = BREAKER_MS_MIN.saturating_mul(1 << times.min(16)).min(BREAKER_MS_MAX);
        let since = self.open.as_ref().map_or(now, |open| open.since);
        self.open = Some(Open { since, until: now.plus(ms), fault, times, probe: None });
    }
}

/// What is answered while nothing goes through: the upstream's own reason, so that jobs end with the true one.
pub(super) fn refusal(fault: Fault, until: Time) -> Trouble {
    let more = |detail: String| format!("{detail}; no call is made before {}", until.rfc3339());
    let fault = match fault {
        Fault::Unauthorized(detail) => Fault::Unauthorized(more(detail)),
        Fault::OutOfCredit(detail) => Fault::OutOfCredit(more(detail)),
        Fault::Unavailable(detail) => Fault::Unavailable(more(detail)),
        other => other,
    };
    Trouble::Fault { fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Seen {
        Seen::Failed("503".into())
    }

    /// A breaker that saw this one after the other.
    fn after(seen: &[Seen]) -> Breaker {
        let mut breaker = Breaker::default();
        for seen in seen {
            breaker.saw(seen, 0, Time(0));
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_stop_calls_and_four_do_not() {
        assert_eq!(after(&vec![failed(); 4]).passage(Time(0)), Passage::Free);
        let breaker = after(&vec![failed(); 5]);
        assert_eq!(breaker.passage(Time(BREAKER_MS_MIN - 1)), Passage::Failing { until: Time(BREAKER_MS_MIN) });
        assert_eq!(breaker.passage(Time(BREAKER_MS_MIN)), Passage::Probe);
    }

    #[test]
    fn an_answer_between_failures_begins_the_count_anew() {
        let [a, b] = [vec![failed(); 4], vec![failed(); 4]];
        assert_eq!(after(&[a, vec![Seen::Fine], b].concat()).passage(Time(0)), Passage::Free);
    }

    #[test]
    fn what_is_wrong_with_a_request_says_nothing_of_the_upstream() {
        assert_eq!(after(&vec![Seen::Other; 50]).passage(Time(0)), Passage::Free);
        assert_eq!(after(&vec![Seen::RateLimited { after_s: None }; 50]).passage(Time(0)), Passage::Free);
        let around = [vec![failed(); 4], vec![Seen::Other], vec![failed(); 1]].concat();
        assert!(matches!(after(&around).passage(Time(0)), Passage::Failing { .. }));
    }

    #[test]
    fn refused_credentials_and_an_empty_purse_stop_calls_at_once_with_that_reason() {
        for fault in [Fault::Unauthorized("no".into()), Fault::OutOfCredit("no".into())] {
            let breaker = after(&[Seen::Refused(fault.clone())]);
            assert_eq!(breaker.passage(Time(0)), Passage::Closed { until: Time(BREAKER_MS_MIN), fault });
        }
    }

    #[test]
    fn one_probe_at_a_time_finds_out_and_a_success_lets_all_through() {
        let mut breaker = after(&vec![failed(); 5]);
        breaker.probed_by(7);
        assert_eq!(breaker.passage(Time(BREAKER_MS_MIN)), Passage::Probing);
        breaker.saw(&Seen::Fine, 6, Time(BREAKER_MS_MIN));
        assert_eq!(breaker.passage(Time(BREAKER_MS_MIN)), Passage::Probing, "what began before says nothing");
        breaker.saw(&Seen::Fine, 7, Time(BREAKER_MS_MIN));
        assert_eq!(breaker.passage(Time(BREAKER_MS_MIN)), Passage::Free);
        assert_eq!(breaker, Breaker::default());
    }

    #[test]
    fn each_probe_that_fails_doubles_the_time_up_to_its_bound_and_after_two_nobody_is_kept_waiting() {
        let mut breaker = after(&vec![failed(); 5]);
        let mut now = Time(0);
        for times in 0..20 {
            let until = match breaker.passage(now) {
                Passage::Failing { until } if times < u64::from(BREAKER_WAITS) => until,
                Passage::Closed { until, .. } if times >= u64::from(BREAKER_WAITS) => until,
                other => panic!("{times}: {other:?}"),
            };
            assert_eq!(until.since(now), (BREAKER_MS_MIN << times.min(16)).min(BREAKER_MS_MAX));
            now = until;
            breaker.probed_by(times);
            breaker.saw(&failed(), times, now);
        }
    }

    #[test]
    fn a_probe_that_found_out_nothing_lets_another_try() {
        let mut breaker = after(&vec![failed(); 5]);
        breaker.probed_by(7);
        breaker.over(7);
        assert_eq!(breaker.passage(Time(BREAKER_MS_MIN)), Passage::Probe);
    }

    #[test]
    fn a_refusal_has_the_upstreams_own_reason_and_says_until_when() {
        let Trouble::Fault { fault } = refusal(Fault::OutOfCredit("empty".into()), Time(10_000)) else { panic!("a fault") };
        assert_eq!(fault, Fault::OutOfCredit("empty; no call is made before 1970-01-01T00:00:10.000Z".into()));
    }
}
