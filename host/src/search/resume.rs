//! `scout resume` and `scout cancel`: what becomes of a search that was begun earlier.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use scout_pipeline::contract::Manifest;
use scout_pipeline::job::{Dispatch, Job};

use super::claim::Claim;
use super::display::{Display, name};
use super::expander::Expander;
use super::machine::{Begin, Machine, Run};
use super::store::Store;
use super::surroundings::{Place, Printing, Surroundings};
use super::{Kept, Scene, Way, exit_code, load, now, sheet};
use crate::failure::{Failure, Outcome};

/// `scout resume`
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  scout resume                         goes on with the latest search that is not over
  scout resume 01a2101c --format csv   goes on with that one, or prints it if it is over
  scout resume 01a2101c --retry        tries again what failed in it

A search is named by its id or by any beginning of it that no other has; `scout jobs` lists
them. It goes on where it was: no page and no profile that was noted is asked for again.

Exit codes: 0 completed, 3 partial or cancelled, 1 error, 2 bad input, 130 interrupted
(143 by SIGTERM).")]
pub struct Resume {
    /// The search, by the beginning of its id [default: the latest that is not over].
    job: Option<String>,
    /// Try again what failed or was cut off in a search that is over [default search: the latest].
    #[arg(long)]
    retry: bool,
    /// A .wasm file to use, where the job was searched with one.
    #[arg(long, short)]
    platform: Option<String>,
    #[command(flatten)]
    surroundings: Surroundings,
}

/// `scout cancel`
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  scout cancel                                ends the latest search that is not over
  scout cancel 01a2101c --format csv --output found.csv

What was found stays and is printed. A search that another scout works on is stopped there, by
Ctrl-C.")]
pub struct Cancel {
    /// The search, by the beginning of its id [default: the latest that is not over].
    job: Option<String>,
    #[command(flatten)]
    printing: Printing,
    #[command(flatten)]
    place: Place,
}

/// Goes on with a search that was cut off, tries again what failed in one that is over, or prints it.
///
/// # Errors
/// When there is no such search, somebody else works on it, or it can't be carried on.
pub async fn resume(resume: Resume) -> Outcome {
    let surroundings = &resume.surroundings;
    let shelf = Shelf::open(&surroundings.place)?;
    let id = shelf.choose(resume.job.as_deref(), if resume.retry { Default::Latest } else { Default::Unfinished })?;
    let kept = Kept::open(&shelf.state, &id)?;
    let job = shelf.load(&kept.store, &id)?;
    let begin = match (job.status().is_final(), resume.retry) {
        (true, false) => return print(&job, &surroundings.printing),
        (true, true) => {
            job.may_retry().map_err(|reason| nothing_to_retry(&shelf, &job, &reason.to_string()))?;
            Begin::Retry
        }
        (false, true) => {
            let failure = Failure::input(format_args!("the search {id} is not over, so there is nothing to try again yet"));
            return Err(failure.hint(format_args!("{} goes on with it", shelf.place.command(&format!("resume {id}")))));
        }
        (false, false) => Begin::GoOn,
    };
    let component = load(resume.platform.as_deref().unwrap_or(&job.dispatch().manifest.platform))
        .map_err(|failure| failure.hint("--platform FILE names the adapter that the search was begun with"))?;
    if let Some(note) = fits(job.dispatch(), component.manifest())? {
        Display::new(surroundings.printing.quiet).note(&note);
    }
    let settings = job.dispatch().settings.clone();
    let scene = Scene::set(component, surroundings, &settings).await?;
    scene.play(job, kept, now(), Way { begin, surroundings, component: resume.platform.as_deref() }).await
}

/// Ends a search for good with what it has, and prints that.
///
/// # Errors
/// When there is no such search, it is over, or somebody works on it.
pub fn cancel(cancel: &Cancel) -> Outcome {
    cancel.printing.check()?;
    let shelf = Shelf::open(&cancel.place)?;
    let id = shelf.choose(cancel.job.as_deref(), Default::Unfinished)?;
    let Kept { store, claim } = Kept::open(&shelf.state, &id)?;
    let job = shelf.load(&store, &id)?;
    if job.status().is_final() {
        let failure = Failure::input(format_args!("the search {id} is over already: {}", name(job.status())));
        return Err(failure.hint(format_args!("{} prints what it found", shelf.place.command(&format!("resume {id}")))));
    }
    let display = Display::new(cancel.printing.quiet);
    let Run { job, at, .. } = Machine::new(job, Begin::Cancel, store, now(), &Expander::Off, &display).into_run(None)?;
    drop(claim);
    display.end(&job, at);
    sheet::print(&job, cancel.printing.format, cancel.printing.output.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

fn print(job: &Job, printing: &Printing) -> Outcome {
    printing.check()?;
    Display::new(printing.quiet).end(job, now());
    sheet::print(job, printing.format, printing.output.as_deref())?;
    Ok(exit_code(job.status()))
}

fn nothing_to_retry(shelf: &Shelf<'_>, job: &Job, reason: &str) -> Failure {
    let id = job.id();
    Failure::input(format_args!("the search {id} can't be tried again: {reason}"))
        .hint(format_args!("{} prints what it found", shelf.place.command(&format!("resume {id}"))))
}

/// Which search is meant when none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Default {
    /// The latest.
    Latest,
    /// The latest that is not over and that nobody works on.
    Unfinished,
}

/// A file of searches, to choose from.
struct Shelf<'a> {
    store: Store,
    state: PathBuf,
    place: &'a Place,
}

