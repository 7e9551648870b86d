//! Feeds spoiled answers to adapters and checks what must hold for any answer.
//!
//! An input is a few bytes that choose, and a body: which reader, status, headers, cursor, settings and creators
//! ([`Case`]). What there is to choose from comes from the adapter itself and from its fixtures ([`Vocabulary`]), so
//! that nothing here knows a platform. The fixtures are the corpus, and inputs that once led somewhere new stand
//! among them in `fixtures/found/` ([`Corpus`]).
//!
//! Inputs come from one of two: [`Mutator`] draws them from a seed, which needs nothing and is what the suite runs;
//! libFuzzer is led by the code that they reach, with the feature `engine`. Both read them through [`Subject`], and
//! the host's tests read the same ones through components.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is what a fuzzer reports")]

mod case;
mod corpus;
mod mutator;
mod program;
mod subject;
mod vocabulary;

pub use case::{Case, HEAD_BYTES, Reader};
pub use corpus::Corpus;
pub use mutator::Mutator;
pub use program::{Member, engine_input, run};
pub use subject::Subject;
pub use vocabulary::Vocabulary;

// A case is made of them; whoever reads cases need not know the kit.
pub use scout_sdk::{CreatorRef, Query, Response};
