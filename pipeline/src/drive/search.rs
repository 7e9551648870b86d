//! Reading a keyword's pages.

use super::purse::{Opened, Purse};
use super::{Run, defer, fail};
use crate::cache::{Key, Kind, Looked, Settled, Value};
use crate::contract::{Page, Query};
use crate::limits::{KEYWORD_PAGES_MAX, PAGE_CREATORS_MAX};
use crate::ports::{Adapter, Cache, Http, JobLink, LinkError, Permits};
use crate::protocol::{Calls, PageReport, Reply, Report};
use crate::time::Time;
use crate::trouble::Trouble;
use crate::upstream::Seen;

/// What became of a page.
enum Step {
    Read(Page),
    Wait(Time),
    Trouble(Trouble),
}

/// The call that was granted for a page and is not needed.
const UNUSED: Calls = Calls { made: 0, ungranted: 0, unused: 1, cached: 0, ms: 0 };

impl<A: Adapter, H: Http, L: JobLink, C: Fn() -> u64, K: Cache> Run<'_, A, H, L, C, K> {
    /// Reads a keyword's pages until the job says that it has enough, or one of them has to wait.
    pub(super) async fn search(
        &self,
        purse: &mut Purse<'_, impl Permits>,
        query: &Query,
        mut cursor: Option<String>,
        mut page: u32,
    ) -> Result<(), LinkError> {
        loop {
            let (step, calls) = self.page(purse, query, cursor.as_deref(), page).await;
            let reply = match step {
                Step::Read(Page { creators, next }) => {
                    let (task, fence) = (self.lease.task, self.lease.fence);
                    self.link.tell(Report::Page(PageReport { task, fence, page, creators, next, calls })).await?
                }
                Step::Wait(until) => {
                    purse.close(self.now()).await;
                    defer(self.link, self.lease, until, calls).await?
                }
                Step::Trouble(trouble) => {
                    // The upstream's budget hears of it before the job can ask again.
                    purse.close(self.now()).await;
                    fail(self.link, self.lease, trouble, calls).await?
                }
            };
            match reply {
                Reply::Continue { cursor: next, page: number } => (cursor, page) = (next, number),
                Reply::Granted(_) | Reply::Busy | Reply::Gone | Reply::Stop => return Ok(()),
            }
        }
    }

    async fn page(&self, purse: &mut Purse<'_, impl Permits>, query: &Query, cursor: Option<&str>, page: u32) -> (Step, Calls) {
        let adapter = &self.installed.adapter;
        let request = match adapter.plan_search(query, cursor).await {
            Ok(request) => request,
            Err(error) => return (Step::Trouble(error.into()), UNUSED),
        };
        let key = Key::page(&self.installed.manifest, &self.installed.setup, query, cursor, &request);
        let claim = match self.cache.look(Kind::Page, &[key], self.lease.max_age, self.now()).await.pop() {
            Some(Looked::Hit { value: Value::Page(page), .. }) => return (Step::Read(page), Calls { cached: 1, ..UNUSED }),
            Some(Looked::Underway { until }) => return (Step::Wait(until), UNUSED),
            Some(Looked::Yours { claim }) => Some(claim),
            Some(Looked::Hit { .. } | Looked::Off) | None => None,
        };
        let settled = |value| claim.map(|claim| Settled { key, claim, value }).into_iter().collect::<Vec<_>>();
        match purse.open(&request.origin, 1, self.pages_left(page), true, self.now()).await {
            Opened::Open { .. } => {}
            Opened::Wait(until) => {
                self.settle(settled(None)).await;
                return (Step::Wait(until), UNUSED);
            }
            Opened::Refused(trouble) => {
                self.settle(settled(None)).await;
                return (Step::Trouble(trouble), UNUSED);
            }
        }
        let reading = async |response| {
            let page = adapter.read_search(query, cursor, response).await.map_err(Trouble::from).and_then(within_bounds)?;
            Ok((page, Seen::Fine))
        };
        let (read, calls) = self.call(purse, &request, reading).await;
        self.settle(settled(read.as_ref().ok().cloned().map(Value::Page))).await;
        let calls = Calls { unused: 1_u32.saturating_sub(calls.made), ..calls };
        (read.map_or_else(Step::Trouble, Step::Read), calls)
    }

    /// Pages that the keyword may still have, this one included.
    fn pages_left(&self, page: u32) -> usize {
        let pages = self.installed.manifest.hints.pages_per_keyword.clamp(1, KEYWORD_PAGES_MAX);
        pages.saturating_sub(page).max(1) as usize
    }

    /// Settles claims, if there are any.
    pub(super) async fn settle(&self, settled: Vec<Settled>) {
        if !settled.is_empty() {
            self.cache.settle(settled, self.now()).await;
        }
    }
}

fn within_bounds(page: Page) -> Result<Page, Trouble> {
    match page.creators.len() {
        0..=PAGE_CREATORS_MAX => Ok(page),
        rows => Err(Trouble::Broken { detail: format!("the adapter gave {rows} creators on one page; {PAGE_CREATORS_MAX} are allowed") }),
    }
}
