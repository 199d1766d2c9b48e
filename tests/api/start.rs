//! Failures that prevent a start: one line that names the cause, no secrets in it, and nothing changed.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;

use sea_orm::sqlx::{self, Connection, Executor, SqliteConnection};

use crate::support::process::{ServerProcess, lectern, refused};

#[test]
fn a_wrong_setting_is_named_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, setting, rule) in [
        ("LECTERN_WORKERS", "many", "workers", "whole number"),
        ("LECTERN_WORKERS", "1025", "workers", "0 to 1024"),
        ("LECTERN_MAX_IN_FLIGHT", "0", "max_in_flight", "1 to 1000000"),
        ("LECTERN_MAX_IN_FLIGHT", "-1", "max_in_flight", "whole number"),
        ("LECTERN_READ_CONNECTIONS", "501", "read_connections", "1 to 500"),
        ("LECTERN_SHUTDOWN_SECONDS", "0", "shutdown_seconds", "1 to 600"),
        ("LECTERN_LISTEN", "nowhere", "listen", "address"),
        ("LECTERN_SEED", "other", "seed", "starter, none"),
        ("LECTERN_GRAPHIQL", "maybe", "graphiql", "boolean"),
        ("LECTERN_LOG", "lectern=nosuchlevel", "log", "error, warn, info"),
        ("LECTERN_LOG_FORMAT", "xml", "log_format", "text, json"),
        ("LECTERN_ALLOWED_ORIGINS", "[https://example.org/]", "allowed_origins", "https://example.org"),
        ("LECTERN_REPLICA_URL", "mysql://u:secret@h/d", "replica_url", "postgres://"),
        ("DATABASE_URL", "mysql://u:secret@h/d", "database_url", "postgres://, or with sqlite:// and name"),
        ("DATABASE_URL", "sqlite::memory:", "database_url", "name a file"),
        ("DATABASE_URL", "sqlite://x?mode=memory", "database_url", "name a file"),
        ("LECTERN_DATA_DIR", "", "data_dir", "must name a folder"),
        ("DATABASE_URL", "postgres://u:secret@127.0.0.1:1/d", "database_url", "cannot be reached"),
        ("DATABASE_URL", "postgres://u:sec ret@127.0.0.1:x/d", "database_url", "cannot be reached"),
        ("LECTERN_DATA_DIR", "/dev/null/x", "data_dir", "folder"),
        ("LECTERN_TRUSTED_PROXIES", "11", "trusted_proxies", "0 to 10"),
        ("LECTERN_SMTP_URL", "http://secret@host", "smtp_url", "smtps://"),
        ("LECTERN_MAIL_FROM", "nobody", "mail_from", "an address"),
        ("LECTERN_LINK_URL", "ftp://host", "link_url", "http or https"),
        ("LECTERN_TOKEN_ISSUER", "", "token_issuer", "must not be empty"),
        ("LECTERN_OIDC_ISSUER", "lectern", "oidc_issuer", "not be the same"),
        ("LECTERN_OIDC_ISSUER", "https://id.example.org", "oidc_audience", "with oidc_issuer"),
        ("LECTERN_NOSUCH", "secret", "nosuch", "no setting of this name"),
        ("LECTERN_MATCH_WEIGHTS", "{prise=1}", "match_weights.prise", "no setting of this name"),
    ] {
        let (code, said) = refused(folder.path(), &[(name, value)]);
        assert_eq!((code, said.lines().count()), (Some(1), 1), "{name}={value}: {said}");
        assert!(said.starts_with(&format!("lectern: {setting}: ")) && said.contains(rule), "{name}={value}: {said}");
        assert!(!said.contains("secret") && !said.contains("sec ret"), "{said}");
    }
    std::fs::write(folder.path().join("lectern.toml"), "workers = [").unwrap();
    let (code, said) = refused(folder.path(), &[]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.starts_with("lectern: lectern.toml: ") && said.contains("line 1, column 12"), "{said}");
    assert!(!said.contains("workers"), "{said}");
}

#[test]
fn unknown_arguments_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for argument in ["--nosuch", "nosuch"] {
        let output = lectern(folder.path(), &[]).arg(argument).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(argument), "{said}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = refused(folder.path(), &[("LECTERN_LISTEN", &address)]);
    assert_eq!((code, said), (Some(1), format!("lectern: listen: {address} is in use or cannot be listened at\n")));
}

/// The files of a folder with their bytes.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let files = entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()));
    files.collect()
}

/// Starts on this file. The start must be refused with these words and leave the file unchanged, with nothing beside
/// it.
fn assert_refused_untouched(file: &Path, words: &str) {
    let data = tempfile::tempdir().unwrap();
    let folder = file.parent().unwrap();
    let before = contents(folder);
    let url = format!("sqlite://{}", file.display());
    let (code, said) = refused(data.path(), &[("DATABASE_URL", &url)]);
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.starts_with("lectern: database_url: ") && said.contains(words), "{said}");
    assert!(contents(folder) == before, "{words}: something was changed");
}

