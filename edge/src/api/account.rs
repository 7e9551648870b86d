//! What a caller is told of their account: `GET /api/v2/usage`, `GET /api/v2/jobs`, the place of a job that waits, and why a
//! search was not let in.

use scout_pipeline::account::{LetIn, Refusal, Search, Why};
use scout_pipeline::ports::LinkError;
use scout_pipeline::time::Time;
use serde_json::Value;
use worker::{Env, console_error};

use super::query::ListQuery;
use crate::account;
use crate::answer::Answer;
use crate::command::WAITING;
use crate::problem::Problem;

/// After how many seconds it is worth asking again where the waiting line was full.
const LINE_RETRY_AFTER_S: u32 = 60;

/// `GET /api/v2/usage`
pub(super) async fn usage(env: &Env, account: &str) -> Result<Answer, Problem> {
    account::usage(env, account).await.map(|usage| Answer::json(200, &usage)).map_err(|error| unreachable(&error))
}

/// `GET /api/v2/jobs`
pub(super) async fn jobs(env: &Env, account: &str, query: &ListQuery<u32>) -> Result<Answer, Problem> {
    let page = account::jobs(env, account, query.cursor, query.limit).await.map_err(|error| unreachable(&error))?;
    Ok(Answer::json(200, &page))
}

/// Has an account let a run in.
pub(super) async fn let_in(env: &Env, account: &str, search: Search) -> Result<LetIn, Problem> {
    let answer = account::validate_creator_search(env, account, search).await.map_err(|error| unreachable(&error))?;
    answer.map_err(|refusal| refused(&refusal))
}

/// The status of a job that waits, with its place in line where the account can be asked for it. That of any other is
/// what it is.
pub(super) async fn with_place(env: &Env, account: &str, job: &str, answer: Answer) -> Answer {
    if answer.status != WAITING {
        return answer;
    }
    let place = account::place(env, account, job).await.unwrap_or_else(|error| {
        console_error!("a job's place in line is not known: {error}");
        None
    });
    let body = answer.body.map(|(kind, text)| (kind, place.and_then(|place| say_place(&text, place)).unwrap_or(text)));
    Answer { status: 200, body, ..answer }
}

fn say_place(status: &str, place: u32) -> Option<String> {
    let mut status: Value = serde_json::from_str(status).ok()?;
    let message = match place {
        1 => "The search waits until another one of the account is over. It is the next one.".to_owned(),
        place => format!("The search waits until others of the account are over. It is number {place} in line."),
    };
    *status.get_mut("message")? = message.into();
    serde_json::to_string(&status).ok()
}

/// The account's object gave no answer.
pub(super) fn unreachable(error: &LinkError) -> Problem {
    console_error!("an account's object gave no answer: {error}");
    Problem::internal()
}

/// A run was let in, and was not begun in time.
pub(super) fn too_late() -> Problem {
    let hint = "send the request again; what was reserved for it is free again in a few minutes";
    Problem::new(503, "too_late", "the search could not be begun in time", hint).with_header("retry-after", "1")
}

/// A search was not let in.
fn refused(refusal: &Refusal) -> Problem {
    let Refusal { why, plan, limit, remaining, resets_at } = refusal;
    let resets_at = resets_at.map(Time::rfc3339);
    let until = resets_at.as_deref().unwrap_or("then");
    let (status, detail, hint) = match why {
        Why::PlanLimit => (
            402,
            format!("the plan {plan} has {limit} creators a month, and fewer than this search asks for are left"),
            format!("ask for at most {remaining} creators, wait until {until}, or choose a larger plan"),
        ),
        Why::TargetTooLarge => (
            402,
            format!("the plan {plan} allows {limit} creators in one search"),
            format!("ask for at most {remaining} creators, or choose a larger plan"),
        ),
        Why::TrialUsed => (
            402,
            format!("the plan {plan} allows {limit} searches, and all of them are used up or under way"),
            "wait for a search that is under way, which uses up none if it finds nothing; or choose a larger plan".to_owned(),
        ),
        Why::TrialExpired => (402, format!("the plan {plan} lasts {limit} days, and they are over"), "choose another plan".to_owned()),
        Why::TooManyWaiting => (
            429,
            format!("{limit} searches of the account wait already, and no more can"),
            "wait until one of them has begun, or cancel one with POST /api/v2/jobs/{id}/cancel".to_owned(),
        ),
    };
    let problem = Problem::new(status, why.name(), detail, hint);
    let problem = problem.with_member("plan", plan.as_str()).with_member("limit", *limit).with_member("remaining", *remaining);
    let problem = problem.with_member("resetsAt", resets_at);
    if status == 429 { problem.with_header("retry-after", LINE_RETRY_AFTER_S.to_string()) } else { problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(why: Why, resets_at: Option<Time>) -> (Problem, Value) {
        let problem = refused(&Refusal { why, plan: "trial".into(), limit: 300, remaining: 40, resets_at });
        let json = serde_json::from_str(&problem.json()).unwrap();
        (problem, json)
    }

    #[test]
    fn a_search_that_the_plan_does_not_allow_is_told_what_remains() {
        for why in [Why::PlanLimit, Why::TargetTooLarge, Why::TrialUsed, Why::TrialExpired] {
            let (problem, json) = problem(why, None);
            assert_eq!((problem.status, problem.code, &json["code"]), (402, why.name(), &Value::from(why.name())));
            assert_eq!((&json["remaining"], &json["limit"], &json["plan"]), (&40.into(), &300.into(), &"trial".into()));
            assert_eq!((&json["title"], &json["resetsAt"]), (&"Payment Required".into(), &Value::Null));
        }
    }

    #[test]
    fn a_month_that_is_used_up_says_when_the_next_one_begins() {
        let (_, json) = problem(Why::PlanLimit, Some(Time(1_796_083_200_000)));
        assert_eq!(json["resetsAt"], "2026-12-01T00:00:00.000Z");
        assert!(json["hint"].as_str().unwrap().contains("at most 40 creators, wait until 2026-12-01T00:00:00.000Z"), "{json}");
    }

    #[test]
    fn a_full_line_is_a_matter_of_time() {
        let (problem, json) = problem(Why::TooManyWaiting, None);
        assert_eq!((problem.status, json["title"].as_str()), (429, Some("Too Many Requests")));
        assert_eq!(problem.headers, [("retry-after", "60".to_owned())]);
    }

    #[test]
    fn the_place_is_said_in_words() {
        let status = r#"{"status":"pending","message":"It waits."}"#;
        assert!(say_place(status, 1).unwrap().contains("the next one"));
        assert!(say_place(status, 7).unwrap().contains("number 7 in line"));
        assert_eq!((say_place("{}", 1), say_place("", 1)), (None, None));
    }
}
