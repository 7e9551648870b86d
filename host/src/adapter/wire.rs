//! What adapters answer, as JSON with the names of the contract: `profile-url`, `out-of-credit`.

use scout_pipeline::contract::{Creator, Fault, Outcome, Page, Profile};
use scout_pipeline::ports::AdapterError;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// `{"ok": …}` or `{"fault": …}`; an adapter that broke gave no answer and stays an error.
pub(super) fn answer<T>(outcome: Result<T, AdapterError>, ok: impl FnOnce(&T) -> Value) -> Result<Value, AdapterError> {
    match outcome {
        Ok(value) => Ok(json!({ "ok": ok(&value) })),
        Err(AdapterError::Fault(it)) => Ok(json!({ "fault": fault(&it) })),
        Err(broken) => Err(broken),
    }
}

pub(super) fn page(page: &Page) -> Value {
    json!({ "creators": page.creators.iter().map(creator).collect::<Vec<_>>(), "next": page.next })
}

pub(super) fn profiles(profiles: &[Profile]) -> Value {
    let profile = |profile: &Profile| json!({ "identity": profile.identity, "outcome": outcome(&profile.outcome) });
    json!({ "profiles": profiles.iter().map(profile).collect::<Vec<_>>() })
}

fn outcome(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Enriched(found) => json!({ "enriched": creator(found) }),
        Outcome::Empty(absence) => json!({ "empty": absence }),
        Outcome::Failed(reason) => json!({ "failed": fault(reason) }),
    }
}

fn fault(fault: &Fault) -> Value {
    let (kind, detail) = match fault {
        Fault::RateLimited(seconds) => ("rate-limited", json!(seconds)),
        Fault::Unauthorized(text) => ("unauthorized", json!(text)),
        Fault::OutOfCredit(text) => ("out-of-credit", json!(text)),
        Fault::Blocked(text) => ("blocked", json!(text)),
        Fault::NotFound => ("not-found", Value::Null),
        Fault::Unavailable(text) => ("unavailable", json!(text)),
        Fault::Malformed(text) => ("malformed", json!(text)),
        Fault::Unsupported(text) => ("unsupported", json!(text)),
        Fault::Other(text) => ("other", json!(text)),
    };
    json!({ "kind": kind, "detail": detail })
}

fn creator(creator: &Creator) -> Value {
    kebab(named(creator))
}

/// The record as the rules serialise it. They hold text and numbers only, which JSON always takes.
fn named(record: &impl Serialize) -> Value {
    serde_json::to_value(record).unwrap_or_default()
}

/// Field names in the contract's spelling. Records have fields only, no map whose keys are data.
fn kebab(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (kebab_name(&name), kebab(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(kebab).collect()),
        other => other,
    }
}

fn kebab_name(name: &str) -> String {
    name.chars().flat_map(|c| [c.is_ascii_uppercase().then_some('-'), Some(c.to_ascii_lowercase())]).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scout_pipeline::contract::{Absence, Content};

    #[test]
    fn a_page_has_the_contracts_names_and_null_for_what_is_unknown() {
        let content = Content { id: "7".into(), posted_at: Some("2026-01-02T03:04:05Z".into()), ..Content::default() };
        let creator = Creator {
            identity: "1".into(),
            username: "ana".into(),
            profile_url: Some("https://example.test/ana".into()),
            followers: Some(u64::MAX),
            ids: vec![("uniqueId".into(), "ana".into())],
            content: Some(content),
            ..Creator::default()
        };
        insta::assert_snapshot!(page(&Page { creators: vec![creator], next: None }), @r#"{"creators":[{"avatar-url":null,"bio":null,"complete":false,"content":{"comments":null,"description":null,"duration":null,"hashtags":[],"id":"7","likes":null,"posted-at":"2026-01-02T03:04:05Z","shares":null,"thumbnail":null,"url":null,"views":null},"country":null,"email":null,"extra":[],"followers":18446744073709551615,"identity":"1","ids":[["uniqueId","ana"]],"language":null,"links":[],"name":null,"profile-url":"https://example.test/ana","username":"ana","verified":null}],"next":null}"#);
    }

    #[test]
    fn an_outcome_is_named_by_its_case() {
        let of = |outcome: Outcome| profiles(&[Profile { identity: "1".into(), outcome }])["profiles"][0]["outcome"].to_string();
        assert_eq!(of(Outcome::Empty(Absence::Private)), r#"{"empty":"private"}"#);
        assert_eq!(of(Outcome::Failed(Fault::RateLimited(Some(3)))), r#"{"failed":{"detail":3,"kind":"rate-limited"}}"#);
        assert!(of(Outcome::Enriched(Creator::default())).starts_with(r#"{"enriched":{"#));
    }

    #[test]
    fn a_fault_has_kind_and_detail() {
        let of = |fault: Fault| answer(Err::<Page, _>(AdapterError::Fault(fault)), page).unwrap().to_string();
        assert_eq!(of(Fault::NotFound), r#"{"fault":{"detail":null,"kind":"not-found"}}"#);
        assert_eq!(of(Fault::RateLimited(None)), r#"{"fault":{"detail":null,"kind":"rate-limited"}}"#);
        assert_eq!(of(Fault::OutOfCredit("none left".into())), r#"{"fault":{"detail":"none left","kind":"out-of-credit"}}"#);
    }

    #[test]
    fn an_adapter_that_broke_gave_no_answer() {
        assert!(answer(Err::<Page, _>(AdapterError::Broken("it trapped".into())), page).is_err());
    }
}
