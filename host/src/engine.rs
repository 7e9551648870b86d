//! Runs adapters: one wasmtime configuration for all of them, and the limits that hold for each call.
//!
//! An adapter is other people's code. Every call gets a fresh store, so that nothing is kept between
//! calls and a trap harms nobody else; time, memory, stack and the size of the answer are bounded, and
//! whatever ends a call early becomes a sentence that says so.

mod anatomy;
mod answer;
mod bindings;
mod broken;
mod component;
mod meter;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use scout_pipeline::contract::Manifest;
use scout_pipeline::{limits, manifest};
use tokio::sync::Semaphore;
use wasmtime::component::Linker;
use wasmtime::{Cache, CacheConfig, Config, EngineWeak, InstanceAllocationStrategy, PoolingAllocationConfig, Store};

pub use anatomy::{Anatomy, Kind, Memory};
pub use broken::size;
pub use component::Component;

use bindings::PlatformPre;
use meter::Meter;

/// How often running adapters are asked whether their time is up.
const TICK: Duration = Duration::from_millis(10);

/// What adapters may take. The default is the product's; tests and the author's kit set others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest component, in bytes.
    pub component_bytes: usize,
    /// Memory of one call, in bytes, over all memories of the component.
    pub memory_bytes: usize,
    /// Entries of one call's tables, over all tables of the component.
    pub table_entries: usize,
    /// How long one call may compute, in milliseconds.
    pub call_ms: u32,
    /// What one call may compute, in wasmtime's fuel: about one unit for each instruction. Counting takes time of its own,
    /// and `call_ms` bounds every call anyway; but counted work is the same on every machine, which is what tests want.
    pub call_fuel: Option<u64>,
    /// What one call may hand back, in bytes as the host holds it.
    pub answer_bytes: usize,
    /// Calls that run at the same time; further ones wait. They compute, so more than there are
    /// processors would only use up each other's time.
    pub calls_at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            component_bytes: limits::COMPONENT_BYTES_MAX,
            memory_bytes: limits::ADAPTER_MEMORY_BYTES_MAX,
            table_entries: limits::ADAPTER_TABLE_ENTRIES_MAX,
            call_ms: limits::ADAPTER_CALL_MS_MAX,
            call_fuel: None,
            answer_bytes: limits::ADAPTER_ANSWER_BYTES_MAX,
            calls_at_once: processors.clamp(2, 16),
        }
    }
}

/// How an engine is set up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// What adapters may take.
    pub limits: Limits,
    /// The folder that keeps compiled components between runs, an absolute path; without one, each run
    /// compiles anew. Whoever can write there decides what this program runs.
    pub cache: Option<PathBuf>,
}

impl Options {
    /// The product's limits, and the user's cache folder where there is one.
    #[must_use]
    pub fn of_this_user() -> Self {
        use etcetera::BaseStrategy as _;
        let cache = etcetera::choose_base_strategy().ok().map(|folders| folders.cache_dir().join("scout").join("components"));
        Self { limits: Limits::default(), cache: cache.filter(|folder| folder.is_absolute()) }
    }
}

/// Loads adapters. Clones share one engine.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    engine: wasmtime::Engine,
    linker: Linker<Meter>,
    limits: Limits,
    permits: Arc<Semaphore>,
    /// Components are compiled one after another; the pool has one place for the one being asked what it is.
    loading: Mutex<()>,
}

/// Why there is no engine: this machine can't run one. The text names no path.
#[derive(Debug, thiserror::Error)]
#[error("WebAssembly can't be run on this machine: {0}")]
pub struct EngineError(String);

/// Why a component is not installed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the component is refused: {}", reasons.join("; "))]
pub struct Refusal {
    /// One sentence for each reason, such as `it imports wasi:io/poll@0.2.0, and an adapter may import nothing`;
    /// a line that begins with `hint: ` may follow the sentence.
    pub reasons: Vec<String>,
    /// What the component says it is, where it could be asked.
    pub manifest: Option<Box<Manifest>>,
}

impl From<Vec<String>> for Refusal {
    fn from(reasons: Vec<String>) -> Self {
        Self { reasons, manifest: None }
    }
}

