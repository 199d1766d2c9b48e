//! Runs the commands of sections of docs/import.md one after the other and compares their output with the page.

use catalog::clock::{Clock, SystemClock};

use crate::export_guide::check;
use crate::support::App;

const GUIDE: &str = include_str!("../../docs/import.md");

fn section(heading: &str) -> &'static str {
    let (_, section) = GUIDE.split_once(&format!("\n## {heading}\n")).unwrap();
    section.split("\n## ").next().unwrap()
}

on_both! {
    #![empty]

    async fn its_commands_do_what_it_says(app: App) {
        check(&app, section("Reports"), 4).await;
    }

    async fn the_commands_for_reviews_do_what_it_says(app: App) {
        app.clock.set(&SystemClock.now().to_rfc3339());
        check(&app, section("Reviews and outcome reports"), 2).await;
    }
}
