//! Whoever plans further keywords, and whatever becomes of it.

use scout_upstream::{FaultRule, Faults, Options, Running, start};
use serde_json::{Value, json};

use crate::api::{Api, check_completed};
use crate::worker::{Worker, with_faults};

/// What every search here asks for: more than its keywords give.
const TARGET: usize = 320;

async fn platforms(faults: &[&str]) -> Running {
    let faults: Faults = faults.iter().map(|rule| rule.parse::<FaultRule>().unwrap()).collect();
    start(Options { faults, ..Options::default() }).await.unwrap()
}

/// A Worker whose searches ask the fake platforms' language model.
fn asking(upstream: &Running, faults: &str, further: &[(&str, &str)]) -> Worker {
    let url = upstream.url();
    let mut variables = with_faults(&url, faults).to_vec();
    variables.extend([("SCOUT_EXPANDER", "openai"), ("SCOUT_OPENAI_BASE_URL", ""), ("SCOUT_OPENAI_MODEL", ""), ("SCOUT_OPENAI_KEY", "")]);
    variables.extend(further);
    Worker::start(&variables)
}

/// Runs a search to its end; gives its status and the keywords that were derived in the first round.
async fn searched(api: &Api) -> (Value, Vec<String>) {
    let id = api.search("bluesky", &["fitness", "yoga"], TARGET as u32).await;
    let status = api.ended(&id).await;
    check_completed(&status, TARGET);
    let job = api.job(&id).await;
    let keywords = job["keywords"].as_array().unwrap().iter();
    let derived = keywords.filter(|keyword| keyword["origin"]["kind"] == "derived" && keyword["round"] == 0);
    let texts = derived.map(|keyword| keyword["keyword"].as_str().unwrap().to_owned()).collect();
    (status, texts)
}

fn questions(upstream: &Running) -> u64 {
    upstream.counters().platforms.get("llm").map_or(0, |llm| llm.endpoints["chat"])
}

