//! Global IDs, by which `node(id:)` finds objects. Opaque to clients: base64url of the type name and the row ID.

use async_graphql::ID;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use catalog::error::{AppError, Result};

macro_rules! node_kinds {
    ($($kind:ident),+) => {
        /// Type of an object with a global ID.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are those of the GraphQL types")]
        pub enum NodeKind { $($kind),+ }

        impl NodeKind {
            fn name(self) -> &'static str {
                match self { $(NodeKind::$kind => stringify!($kind)),+ }
            }

            fn of(name: &str) -> Option<Self> {
                match name { $(stringify!($kind) => Some(NodeKind::$kind),)+ _ => None }
            }
        }
    };
}

node_kinds! {
    Course, Provider, Certification, Career, Subject, Skill, Offering, Statistic, Account, Invitation, ServiceToken,
    OutcomeReport, Review, EnrolmentCheck, Partnership
}

/// Encodes the global ID of a row.
pub fn global_id(kind: NodeKind, id: i64) -> ID {
    ID(BASE64_URL_SAFE_NO_PAD.encode(format!("{}:{id}", kind.name())))
}

/// Decodes a global ID. A malformed one is an input error of `argument`.
pub fn parse_id(argument: &str, id: &ID) -> Result<(NodeKind, i64)> {
    let wrong = || AppError::input(argument, "is not an id of this API; take ids from its answers as they are");
    parse(id).ok_or_else(wrong)
}

/// Row ID of a global ID; `None` for an ID of another type, because no row of this type has it.
pub fn row_of(kind: NodeKind, argument: &str, id: &ID) -> Result<Option<i64>> {
    let (found, row) = parse_id(argument, id)?;
    Ok((found == kind).then_some(row))
}

/// Row ID that a mutation writes to. An ID of another type is reported like that of a missing row; `what` names the
/// missing thing in the error.
pub fn row_to_write(kind: NodeKind, what: &'static str, argument: &str, id: &ID) -> Result<i64> {
    row_of(kind, argument, id)?.ok_or(AppError::NotFound(what))
}

fn parse(id: &ID) -> Option<(NodeKind, i64)> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?).ok()?;
    let (name, row) = text.split_once(':')?;
    let number: i64 = row.parse().ok()?;
    // Each row has exactly one ID, so alternative spellings such as "007" and "+7" are rejected.
    (number.to_string() == row && number > 0).then_some((NodeKind::of(name)?, number))
}
