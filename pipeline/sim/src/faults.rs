//! What can go wrong in a world, and how often: plain data. Each seed draws its own rates, some of them none, so
//! that calm and wild worlds are both covered.

use serde::{Deserialize, Serialize};

use crate::chance::Chance;
use crate::coverage::{Coverage, Section};

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $field:ident, $Kind:ident, $rate:literal;)+) => {
        /// One kind of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FaultKind { $($(#[doc = $doc])+ $Kind,)+ }

        impl FaultKind {
            /// Every kind.
            pub const ALL: &'static [FaultKind] = &[$(FaultKind::$Kind,)+];

            /// Its name, as rates and the command line write it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(FaultKind::$Kind => stringify!($field),)+ }
            }
        }

        /// How often each kind of fault strikes, in a thousand times that it could.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Rates { $($(#[doc = $doc])+ pub $field: u16,)+ }

        impl Rates {
            /// Nothing goes wrong.
            #[must_use]
            pub fn none() -> Self {
                Rates { $($field: 0,)+ }
            }

            /// What an ordinary bad day looks like.
            #[must_use]
            pub fn typical() -> Self {
                Rates { $($field: $rate,)+ }
            }

            /// The rate of a kind.
            #[must_use]
            pub fn of(&self, kind: FaultKind) -> u16 {
                match kind { $(FaultKind::$Kind => self.$field,)+ }
            }

            /// Sets the rate of a kind.
            pub fn set(&mut self, kind: FaultKind, rate: u16) {
                match kind { $(FaultKind::$Kind => self.$field = rate,)+ }
            }
        }
    };
}

faults! {
    /// A sent message never arrives.
    message_lost, MessageLost, 40;
    /// A sent message arrives twice.
    message_duplicated, MessageDuplicated, 60;
    /// A sent message arrives seconds or minutes late.
    message_delayed, MessageDelayed, 60;
    /// A sent message is overtaken by later ones.
    message_reordered, MessageReordered, 150;
    /// A dead letter is handled minutes late.
    dead_letter_late, DeadLetterLate, 200;
    /// A dead letter is handled twice.
    dead_letter_twice, DeadLetterTwice, 200;
    /// The object dies before it has taken an event in.
    object_dies_before, ObjectDiesBefore, 15;
    /// The object dies between two effects of an event: rows are kept, what follows is lost.
    object_dies_between, ObjectDiesBetween, 20;
    /// The object is evicted between two events and put together again from its rows.
    object_evicted, ObjectEvicted, 80;
    /// The object comes up on a machine whose clock is behind.
    clock_behind, ClockBehind, 200;
    /// An alarm rings seconds, minutes or hours late.
    alarm_late, AlarmLate, 60;
    /// An alarm rings before its time, and again at its time.
    alarm_early, AlarmEarly, 40;
    /// An alarm rings twice.
    alarm_twice, AlarmTwice, 60;
    /// A dispatch reaches the job's object twice.
    dispatch_twice, DispatchTwice, 150;
    /// The answer to a dispatch is lost, so that it is made again.
    dispatch_answer_lost, DispatchAnswerLost, 150;
    /// The runtime itself is started again: consumers and messages are gone, and every job is told so.
    restart, Restart, 60;
    /// A charge never reaches the account.
    charge_lost, ChargeLost, 100;
    /// A charge reaches the account twice.
    charge_duplicated, ChargeDuplicated, 100;
    /// A charge reaches the account late, after others that were sent after it.
    charge_delayed, ChargeDelayed, 100;
    /// The account's acknowledgement is lost.
    ack_lost, AckLost, 100;
    /// The account's object dies before an event is written down, or between two effects of it.
    account_dies, AccountDies, 40;
    /// The answer to a reservation is lost, so that it is made again.
    reservation_answer_lost, ReservationAnswerLost, 100;
    /// What an account and a job say to each other about turns is lost.
    turn_lost, TurnLost, 100;
    /// The operator puts an account on another plan.
    plan_changed, PlanChanged, 200;
    /// The planner never answers.
    plan_lost, PlanLost, 150;
    /// The planner answers after its time.
    plan_late, PlanLate, 150;
    /// The planner's answer comes twice.
    plan_twice, PlanTwice, 150;
    /// The planner has fewer keywords than were wanted, or none.
    plan_short, PlanShort, 200;
    /// The planner has more keywords than were wanted.
    plan_long, PlanLong, 200;
    /// The planner repeats keywords, its own and those searched already.
    plan_twins, PlanTwins, 200;
    /// A consumer dies with its whole batch.
    consumer_dies, ConsumerDies, 15;
    /// A consumer stands still until after its lease, and goes on as if nothing had happened.
    consumer_pauses, ConsumerPauses, 15;
    /// A report never reaches the job.
    report_lost, ReportLost, 20;
    /// A report reaches the job twice.
    report_twice, ReportTwice, 30;
    /// A report reaches the job late.
    report_late, ReportLate, 20;
    /// The job's reply never reaches the consumer.
    reply_lost, ReplyLost, 20;
    /// The platform answers slowly.
    slow, Slow, 60;
    /// The platform allows no more calls, and does not say for how long.
    rate_limited, RateLimited, 30;
    /// The platform allows no more calls, and says for how long.
    rate_limited_seconds, RateLimitedSeconds, 30;
    /// The platform is not working.
    unavailable, Unavailable, 40;
    /// The platform refuses the credentials.
    unauthorized, Unauthorized, 3;
    /// No credit is left.
    out_of_credit, OutOfCredit, 3;
    /// The platform refuses the request.
    blocked, Blocked, 10;
    /// The answer has an unknown shape.
    malformed, Malformed, 10;
    /// The platform knows nothing of what was asked for.
    not_found, NotFound, 10;
    /// The platform can't do what was asked.
    unsupported, Unsupported, 6;
    /// Something without a name.
    other, Other, 6;
    /// No answer within the time.
    no_answer, NoAnswer, 30;
    /// The connection breaks.
    connection, Connection, 20;
    /// The answer is too long.
    too_long, TooLong, 6;
    /// The adapter breaks on reading an answer.
    adapter_breaks, AdapterBreaks, 8;
    /// The adapter breaks on planning a request.
    adapter_breaks_planning, AdapterBreaksPlanning, 4;
    /// The adapter plans a request that no host would send.
    adapter_strays, AdapterStrays, 3;
    /// The secret is not set where the consumer runs.
    secret_missing, SecretMissing, 2;
    /// The adapter is not installed any more where the consumer runs.
    adapter_missing, AdapterMissing, 2;
    /// One profile of an answer could not be read.
    profile_fails, ProfileFails, 60;
    /// An answer leaves one creator out.
    profile_unmentioned, ProfileUnmentioned, 20;
    /// An answer speaks of somebody that nobody asked about.
    profile_foreign, ProfileForeign, 30;
}

