//! What a job is and does.
pub mod accept;
mod clip;
pub mod contract;
pub mod drive;
pub mod email;
pub mod expand;
pub mod job;
pub mod keyword;
pub mod limits;
pub mod manifest;
pub mod outbound;
pub mod ports;
pub mod protocol;
pub mod record;
pub mod sheet;
pub mod time;
pub mod trouble;
