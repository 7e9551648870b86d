//! Asking for permits: each upstream has an object of its own, by the base URL in force.

use scout_pipeline::limits::PERMIT_AGAIN_MS;
use scout_pipeline::ports::Permits;
use scout_pipeline::time::Time;
use scout_pipeline::upstream::{Answer, Ask, BudgetView, Rates, Settlement, Upstream, Why};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::{Env, console_error};

use crate::link;

/// One request to an upstream's object. It travels as JSON in a `POST`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UpstreamCommand {
    /// May this be called, where so much is allowed? Answered with an [`Answer`].
    Ask {
        /// What the upstream allows.
        rates: Rates,
        /// What is to be called.
        ask: Ask,
    },
    /// A permit is over; answered with nothing.
    Settle(Settlement),
    /// How does it stand? Answered with a [`BudgetView`].
    View {
        /// What the upstream allows.
        rates: Rates,
    },
}

/// The way to the objects of all upstreams.
#[derive(Debug)]
pub(crate) struct Office<'a> {
    env: &'a Env,
}

impl<'a> Office<'a> {
    /// The way there.
    pub(crate) fn new(env: &'a Env) -> Self {
        Office { env }
    }

    /// How an upstream's budget stands, for operators.
    pub(crate) async fn view(&self, upstream: &Upstream) -> Result<BudgetView, String> {
        self.tell(&upstream.base_url, &UpstreamCommand::View { rates: upstream.rates.clone() }).await
    }

    async fn tell<T: DeserializeOwned>(&self, base_url: &str, command: &UpstreamCommand) -> Result<T, String> {
        let answered = link::ask(self.env, "UPSTREAM", base_url, command).await.map_err(|error| error.to_string())?;
        match answered.status {
            200 => serde_json::from_str(&answered.body).map_err(|error| format!("its answer can't be read: {error}")),
            status => Err(format!("it answered {status}")),
        }
    }
}

impl Permits for Office<'_> {
    async fn ask(&self, Upstream { base_url, rates }: &Upstream, ask: Ask, now: Time) -> Answer {
        let asked = self.tell(base_url, &UpstreamCommand::Ask { rates: rates.clone(), ask }).await;
        asked.unwrap_or_else(|error| {
            console_error!("an upstream's object gave no answer, its calls wait: {error}");
            Answer::Wait { until: now.plus(PERMIT_AGAIN_MS), why: Why::Unreachable }
        })
    }

    async fn settle(&self, upstream: &Upstream, settlement: Settlement, _: Time) {
        if let Err(error) = self.tell::<()>(&upstream.base_url, &UpstreamCommand::Settle(settlement)).await {
            console_error!("a permit was not settled and ends by itself: {error}");
        }
    }
}
