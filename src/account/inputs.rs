//! The forms of the inputs. What they say is read in `draft`.

use async_graphql::InputObject;

/// A new account.
#[derive(InputObject)]
pub struct SignUpInput {
    /// The address that they will sign in with, at most 254 characters; upper and lower case are the same.
    pub email: String,
    /// Their password, 12 to 128 characters of any kind.
    pub password: String,
    /// The name that others see, at most 200 characters.
    pub display_name: String,
}

/// Who signs in.
#[derive(InputObject)]
pub struct SignInInput {
    /// The address of their account.
    pub email: String,
    /// Their password.
    pub password: String,
}
