//! What accounts may do and are charged: limits under many dispatches at once, kill -9 in the middle, the waiting line, and
//! the limit on requests.

use std::collections::BTreeSet;

use futures::future::join_all;
use scout_upstream::{Options, Running, start};
use serde_json::{Value, json};

use crate::api::{Answer, Api, creators, is_final};
use crate::authorizing::deployment;
use crate::issuer::{By, good};
use crate::worker::{Worker, local};

const ACCOUNT: &str = "/api/v2/operator/accounts/local";

/// A Worker on which the account of this machine has what this says instead of everything.
struct Stage {
    upstream: Running,
    plans: String,
    worker: Worker,
}

impl Stage {
    async fn with(plan: Value, options: Options) -> Stage {
        let upstream = start(options).await.unwrap();
        let plans = json!({ "unlimited": plan }).to_string();
        let worker = Worker::start(&variables(&upstream.url(), &plans));
        Stage { upstream, plans, worker }
    }

    fn api(&self) -> Api {
        Api::at(&self.worker.url)
    }

    fn operator(&self) -> Api {
        Api::of_operator(&self.worker.url)
    }

    /// Kill -9, and the same Worker again.
    fn killed(self) -> Stage {
        let worker = self.worker.restart(&variables(&self.upstream.url(), &self.plans));
        Stage { worker, ..self }
    }

    async fn usage(&self) -> Value {
        usage(&self.api()).await
    }

    async fn books(&self) -> (u64, u64) {
        books(&self.api()).await
    }

    async fn settled(&self) -> u64 {
        settled(&self.api()).await
    }

    /// All entries of the ledger, which must agree with the account.
    async fn ledger(&self) -> Vec<Value> {
        ledger(&self.operator(), ACCOUNT).await
    }
}

