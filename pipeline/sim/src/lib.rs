//! The proof of the rules: whole jobs in a world that loses, repeats, delays and reorders everything, decided by one
//! seed, with the laws checked after every step.
//!
//! A world is single-threaded and has a clock of its own. The real [`Job`](scout_pipeline::job::Job), the real
//! [`Account`](scout_pipeline::account::Account) and the real loop of consumers run in it; queues, objects, accounts'
//! links, planners, platforms and clients are models whose faults are drawn from the seed. In its first phase the
//! world goes wrong; then it is healed, nobody looks any more, and every job must end and every charge settle.

pub mod chance;
pub mod consumer;
pub mod coverage;
pub mod faults;
pub mod laws;
pub mod reference;
pub mod report;
pub mod sabotage;
pub mod scenario;
pub mod stored;
pub mod sweep;
pub mod trace;
pub mod upstream;
pub mod world;
