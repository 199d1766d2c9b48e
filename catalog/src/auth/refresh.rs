//! Rights of a caller at the moment of a write. The rights read when the request arrived may be outdated, e.g. because
//! a member was removed since. A writer first locks the row of the provider and then calls this module. Removing a
//! member takes the same lock, so the result holds until the commit.

use entity::MemberRole;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use super::caller::{Caller, Person};
use super::service_tokens;
use crate::error::Result;

/// Returns the caller with their current rights in this provider. Anonymous if the account was deleted, the service
/// token was revoked, or its creator no longer acts for the provider.
pub async fn refresh_caller(db: &impl ConnectionTrait, caller: &Caller, provider: i64) -> Result<Caller> {
    let refreshed = match caller {
        Caller::Anonymous => None,
        Caller::Person(person) => refresh_person(db, person, provider).await?.map(Caller::Person),
        Caller::System(system) => service_tokens::by_id(db, system.token).await?.map(Caller::System),
    };
    Ok(refreshed.unwrap_or_default())
}

#[derive(FromQueryResult)]
struct RightsRow {
    staff: bool,
    role: Option<MemberRole>,
}

const RIGHTS: &str = "select a.staff, m.role from account a \
    left join membership m on m.account_id = a.id and m.provider_id = $1 where a.id = $2";

async fn refresh_person(db: &impl ConnectionTrait, person: &Person, provider: i64) -> Result<Option<Person>> {
    let values = [provider.into(), person.account.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), RIGHTS, values);
    let rights = RightsRow::find_by_statement(statement).one(db).await?;
    Ok(rights.map(|rights| Person {
        staff: rights.staff,
        memberships: rights.role.map(|role| (provider, role)).into_iter().collect(),
        ..person.clone()
    }))
}
