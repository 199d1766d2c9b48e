//! A process that is killed in the middle of its work, or whose disk is full: what it has acknowledged is there, and
//! nothing is there by half.

use std::cell::Cell;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};

use crate::support::people::PASSWORD;
use crate::support::process::Served;
use crate::support::{Backend, Stage};

const SIGN_UP: &str = "mutation($input: SignUpInput!) { signUp(input: $input) { accessToken } }";
const REGISTER: &str = "mutation { registerProvider(input: {name: \"School\", kind: BOOTCAMP}) { provider { id } } }";
const CREATE: &str = "mutation($provider: ID!, $title: String!) { createCourse(provider: $provider, input: { \
    title: $title, kind: COURSE, awards: [{title: \"Best\", awardedBy: \"Us\"}], \
    offerings: [{format: SELF_PACED}, {format: IN_PERSON, location: {city: \"Rome\"}}] }) \
    { course { id } userErrors { message } } }";
const LISTINGS: &str = "query($id: ID!, $after: String) { provider(by: {id: $id}) { listings(first: 100, after: $after) { \
    pageInfo { hasNextPage endCursor } nodes { id awards { title } offerings(upcoming: false) { totalCount } history { totalCount } } } } }";

/// How many courses are being made at the same time, and after how many answers the process is killed.
const WRITES: usize = 200;
const ANSWERS: usize = 60;

async fn ask(address: &str, token: &str, query: &str, variables: Value) -> Option<Value> {
    let request = reqwest::Client::new().post(format!("http://{address}/graphql"));
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.json(&json!({ "query": query, "variables": variables })).send().await.ok()?;
    answer.json().await.ok()
}

/// Makes a course, and gives its id; `None` where the process was killed before it answered. One that has its hands full
/// is asked again.
async fn made(address: &str, token: &str, provider: &Value, number: usize, killed: &Cell<bool>) -> Option<Value> {
    while !killed.get() {
        let variables = json!({ "provider": provider, "title": format!("Course {number}") });
        let Some(mut answer) = ask(address, token, CREATE, variables).await else { continue };
        let id = answer["data"]["createCourse"]["course"]["id"].take();
        if id.is_string() {
            return Some(id);
        }
        assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{answer}");
    }
    None
}

/// Kills the process while it makes courses, and gives the ids of those that it has acknowledged.
async fn killed(served: Served, token: &str, provider: &Value) -> Vec<Value> {
    let address = served.address().to_owned();
    let gone = Cell::new(false);
    let mut answers: FuturesUnordered<_> =
        (0..WRITES).map(|number| made(&address, token, provider, number, &gone)).collect();
    let mut acknowledged = Vec::new();
    while let Some(id) = answers.next().await {
        acknowledged.extend(id);
        if acknowledged.len() == ANSWERS {
            served.signal("-KILL");
            gone.set(true);
        }
    }
    assert!(acknowledged.len() >= ANSWERS, "{}", acknowledged.len());
    assert!(acknowledged.len() < WRITES, "it was killed too late to tell anything");
    acknowledged
}

/// Every listing of the provider.
async fn listings(address: &str, token: &str, provider: &Value) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut answer = ask(address, token, LISTINGS, json!({ "id": provider, "after": after })).await.unwrap();
        let page = answer["data"]["provider"]["listings"].take();
        found.extend(page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            return found;
        }
    }
}

/// The access token of somebody who signs up, and the id of a provider of theirs.
async fn registered(address: &str) -> (String, Value) {
    let input = json!({ "email": "ann@example.org", "password": PASSWORD, "displayName": "Ann" });
    let session = ask(address, "", SIGN_UP, json!({ "input": input })).await.unwrap();
    let token = session["data"]["signUp"]["accessToken"].as_str().unwrap_or_else(|| panic!("{session}"));
    let mut registered = ask(address, token, REGISTER, json!({})).await.unwrap();
    (token.to_owned(), registered["data"]["registerProvider"]["provider"]["id"].take())
}

#[test]
fn a_full_disk_takes_no_write_and_loses_none_that_was_acknowledged() {
    Stage::run(Backend::Sqlite, "", |stage| async move {
        let folder = stage.folder.path();
        let settings = [("DATABASE_URL", &*stage.database.url)];
        let served = Served::limitable(folder, &settings);
        let address = served.address().to_owned();
        let (token, provider) = registered(&address).await;
        let log = std::fs::metadata(folder.join("test.sqlite-wal")).unwrap().len();
        served.limit_files(&(log + 100_000).to_string());
        let mut acknowledged = Vec::new();
        let refused = loop {
            let variables = json!({ "provider": provider, "title": format!("Course {}", acknowledged.len()) });
            let mut answer = ask(&address, &token, CREATE, variables).await.unwrap();
            let id = answer["data"]["createCourse"]["course"]["id"].take();
            if id.is_null() {
                break answer;
            }
            acknowledged.push(id);
            assert!(acknowledged.len() < 100, "the disk is never full");
        };
        assert_eq!(refused["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{refused}");
        assert_eq!(listings(&address, &token, &provider).await.len(), acknowledged.len());
        served.limit_files("unlimited");
        for number in 100..103 {
            acknowledged.extend(made(&address, &token, &provider, number, &Cell::new(false)).await);
        }
        served.signal("-KILL");
        served.ended();
        let again = Served::start(folder, &settings);
        let found = listings(again.address(), &token, &provider).await;
        assert_eq!(found.len(), acknowledged.len());
        assert!(acknowledged.iter().all(|id| found.iter().any(|course| course["id"] == *id)));
    });
}

on_both! {
    #![empty]

    async fn what_was_acknowledged_is_there_and_nothing_is_there_by_half(stage: Stage) {
        let start = || Served::start(stage.folder.path(), &[("DATABASE_URL", &*stage.database.url)]);
        let served = start();
        let address = served.address().to_owned();
        let (token, provider) = registered(&address).await;
        let acknowledged = killed(served, &token, &provider).await;
        let again = start();
        let found = listings(again.address(), &token, &provider).await;
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
