//! The language model.

use serde_json::{Value, json};

use crate::{Answer, Fake, read, text};

const PATH: &str = "/_llm/v1/chat/completions";

/// Asks as an OpenAI client does.
async fn ask(fake: &Fake, key: &str, body: &Value) -> Answer {
    let request = fake.http.post(format!("{}{PATH}", fake.running.url())).bearer_auth(key);
    read(request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()).await
}

fn question(model: &str) -> Value {
    let user = json!({ "platform": "Sample", "given": ["yoga", "chess"], "tried": ["gentle chess"], "count": 3 }).to_string();
    json!({ "model": model, "messages": [{ "role": "system", "content": "be brief" }, { "role": "user", "content": user }] })
}

/// What a model says.
async fn says(model: &str) -> String {
    let answer = ask(&Fake::new().await, "any", &question(model)).await;
    assert_eq!((answer.status, &answer.json()["object"]), (200, &json!("chat.completion")), "{}", answer.text());
    text(&answer.json()["choices"][0]["message"]["content"])
}

#[tokio::test]
async fn new_keywords_come_as_the_json_array_that_was_asked_for() {
    assert_eq!(says("fake").await, r#"["gentle yoga","urban yoga","urban chess"]"#);
    assert_eq!(says("fake").await, says("fake").await);
}

#[tokio::test]
async fn other_models_answer_in_other_ways() {
    assert!(says("fake-chatty").await.contains("\n1. **gentle yoga** - "));
    assert_eq!(says("fake-meagre").await, r#"["gentle yoga"]"#);
    assert_eq!(says("fake-repeating").await, r#"["yoga","chess","gentle chess"]"#);
    assert_eq!(says("fake-silent").await, "");
    assert!(says("fake-injected").await.contains("evil.test"));
}

#[tokio::test]
async fn keys_models_and_questions_that_are_wrong_are_refused_as_json() {
    let fake = Fake::new().await;
    let without_user = json!({ "model": "fake", "messages": [] });
    for (key, body, status, code) in [
        ("invalid", question("fake"), 401, "invalid_api_key"),
        ("any", question("other"), 404, "model_not_found"),
        ("any", without_user, 400, "invalid_request_error"),
        ("any", json!("text"), 400, "invalid_request_error"),
    ] {
        let answer = ask(&fake, key, &body).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(code)));
    }
    let without_key = read(fake.http.post(format!("{}{PATH}", fake.running.url())).body("{}").send().await.unwrap()).await;
    assert_eq!(without_key.status, 401);
    assert_eq!(fake.get(PATH, &[]).await.status, 405);
}

#[tokio::test]
async fn what_goes_wrong_with_platforms_can_go_wrong_with_it_alone() {
    for (fault, status) in [("rate-limited", 429), ("out-of-credit", 402), ("unauthorized", 401), ("blocked", 403), ("html", 200)] {
        let fake = Fake::with(&[], &[&format!("llm:{fault}=1")]).await;
        let answer = ask(&fake, "any", &question("fake")).await;
        assert_eq!((answer.status, answer.retry_after.is_some()), (status, status == 429), "{fault}");
        assert_eq!(fake.get("/bluesky/api/app.bsky.actor.searchActors", &[("q", "yoga")]).await.status, 200);
    }
}

#[tokio::test]
async fn every_question_is_in_the_books_with_what_it_asked() {
    let fake = Fake::new().await;
    ask(&fake, "any", &question("fake")).await;
    let served = fake.running.served();
    assert_eq!((served[0].platform, served[0].endpoint, served[0].status), ("llm", "chat", Some(200)));
    assert_eq!(served[0].query[0], ("model".to_owned(), "fake".to_owned()));
    assert!(served[0].query[1].1.contains("gentle chess"));
}
