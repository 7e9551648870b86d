//! The limit on requests: `429` beyond it, and `RateLimit` headers on every answer.
//!
//! The headers are those of draft-ietf-httpapi-ratelimit-headers-11: `RateLimit-Policy` has the quota `q` and its window
//! `w` in seconds, `RateLimit` the requests `r` that remain and the seconds `t` until all of them are there again.

use std::cell::RefCell;
use std::collections::HashMap;

use scout_pipeline::account::{Mirror, REQUEST_WINDOW_S, Rate, Spent};
use worker::{Env, console_error};

use crate::account;
use crate::answer::Answer;
use crate::clock::now;
use crate::problem::Problem;

/// Accounts whose requests one isolate counts; where there are more, it asks their objects anew.
const MIRRORS_MAX: usize = 1_000;

thread_local! {
    static MIRRORS: RefCell<HashMap<String, Mirror>> = RefCell::default();
}

/// Decides on a request of an account. `None` where its object can't be reached: whatever the request is about, that
/// is not the reason to refuse it.
pub(super) async fn take(env: &Env, account: &str) -> Option<Rate> {
    if let Some(rate) = MIRRORS.with_borrow_mut(|mirrors| mirrors.get_mut(account).and_then(|mirror| mirror.take(now()))) {
        return Some(rate);
    }
    // It is taken out before anything is waited for, so that what it let through is reported once.
    let spent = MIRRORS.with_borrow_mut(|mirrors| mirrors.remove(account)).map_or(Spent::default(), |mirror| mirror.spent());
    let allowed = match account::requests(env, account, spent).await {
        Ok(allowed) => allowed,
        Err(error) => {
            console_error!("an account's requests were not counted: {error}");
            return None;
        }
    };
    MIRRORS.with_borrow_mut(|mirrors| {
        if mirrors.len() >= MIRRORS_MAX {
            mirrors.clear();
        }
        // Another request may have asked at the same time, and others may have been let through on its answer.
        let mirror = mirrors.get(account).map_or(Mirror::new(allowed, now()), |mirror| mirror.updated(allowed, now()));
        mirrors.insert(account.to_owned(), mirror);
    });
    Some(allowed.rate)
}

/// The problem of a request that may not be answered.
pub(super) fn check(rate: Option<Rate>) -> Result<(), Problem> {
    let Some(rate) = rate.filter(|rate| !rate.allowed) else { return Ok(()) };
    let detail = format!("the account has made {} requests within a minute, which is what its plan allows", rate.limit);
    let hint =
        format!("send the request again in {} s; status answers need not be asked for more often than once a second", rate.retry_after_s);
    Err(Problem::new(429, "too_many_requests", detail, hint).with_header("retry-after", rate.retry_after_s.to_string()))
}

/// An answer with what callers are told of their limit.
pub(super) fn with_headers(answer: Answer, rate: Option<Rate>) -> Answer {
    let Some(Rate { limit, remaining, reset_s, .. }) = rate else { return answer };
    let answer = answer.with_header("ratelimit-policy", format!(r#""requests";q={limit};w={REQUEST_WINDOW_S}"#));
    answer.with_header("ratelimit", format!(r#""requests";r={remaining};t={reset_s}"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { allowed: true, limit: 60, remaining: 12, reset_s: 48, retry_after_s: 0 };

    #[test]
    fn the_headers_say_the_quota_its_window_what_remains_and_when_it_is_whole() {
        let answer = with_headers(Answer::text(200, "{}".into()), Some(RATE));
        let expected = [("ratelimit-policy", r#""requests";q=60;w=60"#.to_owned()), ("ratelimit", r#""requests";r=12;t=48"#.to_owned())];
        assert_eq!(answer.headers, expected);
    }

    #[test]
    fn a_request_that_was_not_counted_has_no_headers_and_is_answered() {
        assert!(check(None).is_ok() && with_headers(Answer::text(200, "{}".into()), None).headers.is_empty());
    }

    #[test]
    fn a_request_too_many_is_a_429_that_says_when_to_come_back() {
        assert!(check(Some(RATE)).is_ok());
        let problem = check(Some(Rate { allowed: false, remaining: 0, retry_after_s: 3, ..RATE })).unwrap_err();
        assert_eq!((problem.status, problem.code), (429, "too_many_requests"));
        assert_eq!(problem.headers, [("retry-after", "3".to_owned())]);
    }
}
