//! What the server has seen, for tests that want to know how often and how concurrently it was called.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

use crate::faults::Fault;

/// The endpoint at which tokens are asked for.
pub(crate) const TOKEN: &str = "token";

/// What was seen since the start or the last reset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Calls of all platforms.
    pub calls: u64,
    /// Calls that are being answered now.
    pub in_flight: u64,
    /// The most calls that were ever being answered at once.
    pub in_flight_max: u64,
    /// Calls that repeat an earlier one exactly. Asking for a token never counts as one.
    pub duplicates: u64,
    /// Calls that repeat one exactly that had been answered as it should be; a thrifty client makes none.
    pub duplicates_after_success: u64,
    /// Calls that repeat one exactly before the time was over that its refusal said to wait.
    pub too_early: u64,
    /// Visits to the host that redirects lead to.
    pub elsewhere: u64,
    /// How often each fault was made to happen, by its name on the command line.
    pub faults: BTreeMap<String, u64>,
    /// The same for each platform that was called, by its name.
    pub platforms: BTreeMap<String, PlatformCounters>,
}

/// What was seen of one platform.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformCounters {
    /// Calls that are being answered now.
    pub in_flight: u64,
    /// The most calls that were ever being answered at once.
    pub in_flight_max: u64,
    /// Calls by what they ask for: `search`, `profiles`, `credit`, `token` or `unknown`, and `chat` of the language model.
    pub endpoints: BTreeMap<String, u64>,
    /// Answers by their HTTP status.
    pub statuses: BTreeMap<u16, u64>,
}

/// One call, as it came and was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The platform.
    pub platform: &'static str,
    /// What was asked for: `search`, `profiles`, `credit`, `token` or `unknown`, and `chat` of the language model.
    pub endpoint: &'static str,
    /// Query parameters in order, decoded.
    pub query: Vec<(String, String)>,
    /// The status of the answer; `None` as long as there is none.
    pub status: Option<u16>,
    /// What went wrong, if anything did.
    pub fault: Option<Fault>,
}

impl Served {
    /// Whether the answer was right, though perhaps slow.
    pub fn is_right(&self) -> bool {
        self.status == Some(200) && matches!(self.fault, None | Some(Fault::Slow))
    }
}

/// How many calls are remembered one by one: enough for any test, and bounded for demos that run for days.
const SERVED_MAX: usize = 100_000;

/// What was seen of one exact request.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    times: u32,
    answered: bool,
    /// When it may come again, where a refusal said so.
    welcome: Option<Instant>,
}

#[derive(Debug, Default)]
struct Books {
    counters: Counters,
    seen: HashMap<u64, Seen>,
    served: VecDeque<Served>,
    /// How many calls were remembered before the first that still is. A reset does not set it back, so that a
    /// visit from before it never writes over a call from after it.
    forgotten: u64,
}

impl Books {
    fn remember(&mut self, call: Served) -> u64 {
        if self.served.len() == SERVED_MAX {
            self.served.pop_front();
            self.forgotten += 1;
        }
        self.served.push_back(call);
        self.forgotten + self.served.len() as u64 - 1
    }

    fn call(&mut self, number: u64) -> Option<&mut Served> {
        let place = number.checked_sub(self.forgotten)?;
        self.served.get_mut(usize::try_from(place).ok()?)
    }
}

/// The counters as the server keeps them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    books: Arc<Mutex<Books>>,
}

impl Ledger {
    /// What was seen so far.
    pub(crate) fn counters(&self) -> Counters {
        self.lock().counters.clone()
    }

    /// The latest calls in the order in which they came.
    pub(crate) fn served(&self) -> Vec<Served> {
        self.lock().served.iter().cloned().collect()
    }

    /// Notes that somebody followed a redirect.
    pub(crate) fn arrive_elsewhere(&self) {
        self.lock().counters.elsewhere += 1;
    }

    /// Forgets what was seen, except what is still in flight.
    pub(crate) fn reset(&self) {
        let mut books = self.lock();
        let in_flight = books.counters.in_flight;
        let platforms = books.counters.platforms.iter().map(|(name, platform)| {
            let kept = PlatformCounters { in_flight: platform.in_flight, in_flight_max: platform.in_flight, ..Default::default() };
            (name.clone(), kept)
        });
        let platforms = platforms.filter(|(_, platform)| platform.in_flight > 0).collect();
        let counters = Counters { in_flight, in_flight_max: in_flight, platforms, ..Default::default() };
        let forgotten = books.forgotten + books.served.len() as u64;
        *books = Books { counters, forgotten, ..Default::default() };
    }

