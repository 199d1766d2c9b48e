//! A process that is killed in the middle of its work, or whose disk is full: what it has acknowledged is stored, and
//! nothing is half-written.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};

use crate::support::people::PASSWORD;
use crate::support::process::ServerProcess;
use crate::support::{Backend, Stage, client};

const SIGN_UP: &str = "mutation($input: SignUpInput!) { signUp(input: $input) { accessToken } }";
const REGISTER: &str = "mutation { registerProvider(input: {name: \"School\", kind: BOOTCAMP}) { provider { id } } }";
const CREATE: &str = "mutation($provider: ID!, $title: String!) { createCourse(provider: $provider, input: { \
    title: $title, kind: COURSE, awards: [{title: \"Best\", awardedBy: \"Us\"}], \
    offerings: [{format: SELF_PACED}, {format: IN_PERSON, location: {city: \"Rome\"}}] }) \
    { course { id } userErrors { message } } }";
const LISTINGS: &str = "query($id: ID!, $after: String) { provider(by: {id: $id}) { listings(first: 100, after: $after) { \
    pageInfo { hasNextPage endCursor } nodes { id awards { title } offerings(upcoming: false) { totalCount } history { totalCount } } } } }";

/// The number of concurrent writes, and the number of answers after which the process is killed.
const WRITES: usize = 200;
const ANSWERS: usize = 60;

/// A client of a process with its own connections.
struct Peer {
    client: reqwest::Client,
    address: String,
    token: String,
}

impl Peer {
    fn of(served: &ServerProcess, token: &str) -> Self {
        Self { client: client(), address: served.address().to_owned(), token: token.to_owned() }
    }

    async fn ask(&self, query: &str, variables: Value) -> Option<Value> {
        let request = self.client.post(format!("http://{}/graphql", self.address));
        let request = if self.token.is_empty() { request } else { request.bearer_auth(&self.token) };
        let answer = request.json(&json!({ "query": query, "variables": variables })).send().await.ok()?;
        answer.json().await.ok()
    }

    /// Creates a course and returns its id; `None` if the process was gone before it answered. Repeats the request if
    /// the process is busy.
    async fn made(&self, provider: &Value, number: usize) -> Option<Value> {
        loop {
            let variables = json!({ "provider": provider, "title": format!("Course {number}") });
            let mut answer = self.ask(CREATE, variables).await?;
            let id = answer["data"]["createCourse"]["course"]["id"].take();
            if id.is_string() {
                return Some(id);
            }
            assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{answer}");
        }
    }

    /// All listings of the provider.
    async fn listings(&self, provider: &Value) -> Vec<Value> {
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let mut answer = self.ask(LISTINGS, json!({ "id": provider, "after": after })).await.unwrap();
            let page = answer["data"]["provider"]["listings"].take();
            found.extend(page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] != true {
                return found;
            }
        }
    }
}

/// A signed-up user, and the id of a provider that they own.
async fn registered(served: &ServerProcess) -> (Peer, Value) {
    let mut peer = Peer::of(served, "");
    let input = json!({ "email": "ann@example.org", "password": PASSWORD, "displayName": "Ann" });
    let session = peer.ask(SIGN_UP, json!({ "input": input })).await.unwrap();
    peer.token = session["data"]["signUp"]["accessToken"].as_str().unwrap_or_else(|| panic!("{session}")).to_owned();
    let mut registered = peer.ask(REGISTER, json!({})).await.unwrap();
    (peer, registered["data"]["registerProvider"]["provider"]["id"].take())
}

/// Kills the process while it creates courses, and returns the ids of those that it has acknowledged.
async fn killed(served: ServerProcess, peer: &Peer, provider: &Value) -> Vec<Value> {
    let mut answers: FuturesUnordered<_> = (0..WRITES).map(|number| peer.made(provider, number)).collect();
    let mut acknowledged = Vec::new();
    while let Some(id) = answers.next().await {
        acknowledged.extend(id);
        if acknowledged.len() == ANSWERS {
            served.signal("-KILL");
        }
    }
    assert!(acknowledged.len() >= ANSWERS, "{}", acknowledged.len());
    assert!(acknowledged.len() < WRITES, "it was killed too late to tell anything");
    acknowledged
}

#[test]
fn a_full_disk_takes_no_write_and_loses_none_that_was_acknowledged() {
    Stage::run(Backend::Sqlite, "", |stage| async move {
        let folder = stage.folder.path();
        let settings = [("DATABASE_URL", &*stage.database.url)];
        let served = ServerProcess::limitable(folder, &settings);
        let (peer, provider) = registered(&served).await;
        let log = std::fs::metadata(folder.join("test.sqlite-wal")).unwrap().len();
        served.limit_files(&(log + 100_000).to_string());
        let mut acknowledged = Vec::new();
        let refused = loop {
            let variables = json!({ "provider": provider, "title": format!("Course {}", acknowledged.len()) });
            let mut answer = peer.ask(CREATE, variables).await.unwrap();
            let id = answer["data"]["createCourse"]["course"]["id"].take();
            if id.is_null() {
                break answer;
            }
            acknowledged.push(id);
            assert!(acknowledged.len() < 100, "the disk is never full");
        };
        assert_eq!(refused["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{refused}");
        let again = peer.ask(CREATE, json!({ "provider": provider, "title": "Once more" })).await.unwrap();
        assert_eq!(again["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{again}");
        assert_eq!(peer.listings(&provider).await.len(), acknowledged.len());
        served.limit_files("unlimited");
        for number in 100..103 {
            acknowledged.extend(peer.made(&provider, number).await);
        }
        served.signal("-KILL");
        served.ended();
        let again = ServerProcess::start(folder, &settings);
        let found = Peer::of(&again, &peer.token).listings(&provider).await;
        again.signal("-KILL");
        assert_eq!(found.len(), acknowledged.len());
        assert!(acknowledged.iter().all(|id| found.iter().any(|course| course["id"] == *id)));
    });
}

on_both! {
    #![empty]

    async fn what_was_acknowledged_is_there_and_nothing_is_there_by_half(stage: Stage) {
        let start = || ServerProcess::start(stage.folder.path(), &[("DATABASE_URL", &*stage.database.url)]);
        let served = start();
        let (peer, provider) = registered(&served).await;
        let acknowledged = killed(served, &peer, &provider).await;
        let again = start();
        let found = Peer::of(&again, &peer.token).listings(&provider).await;
        for id in &acknowledged {
            assert!(found.iter().any(|course| course["id"] == *id), "{id} was acknowledged and is lost");
        }
        for course in &found {
            let whole = json!({ "id": course["id"], "awards": [{ "title": "Best" }], "offerings": { "totalCount": 2 }, "history": { "totalCount": 1 } });
            assert_eq!(*course, whole);
        }
        again.signal("-TERM");
        assert_eq!(again.ended().0.code(), Some(0));
    }
}
