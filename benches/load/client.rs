//! A minimal HTTP/1.1 client: keep-alive and complete responses, nothing else. It shares the machine with what it
//! measures, so it must be cheap; a full client would cost more than some of the handlers.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to an address such as `127.0.0.1:8080`.
    pub async fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and returns the status and the body of the response.
    pub async fn ask(&mut self, request: &[u8]) -> std::io::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (status, body, end) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(head) = head(&self.buffer) {
                break head;
            }
        };
        while self.buffer.len() < end {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok((status, &self.buffer[body..end]))
    }
}

/// Status, start and end of the body, once the head has arrived.
fn head(answer: &[u8]) -> Option<(u16, usize, usize)> {
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..body]).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    Some((status, body, body + length.unwrap_or(0)))
}

/// Bytes of a GET request.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// Bytes of a POST request with JSON.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = "Host: localhost\r\nAccept: application/json\r\nContent-Type: application/json";
    format!("POST {path} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// Sends requests over several connections for a given time, each starting elsewhere in the list, and returns the
/// response times.
pub async fn load(address: &str, requests: &Rc<Vec<Vec<u8>>>, connections: usize, time: Duration) -> Vec<Duration> {
    let until = Instant::now() + time;
    let clients = (0..connections).map(|number| {
        let (address, requests) = (address.to_owned(), requests.clone());
        let first = number * requests.len() / connections;
        actix_web::rt::spawn(async move { client(&address, &requests, first, until).await.unwrap() })
    });
    let clients: Vec<_> = clients.collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await.unwrap());
    }
    times
}

async fn client(address: &str, requests: &[Vec<u8>], first: usize, until: Instant) -> std::io::Result<Vec<Duration>> {
    let mut connection = Connection::open(address).await?;
    let mut times = Vec::new();
    for request in requests.iter().cycle().skip(first) {
        let start = Instant::now();
        if start >= until {
            break;
        }
        let (status, body) = connection.ask(request).await?;
        assert_eq!(status, 200, "{}\n{}", String::from_utf8_lossy(request), String::from_utf8_lossy(body));
        times.push(start.elapsed());
    }
    Ok(times)
}
