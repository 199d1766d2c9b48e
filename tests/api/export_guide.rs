//! Runs the commands of docs/exporting.md one after the other and compares their output with the page.

use crate::providers_guide::run;
use crate::support::{App, People};

const GUIDE: &str = include_str!("../../docs/exporting.md");
/// The separator that the script prints after the output of each block.
const END: char = '\u{1e}';

/// The blocks of commands of a page, each with the output that follows it.
fn blocks(guide: &str) -> Vec<(&str, &str)> {
    let mut blocks: Vec<(&str, &str)> = Vec::new();
    for block in guide.split("\n```").skip(1).step_by(2) {
        match block.split_once('\n').unwrap() {
            ("sh", commands) => blocks.push((commands, "")),
            ("text", output) => blocks.last_mut().unwrap().1 = output,
            (other, _) => panic!("a block of {other}"),
        }
    }
    blocks
}

/// Whether an output is what is written, where "…" stands for any text.
fn fits(output: &str, written: &str) -> bool {
    let mut parts = written.split('…');
    let Some(mut rest) = output.strip_prefix(parts.next().unwrap()) else { return false };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.is_empty() || written.ends_with('…')
}

/// Runs the commands of a page, of which there are at least `least`, and compares their output with it.
pub async fn check(app: &App, guide: &str, least: usize) {
    let token = People::of(app).await.staff().await.token;
    let blocks = blocks(guide);
    assert!(blocks.len() >= least, "{}", blocks.len());
    let script: String = blocks.iter().map(|(commands, _)| format!("{commands}\nprintf '{END}'\n")).collect();
    let output = run(app, format!("set -euo pipefail\nTOKEN={token}\n{script}")).await;
    let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let printed: Vec<&str> = out.split_terminator(END).collect();
    assert!(output.status.success(), "after {} blocks: {error}\n{:?}", printed.len(), printed.last());
    for ((commands, written), printed) in blocks.iter().zip(printed) {
        assert!(fits(printed.trim_end(), written), "{commands}\nprints\n{printed}\ninstead of\n{written}");
    }
}

on_both! {
    #![empty]

    async fn its_commands_do_what_it_says(app: App) {
        check(&app, GUIDE, 7).await;
    }
}
