//! Every limit, with its unit in its name and its reason beside it.

/// Longest answer that is read from a platform, in bytes. Full search pages are about 2.5 MB; an order
/// of magnitude above that nothing honest is left.
pub const RESPONSE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long one exchange with a platform may take, in milliseconds. The slowest recorded profile call
/// took 7.5 s at the 99th percentile.
pub const FETCH_MS_MAX: u32 = 20_000;

/// Longest cursor, in bytes: it is written with every page.
pub const CURSOR_BYTES_MAX: usize = 2_048;

/// Longest identity or handle, in bytes.
pub const IDENTITY_BYTES_MAX: usize = 256;

/// Creators on one page; more are refused.
pub const PAGE_CREATORS_MAX: usize = 1_000;

/// Creators in one call of `plan-profiles`.
pub const PROFILE_CREATORS_MAX: usize = 100;

/// Largest component file, in bytes. Interpreted guests reach 19 MB.
pub const COMPONENT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Memory that one call of an adapter may have, in bytes.
pub const ADAPTER_MEMORY_BYTES_MAX: usize = 128 * 1024 * 1024;

/// How long one call of an adapter may compute, in milliseconds.
pub const ADAPTER_CALL_MS_MAX: u32 = 2_000;

const _: () = assert!(ADAPTER_MEMORY_BYTES_MAX >= 4 * RESPONSE_BYTES_MAX, "a whole answer and what is made of it must fit");
