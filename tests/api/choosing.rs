//! The examples of docs/choosing.md.

use serde_json::json;

use crate::support::App;
use crate::support::page::{blocks, check_with};

/// The courses that the page compares.
const COMPARED: [&str; 3] =
    ["python-developer-certificate", "javascript-development-certificate", "full-stack-web-development-certificate"];

on_both! {
    async fn every_question_of_choosing_is_answered_as_the_page_says(app: App) {
        let mut ids = Vec::new();
        for slug in COMPARED {
            ids.push(app.data(&format!("{{ course(by: {{slug: \"{slug}\"}}) {{ id }} }}")).await["course"]["id"].take());
        }
        let page = include_str!("../../docs/choosing.md");
        let (queries, answers) = (blocks(page, "graphql"), blocks(page, "json"));
        assert_eq!(queries.len(), 5, "as many questions");
        check_with(&app, queries, answers, json!({ "ids": ids })).await;
    }
}
