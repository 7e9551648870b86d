//! All routes and who may use each: the one list of them. Tests walk it, so that none is served to whoever it is not for.

use super::fault::Fault;
use crate::problem::Problem;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, without a token.
    Everyone,
    /// Callers with an account, and nobody else.
    Account,
    /// The operator, and nobody else.
    Operator,
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its method. `GET` is `HEAD` too, and every path has `OPTIONS`.
    pub method: &'static str,
    /// Its path; what stands in braces is anything but nothing.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
    /// What it is, with what stood for the braces.
    make: fn(String) -> Route,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// `GET /healthz`
    Health,
    /// `OPTIONS` of a path, with the methods that it has.
    Options(String),
    /// Something for callers with an account.
    Account(AccountRoute),
    /// Something for the operator.
    Operator(OperatorRoute),
}

/// What a caller with an account asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AccountRoute {
    /// `POST /api/v2/dispatch`
    Dispatch,
    /// `GET /api/v2/status`
    Status,
    /// `GET /api/v2/jobs/{id}`
    Job(String),
    /// `POST /api/v2/jobs/{id}/cancel`
    Cancel(String),
    /// `POST /api/v2/jobs/{id}/retry`
    Retry(String),
    /// `GET /api/v2/jobs`
    Jobs,
    /// `GET /api/v2/usage`
    Usage,
    /// `GET /api/v2/platforms`
    Platforms,
    /// `GET /api/v2/keys`
    Keys,
    /// `POST /api/v2/keys`
    MakeKey,
    /// `DELETE /api/v2/keys/{id}`
    RevokeKey(String),
    /// Something below `/api/v2/_fault/`: makes things go wrong on purpose; there for tests only.
    Fault(Fault),
}

/// What the operator asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OperatorRoute {
    /// `GET /api/v2/operator/accounts`
    Accounts,
    /// `GET /api/v2/operator/accounts/{account}`
    Account(String),
    /// `PUT /api/v2/operator/accounts/{account}`
    ChangePlan(String),
    /// `GET /api/v2/operator/accounts/{account}/ledger`
    Ledger(String),
    /// `GET /api/v2/operator/upstreams`
    Upstreams,
    /// `GET /api/v2/operator/adapters`
    Adapters,
}

use AccountRoute::{Cancel, Dispatch, Job, Jobs, Keys, MakeKey, Platforms, Retry, RevokeKey, Status, Usage};
use OperatorRoute::{Accounts, Adapters, ChangePlan, Ledger, Upstreams};

/// Every route, in the order in which they are named to whoever asks for another.
pub const ROUTES: &[Entry] = &[
    account("POST", "/api/v2/dispatch", |_| Route::Account(Dispatch)),
    account("GET", "/api/v2/status", |_| Route::Account(Status)),
    account("GET", "/api/v2/jobs", |_| Route::Account(Jobs)),
    account("GET", "/api/v2/jobs/{id}", |id| Route::Account(Job(id))),
    account("POST", "/api/v2/jobs/{id}/cancel", |id| Route::Account(Cancel(id))),
    account("POST", "/api/v2/jobs/{id}/retry", |id| Route::Account(Retry(id))),
    account("GET", "/api/v2/usage", |_| Route::Account(Usage)),
    account("GET", "/api/v2/platforms", |_| Route::Account(Platforms)),
    account("GET", "/api/v2/keys", |_| Route::Account(Keys)),
    account("POST", "/api/v2/keys", |_| Route::Account(MakeKey)),
    account("DELETE", "/api/v2/keys/{id}", |id| Route::Account(RevokeKey(id))),
    operator("GET", "/api/v2/operator/accounts", |_| Route::Operator(Accounts)),
    operator("GET", "/api/v2/operator/accounts/{id}", |id| Route::Operator(OperatorRoute::Account(id))),
    operator("PUT", "/api/v2/operator/accounts/{id}", |id| Route::Operator(ChangePlan(id))),
    operator("GET", "/api/v2/operator/accounts/{id}/ledger", |id| Route::Operator(Ledger(id))),
    operator("GET", "/api/v2/operator/upstreams", |_| Route::Operator(Upstreams)),
    operator("GET", "/api/v2/operator/adapters", |_| Route::Operator(Adapters)),
    Entry { method: "GET", path: "/healthz", who: Who::Everyone, make: |_| Route::Health },
];

