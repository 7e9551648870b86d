//! `scout` on one machine: adapters run in wasmtime, requests go out over the machine's own network, and
//! the rules of `scout-pipeline` decide.
//!
//! | module | is |
//! |---|---|
//! | [`engine`] | runs adapters within limits |
//! | [`bundle`] | the adapters that are part of this program |
//! | [`client`] | sends requests |
//! | [`cli`] | the commands; each has a module of its own |
//! | [`failure`] | how a command fails: text, hint, exit code |
//! | [`output`] | how a command prints |
//! | [`search`] | whole searches: the job, its rows on disk, progress and results |

pub mod adapter;
pub mod bundle;
pub mod cli;
pub mod client;
pub mod engine;
pub mod failure;
pub mod output;
pub mod search;
