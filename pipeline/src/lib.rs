//! What a job is and does.
mod clip;
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
pub mod accept;
pub mod expand;
pub mod keyword;
pub mod email;
pub mod outbound;
