//! What a job is and does: the rules of Scout, without I/O, clock, chance, platform or runtime.
//!
//! The one law of the run loop: a job changes by [`job::Job::handle`] alone, and whatever follows leaves
//! through [`job::Job::poll`] alone. Time, chance and ids come in as arguments, so that the same events give
//! the same effects. Both runtimes, and whatever tests them, drive the same code.
//!
//! | law | where it is kept |
//! |---|---|
//! | L1 exact | `job::admission`: nobody is admitted above the target |
//! | L2 no keyword lost | a search task is done with exactly one [`job::TaskOutcome`], and the job is open until it is |
//! | L3 no twin | `job::admission`: one place in the job for each identity |
//! | L4 charged once | `job::billing` says how many were delivered in all; [`account::Entry`] counts the greatest number heard |
//! | L5 it ends | [`job::Timer`]: whatever is waited for has its time, and the job has a last one |
//! | L6 monotone | [`job::Progress`] keeps the highest percentage shown |
//! | L7 no zombie | `job::lease`: reports carry the fence number of their lease |
//! | L8 honest | `job::ending`: the final state is a function of outcomes |
//! | L9 error is not empty | [`trouble`]: every fault has a reason of its own |
//! | L10 thrift | a lease is refused once the target is met; a page that was noted is not read again |
//! | L11 e-mail | [`email`] reads profiles that were read, and nothing else |
//! | L12 enriched means enriched | [`job::ProfileState`]: each creator has an outcome of its own |
//!
//! | module | is |
//! |---|---|
//! | [`contract`] | the adapter contract as the rules see it |
//! | [`manifest`] | what an adapter may say of itself |
//! | [`accept`], [`keyword`], [`expand`] | a search as it is asked for, and the keywords that come of it |
//! | [`auth`] | who is calling: tokens, the keys that sign them, and keys of accounts |
//! | [`account`] | what an account reserved and is charged for |
//! | [`job`] | the job: tasks, leases, admission, enrichment, ending, views |
//! | [`protocol`] | what consumers and a job say to each other |
//! | [`ports`], [`drive`], [`outbound`], [`token`] | what a runtime lends, and the loop that drives an adapter over it |
//! | [`upstream`], [`cache`] | what a platform may be asked and who is next, and what need not be asked again |
//! | [`trouble`] | what goes wrong, and what follows |
//! | [`email`], [`record`], [`sheet`] | a creator as callers see it |
//! | [`limits`] | every limit, with its unit and reason |

pub mod accept;
pub mod account;
pub mod auth;
pub mod cache;
mod clip;
pub mod contract;
pub mod drive;
pub mod email;
pub mod expand;
pub mod job;
pub mod keyword;
pub mod limits;
pub mod manifest;
pub mod outbound;
pub mod ports;
pub mod protocol;
pub mod record;
pub mod sheet;
pub mod time;
pub mod token;
pub mod trouble;
pub mod upstream;
