//! Sending one request as its origin wants it: with a credential, a signature, or a token that is traded for first.

use std::cell::Cell;

use crate::contract::{Manifest, Request, Response};
use crate::limits::{FETCH_MS_MAX, TOKEN_MS_MAX};
use crate::outbound::{self, Exchange, Proof, Setup};
use crate::ports::{Http, HttpRequest};
use crate::protocol::Calls;
use crate::time::Time;
use crate::token::{Lent, Token, Tokens};
use crate::trouble::Trouble;

/// How long one request may take with all that belongs to it, in milliseconds.
const SENT_MS_MAX: u32 = FETCH_MS_MAX + TOKEN_MS_MAX;

/// What it takes to send requests.
#[derive(Debug)]
pub(super) struct Sender<'a, H, C> {
    /// Sends them.
    pub(super) http: &'a H,
    /// Tokens for origins that want one.
    pub(super) tokens: &'a Tokens,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub(super) clock: C,
}

impl<H: Http, C: Fn() -> u64> Sender<'_, H, C> {
    /// Sends a request; gives the platform's answer, whatever its status, and what it took.
    ///
    /// Where the origin wants a token and none is kept, one is traded for first. When a token that was kept is refused
    /// with 401, it is forgotten and the request sent once more with another; whatever is answered then stands. Every
    /// request that leaves counts as a call, the exchange for whoever made it.
    pub(super) async fn send(&self, manifest: &Manifest, setup: &Setup, request: &Request) -> (Result<Response, Trouble>, Calls) {
        let errand = Errand { sender: self, manifest, setup, request, begun: (self.clock)(), calls: Cell::default() };
        let response = errand.run().await;
        let calls = errand.calls.get();
        // One was granted: the request itself.
        (response, Calls { ungranted: calls.made.saturating_sub(1), ..calls })
    }
}

/// One request on its way.
struct Errand<'a, H, C> {
    sender: &'a Sender<'a, H, C>,
    manifest: &'a Manifest,
    setup: &'a Setup,
    request: &'a Request,
    begun: u64,
    calls: Cell<Calls>,
}

impl<H: Http, C: Fn() -> u64> Errand<'_, H, C> {
    async fn run(&self) -> Result<Response, Trouble> {
        let Some(exchange) = outbound::exchange(self.manifest, self.setup, self.request)? else { return self.ask(None).await };
        let Lent { token, is_new } = self.token(&exchange).await?;
        let response = self.ask(Some(&token)).await?;
        if response.status != 401 {
            return Ok(response);
        }
        self.sender.tokens.forget(&exchange.key, &token);
        if is_new {
            // It can't have ended, so another would be refused as well.
            return Ok(response);
        }
        let Lent { token, .. } = self.token(&exchange).await?;
        self.ask(Some(&token)).await
    }

    async fn ask(&self, token: Option<&Token>) -> Result<Response, Trouble> {
        let proof = Proof { now: self.now(), token };
        self.fetch(outbound::build(self.manifest, self.setup, self.request, &proof)?).await
    }

    async fn token(&self, exchange: &Exchange) -> Result<Lent, Trouble> {
        let traded = async {
            let asked_at = self.now();
            let response = self.fetch(exchange.request.clone()).await?;
            Token::read(&response, asked_at).map_err(|fault| Trouble::Fault { fault })
        };
        self.sender.tokens.lend(&exchange.key, self.now(), traded).await
    }

    /// Sends one request in what is left of the time, and counts it.
    async fn fetch(&self, request: HttpRequest) -> Result<Response, Trouble> {
        let sent_at = self.now().0;
        let left = u64::from(SENT_MS_MAX).saturating_sub(sent_at.saturating_sub(self.begun));
        let timeout_ms = request.timeout_ms.min(u32::try_from(left).unwrap_or(u32::MAX));
        let response = self.sender.http.fetch(HttpRequest { timeout_ms, ..request }).await;
        let calls = Calls { made: 1, ms: self.now().0.saturating_sub(sent_at), ..Calls::default() };
        self.calls.set(self.calls.get().plus(calls));
        Ok(response?)
    }

    fn now(&self) -> Time {
        Time((self.sender.clock)())
    }
}

#[cfg(test)]
mod tests;
