//! Inputs of the mutations on members and service tokens.

use async_graphql::{ID, InputObject};

use crate::graphql::scalars::DateTime;
use crate::graphql::untyped_input::DeferredScalar;

/// Data of a new service token.
#[derive(InputObject)]
pub struct ServiceTokenInput {
    /// Global ID of the provider that the token acts for.
    pub provider: ID,
    /// Name by which people recognise the token, at most 200 characters.
    pub name: String,
    /// Time when the token expires. Must be in the future, at most two years ahead.
    pub expires_at: DeferredScalar<DateTime>,
}
