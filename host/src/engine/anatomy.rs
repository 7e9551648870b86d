//! What a file is made of, found without running anything of it.

use scout_pipeline::limits::{ADAPTER_INSTANCES_MAX, ADAPTER_MEMORIES_MAX};
use wasmparser::{Encoding, Parser, Payload};

use super::Limits;
use super::broken::size;

/// The interface that an adapter exports, up to the minor version.
const CONTRACT: &str = "scout:adapter/adapter@1.";

/// The parts of a file that bear on whether it can be an adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anatomy {
    /// What kind of file it is.
    pub kind: Kind,
    /// Its length in bytes.
    pub bytes: usize,
    /// Core modules in it, at any depth.
    pub modules: u32,
    /// Core instances that are made of them.
    pub instances: u32,
    /// What it imports, by name, in order.
    pub imports: Vec<String>,
    /// What it exports, by name, in order.
    pub exports: Vec<String>,
    /// The memories that its modules declare.
    pub memories: Vec<Memory>,
    /// What is wrong with its encoding; what follows that place is unknown.
    pub damage: Option<String>,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A WebAssembly component.
    Component,
    /// A WebAssembly core module: what becomes a component once it is wrapped.
    Module,
    /// Not WebAssembly.
    Foreign,
}

/// A memory as its module declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Its size at the start, in bytes.
    pub initial_bytes: u64,
    /// The most it may grow to, in bytes, where the module says so.
    pub maximum_bytes: Option<u64>,
}

impl Anatomy {
    /// Takes a file apart. A file longer than allowed is only weighed.
    #[must_use]
    pub fn of(bytes: &[u8], limits: &Limits) -> Self {
        let kind = if Parser::is_component(bytes) {
            Kind::Component
        } else if Parser::is_core_wasm(bytes) {
            Kind::Module
        } else {
            Kind::Foreign
        };
        let mut anatomy = Self {
            kind,
            bytes: bytes.len(),
            modules: 0,
            instances: 0,
            imports: Vec::new(),
            exports: Vec::new(),
            memories: Vec::new(),
            damage: None,
        };
        if kind != Kind::Foreign && bytes.len() <= limits.component_bytes {
            anatomy.damage = anatomy.read(bytes).err().map(|error| error.to_string());
        }
        anatomy
    }

    fn read(&mut self, bytes: &[u8]) -> wasmparser::Result<()> {
        // Sections of nested modules and components come between their header and their end.
        let mut depth = 0_u32;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::Version { encoding, .. } => {
                    depth += 1;
                    self.modules += u32::from(encoding == Encoding::Module);
                }
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::MemorySection(memories) => {
                    for memory in memories {
                        self.memories.push(Memory::of(&memory?));
                    }
                }
                Payload::InstanceSection(instances) => self.instances = self.instances.saturating_add(instances.count()),
                payload if depth == 1 => self.read_surface(payload)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The names by which the outermost component or module meets its host.
    fn read_surface(&mut self, payload: Payload<'_>) -> wasmparser::Result<()> {
        match payload {
            Payload::ComponentImportSection(imports) => {
                for import in imports {
                    self.imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(exports) => {
                for export in exports {
                    self.exports.push(export?.name.name.to_owned());
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    self.imports.push(format!("{}.{}", import.module, import.name));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    self.exports.push(export?.name.to_owned());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Why such a file can't be an adapter: one sentence for each reason, all at once.
    #[must_use]
    pub fn refusals(&self, limits: &Limits) -> Vec<String> {
        if self.bytes > limits.component_bytes {
            let (is, max) = (size(self.bytes), size(limits.component_bytes));
            return vec![format!("it has {is} ({} bytes), and a component may have {max}", self.bytes)];
        }
        match self.kind {
            Kind::Foreign => {
                return vec!["it is not WebAssembly: it begins with other bytes\nhint: give the `.wasm` file of a component".into()];
            }
            Kind::Module => {
                return vec!["it is a core module, not a component\nhint: wrap it with `wit-component`, as the author's kit does".into()];
            }
            Kind::Component => {}
        }
        if let Some(damage) = &self.damage {
            return vec![format!("it is damaged: {damage}")];
        }
        let mut reasons = Vec::new();
        reasons.extend(self.imports.iter().map(|name| format!("it imports {name}, and an adapter may import nothing")));
        if !self.exports.iter().any(|name| name.starts_with(CONTRACT)) {
            reasons.push(self.missing_export());
        }
        self.weigh(limits, &mut reasons);
        reasons
    }

    fn missing_export(&self) -> String {
        let exports = if self.exports.is_empty() { "nothing".to_owned() } else { self.exports.join(", ") };
        format!("it does not export {CONTRACT}0.0; it exports {exports}\nhint: export the world `platform` of scout:adapter")
    }

    fn weigh(&self, limits: &Limits, reasons: &mut Vec<String>) {
        let initial = self.memories.iter().fold(0_u64, |sum, memory| sum.saturating_add(memory.initial_bytes));
        if initial > limits.memory_bytes as u64 {
            let wanted = size(usize::try_from(initial).unwrap_or(usize::MAX));
            reasons.push(format!("it wants {wanted} of memory at the start, and may have {}", size(limits.memory_bytes)));
        }
        if self.memories.len() > ADAPTER_MEMORIES_MAX as usize {
            reasons.push(format!("it has {} memories, and may have {ADAPTER_MEMORIES_MAX}", self.memories.len()));
        }
        if self.instances > ADAPTER_INSTANCES_MAX {
            reasons.push(format!("it has {} core instances, and may have {ADAPTER_INSTANCES_MAX}", self.instances));
        }
    }
}

impl Memory {
    fn of(memory: &wasmparser::MemoryType) -> Self {
        let page = 1_u64 << memory.page_size_log2.unwrap_or(16).min(16);
        Self { initial_bytes: memory.initial.saturating_mul(page), maximum_bytes: memory.maximum.map(|pages| pages.saturating_mul(page)) }
    }
}
