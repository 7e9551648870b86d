//! Cloudflare's own language models, through the binding `AI`.

use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use scout_pipeline::expand::{Model, ModelError, Prompt, openai};
use scout_pipeline::limits::EXPANDER_BYTES_MAX;
use serde_json::{Value, json};
use worker::js_sys::{Promise, Reflect};
use worker::wasm_bindgen;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Delay, Env, console_warn};

/// Tokens that an answer may have: enough for every keyword that is read. Left to itself it would end after 256.
const ANSWER_TOKENS_MAX: u32 = 2_048;

// In and out as JSON text: a whole answer crosses at once, whatever is in it.
#[wasm_bindgen(
    inline_js = "export async function runAi(env, model, inputs) { return JSON.stringify(await env.AI.run(model, JSON.parse(inputs))) ?? ''; }"
)]
extern "C" {
    #[wasm_bindgen(js_name = runAi)]
    fn run_ai(env: &JsValue, model: &str, inputs: &str) -> Promise;
}

/// A model of Workers AI.
pub(super) struct WorkersAi<'a> {
    pub(super) env: &'a Env,
    pub(super) model: &'a str,
}

impl Model for WorkersAi<'_> {
    async fn ask(&self, prompt: &Prompt, ms_max: u32) -> Result<String, ModelError> {
        let inputs = inputs(prompt).to_string();
        let answer = pin!(JsFuture::from(run_ai(self.env.as_ref(), self.model, &inputs)));
        // The binding has no way to be told to stop; what comes later is dropped.
        let time = pin!(Delay::from(Duration::from_millis(ms_max.into())));
        match select(answer, time).await {
            Either::Left((Ok(answer), _)) => read(&answer.as_string().unwrap_or_default()),
            Either::Left((Err(error), _)) => {
                let message = Reflect::get(&error, &"message".into()).ok().and_then(|message| message.as_string()).unwrap_or_default();
                console_warn!("Workers AI gave no answer: {message}");
                Err(failure(&message))
            }
            Either::Right(((), _)) => Err(ModelError::Late { ms: ms_max }),
        }
    }
}

/// Whether there is something under the name `AI`.
pub(super) fn is_bound(env: &Env) -> bool {
    Reflect::get(env.as_ref(), &"AI".into()).is_ok_and(|binding| binding.is_object())
}

fn inputs(prompt: &Prompt) -> Value {
    json!({ "messages": openai::messages(prompt), "max_tokens": ANSWER_TOKENS_MAX, "stream": false })
}

/// The text of an answer. Models answer with a `response`, which some have turned into JSON already, or as
/// OpenAI's do.
fn read(answer: &str) -> Result<String, ModelError> {
    if answer.len() > EXPANDER_BYTES_MAX {
        return Err(ModelError::TooLong { limit: EXPANDER_BYTES_MAX });
    }
    let answer: Value = serde_json::from_str(answer).map_err(|_| ModelError::Unreadable)?;
    match answer.get("response") {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(json @ (Value::Array(_) | Value::Object(_))) => Ok(json.to_string()),
        _ => openai::text(&answer).ok_or(ModelError::Unreadable),
    }
}

/// What went wrong, by the number that the platform's messages begin with.
fn failure(message: &str) -> ModelError {
    let told = message.strip_prefix("AiError: ").unwrap_or(message);
    match told.split_once(':').map(|(number, _)| number) {
        Some("3023" | "3041" | "5016" | "5018") => ModelError::Refused,
        Some("3036" | "4006") => ModelError::OutOfCredit,
        Some("3042" | "5007") => ModelError::Unknown,
        Some("3040") => ModelError::RateLimited,
        _ => ModelError::Unreachable("Workers AI failed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_a_chat_with_room_for_its_answer() {
        let inputs = inputs(&Prompt { system: "s".into(), user: "u".into() });
        let messages = json!([{ "role": "system", "content": "s" }, { "role": "user", "content": "u" }]);
        assert_eq!(inputs, json!({ "messages": messages, "max_tokens": 2_048, "stream": false }));
    }

    #[test]
    fn an_answer_is_read_in_every_form_that_models_have() {
        for answer in [
            r#"{"response": "[\"hot yoga\"]", "usage": {}}"#,
            r#"{"response": ["hot yoga"]}"#,
            r#"{"choices": [{"message": {"content": "[\"hot yoga\"]"}}]}"#,
            r#"{"response": null, "choices": [{"message": {"content": "[\"hot yoga\"]"}}]}"#,
        ] {
            assert_eq!(read(answer), Ok(r#"["hot yoga"]"#.to_owned()), "{answer}");
        }
    }

    #[test]
    fn an_answer_of_another_form_is_unreadable_and_an_enormous_one_too_long() {
        for answer in ["", "null", "{}", "[]", "\"text\"", r#"{"response": 7}"#, r#"{"response": null}"#] {
            assert_eq!(read(answer), Err(ModelError::Unreadable), "{answer}");
        }
        let exact = |length: usize| " ".repeat(length);
        assert_eq!(read(&exact(EXPANDER_BYTES_MAX)), Err(ModelError::Unreadable));
        assert_eq!(read(&exact(EXPANDER_BYTES_MAX + 1)), Err(ModelError::TooLong { limit: EXPANDER_BYTES_MAX }));
    }

    #[test]
    fn failures_are_told_apart_by_their_numbers_and_their_words_are_not_repeated() {
        for (message, error) in [
            ("AiError: 5007: No such model @cf/a/b or task", ModelError::Unknown),
            ("3036: You have used up your daily free allocation of 10,000 neurons", ModelError::OutOfCredit),
            ("3040: Capacity temporarily exceeded", ModelError::RateLimited),
            ("5018: The account is not allowed", ModelError::Refused),
            ("5028: context is 4006 tokens", ModelError::Unreachable("Workers AI failed".into())),
            ("Binding AI needs to be run remotely", ModelError::Unreachable("Workers AI failed".into())),
            ("", ModelError::Unreachable("Workers AI failed".into())),
        ] {
            assert_eq!(failure(message), error, "{message}");
        }
    }
}
