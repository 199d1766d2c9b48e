//! Pages of docs/ whose examples are run, so that they cannot say anything else than what happens.

use serde_json::Value;

use super::App;

/// The text of every block of a language, in the order of the page.
pub fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

/// Asks each query, which must be answered as it is written.
pub async fn check(app: &App, queries: Vec<&str>, answers: Vec<&str>) {
    assert_eq!(queries.len(), answers.len(), "each query has its answer");
    for (query, answer) in queries.into_iter().zip(answers) {
        let data = app.data(query).await;
        assert_eq!(data, serde_json::from_str::<Value>(answer).unwrap(), "{query}\n{data:#}");
    }
}
