//! `POST /api/v2/dispatch`: has the account let a search in, begins its job, and answers before anything slow happens.

use scout_pipeline::accept::{Accepted, Offer, accept, estimate};
use scout_pipeline::account::Search;
use scout_pipeline::contract::Manifest;
use scout_pipeline::drive::Installed;
use scout_pipeline::job::{Dispatch, Status};
use scout_pipeline::outbound::missing_secrets;
use serde_json::{Value, json};
use worker::{Env, Request, console_error};

use super::account::{let_in, too_late};
use super::{body, no_query, parameters, unreachable};
use crate::adapters::{Glued, installed};
use crate::answer::Answer;
use crate::auth::Account;
use crate::clock::{now, random};
use crate::command::{Command, TOO_LATE};
use crate::config::Config;
use crate::expander::Expander;
use crate::id::uuid_v7;
use crate::link::Link;
use crate::problem::Problem;

/// Accepts a search and begins its job.
pub(super) async fn dispatch(request: &Request, env: &Env, config: &Config, account: &Account) -> Result<Answer, Problem> {
    no_query(&parameters(request)?)?;
    let body = body::json(request).await?;
    let adapters = installed(env, config);
    let offers: Vec<Offer> = adapters.iter().map(|installed| Offer::from(&installed.manifest)).collect();
    let mut accepted = accept(&body, &offers)?;
    // What was chosen for all searches is known before the answer says what this one will cost.
    accepted.expand &= config.expander != Expander::Off;
    let adapter = adapters.iter().find(|installed| installed.manifest.platform == accepted.platform).ok_or_else(Problem::internal)?;
    check_secrets(adapter)?;
    let mut dispatch = order(accepted, adapter, account);
    let place = let_in(env, &account.id, Search::of(&dispatch, 0, 0)).await?.place;
    dispatch.waits = place.is_some();
    let answer = answer(&dispatch.id, &dispatch.accepted, &dispatch.manifest, place);
    begin(env, dispatch).await?;
    Ok(answer)
}

fn order(accepted: Accepted, adapter: &Installed<Glued>, account: &Account) -> Dispatch {
    let at = now();
    Dispatch {
        id: uuid_v7(at.0, random()),
        accepted,
        manifest: adapter.manifest.clone(),
        settings: adapter.setup.settings_in_force(&adapter.manifest),
        seed: u64::from_le_bytes(random()),
        at,
        account: Some(account.id.clone()),
        waits: false,
    }
}

async fn begin(env: &Env, dispatch: Dispatch) -> Result<(), Problem> {
    let id = dispatch.id.clone();
    let answered = Link::new(env, &id).ask(&Command::Create(Box::new(dispatch))).await.map_err(|error| unreachable(&error))?;
    match answered.status {
        200 => Ok(()),
        TOO_LATE => Err(too_late()),
        // What was reserved is free again as soon as the account finds that there is no job.
        status => {
            console_error!("the job {id} could not be begun: its object answered {status}");
            Err(Problem::internal())
        }
    }
}

fn check_secrets(adapter: &Installed<Glued>) -> Result<(), Problem> {
    match &missing_secrets(&adapter.manifest, &adapter.setup)[..] {
        [] => Ok(()),
        missing => Err(not_ready(&adapter.manifest.label, missing)),
    }
}

fn not_ready(label: &str, missing: &[String]) -> Problem {
    let names = missing.join(", ");
    let detail = format!("{label} can't be searched, because it needs a secret that is not set: {names}");
    let hint = format!("set {names}, locally in the file .dev.vars, on Cloudflare with `wrangler secret put`; or choose another platform");
    Problem::new(503, "platform_not_ready", detail, hint)
}

fn answer(id: &str, accepted: &Accepted, manifest: &Manifest, place: Option<u32>) -> Answer {
    let job = format!("/api/v2/jobs/{id}");
    let mut json = accepted_json(id, &job, accepted, manifest);
    if let Some(place) = place {
        json["place"] = place.into();
    }
    Answer::json(202, &json).with_header("location", job)
}

fn accepted_json(id: &str, job: &str, accepted: &Accepted, manifest: &Manifest) -> Value {
    json!({
        "jobId": id,
        "keywords": accepted.keywords,
        "targetResults": accepted.target,
        "platform": accepted.platform,
        "status": Status::Pending,
        "links": { "status": format!("/api/v2/status?jobId={id}"), "job": job },
        "estimate": estimate(accepted, manifest),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use scout_pipeline::contract::{Enrichment, Hints};

    fn manifest() -> Manifest {
        Manifest {
            platform: "sample".into(),
            label: "Sample".into(),
            version: "1.0.0".into(),
            origins: Vec::new(),
            enrichment: Enrichment::Required(10),
            hints: Hints { page_size: 30, creators_per_keyword: 25, pages_per_keyword: 2, calls_per_minute: None },
            reports_views: false,
            settings: Vec::new(),
            extra: Vec::new(),
        }
    }

    #[test]
    fn the_answer_says_what_was_accepted_and_where_to_look() {
        let offers = [Offer::from(&manifest())];
        let body = br#"{"platform": "sample", "keywords": ["  hot   yoga ", "Hot Yoga"], "targetResults": 100}"#;
        let accepted = accept(body, &offers).unwrap();
        let answer = |place| answer("id-1", &accepted, &manifest(), place);
        let waits: Value = serde_json::from_str(&answer(Some(3)).body.unwrap().1).unwrap();
        assert_eq!((&waits["status"], &waits["place"]), (&json!("pending"), &json!(3)));
        let answer = answer(None);
        assert_eq!((answer.status, &answer.headers[..]), (202, &[("location", "/api/v2/jobs/id-1".to_owned())][..]));
        let json: Value = serde_json::from_str(&answer.body.unwrap().1).unwrap();
        let expected = json!({
            "jobId": "id-1",
            "keywords": ["hot yoga"],
            "targetResults": 100,
            "platform": "sample",
            "status": "pending",
            "links": { "status": "/api/v2/status?jobId=id-1", "job": "/api/v2/jobs/id-1" },
            "estimate": { "keywords": 5, "upstreamCalls": 15 },
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn a_platform_that_is_not_ready_names_the_secret_and_where_to_set_it() {
        let problem = not_ready("Sample", &["SAMPLE_KEY".into()]);
        assert_eq!((problem.status, problem.code), (503, "platform_not_ready"));
        let json = problem.json();
        assert!(json.contains("not set: SAMPLE_KEY") && json.contains("set SAMPLE_KEY, locally in the file .dev.vars"), "{json}");
    }
}
