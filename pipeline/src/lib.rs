//! What a job is and does.
pub mod contract;
pub mod limits;
pub mod ports;
