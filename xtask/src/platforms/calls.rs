//! Calls of the contract, a line of JSON each, and what the two runtimes answer to them.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::{Workspace, run, write};

/// Every reading of a recording that the adapters' own tests do, in the order of platforms; none without recordings.
pub(super) fn recorded(workspace: &Workspace) -> Result<Vec<Value>> {
    let folder = folder(workspace)?;
    let names = scout_component::names(workspace.root())?;
    for name in &names {
        // What an earlier run left must not pass for this one's.
        let _ = std::fs::remove_file(folder.join(format!("{name}.jsonl")));
    }
    let mut tests = workspace.cargo();
    tests.env("SCOUT_READINGS", &folder).args(["test", "--quiet", "--test", "samples"]).stdout(Stdio::null());
    for name in &names {
        tests.args(["--package", &format!("scout-{name}")]);
    }
    run(&mut tests, "`cargo test -p scout-NAME --test samples` shows the tests of one adapter")?;
    let mut calls = Vec::new();
    for name in &names {
        match std::fs::read_to_string(folder.join(format!("{name}.jsonl"))) {
            Ok(text) => calls.extend(lines(&text)?),
            Err(_) if !workspace.path("../shared/samples").exists() => return Ok(Vec::new()),
            Err(_) => bail!("the tests of the adapter {name} read no recordings\nhint: let tests/samples.rs call `testing::samples`"),
        }
    }
    Ok(calls)
}

/// What both runtimes answer.
///
/// # Errors
/// When they disagree, or an adapter traps: the call is named with what each made of it.
pub(super) fn on_both(workspace: &Workspace, calls: &[Value]) -> Result<Vec<Value>> {
    let (here, there) = (on_wasmtime(workspace, calls)?, on_workerd(workspace, calls)?);
    compare(calls, &here, &there)?;
    Ok(here)
}

fn compare(calls: &[Value], here: &[Value], there: &[Value]) -> Result<()> {
    for ((call, here), there) in calls.iter().zip(here).zip(there) {
        if here.get("trap").is_some() {
            bail!("an adapter traps\n  at {call}\n  with {here}");
        }
        if call["counts"] == true && here.get("ok").is_none() {
            bail!("a recording can't be read\n  at {call}\n  with {here}");
        }
        if let Some(difference) = difference("", here, there) {
            bail!("the runtimes disagree about {difference}\n  at {call}");
        }
    }
    Ok(())
}

/// Where two answers differ first. A member that is missing on one side is `null`.
fn difference(place: &str, here: &Value, there: &Value) -> Option<String> {
    match (here, there) {
        (Value::Object(one), Value::Object(other)) => {
            let mut names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
            let member = |of: &serde_json::Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
            names.find_map(|name| difference(&format!("{place}.{name}"), &member(one, name), &member(other, name)))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).enumerate().find_map(|(at, (one, other))| difference(&format!("{place}[{at}]"), one, other))
        }
        _ => (here != there).then(|| format!("{place}: wasmtime gives {here}, workerd {there}")),
    }
}

/// `scout` as people run it, so that it is there already where they do.
pub(super) fn scout(workspace: &Workspace) -> Command {
    let mut scout = workspace.cargo();
    scout.args(["run", "--quiet", "--bin", "scout", "--"]);
    scout
}

/// What `scout` answers.
pub(super) fn on_wasmtime(workspace: &Workspace, calls: &[Value]) -> Result<Vec<Value>> {
    let mut scout = scout(workspace);
    scout.args(["adapter", "call"]);
    answered(workspace, &mut scout, calls, "wasmtime")
}

/// What the Worker's own glue answers, in a Worker that does nothing else.
fn on_workerd(workspace: &Workspace, calls: &[Value]) -> Result<Vec<Value>> {
    let mut node = workspace.command("node");
    node.arg("edge/js/tests/calls.mjs");
    answered(workspace, &mut node, calls, "workerd")
}

/// Hands the calls to a program and takes one answer for each.
fn answered(workspace: &Workspace, program: &mut Command, calls: &[Value], name: &str) -> Result<Vec<Value>> {
    let given = folder(workspace)?.join("calls.jsonl");
    write(&given, calls.iter().map(|call| format!("{call}\n")).collect::<String>().as_bytes())?;
    let input = File::open(&given).context("the calls that were just written can't be read")?;
    let output = program.stdin(input).stderr(Stdio::inherit()).output().with_context(|| format!("the calls can't be made on {name}"))?;
    let answers = lines(&String::from_utf8_lossy(&output.stdout))?;
    if !output.status.success() || answers.len() != calls.len() {
        bail!("{name} answered {} of {} calls ({})\nhint: what it said stands above", answers.len(), calls.len(), output.status);
    }
    Ok(answers)
}

fn lines(text: &str) -> Result<Vec<Value>> {
    text.lines().map(|line| serde_json::from_str(line).with_context(|| format!("this is no JSON: {line}"))).collect()
}

fn folder(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join("readings");
    std::fs::create_dir_all(&folder).context("the folder for readings can't be made")?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_difference_is_named_by_its_path() {
        let (here, there) =
            (json!({ "ok": { "creators": [{ "bio": "a", "x": 1 }] } }), json!({ "ok": { "creators": [{ "bio": "b", "x": 2 }] } }));
        let told = difference("", &here, &there).expect("they differ");
        assert_eq!(told, ".ok.creators[0].bio: wasmtime gives \"a\", workerd \"b\"");
    }

    #[test]
    fn lists_of_other_lengths_differ_and_a_missing_member_is_null() {
        assert!(difference("", &json!([1]), &json!([1, 2])).is_some());
        assert_eq!(difference("", &json!({ "a": null }), &json!({})), None);
        assert!(difference("", &json!({}), &json!({ "a": 1 })).is_some());
    }

    #[test]
    fn a_trap_is_an_error_even_if_both_runtimes_agree_on_it() {
        let trap = [json!({ "trap": "unreachable" })];
        let error = compare(&[json!({ "adapter": "x" })], &trap, &trap).expect_err("it trapped");
        assert!(error.to_string().contains("an adapter traps"), "{error}");
    }

    #[test]
    fn a_fault_is_an_answer_except_to_what_has_to_be_read() {
        let fault = [json!({ "err": { "tag": "not-found" } })];
        assert!(compare(&[json!({ "counts": false })], &fault, &fault).is_ok());
        assert!(compare(&[json!({ "counts": true })], &fault, &fault).is_err());
    }
}
