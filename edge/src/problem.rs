//! Errors as callers see them: `application/problem+json` (RFC 9457) with a stable code, what was wrong where,
//! and what to do about it. None of them holds a panic's text, a stack, a path or a secret.

use scout_pipeline::accept::{FieldError, Refusal};
use scout_pipeline::job::NoRetry;
use serde::Serialize;
use serde_json::{Map, Value};

/// The media type of a problem.
pub(crate) const PROBLEM_TYPE: &str = "application/problem+json";

/// Why a request was not answered as hoped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The stable name.
    pub(crate) code: &'static str,
    detail: String,
    hint: String,
    errors: Box<[Mistake]>,
    /// Members besides those that every problem has. Few have any, and a smaller error is cheaper to return.
    members: Option<Box<Map<String, Value>>>,
    /// Headers that belong to the problem, such as `Allow`.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// A problem as it is written.
#[derive(Serialize)]
struct Written<'a> {
    /// Codes tell problems apart; the standard's own type stays what it calls the general one.
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: &'a str,
    hint: &'a str,
    #[serde(skip_serializing_if = "<[Mistake]>::is_empty")]
    errors: &'a [Mistake],
    #[serde(flatten)]
    members: Option<&'a Map<String, Value>>,
}

/// What is wrong with one field or parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Mistake {
    /// In a body.
    Field(FieldError),
    /// In a query, whose parameters are pointed at as if they were the fields of an object.
    Parameter {
        /// Which, as a JSON pointer.
        pointer: String,
        /// The kind of mistake.
        code: &'static str,
        /// What was found and what is allowed.
        detail: String,
        /// What to do.
        hint: String,
    },
}

impl Problem {
    /// A problem of this kind.
    pub(crate) fn new(status: u16, code: &'static str, detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Problem { status, code, detail: detail.into(), hint: hint.into(), errors: Box::default(), members: None, headers: Vec::new() }
    }

    /// The same with the mistakes that it consists of.
    pub(crate) fn with_mistakes(self, errors: Vec<Mistake>) -> Self {
        Problem { errors: errors.into_boxed_slice(), ..self }
    }

    /// The same with a member besides those that every problem has.
    pub(crate) fn with_member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.get_or_insert_default().insert(name.to_owned(), value.into());
        self
    }

    /// The same with a header.
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// What callers are told when the fault is ours; the log says more.
    pub(crate) fn internal() -> Self {
        let hint = "send the request again; if it keeps failing, the Worker's log says why";
        Problem::new(500, "internal", "Scout failed while answering this request", hint)
    }

    /// There is no such job, or none that the caller may know of.
    pub(crate) fn no_such_job() -> Self {
        Problem::new(404, "no_such_job", "there is no job with this id", "use the jobId that POST /api/v2/dispatch answered with")
    }

    /// There is nothing that another run of the job would do.
    pub(crate) fn not_retryable(no: NoRetry) -> Self {
        let hint = match no {
            NoRetry::Running => "wait until its status is final, or cancel it first with POST /api/v2/jobs/{id}/cancel",
            NoRetry::NothingFailed => "begin another search with POST /api/v2/dispatch, with other keywords or a larger target",
            NoRetry::NoCallsLeft => "begin another search with POST /api/v2/dispatch and a larger maxUpstreamCalls, or none",
        };
        Problem::new(409, "not_retryable", format!("this job can't be tried again: {no}"), hint)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> String {
        let Problem { status, code, detail, hint, errors, members, .. } = self;
        let members = members.as_deref();
        let written = Written { kind: "about:blank", title: title(*status), status: *status, code, detail, hint, errors, members };
        // It holds nothing but texts and numbers, which JSON can always hold.
        serde_json::to_string(&written).unwrap_or_default()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::TooLarge { .. } => 413,
            Refusal::Malformed { .. } => 400,
            Refusal::Fields(_) => 422,
        };
        let problem = Problem::new(status, refusal.code(), refusal.to_string(), refusal.hint());
        match refusal {
            Refusal::Fields(errors) => problem.with_mistakes(errors.into_iter().map(Mistake::Field).collect()),
            Refusal::TooLarge { .. } | Refusal::Malformed { .. } => problem,
        }
    }
}

/// The standard's name of a status, which is the title of problems that have no type of their own.
fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scout_pipeline::accept::{Offer, accept};

    fn refused(body: &[u8]) -> Problem {
        accept(body, &[Offer { platform: "sample".into(), reports_views: false }]).unwrap_err().into()
    }

    #[test]
    fn a_problem_has_every_member_that_callers_rely_on() {
        let json: serde_json::Value = serde_json::from_str(&Problem::no_such_job().json()).unwrap();
        assert_eq!(json["type"], "about:blank");
        assert_eq!(
            (json["title"].as_str(), json["status"].as_u64(), json["code"].as_str()),
            (Some("Not Found"), Some(404), Some("no_such_job"))
        );
        assert!(json["detail"].is_string() && json["hint"].is_string());
        assert!(json.get("errors").is_none() && json.get("headers").is_none());
    }

    #[test]
    fn why_a_job_is_not_tried_again_is_said_with_what_to_do_instead() {
        for (no, hint) in
            [(NoRetry::Running, "/cancel"), (NoRetry::NothingFailed, "larger target"), (NoRetry::NoCallsLeft, "maxUpstreamCalls")]
        {
            let json: serde_json::Value = serde_json::from_str(&Problem::not_retryable(no).json()).unwrap();
            assert_eq!((&json["title"], &json["code"]), (&"Conflict".into(), &"not_retryable".into()));
            assert!(json["hint"].as_str().unwrap().contains(hint) && json["detail"].as_str().unwrap().contains(&no.to_string()), "{json}");
        }
    }

    #[test]
    fn field_errors_are_listed_with_pointer_code_detail_and_hint() {
        let json: serde_json::Value = serde_json::from_str(&refused(br#"{"keywords": ["a"], "extra": 1}"#).json()).unwrap();
        assert_eq!(json["status"], 422);
        let errors = json["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 4, "{errors:?}");
        for error in errors {
            for member in ["pointer", "code", "detail", "hint"] {
                assert!(error[member].is_string(), "{error}");
            }
        }
    }

    #[test]
    fn what_is_no_json_is_a_400_and_what_is_too_long_a_413() {
        assert_eq!(refused(b"{").status, 400);
        assert_eq!(refused(&vec![b' '; scout_pipeline::limits::REQUEST_BYTES_MAX + 1]).status, 413);
    }
}
