//! Sender of a request. Roles and memberships are read from the database when the request arrives, never from a token.

use chrono::{DateTime, Utc};
use entity::MemberRole;

/// Sender of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Caller {
    /// Sender without a token.
    #[default]
    Anonymous,
    /// Person who is signed in.
    Person(Person),
    /// One of a provider's own systems.
    System(System),
}

/// Person who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// ID of the account.
    pub account: i64,
    /// Session of the token; `None` if another identity provider issued it.
    pub session: Option<i64>,
    /// Whether the person belongs to staff of the catalogue.
    pub staff: bool,
    /// Time when another identity provider issued the token; `None` if it is one of ours.
    pub token_issued_at: Option<DateTime<Utc>>,
    /// Providers the person is a member of, with their role.
    pub memberships: Vec<(i64, MemberRole)>,
}

/// One of a provider's own systems, identified by a service token.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    /// ID of the service token.
    pub token: i64,
    /// Provider that the system acts for.
    pub provider: i64,
    /// Time when the token expires. An import may still be running by then.
    pub until: DateTime<Utc>,
    /// Whether the system may write. It may not if its provider is closed or rejected.
    pub can_write: bool,
}

impl Caller {
    /// Returns the account, if the caller is a person.
    pub fn account(&self) -> Option<i64> {
        match self {
            Caller::Person(person) => Some(person.account),
            Caller::Anonymous | Caller::System(_) => None,
        }
    }

    /// Whether the caller belongs to staff of the catalogue.
    pub fn is_staff(&self) -> bool {
        matches!(self, Caller::Person(Person { staff: true, .. }))
    }

    /// Returns the caller's role in a provider. A provider's own system can do what an editor can.
    pub fn role(&self, provider: i64) -> Option<MemberRole> {
        match self {
            Caller::Anonymous => None,
            Caller::Person(person) => person.memberships.iter().find(|(id, _)| *id == provider).map(|(_, role)| *role),
            Caller::System(system) => (system.provider == provider).then_some(MemberRole::Editor),
        }
    }

    /// Whether the caller may see what a provider keeps private: drafts, history and members.
    pub fn can_see_private(&self, provider: i64) -> bool {
        self.is_staff() || self.role(provider).is_some()
    }

    /// Whether the caller maintains listings, as a member or system of a provider or as staff. Such callers may send
    /// larger requests.
    pub fn can_write_listings(&self) -> bool {
        match self {
            Caller::Anonymous => false,
            Caller::Person(person) => person.staff || !person.memberships.is_empty(),
            Caller::System(_) => true,
        }
    }

    /// Returns the caller's name in the change log, which also separates the idempotency keys of callers.
    pub fn name(&self) -> String {
        match self {
            Caller::Anonymous => "anonymous".to_owned(),
            Caller::Person(person) => format!("account:{}", person.account),
            Caller::System(system) => format!("service-token:{}", system.token),
        }
    }
}
