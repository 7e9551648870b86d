//! The durable objects: each the one place where what it keeps is changed.

mod account;
mod job;
mod operator;

pub use account::AccountDo;
pub use job::JobDo;
pub use operator::OperatorDo;
