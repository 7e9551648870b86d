//! The host from outside: hostile components against the engine, answers against the client, and the
//! commands as they are typed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic in what tests share is a failed test")]

mod adapter_commands;
mod client;
mod credentials;
mod expanding;
mod faults;
mod gate;
mod guest;
mod hostile;
mod image;
mod jobs;
mod mutated;
mod resume;
mod scene;
mod search;
mod thousand;
#[cfg(unix)]
mod upstream_command;
