//! Fake platforms over real HTTP, in the real shapes: what tests, demos and benchmarks talk to.
//!
//! One server fakes all platforms. The base URL of origin `O` of platform `P` becomes `{server}/{P}/{O}`, so
//! that a runtime is pointed at it by changing nothing but base URLs. Everything follows from a seed: the same
//! seed and request give the same bytes. Faults are drawn from the seed, the request and how often that request
//! came before, so that a retry may succeed and yet every run is the same.
//!
//! ```
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let faults = ["profiles:unavailable=0.2".parse()?].into_iter().collect();
//! let running = scout_upstream::start(scout_upstream::Options { faults, ..Default::default() }).await?;
//! assert!(running.base_url("bluesky", "api").starts_with("http://127.0.0.1:"));
//! assert_eq!(running.counters().calls, 0);
//! running.stop().await?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! Platform names may stand here; nothing that decides for a job may.

mod args;
mod bluesky;
mod control;
mod counters;
mod dailymotion;
mod draw;
mod faults;
mod github;
mod instagram;
mod known;
mod llm;
mod markup;
mod mastodon;
mod options;
mod peertube;
mod people;
mod platform;
mod podcastindex;
mod podcasts;
mod quirks;
mod rates;
mod running;
mod scrapecreators;
mod server;
mod spoil;
mod tiktok;
mod twitch;
mod world;
mod youtube;
mod youtube_data;

pub use args::Args;
pub use counters::{Counters, PlatformCounters, Served};
pub use faults::{Fault, FaultRule, Faults};
pub use known::Known;
pub use options::Options;
pub use quirks::{Quirk, QuirkRule, Quirks};
pub use rates::{Rate, RateError};
pub use running::{Running, serve, start};
