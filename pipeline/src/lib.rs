//! What a job is and does.
pub mod contract;
pub mod limits;
pub mod manifest;
pub mod ports;
pub mod drive;
pub mod job;
pub mod protocol;
pub mod record;
pub mod time;
pub mod trouble;
