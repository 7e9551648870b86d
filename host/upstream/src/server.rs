//! The server: finds the platform that a request is for, lets faults happen, keeps the books.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Form, FromRequest as _, Query, Request, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use axum::routing::{any, get, post, put};
use tokio::net::TcpListener;

use crate::control;
use crate::counters::Ledger;
use crate::draw::Draw;
use crate::faults::{Fault, Faults};
use crate::known::Known;
use crate::options::Options;
use crate::platform::{Answer, Ask, Platform, Refusal};
use crate::world::World;
use crate::{
    bluesky::Bluesky, dailymotion::Dailymotion, github::Github, instagram::Instagram, llm, mastodon::Mastodon, peertube::Peertube,
    podcastindex::PodcastIndex, podcasts::Podcasts, spoil, tiktok::Tiktok, twitch::Twitch, youtube::Youtube, youtube_data::YoutubeData,
};

/// How long answers under way may still take once the server is told to end.
const DRAIN: Duration = Duration::from_millis(500);

/// Everything that requests share.
pub(crate) struct Server {
    seed: u64,
    latency_ms: u64,
    jitter_ms: u64,
    slow: Duration,
    retry_after_s: u32,
    faults: RwLock<Faults>,
    platforms: Vec<Box<dyn Platform>>,
    pub(crate) ledger: Ledger,
}

impl Server {
    pub(crate) fn new(options: Options) -> Self {
        let world = Arc::new(World::new(options.seed, options.creators, options.quirks));
        Server {
            seed: options.seed,
            latency_ms: options.latency_ms,
            jitter_ms: options.jitter_ms,
            slow: Duration::from_millis(options.slow_ms),
            retry_after_s: options.retry_after_s,
            faults: RwLock::new(options.faults),
            platforms: vec![
                Box::new(Bluesky::new(Arc::clone(&world))),
                Box::new(Mastodon::new(Arc::clone(&world))),
                Box::new(Peertube::new(Arc::clone(&world))),
                Box::new(Dailymotion::new(Arc::clone(&world))),
                Box::new(Github::new(Arc::clone(&world))),
                Box::new(Instagram::new(Arc::clone(&world))),
                Box::new(PodcastIndex::new(Arc::clone(&world))),
                Box::new(Podcasts::new(Arc::clone(&world))),
                Box::new(Tiktok::new(Arc::clone(&world))),
                Box::new(Twitch::new(Arc::clone(&world))),
                Box::new(Youtube::new(Arc::clone(&world))),
                Box::new(YoutubeData::new(world)),
            ],
            ledger: Ledger::default(),
        }
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        *self.faults.write().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    pub(crate) fn platforms(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.platforms.iter().map(|platform| (platform.name(), platform.origin()))
    }

    /// Whom a keyword reaches on a platform, best first; `None` if there is no such platform.
    pub(crate) fn reach(&self, platform: &str, keyword: &str) -> Option<Vec<Known>> {
        let platform = self.platforms.iter().find(|known| known.name() == platform)?;
        let population = platform.population();
        Some(platform.reach(keyword).into_iter().filter_map(|number| population.get(number)).map(Known::from).collect())
    }

    /// The platform that a path is for, and the path below its origin's base URL.
    fn route<'a>(&'a self, path: &'a str) -> Option<(&'a dyn Platform, &'a str)> {
        self.platforms.iter().find_map(|platform| {
            let below = path.strip_prefix('/')?.strip_prefix(platform.name())?.strip_prefix('/')?.strip_prefix(platform.origin())?;
            below.starts_with('/').then_some((platform.as_ref(), below))
        })
    }

    fn draw_fault(&self, platform: &str, endpoint: &str, draw: Draw) -> Option<Fault> {
        self.faults.read().unwrap_or_else(PoisonError::into_inner).draw(platform, endpoint, draw)
    }

    fn ask(&self, platform: &str, path: &str, request: &Request) -> Ask {
        let uri = request.uri();
        let Query(query) = Query::<Vec<(String, String)>>::try_from_uri(uri).unwrap_or_default();
        let header = request.headers().get("x-api-key").and_then(|value| value.to_str().ok());
        let draw = Draw::of(self.seed, &["request", platform, path, uri.query().unwrap_or_default()]);
        let (port, retry_after_s) = (port(request), self.retry_after_s);
        let (key, headers) = (header.map(str::to_owned), request.headers().clone());
        Ask { path: path.to_owned(), query, key, headers, form: None, port, retry_after_s, draw }
    }

    /// A call to something that is no platform: its draws follow from all of its body.
    pub(crate) fn ask_of(&self, name: &str, uri: &Uri, headers: &HeaderMap, query: Vec<(String, String)>, body: &[u8]) -> Ask {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = headers.clone();
        let draw = Draw::of(self.seed, &["request", name, uri.path(), &String::from_utf8_lossy(body)]);
        Ask { query, draw, ..self.ask(name, uri.path(), &request) }
    }