/// Those that make things go wrong, which are there only where `SCOUT_FAULTS` asks for them.
const FAULTS: &[Entry] = &[
    account("POST", "/api/v2/_fault/panic/handler", |_| Route::Account(AccountRoute::Fault(Fault::PanicInHandler))),
    account("POST", "/api/v2/_fault/panic/object", |_| Route::Account(AccountRoute::Fault(Fault::PanicInObject))),
    account("POST", "/api/v2/_fault/panic/consumer", |_| Route::Account(AccountRoute::Fault(Fault::PanicInConsumer))),
    account("POST", "/api/v2/_fault/evict/{id}", |id| Route::Account(AccountRoute::Fault(Fault::Evict(id)))),
];

const fn account(method: &'static str, path: &'static str, make: fn(String) -> Route) -> Entry {
    Entry { method, path, who: Who::Account, make }
}

const fn operator(method: &'static str, path: &'static str, make: fn(String) -> Route) -> Entry {
    Entry { method, path, who: Who::Operator, make }
}

/// Finds the route of a method and a path. `faults` says whether there are those that make
/// things go wrong.
///
/// # Errors
/// 404 for a path that there is not, 405 with `Allow` for a method that it has not.
pub(crate) fn route(method: &str, path: &str, faults: bool) -> Result<Route, Problem> {
    let all = ROUTES.iter().chain(if faults { FAULTS } else { &[] });
    let found: Vec<(&Entry, String)> = all.filter_map(|entry| Some((entry, matched(entry.path, path)?))).collect();
    if found.is_empty() {
        return Err(no_such_route());
    }
    let wanted = if method == "HEAD" { "GET" } else { method };
    let methods = || methods(found.iter().map(|(entry, _)| entry.method));
    match found.iter().find(|(entry, _)| entry.method == wanted) {
        Some((entry, part)) => Ok((entry.make)(part.clone())),
        None if method == "OPTIONS" => Ok(Route::Options(methods())),
        None => Err(wrong_method(methods())),
    }
}

/// What stands for the braces of a template, or nothing where there are none; `None` where the path is another one.
fn matched(template: &str, path: &str) -> Option<String> {
    let (mut templates, mut parts) = (template.split('/'), path.split('/'));
    let mut found = String::new();
    loop {
        match (templates.next(), parts.next()) {
            (None, None) => return Some(found),
            (Some(template), Some(part)) if template.starts_with('{') && !part.is_empty() => found = part.to_owned(),
            (Some(template), Some(part)) if template == part => {}
            _ => return None,
        }
    }
}

/// The methods of a path as `Allow` names them.
fn methods<'a>(methods: impl Iterator<Item = &'a str>) -> String {
    let mut names = Vec::new();
    for method in methods {
        names.push(method);
        if method == "GET" {
            names.push("HEAD");
        }
    }
    names.push("OPTIONS");
    names.join(", ")
}

fn no_such_route() -> Problem {
    let names: Vec<String> = ROUTES.iter().map(|entry| format!("{} {}", entry.method, entry.path)).collect();
    Problem::new(404, "no_such_route", "there is nothing at this path", format!("there are {}", names.join(", ")))
}

