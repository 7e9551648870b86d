//! Tokens as issuers sign them, and as others would like to.

mod key_sets;
mod rotation;
mod signing;
mod tokens;
