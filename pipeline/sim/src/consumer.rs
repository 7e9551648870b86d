//! A consumer: the real loop of [`drive::work`], driven by hand. Whatever it waits for becomes an [`Ask`]; the world
//! answers when it is time to, or never.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use scout_pipeline::cache::NoCache;
use scout_pipeline::contract::{CreatorRef, Manifest, Method, Page, Planned, Profile, Query, Request, Response};
use scout_pipeline::drive::{self, Desk, Installed, Worked};
use scout_pipeline::outbound::Setup;
use scout_pipeline::ports::{Adapter, AdapterError, Http, HttpError, HttpRequest, JobLink, LinkError};
use scout_pipeline::protocol::{Message, Reply, Report};
use scout_pipeline::token::Tokens;
use scout_pipeline::upstream::Unmetered;

use crate::scenario::SECRET;
use crate::upstream::{Answer, Question};

/// What a consumer waits for.
#[derive(Debug)]
pub enum Ask {
    /// Say this to the job.
    Tell(Report, Slot<Result<Reply, LinkError>>),
    /// Send this question to the platform.
    Fetch(Question, Slot<Result<Answer, HttpError>>),
}

/// Where an answer goes to.
#[derive(Debug)]
pub struct Slot<T>(Rc<RefCell<Place<T>>>);

#[derive(Debug)]
struct Place<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

impl<T> Slot<T> {
    fn new() -> (Slot<T>, Wait<T>) {
        let place = Rc::new(RefCell::new(Place { value: None, waker: None }));
        (Slot(Rc::clone(&place)), Wait(place))
    }