    async fn wait(&self, mut draw: Draw) {
        let wait_ms = self.latency_ms + draw.below(self.jitter_ms + 1);
        if wait_ms > 0 {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    async fn serve(&self, platform: &dyn Platform, ask: Ask) -> Response<Body> {
        let endpoint = platform.endpoint(&ask.path);
        self.give(platform.name(), endpoint, ask, &|refusal| platform.refuse(refusal), |ask| platform.answer(ask)).await
    }

    /// Answers one call, or lets something go wrong with it; the books know it by these names.
    pub(crate) async fn give(
        &self,
        name: &'static str,
        endpoint: &'static str,
        ask: Ask,
        refuse: &(dyn Fn(Refusal) -> Answer + Sync),
        answer: impl FnOnce(&Ask) -> Answer + Send,
    ) -> Response<Body> {
        let visit = self.ledger.enter(name, endpoint, ask.query.clone(), ask.draw.branch("books").bits());
        // Each repeat has draws of its own, so that a retry may find what the first attempt did not.
        let draw = ask.draw.nth(u64::from(visit.repeat));
        self.wait(draw.branch("latency")).await;
        let fault = self.draw_fault(name, endpoint, draw);
        if fault == Some(Fault::Hang) {
            return spoil::hang(visit).await;
        }
        let replaced = fault.and_then(|fault| spoil::replacement(fault, refuse, &ask, draw));
        let answer = replaced.unwrap_or_else(|| answer(&ask));
        // What is wrong already can't be spoiled: a fault of the body happens to good answers only.
        let fault = fault.filter(|&fault| fault < Fault::Truncated || answer.status == 200);
        spoil::send(answer, fault, draw, self.slow, visit)
    }
}

/// Answers for the platforms, until the future that says when to end is ready. Answers under way may then
/// take half a second more.
pub(crate) async fn run(listener: TcpListener, server: Arc<Server>, until: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let (ended, mut ending) = tokio::sync::watch::channel(false);
    let until = async move {
        until.await;
        ended.send_replace(true);
    };
    let serving = axum::serve(listener, router(server)).with_graceful_shutdown(until).into_future();
    let drained = async move {
        // An error means that the sender is gone, which is after the end as well.
        let _ = ending.wait_for(|ended| *ended).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = serving => served,
        () = drained => Ok(()),
    }
}

fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/", get(control::help))
        .route("/_scout/counters", get(control::counters))
        .route("/_scout/reset", post(control::reset))
        .route("/_scout/faults", put(control::faults))
        .route(llm::PATH, post(llm::chat))
        .route(&format!("{}/{{*path}}", spoil::ELSEWHERE), any(control::elsewhere))
        .fallback(platform)
        .with_state(server)
}

async fn platform(State(server): State<Arc<Server>>, request: Request) -> Response<Body> {
    let uri = request.uri().clone();
    match server.route(uri.path()) {
        Some((platform, path)) if platform.takes_forms(path) && request.method() == Method::POST => {
            let ask = server.ask(platform.name(), path, &request);
            let form = Form::from_request(request, &()).await.map_or_else(|_| Vec::new(), |Form(pairs)| pairs);
            server.serve(platform, Ask { form: Some(form), ..ask }).await
        }
        Some((platform, path)) if request.method() == Method::GET && !platform.takes_forms(path) => {
            let ask = server.ask(platform.name(), path, &request);
            server.serve(platform, ask).await
        }
        Some((platform, path)) => {
            let method = if platform.takes_forms(path) { "POST" } else { "GET" };
            control::plain(&Answer::text(405, format!("only {method} is served here\n")).header("allow", method))
        }
        None => control::plain(&elsewhere(&uri, &server)),
    }
}

/// The port that a request came to, by its own word.
fn port(request: &Request) -> u16 {
    let host = request.headers().get("host").and_then(|host| host.to_str().ok());
    host.and_then(|host| host.rsplit_once(':')).and_then(|(_, port)| port.parse().ok()).unwrap_or(80)
}

fn elsewhere(uri: &Uri, server: &Server) -> Answer {
    let known: Vec<_> = server.platforms().map(|(platform, origin)| format!("/{platform}/{origin}/")).collect();
    let path = uri.path();
    Answer::text(404, format!("there is nothing at {path}\nhint: paths begin with {}; GET / says more\n", known.join(" or ")))
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::counters::TOKEN;
    use crate::faults::SCOPES;

    /// How long an answer takes, on a clock that only waiting moves.
    async fn took_ms(latency_ms: u64, jitter_ms: u64, keyword: &str) -> u128 {
        let server = Server::new(Options { creators: 100, latency_ms, jitter_ms, ..Options::default() });
        let path = format!("/bluesky/api/app.bsky.actor.searchActors?q={keyword}");
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let (begun, (platform, path)) = (Instant::now(), server.route(request.uri().path()).unwrap());
        let ask = server.ask(platform.name(), path, &request);
        assert_eq!(server.serve(platform, ask).await.status(), 200);
        begun.elapsed().as_millis()
    }

    #[test]
    fn a_fault_can_be_restricted_to_every_platform_and_to_no_other() {
        let server = Server::new(Options { creators: 1, ..Options::default() });
        let platforms: Vec<_> = server.platforms().map(|(platform, _)| platform).collect();
        let calls = ["search", "profiles", "credit", TOKEN, llm::NAME];
        assert_eq!(SCOPES.to_vec(), [&platforms[..], &calls].concat());
    }

    #[tokio::test(start_paused = true)]
    async fn every_answer_takes_the_latency_exactly_when_there_is_no_jitter() {
        assert_eq!(took_ms(0, 0, "yoga").await, 0);
        assert_eq!(took_ms(250, 0, "yoga").await, 250);
    }

    #[tokio::test(start_paused = true)]
    async fn jitter_adds_to_the_latency_differently_for_every_request_and_the_same_every_time() {
        let (first, second) = (took_ms(250, 1_000, "yoga").await, took_ms(250, 1_000, "chess").await);
        assert!((250..=1_250).contains(&first) && (250..=1_250).contains(&second));
        assert_ne!(first, second);
        assert_eq!(took_ms(250, 1_000, "yoga").await, first);
    }
}
