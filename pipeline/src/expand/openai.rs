//! Language models behind an OpenAI-compatible chat endpoint, over any way to send a request.

use serde_json::{Value, json};

use super::{Model, ModelError, Prompt};
use crate::{
    contract::{Method, Response},
    limits::{EXPANDER_BYTES_MAX, EXPANDER_MS_MAX},
    outbound::{BaseUrl, Secrets},
    ports::{Http, HttpError, HttpRequest},
};

/// Where the endpoint is unless an operator says otherwise.
const BASE_URL: &str = "https://api.openai.com/v1";

/// The name under which the key is kept and set.
const KEY: &str = "SCOUT_OPENAI_KEY";

/// An endpoint and a model. The key is never printed.
///
/// | variable | what |
/// |---|---|
/// | `SCOUT_OPENAI_BASE_URL` | the URL that `/chat/completions` follows; OpenAI's own unless it is set |
/// | `SCOUT_OPENAI_MODEL` | the model's name |
/// | `SCOUT_OPENAI_KEY` | the key; only an endpoint of one's own may do without |
/// | `SCOUT_EXPANDER_MS` | how long an answer may take, in milliseconds, at most and usually [`EXPANDER_MS_MAX`] |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAi {
    base_url: BaseUrl,
    model: String,
    key: Secrets,
    ms_max: u32,
}

impl OpenAi {
    /// Reads and checks the variables. Where there are fake platforms, at `fake`, their language model is the endpoint
    /// unless another is set: no key of the operator goes there.
    ///
    /// # Errors
    /// A sentence for everything that is wrong; none repeats a value.
    pub fn read(variables: &dyn Fn(&str) -> Option<String>, fake: Option<&str>) -> Result<OpenAi, Vec<String>> {
        let set = |name: &str| variables(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut wrong = Vec::new();
        let (chosen, fake) = (set("SCOUT_OPENAI_BASE_URL"), fake.map(|fake| format!("{}/_llm/v1", fake.trim_end_matches('/'))));
        let is_fake = chosen.is_none() && fake.is_some();
        let url = chosen.clone().or(fake).unwrap_or_else(|| BASE_URL.to_owned());
        let base_url = BaseUrl::parse(&url).map_err(|error| wrong.push(format!("SCOUT_OPENAI_BASE_URL can't be used: {error}")));
        let model = set("SCOUT_OPENAI_MODEL").or_else(|| is_fake.then(|| "fake".to_owned()));
        if model.is_none() {
            wrong.push("SCOUT_OPENAI_MODEL is not set; set it to the name of a model of the endpoint".to_owned());
        }
        let key = if is_fake { Some("fake".to_owned()) } else { set(KEY) };
        match &key {
            None if chosen.is_none() => {
                wrong.push(format!("{KEY} is not set; set it to a key of the endpoint, or SCOUT_OPENAI_BASE_URL to one that wants none"));
            }
            Some(key) if !key.bytes().all(|byte| byte.is_ascii_graphic()) => {
                wrong.push(format!("{KEY} can't be sent; a key has no spaces and no characters but those of ASCII"));
            }
            _ => {}
        }
        let ms_max = ms_max(variables).map_err(|sentence| wrong.push(sentence));
        match (base_url, model, ms_max) {
            (Ok(base_url), Some(model), Ok(ms_max)) if wrong.is_empty() => {
                Ok(OpenAi { base_url, model, key: key.map(|key| (KEY, key)).into_iter().collect(), ms_max })
            }
            _ => Err(wrong),
        }
    }

    /// How long an answer may take, in milliseconds.
    #[must_use]
    pub fn ms_max(&self) -> u32 {
        self.ms_max
    }

    /// The endpoint over something that sends requests.
    #[must_use]
    pub fn over<'a, H>(&'a self, http: &'a H) -> Endpoint<'a, H> {
        Endpoint { openai: self, http }
    }

    fn request(&self, prompt: &Prompt, timeout_ms: u32) -> HttpRequest {
        let mut headers =
            vec![("content-type".to_owned(), "application/json".to_owned()), ("accept".to_owned(), "application/json".to_owned())];
        headers.extend(self.key.get(KEY).map(|key| ("authorization".to_owned(), format!("Bearer {key}"))));
        // Temperature and lengths are left out: some models refuse to be told either.
        let body = json!({ "model": self.model, "messages": messages(prompt), "stream": false });
        HttpRequest {
            method: Method::Post,
            url: format!("{}/chat/completions", self.base_url.as_str().trim_end_matches('/')),
            headers,
            body: Some(body.to_string().into_bytes()),
            timeout_ms,
            body_bytes_max: EXPANDER_BYTES_MAX,
        }
    }
}

/// How long an answer may take, as the variable `SCOUT_EXPANDER_MS` says.
///
/// # Errors
/// A sentence that says what may stand there.
pub fn ms_max(variables: &dyn Fn(&str) -> Option<String>) -> Result<u32, String> {
    match variables("SCOUT_EXPANDER_MS").as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(EXPANDER_MS_MAX),
        Some(text) => match text.parse() {
            Ok(ms @ 1..=EXPANDER_MS_MAX) => Ok(ms),
            _ => Err(format!("SCOUT_EXPANDER_MS is no number of milliseconds from 1 to {EXPANDER_MS_MAX}")),
        },
    }
}

