//! Runs the commands of a section of docs/import.md one after the other and compares their output with the page.

use crate::export_guide::check;
use crate::support::App;

const GUIDE: &str = include_str!("../../docs/import.md");

on_both! {
    #![empty]

    async fn its_commands_do_what_it_says(app: App) {
        let (_, section) = GUIDE.split_once("\n## Reports\n").unwrap();
        check(&app, section.split("\n## ").next().unwrap(), 4).await;
    }
}
