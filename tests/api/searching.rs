//! Runs the examples of docs/searching.md.

use super::questions::ask;
use crate::support::App;

on_both! {
    async fn every_search_is_answered_as_the_page_says(app: App) {
        ask(&app, include_str!("../../docs/searching.md"), 9).await;
    }
}