    /// Notes that a call came in. The request is known by a number that follows from all of it.
    pub(crate) fn enter(&self, platform: &'static str, endpoint: &'static str, query: Vec<(String, String)>, request: u64) -> Visit {
        let mut books = self.lock();
        let number = books.remember(Served { platform, endpoint, query, status: None, fault: None });
        let seen = books.seen.entry(request).or_default();
        let (repeat, answered, early) = (seen.times, seen.answered, seen.welcome.is_some_and(|welcome| Instant::now() < welcome));
        seen.times += 1;
        let counters = &mut books.counters;
        counters.calls += 1;
        // A token is asked for again by everybody who needs one.
        let again = endpoint != TOKEN;
        counters.duplicates += u64::from(again && repeat > 0);
        counters.duplicates_after_success += u64::from(again && answered);
        counters.too_early += u64::from(early);
        rise(&mut counters.in_flight, &mut counters.in_flight_max);
        let of_platform = counters.platforms.entry(platform.to_owned()).or_default();
        rise(&mut of_platform.in_flight, &mut of_platform.in_flight_max);
        *of_platform.endpoints.entry(endpoint.to_owned()).or_default() += 1;
        Visit { ledger: self.clone(), platform, request, number, repeat }
    }

    fn lock(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rise(now: &mut u64, max: &mut u64) {
    *now += 1;
    *max = (*max).max(*now);
}

/// One call that is being answered; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Visit {
    ledger: Ledger,
    platform: &'static str,
    request: u64,
    number: u64,
    /// How often the same request came before.
    pub(crate) repeat: u32,
}

impl Visit {
    /// Notes what the call is answered with; no status where there is no answer.
    pub(crate) fn note(&self, status: Option<u16>, fault: Option<Fault>) {
        let mut books = self.ledger.lock();
        if let Some(fault) = fault {
            *books.counters.faults.entry(fault.name()).or_default() += 1;
        }
        if let Some(status) = status {
            let of_platform = books.counters.platforms.entry(self.platform.to_owned()).or_default();
            *of_platform.statuses.entry(status).or_default() += 1;
        }
        // A slow answer is right in the end; whether it was waited for can't be known here.
        let right = status == Some(200) && matches!(fault, None | Some(Fault::Slow));
        books.seen.entry(self.request).or_default().answered |= right;
        if let Some(call) = books.call(self.number) {
            (call.status, call.fault) = (status, fault);
        }
    }

    /// Notes that the same request is not to come again for so long.
    pub(crate) fn ask_to_wait(&self, time: Duration) {
        self.ledger.lock().seen.entry(self.request).or_default().welcome = Some(Instant::now() + time);
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut books = self.ledger.lock();
        let counters = &mut books.counters;
        counters.in_flight = counters.in_flight.saturating_sub(1);
        if let Some(of_platform) = counters.platforms.get_mut(self.platform) {
            of_platform.in_flight = of_platform.in_flight.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_at_once_is_kept_after_they_are_gone() {
        let ledger = Ledger::default();
        let first = ledger.enter("bluesky", "search", Vec::new(), 1);
        let second = ledger.enter("tiktok", "search", Vec::new(), 2);
        drop((first, second));
        drop(ledger.enter("bluesky", "search", Vec::new(), 3));
        let counters = ledger.counters();
        assert_eq!((counters.in_flight, counters.in_flight_max, counters.calls), (0, 2, 3));
        assert_eq!(counters.platforms["bluesky"].in_flight_max, 1);
    }

    #[test]
    fn a_repeat_after_an_error_is_a_duplicate_but_not_one_after_success() {
        let ledger = Ledger::default();
        ledger.enter("bluesky", "search", Vec::new(), 1).note(Some(503), Some(Fault::Unavailable));
        ledger.enter("bluesky", "search", Vec::new(), 1).note(Some(200), None);
        assert_eq!((ledger.counters().duplicates, ledger.counters().duplicates_after_success), (1, 0));
        ledger.enter("bluesky", "search", Vec::new(), 1).note(Some(200), None);
        assert_eq!((ledger.counters().duplicates, ledger.counters().duplicates_after_success), (2, 1));
    }

    #[test]
    fn asking_for_a_token_again_repeats_nothing() {
        let ledger = Ledger::default();
        for _ in 0..3 {
            ledger.enter("twitch", TOKEN, Vec::new(), 1).note(Some(200), None);
        }
        let counters = ledger.counters();
        assert_eq!((counters.calls, counters.duplicates, counters.duplicates_after_success), (3, 0, 0));
    }

    #[test]
    fn a_reset_forgets_everything_but_what_is_in_flight() {
        let ledger = Ledger::default();
        let open = ledger.enter("bluesky", "search", Vec::new(), 1);
        ledger.enter("tiktok", "search", Vec::new(), 2).note(Some(200), None);
        ledger.reset();
        let counters = ledger.counters();
        assert_eq!((counters.calls, counters.in_flight, counters.in_flight_max), (0, 1, 1));
        assert!(!counters.platforms.contains_key("tiktok"));
        drop(open);
        assert_eq!(ledger.counters().in_flight, 0);
        assert_eq!(ledger.enter("tiktok", "search", Vec::new(), 2).repeat, 0);
    }
}
