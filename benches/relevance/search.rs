//! Asks the server, as a search page does.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::client::{Connection, post};
use crate::scores::DEPTH;

const SEARCH: &str = "query($text: String!, $first: Int!) { courses(query: $text, first: $first) { nodes { slug } } }";
const LIST: &str = "query($after: String) {
  courses(first: 100, after: $after) { nodes { slug } pageInfo { hasNextPage endCursor } }
}";

/// Connection to the server.
pub struct Search {
    connection: Connection,
}

impl Search {
    pub async fn open(address: &str) -> Self {
        Self { connection: Connection::open(address).await.unwrap() }
    }

    /// Slugs of the first courses that a text finds, the best first.
    pub async fn first_slugs(&mut self, text: &str) -> Vec<String> {
        let courses = self.courses(SEARCH, &json!({ "text": text, "first": DEPTH })).await;
        slugs(&courses).collect()
    }

    /// Slugs of all courses.
    pub async fn all_slugs(&mut self) -> HashSet<String> {
        let (mut all, mut after) = (HashSet::new(), Value::Null);
        loop {
            let courses = self.courses(LIST, &json!({ "after": after })).await;
            all.extend(slugs(&courses));
            if courses["pageInfo"]["hasNextPage"] != true {
                return all;
            }
            after = courses["pageInfo"]["endCursor"].clone();
        }
    }

    async fn courses(&mut self, query: &str, variables: &Value) -> Value {
        let request = post("/graphql", &json!({ "query": query, "variables": variables }).to_string());
        let (status, body) = self.connection.ask(&request).await.unwrap();
        let mut answer: Value = serde_json::from_slice(body).unwrap();
        assert!(status == 200 && answer.get("errors").is_none(), "{variables}: {status} {answer}");
        answer["data"]["courses"].take()
    }
}

fn slugs(courses: &Value) -> impl Iterator<Item = String> {
    courses["nodes"].as_array().unwrap().iter().map(|course| course["slug"].as_str().unwrap().to_owned())
}
