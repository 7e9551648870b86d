//! The index's way to say no: a problem with a `detail`, or a list of what is wrong with the parameters.

use scout_sdk::{
    Fault, Response,
    status::{self, describe},
};

/// Lets an answer pass whose status is a success.
pub(crate) fn check(response: &Response) -> Result<(), Fault> {
    match response.status {
        // Nothing is asked for by its name, so what is not found is the endpoint.
        404 | 410 => Err(Fault::Unsupported(format!("{}; there is no such search at this address", describe(response)))),
        _ => status::check(response),
    }
}
