//! Scout's Cloudflare Worker: turns requests, messages and alarms into events of `scout-pipeline`, and its
//! effects into calls. Here are the entry points and nothing else.

#![allow(unsafe_code, reason = "wasm-bindgen's macros expand to it; there is none of our own")]

mod account;
mod adapters;
mod answer;
mod api;
mod auth;
mod cache;
mod client;
mod clock;
mod command;
mod config;
mod consumer;
mod expander;
mod faults;
mod id;
mod keys;
mod link;
#[allow(missing_docs, reason = "what `durable_object` adds to a class has none")]
mod objects;
mod operator;
mod permits;
mod problem;
mod tokens;

use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::{Context, Env, Request, Response, event, worker_sys};

pub use api::routes::{Entry, ROUTES, Who};
pub use objects::{AccountDo, CacheDo, JobDo, KeysDo, OperatorDo, UpstreamDo};

/// Answers a request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    api::respond(request, &env).await
}

/// Works through a queue's batch.
///
/// Exported by hand, because the macro for it panics where this fails, and a panic ends every call in flight.
///
/// # Errors
/// The runtime can't say what is in the batch; it then gives the whole batch again.
#[wasm_bindgen(
    js_name = queue,
    wasm_bindgen = worker::wasm_bindgen,
    wasm_bindgen_futures = worker::wasm_bindgen_futures,
    js_sys = worker::js_sys
)]
pub async fn queue(batch: worker_sys::MessageBatch, env: Env, _context: worker_sys::Context) -> Result<(), JsValue> {
    consumer::consume(&batch, &env).await
}
