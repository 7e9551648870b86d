//! Builds every adapter as a component and makes them part of the binary.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().map_err(|error| error.to_string())?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: build scripts are run by cargo")?);
    watch(&workspace).map_err(|error| format!("{error:#}"))?;
    let built = scout_component::build_all(&workspace, &target_of(&out)).map_err(|error| format!("{error:#}"))?;
    let mut list = String::from("&[\n");
    for component in built {
        // Debug formatting of text is a Rust literal of it.
        let _ = writeln!(list, "    ({:?}, include_bytes!({:?})),", component.name, component.path.to_string_lossy());
    }
    list.push_str("]\n");
    std::fs::write(out.join("bundle.rs"), list).map_err(|error| format!("the list of adapters can't be written: {error}"))
}

/// A target folder of its own below cargo's: cargo holds the lock of its own while this runs.
fn target_of(out: &Path) -> PathBuf {
    let profile = out.ancestors().find(|folder| folder.ends_with("build")).and_then(Path::parent);
    profile.and_then(Path::parent).unwrap_or(out).join("adapters")
}

/// Names to cargo all that an adapter is made of, which their fixtures are not. A new adapter shows in the
/// lock file.
fn watch(workspace: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut parts = vec!["Cargo.toml".to_owned(), "Cargo.lock".into(), "sdk/src".into(), "sdk/Cargo.toml".into(), "wit".into()];
    for name in scout_component::names(workspace)? {
        parts.push(format!("adapters/{name}/src"));
        parts.push(format!("adapters/{name}/Cargo.toml"));
    }
    for part in parts {
        println!("cargo::rerun-if-changed={}", workspace.join(part).display());
    }
    Ok(())
}
