//! The durable objects: each the one place where what it keeps is changed.

mod job;

pub use job::JobDo;
