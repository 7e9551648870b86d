//! `scout adapter call`: the contract over standard input and output, so that what adapters answer here can be compared
//! with what they answer on another runtime.
//!
//! A line in is `{"adapter", "function", "given": […], "response": {"status", "file"}}`, the last where the function
//! reads an answer. A line out is `{"ok": …}`, `{"err": fault}` or `{"trap": text}`, as the Worker's glue has it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use scout_pipeline::contract::{CreatorRef, Query, Response};
use scout_pipeline::limits::RESPONSE_BYTES_MAX;
use scout_pipeline::ports::{Adapter as _, AdapterError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Source, read_at_most};
use crate::engine::{Component, Engine};
use crate::failure::{Failure, Outcome};
use crate::output::print;

/// One call.
#[derive(Debug, Deserialize)]
struct Call {
    adapter: String,
    #[serde(flatten)]
    function: Function,
    response: Option<Recorded>,
}

/// A function of the contract with what it is given, except the answer that it reads.
#[derive(Debug, Deserialize)]
#[serde(tag = "function", content = "given", rename_all = "camelCase")]
enum Function {
    Describe,
    ReadSearch(Query, Option<String>),
    ReadProfiles((Vec<CreatorRef>,)),
}

/// An answer whose body is a file.
#[derive(Debug, Deserialize)]
struct Recorded {
    status: u16,
    file: PathBuf,
}

/// Answers every line in turn.
pub(super) async fn run(engine: &Engine) -> Outcome {
    let mut loaded = HashMap::new();
    for (number, line) in std::io::stdin().lines().enumerate() {
        let line = line.map_err(|error| Failure::input(format_args!("standard input can't be read: {}", error.kind())))?;
        let call: Call = serde_json::from_str(&line).map_err(|error| not_a_call(number + 1, &error))?;
        if !loaded.contains_key(&call.adapter) {
            loaded.insert(call.adapter.clone(), Source::of(&call.adapter)?.load(engine)?);
        }
        print(&format!("{}\n", answer(&loaded[&call.adapter], call).await?))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn not_a_call(number: usize, error: &serde_json::Error) -> Failure {
    let hint = r#"a call is {"adapter": …, "function": "readSearch", "given": […], "response": {"status": …, "file": …}}"#;
    Failure::input(format_args!("line {number} is no call: {error}")).hint(hint)
}

async fn answer(adapter: &Component, call: Call) -> Result<Value, Failure> {
    let response = || call.response.as_ref().map_or_else(|| Ok(nothing()), Recorded::read);
    Ok(match &call.function {
        Function::Describe => json!({ "ok": adapter.manifest() }),
        Function::ReadSearch(query, cursor) => told(adapter.read_search(query, cursor.as_deref(), response()?).await),
        Function::ReadProfiles((creators,)) => told(adapter.read_profiles(creators, response()?).await),
    })
}

fn nothing() -> Response {
    Response { status: 200, headers: Vec::new(), body: Vec::new() }
}

impl Recorded {
    fn read(&self) -> Result<Response, Failure> {
        let body = read_at_most(Path::new(&self.file), RESPONSE_BYTES_MAX)?;
        Ok(Response { status: self.status, headers: Vec::new(), body })
    }
}

fn told(answered: Result<impl Serialize, AdapterError>) -> Value {
    match answered {
        Ok(value) => json!({ "ok": value }),
        Err(AdapterError::Fault(fault)) => json!({ "err": fault }),
        Err(AdapterError::Broken(why)) => json!({ "trap": why }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: &str) -> Result<Call, serde_json::Error> {
        serde_json::from_str(line)
    }

    #[test]
    fn a_line_is_a_function_with_what_it_is_given_and_the_answer_that_it_reads() {
        let line = r#"{"adapter":"a","function":"readSearch","given":[{"keyword":"yoga","settings":[["x","y"]],"extra":[]},null],"response":{"status":404,"file":"f"},"more":1}"#;
        let read = call(line).expect("it is a call");
        assert!(matches!(read.function, Function::ReadSearch(query, None) if query.keyword == "yoga" && query.settings.len() == 1));
        assert_eq!(read.response.map(|recorded| recorded.status), Some(404));
    }

    #[test]
    fn creators_are_one_thing_that_is_given() {
        let line = r#"{"adapter":"a","function":"readProfiles","given":[[{"identity":"1","username":"ana","ids":[]}]]}"#;
        assert!(matches!(call(line).expect("it is a call").function, Function::ReadProfiles((creators,)) if creators.len() == 1));
        assert!(matches!(call(r#"{"adapter":"a","function":"describe"}"#).expect("it is a call").function, Function::Describe));
    }

    #[test]
    fn a_line_that_is_no_call_is_named_by_its_number() {
        let error = call(r#"{"adapter":"a","function":"toString","given":[]}"#).expect_err("there is no such function");
        let failure = not_a_call(7, &error).text().to_owned();
        assert!(failure.starts_with("line 7 is no call: unknown variant `toString`"), "{failure}");
    }

    #[test]
    fn a_fault_and_a_broken_adapter_are_told_apart() {
        let fault = Err::<(), _>(AdapterError::Fault(scout_pipeline::contract::Fault::NotFound));
        assert_eq!(told(fault), json!({ "err": { "tag": "not-found" } }));
        assert_eq!(told(Err::<(), _>(AdapterError::Broken("unreachable".into()))), json!({ "trap": "unreachable" }));
    }
}
