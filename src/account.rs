//! Accounts: signing up, signing in and sessions. `auth` decides whom a token belongs to and what they may do.

mod draft;
mod inputs;
mod leaving;
mod letters;
mod links;
mod loader;
mod mutation;
mod query;
mod recovery;
mod service;
mod session;
pub mod staff;
mod types;

pub use links::no_good;
pub use mutation::AccountMutation;
pub use query::AccountQuery;
pub use service::Accounts;
pub use types::Account;
