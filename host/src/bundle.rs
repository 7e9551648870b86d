//! The adapters that are part of this program. The build makes them; no name of one stands in the code.

/// Name and component, in the order of their names.
const ADAPTERS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bundle.rs"));

/// The names of the installed adapters, in order: each is its platform's name.
pub fn names() -> impl Iterator<Item = &'static str> {
    ADAPTERS.iter().map(|(name, _)| *name)
}

/// The component of an installed adapter.
#[must_use]
pub fn component(name: &str) -> Option<&'static [u8]> {
    ADAPTERS.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_component() {
        assert!(names().all(|name| component(name).is_some_and(|bytes| bytes.starts_with(b"\0asm"))));
        assert!(names().is_sorted());
        assert!(names().next().is_some());
    }

    #[test]
    fn a_name_that_is_not_installed_has_none() {
        assert!(component("no-such-platform").is_none());
    }
}
