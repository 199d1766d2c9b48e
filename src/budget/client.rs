//! Who a budget belongs to.

use std::net::{IpAddr, Ipv6Addr};

use crate::auth::Caller;

/// Who a budget belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    /// Somebody who has signed in, wherever they are.
    Account(i64),
    /// A provider's own system.
    ServiceToken(i64),
    /// Everybody else at one address; of IPv6, in one network.
    Address(IpAddr),
    /// Whoever comes from no address that is known.
    Unknown,
}

impl Client {
    /// The client behind a request: the account, else the service token, else the address.
    pub fn of(caller: &Caller, address: Option<IpAddr>) -> Self {
        match caller {
            Caller::Person(person) => Client::Account(person.account),
            Caller::System(system) => Client::ServiceToken(system.token),
            Caller::Anonymous => Client::at(address),
        }
    }

    /// Everybody at an address.
    pub fn at(address: Option<IpAddr>) -> Self {
        address.map_or(Client::Unknown, |address| Client::Address(network(address)))
    }
}

/// What stands for a client: the half of an IPv6 address that names the network, since the other is anybody's choice.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.into(),
            None => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        },
    }
}
