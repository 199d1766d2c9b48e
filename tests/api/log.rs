//! Log lines about background work.

use std::fs::File;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use serde_json::Value;

use crate::support::people::PASSWORD;
use crate::support::process::{ServerProcess, lectern, rest};

const FEED: &str = "{\"externalKey\": \"1\", \"title\": \"One\", \"kind\": \"COURSE\"}\nno record\n";

/// The access token of a staff member whose account the command created.
fn token(served: &ServerProcess) -> String {
    let query = format!(
        r#"mutation {{ signIn(input: {{email: "ann@example.org", password: "{PASSWORD}"}}) {{ accessToken }} }}"#
    );
    let answer = served.ask(&query);
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    body["data"]["signIn"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[test]
fn an_import_leaves_a_line_with_its_provider_and_the_id_of_its_request() {
    let folder = tempfile::tempdir().unwrap();
    let mut create = lectern(folder.path(), &[]);
    create.args(["account", "create", "--email", "ann@example.org", "--name", "Ann", "--staff"]);
    let mut child = create.stdin(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let served = ServerProcess::start(folder.path(), &[("LECTERN_SEED", "starter"), ("LECTERN_LOG_FORMAT", "json")]);
    let (token, length) = (token(&served), FEED.len());
    let answer = rest(served.send(&format!(
        "POST /import?provider=noble-desktop HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/x-ndjson\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{FEED}"
    )));
    assert!(answer.contains("\"created\":1"), "{answer}");
    served.signal("-TERM");
    let (_, log) = served.ended();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["message"] == "an import is done").unwrap_or_else(|| panic!("{log}"));
    assert_eq!((&line["provider"], &line["span"]["id"]), (&"noble-desktop".into(), &"mine".into()), "{line}");
    assert_eq!((&line["created"], &line["refused"]), (&1.into(), &1.into()), "{line}");
    assert!(!log.contains(&token), "{log}");
}

/// The answer to a GET.
fn get(served: &ServerProcess, path: &str) -> String {
    rest(served.send(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")))
}

fn lost_lines(served: &ServerProcess) -> u64 {
    let metrics = get(served, "/metrics");
    let line = metrics.lines().find_map(|line| line.strip_prefix("lectern_lost_log_lines_total "));
    line.unwrap_or_else(|| panic!("{metrics}")).parse().unwrap()
}

/// Asserts that the process counts the lines that it loses, still answers, and ends normally.
fn assert_goes_on(served: ServerProcess) {
    // Each request logs a line. Lines are written in the background, so the count may come a little later.
    let counted = (0..10_000).any(|_| get(&served, "/nosuch").contains(" 404 ") && lost_lines(&served) > 0);
    assert!(counted, "no line is counted as lost");
    assert!(served.ask("{ __typename }").contains(r#"{"data":{"__typename":"#));
    served.signal("-TERM");
    assert_eq!(served.ended().0.code(), Some(0));
}

#[test]
fn a_log_on_a_full_disk_costs_its_lines_only() {
    for format in ["text", "json"] {
        let folder = tempfile::tempdir().unwrap();
        let full = File::options().write(true).open("/dev/full").unwrap();
        assert_goes_on(ServerProcess::logging_to(folder.path(), &[("LECTERN_LOG_FORMAT", format)], full.into()));
    }
}

#[test]
fn a_log_whose_reader_has_gone_costs_its_lines_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut served = ServerProcess::start(folder.path(), &[]);
    served.close_log();
    assert_goes_on(served);
}

#[test]
fn a_log_that_nobody_reads_holds_up_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let served = ServerProcess::start(folder.path(), &[("LECTERN_LOG", "debug")]);
    // More than a pipe holds.
    let path = format!("/{}", "x".repeat(2_000));
    for _ in 0..100 {
        assert!(get(&served, &path).contains(" 404 "));
    }
    served.signal("-TERM");
    assert_eq!(served.ended().0.code(), Some(0));
}

#[test]
fn a_panic_that_cannot_be_logged_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let made = ServerProcess::start(folder.path(), &[("LECTERN_SEED", "starter")]);
    made.signal("-TERM");
    assert_eq!(made.ended().0.code(), Some(0));
    let index = folder.path().join("data-local/index");
    for entry in std::fs::read_dir(index).unwrap().map(Result::unwrap) {
        if entry.file_name() != "meta.json" {
            std::fs::write(entry.path(), "garbage").unwrap();
        }
    }
    let full = File::options().write(true).open("/dev/full").unwrap();
    assert_goes_on(ServerProcess::logging_to(folder.path(), &[], full.into()));
}

#[test]
fn standard_output_that_cannot_be_written_does_not_keep_it_from_serving() {
    let closed = || std::io::pipe().unwrap().1.into();
    let full = || File::options().write(true).open("/dev/full").unwrap().into();
    for out in [closed(), full()] {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut command = lectern(folder.path(), &[("LECTERN_LISTEN", &address)]);
        let mut child = command.stdout::<Stdio>(out).spawn().unwrap();
        let mut socket = loop {
            assert_eq!(child.try_wait().unwrap(), None, "it has ended");
            if let Ok(socket) = TcpStream::connect(&address) {
                break socket;
            }
        };
        socket.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        assert!(rest(socket).contains(" 200 OK"));
        let status = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(status.success());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn an_error_of_a_command_that_cannot_be_printed_still_shows_in_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [["import", "nosuch.csv", "--taxonomy"].as_slice(), &["seed"], &["--nosuch"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = lectern(folder.path(), &[("LECTERN_WORKERS", "many")]);
        let status = command.args(arguments).stdout(full.try_clone().unwrap()).stderr(full).status().unwrap();
        assert_eq!(status.code(), Some(if arguments == ["--nosuch"] { 2 } else { 1 }), "{arguments:?}");
    }
}
