//! Plans: what an account may do. They are configuration; the ones here are what there is unless an operator says
//! otherwise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::limits::{
    CONCURRENT_JOBS_MAX, CREATORS_PER_MONTH_MAX, PLAN_DAYS_MAX, PLAN_NAME_CHARS_MAX, PLAN_SEARCHES_MAX, PLANS_MAX, REQUESTS_PER_MINUTE_MAX,
    TARGET_MAX,
};

/// The plan of a new account where nothing else is configured.
pub const DEFAULT_PLAN: &str = "trial";

/// The plan without a monthly limit, which is what the account of one's own machine has.
pub const UNLIMITED_PLAN: &str = "unlimited";

/// What an account may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// What it is called.
    pub name: String,
    /// Creators that may be delivered in a calendar month of UTC; `None` is as many as there are.
    pub creators_per_month: Option<u32>,
    /// Jobs that may run at the same time, at least 1; others wait in line.
    pub concurrent_jobs: u32,
    /// Creators that one search may ask for, 1 to [`TARGET_MAX`].
    pub target_max: u32,
    /// Requests to the API in a minute, at least 1.
    pub requests_per_minute: u32,
    /// Searches in all that may deliver something; `None` is as many as one likes.
    pub searches: Option<u32>,
    /// Days for which the plan lasts; `None` is without an end.
    pub days: Option<u32>,
}

/// The plans that there are, and which of them a new account has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plans {
    plans: BTreeMap<String, Plan>,
    default: String,
}

impl Default for Plans {
    fn default() -> Self {
        let plan = |name: &str, creators_per_month, concurrent_jobs, target_max, requests_per_minute| Plan {
            name: name.to_owned(),
            creators_per_month,
            concurrent_jobs,
            target_max,
            requests_per_minute,
            searches: None,
            days: None,
        };
        let trial = Plan { searches: Some(3), days: Some(7), ..plan(DEFAULT_PLAN, Some(300), 1, 100, 60) };
        let plans = [
            trial,
            plan("growth", Some(6_000), 3, TARGET_MAX, 120),
            plan("scale", Some(30_000), 5, TARGET_MAX, 300),
            plan("pro", Some(75_000), 10, TARGET_MAX, 600),
            plan(UNLIMITED_PLAN, None, 50, TARGET_MAX, 6_000),
        ];
        Plans { plans: plans.into_iter().map(|plan| (plan.name.clone(), plan)).collect(), default: DEFAULT_PLAN.to_owned() }
    }
}

/// The fields of a plan as configuration writes them: name, whether `null` may stand there, and from where to where
/// the number may go.
const FIELDS: [(&str, bool, u32, u32); 6] = [
    ("creatorsPerMonth", true, 0, CREATORS_PER_MONTH_MAX),
    ("concurrentJobs", false, 1, CONCURRENT_JOBS_MAX),
    ("targetMax", false, 1, TARGET_MAX),
    ("requestsPerMinute", false, 1, REQUESTS_PER_MINUTE_MAX),
    ("searches", true, 0, PLAN_SEARCHES_MAX),
    ("days", true, 1, PLAN_DAYS_MAX),
];

/// How many of [`FIELDS`] a plan of one's own has to say.
const REQUIRED: usize = 4;

impl Plans {
    /// The built-in plans with what an operator changes or adds: an object of plans by name as JSON, where it is not
    /// empty, and the name of the plan of new accounts. A built-in plan keeps what is not named; a new one has to
    /// name everything but `searches` and `days`.
    ///
    /// # Errors
    /// One sentence for each mistake, all at once.
    pub fn read(json: Option<&str>, default: Option<&str>) -> Result<Plans, Vec<String>> {
        let mut plans = Plans::default();
        let mut mistakes = Vec::new();
        if let Some(json) = json.filter(|json| !json.trim().is_empty()) {
            match serde_json::from_str::<Map<String, Value>>(json) {
                Ok(given) => given.into_iter().for_each(|(name, value)| plans.set(&name, &value, &mut mistakes)),
                Err(error) => {
                    mistakes.push(format!("SCOUT_PLANS is no JSON object of plans by name: {error} (line and column of its value)"))
                }
            }
        }
        if plans.plans.len() > PLANS_MAX {
            mistakes.push(format!("SCOUT_PLANS makes {} plans, more than {PLANS_MAX}", plans.plans.len()));
        }
        if let Some(default) = default.filter(|name| !name.is_empty()) {
            match plans.get(default) {
                Some(_) => plans.default = default.to_owned(),
                None => mistakes.push(format!("SCOUT_DEFAULT_PLAN names no plan; there are {}", plans.names().join(", "))),
            }
        }
        if mistakes.is_empty() { Ok(plans) } else { Err(mistakes) }
    }

