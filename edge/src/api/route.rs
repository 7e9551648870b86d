//! Which request is meant for what.

use super::fault::Fault;
use crate::problem::Problem;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
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
    /// `GET /healthz`
    Health,
    /// Something below `/api/v2/_fault/`: makes things go wrong on purpose; there for tests only.
    Fault(Fault),
    /// `OPTIONS` of any of them, with the methods that it has.
    Options(&'static str),
}

const GET: &str = "GET, HEAD, OPTIONS";
const POST: &str = "POST, OPTIONS";
const GET_PUT: &str = "GET, HEAD, PUT, OPTIONS";

/// Finds the route of a method and a path. `faults` says whether there are those that make
/// things go wrong.
///
/// # Errors
/// 404 for a path that there is not, 405 with `Allow` for a method that it has not.
pub(crate) fn route(method: &str, path: &str, faults: bool) -> Result<Route, Problem> {
    let (route, methods) = find(path, faults).ok_or_else(no_such_route)?;
    match (method, route) {
        ("PUT", Route::Account(id)) => Ok(Route::ChangePlan(id)),
        (_, route) => with_method(method, route, methods),
    }
}

fn with_method(method: &str, route: Route, methods: &'static str) -> Result<Route, Problem> {
    match method {
        "OPTIONS" => Ok(Route::Options(methods)),
        _ if methods.split(", ").any(|allowed| allowed == method) => Ok(route),
        _ => Err(wrong_method(methods)),
    }
}

fn find(path: &str, faults: bool) -> Option<(Route, &'static str)> {
    let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    match parts[..] {
        ["healthz"] => Some((Route::Health, GET)),
        ["api", "v2", "dispatch"] => Some((Route::Dispatch, POST)),
        ["api", "v2", "status"] => Some((Route::Status, GET)),
        ["api", "v2", "platforms"] => Some((Route::Platforms, GET)),
        ["api", "v2", "usage"] => Some((Route::Usage, GET)),
        ["api", "v2", "jobs"] => Some((Route::Jobs, GET)),
        ["api", "v2", "operator", "accounts"] => Some((Route::Accounts, GET)),
        ["api", "v2", "operator", "accounts", id] if !id.is_empty() => Some((Route::Account(id.to_owned()), GET_PUT)),
        ["api", "v2", "operator", "accounts", id, "ledger"] if !id.is_empty() => Some((Route::Ledger(id.to_owned()), GET)),
        ["api", "v2", "operator", "upstreams"] => Some((Route::Upstreams, GET)),
        ["api", "v2", "jobs", id] if !id.is_empty() => Some((Route::Job(id.to_owned()), GET)),
        ["api", "v2", "jobs", id, "cancel"] if !id.is_empty() => Some((Route::Cancel(id.to_owned()), POST)),
        ["api", "v2", "jobs", id, "retry"] if !id.is_empty() => Some((Route::Retry(id.to_owned()), POST)),
        ["api", "v2", "_fault", kind, what] if faults => Some((Route::Fault(fault(kind, what)?), POST)),
        _ => None,
    }
}

fn fault(kind: &str, what: &str) -> Option<Fault> {
    match (kind, what) {
        ("panic", "handler") => Some(Fault::PanicInHandler),
        ("panic", "object") => Some(Fault::PanicInObject),
        ("panic", "consumer") => Some(Fault::PanicInConsumer),
        ("evict", id) if !id.is_empty() => Some(Fault::Evict(id.to_owned())),
        _ => None,
    }
}

fn no_such_route() -> Problem {
    let hint = "there are POST /api/v2/dispatch, GET /api/v2/status, GET /api/v2/jobs, GET /api/v2/jobs/{id}, POST /api/v2/jobs/{id}/cancel, \
                POST /api/v2/jobs/{id}/retry, GET /api/v2/platforms, GET /api/v2/usage, GET /api/v2/operator/accounts, \
                GET and PUT /api/v2/operator/accounts/{account}, GET /api/v2/operator/accounts/{account}/ledger, \
                GET /api/v2/operator/upstreams and GET /healthz";
    Problem::new(404, "no_such_route", "there is nothing at this path", hint)
}

fn wrong_method(methods: &'static str) -> Problem {
    let detail = "this path does not have the method that was used";
    Problem::new(405, "wrong_method", detail, format!("use one of {methods}")).with_header("allow", methods)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_by_its_method_and_path() {
        for (method, path, expected) in [
            ("POST", "/api/v2/dispatch", Route::Dispatch),
            ("GET", "/api/v2/status", Route::Status),
            ("HEAD", "/api/v2/status", Route::Status),
            ("GET", "/api/v2/jobs/x", Route::Job("x".into())),
            ("POST", "/api/v2/jobs/x/cancel", Route::Cancel("x".into())),
            ("POST", "/api/v2/jobs/x/retry", Route::Retry("x".into())),
            ("GET", "/api/v2/platforms", Route::Platforms),
            ("GET", "/api/v2/jobs", Route::Jobs),
            ("GET", "/api/v2/usage", Route::Usage),
            ("GET", "/api/v2/operator/accounts", Route::Accounts),
            ("GET", "/api/v2/operator/accounts/x", Route::Account("x".into())),
            ("PUT", "/api/v2/operator/accounts/x", Route::ChangePlan("x".into())),
            ("GET", "/api/v2/operator/accounts/x/ledger", Route::Ledger("x".into())),
            ("GET", "/api/v2/operator/upstreams", Route::Upstreams),
            ("GET", "/healthz", Route::Health),
            ("OPTIONS", "/api/v2/dispatch", Route::Options(POST)),
        ] {
            assert_eq!(route(method, path, false), Ok(expected), "{method} {path}");
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
            "/api/v1/dispatch",
            "/API/v2/status",
        ] {
            assert_eq!(route("GET", path, true).unwrap_err().status, 404, "{path}");
        }
    }

    #[test]
    fn a_method_that_the_path_has_not_is_a_405_that_says_which_it_has() {
        for (method, path, allow) in [("GET", "/api/v2/dispatch", POST), ("POST", "/api/v2/status", GET), ("DELETE", "/api/v2/jobs/x", GET)]
        {
            let problem = route(method, path, false).unwrap_err();
            assert_eq!((problem.status, problem.headers), (405, vec![("allow", allow.to_owned())]));
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
            assert_eq!(route("POST", &path, true), Ok(Route::Fault(fault)));
            assert_eq!(route("POST", &path, false).unwrap_err().status, 404);
        }
        for path in ["panic/elsewhere", "panic", "evict/", "other/x"] {
            assert_eq!(route("POST", &format!("/api/v2/_fault/{path}"), true).unwrap_err().status, 404, "{path}");
        }
    }
}
