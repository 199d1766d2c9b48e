//! Pages with questions and answers: both are read from the page, so it cannot say anything else than what is served.

use serde_json::Value;

use crate::support::App;

/// Asks the questions of a page, of which there are so many, and holds the answers against it.
pub async fn ask(app: &App, page: &str, count: usize) {
    let (queries, answers) = (blocks(page, "graphql"), blocks(page, "json"));
    assert_eq!((queries.len(), answers.len()), (count, count), "each question with its answer");
    for (query, answer) in queries.into_iter().zip(answers) {
        let wanted: Value = serde_json::from_str(answer).unwrap();
        let data = app.data(query).await;
        assert_eq!(data, wanted, "{query}\n{data:#}");
    }
}

/// The text of every block of a language, in the order of the page.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

on_both! {
    async fn every_question_is_answered_as_the_page_says(app: App) {
        ask(&app, include_str!("../../docs/questions.md"), 10).await;
    }
}
