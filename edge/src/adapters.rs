//! The bundled adapters: components that were made into JavaScript glue and core modules at build time, called
//! by name through a generated registry. Each call is an instance of its own.

use std::cell::OnceCell;
use std::rc::Rc;

use scout_pipeline::contract::{CreatorRef, Fault, Manifest, Page, Planned, Profile, Query, Request, Response};
use scout_pipeline::drive::Installed;
use scout_pipeline::limits::ADAPTER_ANSWER_BYTES_MAX;
use scout_pipeline::manifest;
use scout_pipeline::ports::{Adapter, AdapterError};
use scout_pipeline::upstream;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::js_sys::{Array, Object, Reflect, Uint8Array};
use worker::wasm_bindgen;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::{Env, console_error};

use crate::config::{Config, variable};

#[wasm_bindgen(raw_module = "./adapters/index.js")]
extern "C" {
    /// Calls a function of an adapter; never throws, and gives one of the variants of [`Called`].
    fn call(name: &str, function: &str, given: Array) -> JsValue;
    /// The names of all bundled adapters.
    fn names() -> Vec<String>;
}

/// What a call gave.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Called<T> {
    /// What the function returned.
    Ok(T),
    /// The fault that it returned.
    Err(Fault),
    /// Why it gave neither.
    Trap(String),
}

/// A bundled component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glued {
    name: String,
}

/// All adapters of this isolate that are fit for use; what is wrong with others stands in the log.
pub(crate) fn installed(env: &Env, config: &Config) -> Rc<[Installed<Glued>]> {
    thread_local! {
        static INSTALLED: OnceCell<Rc<[Installed<Glued>]>> = const { OnceCell::new() };
    }
    INSTALLED.with(|installed| installed.get_or_init(|| install_all(env, config)).clone())
}

fn install_all(env: &Env, config: &Config) -> Rc<[Installed<Glued>]> {
    let install =
        |name: String| install(&name, env, config).inspect_err(|error| console_error!("the adapter {name} can't be used: {error}")).ok();
    let mut adapters: Vec<_> = names().into_iter().filter_map(install).collect();
    upstream::share(&mut adapters);
    adapters.into()
}

fn install(name: &str, env: &Env, config: &Config) -> Result<Installed<Glued>, String> {
    let adapter = Glued { name: name.to_owned() };
    let manifest: Manifest = adapter.call("describe", []).map_err(|error| error.to_string())?;
    manifest::check(&manifest).map_err(|broken| broken.join("; "))?;
    let variables = |name: &str| variable(env, name);
    let mut setup = config.setup(&manifest, &variables).map_err(|error| error.to_string())?;
    setup.rates = upstream::rates_in_force(&manifest, config.upstream.is_some(), variables).map_err(|wrong| wrong.join("; "))?;
    Ok(Installed { adapter, manifest, setup })
}

impl Adapter for Glued {
    async fn plan_search(&self, query: &Query, cursor: Option<&str>) -> Result<Request, AdapterError> {
        self.call("planSearch", [plain(query)?, cursor.into()])
    }

    async fn read_search(&self, query: &Query, cursor: Option<&str>, response: Response) -> Result<Page, AdapterError> {
        self.call("readSearch", [plain(query)?, cursor.into(), answer(&response)?])
    }

    async fn plan_profiles(&self, creators: &[CreatorRef]) -> Result<Vec<Planned>, AdapterError> {
        self.call("planProfiles", [plain(creators)?])
    }

    async fn read_profiles(&self, creators: &[CreatorRef], response: Response) -> Result<Vec<Profile>, AdapterError> {
        self.call("readProfiles", [plain(creators)?, answer(&response)?])
    }
}

impl Glued {
    fn call<T, const N: usize>(&self, function: &str, given: [JsValue; N]) -> Result<T, AdapterError>
    where
        T: DeserializeOwned + Serialize,
    {
        let called = call(&self.name, function, given.into_iter().collect());
        match serde_wasm_bindgen::from_value(called) {
            Ok(Called::Ok(value)) => bounded(value, function),
            Ok(Called::Err(fault)) => Err(fault.into()),
            Ok(Called::Trap(detail)) => broken(format!("{function} trapped: {detail}")),
            Err(error) => broken(format!("{function} gave what the contract does not know: {error}")),
        }
    }
}

fn broken<T>(detail: String) -> Result<T, AdapterError> {
    Err(AdapterError::Broken(detail))
}

/// A value of the contract as JavaScript sees it. Absent options are `undefined`, as the glue wants them.
fn plain<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, AdapterError> {
    serde_wasm_bindgen::to_value(value).or_else(|error| broken(format!("its input can't be handed over: {error}")))
}

/// A response as JavaScript sees it. The body goes over as bytes: anything else costs many times as much.
fn answer(response: &Response) -> Result<JsValue, AdapterError> {
    let value = Object::new();
    let fields = [
        ("status", JsValue::from(response.status)),
        ("headers", plain(&response.headers)?),
        ("body", Uint8Array::from(response.body.as_slice()).into()),
    ];
    for (name, field) in fields {
        // An object of our own takes every property.
        let _ = Reflect::set(&value, &name.into(), &field);
    }
    Ok(value.into())
}

/// Refuses what is longer than an adapter may answer.
fn bounded<T: Serialize>(value: T, function: &str) -> Result<T, AdapterError> {
    let mut room = Room(ADAPTER_ANSWER_BYTES_MAX);
    match serde_json::to_writer(&mut room, &value) {
        Ok(()) => Ok(value),
        Err(_) => broken(format!("{function} gave more than {ADAPTER_ANSWER_BYTES_MAX} bytes")),
    }
}

/// Counts what is written down to nothing, and then refuses more.
struct Room(usize);

impl std::io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_bounded_by_its_length() {
        // A text in JSON has two quotation marks more.
        let text = |length| "x".repeat(length);
        assert!(bounded(text(ADAPTER_ANSWER_BYTES_MAX - 2), "readSearch").is_ok());
        let error = bounded(text(ADAPTER_ANSWER_BYTES_MAX - 1), "readSearch").unwrap_err();
        assert!(error.to_string().contains("readSearch gave more than"), "{error}");
    }
}
