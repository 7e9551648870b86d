//! What an operator sets, read and checked once for each isolate.
//!
//! | variable | what |
//! |---|---|
//! | `SCOUT_ENV` | `local` on one's own machine, where the token `local` is an account; anything else is a deployment |
//! | `SCOUT_JWKS_URL`, or the secret `SCOUT_JWT_SECRET` | by what tokens are checked: public keys (RS256, ES256, EdDSA), or a secret (HS256) |
//! | `SCOUT_JWT_ISSUER`, `SCOUT_JWT_AUDIENCE` | what tokens must say; needed with either of the two |
//! | `SCOUT_JWT_TOLERANCE_S` | how far clocks may differ, in seconds, 0 to 300; 60 unless it is set |
//! | the secret `SCOUT_OPERATOR_TOKEN` | the operator's bearer token, of 32 characters or more; without it there is no operator |
//! | `SCOUT_UPSTREAM` | a server of fake platforms that all adapters talk to |
//! | `SCOUT_BASE_URL_<PLATFORM>_<ORIGIN>` | a base URL in place of the manifest's |
//! | `SCOUT_TOKEN_BASE_URL_<PLATFORM>_<ORIGIN>` | scheme, host and beginning of the path of where the origin's token is asked for |
//! | `SCOUT_SETTING_<PLATFORM>_<SETTING>` | a setting of an adapter |
//! | `SCOUT_BUDGET_<PLATFORM>_<ORIGIN>` | what the origin's upstream allows, such as `per_second=10 concurrent=20 daily=10000`; `Rates::parse` of the rules lists the words |
//! | `SCOUT_CACHE_PAGES_S`, `SCOUT_CACHE_PROFILES_S` | how long pages (900) and profiles (86400) are given again, in seconds; 0 keeps none |
//! | `SCOUT_EXPANDER` | who plans further keywords: `off`, `rules` (unless it is set), `openai` or `workers-ai` |
//! | `SCOUT_OPENAI_BASE_URL`, `SCOUT_OPENAI_MODEL` and the secret `SCOUT_OPENAI_KEY` | what `openai` asks |
//! | `SCOUT_WORKERS_AI_MODEL` | another model than the usual one for `workers-ai` |
//! | `SCOUT_EXPANDER_MS` | how long either may take, in milliseconds, at most 9500 |
//! | `SCOUT_PLANS` | plans by name as JSON, over the built-in ones or besides them |
//! | `SCOUT_DEFAULT_PLAN` | the plan of a new account; `trial` unless it is set |
//! | `SCOUT_FAULTS` | what goes wrong on purpose, for tests (`faults.rs`) |
//!
//! A deployment in which nobody could sign in serves nobody. Secrets of platforms go by the names that manifests give them. In a variable's name, letters are capitals and `-` is `_`.

mod access;

use std::cell::OnceCell;
use std::rc::Rc;

use scout_pipeline::account::{Plan, Plans};
use scout_pipeline::auth::LOCAL;
use scout_pipeline::cache::Lives;
use scout_pipeline::contract::Manifest;
use scout_pipeline::limits::CACHE_S_MAX;
use scout_pipeline::outbound::{BaseUrl, OutboundError, Secrets, Setup, secret_names};
use worker::{Env, console_error};

use crate::expander::{self, Expander};
use crate::faults::Faults;

pub(crate) use access::{Access, Issuer, Source};

/// What an operator set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// Who may come in.
    pub(crate) access: Access,
    /// The server of fake platforms, if any.
    pub(crate) upstream: Option<BaseUrl>,
    /// Who plans further keywords.
    pub(crate) expander: Expander,
    /// The plans that there are.
    pub(crate) plans: Plans,
    /// How long what was read is given again.
    pub(crate) lives: Lives,
    /// What goes wrong on purpose.
    pub(crate) faults: Faults,
}

/// Why nothing is served: one sentence for each thing that has to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unconfigured(pub(crate) Vec<String>);

