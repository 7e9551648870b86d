//! Whole searches on this machine, from keywords to export: `scout search`, `resume`, `cancel` and `jobs`.

mod claim;
mod display;
mod expander;
mod jobs;
mod machine;
mod resume;
mod sheet;
mod stop;
mod store;
mod surroundings;
mod wish;
mod worker;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use scout_pipeline::accept::Offer;
use scout_pipeline::contract::Manifest;
use scout_pipeline::drive::Installed;
use scout_pipeline::job::{Dispatch, Job, Status};
use scout_pipeline::time::Time;

use crate::adapter::Source;
use crate::bundle;
use crate::client::Client;
use crate::engine::{Component, Engine, Options};
use crate::failure::{Failure, Outcome};
use claim::{Claim, Taken};
use display::Display;
use expander::Expander;
use machine::{Begin, Machine, Run};
use stop::Signals;
use store::{Store, StoreError};
use surroundings::{Printing, Surroundings, Upstream};

pub use jobs::{Jobs, jobs};
pub use resume::{Cancel, Resume, cancel, resume};
pub use wish::Wish;

/// Runs a search.
///
/// # Errors
/// When what was asked for is not acceptable, or the search can't be carried out at all.
pub async fn search(wish: Wish) -> Outcome {
    let component = load(&wish.platform)?;
    let manifest = component.manifest().clone();
    let accepted = wish.accept(&offers(&manifest), &manifest.platform)?;
    wish.check_settings(&manifest)?;
    let scene = Scene::set(component, &wish.surroundings, &wish.settings).await?;
    let now = now();
    let settings = scene.installed.setup.settings_in_force(&manifest);
    let id = uuid::Uuid::now_v7().to_string();
    let job = Job::create(Dispatch { id, accepted, manifest, settings, seed: rand::random(), at: now, account: None, waits: false });
    let kept = Kept::open(&scene.state, job.id())?;
    let way = Way { begin: Begin::GoOn, surroundings: &wish.surroundings, component: Some(wish.platform.as_str()) };
    scene.play(job, kept, now, way).await
}

/// The file of searches, and the right to work on one of them.
struct Kept {
    store: Store,
    claim: Claim,
}

impl Kept {
    fn open(state: &Path, job: &str) -> Result<Kept, Failure> {
        let store = Store::open(state)?;
        let claim = Claim::take(state, job)?.map_err(|Taken { process }| {
            let process = process.map(|number| format!(", process {number}")).unwrap_or_default();
            Failure::error(format_args!("another scout works on the search {job}{process}"))
                .hint("wait until it is over, or press Ctrl-C there: it can go on later")
        })?;
        Ok(Kept { store, claim })
    }
}

/// How a job is taken on, and what has to be said again when it is to go on later.
struct Way<'a> {
    begin: Begin,
    surroundings: &'a Surroundings,
    /// The adapter as it was named.
    component: Option<&'a str>,
}

/// Everything that a search needs besides itself.
struct Scene {
    installed: Installed<Component>,
    http: Client,
    expander: Expander,
    state: PathBuf,
    /// Lives as long as the search.
    fake: Option<scout_upstream::Running>,
}

impl Scene {
    async fn set(component: Component, surroundings: &Surroundings, settings: &[(String, String)]) -> Result<Scene, Failure> {
        surroundings.printing.check()?;
        let fake = match surroundings.upstream {
            Upstream::Fake => Some(
                scout_upstream::start(scout_upstream::Options::default())
                    .await
                    .map_err(|error| Failure::error(format_args!("the fake platforms can't be started: {}", error.kind())))?,
            ),
            Upstream::Live | Upstream::At(_) => None,
        };
        let url = fake.as_ref().map(scout_upstream::Running::url);
        let manifest = component.manifest().clone();
        let expander = surroundings.expand.set_up(surroundings.upstream.fake_url(url.as_deref()))?;
        let setup = surroundings::setup(&manifest, &surroundings.upstream, url.as_deref(), settings)?;
        let http = Client::new().map_err(Failure::error)?;
        Ok(Scene { installed: Installed { adapter: component, manifest, setup }, http, expander, state: surroundings.place.file()?, fake })
    }

    /// Runs the job to its end and prints what it found, or says how to go on when it was stopped before.
    async fn play(self, job: Job, kept: Kept, now: Time, way: Way<'_>) -> Outcome {
        let signals = Signals::listen();
        let Printing { format, output, quiet } = &way.surroundings.printing;
        let display = Display::new(*quiet);
        let machine = Machine::new(job, way.begin, kept.store, now, &self.expander, &display);
        let Run { job, at, stopped } = machine.run(&self.installed, &self.http, signals.first()).await?;
        signals.release();
        drop(kept.claim);
        if let Some(signal) = stopped {
            // An installed adapter is found by the job's own platform.
            let file = way.component.filter(|name| !bundle::names().any(|installed| installed == *name));
            display.interrupted(&job, at, &self.state, &way.surroundings.ways_on(job.id(), file));
            return Ok(signal.exit_code());
        }
        display.end(&job, at);
        if let Some(fake) = self.fake {
            // Nothing is left to ask it, and the program ends.
            let _ = fake.stop().await;
        }
        sheet::print(&job, *format, output.as_deref())?;
        Ok(exit_code(job.status()))
    }
}

fn exit_code(status: Status) -> ExitCode {
    ExitCode::from(match status {
        Status::Completed => 0,
        Status::Partial | Status::Cancelled => 3,
        _ => 1,
    })
}

fn load(platform: &str) -> Result<Component, Failure> {
    let engine = Engine::new(Options::of_this_user())?;
    Source::of(platform)?.load(&engine)
}

/// What acceptance may choose from: the adapter at hand, and the names of the others for its hints.
fn offers(manifest: &Manifest) -> Vec<Offer> {
    let others = bundle::names().filter(|name| *name != manifest.platform);
    let others = others.map(|name| Offer { platform: name.to_owned(), reports_views: false });
    std::iter::once(Offer::from(manifest)).chain(others).collect()
}

fn now() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Time(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::error(error).hint("--state FILE keeps jobs in another file")
    }
}
