//! What an upstream allows: as its operator says, and else as its adapter does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Upstream;
use super::bucket::Pour;
use crate::contract::{Manifest, Origin};
use crate::drive::Installed;
use crate::limits::{UPSTREAM_CONCURRENT_DEFAULT, UPSTREAM_CONCURRENT_MAX, UPSTREAM_RATE_MAX};
use crate::outbound::base_url;

/// The name under which a manifest's `extra` says how many searches a day the platform allows: a whole number.
pub const DAILY_SEARCHES: &str = "daily-searches";

/// Minutes of a day.
const DAY_MIN: u16 = 24 * 60;

/// What an upstream allows. What nobody said is not limited, but for calls at the same time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rates {
    /// Thousandths of a call a second.
    pub per_second_milli: Option<u32>,
    /// Calls at the same time.
    pub concurrent: Option<u32>,
    /// Calls a day.
    pub daily: Option<u32>,
    /// Searches in any minute.
    pub searches_per_minute: Option<u32>,
    /// Searches a day.
    pub daily_searches: Option<u32>,
    /// When days begin, in minutes after midnight in UTC.
    pub resets_min: Option<u16>,
}

impl Rates {
    /// Reads what an operator says, such as `per_second=10 concurrent=20 daily=10000 daily_searches=100`, in any order:
    ///
    /// | word | is |
    /// |---|---|
    /// | `per_second` | calls a second, with up to three decimals |
    /// | `concurrent` | calls at the same time; 50 unless it is said |
    /// | `daily` | calls a day |
    /// | `searches_per_minute` | searches in any minute |
    /// | `daily_searches` | searches a day |
    /// | `resets` | when a day begins in UTC, as `HH:MM`; `00:00` unless it is said. A platform whose days begin at midnight in California wants `08:00`, which is right in winter and an hour late in summer |
    ///
    /// # Errors
    /// One sentence for each word that can't be used.
    pub fn parse(text: &str) -> Result<Rates, Vec<String>> {
        let mut rates = Rates::default();
        let mut wrong = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for word in text.split_whitespace() {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            if seen.contains(&name) {
                wrong.push(format!("{name} is said twice"));
            }
            seen.push(name);
            wrong.extend(rates.set(name, value).err());
        }
        if wrong.is_empty() { Ok(rates) } else { Err(wrong) }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "per_second" => self.per_second_milli = Some(milli(value).ok_or_else(|| per_second_is(value))?),
            "concurrent" => self.concurrent = Some(whole(name, value, UPSTREAM_CONCURRENT_MAX)?),
            "daily" => self.daily = Some(whole(name, value, u32::MAX)?),
            "searches_per_minute" => self.searches_per_minute = Some(whole(name, value, UPSTREAM_RATE_MAX)?),
            "daily_searches" => self.daily_searches = Some(whole(name, value, u32::MAX)?),
            "resets" => {
                self.resets_min = Some(minutes(value).ok_or_else(|| format!("resets is {value:?}; it must be a time such as 08:00"))?)
            }
            _ => {
                let known = "per_second, concurrent, daily, searches_per_minute, daily_searches and resets";
                return Err(format!("{name:?} is unknown; there are {known}"));
            }
        }
        Ok(())
    }

    /// What an adapter says of its platform. Its calls a minute are searches: a platform that counts them counts those.
    #[must_use]
    pub fn of_manifest(manifest: &Manifest) -> Rates {
        let daily = manifest.extra.iter().find(|(name, _)| name == DAILY_SEARCHES).and_then(|(_, value)| value.parse().ok());
        Rates { searches_per_minute: manifest.hints.calls_per_minute, daily_searches: daily, ..Rates::default() }
    }

    /// These, and `other` where these say nothing.
    #[must_use]
    pub fn or(self, other: Rates) -> Rates {
        Rates {
            per_second_milli: self.per_second_milli.or(other.per_second_milli),
            concurrent: self.concurrent.or(other.concurrent),
            daily: self.daily.or(other.daily),
            searches_per_minute: self.searches_per_minute.or(other.searches_per_minute),
            daily_searches: self.daily_searches.or(other.daily_searches),
            resets_min: self.resets_min.or(other.resets_min),
        }
    }

    /// The lesser of both in everything.
    #[must_use]
    fn strictest(&self, other: &Rates) -> Rates {
        fn least<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
            a.into_iter().chain(b).min()
        }
        Rates {
            per_second_milli: least(self.per_second_milli, other.per_second_milli),
            concurrent: least(self.concurrent, other.concurrent),
            daily: least(self.daily, other.daily),
            searches_per_minute: least(self.searches_per_minute, other.searches_per_minute),
            daily_searches: least(self.daily_searches, other.daily_searches),
            // Which day is the stricter can't be said; one of them must hold for all who share the upstream.
            resets_min: self.resets_min.max(other.resets_min),
        }
    }

    /// Calls at the same time.
    #[must_use]
    pub fn slots(&self) -> u32 {
        self.concurrent.unwrap_or(UPSTREAM_CONCURRENT_DEFAULT).max(1)
    }

    pub(super) fn calls(&self) -> Option<Pour> {
        self.per_second_milli.map(Pour::a_second)
    }

    pub(super) fn searches(&self) -> Option<Pour> {
        self.searches_per_minute.map(Pour::a_minute)
    }

    pub(super) fn resets(&self) -> u16 {
        self.resets_min.unwrap_or(0) % DAY_MIN
    }
}

