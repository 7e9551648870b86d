//! Adapters for the Worker: each component becomes a core module and JavaScript glue that workerd can load.
//!
//! workerd compiles no WebAssembly at run time, so that modules have to be imported as files; the glue gets
//! them handed in. Components of one world with one core module have the same glue, which is then written once.

use std::path::Path;

use anyhow::{Context, Result, bail};
use js_component_bindgen::{InstantiationMode, TranspileOpts, transpile};
use scout_component::Built;

use crate::progress::Progress;
use crate::workspace::{Workspace, write};

/// What one component became.
#[derive(Debug, PartialEq, Eq)]
struct Transpiled {
    name: String,
    core: Vec<u8>,
    glue: Vec<u8>,
}

/// Builds every adapter into `build/adapters/`, with a registry that knows them by name.
pub(super) fn build(workspace: &Workspace, progress: Progress) -> Result<()> {
    let names = scout_component::names(workspace.root())?;
    let target = workspace.target().join("adapters");
    let what = format!("adapters to components ({})", names.join(", "));
    let built = progress.step(what, || scout_component::build_all(workspace.root(), &target))?;
    let transpiled = built.iter().map(to_module).collect::<Result<Vec<_>>>()?;
    let folder = workspace.build().join("adapters");
    for (path, content) in files(&transpiled) {
        write(&folder.join(path), &content)?;
    }
    let glue = std::fs::read(workspace.path("edge/js/adapters.js")).context("edge/js/adapters.js can't be read")?;
    write(&folder.join("adapters.js"), &glue)?;
    sweep(&folder, &transpiled)
}

fn to_module(built: &Built) -> Result<Transpiled> {
    let name = &built.name;
    let made = transpile(&built.bytes, options()).with_context(|| format!("the adapter {name} can't be made ready for the Worker"))?;
    if let Some(import) = made.imports.first() {
        bail!("the adapter {name} imports {import}\nhint: an adapter imports nothing; leave out what needs the system");
    }
    let (mut cores, mut others): (Vec<_>, Vec<_>) = made.files.into_iter().partition(|(file, _)| file.ends_with(".wasm"));
    let (Some((_, core)), true, Some((_, glue)), true) = (cores.pop(), cores.is_empty(), others.pop(), others.is_empty()) else {
        bail!("the adapter {name} is not made of one core module\nhint: build it with the kit in sdk/");
    };
    Ok(Transpiled { name: name.clone(), core, glue })
}

fn options() -> TranspileOpts {
    TranspileOpts {
        name: "adapter".to_owned(),
        no_typescript: true,
        // The caller hands the module in and gets an instance back, at once.
        instantiation_mode: Some(InstantiationMode::Sync),
        nodejs_compat_disabled: true,
        no_namespaced_exports: true,
        // A module inside the script would have to be compiled at run time.
        base64_cutoff: 0,
        ..TranspileOpts::default()
    }
}

/// Every file below `build/adapters/` that depends on the adapters.
fn files(adapters: &[Transpiled]) -> Vec<(String, Vec<u8>)> {
    let shared = shared_glue(adapters);
    let mut files = vec![("index.js".to_owned(), registry(adapters, shared.is_some()).into_bytes())];
    files.extend(shared.map(|glue| ("glue.js".to_owned(), glue.to_vec())));
    for adapter in adapters {
        files.push((format!("{}/adapter.core.wasm", adapter.name), adapter.core.clone()));
        if shared.is_none() {
            files.push((format!("{}/glue.js", adapter.name), adapter.glue.clone()));
        }
    }
    files
}

fn shared_glue(adapters: &[Transpiled]) -> Option<&[u8]> {
    let first = &adapters.first()?.glue;
    adapters.iter().all(|adapter| adapter.glue == *first).then_some(first)
}

/// The script that knows every adapter by its name; the Worker's Rust imports `call` and `names` from it.
fn registry(adapters: &[Transpiled], shared: bool) -> String {
    let mut imports = String::new();
    let mut table = String::new();
    if shared {
        imports.push_str("import { instantiate } from \"./glue.js\";\n");
    }
    for (place, Transpiled { name, .. }) in adapters.iter().enumerate() {
        imports.push_str(&format!("import core{place} from \"./{name}/adapter.core.wasm\";\n"));
        let instantiate = if shared { "instantiate".to_owned() } else { format!("instantiate{place}") };
        if !shared {
            imports.push_str(&format!("import {{ instantiate as {instantiate} }} from \"./{name}/glue.js\";\n"));
        }
        table.push_str(&format!("  \"{name}\": {{ instantiate: {instantiate}, core: core{place} }},\n"));
    }
    format!(
        "// Written by `cargo xtask build`.\nimport {{ registry }} from \"./adapters.js\";\n{imports}\nexport const {{ call, names }} = registry({{\n{table}}});\n"
    )
}

/// Removes adapters that are no more, so that the Worker does not ship what nobody can call.
fn sweep(folder: &Path, adapters: &[Transpiled]) -> Result<()> {
    for entry in std::fs::read_dir(folder).context("build/adapters can't be read")? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !adapters.iter().any(|adapter| adapter.name == name) {
            std::fs::remove_dir_all(entry.path()).with_context(|| format!("build/adapters/{name} can't be removed"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter(name: &str, glue: &str) -> Transpiled {
        Transpiled { name: name.to_owned(), core: b"core".to_vec(), glue: glue.as_bytes().to_vec() }
    }

    fn paths(adapters: &[Transpiled]) -> Vec<String> {
        files(adapters).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn the_same_glue_is_written_once() {
        let adapters = [adapter("one", "glue"), adapter("two", "glue")];
        assert_eq!(paths(&adapters), ["index.js", "glue.js", "one/adapter.core.wasm", "two/adapter.core.wasm"]);
    }

    #[test]
    fn different_glue_is_written_for_each_adapter() {
        let adapters = [adapter("one", "glue"), adapter("two", "other")];
        let expected = ["index.js", "one/adapter.core.wasm", "one/glue.js", "two/adapter.core.wasm", "two/glue.js"];
        assert_eq!(paths(&adapters), expected);
    }

    #[test]
    fn the_registry_names_every_adapter_with_its_module() {
        let script = registry(&[adapter("one", "glue"), adapter("two-parts", "glue")], true);
        assert!(script.contains("import core1 from \"./two-parts/adapter.core.wasm\";"), "{script}");
        assert!(script.contains("\"two-parts\": { instantiate: instantiate, core: core1 }"), "{script}");
        assert!(script.contains("export const { call, names } = registry("), "{script}");
    }

    #[test]
    fn without_shared_glue_each_adapter_has_its_own_instantiate() {
        let script = registry(&[adapter("one", "glue"), adapter("two", "other")], false);
        assert!(script.contains("import { instantiate as instantiate1 } from \"./two/glue.js\";"), "{script}");
        assert!(!script.contains("\"./glue.js\""), "{script}");
    }

    #[test]
    fn an_adapter_that_went_is_swept_away() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join("gone/adapter.core.wasm"), b"old").expect("written");
        write(&folder.path().join("kept/adapter.core.wasm"), b"new").expect("written");
        sweep(folder.path(), &[adapter("kept", "glue")]).expect("swept");
        assert!(!folder.path().join("gone").exists());
        assert!(folder.path().join("kept").exists());
    }

    #[test]
    fn bytes_that_are_no_component_are_refused_with_the_adapters_name() {
        let built = Built { name: "odd".to_owned(), path: "odd.wasm".into(), bytes: b"odd".to_vec() };
        let error = to_module(&built).expect_err("it is no component");
        assert!(error.to_string().contains("the adapter odd"));
    }
}
