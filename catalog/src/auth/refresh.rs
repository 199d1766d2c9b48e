//! Rights of a caller at the moment of a write. The rights read when the request arrived may be outdated, e.g. because
//! a member was removed since. A writer first locks the row of the provider and then calls this module. Removing a
//! member takes the same lock, so the result holds until the commit.

use entity::{account, membership};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::caller::{Caller, Person};
use super::service_tokens;
use crate::error::Result;

/// Returns the caller with their current rights in this provider. Anonymous if the account was deleted, the service
/// token was revoked, or its creator no longer acts for the provider.
pub async fn refresh_caller(db: &impl ConnectionTrait, caller: &Caller, provider: i64) -> Result<Caller> {
    match caller {
        Caller::Anonymous => Ok(Caller::Anonymous),
        Caller::Person(person) => {
            Ok(refresh_person(db, person, provider).await?.map_or(Caller::Anonymous, Caller::Person))
        }
        Caller::System(system) => {
            Ok(service_tokens::by_id(db, system.token).await?.map_or(Caller::Anonymous, Caller::System))
        }
    }
}

async fn refresh_person(db: &impl ConnectionTrait, person: &Person, provider: i64) -> Result<Option<Person>> {
    let Some(account) = account::Entity::find_by_id(person.account).one(db).await? else { return Ok(None) };
    let membership = membership::Entity::find_by_id((provider, account.id)).one(db).await?;
    Ok(Some(Person {
        account: account.id,
        session: person.session,
        staff: account.staff,
        token_issued_at: person.token_issued_at,
        memberships: membership.into_iter().map(|row| (row.provider_id, row.role)).collect(),
    }))
}
