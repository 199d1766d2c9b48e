//! Pages with questions and answers: both are read from the page, so it cannot say anything else than what is served.

use crate::support::App;
use crate::support::page::{blocks, check};

/// Asks the questions of a page, of which there are so many, and holds the answers against it.
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
