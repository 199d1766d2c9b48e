//! The questions of docs/questions.md: queries and answers are read from that page, so it cannot say anything else than
//! what is served.

use serde_json::Value;

use crate::support::App;

const PAGE: &str = include_str!("../../docs/questions.md");

/// The text of every block of a language, in the order of the page.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    PAGE.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

on_both! {
    async fn every_question_is_answered_as_the_page_says(app: App) {
        let (queries, answers) = (blocks("graphql"), blocks("json"));
        assert_eq!((queries.len(), answers.len()), (10, 10), "ten questions, each with its answer");
        for (query, answer) in queries.into_iter().zip(answers) {
            let wanted: Value = serde_json::from_str(answer).unwrap();
            let data = app.data(query).await;
            assert_eq!(data, wanted, "{query}\n{data:#}");
        }
    }
}
