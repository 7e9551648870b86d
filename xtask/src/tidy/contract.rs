//! The contract is a valid WIT package of the name and shape that runtimes expect.

use std::path::Path;

use wit_parser::Resolve;

use super::Finding;

/// The package that adapters are built against.
const PACKAGE: &str = "scout:adapter@1.0.0";

/// Checks the package in this folder.
pub(super) fn check(folder: &Path) -> Vec<Finding> {
    problem(folder)
        .map(|what| Finding { place: "wit/".to_owned(), what, hint: "the contract is what every adapter was built against" })
        .into_iter()
        .collect()
}

fn problem(folder: &Path) -> Option<String> {
    let mut resolve = Resolve::new();
    let package = match resolve.push_dir(folder) {
        Ok((package, _)) => package,
        Err(error) => return Some(format!("it is no valid WIT package: {error:#}")),
    };
    let name = resolve.packages[package].name.to_string();
    if name != PACKAGE {
        return Some(format!("the package is {name} and should be {PACKAGE}"));
    }
    match resolve.packages[package].worlds.get("platform") {
        None => Some("it has no world `platform`".to_owned()),
        Some(world) if !resolve.worlds[*world].imports.is_empty() => {
            Some("the world `platform` imports something; an adapter imports nothing".to_owned())
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(wit: &str) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("adapter.wit"), wit).expect("written");
        problem(folder.path())
    }

    const INTERFACE: &str = "interface adapter { describe: func() -> string; }";

    #[test]
    fn a_world_that_only_exports_is_fine() {
        assert_eq!(check_text(&format!("package {PACKAGE}; {INTERFACE} world platform {{ export adapter; }}")), None);
    }

    #[test]
    fn a_world_that_imports_is_a_finding() {
        let problem = check_text(&format!("package {PACKAGE}; {INTERFACE} world platform {{ import adapter; }}"));
        assert!(problem.expect("a finding").contains("imports"));
    }

    #[test]
    fn another_version_is_a_finding() {
        let problem = check_text(&format!("package scout:adapter@2.0.0; {INTERFACE} world platform {{ export adapter; }}"));
        assert!(problem.expect("a finding").contains("should be scout:adapter@1.0.0"));
    }

    #[test]
    fn what_is_no_wit_is_a_finding() {
        assert!(check_text("not wit").expect("a finding").contains("no valid WIT"));
    }
}