/// A prompt as chat models take it.
#[must_use]
pub fn messages(prompt: &Prompt) -> Value {
    json!([{ "role": "system", "content": prompt.system }, { "role": "user", "content": prompt.user }])
}

/// The text of a chat model's answer, in its usual form or in parts; `None` where it has none.
#[must_use]
pub fn text(answer: &Value) -> Option<String> {
    let content = answer.pointer("/choices/0/message/content")?;
    let part = |part: &Value| part.get("text").and_then(Value::as_str).map(str::to_owned);
    content.as_str().map(str::to_owned).or_else(|| Some(content.as_array()?.iter().filter_map(part).collect()))
}

/// An endpoint that can be asked.
#[derive(Debug)]
pub struct Endpoint<'a, H> {
    openai: &'a OpenAi,
    http: &'a H,
}

impl<H: Http> Model for Endpoint<'_, H> {
    async fn ask(&self, prompt: &Prompt, ms_max: u32) -> Result<String, ModelError> {
        let response = self.http.fetch(self.openai.request(prompt, ms_max)).await;
        read(response)
    }
}

fn read(response: Result<Response, HttpError>) -> Result<String, ModelError> {
    let response = response.map_err(|error| match error {
        HttpError::Timeout { ms } => ModelError::Late { ms },
        HttpError::Connection(reason) => ModelError::Unreachable(reason),
        HttpError::TooLong { limit } => ModelError::TooLong { limit },
    })?;
    match response.status {
        200 => {
            let answer = serde_json::from_slice(&response.body).map_err(|_| ModelError::Unreadable)?;
            text(&answer).ok_or(ModelError::Unreadable)
        }
        401 | 403 => Err(ModelError::Refused),
        402 => Err(ModelError::OutOfCredit),
        404 => Err(ModelError::Unknown),
        429 => Err(ModelError::RateLimited),
        status => Err(ModelError::Status { status }),
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::expand::{model::tests::request, prompt};

    fn openai(pairs: &[(&str, &str)], fake: Option<&str>) -> Result<OpenAi, Vec<String>> {
        let variables = |wanted: &str| pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned());
        OpenAi::read(&variables, fake)
    }

    const WHOLE: [(&str, &str); 3] =
        [("SCOUT_OPENAI_BASE_URL", "http://127.0.0.1:1/v1/"), ("SCOUT_OPENAI_MODEL", "m-1"), (KEY, "sk-secret\n")];

    /// Something that gives the same answer to every request.
    struct Stub(Result<Response, HttpError>);

    impl Http for Stub {
        async fn fetch(&self, _: HttpRequest) -> Result<Response, HttpError> {
            self.0.clone()
        }
    }

    fn asked(answer: Result<Response, HttpError>) -> Result<String, ModelError> {
        let openai = openai(&WHOLE, None).unwrap();
        block_on(openai.over(&Stub(answer)).ask(&prompt(&request(&["yoga"], 2)), 100))
    }

    fn answered(status: u16, body: &str) -> Result<String, ModelError> {
        asked(Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }))
    }

    #[test]
    fn the_request_is_a_chat_with_the_question_and_the_key_in_its_header() {
        let prompt = prompt(&request(&["yoga"], 2));
        let request = openai(&WHOLE, None).unwrap().request(&prompt, 77);
        assert_eq!(
            (request.url.as_str(), request.timeout_ms, request.body_bytes_max),
            ("http://127.0.0.1:1/v1/chat/completions", 77, EXPANDER_BYTES_MAX)
        );
        assert!(request.headers.contains(&("authorization".into(), "Bearer sk-secret".into())));
        let body: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        assert_eq!((&body["model"], &body["stream"]), (&json!("m-1"), &json!(false)));
        assert_eq!(body["messages"], json!([{ "role": "system", "content": prompt.system }, { "role": "user", "content": prompt.user }]));
    }

    #[test]
    fn the_key_is_never_printed() {
        let openai = openai(&WHOLE, None).unwrap();
        assert!(!format!("{openai:?}").contains("sk-secret"));
        let request = openai.request(&prompt(&request(&["yoga"], 2)), 1);
        assert!(!format!("{request:?}").contains("sk-secret"));
    }

    #[test]
    fn an_endpoint_of_ones_own_needs_no_key_and_the_public_one_does() {
        let own = openai(&WHOLE[..2], None).unwrap();
        assert!(!own.request(&prompt(&request(&["yoga"], 2)), 1).headers.iter().any(|(name, _)| name == "authorization"));
        let wrong = openai(&[("SCOUT_OPENAI_MODEL", "m")], None).unwrap_err();
        assert!(wrong.len() == 1 && wrong[0].starts_with("SCOUT_OPENAI_KEY is not set"), "{wrong:?}");
        let public = openai(&[("SCOUT_OPENAI_MODEL", "m"), (KEY, "k")], None).unwrap();
        assert_eq!(public.request(&prompt(&request(&["yoga"], 2)), 1).url, "https://api.openai.com/v1/chat/completions");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_and_no_value_is_repeated() {
        let pairs = [("SCOUT_OPENAI_BASE_URL", "ftp://ana:hidden@x.test"), (KEY, "hidden key"), ("SCOUT_EXPANDER_MS", "9501")];
        let wrong = openai(&pairs, None).unwrap_err();
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        assert!(!wrong.join(" ").contains("hidden"), "{wrong:?}");
    }

    #[test]
    fn a_time_is_1_to_9500_milliseconds() {
        let read = |text: &str| ms_max(&|_: &str| Some(text.to_owned())).ok();
        assert_eq!(["1", "9500", " ", "0", "9501", "-1", "ten"].map(read), [Some(1), Some(9_500), Some(9_500), None, None, None, None]);
        assert_eq!(ms_max(&|_: &str| None), Ok(EXPANDER_MS_MAX));
    }

    #[test]
    fn fake_platforms_bring_a_model_that_gets_no_real_key() {
        let fake = openai(&[(KEY, "real")], Some("http://127.0.0.1:9/")).unwrap().request(&prompt(&request(&["yoga"], 2)), 1);
        assert_eq!(fake.url, "http://127.0.0.1:9/_llm/v1/chat/completions");
        assert!(fake.headers.contains(&("authorization".into(), "Bearer fake".into())));
        let own = openai(&WHOLE, Some("http://127.0.0.1:9")).unwrap().request(&prompt(&request(&["yoga"], 2)), 1);
        assert_eq!(own.url, "http://127.0.0.1:1/v1/chat/completions", "what is set counts for more");
    }

    #[test]
    fn an_answer_is_text_or_parts_of_text() {
        assert_eq!(answered(200, r#"{"choices": [{"message": {"role": "assistant", "content": "[\"a\"]"}}]}"#), Ok("[\"a\"]".into()));
        let parts =
            r#"{"choices": [{"message": {"content": [{"type": "text", "text": "[1"}, {"type": "x"}, {"type": "text", "text": "]"}]}}]}"#;
        assert_eq!(answered(200, parts), Ok("[1]".into()));
    }

    #[test]
    fn an_answer_of_another_form_is_unreadable() {
        for body in [
            "",
            "null",
            "{}",
            "[]",
            "<html></html>",
            "{\"choices\": []}",
            "{\"choices\": [{\"message\": {\"content\": null}}]}",
            "{\"choi",
            "\u{0}",
        ] {
            assert_eq!(answered(200, body), Err(ModelError::Unreadable), "{body}");
        }
    }

    #[test]
    fn every_refusal_is_told_apart_and_the_body_is_not_repeated() {
        for (status, error) in [
            (401, ModelError::Refused),
            (403, ModelError::Refused),
            (402, ModelError::OutOfCredit),
            (404, ModelError::Unknown),
            (429, ModelError::RateLimited),
            (302, ModelError::Status { status: 302 }),
            (503, ModelError::Status { status: 503 }),
            (201, ModelError::Status { status: 201 }),
        ] {
            assert_eq!(answered(status, "{\"error\": {\"message\": \"key sk-secret\"}}"), Err(error));
        }
        assert_eq!(asked(Err(HttpError::Timeout { ms: 100 })), Err(ModelError::Late { ms: 100 }));
        assert_eq!(asked(Err(HttpError::TooLong { limit: 9 })), Err(ModelError::TooLong { limit: 9 }));
        assert_eq!(asked(Err(HttpError::Connection("no".into()))), Err(ModelError::Unreachable("no".into())));
    }
}
