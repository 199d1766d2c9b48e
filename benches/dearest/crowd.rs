//! Measures how other clients fare while many send the most expensive documents.

use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::client::{Connection, get, post};
use crate::server::Server;

/// Number of clients that send the most expensive documents.
const CLIENTS: usize = 32;
/// Duration of the measurement.
const TIME: Duration = Duration::from_secs(15);
/// Pause between two requests of the observed client.
const PAUSE: Duration = Duration::from_millis(10);
/// Query of the observed client.
const SIMPLE: &str = "{ courses(first: 5) { nodes { title provider { name } } } }";

/// Response times of the observed client, sorted ascending.
pub struct Waited {
    /// Its simple query.
    pub simple: Vec<Duration>,
    /// `/health/live`.
    pub live: Vec<Duration>,
    /// Responses to the other clients: with data, and all others.
    pub crowd: (usize, usize),
}

/// Sends these documents from many clients, with a simple query beside them.
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