    /// The plan of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Plan> {
        self.plans.get(name)
    }

    /// The plan of a new account.
    #[must_use]
    pub fn default_plan(&self) -> Plan {
        self.of(&self.default)
    }

    /// The plan without a monthly limit, with what an operator changed of it.
    #[must_use]
    pub fn unlimited(&self) -> Plan {
        self.of(UNLIMITED_PLAN)
    }

    /// The names of all plans, in order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.plans.keys().map(String::as_str).collect()
    }

    /// The plan of a name that is known to be there; the strictest possible one if it is not.
    fn of(&self, name: &str) -> Plan {
        self.get(name).cloned().unwrap_or_else(|| Plan { name: name.to_owned(), ..blank() })
    }

    fn set(&mut self, name: &str, value: &Value, mistakes: &mut Vec<String>) {
        if let Err(mistake) = check_name(name) {
            return mistakes.push(mistake);
        }
        let Some(fields) = value.as_object() else {
            return mistakes.push(format!("SCOUT_PLANS: the plan {name} is no object"));
        };
        let known = self.get(name).cloned();
        for field in fields.keys().filter(|field| FIELDS.iter().all(|(known, ..)| known != field)) {
            let names: Vec<&str> = FIELDS.iter().map(|(name, ..)| *name).collect();
            mistakes.push(format!("SCOUT_PLANS: the plan {name} has the unknown field {field:?}; there are {}", names.join(", ")));
        }
        let mut plan = Plan { name: name.to_owned(), ..known.clone().unwrap_or_else(blank) };
        for (number, (field, may_be_null, least, most)) in FIELDS.into_iter().enumerate() {
            match fields.get(field).map(|value| read_number(value, may_be_null, least, most)) {
                Some(Ok(value)) => plan.set(field, value),
                Some(Err(wanted)) => mistakes.push(format!("SCOUT_PLANS: {field} of the plan {name} must be {wanted}")),
                None if known.is_none() && number < REQUIRED => {
                    mistakes.push(format!("SCOUT_PLANS: the plan {name} does not say {field}, and no built-in plan has its name"));
                }
                None => {}
            }
        }
        self.plans.insert(name.to_owned(), plan);
    }
}

impl Plan {
    fn set(&mut self, field: &str, value: Option<u32>) {
        let number = value.unwrap_or_default();
        match field {
            "creatorsPerMonth" => self.creators_per_month = value,
            "concurrentJobs" => self.concurrent_jobs = number,
            "targetMax" => self.target_max = number,
            "requestsPerMinute" => self.requests_per_minute = number,
            "searches" => self.searches = value,
            _ => self.days = value,
        }
    }
}