/// Waits until the model was asked.
async fn until_asked(api: &Api, upstream: &Running, id: &str) {
    while questions(upstream) == 0 {
        let status = api.status(id).await;
        assert!(["pending", "dispatching", "searching", "enriching"].contains(&status["status"].as_str().unwrap()), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keywords_come_from_the_model_which_is_asked_once_though_every_message_comes_twice() {
    let upstream = platforms(&[]).await;
    let worker = asking(&upstream, "send-twice", &[]);
    let (status, keywords) = searched(&Api::at(&worker.url)).await;
    assert_eq!(keywords, ["gentle fitness", "gentle yoga", "urban fitness", "urban yoga", "rooftop fitness"]);
    assert_eq!((&status["notes"], questions(&upstream)), (&json!([]), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_model_fails_rules_step_in_and_the_status_says_so() {
    let upstream = platforms(&["llm:rate-limited=1"]).await;
    let worker = asking(&upstream, "routes", &[]);
    let (status, keywords) = searched(&Api::at(&worker.url)).await;
    assert_eq!(keywords, ["fitness tips", "yoga tips", "fitness for beginners", "yoga for beginners", "fitness routine"]);
    let note = "keywords were derived by rules, because a language model was asked and it was asked too often";
    assert_eq!((&status["notes"], questions(&upstream)), (&json!([note]), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_hangs_is_given_up_after_its_time_and_rules_step_in() {
    let upstream = platforms(&["llm:hang=1"]).await;
    let worker = asking(&upstream, "routes", &[("SCOUT_EXPANDER_MS", "1500")]);
    let api = Api::at(&worker.url);
    let (status, keywords) = searched(&api).await;
    assert_eq!((keywords.len(), questions(&upstream)), (5, 1));
    let note = "keywords were derived by rules, because a language model was asked and it gave no answer within 1500 ms";
    assert_eq!(status["notes"], json!([note]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_object_answers_while_the_model_is_asked() {
    let upstream = platforms(&["llm:hang=1", "search:hang=1"]).await;
    let worker = asking(&upstream, "routes", &[]);
    let api = Api::at(&worker.url);
    let id = api.search("bluesky", &["fitness", "yoga"], TARGET as u32).await;
    until_asked(&api, &upstream, &id).await;
    let status = api.status(&id).await;
    assert_eq!((&status["status"], upstream.counters().platforms["llm"].in_flight), (&json!("dispatching"), 1));
    let cancelled = api.post(&format!("/api/v2/jobs/{id}/cancel")).await;
    assert_eq!(cancelled.json()["status"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_gets_lost_with_everything_else_is_made_up_for_by_rules_and_not_paid_for_twice() {
    let upstream = platforms(&["llm:hang=1"]).await;
    let worker = asking(&upstream, "routes", &[]);
    let api = Api::at(&worker.url);
    let id = api.search("bluesky", &["fitness", "yoga"], TARGET as u32).await;
    until_asked(&api, &upstream, &id).await;
    let url = upstream.url();
    let mut variables = with_faults(&url, "routes").to_vec();
    variables.extend([("SCOUT_EXPANDER", "openai"), ("SCOUT_OPENAI_BASE_URL", ""), ("SCOUT_OPENAI_MODEL", ""), ("SCOUT_OPENAI_KEY", "")]);
    let worker = worker.restart(&variables);
    let status = Api::at(&worker.url).ended(&id).await;
    check_completed(&status, TARGET);
    let note = "keywords were derived by rules, because nothing came back from a language model";
    assert_eq!((&status["notes"], questions(&upstream)), (&json!([note]), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_operator_wants_no_expansion_a_search_keeps_to_its_keywords_and_its_estimate_says_so() {
    let upstream = platforms(&[]).await;
    let worker = asking(&upstream, "routes", &[("SCOUT_EXPANDER", "off")]);
    let api = Api::at(&worker.url);
    let body = json!({ "platform": "bluesky", "keywords": ["fitness"], "targetResults": 400 });
    let answer = api.dispatch(body.to_string()).await.json();
    assert_eq!(answer["estimate"]["keywords"], 1);
    let status = api.ended(answer["jobId"].as_str().unwrap()).await;
    assert_eq!((&status["progress"]["keywordsDispatched"], questions(&upstream)), (&json!(1), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_wants_no_expansion_costs_no_question() {
    let upstream = platforms(&[]).await;
    let worker = asking(&upstream, "routes", &[]);
    let api = Api::at(&worker.url);
    let id = api.begin(json!({ "platform": "bluesky", "keywords": ["fitness"], "targetResults": 400, "enableExpansion": false })).await;
    let status = api.ended(&id).await;
    assert_eq!((&status["progress"]["keywordsDispatched"], questions(&upstream)), (&json!(1), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_expander_lacks_is_said_in_the_log_and_nothing_is_served() {
    let worker = Worker::start(&[("SCOUT_ENV", "local"), ("SCOUT_EXPANDER", "workers-ai")]);
    let api = Api::at(&worker.url);
    let answer = api.get("/api/v2/platforms").await;
    assert_eq!((answer.status, answer.problem()["code"].as_str()), (503, Some("not_configured")));
    assert!(answer.text.contains("there is no binding AI"), "{}", answer.text);
}

/// What a search is noted and derives where a model of the stub of Workers AI is asked.
async fn asked_workers_ai(model: &str) -> (Value, Vec<String>) {
    let upstream = platforms(&[]).await;
    let url = upstream.url();
    let chosen = [("SCOUT_EXPANDER", "workers-ai"), ("SCOUT_WORKERS_AI_MODEL", model), ("SCOUT_EXPANDER_MS", "1500")];
    let worker = Worker::with_ai(&[&with_faults(&url, "routes")[..], &chosen[..]].concat());
    let (status, keywords) = searched(&Api::at(&worker.url)).await;
    (status["notes"].clone(), keywords)
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_ai_is_asked_through_its_binding() {
    let (notes, keywords) = asked_workers_ai("@cf/test/text").await;
    assert_eq!(keywords, ["alpine fitness", "alpine yoga", "fitness tips", "yoga tips", "fitness for beginners"]);
    assert_eq!(notes, json!(["keywords were derived by rules in part: a language model gave 2 of the 5 that were wanted"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_ai_that_fails_or_hangs_is_made_up_for_by_rules() {
    for (model, says) in
        [("@cf/test/other", "it does not know the address or the model"), ("@cf/test/hang", "it gave no answer within 1500 ms")]
    {
        let (notes, keywords) = asked_workers_ai(model).await;
        assert_eq!(keywords.len(), 5);
        assert_eq!(notes, json!([format!("keywords were derived by rules, because a language model was asked and {says}")]));
    }
}
