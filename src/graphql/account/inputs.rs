//! Inputs as the schema shows them. `sign_up` checks their content.

use async_graphql::InputObject;

/// Data of a new account.
#[derive(InputObject)]
pub struct SignUpInput {
    /// Email address to sign in with, at most 254 characters. Case is ignored.
    pub email: String,
    /// Password, 12 to 128 characters of any kind.
    pub password: String,
    /// Name that others see, at most 200 characters.
    pub display_name: String,
}

/// Credentials to sign in with.
#[derive(InputObject)]
pub struct SignInInput {
    /// Email address of the account.
    pub email: String,
    /// Password of the account.
    pub password: String,
}