/// Gives a variable's value.
pub(crate) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Config {
    /// The configuration of this isolate.
    ///
    /// # Errors
    /// What has to be set first; the log has said it too.
    pub(crate) fn of(env: &Env) -> Result<Rc<Config>, Rc<Unconfigured>> {
        thread_local! {
            static CONFIG: OnceCell<Result<Rc<Config>, Rc<Unconfigured>>> = const { OnceCell::new() };
        }
        CONFIG.with(|config| {
            config
                .get_or_init(|| {
                    let read = Config::read(&|name| variable(env, name)).and_then(|config| config.bound(env));
                    if let Err(Unconfigured(missing)) = &read {
                        console_error!("Scout refuses every request: {}", missing.join("; "));
                    }
                    read.map(Rc::new).map_err(Rc::new)
                })
                .clone()
        })
    }

    /// The same, if the bindings are there that it takes.
    fn bound(self, env: &Env) -> Result<Config, Unconfigured> {
        expander::missing(&self.expander, env).map_or(Ok(self), |missing| Err(Unconfigured(vec![missing])))
    }

    /// Reads and checks all variables that don't belong to one adapter.
    pub(crate) fn read(variables: Variables<'_>) -> Result<Config, Unconfigured> {
        let mut missing = Vec::new();
        let access = access::read(variables, &mut missing);
        let upstream = variables("SCOUT_UPSTREAM").filter(|url| !url.is_empty()).map(|url| BaseUrl::parse(&url)).transpose();
        let upstream = upstream.map_err(|error| missing.push(format!("SCOUT_UPSTREAM can't be used: {error}"))).unwrap_or_default();
        let expander = expander::read(variables, upstream.as_ref().map(BaseUrl::as_str));
        let expander = expander.map_err(|wrong| missing.extend(wrong)).unwrap_or(Expander::Rules);
        let plans = Plans::read(variables("SCOUT_PLANS").as_deref(), variables("SCOUT_DEFAULT_PLAN").as_deref());
        let plans = plans.map_err(|wrong| missing.extend(wrong)).unwrap_or_default();
        let faults = Faults::read(&variables("SCOUT_FAULTS").unwrap_or_default());
        let faults = faults.map_err(|unknown| missing.push(unknown)).unwrap_or_default();
        if !access.local && faults != Faults::default() {
            missing.push("SCOUT_FAULTS is set, and makes things go wrong; leave it out unless SCOUT_ENV is \"local\"".to_owned());
        }
        let mut life = |name: &str, usual| life_s(name, variables, usual).map_err(|wrong| missing.push(wrong)).unwrap_or(usual);
        let usual = Lives::default();
        let lives =
            Lives { pages_s: life("SCOUT_CACHE_PAGES_S", usual.pages_s), profiles_s: life("SCOUT_CACHE_PROFILES_S", usual.profiles_s) };
        match missing.is_empty() {
            true => Ok(Config { access, upstream, expander, plans, lives, faults }),
            false => Err(Unconfigured(missing)),
        }
    }

    /// The plan of an account that is used for the first time.
    pub(crate) fn initial_plan(&self, account: &str) -> Plan {
        if self.access.local && account == LOCAL { self.plans.unlimited() } else { self.plans.default_plan() }
    }

    /// What was set for one adapter.
    ///
    /// # Errors
    /// A base URL that is none.
    pub(crate) fn setup(&self, manifest: &Manifest, variables: Variables<'_>) -> Result<Setup, OutboundError> {
        if let Some(upstream) = &self.upstream {
            return Setup::fake(manifest, upstream.as_str());
        }
        let mut setup = Setup { secrets: secrets(manifest, variables), ..Setup::default() };
        for origin in &manifest.origins {
            for (prefix, urls) in [("SCOUT_BASE_URL", &mut setup.base_urls), ("SCOUT_TOKEN_BASE_URL", &mut setup.token_base_urls)] {
                if let Some(url) = variables(&name(prefix, &manifest.platform, &origin.name)) {
                    urls.insert(origin.name.clone(), BaseUrl::parse(&url)?);
                }
            }
        }
        for setting in &manifest.settings {
            if let Some(value) = variables(&name("SCOUT_SETTING", &manifest.platform, &setting.name)) {
                setup.settings.insert(setting.name.clone(), value);
            }
        }
        Ok(setup)
    }
}

