//! Keeping tokens, and trading for a new one once however many want it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use futures::lock::Mutex;

use super::{Token, TokenKey};
use crate::time::Time;
use crate::trouble::Trouble;

/// Tokens in memory; clones keep the same ones. A runtime has one of these for as long as it lives.
#[derive(Debug, Clone, Default)]
pub struct Kept(Rc<RefCell<BTreeMap<TokenKey, Token>>>);

impl Kept {
    fn token(&self, key: &TokenKey, now: Time) -> Option<Token> {
        self.0.borrow().get(key).filter(|token| token.lasts(now)).cloned()
    }

    fn keep(&self, key: &TokenKey, token: Token) {
        self.0.borrow_mut().insert(key.clone(), token);
    }

    /// Forgets this token; another one that was got since stays.
    fn forget(&self, key: &TokenKey, token: &Token) {
        let mut tokens = self.0.borrow_mut();
        if tokens.get(key) == Some(token) {
            tokens.remove(key);
        }
    }
}

/// Hands out kept tokens and sees to it that a new one is traded for once, however many want it at the same time.
///
/// Whoever comes while an exchange is under way waits for it and shares what comes of it, a failure too: else a
/// token endpoint that is down would hold up one request after the other. A runtime in which requests can't wait for
/// each other has several of these, over the same [`Kept`].
#[derive(Default)]
pub struct Tokens {
    kept: Kept,
    flights: RefCell<BTreeMap<TokenKey, Rc<Flight>>>,
}

/// The exchanges for one key, one at a time.
#[derive(Default)]
struct Flight {
    /// How many have come to an end.
    landed: Cell<u64>,
    /// Held by whoever exchanges; what went wrong the last time.
    line: Mutex<Option<Trouble>>,
}

/// A token as it is lent for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lent {
    /// The token.
    pub token: Token,
    /// Whether it was traded for just now, so that it can't have ended before its time.
    pub is_new: bool,
}

impl Tokens {
    /// Hands out these tokens.
    #[must_use]
    pub fn over(kept: Kept) -> Self {
        Tokens { kept, flights: RefCell::default() }
    }

    /// The token that is kept, or else what comes of `exchange`, which is not even begun when somebody else's is under
    /// way.
    ///
    /// # Errors
    /// Why the exchange gave no token.
    pub async fn lend(&self, key: &TokenKey, now: Time, exchange: impl Future<Output = Result<Token, Trouble>>) -> Result<Lent, Trouble> {
        if let Some(token) = self.kept.token(key, now) {
            return Ok(Lent { token, is_new: false });
        }
        let flight = Rc::clone(self.flights.borrow_mut().entry(key.clone()).or_default());
        let landed = flight.landed.get();
        let mut failure = flight.line.lock().await;
        if flight.landed.get() != landed {
            if let Some(trouble) = failure.as_ref() {
                return Err(trouble.clone());
            }
            if let Some(token) = self.kept.token(key, now) {
                return Ok(Lent { token, is_new: true });
            }
        }
        let result = exchange.await;
        flight.landed.set(flight.landed.get() + 1);
        *failure = result.as_ref().err().cloned();
        let token = result?;
        self.kept.keep(key, token.clone());
        Ok(Lent { token, is_new: true })
    }

