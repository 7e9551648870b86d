//! One message that is worked on. All that is asked of the platform and all that is told to the job passes here, so
//! that a search that is to stop begins nothing, and yet keeps every answer that it has paid for.

use std::cell::Cell;

use scout_pipeline::contract::Response;
use scout_pipeline::ports::{Http, HttpError, HttpRequest, JobLink, LinkError};
use scout_pipeline::protocol::{ProfileAnswer, Reply, Report};
use scout_pipeline::trouble::Trouble;

/// Stands for a request that was not sent, on the way from [`Worker::fetch`] to [`Worker::tell`].
const UNSENT: &str = "the search is stopping";

/// What works on one message.
pub(super) struct Worker<'a, H, L> {
    http: &'a H,
    link: &'a L,
    /// Whether the search is to stop.
    stopping: &'a Cell<bool>,
    /// Requests that were not sent for that reason since the last report.
    unsent: Cell<u32>,
}

impl<'a, H: Http, L: JobLink> Worker<'a, H, L> {
    pub(super) fn new(http: &'a H, link: &'a L, stopping: &'a Cell<bool>) -> Self {
        Worker { http, link, stopping, unsent: Cell::new(0) }
    }

    /// Leaves out of a report whatever was not even asked. It is still open, and nobody has tried it in vain.
    fn without_unsent(&self, report: Report) -> Option<Report> {
        let unsent = unsent();
        match report {
            Report::Lease { .. } if self.stopping.get() => None,
            Report::Failed(failed) if failed.trouble == unsent => None,
            Report::Profiles(mut profiles) => {
                profiles.results.retain(|result| result.answer != ProfileAnswer::Trouble(unsent.clone()));
                profiles.calls.made = profiles.calls.made.saturating_sub(self.unsent.take());
                Some(Report::Profiles(profiles))
            }
            report => Some(report),
        }
    }
}

impl<H: Http, L: JobLink> Http for Worker<'_, H, L> {
    async fn fetch(&self, request: HttpRequest) -> Result<Response, HttpError> {
        if self.stopping.get() {
            self.unsent.set(self.unsent.get() + 1);
            return Err(HttpError::Connection(UNSENT.to_owned()));
        }
        self.http.fetch(request).await
    }
}

impl<H: Http, L: JobLink> JobLink for Worker<'_, H, L> {
    async fn tell(&self, report: Report) -> Result<Reply, LinkError> {
        match self.without_unsent(report) {
            Some(report) => self.link.tell(report).await,
            None => Err(LinkError(UNSENT.to_owned())),
        }
    }
}

fn unsent() -> Trouble {
    Trouble::from(HttpError::Connection(UNSENT.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use scout_pipeline::contract::{Method, Outcome};
    use scout_pipeline::protocol::{Calls, FailedReport, ProfileResult, ProfilesReport};

    use super::*;

    /// A platform that answers everything, and a job that notes what it is told.
    #[derive(Default)]
    struct World {
        told: RefCell<Vec<Report>>,
    }

    impl Http for World {
        async fn fetch(&self, _: HttpRequest) -> Result<Response, HttpError> {
            Ok(Response { status: 200, headers: Vec::new(), body: Vec::new() })
        }
    }

    impl JobLink for World {
        async fn tell(&self, report: Report) -> Result<Reply, LinkError> {
            self.told.borrow_mut().push(report);
            Ok(Reply::Stop)
        }
    }

    fn request() -> HttpRequest {
        let url = "https://api.example.test".to_owned();
        HttpRequest { method: Method::Get, url, headers: Vec::new(), body: None, timeout_ms: 1, body_bytes_max: 1 }
    }

    fn result(identity: &str, answer: ProfileAnswer) -> ProfileResult {
        ProfileResult { identity: identity.to_owned(), answer }
    }

    #[tokio::test]
    async fn a_search_that_stops_keeps_the_profiles_that_were_read_and_leaves_the_others_open() {
        let (world, stopping) = (World::default(), Cell::new(false));
        let worker = Worker::new(&world, &world, &stopping);
        assert!(worker.fetch(request()).await.is_ok());
        stopping.set(true);
        let refused = Trouble::from(worker.fetch(request()).await.unwrap_err());
        let read = result("a", ProfileAnswer::Read(Outcome::Empty(scout_pipeline::contract::Absence::Private)));
        let results = vec![read.clone(), result("b", ProfileAnswer::Trouble(refused))];
        let calls = |made| Calls { made, ms: 5, ..Calls::default() };
        let report = |results, made| Report::Profiles(ProfilesReport { task: 1, fence: 1, results, until: None, calls: calls(made) });
        worker.tell(report(results, 2)).await.unwrap();
        assert_eq!(*world.told.borrow(), [report(vec![read], 1)]);
    }

    #[tokio::test]
    async fn a_search_that_stops_asks_for_no_lease_and_counts_no_page_as_tried_in_vain() {
        let (world, stopping) = (World::default(), Cell::new(true));
        let worker = Worker::new(&world, &world, &stopping);
        assert!(worker.tell(Report::Lease { task: 0 }).await.is_err());
        let trouble = Trouble::from(worker.fetch(request()).await.unwrap_err());
        assert!(worker.tell(Report::Failed(FailedReport { task: 0, fence: 1, trouble, calls: Calls::default() })).await.is_err());
        assert!(world.told.borrow().is_empty());
    }

    #[tokio::test]
    async fn whatever_really_went_wrong_is_told_while_it_stops_too() {
        let (world, stopping) = (World::default(), Cell::new(true));
        let trouble = Trouble::from(HttpError::Timeout { ms: 20_000 });
        let report = Report::Failed(FailedReport { task: 0, fence: 1, trouble, calls: Calls { made: 1, ms: 20_000, ..Calls::default() } });
        Worker::new(&world, &world, &stopping).tell(report.clone()).await.unwrap();
        assert_eq!(*world.told.borrow(), [report]);
    }
}
