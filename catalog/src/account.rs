//! Accounts: signing up, signing in and sessions. `auth` decides whom a token belongs to and what they may do.

pub mod deletion;
pub mod emails;
pub mod links;
pub mod recovery;
pub mod service;
pub mod session;
pub mod sign_up;
pub mod staff;

pub use service::Accounts;
