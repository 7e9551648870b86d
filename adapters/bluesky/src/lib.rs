//! Placeholder while the adapter is written.
