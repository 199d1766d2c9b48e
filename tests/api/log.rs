//! What the log says of work that nobody waits for.

use std::io::Write;

use serde_json::Value;

use crate::support::people::PASSWORD;
use crate::support::process::{Served, lectern, rest};

const FEED: &str = "{\"externalKey\": \"1\", \"title\": \"One\", \"kind\": \"COURSE\"}\nno record\n";

/// The access token of somebody of the staff, whose account was made by the command.
fn token(served: &Served) -> String {
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
    let served = Served::start(folder.path(), &[("LECTERN_SEED", "starter"), ("LECTERN_LOG_FORMAT", "json")]);
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
