//! The only place where the DDL of the two databases differs: the names of a few column types.

use sea_orm_migration::sea_orm::DbBackend;

/// Types in portable SQL, in PostgreSQL and in SQLite, which uses the name of a column type only for its affinity: its
/// names are SeaORM's own.
const TYPES: [[&str; 3]; 4] = [
    ["@id", "bigint primary key", "integer primary key"],
    ["@timestamp", "timestamp with time zone", "timestamp_with_timezone_text"],
    ["@date", "date", "date_text"],
    ["@json", "jsonb", "json_text"],
];

/// Translates a portable statement for one database.
pub(crate) fn write_for(backend: DbBackend, sql: &str) -> String {
    TYPES.iter().fold(sql.to_owned(), |sql, [ours, postgres, sqlite]| {
        sql.replace(ours, if backend == DbBackend::Postgres { postgres } else { sqlite })
    })
}