    /// Forgets a token that the platform refused.
    pub fn forget(&self, key: &TokenKey, token: &Token) {
        self.kept.forget(key, token);
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tokens").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;
    use futures::future::{FutureExt as _, join_all, pending};

    use super::*;
    use crate::contract::Fault;

    const NOW: Time = Time(1_000);

    fn key(id: &str) -> TokenKey {
        TokenKey::new("https://id.test/token".into(), id.into(), "secret".into())
    }

    fn token(value: &str) -> Token {
        Token { value: value.into(), until: NOW.plus(10) }
    }

    fn down() -> Trouble {
        Trouble::Fault { fault: Fault::Unavailable("down".into()) }
    }

    /// Token endpoints that give what they are made with, after a moment, and count how often they are asked.
    #[derive(Default)]
    struct Endpoint {
        asked: Cell<u32>,
    }

    impl Endpoint {
        async fn gives(&self, result: Result<Token, Trouble>) -> Result<Token, Trouble> {
            self.asked.set(self.asked.get() + 1);
            yield_once().await;
            result
        }
    }

    async fn yield_once() {
        let mut yielded = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut yielded, true) {
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
    }

    #[test]
    fn many_who_want_a_token_at_the_same_time_ask_for_it_once() {
        let (tokens, endpoint) = (Tokens::default(), Endpoint::default());
        let key = key("a");
        let wanted = (0..20).map(|_| tokens.lend(&key, NOW, endpoint.gives(Ok(token("t")))));
        let lent = Lent { token: token("t"), is_new: true };
        assert!(block_on(join_all(wanted)).iter().all(|got| *got == Ok(lent.clone())));
        assert_eq!(endpoint.asked.get(), 1);
    }

    #[test]
    fn many_who_wait_for_an_exchange_that_fails_share_the_failure_and_the_next_one_asks_again() {
        let (tokens, endpoint) = (Tokens::default(), Endpoint::default());
        let key = key("a");
        let wanted = (0..20).map(|_| tokens.lend(&key, NOW, endpoint.gives(Err(down()))));
        assert!(block_on(join_all(wanted)).iter().all(|got| *got == Err(down())));
        assert_eq!(endpoint.asked.get(), 1);
        assert!(block_on(tokens.lend(&key, NOW, endpoint.gives(Ok(token("t"))))).is_ok());
        assert_eq!(endpoint.asked.get(), 2);
    }

    #[test]
    fn a_kept_token_is_lent_until_it_ends() {
        let (tokens, endpoint) = (Tokens::default(), Endpoint::default());
        let lend = |now, value| block_on(tokens.lend(&key("a"), Time(now), endpoint.gives(Ok(token(value))))).unwrap();
        assert!(lend(NOW.0, "t").is_new);
        assert_eq!(lend(NOW.0 + 9, "u"), Lent { token: token("t"), is_new: false });
        assert_eq!(lend(NOW.0 + 10, "u"), Lent { token: token("u"), is_new: true });
    }

    #[test]
    fn who_comes_with_another_id_gets_another_token() {
        let (tokens, endpoint) = (Tokens::default(), Endpoint::default());
        block_on(tokens.lend(&key("a"), NOW, endpoint.gives(Ok(token("t"))))).unwrap();
        assert_eq!(block_on(tokens.lend(&key("b"), NOW, endpoint.gives(Ok(token("u"))))).unwrap().token, token("u"));
    }

    #[test]
    fn only_the_token_that_was_refused_is_forgotten() {
        let (tokens, endpoint) = (Tokens::default(), Endpoint::default());
        let lend = || block_on(tokens.lend(&key("a"), NOW, endpoint.gives(Ok(token("t"))))).unwrap();
        lend();
        tokens.forget(&key("a"), &token("older"));
        tokens.forget(&key("b"), &token("t"));
        assert!(!lend().is_new);
        tokens.forget(&key("a"), &token("t"));
        assert!(lend().is_new);
    }

    #[test]
    fn an_exchange_that_is_given_up_holds_nobody_up() {
        let (tokens, endpoint) = (Tokens::default(), Endpoint::default());
        let key = key("a");
        let mut given_up = Box::pin(tokens.lend(&key, NOW, pending()));
        assert!(given_up.as_mut().now_or_never().is_none());
        let mut waiting = Box::pin(tokens.lend(&key, NOW, endpoint.gives(Ok(token("t")))));
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(given_up);
        assert!(block_on(waiting).unwrap().is_new);
    }

    #[test]
    fn what_is_kept_is_shared_by_all_who_hand_it_out() {
        let (kept, endpoint) = (Kept::default(), Endpoint::default());
        block_on(Tokens::over(kept.clone()).lend(&key("a"), NOW, endpoint.gives(Ok(token("t"))))).unwrap();
        assert!(!block_on(Tokens::over(kept).lend(&key("a"), NOW, endpoint.gives(Ok(token("u"))))).unwrap().is_new);
    }

    #[test]
    fn nothing_that_is_printed_holds_a_token_or_what_it_was_traded_for() {
        let (kept, endpoint) = (Kept::default(), Endpoint::default());
        let tokens = Tokens::over(kept.clone());
        block_on(tokens.lend(&key("ana"), NOW, endpoint.gives(Ok(token("t0k3n"))))).unwrap();
        let printed = format!("{kept:?} {tokens:?} {:?}", key("ana"));
        assert!(!["t0k3n", "secret", "ana"].iter().any(|word| printed.contains(word)), "{printed}");
    }
}
