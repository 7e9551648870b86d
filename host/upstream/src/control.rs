//! What the server says of itself: the help, the counters, and the faults that can be set while it runs.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::response::{IntoResponse, Response as Reply};
use serde_json::{Value, json};

use crate::counters::Counters;
use crate::faults::{Fault, FaultRule, Faults, SCOPES};
use crate::platform::Answer;
use crate::rates;
use crate::server::Server;

/// `GET /`
pub(crate) async fn help(State(server): State<Arc<Server>>) -> String {
    let mut text = "Fake platforms, in the real shapes. Everything follows from a seed; nobody here exists.\n\nPlatforms:\n".to_owned();
    for (platform, origin) in server.platforms() {
        // Writing to a string can't fail.
        let _ = writeln!(text, "  /{platform}/{origin}/…");
    }
    text.push_str("\nA language model:\n  /_llm/v1/chat/completions\n");
    text.push_str("\nFor tests:\n  GET /_scout/counters   what was called, how often and how many at once\n");
    text.push_str("  POST /_scout/reset     forgets it\n");
    text.push_str("  PUT /_scout/faults     sets what goes wrong, such as {\"unavailable\": 0.2, \"profiles:slow\": 1}; {} is nothing\n");
    let _ = writeln!(text, "\nFaults:\n{}\n\nScopes: {}", rates::table::<Fault>(), SCOPES.join(", "));
    text
}

/// `GET /_scout/counters`
pub(crate) async fn counters(State(server): State<Arc<Server>>) -> Json<Counters> {
    Json(server.ledger.counters())
}

/// `POST /_scout/reset`
pub(crate) async fn reset(State(server): State<Arc<Server>>) -> StatusCode {
    server.ledger.reset();
    StatusCode::NO_CONTENT
}

/// Where redirects lead: whoever comes here followed one. The answer is of no use to anybody.
pub(crate) async fn elsewhere(State(server): State<Arc<Server>>) -> &'static str {
    server.ledger.arrive_elsewhere();
    "you followed a redirect to another host\n"
}

/// `PUT /_scout/faults`: replaces all faults, or none of them if one is wrong.
pub(crate) async fn faults(State(server): State<Arc<Server>>, body: String) -> Reply {
    match read_faults(&body) {
        Ok(faults) => {
            server.set_faults(faults);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(errors) => (StatusCode::BAD_REQUEST, Json(json!({ "errors": errors }))).into_response(),
    }
}

fn read_faults(body: &str) -> Result<Faults, Vec<String>> {
    let read = serde_json::from_str::<BTreeMap<String, Value>>(body);
    let wanted =
        read.map_err(|error| vec![format!("the body is no object of faults and rates: {error}\nhint: {{\"unavailable\": 0.2}}")])?;
    let rules: Vec<_> = wanted.iter().map(|(kind, rate)| format!("{kind}={rate}").parse::<FaultRule>()).collect();
    let errors: Vec<_> = rules.iter().filter_map(|rule| rule.as_ref().err()).map(ToString::to_string).collect();
    if errors.is_empty() { Ok(rules.into_iter().flatten().collect()) } else { Err(errors) }
}

/// An answer that belongs to no platform and is not counted.
pub(crate) fn plain(answer: &Answer) -> Response<Body> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut reply = (status, [("content-type", answer.media_type)], answer.body.clone()).into_response();
    for (name, value) in &answer.headers {
        if let Ok(value) = value.parse() {
            reply.headers_mut().insert(*name, value);
        }
    }
    reply
}
