//! Who plans further keywords: nobody, rules, or a language model.

use clap::ValueEnum;
use scout_pipeline::expand::{self, openai::OpenAi};
use scout_pipeline::job::{Plan, PlanRequest};
use scout_pipeline::ports::Http;
use scout_pipeline::time::Time;

use crate::failure::Failure;

/// Who plans further keywords.
pub(super) type Expander = expand::Expander<OpenAi>;

/// How further keywords are derived, as it is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Expand {
    /// Search for nothing but what was given.
    Off,
    /// Derive keywords by rules, without asking anybody.
    Rules,
    /// Ask a language model once a round; rules step in after 10 s at most.
    Openai,
}

impl Expand {
    /// Checks all that the choice needs. Where there are fake platforms, they bring a language model.
    ///
    /// # Errors
    /// What has to be set, all of it at once.
    pub(super) fn set_up(self, fake: Option<&str>) -> Result<Expander, Failure> {
        match self {
            Expand::Off => Ok(Expander::Off),
            Expand::Rules => Ok(Expander::Rules),
            Expand::Openai => match OpenAi::read(&|name| std::env::var(name).ok(), fake) {
                Ok(openai) => Ok(Expander::Model(openai)),
                Err(wrong) => Err(Failure::input(format_args!("--expand openai can't be used: {}", wrong.join("\n       ")))
                    .hint("--expand rules derives keywords without asking anybody")
                    .hint("--upstream fake tries it out without a key")),
            },
        }
    }
}

/// The plan of a language model; never later than the request allows.
pub(super) async fn ask(openai: &OpenAi, http: &impl Http, request: &PlanRequest, now: Time) -> Plan {
    expand::ask(&openai.over(http), request, now, openai.ms_max()).await
}
