//! Pages of docs/ whose examples are run, so that they cannot differ from what happens.

use serde_json::{Value, json};

use super::App;

/// The text of every block of a language, in the order of the page.
pub fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

/// Sends each query and compares its answer.
pub async fn check(app: &App, queries: Vec<&str>, answers: Vec<&str>) {
    check_with(app, queries, answers, json!({})).await;
}

/// The same, with variables for those queries that declare them.
pub async fn check_with(app: &App, queries: Vec<&str>, answers: Vec<&str>, variables: Value) {
    assert_eq!(queries.len(), answers.len(), "each query has its answer");
    for (query, answer) in queries.into_iter().zip(answers) {
        let answered = app.ask(query, variables.clone()).await;
        assert!(answered.get("errors").is_none(), "{query}\n{answered:#}");
        assert_eq!(answered["data"], serde_json::from_str::<Value>(answer).unwrap(), "{query}\n{answered:#}");
    }
}