impl Rates {
    /// The rates of one world: a fifth of the kinds to half of them off, the others scaled, one world in twenty
    /// entirely calm.
    #[must_use]
    pub fn swarm(chance: &mut Chance) -> Self {
        let mut rates = Rates::none();
        if chance.hits(50) {
            return rates;
        }
        let off = *chance.pick(&[200, 350, 500]);
        let wild = *chance.pick(&[1, 1, 1, 2, 4]);
        for kind in FaultKind::ALL {
            if !chance.hits(off) {
                let (times, parts) = *chance.pick(&[(1, 3), (1, 1), (1, 1), (2, 1), (5, 1)]);
                rates.set(*kind, (Rates::typical().of(*kind) * times * wild / parts).clamp(1, 700));
            }
        }
        rates
    }
}

/// Draws faults, and counts those that strike.
#[derive(Debug)]
pub struct Injector {
    rates: Rates,
    streams: Vec<Chance>,
    healed: bool,
}

impl Injector {
    /// The faults of a seed.
    #[must_use]
    pub fn new(seed: u64, rates: Rates) -> Self {
        let streams = FaultKind::ALL.iter().map(|kind| Chance::new(seed, 0x1000 + *kind as u64)).collect();
        Injector { rates, streams, healed: false }
    }

    /// Whether a fault of this kind strikes now.
    pub fn hits(&mut self, kind: FaultKind, coverage: &mut Coverage) -> bool {
        let hit = !self.healed && self.streams[kind as usize].hits(self.rates.of(kind));
        if hit {
            coverage.count(Section::Fault, kind as usize);
        }
        hit
    }

    /// A number of how bad it is, from the kind's own stream.
    pub fn between(&mut self, kind: FaultKind, first: u64, last: u64) -> u64 {
        self.streams[kind as usize].between(first, last)
    }

    /// From now on nothing goes wrong.
    pub fn heal(&mut self) {
        self.healed = true;
    }

    /// Whether nothing goes wrong any more.
    #[must_use]
    pub fn healed(&self) -> bool {
        self.healed
    }

    /// The rates in force before the world was healed.
    #[must_use]
    pub fn rates(&self) -> &Rates {
        &self.rates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_plain_data_that_refuse_what_they_do_not_know() {
        let text = serde_json::to_string(&Rates::typical()).unwrap();
        assert_eq!(serde_json::from_str::<Rates>(&text).unwrap(), Rates::typical());
        assert!(serde_json::from_str::<Rates>(&text.replace("message_lost", "message_lots")).is_err());
    }

    #[test]
    fn every_kind_has_a_rate_of_its_own() {
        for kind in FaultKind::ALL {
            let mut rates = Rates::none();
            rates.set(*kind, 7);
            assert_eq!(FaultKind::ALL.iter().map(|kind| rates.of(*kind)).sum::<u16>(), 7, "{}", kind.name());
        }
    }

    #[test]
    fn a_healed_world_has_no_faults() {
        let mut rates = Rates::none();
        rates.set(FaultKind::MessageLost, 1_000);
        let (mut injector, mut coverage) = (Injector::new(1, rates), Coverage::default());
        assert!(injector.hits(FaultKind::MessageLost, &mut coverage));
        injector.heal();
        assert!(!injector.hits(FaultKind::MessageLost, &mut coverage));
        assert_eq!(coverage.of(Section::Fault, FaultKind::MessageLost as usize), 1);
    }
}
