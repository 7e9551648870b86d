//! The built Worker on workerd, as users run it, against fake platforms on this machine.
//!
//! `cargo xtask build` has to be run before. Every test starts what it needs on free ports, with a state folder
//! of its own, and leaves nothing running. Nothing waits for a fixed time: everything polls with a deadline.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod accounting;
mod api;
mod auditing;
mod authorizing;
mod dispatching;
mod expanding;
mod failing;
mod issuer;
mod keeping_keys;
mod keeping_secrets;
mod page;
mod panicking;
mod refusing;
mod retrying;
mod searching;
mod sharing;
mod surviving;
mod thousand;
mod worker;
