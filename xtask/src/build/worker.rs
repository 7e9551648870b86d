//! The Worker's module: compiled by cargo, given its JavaScript by wasm-bindgen as a library, and put behind
//! our own entry. No tool is fetched at build time.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::freshness::{Stamp, of_bytes};
use crate::progress::Progress;
use crate::workspace::{Workspace, run, write};

/// The Worker's profile in the workspace's `Cargo.toml`, and the folder below cargo's target folder. `dev` uses it
/// too: an edit costs it seconds, and a second profile would compile everything twice.
const PROFILE: &str = "edge";

/// What wasm-bindgen writes and what goes beside it.
const MADE: [&str; 3] = ["index.js", "index_bg.wasm", "shim.js"];

/// Builds `build/index.js`, `build/index_bg.wasm` and the entry `build/shim.js`.
pub(super) fn build(workspace: &Workspace, progress: Progress) -> Result<()> {
    progress.step("the Worker's module", || compile(workspace))?;
    let module = workspace.target().join("wasm32-unknown-unknown").join(PROFILE).join("scout_edge.wasm");
    let bytes = std::fs::read(&module).context("cargo left no module of scout-edge\nhint: it must be a cdylib")?;
    let shim = std::fs::read(workspace.path("edge/js/shim.js")).context("edge/js/shim.js can't be read")?;
    let folder = workspace.build();
    // This program's own version is an input too: another one may write other JavaScript.
    let changes = CHANGES.map(|(_, after)| after).concat();
    let inputs = of_bytes([bytes.as_slice(), env!("CARGO_PKG_VERSION").as_bytes(), changes.as_bytes()]);
    let stamp = Stamp::new(folder.join("worker.stamp"), inputs);
    let made: Vec<PathBuf> = MADE.iter().map(|file| folder.join(file)).collect();
    if !stamp.holds(&made) {
        progress.step("JavaScript around the Worker's module", || bind(&module, &folder))?;
    }
    write(&folder.join("shim.js"), &shim)?;
    stamp.set()
}

fn compile(workspace: &Workspace) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--quiet", "--package", "scout-edge", "--lib", "--target", "wasm32-unknown-unknown", "--profile", PROFILE]);
    // `worker` needs wasm-bindgen to take JavaScript's own functions from js-sys.
    cargo.env("WASM_BINDGEN_USE_JS_SYS", "1");
    run(&mut cargo, "the compiler's messages stand above; if the target is missing: rustup target add wasm32-unknown-unknown")
}

/// Writes the JavaScript into a folder of its own first, so that whoever watches `build/` never sees half of it.
fn bind(module: &Path, folder: &Path) -> Result<()> {
    let staging = folder.join("staging");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(false).out_name("index");
    // A panic ends the module's instance. These two let the shim notice it and start another one.
    bindgen.module(true)?.reset_state_function(true).force_enable_abort_handler(true);
    bindgen.generate(&staging).context(
        "wasm-bindgen can't read the Worker's module\nhint: wasm-bindgen and wasm-bindgen-cli-support must have the same version",
    )?;
    let script = std::fs::read_to_string(staging.join("index.js")).context("wasm-bindgen wrote no index.js")?;
    let script = adapt(&script)?;
    publish(&staging, folder)?;
    write(&folder.join("index.js"), script.as_bytes())?;
    std::fs::remove_dir_all(&staging).context("build/staging can't be removed")
}

/// Moves everything but the script that imports it, which comes last.
fn publish(staging: &Path, folder: &Path) -> Result<()> {
    let snippets = folder.join("snippets");
    if snippets.exists() {
        std::fs::remove_dir_all(&snippets).context("build/snippets can't be removed")?;
    }
    for entry in std::fs::read_dir(staging).context("build/staging can't be read")? {
        let entry = entry?;
        if entry.file_name() != "index.js" {
            let to = folder.join(entry.file_name());
            std::fs::rename(entry.path(), &to).with_context(|| format!("build/{} can't be written", entry.file_name().display()))?;
        }
    }
    Ok(())
}

/// Changes to wasm-bindgen's script: what stands there, what stands there afterwards.
///
/// 1. workerd imports modules without the `source` keyword.
/// 2. Every trap passes here, also one in a callback that no caller waits for. Left alone, the script starts
///    the next instance at the next call, which may be a callback of the one that ended, with pointers into its
///    memory. So it is started here, and the shim is told.
/// 3. A callback's end frees its Rust part, which must not happen in an instance that never had it.
const CHANGES: [(&str, &str); 3] = [
    ("import source wasmModule", "import wasmModule"),
    (
        "__wbg_call_abort_hook();\n    throw e;",
        "__wbg_call_abort_hook();\n    __wbg_reset_state();\n    globalThis.__scoutInstanceEnded?.();\n    throw e;",
    ),
    ("if (--state.cnt === 0) {", "if (--state.cnt === 0 && state.instance === __wbg_instance_id) {"),
];

/// Makes wasm-bindgen's script fit for workerd and for the shim.
fn adapt(script: &str) -> Result<String> {
    CHANGES.iter().try_fold(script.to_owned(), |script, (before, after)| {
        if !script.contains(before) {
            bail!("wasm-bindgen's script has no `{before}`\nhint: after a change of its version, look into build/staging/index.js and change CHANGES in xtask/src/build/worker.rs");
        }
        Ok(script.replace(before, after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script() -> String {
        CHANGES.map(|(before, _)| before).join("\n")
    }

    #[test]
    fn the_module_is_imported_the_way_workerd_does() {
        assert!(adapt(&script()).expect("adapted").starts_with("import wasmModule"));
    }

    #[test]
    fn a_fresh_instance_is_there_before_the_shim_is_told() {
        let script = adapt(&script()).expect("adapted");
        let place = |what| script.find(what).expect("it is there");
        assert!(place("__wbg_reset_state();") < place("__scoutInstanceEnded"));
    }

    #[test]
    fn a_script_that_can_not_be_changed_as_planned_is_refused() {
        assert!(adapt("let x = 1;").expect_err("nothing to change").to_string().contains("hint:"));
    }

    #[test]
    fn the_script_is_published_after_what_it_imports() {
        let folder = tempfile::tempdir().expect("a folder");
        let staging = folder.path().join("staging");
        write(&staging.join("index.js"), b"script").expect("written");
        write(&staging.join("index_bg.wasm"), b"module").expect("written");
        write(&folder.path().join("snippets/old.js"), b"old").expect("written");
        publish(&staging, folder.path()).expect("published");
        assert!(folder.path().join("index_bg.wasm").exists());
        assert!(!folder.path().join("index.js").exists(), "it comes last");
        assert!(!folder.path().join("snippets").exists(), "old snippets are gone");
    }
}
