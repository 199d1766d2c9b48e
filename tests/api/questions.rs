//! Pages with queries and answers: both are read from the page, so it cannot differ from what is served.

use crate::support::App;
use crate::support::page::{blocks, check};

/// Runs the queries of a page, which must have this many, and compares the answers.
pub async fn ask(app: &App, page: &str, count: usize) {
    let queries = blocks(page, "graphql");
    assert_eq!(queries.len(), count, "as many questions");
    check(app, queries, blocks(page, "json")).await;
}

on_both! {
    async fn every_question_is_answered_as_the_page_says(app: App) {
        ask(&app, include_str!("../../docs/questions.md"), 11).await;
    }
}
