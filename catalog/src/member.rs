//! Who acts for a provider: its members, the people invited to become members, and its service tokens. Signing in is in
//! `account`.

pub mod emails;
pub mod service;