    /// Answers. The consumer goes on with its next step.
    pub fn fill(self, value: T) {
        let waker = {
            let mut place = self.0.borrow_mut();
            place.value = Some(value);
            place.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The consumer's end of a slot.
struct Wait<T>(Rc<RefCell<Place<T>>>);

impl<T> Future for Wait<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut place = self.0.borrow_mut();
        match place.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                // Several calls of one batch wait together, each with a waker of its own.
                place.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

type Asks = Rc<RefCell<Vec<Ask>>>;

/// How the machine is that a consumer runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine {
    /// The secret is not set.
    pub without_secret: bool,
    /// The adapter is not installed.
    pub without_adapter: bool,
    /// The adapter breaks when it plans.
    pub breaks_planning: bool,
    /// The adapter plans what no host would send.
    pub strays: bool,
}

/// The adapter: it gives every question a number, and looks answers up by theirs.
#[derive(Debug)]
struct Model {
    machine: Machine,
    questions: Rc<RefCell<Vec<Question>>>,
    answers: Rc<RefCell<Vec<Option<Answer>>>>,
    per_call: usize,
}

impl Model {
    fn request(&self, question: Question) -> Result<Request, AdapterError> {
        if self.machine.breaks_planning {
            return Err(AdapterError::Broken("the component trapped".into()));
        }
        let mut questions = self.questions.borrow_mut();
        questions.push(question);
        let origin = if self.machine.strays { "elsewhere" } else { "api" };
        let path = format!("/{}", questions.len() - 1);
        Ok(Request { origin: origin.into(), method: Method::Get, path, query: vec![], headers: vec![], body: None })
    }

    fn answer(&self, response: &Response) -> Option<Answer> {
        let number: usize = std::str::from_utf8(&response.body).ok()?.parse().ok()?;
        self.answers.borrow_mut().get_mut(number)?.take()
    }
}

fn nonsense<T>() -> Result<T, AdapterError> {
    Err(AdapterError::Broken("the answer belongs to another question".into()))
}

impl Adapter for Model {
    async fn plan_search(&self, query: &Query, cursor: Option<&str>) -> Result<Request, AdapterError> {
        self.request(Question::Search { keyword: query.keyword.clone(), cursor: cursor.map(str::to_owned) })
    }

    async fn read_search(&self, _: &Query, _: Option<&str>, response: Response) -> Result<Page, AdapterError> {
        match self.answer(&response) {
            Some(Answer::Page(page)) => page,
            _ => nonsense(),
        }
    }

    async fn plan_profiles(&self, creators: &[CreatorRef]) -> Result<Vec<Planned>, AdapterError> {
        let mut planned = Vec::new();
        for (number, covered) in creators.chunks(self.per_call).enumerate() {
            let first = (number * self.per_call) as u32;
            let request = self.request(Question::Profiles(covered.to_vec()))?;
            planned.push(Planned { request, covers: (first..first + covered.len() as u32).collect() });
        }
        Ok(planned)
    }

    async fn read_profiles(&self, _: &[CreatorRef], response: Response) -> Result<Vec<Profile>, AdapterError> {
        match self.answer(&response) {
            Some(Answer::Profiles(profiles)) => profiles,
            _ => nonsense(),
        }
    }
}

/// The way to the platform.
struct Wire {
    asks: Asks,
    questions: Rc<RefCell<Vec<Question>>>,
    answers: Rc<RefCell<Vec<Option<Answer>>>>,
}

impl Http for Wire {
    async fn fetch(&self, request: HttpRequest) -> Result<Response, HttpError> {
        let number = request.url.rsplit('/').next().and_then(|number| number.parse::<usize>().ok());
        let question = number.and_then(|number| self.questions.borrow().get(number).cloned());
        let Some(question) = question else { return Err(HttpError::Connection("nobody is there".into())) };
        let (slot, wait) = Slot::new();
        self.asks.borrow_mut().push(Ask::Fetch(question, slot));
        let answer = wait.await?;
        let mut answers = self.answers.borrow_mut();
        answers.push(Some(answer));
        Ok(Response { status: 200, headers: vec![], body: (answers.len() - 1).to_string().into_bytes() })
    }
}

/// The way to the job.
struct Line {
    asks: Asks,
}

impl JobLink for Line {
    async fn tell(&self, report: Report) -> Result<Reply, LinkError> {
        let (slot, wait) = Slot::new();
        self.asks.borrow_mut().push(Ask::Tell(report, slot));
        wait.await
    }
}

/// One message that is being worked on.
pub struct Work {
    future: Pin<Box<dyn Future<Output = Result<Worked, LinkError>>>>,
    asks: Asks,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Work").finish_non_exhaustive()
    }
}

impl Work {
    /// Begins to work on a message.
    #[must_use]
    pub fn begin(message: Message, manifest: &Manifest, machine: Machine, per_call: usize, clock: Rc<Cell<u64>>) -> Work {
        let asks: Asks = Rc::default();
        let questions = Rc::new(RefCell::new(Vec::new()));
        let answers = Rc::new(RefCell::new(Vec::new()));
        let wire = Wire { asks: Rc::clone(&asks), questions: Rc::clone(&questions), answers: Rc::clone(&answers) };
        let line = Line { asks: Rc::clone(&asks) };
        let mut setup = Setup::default();
        if !machine.without_secret {
            setup.secrets.set(SECRET, "open sesame");
        }
        let installed = Installed { adapter: Model { machine, questions, answers, per_call }, manifest: manifest.clone(), setup };
        let future = Box::pin(async move {
            let find = |platform: &str| Some(&installed).filter(|it| !machine.without_adapter && it.manifest.platform == platform);
            let desk = Desk { http: &wire, find, tokens: &Tokens::default(), clock: || clock.get(), permits: &Unmetered, cache: &NoCache };
            drive::work(&message, &line, &desk).await
        });
        Work { future, asks }
    }

    /// Goes as far as it can, and says what it waits for then, or how it ended.
    pub fn step(&mut self) -> (Vec<Ask>, Option<Result<Worked, LinkError>>) {
        let mut context = Context::from_waker(Waker::noop());
        let ended = match self.future.as_mut().poll(&mut context) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        };
        (std::mem::take(&mut *self.asks.borrow_mut()), ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;
    use scout_pipeline::protocol::Queue;

    fn work() -> Work {
        let manifest = scenario::plan(1, 0, 1).dispatch.manifest;
        let message = Message { job: "job-0".into(), task: 0, fence: 0, queue: Queue::Search };
        Work::begin(message, &manifest, Machine::default(), 1, Rc::default())
    }

    #[test]
    fn a_consumer_first_asks_for_a_lease_and_waits_for_the_answer() {
        let mut work = work();
        let (asks, ended) = work.step();
        assert!(matches!(asks.as_slice(), [Ask::Tell(Report::Lease { task: 0 }, _)]) && ended.is_none());
        assert!(matches!(work.step(), (asks, None) if asks.is_empty()));
    }

    #[test]
    fn a_consumer_without_work_drops_the_message() {
        let mut work = work();
        let (asks, _) = work.step();
        for ask in asks {
            if let Ask::Tell(_, slot) = ask {
                slot.fill(Ok(Reply::Gone));
            }
        }
        assert!(matches!(work.step().1, Some(Ok(Worked::Dropped))));
    }
}
