//! Who may use whom: the crate graph against DESIGN's list. Whatever is not in the table is forbidden.

use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use super::Finding;
use crate::workspace::Workspace;

/// What one crate may use of ours.
struct Allowed {
    /// The crate's folder; `adapters/*` stands for each of them.
    folder: &'static str,
    /// In the product.
    uses: &'static [&'static str],
    /// In its build script.
    builds_with: &'static [&'static str],
    /// In its tests.
    tests_with: &'static [&'static str],
}

impl Allowed {
    const fn nothing(folder: &'static str) -> Self {
        Self { folder, uses: &[], builds_with: &[], tests_with: &[] }
    }

    const fn uses(self, uses: &'static [&'static str]) -> Self {
        Self { uses, ..self }
    }

    const fn builds_with(self, builds_with: &'static [&'static str]) -> Self {
        Self { builds_with, ..self }
    }

    const fn tests_with(self, tests_with: &'static [&'static str]) -> Self {
        Self { tests_with, ..self }
    }

    fn of(&self, kind: DependencyKind) -> &'static [&'static str] {
        match kind {
            DependencyKind::Development => self.tests_with,
            DependencyKind::Build => self.builds_with,
            _ => self.uses,
        }
    }
}

/// Crates are named by their folder. The rules use nothing of ours; guests know the kit only; the two runtimes
/// meet in the rules and nowhere else; adapters are files to everyone.
const TABLE: [Allowed; 11] = [
    Allowed::nothing("pipeline"),
    Allowed::nothing("pipeline/sim").uses(&["pipeline"]),
    Allowed::nothing("sdk"),
    Allowed::nothing("sdk/component"),
    // Adapters reach it through the program that the chore makes, and not through its manifest.
    Allowed::nothing("sdk/fuzz").uses(&["sdk"]),
    Allowed::nothing("adapters/*").uses(&["sdk"]),
    // `scout upstream` and `--upstream fake` are the fake platforms; its tests drive them too.
    Allowed::nothing("host")
        .uses(&["pipeline", "host/upstream"])
        .builds_with(&["sdk/component"])
        .tests_with(&["host/upstream", "sdk/fuzz"]),
    Allowed::nothing("host/upstream"),
    Allowed::nothing("edge").uses(&["pipeline"]).tests_with(&["host/upstream"]),
    Allowed::nothing("xtask").uses(&["sdk/component"]),
    Allowed::nothing("bench").uses(&["pipeline", "host/upstream"]),
];

/// Compares the workspace's crates with the table.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let metadata = MetadataCommand::new()
        .manifest_path(workspace.path("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo can't read the workspace\nhint: cargo metadata --no-deps")?;
    Ok(of_metadata(&metadata))
}

fn of_metadata(metadata: &Metadata) -> Vec<Finding> {
    let root = metadata.workspace_root.as_std_path();
    metadata.workspace_packages().into_iter().flat_map(|package| of_package(package, root)).collect()
}

fn of_package(package: &Package, root: &Path) -> Vec<Finding> {
    let folder = below(package.manifest_path.as_std_path().parent().unwrap_or(root), root);
    let mut findings: Vec<Finding> = misnamed(&package.name, &folder).into_iter().collect();
    let used = package.dependencies.iter().filter_map(|dependency| {
        let path = dependency.path.as_ref()?;
        Some((below(path.as_std_path(), root), dependency.kind))
    });
    findings.extend(used.filter_map(|(used, kind)| forbidden(&folder, &used, kind)));
    findings
}

fn misnamed(name: &str, folder: &str) -> Option<Finding> {
    let expected = format!("scout-{}", folder.rsplit('/').next().unwrap_or(folder));
    (name != expected).then(|| Finding {
        place: format!("{folder}/Cargo.toml"),
        what: format!("the package is called {name} and should be {expected}"),
        hint: "a package is called scout- and its folder's name",
    })
}

fn forbidden(folder: &str, used: &str, kind: DependencyKind) -> Option<Finding> {
    let finding = |what| {
        Some(Finding {
            place: format!("{folder}/Cargo.toml"),
            what,
            hint: "TABLE in xtask/src/tidy/graph.rs says who may use whom, and why",
        })
    };
    let Some(allowed) = TABLE.iter().find(|allowed| covers(allowed.folder, folder)) else {
        return finding(format!("the crate {folder} is not in the table of crates"));
    };
    if allowed.of(kind).contains(&used) {
        return None;
    }
    let place = match kind {
        DependencyKind::Development => " in its tests",
        DependencyKind::Build => " in its build script",
        _ => "",
    };
    finding(format!("{folder} may not use {used}{place}"))
}

fn covers(pattern: &str, folder: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => folder.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && !rest.contains('/')),
        None => pattern == folder,
    }
}

fn below(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCT: DependencyKind = DependencyKind::Normal;
    const TESTS: DependencyKind = DependencyKind::Development;
    const SCRIPT: DependencyKind = DependencyKind::Build;

    fn is_allowed(folder: &str, used: &str, kind: DependencyKind) -> bool {
        forbidden(folder, used, kind).is_none()
    }

    #[test]
    fn the_rules_use_nothing_of_ours() {
        for used in ["sdk", "host", "edge", "host/upstream", "adapters/x"] {
            assert!(!is_allowed("pipeline", used, PRODUCT), "{used}");
        }
    }

    #[test]
    fn guests_know_the_kit_and_not_each_other() {
        assert!(is_allowed("adapters/x", "sdk", PRODUCT));
        assert!(!is_allowed("adapters/x", "adapters/y", PRODUCT));
        assert!(!is_allowed("adapters/x", "pipeline", TESTS));
    }

    #[test]
    fn the_runtimes_meet_in_the_rules_only() {
        assert!(is_allowed("host", "pipeline", PRODUCT));
        assert!(is_allowed("edge", "pipeline", PRODUCT));
        assert!(!is_allowed("edge", "host", PRODUCT));
        assert!(!is_allowed("host", "edge", TESTS));
        assert!(!is_allowed("edge", "adapters/x", PRODUCT));
    }

    #[test]
    fn fake_platforms_are_for_the_workers_tests_and_not_for_the_worker() {
        assert!(is_allowed("edge", "host/upstream", TESTS));
        assert!(!is_allowed("edge", "host/upstream", PRODUCT));
    }

    #[test]
    fn the_host_builds_components_but_does_not_carry_the_builder() {
        assert!(is_allowed("host", "sdk/component", SCRIPT));
        assert!(!is_allowed("host", "sdk/component", PRODUCT));
    }

    #[test]
    fn spoiled_answers_are_for_tests_and_know_no_adapter() {
        assert!(is_allowed("host", "sdk/fuzz", TESTS));
        assert!(!is_allowed("host", "sdk/fuzz", PRODUCT));
        assert!(!is_allowed("sdk/fuzz", "adapters/x", PRODUCT));
    }

    #[test]
    fn a_crate_that_is_not_in_the_table_is_a_finding() {
        let finding = forbidden("somewhere", "pipeline", PRODUCT).expect("it is not allowed");
        assert!(finding.what.contains("not in the table"), "{finding}");
    }

    #[test]
    fn a_package_is_called_after_its_folder() {
        assert_eq!(misnamed("scout-upstream", "host/upstream"), None);
        assert!(misnamed("upstream", "host/upstream").is_some());
    }
}
