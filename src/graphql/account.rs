//! Accounts: signing up, signing in and sessions. `auth` decides whom a token belongs to and what they may do.

mod inputs;
mod loader;
mod mutation;
mod query;
mod types;

pub use mutation::AccountMutation;
pub use query::AccountQuery;
pub use types::Account;
