//! Owner of a budget.

use std::net::IpAddr;

use crate::auth::{Caller, network};

/// Owner of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    /// Signed-in account, at any address.
    Account(i64),
    /// System of a provider.
    ServiceToken(i64),
    /// Everyone else at one address. For IPv6, one /64 network.
    Address(IpAddr),
    /// Client without a known address.
    Unknown,
}

impl Client {
    /// Returns the client behind a request: the account, else the service token, else the address.
    pub fn of(caller: &Caller, address: Option<IpAddr>) -> Self {
        match caller {
            Caller::Person(person) => Client::Account(person.account),
            Caller::System(system) => Client::ServiceToken(system.token),
            Caller::Anonymous => Client::at(address),
        }
    }

    /// Returns the client for anonymous requests from an address.
    pub fn at(address: Option<IpAddr>) -> Self {
        address.map_or(Client::Unknown, |address| Client::Address(network(address)))
    }
}
