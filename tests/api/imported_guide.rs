//! Runs the commands of docs/reviews.md and docs/outcomes.md one after the other and compares their output with the page.

use catalog::clock::{Clock, SystemClock};

use crate::providers_guide::run;
use crate::support::{App, People};

const PAGES: [&str; 2] = [include_str!("../../docs/reviews.md"), include_str!("../../docs/outcomes.md")];
/// The separator that the script prints after the output of each block.
const END: char = '\u{1e}';

/// The blocks of commands, each with the output that follows it, if the page says what it is.
fn blocks() -> Vec<(&'static str, Option<&'static str>)> {
    let mut blocks: Vec<(&str, Option<&str>)> = Vec::new();
    for block in PAGES.iter().flat_map(|page| page.split("\n```").skip(1).step_by(2)) {
        match block.split_once('\n').unwrap() {
            ("sh", commands) => blocks.push((commands, None)),
            ("text", output) => blocks.last_mut().unwrap().1 = Some(output),
            _ => {}
        }
    }
    blocks
}

on_both! {
    #![empty]

    async fn its_commands_do_what_it_says(app: App) {
        app.clock.set(&SystemClock.now().to_rfc3339());
        let token = People::of(&app).await.staff().await.token;
        let blocks = blocks();
        let script: String = blocks.iter().map(|(commands, _)| format!("{commands}\nprintf '{END}'\n")).collect();
        let output = run(&app, format!("set -euo pipefail\nTOKEN={token}\n{script}")).await;
        let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        let printed: Vec<&str> = out.split_terminator(END).collect();
        assert!(output.status.success(), "after {} blocks: {error}\n{:?}", printed.len(), printed.last());
        let mut compared = 0;
        for ((commands, written), printed) in blocks.iter().zip(printed) {
            if let Some(written) = written {
                assert_eq!(printed.trim_end(), *written, "{commands}");
                compared += 1;
            }
        }
        assert!(compared > 3, "{compared}");
    }
}
