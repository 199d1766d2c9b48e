//! Accounts: signing up, signing in and sessions. `auth` decides whom a token belongs to and what they may do.

mod deletion;
mod emails;
mod inputs;
mod links;
mod loader;
mod mutation;
mod query;
mod recovery;
mod service;
mod session;
mod sign_up;
pub mod staff;
mod types;

pub use links::expired_link;
pub use mutation::AccountMutation;
pub use query::AccountQuery;
pub use service::Accounts;
pub use types::Account;
