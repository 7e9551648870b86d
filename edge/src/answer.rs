//! Answers to requests, before they become a response.

use serde::Serialize;

use crate::problem::{PROBLEM_TYPE, Problem};

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Headers besides those that every answer has.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The body with its media type; `None` where there is none.
    pub(crate) body: Option<(&'static str, String)>,
}

impl Answer {
    /// A value as JSON.
    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        match serde_json::to_string(value) {
            Ok(text) => Answer::text(status, text),
            Err(_) => Problem::internal().into(),
        }
    }

    /// JSON that is written already.
    pub(crate) fn text(status: u16, json: String) -> Self {
        Answer { status, headers: Vec::new(), body: Some(("application/json", json)) }
    }

    /// The same with a header.
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// No body: what was asked for is done, and there is nothing to say.
    pub(crate) fn nothing() -> Self {
        Answer { status: 204, headers: Vec::new(), body: None }
    }

    /// No body: the answer to `OPTIONS`.
    pub(crate) fn allows(methods: String) -> Self {
        Answer::nothing().with_header("allow", methods)
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let body = problem.json();
        Answer { status: problem.status, headers: problem.headers, body: Some((PROBLEM_TYPE, body)) }
    }
}
