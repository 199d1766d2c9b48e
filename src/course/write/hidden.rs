//! What a provider cannot name in its courses: listings of others that the public does not see. Were they found, anybody
//! could ask which drafts there are.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::database::{ids_parameter, ids_value};
use crate::error::Result;
use crate::write::{References, Target};

/// Of each kind: a statement for those among some rows that are hidden from a provider, the first parameter.
const HIDDEN: [(Target, &str); 3] = [
    (
        Target::Course,
        "select c.id from course c join provider p on p.id = c.provider_id \
         where p.id <> $1 and (c.status = 'DRAFT' or p.status in ('PENDING', 'REJECTED')) and c.id",
    ),
    (
        Target::Certification,
        "select c.id from certification c join provider p on p.id = c.issuer_id \
         where p.id <> $1 and p.status in ('PENDING', 'REJECTED') and c.id",
    ),
    (Target::Provider, "select p.id from provider p where p.id <> $1 and p.status in ('PENDING', 'REJECTED') and p.id"),
];

#[derive(FromQueryResult)]
struct Row {
    id: i64,
}

/// Hides them in what has been found.
pub(super) async fn hide(db: &impl ConnectionTrait, known: &mut References, provider: i64) -> Result<()> {
    let backend = db.get_database_backend();
    for (target, sql) in HIDDEN {
        let ids = known.ids(target);
        if !ids.is_empty() {
            let sql = format!("{sql} {}", ids_parameter(backend, 2));
            let values = [provider.into(), ids_value(backend, ids)];
            let rows = Row::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(db).await?;
            known.hide(target, rows.into_iter().map(|row| row.id).collect());
        }
    }
    Ok(())
}
