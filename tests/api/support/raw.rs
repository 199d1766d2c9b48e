//! HTTP as bytes on a socket, for requests that no well-behaved client sends.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, with the parts that tests check.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Sends these bytes to `http://ADDRESS` and reads until the server closes, which must happen within 20 seconds.
pub async fn raw(address: &str, bytes: impl AsRef<[u8]>) -> Vec<Answer> {
    let mut socket = TcpStream::connect(address.trim_start_matches("http://")).await.unwrap();
    // The server may refuse and close before it has read everything; that does not fail the test.
    let _ = socket.write_all(bytes.as_ref()).await;
    let mut text = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), socket.read_to_end(&mut text)).await;
    let _ = read.expect("the server closes the connection");
    answers(&String::from_utf8_lossy(&text))
}

/// Parses the answer; every answer here states its length.
fn answers(text: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut rest = text;
    while let Some((head, after)) = rest.split_once("\r\n\r\n") {
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status: u16 = status.unwrap_or_else(|| panic!("no status in {head:?}"));
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let length = if status == 100 { 0 } else { length.unwrap_or(0).min(after.len()) };
        answers.push(Answer { status, head: head.to_owned(), body: after[..length].to_owned() });
        rest = &after[length..];
    }
    answers
}