/// What a plan of one's own has before anything is said of it.
fn blank() -> Plan {
    Plan {
        name: String::new(),
        creators_per_month: Some(0),
        concurrent_jobs: 1,
        target_max: 1,
        requests_per_minute: 1,
        searches: None,
        days: None,
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match !name.is_empty() && name.len() <= PLAN_NAME_CHARS_MAX && name.bytes().all(plain) {
        true => Ok(()),
        false => {
            let shown: String = name.chars().take(PLAN_NAME_CHARS_MAX).collect();
            let wanted = format!("1 to {PLAN_NAME_CHARS_MAX} of a-z, 0-9 and -");
            Err(format!("SCOUT_PLANS: {shown:?} can't be the name of a plan; a name is {wanted}"))
        }
    }
}

fn read_number(value: &Value, may_be_null: bool, least: u32, most: u32) -> Result<Option<u32>, String> {
    let or_null = if may_be_null { ", or null for no limit" } else { "" };
    match value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| (least..=most).contains(number)) {
        Some(number) => Ok(Some(number)),
        None if may_be_null && value.is_null() => Ok(None),
        None => Err(format!("a whole number from {least} to {most}{or_null}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Plans, Vec<String>> {
        Plans::read(Some(json), None)
    }

    #[test]
    fn the_built_in_plans_allow_what_is_sold() {
        let plans = Plans::default();
        let creators = |name: &str| plans.get(name).unwrap().creators_per_month;
        assert_eq!(["trial", "growth", "scale", "pro"].map(creators), [Some(300), Some(6_000), Some(30_000), Some(75_000)]);
        assert_eq!(creators(UNLIMITED_PLAN), None);
        let trial = plans.default_plan();
        assert_eq!((trial.searches, trial.days, trial.target_max, trial.concurrent_jobs), (Some(3), Some(7), 100, 1));
    }

    #[test]
    fn a_built_in_plan_keeps_what_is_not_named() {
        let plans = read(r#"{"growth": {"creatorsPerMonth": 9000}}"#).unwrap();
        let (changed, before) = (plans.get("growth").unwrap(), Plans::default());
        assert_eq!(changed, &Plan { creators_per_month: Some(9_000), ..before.get("growth").unwrap().clone() });
    }

    #[test]
    fn a_plan_of_ones_own_can_be_what_new_accounts_have() {
        let json = r#"{"team": {"creatorsPerMonth": null, "concurrentJobs": 2, "targetMax": 500, "requestsPerMinute": 90, "days": 30}}"#;
        let team = Plans::read(Some(json), Some("team")).unwrap().default_plan();
        assert_eq!((team.name.as_str(), team.creators_per_month, team.concurrent_jobs), ("team", None, 2));
        assert_eq!((team.target_max, team.requests_per_minute, team.searches, team.days), (500, 90, None, Some(30)));
    }

    #[test]
    fn nothing_configured_is_what_is_built_in() {
        for json in [None, Some(""), Some(" "), Some("{}")] {
            assert_eq!(Plans::read(json, Some("")), Ok(Plans::default()));
        }
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let json = r#"{"Team": {}, "pro": {"days": 0, "creators": 5}, "new": {"creatorsPerMonth": 1, "concurrentJobs": null}, "x": 3}"#;
        let mistakes = Plans::read(Some(json), Some("gold")).unwrap_err();
        let named = |words: &str| assert!(mistakes.iter().any(|mistake| mistake.contains(words)), "{words}: {mistakes:#?}");
        named("\"Team\" can't be the name of a plan");
        named("days of the plan pro must be a whole number from 1");
        named("unknown field \"creators\"");
        named("concurrentJobs of the plan new must be");
        named("the plan new does not say targetMax");
        named("the plan new does not say requestsPerMinute");
        named("the plan x is no object");
        named("SCOUT_DEFAULT_PLAN names no plan");
        assert_eq!(mistakes.len(), 8, "{mistakes:#?}");
    }

    #[test]
    fn what_is_no_object_is_one_mistake() {
        for json in ["[]", "{", "3", "null"] {
            assert_eq!(read(json).unwrap_err().len(), 1, "{json}");
        }
    }

    #[test]
    fn numbers_are_accepted_up_to_their_limits_and_no_further() {
        for (field, _, least, most) in FIELDS {
            let plan = |number: u64| read(&format!(r#"{{"pro": {{"{field}": {number}}}}}"#));
            assert!(plan(least.into()).is_ok() && plan(most.into()).is_ok(), "{field}");
            assert!(plan(u64::from(most) + 1).is_err() && plan(u64::MAX).is_err(), "{field}");
            assert!(least == 0 || plan(u64::from(least) - 1).is_err(), "{field}");
            assert!(read(&format!(r#"{{"pro": {{"{field}": 1.5}}}}"#)).is_err(), "{field}");
        }
    }

    #[test]
    fn names_and_plans_are_accepted_up_to_their_limits_and_no_further() {
        let named = |name: &str| {
            read(&format!(r#"{{"{name}": {{"creatorsPerMonth": 1, "concurrentJobs": 1, "targetMax": 1, "requestsPerMinute": 1}}}}"#))
        };
        assert!(named(&"x".repeat(PLAN_NAME_CHARS_MAX)).is_ok());
        assert!(named(&"x".repeat(PLAN_NAME_CHARS_MAX + 1)).is_err() && named("").is_err());
        let many = |count: usize| {
            let plan = r#"{"creatorsPerMonth": 1, "concurrentJobs": 1, "targetMax": 1, "requestsPerMinute": 1}"#;
            let plans: Vec<String> = (0..count).map(|number| format!(r#""p{number}": {plan}"#)).collect();
            read(&format!("{{{}}}", plans.join(",")))
        };
        let built_in = Plans::default().names().len();
        assert!(many(PLANS_MAX - built_in).is_ok());
        assert!(many(PLANS_MAX - built_in + 1).is_err());
    }
}
