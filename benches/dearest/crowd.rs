//! What another client notices while many send the dearest documents.

use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::client::{Connection, get, post};
use crate::server::Server;

/// How many clients send the dearest documents.
const CLIENTS: usize = 32;
/// How long.
const TIME: Duration = Duration::from_secs(15);
/// The pause between two requests of the client that is watched.
const PAUSE: Duration = Duration::from_millis(10);
/// What the client that is watched asks.
const SIMPLE: &str = "{ courses(first: 5) { nodes { title provider { name } } } }";

/// How long the answers took that the watched client was given, shortest first.
pub struct Waited {
    /// Its simple query.
    pub simple: Vec<Duration>,
    /// `/health/live`.
    pub live: Vec<Duration>,
    /// Answers to the crowd by status: data, and all others.
    pub crowd: (usize, usize),
}

/// Sends these documents with many clients, and a simple query beside them.
pub async fn press(server: &Server, documents: &[String]) -> Waited {
    let requests: Rc<Vec<Vec<u8>>> = Rc::new(documents.iter().map(|text| request(text)).collect());
    let until = Instant::now() + TIME;
    let crowd: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (address, requests) = (server.address.clone(), requests.clone());
            actix_web::rt::spawn(async move { client(&address, &requests, number, until).await })
        })
        .collect();
    let simple = actix_web::rt::spawn(watch(server.address.clone(), request(SIMPLE), until));
    let live = actix_web::rt::spawn(watch(server.address.clone(), get("/health/live"), until));
    let mut answers = (0, 0);
    for client in crowd {
        let (good, other) = client.await.unwrap();
        answers = (answers.0 + good, answers.1 + other);
    }
    Waited { simple: simple.await.unwrap(), live: live.await.unwrap(), crowd: answers }
}

fn request(text: &str) -> Vec<u8> {
    post("/graphql", &serde_json::json!({ "query": text }).to_string())
}

async fn client(address: &str, requests: &[Vec<u8>], first: usize, until: Instant) -> (usize, usize) {
    let mut connection = Connection::open(address).await.unwrap();
    let (mut good, mut other) = (0, 0);
    for request in requests.iter().cycle().skip(first) {
        if Instant::now() >= until {
            break;
        }
        match connection.ask(request).await {
            Ok((200, _)) => good += 1,
            Ok(_) => other += 1,
            Err(_) => {
                other += 1;
                connection = Connection::open(address).await.unwrap();
            }
        }
    }
    (good, other)
}

async fn watch(address: String, request: Vec<u8>, until: Instant) -> Vec<Duration> {
    let mut connection = Connection::open(&address).await.unwrap();
    let mut times = Vec::new();
    while Instant::now() < until {
        let start = Instant::now();
        let (status, body) = connection.ask(&request).await.unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(body));
        times.push(start.elapsed());
        actix_web::rt::time::sleep(PAUSE).await;
    }
    times.sort();
    times
}
