//! The one trait that an adapter implements.

use crate::contract::bindings::exports::scout::adapter::adapter::Guest;
use crate::contract::{CreatorRef, Fault, Manifest, Page, Planned, Profile, Query, Request, Response};

/// A platform as Scout sees it: pure functions from questions to requests and from answers to creators.
///
/// Implement it for an empty type and hand that type to [`crate::export!`]. Nothing may be kept between
/// calls: every call may meet a fresh instance, and the cursor is all that one page tells the next.
pub trait Platform {
    /// What this adapter is and needs; the same every time.
    fn describe() -> Manifest;

    /// The request for a page of search results: the first one without a cursor, a later one with the
    /// cursor that the page before gave.
    ///
    /// # Errors
    /// When the platform can't do what the query asks, or the cursor is none of this adapter's.
    fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault>;

    /// Reads the answer to [`Platform::plan_search`] with the same query and cursor, whatever its status.
    ///
    /// # Errors
    /// The answer's fault. Finding nothing is not one: that is a page without creators.
    fn read_search(query: &Query, cursor: Option<&str>, response: &Response) -> Result<Page, Fault>;

    /// The requests that read these creators' profiles. A platform whose search answers are full profiles
    /// leaves it out.
    ///
    /// # Errors
    /// When profiles can't be read on this platform.
    fn plan_profiles(creators: &[CreatorRef]) -> Result<Vec<Planned>, Fault> {
        let _ = creators;
        Err(no_profiles())
    }

    /// Reads the answer to one planned request, and gives one profile for each creator that it covers.
    ///
    /// # Errors
    /// The answer's fault, when it concerns all of the creators.
    fn read_profiles(creators: &[CreatorRef], response: &Response) -> Result<Vec<Profile>, Fault> {
        let _ = (creators, response);
        Err(no_profiles())
    }
}

fn no_profiles() -> Fault {
    Fault::Unsupported("search answers of this platform are full profiles; there are no profile calls".to_owned())
}

/// Ties the trait to what the component exports.
impl<P: Platform> Guest for P {
    fn describe() -> Manifest {
        P::describe()
    }

    fn plan_search(query: Query, cursor: Option<String>) -> Result<Request, Fault> {
        P::plan_search(&query, cursor.as_deref())
    }

    fn read_search(query: Query, cursor: Option<String>, response: Response) -> Result<Page, Fault> {
        P::read_search(&query, cursor.as_deref(), &response)
    }

    fn plan_profiles(creators: Vec<CreatorRef>) -> Result<Vec<Planned>, Fault> {
        P::plan_profiles(&creators)
    }

    fn read_profiles(creators: Vec<CreatorRef>, response: Response) -> Result<Vec<Profile>, Fault> {
        P::read_profiles(&creators, &response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Enrichment, Hints};

    struct Directory;

    impl Platform for Directory {
        fn describe() -> Manifest {
            Manifest {
                platform: "directory".into(),
                label: "Directory".into(),
                version: "1.0.0".into(),
                origins: Vec::new(),
                enrichment: Enrichment::None,
                hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: None },
                reports_views: false,
                settings: Vec::new(),
                extra: Vec::new(),
            }
        }

        fn plan_search(query: &Query, cursor: Option<&str>) -> Result<Request, Fault> {
            Ok(Request::get("api", "/find").with("q", &*query.keyword).with_some("cursor", cursor))
        }

        fn read_search(_: &Query, _: Option<&str>, response: &Response) -> Result<Page, Fault> {
            Err(Fault::Other(format!("HTTP {}", response.status)))
        }
    }

    crate::export!(Directory);

    #[test]
    fn a_platform_without_profile_calls_says_that_they_are_unsupported() {
        assert!(matches!(<Directory as Guest>::plan_profiles(Vec::new()), Err(Fault::Unsupported(_))));
        let response = Response { status: 200, headers: Vec::new(), body: Vec::new() };
        assert!(matches!(<Directory as Guest>::read_profiles(Vec::new(), response), Err(Fault::Unsupported(_))));
    }

    #[test]
    fn what_the_component_exports_is_what_the_author_wrote() {
        let query = Query { keyword: "yoga".into(), settings: Vec::new(), extra: Vec::new() };
        let request = <Directory as Guest>::plan_search(query.clone(), Some("2".into())).expect("it can be planned");
        assert_eq!(request, <Directory as Platform>::plan_search(&query, Some("2")).expect("it can be planned"));
        assert_eq!(<Directory as Guest>::describe(), <Directory as Platform>::describe());
    }

    #[test]
    fn a_fault_reaches_the_component_s_caller_unchanged() {
        let query = Query { keyword: "yoga".into(), settings: Vec::new(), extra: Vec::new() };
        let response = Response { status: 418, headers: Vec::new(), body: Vec::new() };
        assert_eq!(<Directory as Guest>::read_search(query, None, response), Err(Fault::Other("HTTP 418".into())));
    }
}
