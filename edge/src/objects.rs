//! The durable objects: each the one place where what it keeps is changed.

mod account;
mod cache;
mod job;
mod keys;
mod operator;
mod upstream;

pub use account::AccountDo;
pub use cache::CacheDo;
pub use job::JobDo;
pub use keys::KeysDo;
pub use operator::OperatorDo;
pub use upstream::UpstreamDo;