impl Engine {
    /// Sets up an engine. A cache folder that can't be used costs time, never the engine.
    ///
    /// # Errors
    /// When the machine lacks the address space or the thread that an engine takes.
    pub fn new(options: Options) -> Result<Self, EngineError> {
        let Options { limits, cache } = options;
        let cache = cache.and_then(|folder| {
            let mut config = CacheConfig::new();
            config.with_directory(folder);
            Cache::new(config).ok()
        });
        let engine = wasmtime::Engine::new(&configuration(&limits, cache)).map_err(|error| EngineError(error.root_cause().to_string()))?;
        tick(engine.weak()).map_err(|error| EngineError(error.to_string()))?;
        let linker = Linker::new(&engine);
        let permits = Arc::new(Semaphore::new(limits.calls_at_once));
        Ok(Self { shared: Arc::new(Shared { engine, linker, limits, permits, loading: Mutex::new(()) }) })
    }

    /// What adapters may take here.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// Compiles a component, asks it what it is, and checks everything that the contract says of it.
    /// Computes for up to a second or two: on an async thread, wrap it in `spawn_blocking`.
    ///
    /// # Errors
    /// All reasons that can be told apart at once; see [`Refusal`].
    pub fn load(&self, bytes: &[u8]) -> Result<Component, Refusal> {
        let shared = &self.shared;
        let reasons = Anatomy::of(bytes, &shared.limits).refusals(&shared.limits);
        if !reasons.is_empty() {
            return Err(reasons.into());
        }
        let _one_at_a_time = shared.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let component = Component::install(Arc::clone(shared), self.compile(bytes)?)?;
        match manifest::check(component.manifest()) {
            Ok(()) => Ok(component),
            Err(broken) => {
                let reasons = broken.into_iter().map(|rule| format!("its manifest breaks the contract: {rule}")).collect();
                Err(Refusal { reasons, manifest: Some(Box::new(component.manifest().clone())) })
            }
        }
    }

    fn compile(&self, bytes: &[u8]) -> Result<PlatformPre<Meter>, Refusal> {
        let Shared { engine, linker, .. } = &*self.shared;
        let compiled = wasmtime::component::Component::from_binary(engine, bytes)
            .map_err(|error| vec![format!("it is not valid: {}", error.root_cause())])?;
        let contract = |error: wasmtime::Error| vec![format!("it does not keep to the contract scout:adapter@1.0.0: {}", chain(&error))];
        let pre = linker.instantiate_pre(&compiled).map_err(contract)?;
        Ok(PlatformPre::new(pre).map_err(contract)?)
    }
}

impl Shared {
    /// A store for one call, its limits counted from now.
    fn store(&self) -> Store<Meter> {
        let mut store = Store::new(&self.engine, Meter::new(&self.limits));
        store.limiter(|meter| meter);
        store.set_hostcall_fuel(self.limits.answer_bytes);
        // The tick that is under way may be almost over, so one more is allowed than fit.
        let ticks = u64::from(self.limits.call_ms) / TICK.as_millis() as u64 + 1;
        store.set_epoch_deadline(ticks);
        if let Some(fuel) = self.limits.call_fuel {
            // It fails in an engine that counts none, and this one counts.
            let _ = store.set_fuel(fuel);
        }
        store
    }
}

/// The one configuration of wasmtime.
fn configuration(limits: &Limits, cache: Option<Cache>) -> Config {
    let mut config = Config::new();
    config.cache(cache);
    config.epoch_interruption(true);
    config.consume_fuel(limits.call_fuel.is_some());
    config.max_wasm_stack(limits::ADAPTER_STACK_BYTES_MAX);
    // Equal input gives equal output on every processor.
    config.cranelift_nan_canonicalization(true);
    config.wasm_relaxed_simd(false);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    config
}

/// Room for every call that may run at once and for one component that is being loaded.
fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let calls = u32::try_from(limits.calls_at_once).unwrap_or(u32::MAX).saturating_add(1);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls);
    pool.total_core_instances(calls.saturating_mul(limits::ADAPTER_INSTANCES_MAX));
    pool.max_core_instances_per_component(limits::ADAPTER_INSTANCES_MAX);
    pool.total_memories(calls.saturating_mul(limits::ADAPTER_MEMORIES_MAX));
    pool.max_memories_per_component(limits::ADAPTER_MEMORIES_MAX);
    pool.max_memories_per_module(limits::ADAPTER_MEMORIES_MAX);
    pool.max_memory_size(limits.memory_bytes);
    pool.total_tables(calls.saturating_mul(limits::ADAPTER_INSTANCES_MAX));
    pool.max_tables_per_component(limits::ADAPTER_INSTANCES_MAX);
    pool.table_elements(limits.table_entries);
    pool
}

/// Advances the engine's epoch until the engine is gone.
fn tick(engine: EngineWeak) -> std::io::Result<()> {
    let run = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    };
    std::thread::Builder::new().name("scout-epoch".into()).spawn(run).map(drop)
}

/// An error and its causes on one line.
fn chain(error: &wasmtime::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
