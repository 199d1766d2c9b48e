//! Who sends a request. Roles and memberships are those of the database when the request came in, never what a token
//! says of them.

use chrono::{DateTime, Utc};
use entity::MemberRole;

/// Who sends a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Caller {
    /// Somebody who has not said who they are.
    #[default]
    Anonymous,
    /// A person who has signed in.
    Person(Person),
    /// A provider's own system.
    System(System),
}

/// A person who has signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Their account.
    pub account: i64,
    /// The session that their token belongs to; `None` where another identity provider has issued it.
    pub session: Option<i64>,
    /// Whether they belong to the staff of the catalogue.
    pub staff: bool,
    /// When another identity provider has issued their token; `None` where it is one of ours.
    pub token_issued_at: Option<DateTime<Utc>>,
    /// The providers that they are members of.
    pub memberships: Vec<(i64, MemberRole)>,
}

/// A provider's own system, known by a service token.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    /// The token.
    pub token: i64,
    /// The one provider that it acts for.
    pub provider: i64,
    /// Until when: a feed may take longer.
    pub until: DateTime<Utc>,
    /// Whether it may write: not for a provider that is closed or turned away.
    pub can_write: bool,
}

impl Caller {
    /// The account, where a person asks.
    pub fn account(&self) -> Option<i64> {
        match self {
            Caller::Person(person) => Some(person.account),
            Caller::Anonymous | Caller::System(_) => None,
        }
    }

    /// Whether they belong to the staff of the catalogue.
    pub fn is_staff(&self) -> bool {
        matches!(self, Caller::Person(Person { staff: true, .. }))
    }

    /// What they are to a provider. A provider's own system may do what an editor may.
    pub fn role(&self, provider: i64) -> Option<MemberRole> {
        match self {
            Caller::Anonymous => None,
            Caller::Person(person) => person.memberships.iter().find(|(id, _)| *id == provider).map(|(_, role)| *role),
            Caller::System(system) => (system.provider == provider).then_some(MemberRole::Editor),
        }
    }

    /// Whether they see what a provider keeps to itself: drafts, history, members.
    pub fn sees_inside(&self, provider: i64) -> bool {
        self.is_staff() || self.role(provider).is_some()
    }

    /// Whether they keep listings: those of a provider, as its members or its systems, or as staff. What they send may
    /// be larger.
    pub fn keeps_listings(&self) -> bool {
        match self {
            Caller::Anonymous => false,
            Caller::Person(person) => person.staff || !person.memberships.is_empty(),
            Caller::System(_) => true,
        }
    }

    /// Their name in the change log, and what keeps their idempotency keys apart from those of others.
    pub fn name(&self) -> String {
        match self {
            Caller::Anonymous => "anonymous".to_owned(),
            Caller::Person(person) => format!("account:{}", person.account),
            Caller::System(system) => format!("service-token:{}", system.token),
        }
    }
}
