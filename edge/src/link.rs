//! Reaching objects, and that of a job above all.

use scout_pipeline::ports::{JobLink, LinkError};
use scout_pipeline::protocol::{Reply, Report};
use serde::Serialize;
use serde::de::DeserializeOwned;
use worker::{Env, Method, Request, RequestInit};

use crate::command::{Command, Order};

/// What an object answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answered {
    /// 200, or one of the statuses of [`crate::command`].
    pub(crate) status: u16,
    /// JSON where the status is 200.
    pub(crate) body: String,
}

/// Asks an object of this binding and name, and waits for the answer, whatever it is.
///
/// # Errors
/// The object can't be reached, or failed in a way that gave no answer.
pub(crate) async fn ask(env: &Env, binding: &str, name: &str, command: &impl Serialize) -> worker::Result<Answered> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(serde_json::to_string(command)?.into()));
    // The host is a formality: the object is addressed by its name.
    let request = Request::new_with_init("https://object/", &init)?;
    let mut response = env.durable_object(binding)?.get_by_name(name)?.fetch_with_request(request).await?;
    Ok(Answered { status: response.status_code(), body: response.text().await? })
}

/// The way to one job's object.
#[derive(Debug)]
pub(crate) struct Link<'a> {
    env: &'a Env,
    job: &'a str,
    account: Option<&'a str>,
}

impl<'a> Link<'a> {
    /// The Worker's own way to the job of this id. The object comes to life when it is first asked something.
    pub(crate) fn new(env: &'a Env, job: &'a str) -> Self {
        Link { env, job, account: None }
    }

    /// The way for an account: to jobs of others it does not lead.
    pub(crate) fn for_account(env: &'a Env, job: &'a str, account: &'a str) -> Self {
        Link { env, job, account: Some(account) }
    }

    /// Asks and waits for the answer, whatever it is.
    ///
    /// # Errors
    /// The object can't be reached, or failed in a way that gave no answer.
    pub(crate) async fn ask(&self, command: &Command) -> worker::Result<Answered> {
        let order = Order { account: self.account.map(str::to_owned), command: command.clone() };
        ask(self.env, "JOB", self.job, &order).await
    }

    /// What the job answers; nothing, where there is no such job.
    pub(crate) async fn asked<T: DeserializeOwned + Default>(&self, command: &Command) -> Result<T, LinkError> {
        self.answer(command).await.map(Option::unwrap_or_default)
    }

    async fn answer<T: DeserializeOwned>(&self, command: &Command) -> Result<Option<T>, LinkError> {
        let answered = self.ask(command).await.map_err(|error| LinkError(error.to_string()))?;
        match answered.status {
            200 => serde_json::from_str(&answered.body).map(Some).map_err(|error| LinkError(format!("its answer can't be read: {error}"))),
            crate::command::NO_JOB => Ok(None),
            status => Err(LinkError(format!("it answered {status}"))),
        }
    }
}

impl JobLink for Link<'_> {
    async fn tell(&self, report: Report) -> Result<Reply, LinkError> {
        // A message of a job that is no more has nothing to do.
        self.answer(&Command::Tell(report)).await.map(|reply| reply.unwrap_or(Reply::Gone))
    }
}