/// The variable in which an operator says what the upstream of an origin allows.
#[must_use]
pub fn budget_variable(platform: &str, origin: &str) -> String {
    format!("SCOUT_BUDGET_{platform}_{origin}").to_ascii_uppercase().replace('-', "_")
}

/// What the upstream of each origin allows: what an operator says of it, and else the adapter, which says nothing of a
/// fake platform. `variable` gives a variable's value.
///
/// # Errors
/// One sentence for each mistake, with the variable that it is in.
pub fn rates_in_force(
    manifest: &Manifest,
    is_fake: bool,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, Rates>, Vec<String>> {
    let own = if is_fake { Rates::default() } else { Rates::of_manifest(manifest) };
    let mut rates = BTreeMap::new();
    let mut wrong = Vec::new();
    for origin in &manifest.origins {
        let name = budget_variable(&manifest.platform, &origin.name);
        match Rates::parse(&variable(&name).unwrap_or_default()) {
            Ok(said) => drop(rates.insert(origin.name.clone(), said.or(own.clone()))),
            Err(mistakes) => wrong.extend(mistakes.into_iter().map(|mistake| format!("{name}: {mistake}"))),
        }
    }
    if wrong.is_empty() { Ok(rates) } else { Err(wrong) }
}

/// The upstream behind each origin of an adapter, by the origin's name.
#[must_use]
pub fn upstreams<A>(Installed { manifest, setup, .. }: &Installed<A>) -> Vec<(String, Upstream)> {
    let upstream = |origin: &Origin| {
        let base_url = base_url(origin, setup)?;
        let rates = setup.rates.get(&origin.name).cloned().unwrap_or_else(|| Rates::of_manifest(manifest));
        Some((origin.name.clone(), Upstream { base_url, rates }))
    };
    manifest.origins.iter().filter_map(upstream).collect()
}

/// Makes adapters that share an upstream share what it allows: the least that one of them says holds for all.
pub fn share<A>(adapters: &mut [Installed<A>]) {
    let mut least: BTreeMap<String, Rates> = BTreeMap::new();
    for (_, Upstream { base_url, rates }) in adapters.iter().flat_map(upstreams) {
        let shared = least.entry(base_url).or_default();
        *shared = shared.strictest(&rates);
    }
    for Installed { manifest, setup, .. } in adapters.iter_mut() {
        for origin in &manifest.origins {
            if let Some(rates) = base_url(origin, setup).and_then(|url| least.get(&url)) {
                setup.rates.insert(origin.name.clone(), rates.clone());
            }
        }
    }
}

fn whole(name: &str, value: &str, most: u32) -> Result<u32, String> {
    match value.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(format!("{name} is {value:?}; it must be a whole number from 1 to {most}")),
    }
}

/// A number of calls with up to three decimals, in thousandths.
fn milli(value: &str) -> Option<u32> {
    let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 {
        return None;
    }
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= UPSTREAM_RATE_MAX)?;
    let part: u32 = format!("{part:0<3}").parse().ok()?;
    Some(whole * 1_000 + part).filter(|milli| *milli > 0)
}

fn per_second_is(value: &str) -> String {
    format!("per_second is {value:?}; it must be a number from 0.001 to {UPSTREAM_RATE_MAX} with up to three decimals")
}