/// How long something is given again, in seconds.
fn life_s(name: &str, variables: Variables<'_>, usual: u32) -> Result<u32, String> {
    let Some(text) = variables(name).filter(|text| !text.is_empty()) else { return Ok(usual) };
    let seconds = text.parse().ok().filter(|seconds| *seconds <= CACHE_S_MAX);
    seconds.ok_or_else(|| format!("{name} is no whole number of seconds from 0, which keeps none, to {CACHE_S_MAX}"))
}

/// A variable or secret as text.
pub(crate) fn variable(env: &Env, name: &str) -> Option<String> {
    env.var(name).ok().map(|value| value.to_string())
}

/// The values of all secrets that a manifest names.
fn secrets(manifest: &Manifest, variables: Variables<'_>) -> Secrets {
    secret_names(manifest).into_iter().filter_map(|name| variables(&name).map(|value| (name, value))).collect()
}

fn name(prefix: &str, platform: &str, part: &str) -> String {
    format!("{prefix}_{platform}_{part}").to_ascii_uppercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use scout_pipeline::contract::{Auth, Credential, Enrichment, Hints, Origin, Setting};
    use scout_pipeline::outbound::missing_secrets;

    fn manifest() -> Manifest {
        let auth = Auth::Header(Credential { name: "x-api-key".into(), secret: "SAMPLE_KEY".into() });
        Manifest {
            platform: "sample-two".into(),
            label: "Sample".into(),
            version: "1.0.0".into(),
            origins: vec![Origin { name: "main-api".into(), base_url: "https://api.sample.test".into(), auth }],
            enrichment: Enrichment::None,
            hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: None },
            reports_views: false,
            settings: vec![Setting { name: "end-point".into(), default: "a".into(), doc: "Chooses one.".into() }],
            extra: Vec::new(),
        }
    }

    fn variables<'a>(pairs: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |wanted| pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned())
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Unconfigured> {
        Config::read(&variables(pairs))
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_and_no_value_is_repeated() {
        let Unconfigured(missing) = read(&[("SCOUT_ENV", "prod"), ("SCOUT_UPSTREAM", "http://ana:canary@x.test")]).unwrap_err();
        assert_eq!(missing.len(), 2);
        assert!(!missing.join(" ").contains("canary"), "{missing:?}");
    }

    #[test]
    fn whoever_plans_keywords_is_checked_with_everything_else() {
        assert_eq!(read(&[("SCOUT_ENV", "local")]).unwrap().expander, Expander::Rules);
        let Unconfigured(missing) =
            read(&[("SCOUT_ENV", "prod"), ("SCOUT_EXPANDER", "openai"), ("SCOUT_OPENAI_KEY", "hidden key")]).unwrap_err();
        assert_eq!(missing.len(), 3, "{missing:?}");
        assert!(!missing.join(" ").contains("hidden"), "{missing:?}");
    }

    #[test]
    fn a_fake_upstream_stands_in_for_every_origin_and_secret() {
        let config = read(&[("SCOUT_ENV", "local"), ("SCOUT_UPSTREAM", "http://127.0.0.1:9000")]).unwrap();
        let setup = config.setup(&manifest(), &variables(&[])).unwrap();
        assert_eq!(setup.base_urls["main-api"].as_str(), "http://127.0.0.1:9000/sample-two/main-api");
        assert!(missing_secrets(&manifest(), &setup).is_empty());
    }

    #[test]
    fn base_urls_settings_and_secrets_are_found_by_their_names() {
        let config = read(&[("SCOUT_ENV", "local")]).unwrap();
        let set = [
            ("SAMPLE_KEY", "k"),
            ("SCOUT_BASE_URL_SAMPLE_TWO_MAIN_API", "http://127.0.0.1:1/x"),
            ("SCOUT_TOKEN_BASE_URL_SAMPLE_TWO_MAIN_API", "http://127.0.0.1:2"),
            ("SCOUT_SETTING_SAMPLE_TWO_END_POINT", "b"),
        ];
        let setup = config.setup(&manifest(), &variables(&set)).unwrap();
        assert_eq!(setup.base_urls["main-api"].as_str(), "http://127.0.0.1:1/x");
        assert_eq!(setup.token_base_urls["main-api"].as_str(), "http://127.0.0.1:2/");
        assert_eq!(setup.settings_in_force(&manifest()), [("end-point".to_owned(), "b".to_owned())]);
        assert!(missing_secrets(&manifest(), &setup).is_empty());
    }

    #[test]
    fn values_live_as_long_as_is_set_and_otherwise_as_usual() {
        let lives = |pages: &str| read(&[("SCOUT_ENV", "local"), ("SCOUT_CACHE_PAGES_S", pages)]).map(|config| config.lives.pages_s);
        assert_eq!(read(&[("SCOUT_ENV", "local")]).unwrap().lives, Lives::default());
        assert_eq!((lives("0"), lives("60"), lives("")), (Ok(0), Ok(60), Ok(Lives::default().pages_s)));
        assert_eq!(lives(&CACHE_S_MAX.to_string()), Ok(CACHE_S_MAX));
        for wrong in ["-1", "x", "1.5", &(CACHE_S_MAX + 1).to_string()] {
            assert_eq!(lives(wrong).unwrap_err().0.len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_secret_that_is_not_set_is_missing() {
        let setup = read(&[("SCOUT_ENV", "local")]).unwrap().setup(&manifest(), &variables(&[])).unwrap();
        assert_eq!(missing_secrets(&manifest(), &setup), ["SAMPLE_KEY"]);
    }

    #[test]
    fn ones_own_machine_has_no_monthly_limit_and_everybody_else_the_default_plan() {
        let config = read(&[("SCOUT_ENV", "local")]).unwrap();
        assert_eq!((config.initial_plan(LOCAL).name, config.initial_plan("ana").name), ("unlimited".into(), "trial".into()));
        let config = read(&[("SCOUT_ENV", "local"), ("SCOUT_DEFAULT_PLAN", "growth")]).unwrap();
        assert_eq!((config.initial_plan(LOCAL).name, config.initial_plan("ana").name), ("unlimited".into(), "growth".into()));
    }

    #[test]
    fn mistakes_in_plans_are_named_with_everything_else() {
        let Unconfigured(missing) = read(&[("SCOUT_ENV", "prod"), ("SCOUT_PLANS", "[]"), ("SCOUT_DEFAULT_PLAN", "gold")]).unwrap_err();
        assert_eq!(missing.len(), 3, "{missing:?}");
    }

    #[test]
    fn nothing_goes_wrong_on_purpose_unless_asked_for_by_a_name_that_is_known() {
        assert_eq!(read(&[("SCOUT_ENV", "local")]).unwrap().faults, Faults::default());
        assert!(read(&[("SCOUT_ENV", "local"), ("SCOUT_FAULTS", "routes")]).unwrap().faults.routes);
        assert_eq!(read(&[("SCOUT_ENV", "local"), ("SCOUT_FAULTS", "rout")]).unwrap_err().0.len(), 1);
        let deployment =
            [("SCOUT_JWT_SECRET", "a secret of 32 bytes or even more"), ("SCOUT_JWT_ISSUER", "i"), ("SCOUT_JWT_AUDIENCE", "a")];
        assert!(read(&deployment).is_ok());
        let with_faults = [&deployment[..], &[("SCOUT_FAULTS", "routes")]].concat();
        assert_eq!(read(&with_faults).unwrap_err().0.len(), 1, "a deployment never serves with faults");
    }
}