async fn execute(file: &Path, sql: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    database.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.unwrap();
    database.close().await.unwrap();
}

#[actix_web::test]
async fn a_file_that_is_no_undamaged_database_of_ours_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.sqlite");
    for bytes in ["this is no database".repeat(100), "SQLite format 3\0".to_owned() + &"x".repeat(5_000)] {
        std::fs::write(&file, bytes).unwrap();
        assert_refused_untouched(&file, "damaged or is no SQLite database");
    }
    std::fs::remove_file(&file).unwrap();
    execute(&file, "create table notes (id integer); insert into notes values (1)").await;
    assert_refused_untouched(&file, "tables of another program");
    execute(&file, "pragma journal_mode = wal").await;
    assert_refused_untouched(&file, "tables of another program");
    execute(&file, "create table seaql_migrations (version text, applied_at integer); insert into seaql_migrations values ('x', 1)").await;
    assert_refused_untouched(&file, "tables of another program");
}

#[actix_web::test]
async fn a_file_is_looked_at_under_the_name_under_which_it_is_opened() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    execute(&folder.path().join("a b.sqlite"), "create table notes (id integer)").await;
    let before = contents(folder.path());
    let url = format!("sqlite://{}/a%20b.sqlite", folder.path().display());
    let (_, said) = refused(data.path(), &[("DATABASE_URL", &url)]);
    assert!(said.contains("tables of another program"), "{said}");
    assert!(contents(folder.path()) == before, "something was changed");
    let odd = data.path().join("50%20?");
    let served = ServerProcess::start(data.path(), &[("LECTERN_DATA_DIR", odd.to_str().unwrap())]);
    served.signal("-TERM");
    assert_eq!(served.ended().0.code(), Some(0));
    assert!(odd.join("lectern.sqlite").exists());
}

#[actix_web::test]
async fn a_database_of_ours_that_is_newer_or_damaged_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ours.sqlite");
    let url = format!("sqlite://{}", file.display());
    let data = tempfile::tempdir().unwrap();
    let made = lectern(data.path(), &[("DATABASE_URL", &url)]).arg("migrate").output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    execute(&file, "drop table award").await;
    assert_refused_untouched(&file, "it has no table award");
    execute(&file, "insert into seaql_migrations (version, applied_at) values ('m999999_later', 1)").await;
    assert_refused_untouched(&file, "newer version of Lectern (it has m999999_later)");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert_refused_untouched(&file, "damaged");
}

#[test]
fn a_start_says_what_it_did_and_ends_by_saying_where_to_look() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().canonicalize().unwrap().join("data-local/lectern.sqlite");
    let made = format!("database: NEW, nothing was there before: SQLite, {}", file.display());
    let found = format!("database: SQLite, {}", file.display());
    for (database, graphiql, words) in [(made, "true", "GraphQL, GraphiQL for browsers"), (found, "false", "GraphQL")] {
        let served = ServerProcess::start(folder.path(), &[("LECTERN_GRAPHIQL", graphiql)]);
        let address = served.address();
        let ready = format!("ready: {words} at http://{address}/graphql");
        let lines = [database.as_str(), "catalogue: EMPTY", &format!("listening on http://{address}"), &ready];
        assert_eq!(served.said(), lines);
        stop(served);
    }
    let starter = ServerProcess::start(folder.path(), &[("LECTERN_SEED", "starter")]);
    assert_eq!(starter.said()[1], "catalogue: filled with the starter catalogue just now, 16 courses");
    stop(starter);
    let again = ServerProcess::start(folder.path(), &[]);
    assert!(again.said()[1].starts_with("catalogue: as it was, at position "), "{:?}", again.said());
    stop(again);
}

/// Stops it, and returns its log.
fn stop(served: ServerProcess) -> String {
    served.signal("-TERM");
    let (status, log) = served.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    log
}

#[test]
fn the_log_of_a_first_start_tells_of_nothing_damaged_and_has_no_colours_outside_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let log = stop(ServerProcess::start(folder.path(), &[]));
    assert!(log.contains("the search index is not there yet: it is built now"), "{log}");
    assert!(log.contains("a migration is applied name=\"m000001_catalogue\""), "{log}");
    assert!(!log.contains('\u{1b}'), "{log}");
    let log = stop(ServerProcess::start(folder.path(), &[]));
    assert!(!log.contains("it is built now") && !log.contains("a migration is applied"), "{log}");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_database_and_the_letters() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("elsewhere.sqlite");
    let url = format!("sqlite://{}", file.display());
    let migrated = lectern(folder.path(), &[("DATABASE_URL", &url)]).arg("migrate").output().unwrap();
    assert_eq!(migrated.status.code(), Some(0));
    for path in [file, folder.path().join("data-local")] {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn who_reads_what_it_prints_may_leave_before_the_end() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["schema", "config"] {
        let mut child = lectern(folder.path(), &[]).arg(command).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0), "{command}");
    }
}
