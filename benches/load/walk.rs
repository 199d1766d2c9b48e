//! Cursors of the widest list: from its beginning, and from 500 pages deep.

use crate::client::{Connection, post};
use crate::scenario;

/// Cursors with their order.
#[derive(Default)]
pub struct Walked {
    pub first: Vec<(usize, String)>,
    pub deep: Vec<(usize, String)>,
}

/// Courses per page of the walk, and the number of them that begin a compared page.
const PAGE: usize = 100;
/// This many of the last positions begin a whole page of 20 and end before the list does.
const DEEP: usize = 80;

/// Walks through the widest list in every order, once.
pub async fn cursors(address: &str) -> Walked {
    let mut connection = Connection::open(address).await.unwrap();
    let mut walked = Walked::default();
    for order in 0..3 {
        let mut all: Vec<String> = Vec::new();
        loop {
            let request = post("/graphql", &scenario::walk(order, all.last().map(String::as_str)));
            let (_, answer) = connection.ask(&request).await.unwrap();
            let answer: serde_json::Value = serde_json::from_slice(answer).unwrap();
            let edges = answer["data"]["courses"]["edges"].as_array().unwrap_or_else(|| panic!("{answer}"));
            all.extend(edges.iter().filter_map(|edge| Some(edge["cursor"].as_str()?.to_owned())));
            if edges.len() < PAGE {
                break;
            }
        }
        let deep = all.len() - PAGE;
        walked.first.extend(all.iter().take(DEEP).map(|cursor| (order, cursor.clone())));
        walked.deep.extend(all.iter().skip(deep).take(DEEP).map(|cursor| (order, cursor.clone())));
    }
    walked
}
