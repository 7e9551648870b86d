//! Builds adapter crates into WebAssembly components, with nothing but cargo and `wit-component`.
//!
//! An adapter is compiled for `wasm32-unknown-unknown`, which has no system interface, so that the
//! component can't import one. The core module carries the contract's description in a custom section;
//! [`encode`] turns both into a component.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The target of every Rust adapter.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// A component that was built.
#[derive(Debug, Clone)]
pub struct Built {
    /// The adapter's folder below `adapters/`, which is its platform's name.
    pub name: String,
    /// Where the component stands.
    pub path: PathBuf,
    /// The component.
    pub bytes: Vec<u8>,
}

/// The names of all adapters of a workspace, in order: the folders below `adapters/` that hold a crate.
///
/// # Errors
/// When the folder can't be read.
pub fn names(workspace: &Path) -> Result<Vec<String>> {
    let folder = workspace.join("adapters");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).context("the workspace has no readable folder adapters/")? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Builds every adapter of a workspace and writes `<target>/components/<name>.wasm`.
///
/// `target` is a cargo target folder of its own: cargo may hold the lock of the usual one, because this
/// is called from build scripts too.
///
/// # Errors
/// When the target is not installed, when an adapter does not compile, or when its core module is not
/// one of the contract's world. The text of a compiler error goes to standard error as cargo prints it.
pub fn build_all(workspace: &Path, target: &Path) -> Result<Vec<Built>> {
    let names = names(workspace)?;
    ensure_target(workspace)?;
    compile(workspace, target, &names)?;
    let folder = target.join("components");
    std::fs::create_dir_all(&folder).context("the folder for components can't be made")?;
    names.into_iter().map(|name| finish(target, &folder, name)).collect()
}

/// Turns a core module that was built against the contract into a component, and validates it.
///
/// # Errors
/// When the module carries no description of the contract or does not keep to it.
pub fn encode(core: &[u8]) -> Result<Vec<u8>> {
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(core)
        .context("the module carries no contract")?
        .encode()
        .context("the module does not keep to the contract")
}

fn finish(target: &Path, folder: &Path, name: String) -> Result<Built> {
    let core = target.join(TARGET).join("adapter").join(format!("scout_{}.wasm", name.replace('-', "_")));
    let core = std::fs::read(&core).with_context(|| format!("the adapter {name} left no module"))?;
    let bytes = encode(&core).with_context(|| format!("the adapter {name} is not a component"))?;
    let path = folder.join(format!("{name}.wasm"));
    // An unchanged file keeps its time, so that nothing downstream is built again.
    if std::fs::read(&path).ok().as_deref() != Some(&bytes) {
        std::fs::write(&path, &bytes).with_context(|| format!("the component of {name} can't be written"))?;
    }
    Ok(Built { name, path, bytes })
}

fn compile(workspace: &Path, target: &Path, names: &[String]) -> Result<()> {
    let mut cargo = cargo(workspace);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags());
    cargo.args(["build", "--quiet", "--lib", "--profile", "adapter", "--target", TARGET, "--target-dir"]).arg(target);
    for name in names {
        cargo.args(["--package", &format!("scout-{name}")]);
    }
    let status = cargo.status().context("cargo can't be started")?;
    if !status.success() {
        bail!("the adapters did not compile\nhint: `cargo build -p scout-NAME` shows one of them alone");
    }
    Ok(())
}

/// Compiler flags that keep the paths of this machine out of a component: they are nobody's business, and the same
/// sources should give the same bytes everywhere. Paths within the workspace are relative already.
fn flags() -> String {
    let home = || std::env::home_dir().map(|home| home.join(".cargo"));
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home);
    cargo.map(|cargo| format!("--remap-path-prefix={}=cargo", cargo.display())).unwrap_or_default()
}

/// A cargo that knows nothing of the cargo that may be running us.
fn cargo(workspace: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace);
    let inherited = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "CARGO_BUILD_TARGET"];
    for name in inherited {
        cargo.env_remove(name);
    }
    // Wrappers such as clippy's driver are meant for the crate that is being checked, not for guests.
    for name in ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"] {
        cargo.env_remove(name);
    }
    cargo
}

/// Asks rustup for the target that `rust-toolchain.toml` names, where it is not installed yet.
fn ensure_target(workspace: &Path) -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .current_dir(workspace)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .context("rustc can't be started")?;
    let libraries = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && libraries.is_dir() {
        return Ok(());
    }
    let added = Command::new("rustup").current_dir(workspace).args(["target", "add", TARGET]).status();
    match added {
        Ok(status) if status.success() => Ok(()),
        _ => bail!("the Rust target {TARGET} is not installed\nhint: rustup target add {TARGET}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_the_contract_is_no_adapter() {
        let empty = b"\0asm\x01\0\0\0";
        // Without a description of a world nothing is exported, and nothing is what the component does.
        let component = encode(empty).expect("an empty module is a component without exports");
        assert!(wit_component::decode(&component).is_ok());
    }

    #[test]
    fn bytes_that_are_no_module_are_refused() {
        assert!(encode(b"not wasm at all").is_err());
    }

    #[test]
    fn a_folder_without_adapters_is_named_in_the_error() {
        let error = names(Path::new("does-not-exist")).expect_err("there is no such folder");
        assert!(error.to_string().contains("adapters/"));
    }
}
