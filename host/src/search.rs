//! `scout search` and `scout resume`: a whole search on this machine, from keywords to export.

mod display;
mod machine;
mod sheet;
mod store;
mod wish;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use etcetera::BaseStrategy as _;
use scout_pipeline::accept::Offer;
use scout_pipeline::contract::Manifest;
use scout_pipeline::drive::Installed;
use scout_pipeline::job::{Counters, Dispatch, Job, Status};
use scout_pipeline::time::Time;

use crate::adapter::Source;
use crate::bundle;
use crate::client::Client;
use crate::engine::{Component, Engine, Options};
use crate::failure::{Failure, Outcome};
use display::Display;
use machine::Machine;
use store::{Store, StoreError};
use wish::{Surroundings, Upstream};

pub use wish::Wish;

/// `scout resume`
#[derive(Debug, Args)]
pub struct Resume {
    /// The job, as `scout search` named it [default: the latest].
    job: Option<String>,
    /// A .wasm file to use, where the job was searched with one.
    #[arg(long, short)]
    platform: Option<String>,
    #[command(flatten)]
    surroundings: Surroundings,
}

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
    let store = Store::open(&scene.state)?;
    let now = now();
    let settings = scene.installed.setup.settings_in_force(&manifest);
    let id = uuid::Uuid::now_v7().to_string();
    let job = Job::create(Dispatch { id, accepted, manifest, settings, seed: rand::random(), at: now, account: None });
    scene.play(job, store, now, &wish.surroundings).await
}

/// Goes on with a search that was cut off, or prints one that is over.
///
/// # Errors
/// When there is no such search, or it can't be carried on.
pub async fn resume(resume: Resume) -> Outcome {
    let state = state_file(&resume.surroundings)?;
    let store = Store::open(&state)?;
    let unknown = || Failure::input(format_args!("{} holds no such search", state.display())).hint("scout search begins one");
    let id = match resume.job {
        Some(job) => job,
        None => store.latest()?.ok_or_else(unknown)?,
    };
    let job = store.load(&id)?.ok_or_else(unknown)?;
    let dispatch = job.dispatch();
    let component = load(resume.platform.as_deref().unwrap_or(&dispatch.manifest.platform))?;
    if component.manifest().platform != dispatch.manifest.platform {
        return Err(Failure::input(format_args!("the search is on {}", dispatch.manifest.platform)).hint("name its adapter by --platform"));
    }
    let settings = dispatch.settings.clone();
    let scene = Scene::set(component, &resume.surroundings, &settings).await?;
    scene.play(job, store, now(), &resume.surroundings).await
}

/// Everything that a search needs besides itself.
struct Scene {
    installed: Installed<Component>,
    http: Client,
    state: PathBuf,
    /// Lives as long as the search.
    fake: Option<scout_upstream::Running>,
}

impl Scene {
    async fn set(component: Component, surroundings: &Surroundings, settings: &[(String, String)]) -> Result<Scene, Failure> {
        if let Some(file) = &surroundings.output {
            sheet::check(file)?;
        }
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
        let setup = wish::setup(&manifest, &surroundings.upstream, url.as_deref(), settings)?;
        let http = Client::new().map_err(Failure::error)?;
        Ok(Scene { installed: Installed { adapter: component, manifest, setup }, http, state: state_file(surroundings)?, fake })
    }

    /// Runs the job to its end and prints what it found.
    async fn play(self, job: Job, store: Store, now: Time, surroundings: &Surroundings) -> Outcome {
        let display = Display::new(surroundings.quiet);
        let watch = |job: &Job, counters: &Counters| display.show(job, counters);
        let machine = Machine::new(job, store, now, &watch);
        let (job, ended) = machine.run(&self.installed, &self.http, interrupted()).await?;
        display.end(&job, ended);
        if let Some(fake) = self.fake {
            // Nothing is left to ask it, and the program ends.
            let _ = fake.stop().await;
        }
        sheet::print(&job, surroundings.format, surroundings.output.as_deref())?;
        Ok(exit_code(job.status()))
    }
}

fn exit_code(status: Status) -> ExitCode {
    ExitCode::from(match status {
        Status::Completed => 0,
        Status::Partial => 3,
        // 128 and the number of the signal, as shells have it.
        Status::Cancelled => 130,
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

fn state_file(surroundings: &Surroundings) -> Result<PathBuf, Failure> {
    if let Some(file) = &surroundings.state {
        return Ok(file.clone());
    }
    let folders =
        etcetera::choose_base_strategy().map_err(|_| Failure::error("your home folder is unknown").hint("name a file by --state"))?;
    Ok(folders.data_dir().join("scout").join("jobs.sqlite"))
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals a search can only run to its end.
        std::future::pending().await
    }
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
