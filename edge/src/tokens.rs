//! Tokens of platforms that trade id and secret for one. An isolate keeps them in memory and nowhere else: another
//! isolate asks for its own, which costs one short call, and none has to be guarded at rest.

use scout_pipeline::token::{Kept, Tokens};

thread_local! {
    static KEPT: Kept = Kept::default();
}

/// Hands out the isolate's tokens within one invocation.
///
/// Messages of one batch that want the same token wait for one exchange. Those of different invocations must not: the
/// runtime lets none of them wait for what another one began, and would hang it instead.
pub(crate) fn of_this_isolate() -> Tokens {
    Tokens::over(KEPT.with(Kept::clone))
}
