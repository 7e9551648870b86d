//! An installed adapter and how it is called.

use std::sync::Arc;

use scout_pipeline::contract::{CreatorRef, Manifest, Page, Planned, Profile, Query, Request, Response};
use scout_pipeline::ports::{Adapter, AdapterError};
use wasmtime::Store;

use super::bindings::{Guest, PlatformPre, wit};
use super::meter::Meter;
use super::{Refusal, Shared, answer, broken};

/// An adapter that passed the gate. Clones share the compiled code; every call is an instance of its own,
/// on a thread of its own, so that futures only wait. Must be called within a tokio runtime.
#[derive(Clone)]
pub struct Component {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    pre: PlatformPre<Meter>,
    manifest: Manifest,
    describe_bytes: usize,
}

impl Component {
    /// Asks a compiled component what it is.
    pub(super) fn install(shared: Arc<Shared>, pre: PlatformPre<Meter>) -> Result<Self, Refusal> {
        let mut store = shared.store();
        let platform = pre.instantiate(&mut store).map_err(|error| vec![broken::refusal(&error, &shared.limits)])?;
        let described = platform.scout_adapter_adapter().call_describe(&mut store);
        let mute = |error| vec![format!("it can't say what it is: {}", broken::reason(&error, &shared.limits))];
        let manifest = described.map_err(mute)?.into();
        let describe_bytes = store.data().memory_bytes();
        Ok(Self { inner: Arc::new(Inner { shared, pre, manifest, describe_bytes }) })
    }

    /// What the adapter is and needs, as it said when it was loaded.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.inner.manifest
    }

    /// Memory that the adapter had while it said what it is, in bytes: the least that a call takes.
    #[must_use]
    pub fn describe_bytes(&self) -> usize {
        self.inner.describe_bytes
    }

    /// Runs one call on a blocking thread, as soon as fewer calls are under way than allowed.
    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Guest, &mut Store<Meter>) -> wasmtime::Result<Result<T, wit::Fault>> + Send + 'static,
        check: impl FnOnce(T) -> Result<T, String> + Send + 'static,
    ) -> Result<T, AdapterError> {
        let stopped = |_| AdapterError::Broken("the host is shutting down".into());
        let permit = Arc::clone(&self.inner.shared.permits)
            .acquire_owned()
            .await
            .map_err(|_| AdapterError::Broken("the host is shutting down".into()))?;
        let inner = Arc::clone(&self.inner);
        let run = move || {
            let _until_done = permit;
            let called = enter(&inner.pre, &mut inner.shared.store(), work);
            match called {
                Ok(Ok(value)) => check(value).map_err(AdapterError::Broken),
                Ok(Err(fault)) => Err(AdapterError::Fault(fault.into())),
                Err(error) => Err(AdapterError::Broken(broken::reason(&error, &inner.shared.limits))),
            }
        };
        tokio::task::spawn_blocking(run).await.map_err(stopped)?
    }
}

/// Makes a fresh instance and calls into it. Its own start-up counts as part of the call.
fn enter<T>(
    pre: &PlatformPre<Meter>,
    store: &mut Store<Meter>,
    work: impl FnOnce(&Guest, &mut Store<Meter>) -> wasmtime::Result<T>,
) -> wasmtime::Result<T> {
    let platform = pre.instantiate(&mut *store)?;
    work(platform.scout_adapter_adapter(), store)
}

impl Adapter for Component {
    async fn plan_search(&self, query: &Query, cursor: Option<&str>) -> Result<Request, AdapterError> {
        let (query, cursor) = (query.into(), cursor.map(str::to_owned));
        self.call(move |guest, store| Ok(guest.call_plan_search(store, &query, cursor.as_deref())?.map(Request::from)), Ok).await
    }

    async fn read_search(&self, query: &Query, cursor: Option<&str>, response: Response) -> Result<Page, AdapterError> {
        let (query, cursor, response) = (query.into(), cursor.map(str::to_owned), response.into());
        let work = move |guest: &Guest, store: &mut Store<Meter>| {
            Ok(guest.call_read_search(store, &query, cursor.as_deref(), &response)?.map(Page::from))
        };
        self.call(work, answer::page).await
    }

    async fn plan_profiles(&self, creators: &[CreatorRef]) -> Result<Vec<Planned>, AdapterError> {
        let creators: Vec<wit::CreatorRef> = creators.iter().map(Into::into).collect();
        let work = move |guest: &Guest, store: &mut Store<Meter>| {
            let planned = guest.call_plan_profiles(store, &creators)?;
            Ok(planned.map(|planned| planned.into_iter().map(Planned::from).collect()))
        };
        self.call(work, answer::plan).await
    }

    async fn read_profiles(&self, creators: &[CreatorRef], response: Response) -> Result<Vec<Profile>, AdapterError> {
        let creators: Vec<wit::CreatorRef> = creators.iter().map(Into::into).collect();
        let response = response.into();
        let work = move |guest: &Guest, store: &mut Store<Meter>| {
            let profiles = guest.call_read_profiles(store, &creators, &response)?;
            Ok(profiles.map(|profiles| profiles.into_iter().map(Profile::from).collect()))
        };
        self.call(work, answer::profiles).await
    }
}
