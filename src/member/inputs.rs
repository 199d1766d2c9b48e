//! What the mutations of members and service tokens take.

use async_graphql::{ID, InputObject};

use crate::graphql::scalars::DateTime;

/// A token that is to be made for a provider's own system.
#[derive(InputObject)]
pub struct ServiceTokenInput {
    /// For which provider.
    pub provider: ID,
    /// What people will know it by, at most 200 characters.
    pub name: String,
    /// Until when it is good: ahead of now, and at most two years.
    pub expires_at: DateTime,
}
