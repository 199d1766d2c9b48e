//! How the program ends, and what it logs until then.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use sea_orm::ConnectionTrait;
use serde_json::Value;

use crate::support::process::{ServerProcess, lectern, rest};
use crate::support::{Backend, TestDatabase};

/// The exit code if something was cut off.
const CUT_OFF: i32 = 124;

const BODY: &str = r#"{"query":"{ __typename }"}"#;

/// A request whose body is still to come, so that it is running.
fn head() -> String {
    let length = BODY.len();
    format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    )
}

/// Starts a request, and returns when the server has accepted it.
fn begun(served: &ServerProcess) -> TcpStream {
    let socket = served.send(&head());
    let mut lines = BufReader::new(socket.try_clone().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    lines.read_line(&mut line).unwrap();
    // The server sends that line before it begins to answer the request.
    while in_flight(served) < 2 {}
    socket
}

/// How many requests the server is answering, this one included.
fn in_flight(served: &ServerProcess) -> u64 {
    let text = heard(served.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    let line = text.lines().find_map(|line| line.strip_prefix("lectern_requests_in_flight ")).expect("the metric");
    line.trim().parse().unwrap()
}

/// A connection that has received its answer and is kept alive.
fn idle(served: &ServerProcess) -> TcpStream {
    let socket = served.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    let mut line = String::new();
    BufReader::new(socket.try_clone().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 200 OK\r\n");
    socket
}

/// Tries a request on a new connection. The system may still accept it for a program that no longer looks.
fn knock(served: &ServerProcess) -> Option<TcpStream> {
    let mut socket = TcpStream::connect(served.address()).ok()?;
    let sent = socket.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    sent.is_ok().then_some(socket)
}

/// What arrived before the connection ended, in whatever way.
fn heard(mut socket: TcpStream) -> String {
    let mut text = Vec::new();
    let _ = socket.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn a_request_that_runs_is_finished_and_then_the_program_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let served = ServerProcess::start(folder.path(), &[("LECTERN_SHUTDOWN_SECONDS", "600")]);
    let mut running = begun(&served);
    // If the read ends, idle connections are closed.
    let idle = idle(&served);
    served.signal("-TERM");
    rest(idle);
    let late = knock(&served);
    running.write_all(BODY.as_bytes()).unwrap();
    let answer = rest(running).to_lowercase();
    assert!(answer.starts_with("http/1.1 200 ok\r\n") && answer.contains("connection: close\r\n"), "{answer}");
    let (status, log) = served.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("stopping"), "{log}");
    assert_eq!(late.map(heard).unwrap_or_default(), "", "no other connection is served");
}

/// Asserts that the one database file is complete: copied alone to another folder, it serves the starter catalogue.
fn assert_whole(folder: &Path) {
    let data = folder.join("data-local");
    let beside = ["lectern.sqlite-wal", "lectern.sqlite-shm"].map(|name| data.join(name).exists());
    assert_eq!(beside, [false, false], "nothing is left beside the file");
    let copy = tempfile::tempdir().unwrap();
    std::fs::create_dir(copy.path().join("data-local")).unwrap();
    std::fs::copy(data.join("lectern.sqlite"), copy.path().join("data-local/lectern.sqlite")).unwrap();
    let served = ServerProcess::start(copy.path(), &[]);
    let answer = served.ask("{ courses { totalCount } }");
    assert!(answer.contains(r#"{"data":{"courses":{"totalCount":16}}"#), "{answer}");
    served.signal("-TERM");
    assert_eq!(served.ended().0.code(), Some(0));
}

#[test]
fn one_file_is_the_whole_database_when_the_program_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let served = ServerProcess::start(folder.path(), &[("LECTERN_SEED", "starter")]);
    assert!(served.ask("{ courses(query: \"python\") { totalCount } }").contains("totalCount"));
    served.signal("-TERM");
    assert_eq!(served.ended().0.code(), Some(0));
    assert_whole(folder.path());
}

#[test]
fn one_file_is_the_whole_database_when_a_command_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["migrate", "seed", "keys rotate", "ratings", "reindex"] {
        let output = lectern(folder.path(), &[]).args(command.split(' ')).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!folder.path().join("data-local/lectern.sqlite-wal").exists(), "{command}");
    }
    assert_whole(folder.path());
    // A command that refuses, and a start that fails after the database was filled.
    assert_eq!(lectern(folder.path(), &[]).arg("seed").output().unwrap().status.code(), Some(1));
    assert_whole(folder.path());
    let other = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let settings = [("LECTERN_LISTEN", listen.as_str()), ("LECTERN_SEED", "starter")];
    assert_eq!(lectern(other.path(), &settings).output().unwrap().status.code(), Some(1));
    assert_whole(other.path());
}

#[test]
fn a_request_that_does_not_end_is_given_up_after_the_time_that_is_set() {
    let folder = tempfile::tempdir().unwrap();
    let served = ServerProcess::start(folder.path(), &[("LECTERN_SHUTDOWN_SECONDS", "1")]);
    let running = begun(&served);
    served.signal("-TERM");
    let (status, log) = served.ended();
    assert_eq!(status.code(), Some(CUT_OFF), "{log}");
    drop(running);
}

/// Asserts that a connection that is open when the program stops does not count as cut off.
fn ends_well(begin: impl FnOnce(&ServerProcess) -> TcpStream) {
    let folder = tempfile::tempdir().unwrap();
    let served = ServerProcess::start(folder.path(), &[("LECTERN_SHUTDOWN_SECONDS", "5")]);
    let open = begin(&served);
    served.signal("-TERM");
    let (status, log) = served.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    drop(open);
}

#[test]
fn a_connection_that_is_only_kept_does_not_count_as_cut_off() {
    ends_well(idle);
}

#[test]
fn a_websocket_is_told_to_come_again_and_does_not_count_as_cut_off() {
    ends_well(|served| {
        let socket = served.send(
            "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n",
        );
        let mut line = String::new();
        BufReader::new(socket.try_clone().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "HTTP/1.1 101 Switching Protocols\r\n");
        socket
    });
}

/// Starts a mutation, and returns when the server has its first bytes.
fn signing_up(served: &ServerProcess) -> TcpStream {
    let query = r#"mutation { signUp(input: {email: \"ann@example.org\", password: \"correct horse battery\", displayName: \"Ann\"}) { account { id } } }"#;
    let body = format!(r#"{{"query":"{query}"}}"#);
    let length = body.len();
    let mut socket = served.send(&format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    ));
    let mut lines = BufReader::new(socket.try_clone().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    socket.write_all(body.as_bytes()).unwrap();
    socket
}

/// Asserts that a write that waits for a stalled database is cut off, and that a second signal ends it at once.
async fn is_cut_off(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::create(backend, folder.path()).await;
    for (second, code) in [(false, CUT_OFF), (true, 130)] {
        let seconds = if second { "600" } else { "1" };
        let settings = [("DATABASE_URL", database.url.as_str()), ("LECTERN_SHUTDOWN_SECONDS", seconds)];
        let mut served = ServerProcess::start(folder.path(), &settings);
        let db = sea_orm::Database::connect(&database.url).await.unwrap();
        let lock = catalog::write::begin(&db).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        if database.is_postgres() {
            lock.execute_unprepared("lock table account").await.unwrap();
        }
        let running = signing_up(&served);
        served.signal("-TERM");
        if second {
            served.wait_for("stopping");
            served.signal("-TERM");
        }
        let (status, log) = served.ended();
        assert_eq!(status.code(), Some(code), "{log}");
        drop(running);
        lock.rollback().await.unwrap();
        db.close().await.unwrap();
    }
    database.drop_now().await;
}

#[actix_web::test]
async fn a_write_that_waits_for_a_locked_file_is_cut_off() {
    is_cut_off(Backend::Sqlite).await;
}

#[actix_web::test]
async fn a_write_that_waits_for_a_locked_table_is_cut_off() {
    is_cut_off(Backend::Postgres).await;
}

#[test]
fn letters_that_the_mail_server_does_not_take_are_cut_off() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let settings = [("LECTERN_SMTP_URL", url.as_str()), ("LECTERN_SHUTDOWN_SECONDS", "1")];
    let served = ServerProcess::start(folder.path(), &settings);
    rest(signing_up(&served));
    served.signal("-TERM");
    let (status, log) = served.ended();
    assert_eq!(status.code(), Some(CUT_OFF), "{log}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for second in ["-TERM", "-INT"] {
        let mut served = ServerProcess::start(folder.path(), &[("LECTERN_SHUTDOWN_SECONDS", "600")]);
        let running = begun(&served);
        served.signal("-TERM");
        served.wait_for("stopping");
        served.signal(second);
        assert_eq!(served.ended().0.code(), Some(130), "{second}");
        drop(running);
    }
}

#[test]
fn an_interrupt_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let served = ServerProcess::start(folder.path(), &[("LECTERN_SHUTDOWN_SECONDS", "600")]);
    let running = begun(&served);
    served.signal("-INT");
    assert_eq!(served.ended().0.code(), Some(130));
    drop(running);
}

#[test]
fn the_log_names_requests_by_the_id_of_their_answers_and_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let served = ServerProcess::start(folder.path(), &[("LECTERN_LOG", "debug"), ("LECTERN_LOG_FORMAT", "json")]);
    let request = "GET /graphql?query={secret1} HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nAuthorization: Bearer secret2\r\nConnection: close\r\n\r\n";
    let answer = rest(served.send(request)).to_lowercase();
    assert!(answer.contains("x-request-id: mine\r\n"), "{answer}");
    served.signal("-TERM");
    let (_, log) = served.ended();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["message"] == "answered").unwrap_or_else(|| panic!("{log}"));
    assert_eq!(
        (&line["span"]["id"], &line["path"], &line["status"]),
        (&"mine".into(), &"/graphql".into(), &401.into()),
        "{line}"
    );
    assert!(!log.contains("secret"), "{log}");
}