fn minutes(value: &str) -> Option<u16> {
    let (hours, minutes) = value.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2)?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Auth, Enrichment, Hints};
    use crate::outbound::Setup;

    #[test]
    fn an_operators_words_are_read_in_any_order() {
        let rates =
            Rates::parse(" daily=10000 per_second=0.5  concurrent=20 resets=08:00 daily_searches=100 searches_per_minute=30").unwrap();
        let expected = Rates {
            per_second_milli: Some(500),
            concurrent: Some(20),
            daily: Some(10_000),
            searches_per_minute: Some(30),
            daily_searches: Some(100),
            resets_min: Some(480),
        };
        assert_eq!(rates, expected);
        assert_eq!(Rates::parse(""), Ok(Rates::default()));
    }

    #[test]
    fn every_word_that_can_not_be_used_is_named() {
        let wrong = Rates::parse("per_second=0 concurrent=x daily=-1 hourly=3 resets=24:00 daily=7").unwrap_err();
        assert_eq!(wrong.len(), 6, "{wrong:?}");
        for (sentence, word) in wrong.iter().zip(["per_second", "concurrent", "daily", "hourly", "resets", "daily is said twice"]) {
            assert!(sentence.contains(word), "{sentence}");
        }
    }

    #[test]
    fn numbers_are_taken_up_to_their_bounds() {
        for (word, fits) in [
            (format!("concurrent={UPSTREAM_CONCURRENT_MAX}"), true),
            (format!("concurrent={}", UPSTREAM_CONCURRENT_MAX + 1), false),
            ("concurrent=0".into(), false),
            (format!("per_second={UPSTREAM_RATE_MAX}"), true),
            (format!("per_second={}", UPSTREAM_RATE_MAX + 1), false),
            ("per_second=0.001".into(), true),
            ("per_second=0.0001".into(), false),
            ("per_second=1.".into(), false),
            (format!("searches_per_minute={UPSTREAM_RATE_MAX}"), true),
            (format!("searches_per_minute={}", UPSTREAM_RATE_MAX + 1), false),
            ("resets=23:59".into(), true),
            ("resets=8:00".into(), false),
        ] {
            assert_eq!(Rates::parse(&word).is_ok(), fits, "{word}");
        }
    }

    #[test]
    fn what_the_operator_does_not_say_the_adapter_does() {
        let adapter = Rates { searches_per_minute: Some(10), daily_searches: Some(100), ..Rates::default() };
        let both = Rates::parse("daily_searches=500 concurrent=5").unwrap().or(adapter);
        assert_eq!((both.searches_per_minute, both.daily_searches, both.slots()), (Some(10), Some(500), 5));
        assert_eq!(Rates::default().slots(), UPSTREAM_CONCURRENT_DEFAULT);
    }

    fn sample(platform: &str, calls_per_minute: u32) -> Installed<()> {
        let origin = Origin { name: "main-api".into(), base_url: "https://api.sample.test".into(), auth: Auth::None };
        let manifest = Manifest {
            platform: platform.into(),
            label: "Sample".into(),
            version: "1.0.0".into(),
            origins: vec![origin],
            enrichment: Enrichment::None,
            hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: Some(calls_per_minute) },
            reports_views: false,
            settings: vec![],
            extra: vec![(DAILY_SEARCHES.into(), "100".into())],
        };
        Installed { adapter: (), manifest, setup: Setup::default() }
    }

    #[test]
    fn an_adapters_own_rates_hold_for_the_real_platform_and_an_operators_for_any() {
        let manifest = sample("sample-two", 10).manifest;
        let says = |name: &str| (name == "SCOUT_BUDGET_SAMPLE_TWO_MAIN_API").then(|| "concurrent=3".to_owned());
        let real = rates_in_force(&manifest, false, says).unwrap().remove("main-api").unwrap();
        assert_eq!((real.concurrent, real.searches_per_minute, real.daily_searches), (Some(3), Some(10), Some(100)));
        let fake = rates_in_force(&manifest, true, says).unwrap().remove("main-api").unwrap();
        assert_eq!(fake, Rates { concurrent: Some(3), ..Rates::default() });
    }

    #[test]
    fn a_mistake_is_told_with_the_variable_that_it_is_in() {
        let wrong = rates_in_force(&sample("sample", 10).manifest, true, |_| Some("concurrent=0 x=1".into())).unwrap_err();
        assert_eq!(wrong.len(), 2);
        assert!(wrong.iter().all(|sentence| sentence.starts_with("SCOUT_BUDGET_SAMPLE_MAIN_API: ")), "{wrong:?}");
    }

    #[test]
    fn adapters_of_one_upstream_share_what_it_allows_and_others_keep_their_own() {
        let mut fake = sample("c", 1);
        fake.setup = Setup::fake(&fake.manifest, "http://127.0.0.1:1").unwrap();
        let mut adapters = [sample("a", 10), sample("b", 20), fake];
        share(&mut adapters);
        let searches = adapters.each_ref().map(|installed| upstreams(installed)[0].1.rates.searches_per_minute);
        assert_eq!(searches, [Some(10), Some(10), None]);
    }

    #[test]
    fn who_shares_an_upstream_keeps_to_the_least_that_is_said_of_it() {
        let [fast, slow] = ["per_second=9 daily=50", "per_second=2"].map(|text| Rates::parse(text).unwrap());
        let both = fast.strictest(&slow);
        assert_eq!((both.per_second_milli, both.daily), (Some(2_000), Some(50)));
    }
}
