//! Members of a provider, invitations and service tokens: the writes and their authorization. Signing in is in
//! `account`.

pub mod emails;
pub mod service;
