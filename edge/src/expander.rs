//! Planning keywords with a language model. Consumers do it and never an object: a model takes seconds, and a job's
//! object answers others meanwhile.

mod workers_ai;

use scout_pipeline::expand::openai::{self, OpenAi};
use scout_pipeline::expand::{self, Model, ModelError, Prompt};
use scout_pipeline::job::{Plan, PlanRequest};
use serde::{Deserialize, Serialize};
use worker::Env;

use crate::client::Client;
use crate::clock::now;
use crate::config::Variables;
use workers_ai::WorkersAi;

/// The model of Workers AI that is asked unless an operator names another: small, and quick enough.
const WORKERS_AI_MODEL: &str = "@cf/meta/llama-3.1-8b-instruct-fast";

/// Who plans further keywords.
pub(crate) type Expander = expand::Expander<Chosen>;

/// Which language model plans them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// One behind an OpenAI-compatible endpoint.
    OpenAi(OpenAi),
    /// One of Cloudflare's own, through the binding `AI`.
    WorkersAi {
        /// Its name.
        model: String,
        /// How long its answer may take, in milliseconds.
        ms_max: u32,
    },
}

/// That a round of a job's keywords is to be planned: what a message of the queue for it says. The job knows the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Round {
    /// The job's id.
    pub(crate) job: String,
    /// The round.
    pub(crate) round: u32,
}

/// Reads and checks who plans. With fake platforms, their language model stands in for the endpoint.
///
/// # Errors
/// A sentence for everything that is wrong; none repeats a value.
pub(crate) fn read(variables: Variables<'_>, fake: Option<&str>) -> Result<Expander, Vec<String>> {
    match variables("SCOUT_EXPANDER").as_deref().map(str::trim).unwrap_or_default() {
        "" | "rules" => Ok(Expander::Rules),
        "off" => Ok(Expander::Off),
        "openai" => OpenAi::read(variables, fake).map(|openai| Expander::Model(Chosen::OpenAi(openai))),
        "workers-ai" => {
            let model = variables("SCOUT_WORKERS_AI_MODEL").map(|model| model.trim().to_owned()).filter(|model| !model.is_empty());
            let model = model.unwrap_or_else(|| WORKERS_AI_MODEL.to_owned());
            let ms_max = openai::ms_max(variables).map_err(|wrong| vec![wrong])?;
            Ok(Expander::Model(Chosen::WorkersAi { model, ms_max }))
        }
        _ => Err(vec!["SCOUT_EXPANDER has another value than off, rules, openai and workers-ai".to_owned()]),
    }
}

/// What is missing in this deployment for the one that was chosen, in a sentence.
pub(crate) fn missing(expander: &Expander, env: &Env) -> Option<String> {
    let wants_binding = matches!(expander, Expander::Model(Chosen::WorkersAi { .. }));
    let text = "SCOUT_EXPANDER is workers-ai, and there is no binding AI; wrangler.toml says how to add it";
    (wants_binding && !workers_ai::is_bound(env)).then(|| text.to_owned())
}

/// The plan of a round; never later than the request allows.
pub(crate) async fn plan(expander: &Expander, env: &Env, request: &PlanRequest) -> Plan {
    match expander.at_once(request) {
        Ok(plan) => plan,
        Err(chosen) => expand::ask(&Reachable { chosen, env }, request, now(), chosen.ms_max()).await,
    }
}

impl Chosen {
    fn ms_max(&self) -> u32 {
        match self {
            Chosen::OpenAi(openai) => openai.ms_max(),
            Chosen::WorkersAi { ms_max, .. } => *ms_max,
        }
    }
}

/// The chosen model, from within this Worker.
struct Reachable<'a> {
    chosen: &'a Chosen,
    env: &'a Env,
}

impl Model for Reachable<'_> {
    async fn ask(&self, prompt: &Prompt, ms_max: u32) -> Result<String, ModelError> {
        match self.chosen {
            Chosen::OpenAi(openai) => openai.over(&Client).ask(prompt, ms_max).await,
            Chosen::WorkersAi { model, .. } => WorkersAi { env: self.env, model }.ask(prompt, ms_max).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Expander, Vec<String>> {
        super::read(&|wanted| pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned()), None)
    }

    #[test]
    fn rules_plan_unless_something_else_is_chosen() {
        assert_eq!(read(&[]), Ok(Expander::Rules));
        assert_eq!(read(&[("SCOUT_EXPANDER", " ")]), Ok(Expander::Rules));
        assert_eq!(read(&[("SCOUT_EXPANDER", "rules")]), Ok(Expander::Rules));
        assert_eq!(read(&[("SCOUT_EXPANDER", "off")]), Ok(Expander::Off));
        assert_eq!(read(&[("SCOUT_EXPANDER", "gpt")]).unwrap_err().len(), 1);
    }

    #[test]
    fn workers_ai_has_a_model_unless_another_is_named() {
        let chosen = |pairs: &[(&str, &str)]| match read(pairs) {
            Ok(Expander::Model(Chosen::WorkersAi { model, ms_max })) => (model, ms_max),
            other => panic!("{other:?}"),
        };
        assert_eq!(chosen(&[("SCOUT_EXPANDER", "workers-ai")]), (WORKERS_AI_MODEL.to_owned(), 9_500));
        let own = [("SCOUT_EXPANDER", "workers-ai"), ("SCOUT_WORKERS_AI_MODEL", "@cf/a/b"), ("SCOUT_EXPANDER_MS", "700")];
        assert_eq!(chosen(&own), ("@cf/a/b".to_owned(), 700));
        assert!(read(&[("SCOUT_EXPANDER", "workers-ai"), ("SCOUT_EXPANDER_MS", "x")]).is_err());
    }

    #[test]
    fn an_endpoint_is_checked_as_soon_as_it_is_chosen() {
        assert_eq!(read(&[("SCOUT_EXPANDER", "openai")]).unwrap_err().len(), 2);
        let whole = [("SCOUT_EXPANDER", "openai"), ("SCOUT_OPENAI_MODEL", "m"), ("SCOUT_OPENAI_KEY", "sk-secret")];
        let expander = read(&whole).unwrap();
        assert!(!format!("{expander:?}").contains("sk-secret"));
        assert!(matches!(expander, Expander::Model(Chosen::OpenAi(_))));
    }
}
