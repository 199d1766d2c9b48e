//! Listings that a provider cannot refer to: those of other providers that are not public. If references to them
//! resolved, anybody could find out which drafts exist.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::database::{ids_parameter, ids_value};
use crate::dictionary::NOT_PUBLIC;
use crate::error::Result;
use crate::write::{References, Target};

/// For each target: its rows `l` joined with their providers `p`, and the condition for rows that are hidden whatever
/// the status of the provider.
const LISTINGS: [(Target, &str, &str); 3] = [
    (Target::Course, "course l join provider p on p.id = l.provider_id", "l.status = 'DRAFT'"),
    (Target::Certification, "certification l join provider p on p.id = l.issuer_id", "l.status = 'DRAFT'"),
    (Target::Provider, "provider l join provider p on p.id = l.id", "false"),
];

#[derive(FromQueryResult)]
struct HiddenRow {
    id: i64,
}

/// Removes hidden listings from the resolved references.
pub(super) async fn hide(db: &impl ConnectionTrait, known: &mut References, provider: i64) -> Result<()> {
    let backend = db.get_database_backend();
    for (target, rows, hidden) in LISTINGS {
        let ids = known.ids(target);
        if !ids.is_empty() {
            let among = ids_parameter(backend, 2);
            let hidden = format!("({hidden} or p.status in {NOT_PUBLIC})");
            let sql = format!("select l.id from {rows} where p.id <> $1 and {hidden} and l.id {among}");
            let values = [provider.into(), ids_value(backend, ids)];
            let rows =
                HiddenRow::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(db).await?;
            known.hide(target, rows.into_iter().map(|row| row.id).collect());
        }
    }
    Ok(())
}
