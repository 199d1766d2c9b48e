//! What a caller may do at the moment of a write. A request begins with what the database said when it came in; a member
//! may have been removed since. Whoever writes to a provider's things locks the provider's row first and then asks here:
//! who removes a member takes the same lock, so what is found holds until the commit.

use entity::{account, membership};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::caller::{Caller, Person};
use super::service_tokens;
use crate::error::Result;

/// The same caller as the database knows them now, as far as this provider is concerned; nobody once their account is
/// gone or their token revoked or without its maker.
pub async fn as_of_now(db: &impl ConnectionTrait, caller: &Caller, provider: i64) -> Result<Caller> {
    match caller {
        Caller::Anonymous => Ok(Caller::Anonymous),
        Caller::Person(person) => Ok(person_now(db, person, provider).await?.map_or(Caller::Anonymous, Caller::Person)),
        Caller::System(system) => {
            Ok(service_tokens::by_id(db, system.token).await?.map_or(Caller::Anonymous, Caller::System))
        }
    }
}

async fn person_now(db: &impl ConnectionTrait, person: &Person, provider: i64) -> Result<Option<Person>> {
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
