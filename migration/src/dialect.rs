//! The only place where the DDL of the two databases differs: the names of a few column types.

use sea_orm_migration::sea_orm::DbBackend;

const POSTGRES: [(&str, &str); 4] =
    [("@id", "bigint primary key"), ("@timestamp", "timestamp with time zone"), ("@date", "date"), ("@json", "jsonb")];

/// SQLite uses the name of a column type only for its affinity; these are SeaORM's own names.
const SQLITE: [(&str, &str); 4] = [
    ("@id", "integer primary key"),
    ("@timestamp", "timestamp_with_timezone_text"),
    ("@date", "date_text"),
    ("@json", "json_text"),
];

/// Translates a portable statement for one database.
pub(crate) fn write_for(backend: DbBackend, sql: &str) -> String {
    let names = if backend == DbBackend::Postgres { POSTGRES } else { SQLITE };
    names.iter().fold(sql.to_owned(), |sql, (ours, theirs)| sql.replace(ours, theirs))
}
