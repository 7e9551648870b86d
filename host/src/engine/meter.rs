//! Counts what one call takes, and stops it at the limit with the cause.

use wasmtime::ResourceLimiter;

use super::Limits;

/// What a call has taken so far. It counts over all memories and tables, since a component may have several.
#[derive(Debug)]
pub(super) struct Meter {
    memory_bytes: usize,
    memory_bytes_max: usize,
    table_entries: usize,
    table_entries_max: usize,
}

/// The limit that a call met. An error of its own, because a refused growth would reach the adapter as
/// "no memory" and leave nothing but `unreachable` as the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Exhausted {
    #[error("it wanted more memory than it may have")]
    Memory,
    #[error("it wanted more table entries than it may have")]
    Table,
}

impl Meter {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { memory_bytes: 0, memory_bytes_max: limits.memory_bytes, table_entries: 0, table_entries_max: limits.table_entries }
    }

    /// Memory that the call has now. Memories never shrink, so it is also the most it had.
    pub(super) fn memory_bytes(&self) -> usize {
        self.memory_bytes
    }
}

/// What is taken after a growth, or nothing when that is more than allowed.
fn grown(taken: usize, current: usize, desired: usize, max: usize) -> Option<usize> {
    let after = taken.saturating_add(desired.saturating_sub(current));
    (after <= max).then_some(after)
}

impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        // Beyond the memory's own declared maximum the adapter hears of it; that is its own limit.
        if maximum.is_some_and(|maximum| desired > maximum && maximum < self.memory_bytes_max) {
            return Ok(false);
        }
        self.memory_bytes = grown(self.memory_bytes, current, desired, self.memory_bytes_max).ok_or(Exhausted::Memory)?;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum && maximum < self.table_entries_max) {
            return Ok(false);
        }
        self.table_entries = grown(self.table_entries, current, desired, self.table_entries_max).ok_or(Exhausted::Table)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter() -> Meter {
        Meter::new(&Limits { memory_bytes: 100, table_entries: 10, ..Limits::default() })
    }

    #[test]
    fn memories_share_one_limit() {
        let mut meter = meter();
        assert!(meter.memory_growing(0, 60, None).unwrap());
        assert!(meter.memory_growing(0, 40, None).unwrap());
        let error = meter.memory_growing(40, 41, None).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Exhausted::Memory));
        assert_eq!(meter.memory_bytes(), 100);
    }

    #[test]
    fn tables_share_one_limit() {
        let mut meter = meter();
        assert!(meter.table_growing(0, 10, None).unwrap());
        assert_eq!(meter.table_growing(0, 1, None).unwrap_err().downcast_ref(), Some(&Exhausted::Table));
    }

    #[test]
    fn a_memory_that_ends_below_the_limit_by_itself_is_told_so_and_counts_nothing() {
        let mut meter = meter();
        assert!(!meter.memory_growing(0, 60, Some(50)).unwrap());
        assert_eq!(meter.memory_bytes(), 0);
    }
}