async fn usage(api: &Api) -> Value {
    let answer = api.get("/api/v2/usage").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Used and reserved, checked to be within the limit together.
async fn books(api: &Api) -> (u64, u64) {
    let usage = usage(api).await;
    let number = |name: &str| usage[name].as_u64().unwrap();
    let limit = usage["limits"]["creatorsPerMonth"].as_u64().unwrap();
    assert!(number("used") + number("reserved") <= limit, "{usage}");
    assert_eq!(number("remaining"), limit - number("used") - number("reserved"));
    (number("used"), number("reserved"))
}

/// Waits until nothing is reserved; gives what was used.
async fn settled(api: &Api) -> u64 {
    let began = std::time::Instant::now();
    loop {
        let (used, reserved) = books(api).await;
        if reserved == 0 {
            return used;
        }
        assert!(began.elapsed() < crate::api::JOB_MAX, "{reserved} creators stay reserved");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// All entries of an account's ledger, which must agree with the account.
async fn ledger(operator: &Api, account: &str) -> Vec<Value> {
    let (mut entries, mut cursor) = (Vec::new(), "0".to_owned());
    loop {
        let page = operator.get(&format!("{account}/ledger?limit=7&cursor={cursor}")).await.json();
        assert_eq!(page["check"], json!({ "agrees": true, "differences": [] }));
        entries.extend(page["entries"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return entries,
        }
    }
}

fn variables<'a>(upstream: &'a str, plans: &'a str) -> [(&'static str, &'a str); 5] {
    let [environment, upstream, faults, operator] = local(upstream);
    [environment, upstream, faults, operator, ("SCOUT_PLANS", plans)]
}

fn wish(keyword: &str, target: u32) -> String {
    json!({ "platform": "bluesky", "keywords": [keyword], "targetResults": target }).to_string()
}

fn id(answer: &Answer) -> String {
    answer.json()["jobId"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_dispatches_at_once_never_pass_the_limit_and_what_is_used_is_what_was_delivered() {
    let plan = json!({ "creatorsPerMonth": 1_000, "concurrentJobs": 5 });
    let stage = Stage::with(plan, Options { latency_ms: 200, ..Options::default() }).await;
    let api = stage.api();
    let answers = join_all((0..20).map(|number| api.dispatch(wish(&format!("fitness {number}"), 400)))).await;
    let (let_in, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 202);
    assert_eq!(let_in.len(), 2, "{answers:?}");
    for answer in refused {
        let problem = answer.problem();
        assert_eq!((answer.status, &problem["code"]), (402, &json!("plan_limit")));
        assert_eq!((&problem["limit"], &problem["plan"]), (&json!(1_000), &json!("unlimited")));
        assert!(problem["remaining"].as_u64().unwrap() < 400 + 200 + 1 && problem["resetsAt"].is_string(), "{problem}");
    }
    let jobs: Vec<String> = let_in.into_iter().map(id).collect();
    api.status_when(&jobs[0], |status| !creators(status).is_empty()).await;
    stage.books().await;
    let stage = stage.killed();
    let api = stage.api();
    let mut delivered = 0;
    for job in &jobs {
        delivered += api.ended(job).await["totalCreators"].as_u64().unwrap();
    }
    assert_eq!(stage.settled().await, delivered);
    let entries = stage.ledger().await;
    let sum =
        |kind: &str| -> u64 { entries.iter().filter(|entry| entry["kind"] == kind).map(|entry| entry["amount"].as_u64().unwrap()).sum() };
    assert_eq!((sum("reserved"), sum("counted"), sum("released")), (800, delivered, 800 - delivered));
    let numbers: Vec<u64> = entries.iter().map(|entry| entry["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (0..entries.len() as u64).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_above_the_plan_wait_with_their_place_shown_and_begin_in_the_order_they_came() {
    let plan = json!({ "creatorsPerMonth": 1_000, "concurrentJobs": 1 });
    let stage = Stage::with(plan, Options { latency_ms: 400, ..Options::default() }).await;
    let api = stage.api();
    let keywords = ["baking", "chess", "pilates", "sewing", "yoga"];
    let mut jobs = Vec::new();
    for (place, keyword) in keywords.iter().enumerate() {
        let body = json!({ "platform": "bluesky", "keywords": [keyword], "targetResults": 40, "enableExpansion": false });
        let answer = api.dispatch(body.to_string()).await;
        assert_eq!((answer.status, answer.json()["place"].as_u64()), (202, (place > 0).then_some(place as u64)), "{answer:?}");
        jobs.push(id(&answer));
    }
    let status = api.status(&jobs[2]).await;
    assert_eq!(status["status"], "pending");
    assert!(
        status["message"].as_str().unwrap().contains("in line") || status["message"].as_str().unwrap().contains("next one"),
        "{status}"
    );
    let cancelled = api.post(&format!("/api/v2/jobs/{}/cancel", jobs[3])).await;
    assert_eq!((cancelled.status, &cancelled.json()["status"]), (200, &json!("cancelled")));
    let stage = stage.killed();
    let api = stage.api();
    for job in &jobs {
        api.ended(job).await;
    }
    let mut searched: Vec<String> = Vec::new();
    for call in stage.upstream.served().into_iter().filter(|call| call.endpoint == "search") {
        let keyword = call.query.iter().find(|(name, _)| name == "q").unwrap().1.clone();
        if !searched.contains(&keyword) {
            searched.push(keyword);
        }
    }
    assert_eq!(searched, ["baking", "chess", "pilates", "yoga"]);
    stage.settled().await;
    let list = api.get("/api/v2/jobs?limit=3").await.json();
    let shown =
        |list: &Value| list["jobs"].as_array().unwrap().iter().map(|job| job["jobId"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(shown(&list), [jobs[4].clone(), jobs[3].clone(), jobs[2].clone()]);
    assert_eq!(list["jobs"][1]["status"], "cancelled");
    let rest = api.get(&format!("/api/v2/jobs?limit=3&cursor={}", list["nextCursor"].as_str().unwrap())).await.json();
    assert_eq!((shown(&rest), &rest["nextCursor"]), (vec![jobs[1].clone(), jobs[0].clone()], &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_has_its_searches_and_those_that_deliver_nothing_use_up_none() {
    let plan = json!({ "creatorsPerMonth": 300, "concurrentJobs": 2, "targetMax": 100, "searches": 1, "days": 7 });
    let stage = Stage::with(plan, Options { latency_ms: 100, ..Options::default() }).await;
    let api = stage.api();
    let too_large = api.dispatch(wish("yoga", 101)).await;
    assert_eq!((too_large.status, &too_large.problem()["code"]), (402, &json!("target_too_large")));
    assert_eq!(too_large.problem()["remaining"], 100);
    // It is cancelled before anything can be found, and holds the search as long as it runs.
    stage.upstream.set_faults(["hang=1".parse().unwrap()].into_iter().collect());
    let first = id(&api.dispatch(wish("yoga", 100)).await);
    let meanwhile = api.dispatch(wish("chess", 20)).await;
    assert_eq!((meanwhile.status, &meanwhile.problem()["code"]), (402, &json!("trial_used")));
    api.post(&format!("/api/v2/jobs/{first}/cancel")).await;
    assert_eq!(stage.settled().await, 0);
    stage.upstream.set_faults(scout_upstream::Faults::none());
    let second = id(&api.dispatch(wish("chess", 20)).await);
    assert_eq!(api.ended(&second).await["totalCreators"], 20);
    assert_eq!(stage.settled().await, 20);
    let third = api.dispatch(wish("baking", 20)).await;
    assert_eq!((third.status, &third.problem()["code"]), (402, &json!("trial_used")));
    let trial = &stage.usage().await["trial"];
    assert_eq!((&trial["searches"], &trial["used"], &trial["held"]), (&json!(1), &json!(1), &json!(0)));
    // What another run adds belongs to the search that is used up already.
    assert_eq!(api.post(&format!("/api/v2/jobs/{second}/retry")).await.status, 409);
    let third = api.post(&format!("/api/v2/jobs/{first}/retry")).await;
    assert_eq!((third.status, &third.problem()["code"]), (402, &json!("trial_used")), "it would be another search");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_run_reserves_what_is_missing_and_is_charged_for_what_it_adds() {
    let plan = json!({ "creatorsPerMonth": 1_500 });
    let stage = Stage::with(plan, Options { latency_ms: 300, ..Options::default() }).await;
    let api = stage.api();
    let job = id(&api.dispatch(wish("yoga", 1_000)).await);
    api.status_when(&job, |status| !creators(status).is_empty()).await;
    api.post(&format!("/api/v2/jobs/{job}/cancel")).await;
    let first = stage.settled().await;
    assert!(first > 0 && first < 1_000, "{first}");
    let answer = api.post(&format!("/api/v2/jobs/{job}/retry")).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let delivered = api.ended(&job).await["totalCreators"].as_u64().unwrap();
    assert_eq!(stage.settled().await, delivered);
    let runs: BTreeSet<u64> = stage.ledger().await.iter().filter_map(|entry| entry["run"].as_u64()).collect();
    assert_eq!(runs, BTreeSet::from([0, 1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_answered_up_to_the_limit_of_a_minute_and_then_told_when_to_come_back() {
    let stage = Stage::with(json!({ "requestsPerMinute": 2 }), Options::default()).await;
    let api = stage.api();
    let mut remaining = Vec::new();
    for _ in 0..2 {
        let answer = api.get("/api/v2/platforms").await;
        assert_eq!((answer.status, answer.headers["ratelimit-policy"].to_str().unwrap()), (200, r#""requests";q=2;w=60"#));
        remaining.push(answer.headers["ratelimit"].to_str().unwrap().split(';').nth(1).unwrap().to_owned());
    }
    assert_eq!(remaining, ["r=1", "r=0"]);
    let answer = api.get("/api/v2/usage").await;
    assert_eq!((answer.status, &answer.problem()["code"]), (429, &json!("too_many_requests")));
    let seconds: u32 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    assert!(answer.headers["ratelimit"].to_str().unwrap().starts_with(r#""requests";r=0;t="#), "{answer:?}");
    // Whoever needs no account has no limit.
    assert_eq!(api.get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_sees_every_account_and_puts_it_on_another_plan() {
    let stage =
        Stage::with(json!({ "creatorsPerMonth": 50, "concurrentJobs": 1 }), Options { latency_ms: 400, ..Options::default() }).await;
    let (api, operator) = (stage.api(), stage.operator());
    assert_eq!(operator.get(ACCOUNT).await.status, 404, "an account that was only looked at is none");
    let first = id(&api.dispatch(wish("yoga", 40)).await);
    let refused = api.dispatch(wish("chess", 11)).await;
    assert_eq!((refused.status, &refused.problem()["remaining"]), (402, &json!(10)));
    let put = |body: Value| {
        operator.client.put(format!("{}{ACCOUNT}", api.url)).header("content-type", "application/json").body(body.to_string())
    };
    let wrong = operator.send(put(json!({ "plan": "gold" }))).await;
    assert_eq!((wrong.status, wrong.mistakes()), (422, vec![("/plan".to_owned(), "unknown_plan".to_owned())]));
    let changed = operator.send(put(json!({ "plan": "growth" }))).await;
    assert_eq!((changed.status, &changed.json()["plan"], &changed.json()["reserved"]), (200, &json!("growth"), &json!(40)));
    let second = id(&api.dispatch(wish("chess", 200)).await);
    for job in [&first, &second] {
        assert!(is_final(&api.ended(job).await));
    }
    stage.settled().await;
    let began = std::time::Instant::now();
    loop {
        let list = operator.get("/api/v2/operator/accounts").await.json();
        let plans: Vec<&Value> = list["accounts"].as_array().unwrap().iter().map(|account| &account["plan"]).collect();
        if plans == [&json!("growth")] {
            break;
        }
        assert!(began.elapsed() < crate::api::JOB_MAX, "{list}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let plans: Vec<Value> =
        stage.ledger().await.into_iter().filter(|entry| entry["kind"] == "plan").map(|entry| entry["plan"].clone()).collect();
    assert_eq!(plans, ["unlimited", "growth"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_that_dispatch_all_at_once_have_a_limit_each_and_neither_pays_for_the_other() {
    const SECRET: &str = "a secret of the tests of 32 bytes or more";
    let upstream = start(Options { latency_ms: 200, ..Options::default() }).await.unwrap();
    let url = upstream.url();
    let plans = json!({ "unlimited": { "creatorsPerMonth": 1_000, "concurrentJobs": 5 } }).to_string();
    let variables = [&deployment(&url, ("SCOUT_JWT_SECRET", SECRET))[..], &[("SCOUT_PLANS", &plans)]].concat();
    let worker = Worker::start(&variables);
    let names = ["ana", "berta"];
    let apis = |worker: &Worker| names.map(|name| Api::as_bearer(&worker.url, Some(&good(By::Secret(SECRET), name))));
    let [ana, berta] = &apis(&worker);
    let one = |number: usize| if number.is_multiple_of(2) { ana } else { berta };
    let answers = join_all((0..40).map(|number| one(number).dispatch(wish(&format!("fitness {}", number / 2), 400)))).await;
    let jobs = [0, 1].map(|of| -> Vec<String> {
        let own = answers.iter().enumerate().filter(|(number, _)| number % 2 == of).map(|(_, answer)| answer);
        own.filter(|answer| answer.status == 202).map(id).collect()
    });
    assert_eq!(jobs.each_ref().map(Vec::len), [2, 2], "{answers:?}");
    ana.status_when(&jobs[0][0], |status| !creators(status).is_empty()).await;
    books(berta).await;
    let worker = worker.restart(&variables);
    let operator = Api::of_operator(&worker.url);
    for ((api, name), jobs) in apis(&worker).iter().zip(names).zip(&jobs) {
        let mut delivered = 0;
        for job in jobs {
            delivered += api.ended(job).await["totalCreators"].as_u64().unwrap();
        }
        assert_eq!(settled(api).await, delivered, "{name}");
        let entries = ledger(&operator, &format!("/api/v2/operator/accounts/{name}")).await;
        let counted = entries.iter().filter(|entry| entry["kind"] == "counted").map(|entry| entry["amount"].as_u64().unwrap());
        assert_eq!(counted.sum::<u64>(), delivered, "{name}");
    }
}
