//! Goal: what the adapters of this workspace become is a component that exports the contract and imports nothing.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use scout_component::{Built, build_all, names};
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldId};

/// What every component exports.
const CONTRACT: &str = "scout:adapter/adapter@1.0.0";

/// Larger than any adapter needs to be: hosts compile it before its first call, and a Worker carries all of them. The
/// largest reads five kinds of rows.
const BYTES_MAX: usize = 240_000;

/// The adapters are built once for all tests, in a target folder of their own.
static BUILT: LazyLock<Vec<Built>> = LazyLock::new(|| {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("adapters");
    build_all(&workspace(), &target).expect("the adapters can be built")
});

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn world(built: &Built) -> (Resolve, WorldId) {
    match wit_component::decode(&built.bytes).expect(&built.name) {
        DecodedWasm::Component(resolve, world) => (resolve, world),
        DecodedWasm::WitPackage(..) => panic!("{} is a description rather than a component", built.name),
    }
}

#[test]
fn every_adapter_of_the_workspace_is_built() {
    let built: Vec<_> = BUILT.iter().map(|built| built.name.clone()).collect();
    assert_eq!(built, names(&workspace()).expect("there are adapters"));
    assert!(built.len() >= 2, "{built:?}");
}

#[test]
fn a_component_imports_nothing() {
    for built in BUILT.iter() {
        let (resolve, world) = world(built);
        let imports: Vec<_> = resolve.worlds[world].imports.keys().map(|key| resolve.name_world_key(key)).collect();
        assert!(imports.is_empty(), "{} imports {imports:?}", built.name);
    }
}

#[test]
fn a_component_names_no_folder_of_the_machine_that_built_it() {
    let registry = std::env::home_dir().expect("there is a home folder").join(".cargo");
    let workspace = workspace().canonicalize().expect("the workspace is there");
    for built in BUILT.iter() {
        let text = String::from_utf8_lossy(&built.bytes);
        for folder in [&registry, &workspace] {
            assert!(!text.contains(folder.to_str().expect("it is text")), "{} names {}", built.name, folder.display());
        }
    }
}

#[test]
fn a_component_exports_the_contract_and_nothing_else() {
    for built in BUILT.iter() {
        let (resolve, world) = world(built);
        let exports: Vec<_> = resolve.worlds[world].exports.keys().map(|key| resolve.name_world_key(key)).collect();
        assert_eq!(exports, [CONTRACT], "{}", built.name);
    }
}

#[test]
fn a_component_keeps_to_the_contract_as_it_is_written() {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(workspace().join("wit")).expect("the contract can be read");
    let world = resolve.select_world(&[package], Some("platform")).expect("the contract has this world");
    for built in BUILT.iter() {
        wit_component::targets(&resolve, world, &built.bytes, true).expect(&built.name);
    }
}

#[test]
fn a_component_is_small_and_written_where_it_says() {
    for built in BUILT.iter() {
        eprintln!("{}: {} bytes", built.name, built.bytes.len());
        assert!(built.bytes.len() < BYTES_MAX, "{} has {} bytes", built.name, built.bytes.len());
        assert_eq!(std::fs::read(&built.path).expect(&built.name), built.bytes);
    }
}