impl Shelf<'_> {
    fn open(place: &Place) -> Result<Shelf<'_>, Failure> {
        let state = place.file()?;
        let store = Store::open_existing(&state)?.ok_or_else(|| nothing_kept(&state))?;
        Ok(Shelf { store, state, place })
    }

    fn load(&self, store: &Store, id: &str) -> Result<Job, Failure> {
        let unreadable = |source: super::StoreError| {
            Failure::error(source).hint(format_args!("{} shows which searches can be read", self.place.command("jobs")))
        };
        store.load(id).map_err(unreadable)?.ok_or_else(|| nothing_kept(&self.state))
    }

    /// The id of the search that is meant.
    fn choose(&self, named: Option<&str>, default: Default) -> Result<String, Failure> {
        let ids = self.store.ids()?;
        match (named, default) {
            (_, _) if ids.is_empty() => Err(nothing_kept(&self.state)),
            (Some(named), _) => self.named(&ids, named),
            (None, Default::Latest) => Ok(ids[0].clone()),
            (None, Default::Unfinished) => self.latest_unfinished(&ids),
        }
    }

    fn named(&self, ids: &[String], named: &str) -> Result<String, Failure> {
        let beginning = named.to_ascii_lowercase();
        let matching: Vec<&String> = ids.iter().filter(|id| id.starts_with(&beginning)).collect();
        let list = || self.place.command("jobs");
        match matching.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(Failure::input(format_args!("{} holds no search whose id begins with {named:?}", self.state.display()))
                .hint(format_args!("{} lists those there are", list()))),
            [newest, ..] => Err(Failure::input(format_args!("{} searches have ids that begin with {named:?}", matching.len()))
                .hint(format_args!("give more of it, such as {newest} for the latest; {} lists them", list()))),
        }
    }

    fn latest_unfinished(&self, ids: &[String]) -> Result<String, Failure> {
        let mut taken = None;
        for id in ids {
            // One that can't be read is none that could go on, and does not hide the others.
            let Ok(Some(outline)) = self.store.outline(id) else { continue };
            match (outline.status().is_final(), Claim::holder(&self.state, id)) {
                (true, _) => {}
                (false, None) => return Ok(id.clone()),
                (false, Some(_)) => taken = taken.or(Some(id)),
            }
        }
        Err(match taken {
            Some(id) => Failure::input(format_args!("the only search that is not over is {id}, and another scout works on it")),
            None => self.all_over(&ids[0]),
        })
    }

    fn all_over(&self, latest: &str) -> Failure {
        let job = self.store.load(latest).ok().flatten();
        let state = job.as_ref().map_or("unreadable", |job| name(job.status()));
        let failure = Failure::input(format_args!("no search is unfinished; the latest is {latest}, {state}"))
            .hint(format_args!("{} prints what it found", self.place.command(&format!("resume {latest}"))));
        let failure = match job.is_some_and(|job| job.may_retry().is_ok()) {
            true => failure.hint(format_args!("{} tries again what failed in it", self.place.command(&format!("resume {latest} --retry")))),
            false => failure,
        };
        failure.hint(format_args!("{} lists all searches", self.place.command("jobs")))
    }
}

fn nothing_kept(state: &Path) -> Failure {
    Failure::input(format_args!("{} holds no such search", state.display())).hint("scout search begins one")
}

/// Whether a search can go on with this adapter. Another version may well do; what is to be known of it is said.
fn fits(job: &Dispatch, adapter: &Manifest) -> Result<Option<String>, Failure> {
    let begun = &job.manifest;
    let refused = |why: String| Failure::input(why).hint("--platform FILE names the adapter that the search was begun with");
    if adapter.platform != begun.platform {
        return Err(refused(format!("the search is on {}, and the adapter is for {}", begun.platform, adapter.platform)));
    }
    if adapter.version == begun.version {
        return Ok(None);
    }
    let versions = format!("the search was begun with {} {} and this is {}", begun.platform, begun.version, adapter.version);
    if adapter.enrichment != begun.enrichment {
        return Err(refused(format!("{versions}, which reads profiles in another way")));
    }
    let known = |name: &str| adapter.settings.iter().any(|setting| setting.name == name);
    match job.settings.iter().find(|(name, _)| !known(name)) {
        Some((name, _)) => Err(refused(format!("{versions}, which has no setting {name} any more"))),
        None => Ok(Some(format!("{versions}; it goes on with this one"))),
    }
}