fn wrong_method(methods: String) -> Problem {
    let detail = "this path does not have the method that was used";
    Problem::new(405, "wrong_method", detail, format!("use one of {methods}")).with_header("allow", methods)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: &str, path: &str) -> Result<Route, Problem> {
        route(method, path, false)
    }

    fn options(path: &str) -> String {
        match found("OPTIONS", path) {
            Ok(Route::Options(methods)) => methods,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_route_is_found_by_its_method_and_path() {
        for (method, path, expected) in [
            ("POST", "/api/v2/dispatch", Dispatch),
            ("GET", "/api/v2/status", Status),
            ("HEAD", "/api/v2/status", Status),
            ("GET", "/api/v2/jobs/x", Job("x".into())),
            ("POST", "/api/v2/jobs/x/cancel", Cancel("x".into())),
            ("POST", "/api/v2/jobs/x/retry", Retry("x".into())),
            ("GET", "/api/v2/platforms", Platforms),
            ("GET", "/api/v2/keys", Keys),
            ("POST", "/api/v2/keys", MakeKey),
            ("DELETE", "/api/v2/keys/x", RevokeKey("x".into())),
            ("GET", "/api/v2/jobs", Jobs),
            ("GET", "/api/v2/usage", Usage),
        ] {
            assert_eq!(found(method, path), Ok(Route::Account(expected)), "{method} {path}");
        }
        for (method, path, expected) in [
            ("GET", "/api/v2/operator/adapters", Adapters),
            ("GET", "/api/v2/operator/upstreams", Upstreams),
            ("GET", "/api/v2/operator/accounts", Accounts),
            ("GET", "/api/v2/operator/accounts/x", OperatorRoute::Account("x".into())),
            ("PUT", "/api/v2/operator/accounts/x", ChangePlan("x".into())),
            ("GET", "/api/v2/operator/accounts/x/ledger", Ledger("x".into())),
        ] {
            assert_eq!(found(method, path), Ok(Route::Operator(expected)), "{method} {path}");
        }
        assert_eq!(found("GET", "/healthz"), Ok(Route::Health));
    }

    #[test]
    fn what_a_route_does_is_for_those_whom_the_list_names() {
        for entry in ROUTES.iter().chain(FAULTS) {
            let path = entry.path.replace("{id}", "x");
            let who = match route(entry.method, &path, true) {
                Ok(Route::Health) => Who::Everyone,
                Ok(Route::Account(_)) => Who::Account,
                Ok(Route::Operator(_)) => Who::Operator,
                other => panic!("{other:?}"),
            };
            assert_eq!(who, entry.who, "{} {path}", entry.method);
        }
    }

    #[test]
    fn no_two_routes_are_the_same() {
        for (place, entry) in ROUTES.iter().enumerate() {
            let path = entry.path.replace("{id}", "x");
            let twin = ROUTES[..place].iter().any(|other| other.method == entry.method && matched(other.path, &path).is_some());
            assert!(!twin, "{} {}", entry.method, entry.path);
        }
    }

    #[test]
    fn a_path_that_there_is_not_is_a_404() {
        for path in [
            "",
            "/",
            "/api",
            "/api/v2/",
            "/api/v2/dispatch/",
            "/api/v2/jobs/",
            "/api/v2/jobs//cancel",
            "/api/v2/jobs//retry",
            "/api/v2/keys/",
            "/api/v2/keys/x/y",
            "/api/v2/operator",
            "/api/v1/dispatch",
            "/API/v2/status",
            "/api/v2/jobs/{id}/stop",
        ] {
            assert_eq!(route("GET", path, true).unwrap_err().status, 404, "{path}");
        }
    }

    #[test]
    fn a_method_that_the_path_has_not_is_a_405_that_says_which_it_has() {
        for (method, path, allow) in [
            ("GET", "/api/v2/dispatch", "POST, OPTIONS"),
            ("POST", "/api/v2/status", "GET, HEAD, OPTIONS"),
            ("DELETE", "/api/v2/jobs/x", "GET, HEAD, OPTIONS"),
            ("PUT", "/api/v2/keys", "GET, HEAD, POST, OPTIONS"),
        ] {
            let problem = found(method, path).unwrap_err();
            assert_eq!((problem.status, problem.headers), (405, vec![("allow", allow.to_owned())]));
            assert_eq!(options(path), allow);
        }
    }

    #[test]
    fn routes_that_make_things_go_wrong_are_there_only_where_they_are_asked_for() {
        for (path, fault) in [
            ("panic/handler", Fault::PanicInHandler),
            ("panic/object", Fault::PanicInObject),
            ("panic/consumer", Fault::PanicInConsumer),
            ("evict/x", Fault::Evict("x".into())),
        ] {
            let path = format!("/api/v2/_fault/{path}");
            assert_eq!(route("POST", &path, true), Ok(Route::Account(AccountRoute::Fault(fault))));
            assert_eq!(found("POST", &path).unwrap_err().status, 404);
        }
        for path in ["panic/elsewhere", "panic", "evict/", "other/x"] {
            assert_eq!(route("POST", &format!("/api/v2/_fault/{path}"), true).unwrap_err().status, 404, "{path}");
        }
    }
}
