//! What tests may know of a creator without asking the platform.

use crate::world::Creator;

/// What is so of a creator, whatever the platform tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What makes the creator the same one again, in the platform's own form.
    pub identity: String,
    /// The handle, without `@`.
    pub username: String,
    /// How many follow, exactly.
    pub followers: u64,
    /// The address in the bio, as it stands there.
    pub email: Option<String>,
}

impl From<&Creator> for Known {
    fn from(creator: &Creator) -> Self {
        Known {
            identity: creator.identity.clone(),
            username: creator.handle.clone(),
            followers: creator.followers,
            email: creator.person.email.clone(),
        }
    }
}
