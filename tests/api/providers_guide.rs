//! Runs the commands of docs/providers.md one after the other and compares their output with the page.

use std::process::{Command, Output};

use catalog::clock::{Clock, SystemClock};
use serde_json::{Deserializer, Value};

use crate::support::App;

const GUIDE: &str = include_str!("../../docs/providers.md");
/// The separator that the script prints after the output of each block.
const END: char = '\u{1e}';

/// The blocks of commands, each with the answer that follows it.
fn blocks() -> Vec<(&'static str, Option<&'static str>)> {
    let mut blocks: Vec<(&str, Option<&str>)> = Vec::new();
    for block in GUIDE.split("\n```").skip(1).step_by(2) {
        match block.split_once('\n').unwrap() {
            ("sh", commands) => blocks.push((commands, None)),
            ("json", answer) => blocks.last_mut().unwrap().1 = Some(answer),
            (other, _) => panic!("a block of {other}"),
        }
    }
    blocks
}

pub fn values(text: &str) -> Vec<Value> {
    Deserializer::from_str(text)
        .into_iter()
        .map(|value| value.unwrap_or_else(|error| panic!("{error}\n{text}")))
        .collect()
}

/// Whether a value matches what is written: "…" stands for any value, and as a name for any other fields.
pub fn fits(value: &Value, written: &Value) -> bool {
    match (value, written) {
        (_, Value::String(any)) if any == "…" => true,
        (Value::Array(items), Value::Array(written)) => {
            items.len() == written.len() && items.iter().zip(written).all(|(item, written)| fits(item, written))
        }
        (Value::Object(fields), Value::Object(written)) => {
            let named = written.iter().filter(|(name, _)| *name != "…");
            let known = |name: &String| written.contains_key(name) || written.contains_key("…");
            fields.keys().all(known)
                && named.into_iter().all(|(name, value)| fields.get(name).is_some_and(|field| fits(field, value)))
        }
        (value, written) => value == written,
    }
}

pub async fn run(app: &App, script: String) -> Output {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_lectern")).parent().unwrap().to_owned();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(&app.folder).env("PATH", path).env("API", &app.address);
    command.env("DATABASE_URL", &app.database_url).env("LECTERN_DATA_DIR", &app.folder);
    actix_web::rt::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

on_both! {
    #![empty]

    async fn its_commands_do_what_it_says(app: App) {
        app.clock.set(&SystemClock.now().to_rfc3339());
        let blocks = blocks();
        assert!(blocks.len() > 8, "{}", blocks.len());
        let script: String = blocks.iter().map(|(commands, _)| format!("{commands}\nprintf '{END}'\n")).collect();
        let output = run(&app, format!("set -euo pipefail\n{script}")).await;
        let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        let printed: Vec<&str> = out.split_terminator(END).collect();
        assert!(output.status.success(), "after {} blocks: {error}\n{:?}", printed.len(), printed.last());
        for ((commands, answer), printed) in blocks.iter().zip(printed) {
            let (printed, written) = (values(printed), values(answer.unwrap_or_default()));
            let fit = printed.len() == written.len() && printed.iter().zip(&written).all(|(value, written)| fits(value, written));
            assert!(fit, "{commands}\nprints\n{printed:#?}");
        }
    }
}
